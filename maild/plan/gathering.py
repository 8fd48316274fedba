"""Several answers of a customer within five minutes: the agent hears of the first at once, then in one mail."""

from collections.abc import Sequence
from datetime import datetime

from maild.effects import Effect, EndTimer
from maild.mail import ParsedMail
from maild.plan import letters
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.notify import CUSTOMER_REPLY, look_alike
from maild.ticket import DueTimer, Role, Ticket
from maild.writing.links import without_prefill


def fire(
    desk: Desk,
    timer: DueTimer,
    ticket: Ticket,
    mails: Sequence[ParsedMail],
    now: datetime,
    *,
    is_unproved: bool = False,
) -> list[Effect]:
    """The one mail with all that the customer wrote since the agent was told last; nothing if that is nothing.
    `is_unproved`: nothing vouches for whose words some of it are."""
    who = ticket.by_slot(timer.step)
    if who is None or who.is_removed or who.role is not Role.AGENT or not mails:
        return [EndTimer(timer.id, "stale")]
    last = mails[-1].sender
    words = (without_prefill(mail.reply_text) for mail in mails)
    gathered = letters.to_participant(
        desk,
        CUSTOMER_REPLY,
        ticket,
        who,
        owed_for=f"gathered:{ticket.number}:{mails[0].content_key}",
        now=now,
        automatic=AUTOMATIC,
        values={
            "text": "\n\n".join(filter(None, words)),
            "sender": last,
            "look_alike": look_alike(desk, last),
            "unproved": is_unproved,
        },
        attachments=[a for m in mails for a in m.attachments],
    )
    return [EndTimer(timer.id, "fired"), gathered]
