"""Business time: when is the desk open, how much of that lies between two instants, when is so much of it over?

The desk is open while the clock on the wall shows one of its hours; so a time that the clocks skip is no time, and one
that they show twice counts twice. Instants go in with any zone and come out in UTC; sums are of elapsed time.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zlib import crc32
from zoneinfo import ZoneInfo

import holidays

from maild.settings import Duration, Settings
from maild.settings.calendars import MIDNIGHT, Span

Interval = tuple[datetime, datetime]  # in UTC; the end is no part of it
Days = tuple[date, date]  # first and last

MOST_DAYS = 3_660  # how far a day is looked for on which the desk opens; lint asks for one within a year
_MOST_KEPT = 4_000  # days whose hours are kept
_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)
_ALWAYS: tuple[tuple[Span, ...], ...] = (((0, MIDNIGHT),),) * 7


class BusinessCalendar:
    """One calendar of rules.yaml. `week`: the hours of each weekday, Monday first; `closed`: whole days, and `parted`
    hours of some; `opened`: days with other hours, which count even on a holiday or within these."""

    def __init__(
        self,
        zone: ZoneInfo,
        week: Sequence[Sequence[Span]] = _ALWAYS,
        holiday_codes: Sequence[str] = (),
        closed: Sequence[Days] = (),
        opened: Sequence[tuple[date, Sequence[Span]]] = (),
        parted: Sequence[tuple[date, Span]] = (),
    ) -> None:
        self.zone = zone
        self._week = week
        self._codes = holiday_codes
        self._closed = closed
        self._opened = dict(opened)
        self._parted = parted
        self._days: dict[date, tuple[Interval, ...]] = {}

    def intervals(self, day: date) -> tuple[Interval, ...]:
        """When the desk is open on that day, in order and apart."""
        found = self._days.get(day)
        if found is None:
            if len(self._days) >= _MOST_KEPT:
                self._days.clear()
            found = self._days[day] = _instants(day, self._hours(day), self.zone)
        return found

    def within(self, start: datetime, end: datetime) -> Iterator[Interval]:
        """The open time between two instants, in order; none where the end comes before the start."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        day, last = self.day_of(start), self.day_of(end)
        while day <= last:
            for opens, closes in self.intervals(day):
                if max(opens, start) < min(closes, end):
                    yield max(opens, start), min(closes, end)
            day += _DAY

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much open time lies between two instants; none where the end comes before the start."""
        return sum((closes - opens for opens, closes in self.within(start, end)), timedelta())

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The instant at which so much open time is over. If that is at closing time it is the closing time itself."""
        at, left = start.astimezone(UTC), amount
        if not left:
            return at
        for opens, closes in self._from(at):
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
        return at + MOST_DAYS * _DAY

    def next_open(self, at: datetime) -> datetime:
        """The instant itself where the desk is open then, else the next opening. Closing time is closed."""
        at = at.astimezone(UTC)
        return next((opens for opens, _ in self._from(at)), at)

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there at that instant."""
        return any(opens <= at < closes for opens, closes in self.intervals(self.day_of(at)))

    def is_working_day(self, day: date) -> bool:
        """Whether the desk opens at all on that day."""
        return bool(self.intervals(day))

    def day_of(self, at: datetime) -> date:
        """The day on the calendar's wall at that instant."""
        return at.astimezone(self.zone).date()

    def opening_after(self, day: date) -> datetime | None:
        """The first opening of any later day; None where there is none for years."""
        for n in range(1, MOST_DAYS):
            if found := self.intervals(day + n * _DAY):
                return found[0][0]
        return None

    def add_days(self, start: datetime, count: int) -> datetime:
        """So many working days on, at the same time by the clock, once the start is moved into the open hours."""
        begin = self.next_open(start).astimezone(self.zone)
        day = begin.date()
        for _ in range(count):
            opening = self.opening_after(day)
            if opening is None:
                break
            day = self.day_of(opening)
        return datetime.combine(day, begin.time(), self.zone).astimezone(UTC)

    def holiday(self, day: date, language: str = "") -> str:
        """The name of the public holiday on that day, in that language where it is known; '' if it is none."""
        return next((name for code in self._codes if (name := _holidays(code, day.year, language).get(day))), "")

    def usual_hours(self, day: date) -> Sequence[Span]:
        """The hours of that day's weekday, whatever that day is besides."""
        return self._week[day.weekday()]

    def is_closed_besides(self, day: date) -> bool:
        """Whether a closure holds on that day."""
        return any(first <= day <= last for first, last in self._closed)

    def fingerprint(self, year: int) -> str:
        """Changes whenever an open hour of that year or of the next two does, whatever made it change."""
        first, found = date(year, 1, 1), 0
        for n in range(3 * 366):
            for instants in self.intervals(first + n * _DAY):
                found = crc32(repr(instants).encode(), found)
        return f"{found:08x}"

    def _hours(self, day: date) -> Sequence[Span]:
        if day in self._opened:
            return self._opened[day]
        if self.is_closed_besides(day) or self.holiday(day):
            return ()
        hours = self.usual_hours(day)
        for _, away in (parted for parted in self._parted if parted[0] == day):
            hours = [span for usual in hours for span in _without(usual, away)]
        return hours

    def _from(self, at: datetime) -> Iterator[Interval]:
        """All open time from that instant on, for ten years."""
        day = self.day_of(at)
        for n in range(MOST_DAYS):
            for opens, closes in self.intervals(day + n * _DAY):
                if closes > at:
                    yield max(opens, at), closes


def later(since: datetime, after: Duration, calendar: BusinessCalendar) -> datetime:
    """`since` moved on; comes back in UTC. Days and weeks keep the time on the wall, also over a change of the clocks:
    one that the clocks skip is read as if they had not been moved yet (PEP 495, fold=0)."""
    if after.is_business:
        return calendar.add_days(since, after.count) if after.unit == "day" else calendar.add(since, after.delta)
    if not after.is_calendar:
        return since.astimezone(UTC) + after.delta
    local = since.astimezone(calendar.zone).replace(tzinfo=None) + after.delta
    return local.replace(tzinfo=calendar.zone).astimezone(UTC)


def calendar_of(settings: Settings, name: str | None = None) -> BusinessCalendar:
    """The calendar of that name, else the desk's own; one that is always open where rules.yaml has none."""
    said = settings.calendar_named(name)
    if said is None:
        return _made(settings.site.timezone, _ALWAYS, (), (), ())
    return _made(
        said.timezone or settings.site.timezone,
        said.week,
        said.holidays or (),
        tuple((closure.first, closure.last) for closure in said.closed if closure.hours is None),
        tuple((opening.on, opening.hours) for opening in said.open),
        tuple((closure.first, span) for closure in said.closed for span in closure.hours or ()),
    )


@lru_cache(maxsize=64)
def _made(
    zone: str,
    week: tuple[tuple[Span, ...], ...],
    codes: tuple[str, ...],
    closed: tuple[Days, ...],
    opened: tuple[tuple[date, tuple[Span, ...]], ...],
    parted: tuple[tuple[date, Span], ...] = (),
) -> BusinessCalendar:
    return BusinessCalendar(ZoneInfo(zone), week, codes, closed, opened, parted)


@lru_cache(maxsize=256)
def _holidays(code: str, year: int, language: str = "") -> dict[date, str]:
    country, _, subdivision = code.partition("-")
    found = holidays.country_holidays(country, subdiv=subdivision or None, years=year, language=language or None)
    return {day: name for day, name in found.items() if day.year == year}


def _without(span: Span, away: Span) -> Iterator[Span]:
    """What is left of it, in order."""
    for start, end in ((span[0], min(span[1], away[0])), (max(span[0], away[1]), span[1])):
        if start < end:
            yield start, end


def _instants(day: date, hours: Sequence[Span], zone: ZoneInfo) -> tuple[Interval, ...]:
    """When the clock on the wall shows these hours of that day."""
    found: list[Interval] = []
    for offset, begins, ends in _offsets(day, zone) if hours else ():
        for start, end in hours:
            opens, closes = _at(day, start, offset), _at(day, end, offset)
            if max(opens, begins) < min(closes, ends):
                found.append((max(opens, begins), min(closes, ends)))
    return tuple(_joined(sorted(found)))


def _at(day: date, minute: int, offset: timedelta) -> datetime:
    return datetime.combine(day, time(), UTC) + minute * _MINUTE - offset


def _offsets(day: date, zone: ZoneInfo) -> Sequence[tuple[timedelta, datetime, datetime]]:
    """The offsets from UTC that hold around that day, each with the instants between which it does."""
    middle = datetime.combine(day, time(12), UTC)
    begins, end = middle - timedelta(hours=39), middle + timedelta(hours=39)  # whatever the zone
    found: list[tuple[timedelta, datetime, datetime]] = []
    offset, at = _offset(begins, zone), begins
    if offset == _offset(middle, zone) == _offset(end, zone):  # as on nearly every day
        return [(offset, begins, end)]
    while at < end:
        following = min(at + timedelta(hours=1), end)
        if _offset(following, zone) != offset:
            change = _change(at, following, offset, zone)
            found.append((offset, begins, change))
            begins, offset = change, _offset(following, zone)
        at = following
    return [*found, (offset, begins, end)]


def _change(before: datetime, after: datetime, offset: timedelta, zone: ZoneInfo) -> datetime:
    """The first instant, to the second, at which that offset no longer holds."""
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(before + timedelta(seconds=middle), zone) == offset:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _joined(found: Sequence[Interval]) -> Iterator[Interval]:
    """Those that touch as one."""
    begun: Interval | None = None
    for opens, closes in found:
        if begun is not None and opens <= begun[1]:
            begun = (begun[0], max(begun[1], closes))
            continue
        if begun is not None:
            yield begun
        begun = (opens, closes)
    if begun is not None:
        yield begun
