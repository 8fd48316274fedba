"""Where in a thread does a mail of ours stand, and what does its Subject say of it?"""

from maild.judgement import Carrier
from maild.plan.desk import Desk as Desk
from maild.threading.references import in_message_ids
from maild.threading.token import (
    message_id_for,
    nonce_for,
)
from maild.ticket import Participant, Role, Ticket


def subject_for(desk: Desk, words: str, reference: str, *, is_reply: bool) -> str:
    text = words if not is_reply or words.lower().startswith("re:") else f"Re: {words}"
    return f"{text} {reference}" if desk.settings.site.reference_at == "end" else f"{reference} {text}"


def thread_for(desk: Desk, ticket: Ticket, who: Participant, host: str) -> tuple[str, ...]:
    """A customer sees the thread of the mails exchanged; an agent's notices hang on one root that was never sent.

    The Message-ID of a mail to another participant is that one's reference, and is shown to nobody else (reliability
    A8); where such are left out, the root keeps this one's mails together.
    """
    exchanged = ticket.thread_of(who) if who.role is Role.CUSTOMER else ()
    seen = tuple(written for written in exchanged if _is_for(written, ticket, who))
    if seen == exchanged and who.role is Role.CUSTOMER:
        return seen
    root = nonce_for(desk.ring, f"root:{ticket.number}:{who.slot}")
    return (message_id_for(desk.ring, root, host, ticket.number, who), *seen)


def _is_for(message_id: str, ticket: Ticket, who: Participant) -> bool:
    """Whether it is no Message-ID of ours, or that of a mail to them."""
    found = next(in_message_ids((message_id,), Carrier.REFERENCES), None)
    return found is None or found.ticket == 0 or (found.ticket, found.slot) == (ticket.number, who.slot)
