"""What do the worklists and the notices of closures need to know? Reads only."""

from datetime import datetime

from sqlalchemy import bindparam, func, or_, select
from sqlmodel import Session

from maild.plan.closures import Known
from maild.plan.desk import Desk
from maild.plan.worklists import TO_DO, Waiting
from maild.store.occasions import next_answer_due
from maild.store.tables import MESSAGE, OUTBOX, PARTICIPANT, TICKET
from maild.store.tickets import load_tickets
from maild.ticket import Role, Visibility

# By the unique index of the keys.
_TOLD = select(OUTBOX.c.key).where(OUTBOX.c.key >= bindparam("begins"), OUTBOX.c.key < bindparam("ends"))
_UNREACHABLE = select(PARTICIPANT.c.key).where(PARTICIPANT.c.is_undeliverable).distinct()
_OF_CUSTOMERS = PARTICIPANT.c.role == str(Role.CUSTOMER)
_LAST_MAILBOX = (
    select(PARTICIPANT.c.key, TICKET.c.mailbox)
    .join(TICKET, TICKET.c.number == PARTICIPANT.c.ticket)
    .where(_OF_CUSTOMERS)
    .order_by(TICKET.c.number)
)
_TO_DO = select(TICKET.c.number).where(TICKET.c.status.in_([str(s) for s in TO_DO])).order_by(TICKET.c.number)
_UNANSWERED_SINCE = (
    select(TICKET.c.number, func.min(MESSAGE.c.created_at))
    .join(MESSAGE, MESSAGE.c.ticket == TICKET.c.number)
    .join(
        PARTICIPANT,
        (PARTICIPANT.c.ticket == TICKET.c.number) & (PARTICIPANT.c.key == func.lower(MESSAGE.c.author)) & _OF_CUSTOMERS,
    )
    .where(
        TICKET.c.status.in_([str(s) for s in TO_DO]),
        MESSAGE.c.visibility == str(Visibility.PUBLIC),
        or_(TICKET.c.answered_at.is_(None), MESSAGE.c.created_at > TICKET.c.answered_at),
    )
    .group_by(TICKET.c.number)
)


def known_of_customers(session: Session, owed_for: str, *, has_mailboxes: bool) -> Known:
    """Who has a mail that is owed for what begins so, whose mail came back; and, where the desk has several mailboxes,
    by which of them each wrote last."""
    rows = session.connection()
    begins, ends = owed_for, owed_for[:-1] + chr(ord(owed_for[-1]) + 1)
    told = frozenset(key.removeprefix(owed_for) for key in rows.scalars(_TOLD, {"begins": begins, "ends": ends}))
    mailboxes: dict[str, str] = dict(rows.execute(_LAST_MAILBOX).all()) if has_mailboxes else {}
    return Known(told, frozenset(rows.scalars(_UNREACHABLE)), mailboxes)


def tickets_to_do(session: Session, desk: Desk, now: datetime) -> list[Waiting]:
    """The tickets that are new or open, each with the instant from which on its customer waits: that of the first words
    that no agent has answered, else that of its opening; and by when they are promised an answer."""
    rows = session.connection()
    since: dict[int, datetime] = dict(rows.execute(_UNANSWERED_SINCE).all())
    tickets = load_tickets(session, rows.scalars(_TO_DO).all()).values()
    found = []
    for ticket in tickets:
        assert ticket.opened_at is not None
        is_answered = ticket.answered_at is not None
        due_at = next_answer_due(session, desk, ticket, now)
        begins = since.get(ticket.number, ticket.opened_at) if is_answered else ticket.opened_at
        found.append(Waiting(ticket, begins, due_at))
    return found
