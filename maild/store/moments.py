"""What has happened to a ticket as far as promised times count by it, and the timers of these times."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session

from maild.lifecycle import Status
from maild.store.timer_tables import IS_ARMED_OF_TICKET, MOMENT, TIMER
from maild.ticket import Moment, Spoke

_OF_TICKET = (
    select(MOMENT.c.at, MOMENT.c.status, MOMENT.c.spoke, MOMENT.c.is_incomplete)
    .where(MOMENT.c.ticket == bindparam("number"))
    .order_by(MOMENT.c.at, MOMENT.c.id)
)


def moments_of(session: Session, number: int) -> tuple[Moment, ...]:
    """All of a ticket's, the oldest first."""
    rows = session.connection().execute(_OF_TICKET, {"number": number})
    return tuple(Moment(row.at, Status(row.status), Spoke(row.spoke), row.is_incomplete) for row in rows)


def armed(session: Session, number: int, policies: Sequence[str]) -> dict[tuple[str, int, int], datetime]:
    """The armed timers of these policies of a ticket, by policy, step and round."""
    query = select(TIMER.c.policy, TIMER.c.step, TIMER.c.round, TIMER.c.due_at)
    query = query.where(TIMER.c.ticket == number, TIMER.c.policy.in_(policies), IS_ARMED_OF_TICKET)
    return {(row.policy, row.step, row.round): row.due_at for row in session.connection().execute(query)}


def begun(session: Session, number: int, policies: Sequence[str]) -> set[tuple[str, int, int]]:
    """Policy, step and round of each timer of these policies that a ticket has had, whatever became of it."""
    query = select(TIMER.c.policy, TIMER.c.step, TIMER.c.round)
    rows = session.connection().execute(query.where(TIMER.c.ticket == number, TIMER.c.policy.in_(policies)))
    return {(row.policy, row.step, row.round) for row in rows}
