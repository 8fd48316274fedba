"""How the effects on timers, and on what promised times are counted by, are written."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_new

from maild.effects import ArmTimers, CancelTimers, EndTimer, MoveTimer, NoteMoment, StartTimer
from maild.store.timer_tables import IS_ARMED_OF_TICKET, MOMENT, TIMER

_START = insert_new(TIMER).on_conflict_do_nothing(index_elements=["ticket", "policy", "step", "round"])
_NEW = insert(MOMENT)
_TIMERS = select(TIMER.c.id, TIMER.c.step, TIMER.c.round, TIMER.c.due_at, TIMER.c.state).where(
    TIMER.c.ticket == bindparam("number"), TIMER.c.policy == bindparam("named")
)
_CHANGE = update(TIMER).where(TIMER.c.id == bindparam("this"))
_NEW_TIMER = insert(TIMER)


def _start_timer(rows: Connection, effect: StartTimer, now: datetime) -> None:
    rows.execute(
        _START,
        {
            "ticket": effect.number,
            "policy": effect.policy,
            "step": effect.step,
            "round": effect.round,
            "due_at": effect.due_at,
            "state": "armed",
        },
    )


def _move_timer(rows: Connection, effect: MoveTimer, now: datetime) -> None:
    this = (TIMER.c.ticket == effect.number, TIMER.c.policy == effect.policy, TIMER.c.step == effect.step)
    armed = (*this, TIMER.c.round == effect.round, TIMER.c.state == "armed")
    rows.execute(update(TIMER).where(*armed).values(due_at=effect.due_at))


def _cancel_timers(rows: Connection, effect: CancelTimers, now: datetime) -> None:
    armed = (TIMER.c.ticket == effect.number, TIMER.c.policy == effect.policy, IS_ARMED_OF_TICKET)
    rows.execute(update(TIMER).where(*armed).values(state="cancelled"))


def _end_timer(rows: Connection, effect: EndTimer, now: datetime) -> None:
    rows.execute(update(TIMER).where(TIMER.c.id == effect.timer_id).values(state=effect.outcome))


def _note_moment(rows: Connection, effect: NoteMoment, now: datetime) -> None:
    m = effect.moment
    values = {"at": m.at, "status": m.status.value, "spoke": m.spoke.value, "is_incomplete": m.is_incomplete}
    rows.execute(_NEW, {"ticket": effect.number, **values})


def _arm_timers(rows: Connection, effect: ArmTimers, now: datetime) -> None:
    """The armed timers of that policy are as the effect says; what has changed is written."""
    found = rows.execute(_TIMERS, {"number": effect.number, "named": effect.policy}).all()
    known = {row.step: row for row in found if row.round == effect.round}
    for row in found:
        is_asked = row.round == effect.round and row.step in effect.due
        if row.state == "armed" and not is_asked and (row.round, row.step) not in effect.untold:
            rows.execute(_CHANGE.values(state="cancelled"), {"this": row.id})
    for step, due_at in effect.due.items():
        if step not in known:
            timer = {"ticket": effect.number, "policy": effect.policy, "step": step, "round": effect.round}
            is_over = effect.in_force_since is not None and due_at <= effect.in_force_since
            rows.execute(_NEW_TIMER, {**timer, "due_at": due_at, "state": "fired" if is_over else "armed"})
        elif _is_otherwise(known[step], due_at):
            rows.execute(_CHANGE.values(state="armed", due_at=due_at), {"this": known[step].id})


def _is_otherwise(row: Any, due_at: datetime) -> bool:
    if row.state in ("fired", "stale"):  # it has been told: again only of a later instant
        return bool(due_at > row.due_at)
    return bool(row.state != "armed" or row.due_at != due_at)


OF_TIMERS: Mapping[type, Callable[[Connection, Any, datetime], None]] = {
    StartTimer: _start_timer,
    MoveTimer: _move_timer,
    ArmTimers: _arm_timers,
    CancelTimers: _cancel_timers,
    EndTimer: _end_timer,
    NoteMoment: _note_moment,
}
