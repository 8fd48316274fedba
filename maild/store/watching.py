"""What somebody who watches the road sees: how a received mail ended, and every mail that was queued."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, func, select

from maild.store.inbound_tables import Inbound
from maild.store.tables import Message, Outbox, TicketRow
from maild.ticket import Visibility


@dataclass(frozen=True, slots=True)
class Ending:
    """How far a received mail has come."""

    verdict: str
    reason: str
    disposition: str
    ticket: int | None


@dataclass(frozen=True, slots=True)
class QueuedMail:
    """A mail as it leaves, or has left."""

    id: int
    template: str
    recipient: str
    sender: str  # of the envelope
    created_at: datetime
    data: bytes = field(repr=False)


def ending_of(session: Session, inbound_id: int) -> Ending:
    """What became of a received mail."""
    row = session.get(Inbound, inbound_id)
    if row is None:
        raise LookupError(f"no received mail has the number {inbound_id}")
    return Ending(row.verdict, row.reason, row.disposition, row.ticket)


def queued_mails(session: Session) -> list[QueuedMail]:
    """Every mail that was ever queued, in that order."""
    rows = session.exec(select(Outbox).order_by(col(Outbox.id)))
    return [QueuedMail(r.id or 0, r.template, r.recipient, r.sender, r.created_at, r.data) for r in rows]


def next_retry(session: Session, now: datetime) -> datetime | None:
    """When a mail that waits may be tried again, after `now`."""
    waiting = col(Outbox.state).in_(("queued", "uncertain"))
    return session.exec(select(func.min(Outbox.next_at)).where(waiting, col(Outbox.next_at) > now)).one()


def public_messages(session: Session, number: int) -> int:
    """How many public messages a ticket has."""
    where = (Message.ticket == number, Message.visibility == Visibility.PUBLIC)
    return session.exec(select(func.count()).select_from(Message).where(*where)).one()


def ticket_count(session: Session) -> int:
    """How many tickets there are."""
    return session.exec(select(func.count()).select_from(TicketRow)).one()
