"""What has become of one ticket in a copy of the store on which the clock runs ahead. Reads only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from maild.lifecycle import Status
from maild.plan import waiting
from maild.store.held import may_hold_the_answer
from maild.store.orders import IS_PAUSED
from maild.store.tables import MESSAGE, OUTBOX
from maild.store.tickets import load_tickets
from maild.store.timer_tables import TIMER
from maild.ticket import Ticket, Visibility

_OF_TICKET = TIMER.c.ticket == bindparam("number")
_NEXT = select(func.min(TIMER.c.due_at)).where(_OF_TICKET, TIMER.c.state == "armed")
_WAITS = select(func.count()).where(_OF_TICKET, TIMER.c.policy == waiting.POLICY, TIMER.c.state == "armed")
_MAILS = (
    select(OUTBOX.c.id, OUTBOX.c.template, OUTBOX.c.recipient, OUTBOX.c.subject, OUTBOX.c.next_at, OUTBOX.c.reason)
    .where(OUTBOX.c.ticket == bindparam("number"), OUTBOX.c.id > bindparam("after"))
    .order_by(OUTBOX.c.id)
)
_EVENTS = (
    select(MESSAGE.c.id, MESSAGE.c.text)
    .where(
        MESSAGE.c.ticket == bindparam("number"),
        MESSAGE.c.id > bindparam("after"),
        MESSAGE.c.visibility == str(Visibility.EVENT),
    )
    .order_by(MESSAGE.c.id)
)
_LAST_MAIL, _LAST_MESSAGE = select(func.max(OUTBOX.c.id)), select(func.max(MESSAGE.c.id))
_ASK_PAUSED = select(IS_PAUSED)


@dataclass(frozen=True, slots=True)
class Mark:
    """How much there was: what comes after it is new."""

    mail: int
    message: int


@dataclass(frozen=True, slots=True)
class NewMail:
    """A mail that was queued. `reason`: why it is held, '' where it is not."""

    template: str
    to: str
    subject: str
    leaves_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Now:
    """The ticket as it is, and what is new on it."""

    ticket: Ticket | None
    next_at: datetime | None  # when something falls due on it
    mails: tuple[NewMail, ...]
    events: tuple[str, ...]
    mark: Mark


def look(session: Session, number: int, mark: Mark | None) -> Now:
    """At that ticket. Without a mark nothing is new yet: only how much there is."""
    rows, asked = session.connection(), {"number": number}
    ticket, next_at = load_tickets(session, [number]).get(number), rows.scalar(_NEXT, asked)
    if mark is None:
        return Now(ticket, next_at, (), (), Mark(rows.scalar(_LAST_MAIL) or 0, rows.scalar(_LAST_MESSAGE) or 0))
    mails = rows.execute(_MAILS, asked | {"after": mark.mail}).all()
    events = rows.execute(_EVENTS, asked | {"after": mark.message}).all()
    return Now(
        ticket,
        next_at,
        tuple(NewMail(m.template, m.recipient, m.subject, m.next_at, m.reason) for m in mails),
        tuple(event.text for event in events),
        Mark(max([mark.mail, *(m.id for m in mails)]), max([mark.message, *(event.id for event in events)])),
    )


def hindrances(session: Session, ticket: Ticket) -> list[str]:
    """Why less happens than the rules say: slugs."""
    rows, found = session.connection(), []
    if ticket.status is Status.PENDING and rows.scalar(_WAITS, {"number": ticket.number}):
        if may_hold_the_answer(session, ticket):
            found.append("held-answer")
        if ticket.requester.is_undeliverable:
            found.append("undeliverable")
    if rows.scalar(_ASK_PAUSED):
        found.append("outbox-paused")
    return found
