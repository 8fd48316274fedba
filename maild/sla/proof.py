"""How does a due instant come about? What was counted, what was skipped and what was deducted, so that it adds up.

For hours (open ones or elapsed) each interval that counts is shown, and their sum is the promised length. Days are
counted as days; what a pause puts them off by is shown beside.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from maild.lifecycle import ENDED
from maild.sla.calendar import Interval
from maild.sla.targets import RESOLUTION, Promised, Run, put_off
from maild.ticket import Moment, Spoke

_DAY = timedelta(days=1)
INCOMPLETE, ENDING = "incomplete", "ended"


@dataclass(frozen=True, slots=True)
class Counted:
    """Time that counts, and the sum with it."""

    begins: datetime
    ends: datetime
    total: timedelta

    @property
    def length(self) -> timedelta:
        """How much time it is."""
        return self.ends - self.begins


@dataclass(frozen=True, slots=True)
class CountedDay:
    """A working day that counts: the first one is the working day after that of the beginning."""

    begins: datetime  # when the desk opens on it
    number: int
    ends: datetime | None = None  # of the last one: when the time would be over without any pause


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day on which the desk is usually open and was not. `holiday`: its name, '' for a closure."""

    begins: datetime
    day: date
    holiday: str


@dataclass(frozen=True, slots=True)
class Paused:
    """The clock stood still. `deducted`: the time in it that would have counted; `due`: when the promised time was over
    once it had ended, for the last part of a pause."""

    begins: datetime
    ends: datetime
    why: str
    deducted: timedelta
    due: datetime | None = None


Line = Counted | CountedDay | Skipped | Paused


@dataclass(frozen=True, slots=True)
class Proof:
    """All of one run of a promised time. Lines in the order of their instants."""

    run: Run
    lines: tuple[Line, ...]
    counts_from: datetime  # where days are counted: the start, moved to an open instant
    total: timedelta  # of the intervals, or of the days' calendar length
    days: int  # working days counted, where it is days
    left: timedelta | None  # how much is left once the pause ends; None where it does not stand still
    used: timedelta | None  # how much was used where it has ended
    ended_by: str = ""  # what ended it: `answered`, or `ended`


def proof_of(run: Run, moments: Sequence[Moment]) -> Proof:
    """`moments`: all of the ticket's, by which the run was found."""
    promised, calendar = run.promised, run.promised.calendar
    until = min(run.paused_since or run.due_at, run.due_at)
    starts_from, days = run.started_at, 0
    lines: list[Line] = []
    total = timedelta()
    if _counts_working_days(promised):
        starts_from, days = calendar.next_open(run.started_at), promised.length.count
        lines += _working_days(run, starts_from)
    else:
        for begins, ends in run.counted(until):
            total += ends - begins
            lines.append(Counted(begins, ends, total))
    lines += _pauses(run, sorted(moments, key=lambda m: m.at))
    if promised.length.is_business:
        lines += _skipped(run.started_at, run.due_at if days else until, promised)
    left = sum((ends - begins for begins, ends in _as_if_it_went_on(run)), timedelta()) if run.paused_since else None
    used = sum((ends - begins for begins, ends in run.counted(run.ended_at)), timedelta()) if run.ended_at else None
    return Proof(
        run,
        tuple(sorted(lines, key=lambda one: one.begins)),
        starts_from,
        total,
        days,
        left,
        used,
        _ended_by(run, moments),
    )


def expected(run: Run) -> timedelta:
    """The sum that the intervals of a run have to make; of days by the calendar it is what they are on the wall."""
    length = run.promised.length
    if not length.is_calendar:
        return length.delta
    return next(put_off(run.promised, run.started_at, ())) - run.started_at


def _counts_working_days(promised: Promised) -> bool:
    return promised.length.is_business and promised.length.unit == "day"


def _working_days(run: Run, starts_from: datetime) -> Iterator[CountedDay]:
    calendar, count = run.promised.calendar, run.promised.length.count
    day = calendar.day_of(starts_from)
    for number in range(1, count + 1):
        opens = calendar.opening_after(day)
        if opens is None:
            return
        day = calendar.day_of(opens)
        ends = next(put_off(run.promised, run.started_at, ())) if number == count else None
        yield CountedDay(opens, number, ends)


def _pauses(run: Run, moments: Sequence[Moment]) -> Iterator[Paused]:
    """Those that put the due instant off, each in parts, where it had more than one reason."""
    _, *dues = put_off(run.promised, run.started_at, run.pauses)
    for (begins, ends), due in zip(run.pauses, dues, strict=False):
        parts = list(_parts(run.promised, begins, ends, moments))
        for n, (start, end, why) in enumerate(parts, 1):
            yield Paused(start, end, why, _time_in(run.promised, start, end), due if n == len(parts) else None)


def _time_in(promised: Promised, begins: datetime, ends: datetime) -> timedelta:
    return promised.calendar.between(begins, ends) if promised.length.is_business else ends - begins


def _parts(
    promised: Promised, begins: datetime, ends: datetime, moments: Sequence[Moment]
) -> Iterator[tuple[datetime, datetime, str]]:
    within = [m for m in moments if begins <= m.at < ends]
    at, why = begins, why_still(promised, within, begins)
    for moment in within:
        reason = _why(promised, moment)
        if reason != why and moment.at > at:
            yield at, moment.at, why
            at = moment.at
        why = reason
    if ends > at:
        yield at, ends, why


def why_still(promised: Promised, moments: Sequence[Moment], since: datetime) -> str:
    """What made the clock stand still at that instant: incomplete, ended, pending or on_hold."""
    at_once = [m for m in moments if m.at == since]
    return _why(promised, at_once[-1]) if at_once else ""


def _why(promised: Promised, moment: Moment) -> str:
    if moment.is_incomplete:
        return INCOMPLETE
    return ENDING if moment.status in ENDED else moment.status.value


def _skipped(start: datetime, until: datetime, promised: Promised) -> Iterator[Skipped]:
    calendar = promised.calendar
    day, last = calendar.day_of(start), calendar.day_of(until)
    while day <= last:
        if calendar.usual_hours(day) and not calendar.is_working_day(day):
            midnight = datetime(day.year, day.month, day.day, tzinfo=calendar.zone)
            yield Skipped(max(midnight, start), day, calendar.holiday(day, "en_US"))
        day += _DAY


def _as_if_it_went_on(run: Run) -> Iterator[Interval]:
    """What counts between the beginning of a pause and the due instant, if there were no pause."""
    since = run.paused_since
    if since is None or since >= run.due_at:
        return
    if run.promised.length.is_business:
        yield from run.promised.calendar.within(since, run.due_at)
    else:
        yield since, run.due_at


def _ended_by(run: Run, moments: Sequence[Moment]) -> str:
    if run.ended_at is None:
        return ""
    spoke = any(m.at == run.ended_at and m.spoke is Spoke.AGENT for m in moments)
    return "answered" if spoke and run.promised.target != RESOLUTION else ENDING
