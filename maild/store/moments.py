"""What has happened to a ticket as far as promised times count by it, and the timers of these times."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlmodel import Session

from maild.effects import ArmTimers, NoteMoment
from maild.store.timer_tables import IS_ARMED_OF_TICKET, MOMENT, TIMER
from maild.ticket import Moment, Spoke, Status

_OF_TICKET = (
    select(MOMENT.c.at, MOMENT.c.status, MOMENT.c.spoke, MOMENT.c.is_incomplete)
    .where(MOMENT.c.ticket == bindparam("number"))
    .order_by(MOMENT.c.at, MOMENT.c.id)
)
_NEW = insert(MOMENT)
_TIMERS = select(TIMER.c.id, TIMER.c.step, TIMER.c.round, TIMER.c.due_at, TIMER.c.state).where(
    TIMER.c.ticket == bindparam("number"), TIMER.c.policy == bindparam("named")
)
_CHANGE = update(TIMER).where(TIMER.c.id == bindparam("this"))
_NEW_TIMER = insert(TIMER)


def moments_of(session: Session, number: int) -> tuple[Moment, ...]:
    """All of a ticket's, the oldest first."""
    rows = session.connection().execute(_OF_TICKET, {"number": number})
    return tuple(Moment(row.at, Status(row.status), Spoke(row.spoke), row.is_incomplete) for row in rows)


def note_moment(rows: Connection, effect: NoteMoment, now: datetime) -> None:
    """It is kept."""
    m = effect.moment
    values = {"at": m.at, "status": m.status.value, "spoke": m.spoke.value, "is_incomplete": m.is_incomplete}
    rows.execute(_NEW, {"ticket": effect.number, **values})


def arm_timers(rows: Connection, effect: ArmTimers, now: datetime) -> None:
    """The armed timers of that policy are as the effect says; what has changed is written."""
    found = rows.execute(_TIMERS, {"number": effect.number, "named": effect.policy}).all()
    known = {row.step: row for row in found if row.round == effect.round}
    for row in found:
        if row.state == "armed" and (row.round != effect.round or row.step not in effect.due):
            rows.execute(_CHANGE.values(state="cancelled"), {"this": row.id})
    for step, due_at in effect.due.items():
        if step not in known:
            timer = {"ticket": effect.number, "policy": effect.policy, "step": step, "round": effect.round}
            rows.execute(_NEW_TIMER, {**timer, "due_at": due_at, "state": "armed"})
        elif _is_otherwise(known[step], due_at):
            rows.execute(_CHANGE.values(state="armed", due_at=due_at), {"this": known[step].id})


def _is_otherwise(row: Any, due_at: datetime) -> bool:
    if row.state in ("fired", "stale"):  # it has been told: again only of a later instant
        return bool(due_at > row.due_at)
    return bool(row.state != "armed" or row.due_at != due_at)


def armed(session: Session, number: int, policies: Sequence[str]) -> dict[tuple[str, int, int], datetime]:
    """The armed timers of these policies of a ticket, by policy, step and round."""
    query = select(TIMER.c.policy, TIMER.c.step, TIMER.c.round, TIMER.c.due_at)
    query = query.where(TIMER.c.ticket == number, TIMER.c.policy.in_(policies), IS_ARMED_OF_TICKET)
    return {(row.policy, row.step, row.round): row.due_at for row in session.connection().execute(query)}
