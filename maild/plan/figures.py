"""How much came, how soon was it answered, what was promised and kept, and what is left? Of a time, in one pass.

Everything is counted from what has happened to each ticket, by the rules as they are now; so the figures of a time that
is over change only where promises or calendars do.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil
from statistics import median

from maild.lifecycle import ENDED
from maild.plan.clocks import promised_to
from maild.settings import Duration, Settings
from maild.settings.promises import TARGETS, Target
from maild.sla.calendar import calendar_of
from maild.sla.targets import Promised, Run, runs
from maild.ticket import Moment, Person, Spoke, Ticket

UNKNOWN = "unknown"  # the reason of an end of which none is known
AGES = (timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=28))  # edges of the backlog's ages
_OPEN_TIME = Duration(count=1, unit="hour", is_business=True)  # its kind is what counts: open hours
_FIRST: Target = "first_response"
_Key = Callable[["Case"], str]
_KEYS: Mapping[str, _Key] = {
    "queue": lambda case: case.ticket.queue,
    "agent": lambda case: case.ticket.assignee,
    "organisation": lambda case: case.who.organisation if case.who else "",
    "priority": lambda case: case.ticket.priority,
}


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket, its requester as far as anybody knows them, and what has happened to it, oldest first."""

    ticket: Ticket
    who: Person | None
    moments: Sequence[Moment]


@dataclass(frozen=True, slots=True)
class Kept:
    """How often a promised time was met and how often it was over, and how many run now."""

    met: int = 0
    breached: int = 0
    running: int = 0

    @property
    def percent(self) -> float | None:
        """Of those that were decided, how many were met; None where none was."""
        decided = self.met + self.breached
        return 100 * self.met / decided if decided else None


@dataclass(frozen=True, slots=True)
class Rated:
    """How many customers called the way in which a request was dealt with good, and how many bad."""

    good: int = 0
    bad: int = 0

    @property
    def percent(self) -> float | None:
        """How many of them good; None where nobody said anything."""
        said = self.good + self.bad
        return 100 * self.good / said if said else None


@dataclass(frozen=True, slots=True)
class Spread:
    """Lengths of time: how many, their median, and what nine of ten do not exceed."""

    count: int
    median: timedelta
    ninetieth: timedelta


@dataclass(frozen=True, slots=True)
class Figures:
    """Of all tickets, or of some."""

    opened: int
    ended: Mapping[str, int]  # by reason
    reopened: int
    open_now: int
    ages: tuple[int, ...]  # of those: younger than each of AGES, and the others
    kept: Mapping[str, Kept]  # by target, those that are promised
    response: Spread | None  # first answers, elapsed time
    response_open: Spread | None  # the same in open hours, without the time in which it was incomplete
    rated: Rated = Rated()
    minutes: int = 0  # that agents say to have spent on those that ended

    @property
    def has_any(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.opened or self.ended or self.reopened or self.open_now or self.kept or self.rated != Rated())


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures from `since` to `until`, and those of each group, by the word it was asked by."""

    since: datetime
    until: datetime
    total: Figures
    groups: Mapping[str, Mapping[str, Figures]]


def summary(
    settings: Settings, cases: Iterable[Case], since: datetime, until: datetime, now: datetime, by: Sequence[str] = ()
) -> Summary:
    """`cases`: each ticket that is open or to which something happened since then; they are asked for one by one.
    What happens at `until` itself is no part of it; what is open, is so now."""
    counter = _Counter(settings, since, until, now)
    total, groups = _Tally(), {name: defaultdict[str, _Tally](_Tally) for name in by}
    for case in cases:
        one = counter.of(case)
        total.add(one)
        for name, found in groups.items():
            found[_KEYS[name](case)].add(one)
    told = {name: {key: found[key].figures() for key in sorted(found)} for name, found in groups.items()}
    shown = {name: {key: one for key, one in found.items() if one.has_any} for name, found in told.items()}
    return Summary(since, until, total.figures(), shown)


@dataclass(frozen=True, slots=True)
class _Counts:
    """What one ticket adds to the figures."""

    is_opened: bool = False
    ended: str = ""  # the reason
    reopened: int = 0
    age: int | None = None  # of one that is open: its place among the ages
    outcomes: tuple[tuple[str, str], ...] = ()  # of its promised times: target; met, breached or running
    response: tuple[timedelta, timedelta] | None = None  # to the first answer: elapsed, in open hours
    rating: str = ""
    minutes: int = 0


class _Counter:
    """Looks at a ticket for the figures of a time."""

    def __init__(self, settings: Settings, since: datetime, until: datetime, now: datetime) -> None:
        self._settings = settings
        self._since = since
        self._until = until
        self._now = now
        self._usual = Promised(_FIRST, _OPEN_TIME, calendar_of(settings))

    def of(self, case: Case) -> _Counts:
        """What it adds."""
        ticket, moments = case.ticket, case.moments
        opened_at = ticket.opened_at
        if opened_at is None or not moments:
            return _Counts()
        given = promised_to(self._settings, ticket, case.who, self._now)
        found = {one.promised.target: runs(one.promised, moments) for one in given}
        decided = (self._outcome(run) for ran in found.values() for run in ran)
        outcomes = tuple(outcome for outcome in decided if outcome is not None)
        first = next((one.promised for one in given if one.promised.target == _FIRST), self._usual)
        if first is self._usual or not first.length.is_business:
            found[_FIRST] = runs(replace(first, length=_OPEN_TIME), moments)
        ended = self._ended(ticket, moments)
        return _Counts(
            self._is_within(opened_at),
            ended,
            sum(self._is_within(at) for at in _turns(moments, to_the_end=False)),
            None if ticket.status in ENDED else sum(self._now - opened_at >= edge for edge in AGES),
            outcomes,
            self._response(found[_FIRST], moments),
            ticket.rating if ticket.rated_at and self._is_within(ticket.rated_at) else "",
            ticket.minutes if ended else 0,
        )

    def _is_within(self, at: datetime) -> bool:
        return self._since <= at < self._until

    def _ended(self, ticket: Ticket, moments: Sequence[Moment]) -> str:
        """Only the last end counts: for one that was opened again it was none."""
        if ticket.status not in ENDED:
            return ""
        at = max(_turns(moments, to_the_end=True), default=moments[0].at)
        return (ticket.reason.value if ticket.reason else UNKNOWN) if self._is_within(at) else ""

    def _outcome(self, run: Run) -> tuple[str, str] | None:
        """A promised time is decided when it is met, or when it is over."""
        is_breached = run.is_breached(self._now)
        at = run.due_at if is_breached else run.ended_at
        if at is None:
            return run.promised.target, "running"
        return (run.promised.target, "breached" if is_breached else "met") if self._is_within(at) else None

    def _response(self, ran: Sequence[Run], moments: Sequence[Moment]) -> tuple[timedelta, timedelta] | None:
        """How long the first answer of a person took, whether or not it was promised; None if it ended without one."""
        if not ran or (run := ran[0]).ended_at is None or not self._is_within(run.ended_at):
            return None
        if not any(m.at == run.ended_at and m.spoke is Spoke.AGENT for m in moments):
            return None
        in_open_hours = sum((ends - begins for begins, ends in run.counted(run.ended_at)), timedelta())
        return run.ended_at - run.started_at, in_open_hours


def _turns(moments: Sequence[Moment], *, to_the_end: bool) -> Iterator[datetime]:
    """When it ended, or when it was opened again after an end."""
    for before, after in pairwise(moments):
        if (before.status in ENDED) != (after.status in ENDED) and (after.status in ENDED) == to_the_end:
            yield after.at


class _Tally:
    """Adds up while tickets pass by."""

    def __init__(self) -> None:
        self._opened = self._reopened = self._minutes = 0
        self._ended: Counter[str] = Counter()
        self._ages: Counter[int] = Counter()
        self._outcomes: Counter[tuple[str, str]] = Counter()
        self._ratings: Counter[str] = Counter()
        self._elapsed: list[timedelta] = []
        self._in_open_hours: list[timedelta] = []

    def add(self, counts: _Counts) -> None:
        """One more ticket."""
        self._opened += counts.is_opened
        self._reopened += counts.reopened
        self._minutes += counts.minutes
        if counts.ended:
            self._ended[counts.ended] += 1
        if counts.age is not None:
            self._ages[counts.age] += 1
        if counts.rating:
            self._ratings[counts.rating] += 1
        for outcome in counts.outcomes:
            self._outcomes[outcome] += 1
        if counts.response is not None:
            self._elapsed.append(counts.response[0])
            self._in_open_hours.append(counts.response[1])

    def figures(self) -> Figures:
        """What has been counted."""
        words = ("met", "breached", "running")
        kept = {target: Kept(*(self._outcomes[target, word] for word in words)) for target in TARGETS}
        return Figures(
            self._opened,
            dict(sorted(self._ended.items())),
            self._reopened,
            self._ages.total(),
            tuple(self._ages[n] for n in range(len(AGES) + 1)),
            {target: found for target, found in kept.items() if found != Kept()},
            _spread(self._elapsed),
            _spread(self._in_open_hours),
            Rated(self._ratings["good"], self._ratings["bad"]),
            self._minutes,
        )


def _spread(lengths: Sequence[timedelta]) -> Spread | None:
    """The ninetieth percentile is the nearest rank: a length that did occur."""
    if not lengths:
        return None
    ordered = sorted(lengths)
    middle = timedelta(seconds=median(length.total_seconds() for length in ordered))
    return Spread(len(ordered), middle, ordered[ceil(0.9 * len(ordered)) - 1])
