"""Timers that are due, and when the next one will be."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, and_, col, func, or_, select, update

from maild.store.tables import Outbox
from maild.store.timer_tables import IS_ARMED_OF_TICKET, Timer
from maild.ticket import DueTimer


def due_timers(session: Session, now: datetime, limit: int) -> Sequence[DueTimer]:
    """Armed timers whose instant has come, in the order of their instants."""
    query = (
        select(Timer)
        .where(Timer.state == "armed", col(Timer.due_at) <= now)
        .order_by(col(Timer.due_at), col(Timer.id))
        .limit(limit)
    )
    return [_value(row) for row in session.exec(query)]


def is_still_due(session: Session, timer: DueTimer, now: datetime) -> bool:
    """Whether it is armed and due, whatever has been done since it was read."""
    query = select(Timer.id).where(Timer.id == timer.id, Timer.state == "armed", col(Timer.due_at) <= now)
    return session.exec(query).first() is not None


def next_due(session: Session) -> datetime | None:
    """The instant of the next armed timer."""
    return session.exec(select(func.min(Timer.due_at)).where(Timer.state == "armed")).one()


def next_of_ticket(session: Session, number: int, policy: str) -> DueTimer | None:
    """The next armed timer of a ticket, of that policy."""
    armed = (Timer.ticket == number, IS_ARMED_OF_TICKET, Timer.policy == policy)
    query = select(Timer).where(*armed).order_by(col(Timer.due_at)).limit(1)
    row = session.exec(query).first()
    return _value(row) if row else None


def due_of_wait(session: Session, number: int, policy: str, round_: int) -> dict[int, datetime]:
    """When each timer of a ticket's round falls due, or fell: by its step."""
    this = (Timer.ticket == number, Timer.policy == policy, Timer.round == round_)
    return dict(session.exec(select(Timer.step, Timer.due_at).where(*this)).all())


def has_later_due(session: Session, timer: DueTimer, policies: Sequence[str], now: datetime) -> bool:
    """Whether another timer of these policies on the same ticket is due too, and will be looked at after this one."""
    others = (Timer.ticket == timer.number, IS_ARMED_OF_TICKET, col(Timer.policy).in_(policies))
    is_later = or_(col(Timer.due_at) > timer.due_at, and_(Timer.due_at == timer.due_at, col(Timer.id) > timer.id))
    query = select(Timer.id).where(*others, col(Timer.due_at) <= now, is_later).limit(1)
    return timer.policy in policies and session.exec(query).first() is not None


def written_at(session: Session, owed_for: str) -> datetime | None:
    """When the mails that are owed for that were written; None if none was."""
    begins = col(Outbox.key).startswith(f"{owed_for}:", autoescape=True)
    return session.exec(select(func.min(Outbox.created_at)).where(begins)).one()


def postpone(session: Session, timer_id: int, until: datetime) -> None:
    """The timer is looked at again then."""
    session.exec(update(Timer).where(col(Timer.id) == timer_id).values(due_at=until))


def _value(row: Timer) -> DueTimer:
    return DueTimer(row.id or 0, row.ticket, row.policy, row.step, row.round, row.due_at)
