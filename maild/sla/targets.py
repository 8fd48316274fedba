"""How far has each promised time run on a ticket, when is it over, and when was it kept or broken?

Everything is counted anew from what has happened to the ticket, so that a change of its priority, of the rules or of a
calendar changes the answer at once, and so that the answer can be shown.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from maild.lifecycle import ENDED, Status
from maild.settings.duration import Duration
from maild.settings.promises import Target
from maild.sla.calendar import BusinessCalendar, Interval, later
from maild.ticket import Moment, Spoke

FIRST, NEXT, RESOLUTION = "first_response", "next_response", "resolution"


@dataclass(frozen=True, slots=True)
class Promised:
    """One target as it is promised to one ticket."""

    target: Target
    length: Duration
    calendar: BusinessCalendar
    pauses: frozenset[Status] = frozenset()


class State(StrEnum):
    """Where a target stands (scenarios.md)."""

    RUNNING = "running"
    PAUSED = "paused"
    WARNED = "warned"
    MET = "met"
    BREACHED = "breached"


@dataclass(frozen=True, slots=True)
class Run:
    """One time that a target runs: from when the customer wrote to when that was answered."""

    promised: Promised
    number: int  # from 1; a first response has one alone
    started_at: datetime
    pauses: tuple[Interval, ...]  # ended ones, in order
    paused_since: datetime | None
    ended_at: datetime | None
    due_at: datetime  # where it is paused: if it went on at once

    def is_breached(self, now: datetime) -> bool:
        """Whether the time was over before it ended or stood still; at the due instant it is."""
        return (self.ended_at or self.paused_since or now) >= self.due_at

    @property
    def is_late(self) -> bool:
        """Whether it ended, or stood still, only when the time was over."""
        at = self.ended_at or self.paused_since
        return at is not None and at >= self.due_at

    def state(self, now: datetime, warned_from: int = 100) -> State:
        """`warned_from`: the lowest percentage of the time at which anybody is warned."""
        if self.is_breached(now):
            return State.BREACHED
        if self.ended_at is not None:
            return State.MET
        if self.paused_since is not None:
            return State.PAUSED
        return State.WARNED if warned_from < 100 and now >= self.at(warned_from) else State.RUNNING

    def counted(self, until: datetime) -> Iterator[Interval]:
        """The time that counts, from the start to that instant, in order."""
        calendar, at = self.promised.calendar, self.started_at
        for begins, ends in (*self.pauses, (until, until)):
            end = min(begins, until)
            if self.promised.length.is_business:
                yield from calendar.within(at, end)
            elif at < end:
                yield at, end
            at = max(at, ends)

    def at(self, percent: int) -> datetime:
        """When so much of the time is over."""
        counted = list(self.counted(self.due_at))
        left = sum((end - begin for begin, end in counted), timedelta()) * percent / 100
        for begin, end in counted:
            if end - begin >= left:
                return begin + left
            left -= end - begin
        return self.due_at


def runs(promised: Promised, moments: Iterable[Moment]) -> tuple[Run, ...]:
    """All runs of a target, the oldest first; the last may still go on."""
    found: list[Run] = []
    clock: _Clock | None = None
    was_answered = False
    for moment in sorted(moments, key=lambda m: m.at):
        if clock is None and _starts(promised.target, moment, was_answered=was_answered, is_first=not found):
            clock = _Clock(promised, len(found) + 1, moment.at)
        elif clock is not None and _ends(promised.target, moment) and promised.target != RESOLUTION:
            found.append(clock.run(moment.at))
            clock = None
        if clock is not None:
            clock.go_on(moment)
        was_answered |= moment.spoke is Spoke.AGENT or moment.status in ENDED
    return (*found, clock.run(None)) if clock is not None else tuple(found)


def _starts(target: Target, moment: Moment, *, was_answered: bool, is_first: bool) -> bool:
    if target == NEXT:
        return was_answered and moment.spoke is Spoke.CUSTOMER and moment.status not in ENDED
    return is_first and not was_answered


def _ends(target: Target, moment: Moment) -> bool:
    return moment.spoke is Spoke.AGENT or moment.status in ENDED


class _Clock:
    """A run that goes on. The clock of a resolution stops at the end, and goes on where the ticket is opened again."""

    def __init__(self, promised: Promised, number: int, started_at: datetime) -> None:
        self._promised = promised
        self._number = number
        self._started_at = started_at
        self._pauses: list[Interval] = []
        self._since: datetime | None = None
        self._has_ended = False

    def go_on(self, moment: Moment) -> None:
        """What that moment does to it."""
        is_still = self._stands_still(moment)
        if is_still and self._since is None:
            self._since = moment.at
        elif not is_still and self._since is not None:
            self._pauses.append((self._since, moment.at))
            self._since = None
        self._has_ended = moment.status in ENDED

    def _stands_still(self, moment: Moment) -> bool:
        if self._promised.target != RESOLUTION:
            return moment.is_incomplete
        return moment.is_incomplete or moment.status in ENDED or moment.status in self._promised.pauses

    def run(self, ended_at: datetime | None) -> Run:
        """The run as it stands, or as it ended."""
        since, ended = self._since, ended_at
        if ended is not None and since is not None:
            since = None  # what ends it ends the pause too
        if self._has_ended and ended is None:
            since, ended = None, self._since
        due = _due(self._promised, self._started_at, self._pauses)
        return Run(self._promised, self._number, self._started_at, tuple(self._pauses), since, ended, due)


def put_off(promised: Promised, started_at: datetime, pauses: Sequence[Interval]) -> Iterator[datetime]:
    """When the time would be over without any pause; then once more for each that began before that instant, which puts
    it off by as much time as counts in the pause."""
    calendar, length = promised.calendar, promised.length
    due = later(started_at, length, calendar)
    yield due
    for begins, ends in pauses:
        if begins >= due:
            return
        if length.is_business:
            due = calendar.add(due, calendar.between(begins, ends))
        else:
            due += ends - begins
        yield due


def _due(promised: Promised, started_at: datetime, pauses: Sequence[Interval]) -> datetime:
    *_, due = put_off(promised, started_at, pauses)
    return due.astimezone(UTC)
