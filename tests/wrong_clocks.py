"""Which wrong clocks stand in for right ones? Promised times counted, stopped or told in nearly the right way.

As wrong_parts.py, for the scenarios of time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from breakages import Breakage, replaced, together
from pytest import MonkeyPatch

from maild import due
from maild.effects import ArmTimers, EndTimer, MoveTimer
from maild.lifecycle import ENDED, Status
from maild.plan import clocks, waiting
from maild.plan.clocks import POLICIES, Told
from maild.settings import Duration, Settings, WaitingStep
from maild.sla import calendar, targets
from maild.sla.calendar import BusinessCalendar
from maild.sla.targets import Promised, Run
from maild.store import apply_timers, occasions
from maild.store.database import Session
from maild.store.timers import has_later_due
from maild.ticket import DueTimer, Moment, Spoke, Ticket

Moments = Sequence[Moment]
STORY_IS_NOT_READ = replaced(due, "is_in_story", lambda *_: False)  # it keeps all from being told twice


def every_hour_counts() -> Breakage:
    """Business time is counted as elapsed time."""

    def elapsed(since: datetime, after: Duration, kind: BusinessCalendar) -> datetime:
        return since + after.delta

    return replaced(targets, "later", elapsed)


def holidays_are_worked() -> Breakage:
    """Public holidays are days as others. Calendars are made anew, since each remembers its days."""

    def breakage(patch: MonkeyPatch) -> None:
        patch.setattr(calendar, "_made", calendar._made.__wrapped__)
        patch.setattr(BusinessCalendar, "holiday", lambda *_: "")

    return breakage


def working_days_are_days() -> Breakage:
    """Three working days are three days."""
    return replaced(BusinessCalendar, "add_days", lambda kind, start, count: start + timedelta(days=count))


def counted_from(bend: Callable[[Moments], Moments]) -> Breakage:
    """The clocks go by other moments than those that were."""
    true = targets.runs

    def bent(promised: Promised, found: Moments) -> Sequence[Run]:
        return true(promised, bend(found))

    return replaced(clocks, "runs", bent)


def acknowledged_is_answered(found: Moments) -> Moments:
    """The mail that says that the request has come counts as an answer."""
    first, *others = found
    return [first, replace(first, at=first.at + timedelta(seconds=1), spoke=Spoke.AGENT), *others]


def unanswered(found: Moments) -> Moments:
    """Nobody sees that an agent has answered."""
    return [replace(m, spoke=Spoke.NOBODY) if m.spoke is Spoke.AGENT else m for m in found]


def from_the_last_message(found: Moments) -> Moments:
    """Each message of the customer begins the time anew."""
    last = max((n for n, m in enumerate(found) if m.spoke is Spoke.CUSTOMER), default=0)
    return [m for n, m in enumerate(found) if n in (0, last) or m.spoke is not Spoke.CUSTOMER]


def from_the_reopening(found: Moments) -> Moments:
    """Of a request that is opened again nothing counts that was before."""
    ends = [n for n, m in enumerate(found[:-1]) if m.status in ENDED]
    return found[ends[-1] + 1 :] if ends else found


def never_paused() -> Breakage:
    """The time runs on while the customer is waited for."""
    return replaced(clocks, "Promised", lambda target, length, kind, pauses: Promised(target, length, kind))


def pauses_count_by_the_wall() -> Breakage:
    """A pause puts the end off by all its hours, and not by those alone in which the desk was open."""

    def due(promised: Promised, started_at: datetime, pauses: Sequence[tuple[datetime, datetime]]) -> datetime:
        end = calendar.later(started_at, promised.length, promised.calendar)
        return end + sum((ends - begins for begins, ends in pauses), timedelta())

    return replaced(targets, "_due", due)


def told_at_any_time() -> Breakage:
    """What is told does not wait for the desk to open."""
    return replaced(BusinessCalendar, "next_open", lambda kind, at: at)


def shares_of_the_time_on_the_wall() -> Breakage:
    """Half is over in the middle between the two instants, and not when half of the open time is."""

    def at(run: Run, percent: int) -> datetime:
        return run.started_at + (run.due_at - run.started_at) * percent / 100

    return replaced(Run, "at", at)


def told_again(after: timedelta) -> Breakage:
    """What has been told is told once more, so much later."""
    true = clocks.fire

    def fire(settings: Settings, timer: DueTimer, *rest: Any, **more: Any) -> Told:
        told = true(settings, timer, *rest, **more)
        if told.occasion is None:
            return told
        again = MoveTimer(timer.number, timer.policy, timer.step, timer.round, timer.due_at + after)
        return replace(told, effects=(*(e for e in told.effects if not isinstance(e, EndTimer)), again))

    return together(replaced(clocks, "fire", fire), STORY_IS_NOT_READ)


def somebody_is_nobody() -> Breakage:
    """Whoever has it: a request counts as not taken."""
    true = clocks._unassigned

    def wanted(settings: Settings, ticket: Ticket, found: Moments) -> ArmTimers:
        return true(settings, replace(ticket, status=Status.NEW), [replace(m, status=Status.NEW) for m in found])

    return replaced(clocks, "_unassigned", wanted)


def nobody_waits_long() -> Breakage:
    """The time until somebody has to take it is elapsed time."""
    return replaced(clocks, "later", lambda since, after, kind: since + after.delta)


def told_again_at_once() -> Breakage:
    """A timer that was told is armed again whenever the ticket is looked at."""
    return together(replaced(apply_timers, "_is_otherwise", lambda row, due_at: True), STORY_IS_NOT_READ)


def held_words_come_first() -> Breakage:
    """Words that were held count from when they came, whatever was done meanwhile."""
    true: Any = clocks.moment_of

    def moment_of(*about: Any) -> Any:
        *others, _ = about
        return true(*others, ())

    return replaced(occasions, "moment_of", moment_of)


def announced_as_it_was() -> Breakage:
    """The end is announced for the day that was meant when the wait began, even if it is closed by now."""

    def end_after(
        steps: Sequence[WaitingStep], position: int, due: Mapping[int, datetime], kind: BusinessCalendar
    ) -> datetime | None:
        is_last = position + 1 < len(steps) and steps[position + 1].resolve is not None
        return due[position + 2] if is_last else None

    return replaced(waiting, "_end_after", end_after)


def later_of_any(session: Session, timer: DueTimer, _: Sequence[str], now: datetime) -> bool:
    """A later timer of whatever clock of the ticket counts."""
    return has_later_due(session, timer, tuple(POLICIES), now)
