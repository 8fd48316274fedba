"""Which references of a mail count? All of them, or, where customers answer by links, those that a link has written.

`site.replies: link` (policies.md, Interpretations): for a customer only the address counts that a link of ours made; a
reference in a header, the Subject or the quoted text is not looked at, be it valid or not. Agents answer as ever.
"""

from collections.abc import Iterable, Sequence

from maild.judgement import Carrier, Purpose, Reference
from maild.mail import Address
from maild.settings import Settings
from maild.ticket import Role


def counted(references: Sequence[Reference], sender: Address | None, settings: Settings) -> tuple[Reference, ...]:
    """Those of the references that count for this sender, in their order."""
    if settings.site.replies == "reference":
        return tuple(references)
    key = sender.key if sender is not None and sender.key in settings.agents else ""
    return tuple(r for r in references if r.candidate.carrier is Carrier.ADDRESS or (key and not _as_customer(r, key)))


def _as_customer(reference: Reference, agent: str) -> bool:
    """Whether an agent was given it for a request of their own: there they are a customer like others."""
    who = reference.participant
    return who is not None and who.role is Role.CUSTOMER and who.key == agent


def first_valid(references: Iterable[Reference]) -> Reference | None:
    """The first of them that lets write into a ticket."""
    valid = (r for r in references if r.is_valid and r.participant is not None)
    return next((r for r in valid if r.candidate.purpose is not Purpose.MY_REQUESTS), None)


def is_own_request(valid: Reference | None, sender: Address | None) -> bool:
    """An agent who asked something themselves, by the reference that they got as the one who asks."""
    return valid is not None and sender is not None and _as_customer(valid, sender.key)
