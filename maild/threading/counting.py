"""Which references of a mail count? All of them, or, where customers answer by links, those that a link has written.

What is quoted in an answer to a mail of ours that is about no request (a list of requests, a notice) counts for nobody:
the links of a list name many, and the answer means none of them.

`site.replies: link` (policies.md, Interpretations): for a customer only the address counts that a link of ours made; a
reference in a header, the Subject or the quoted text is not looked at, be it valid or not. Agents answer as ever.
"""

from collections.abc import Iterable, Sequence

from maild.judgement import UNHANDLED, Carrier, Purpose, Reference
from maild.mail import Address
from maild.settings import Settings
from maild.ticket import Role

_WRITES_NOTHING = UNHANDLED | {Purpose.MY_REQUESTS}


def counted(references: Sequence[Reference], sender: Address | None, settings: Settings) -> tuple[Reference, ...]:
    """Those of the references that count for this sender, in their order."""
    if _answers_a_notice(references):
        references = [r for r in references if r.candidate.carrier is not Carrier.BODY]
    if settings.site.replies == "reference":
        return tuple(references)
    key = sender.key if sender is not None and sender.key in settings.agents else ""
    return tuple(r for r in references if r.candidate.carrier is Carrier.ADDRESS or (key and not _as_customer(r, key)))


def _answers_a_notice(references: Sequence[Reference]) -> bool:
    """Whether the mail that is answered, by its own Message-ID, is one of ours that belongs to no ticket."""
    named = (r for r in references if r.candidate.carrier in (Carrier.IN_REPLY_TO, Carrier.REFERENCES) and r.is_valid)
    answered = next(named, None)
    return answered is not None and answered.candidate.ticket == 0


def _as_customer(reference: Reference, agent: str) -> bool:
    """Whether an agent was given it for a request of their own: there they are a customer like others."""
    who = reference.participant
    return who is not None and who.role is Role.CUSTOMER and who.key == agent


def first_valid(references: Iterable[Reference]) -> Reference | None:
    """The first of them that lets write into a ticket."""
    valid = (r for r in references if r.is_valid and r.participant is not None)
    return next((r for r in valid if r.candidate.purpose not in _WRITES_NOTHING), None)


def is_own_request(valid: Reference | None, sender: Address | None) -> bool:
    """An agent who asked something themselves, by the reference that they got as the one who asks."""
    return valid is not None and sender is not None and _as_customer(valid, sender.key)
