"""Business time: the engine against a walk by minutes, the edges of scenarios.md, and the legal holidays of France."""

import os
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from desk_values import settings
from hypothesis import given
from hypothesis import strategies as st

from maild.settings import Duration
from maild.settings.calendars import MIDNIGHT, Span
from maild.sla.calendar import BusinessCalendar, calendar_of, later

PARIS = ZoneInfo("Europe/Paris")
MINUTE = timedelta(minutes=1)
# Zones with every sort of change of the clocks: an hour, half an hour, at midnight, over the date line, none.
ZONES = (
    *("Europe/Paris", "Europe/London", "Europe/Lisbon", "Europe/Moscow", "Atlantic/Azores", "America/New_York", "UTC"),
    *("America/Sao_Paulo", "America/St_Johns", "America/Havana", "America/Santiago", "America/Phoenix", "Asia/Gaza"),
    *("America/Nuuk", "Africa/Casablanca", "Africa/Cairo", "Asia/Beirut", "Asia/Tehran", "Asia/Kolkata"),
    *("Asia/Kathmandu", "Australia/Lord_Howe", "Australia/Sydney", "Pacific/Apia", "Pacific/Chatham"),
)
# Days on or about which clocks change somewhere among them.
CHANGES = (
    *("2025-03-30", "2026-10-25", "2025-03-09", "2026-11-01", "2025-04-06", "2026-04-05", "2024-04-26", "2025-10-31"),
    *("2026-03-29", "2025-09-07", "2024-10-06", "2026-02-15", "2026-03-22", "2025-04-12", "2024-03-31"),
)
CASES = int(os.environ.get("MAILD_CALENDAR_CASES", "400"))
OFFICE = (((540, 750), (840, 1080)),) * 5 + ((), ())


def at(text: str, zone: ZoneInfo = PARIS) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def shown(instant: datetime, zone: ZoneInfo = PARIS) -> str:
    return f"{instant.astimezone(zone):%a %Y-%m-%d %H:%M}"


class Walk:
    """The same questions, answered by looking at each minute's clock on the wall."""

    def __init__(
        self, start: datetime, minutes: int, zone: ZoneInfo, hours_of: Callable[[date], Sequence[Span]]
    ) -> None:
        self._start = start
        self.is_open = []
        for n in range(minutes):
            local = (start + n * MINUTE).astimezone(zone)
            minute = local.hour * 60 + local.minute
            self.is_open.append(any(opens <= minute < closes for opens, closes in hours_of(local.date())))
        self.total = sum(self.is_open)

    def add(self, minutes: int) -> datetime:
        """When so many open ones are over."""
        for n, is_open in enumerate(self.is_open):
            minutes -= is_open
            if minutes == 0:
                return self._start + (n + 1) * MINUTE
        raise AssertionError("it was not walked so far")

    def next_open(self) -> datetime | None:
        """The first open one."""
        return self._start + self.is_open.index(True) * MINUTE if self.total else None


def a_day(chance: random.Random) -> tuple[Span, ...]:
    """None to three stretches, some from midnight or to it."""
    edges = {chance.choice((0, MIDNIGHT, chance.randrange(MIDNIGHT + 1))) for _ in range(2 * chance.randrange(4))}
    found = sorted(edges)
    return tuple(zip(found[::2], found[1::2], strict=False))


@dataclass(frozen=True)
class Case:
    """A calendar by chance, and an instant near a change of the clocks or anywhere."""

    calendar: BusinessCalendar
    zone: ZoneInfo
    start: datetime
    chance: random.Random
    week: tuple[tuple[Span, ...], ...]
    holidays: frozenset[date]
    closed: Sequence[tuple[date, date]]
    opened: Mapping[date, tuple[Span, ...]]
    parted: Sequence[tuple[date, Span]] = ()

    def hours_of(self, day: date) -> Sequence[Span]:
        if day in self.opened:
            return self.opened[day]
        if day in self.holidays or any(first <= day <= last for first, last in self.closed):
            return ()
        away = {minute for on, (start, end) in self.parted if on == day for minute in range(start, end)}
        if not away:
            return self.week[day.weekday()]
        return [(m, m + 1) for start, end in self.week[day.weekday()] for m in range(start, end) if m not in away]


def a_case(seed: int) -> Case:
    chance = random.Random(seed)
    zone = ZoneInfo(chance.choice(ZONES))
    day = date(2024, 1, 1) + timedelta(days=chance.randrange(1_400))
    if chance.random() < 0.6:
        day = date.fromisoformat(chance.choice(CHANGES))
    days = [day + timedelta(days=n) for n in range(-3, 8)]
    firsts = chance.sample(days, chance.randrange(3))
    closed = [(first, first + timedelta(days=chance.randrange(3))) for first in firsts]
    opened = {one: a_day(chance) for one in chance.sample(days, chance.randrange(3))}
    codes = chance.choice((("FR",), ("FR-57",), ("US", "FR"), ()))
    week = tuple(a_day(chance) if chance.random() < 0.8 else () for _ in range(7))
    parted = [(one, span) for one in chance.sample(days, chance.randrange(3)) for span in a_day(chance)]
    calendar = BusinessCalendar(zone, week, codes, closed, tuple(opened.items()), parted)
    by_law = frozenset(
        found
        for code in codes
        for found in holidays.country_holidays(code[:2], subdiv=code[3:] or None, years=range(2023, 2029))
    )
    begin = datetime.combine(day, time(chance.randrange(24), chance.randrange(60)), zone).astimezone(UTC)
    start = begin - timedelta(days=chance.randrange(3))
    return Case(calendar, zone, start, chance, week, by_law, closed, opened, parted)


def differences(seed: int) -> list[str]:
    """What the engine says otherwise than the walk."""
    case = a_case(seed)
    calendar, start, minutes = case.calendar, case.start, case.chance.randrange(1, 5 * MIDNIGHT)
    walk = Walk(start, minutes, case.zone, case.hours_of)
    found = []
    if calendar.between(start, start + minutes * MINUTE) != walk.total * MINUTE:
        found.append(f"{seed}: between {start} and {minutes} minutes later")
    wanted = case.chance.randrange(walk.total + 1)
    for some in {walk.total, wanted} - {0}:
        if calendar.add(start, some * MINUTE) != walk.add(some):
            found.append(f"{seed}: {some} minutes after {start}: {calendar.add(start, some * MINUTE)}")
    opens = walk.next_open()
    if opens is not None and calendar.next_open(start) != opens:
        found.append(f"{seed}: open after {start}: {calendar.next_open(start)}, and not {opens}")
    if calendar.is_open(start) != walk.is_open[0]:
        found.append(f"{seed}: open at {start}")
    return found


def test_the_engine_says_what_a_walk_by_minutes_says() -> None:
    """T04. A hundred thousand with MAILD_CALENDAR_CASES=100000."""
    first = int(os.environ.get("MAILD_FAULT_RUN", "0"))
    assert [fault for seed in range(first, first + CASES) for fault in differences(seed)] == []


@given(st.integers(0, 10**9), st.integers(1, 20 * MIDNIGHT))
def test_so_much_time_is_over_when_so_much_has_passed(seed: int, minutes: int) -> None:
    case = a_case(seed)
    calendar, start = case.calendar, case.start
    if calendar.between(start, start + timedelta(days=400)) >= minutes * MINUTE:
        assert calendar.between(start, calendar.add(start, minutes * MINUTE)) == minutes * MINUTE


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-11-23 09:00", "3 business hours 30", "Mon 2026-11-23 12:30"),  # at closing time it stays there
        ("2026-11-23 09:00", "3 business hours 31", "Mon 2026-11-23 14:01"),
        ("2026-11-27 17:30", "1 business hours", "Mon 2026-11-30 09:30"),
        ("2026-11-28 11:00", "1 business hours", "Mon 2026-11-30 10:00"),
        ("2026-04-30 17:00", "4 business hours", "Mon 2026-05-04 12:00"),  # the first of May
    ],
)
def test_business_hours_end_when_the_desk_was_open_for_so_long(start: str, amount: str, due: str) -> None:
    calendar = BusinessCalendar(PARIS, OFFICE, ("FR",))
    count, _, _, *more = amount.split()
    total = timedelta(hours=int(count), minutes=int(more[0]) if more else 0)
    assert shown(calendar.add(at(start), total)) == due


@pytest.mark.parametrize(
    ("start", "after", "due"),
    [
        ("2026-11-23 10:15", "3 business days", "Thu 2026-11-26 10:15"),
        ("2026-11-27 10:15", "1 business day", "Mon 2026-11-30 10:15"),
        ("2026-11-28 11:00", "1 business day", "Tue 2026-12-01 09:00"),  # the start is moved to Monday's opening
        ("2026-11-27 18:00", "1 business day", "Tue 2026-12-01 09:00"),  # closing time is closed
        ("2026-12-24 10:00", "1 business day", "Mon 2026-12-28 10:00"),
        ("2026-03-27 10:00", "1 business day", "Mon 2026-03-30 10:00"),  # the clocks change in between
        ("2026-03-27 10:00", "3 days", "Mon 2026-03-30 10:00"),
        ("2026-03-27 10:00", "72 hours", "Mon 2026-03-30 11:00"),
        ("2026-11-23 10:00", "1 week", "Mon 2026-11-30 10:00"),
        ("2026-11-23 12:00", "45 business minutes", "Mon 2026-11-23 14:15"),
    ],
)
def test_each_unit_counts_what_it_says(start: str, after: str, due: str) -> None:
    calendar = BusinessCalendar(PARIS, OFFICE, ("FR",))
    assert shown(later(at(start), Duration.model_validate(after), calendar)) == due


def test_seventy_two_business_hours_are_eight_days_of_nine_hours() -> None:
    """policies.md, "72h ouvrées"."""
    calendar = BusinessCalendar(PARIS, (((540, 1080),),) * 5 + ((), ()), ("FR",))
    start = at("2026-11-30 09:00")
    assert shown(later(start, Duration.model_validate("72 business hours"), calendar)) == "Wed 2026-12-09 18:00"
    assert shown(later(start, Duration.model_validate("3 business days"), calendar)) == "Thu 2026-12-03 09:00"


def test_a_time_that_the_clocks_skip_is_no_time_and_one_that_they_show_twice_counts_twice() -> None:
    night = BusinessCalendar(PARIS, (((120, 180),),) * 7)
    assert night.intervals(date(2026, 3, 29)) == ()
    [(opens, closes)] = night.intervals(date(2026, 10, 25))
    assert closes - opens == timedelta(hours=2)


def test_an_opening_besides_counts_on_a_holiday_and_within_a_closure() -> None:
    christmas, eve = date(2026, 12, 25), date(2026, 12, 24)
    closed, opened = [(eve, date(2027, 1, 1))], [(christmas, ((600, 720),)), (eve, ())]
    calendar = BusinessCalendar(PARIS, OFFICE, ("FR",), closed, opened)
    assert shown(calendar.next_open(at("2026-12-23 18:00"))) == "Fri 2026-12-25 10:00"
    assert shown(calendar.next_open(at("2026-12-25 12:00"))) == "Mon 2027-01-04 09:00"
    assert (calendar.holiday(christmas, "fr"), calendar.holiday(eve)) == ("Noël", "")
    assert calendar.is_closed_besides(eve)


def test_a_desk_that_never_opens_ends_the_search() -> None:
    never = BusinessCalendar(PARIS, ((),) * 7)
    start = at("2026-11-30 09:00").astimezone(UTC)
    assert never.next_open(start) == start
    assert never.add(start, MINUTE) == start + timedelta(days=3_660)
    assert never.opening_after(start.date()) is None
    assert never.add_days(start, 2) == start


def test_the_desk_s_calendar_is_the_one_that_it_names_else_the_first() -> None:
    two = {"office": {"hours": {"mon-fri": "9:00-18:00"}}, "night": {"hours": {"every day": "0:00-24:00"}}}
    two["night"]["hours"] = {"mon-sun": "00:00-24:00"}
    assert calendar_of(settings(calendars=two)).is_open(at("2026-11-30 08:00")) is False
    assert calendar_of(settings(calendars=two), "night").is_open(at("2026-11-30 08:00")) is True
    assert calendar_of(settings()).is_open(at("2026-11-29 03:00")) is True, "one that knows no hours is always there"


def easter(year: int) -> date:
    """Easter Sunday (Gauss, as Meeus has it)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    n = (h - m + r + 90) // 25
    return date(year, n, (h - m + r + n + 19) % 32)


def legal_holidays(year: int, *, is_alsace_moselle: bool) -> Iterator[date]:
    """Code du travail, L3133-1; L3134-13 for Haut-Rhin, Bas-Rhin and Moselle."""
    yield from (date(year, m, d) for m, d in ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)))
    yield from (easter(year) + timedelta(days=n) for n in (1, 39, 50))
    if is_alsace_moselle:
        yield from (easter(year) - timedelta(days=2), date(year, 12, 26))


@pytest.mark.parametrize("year", range(2020, 2036))
@pytest.mark.parametrize(("code", "is_alsace_moselle"), [("FR", False), ("FR-57", True), ("FR-6AE", True)])
def test_french_public_holidays_are_those_of_the_law(year: int, code: str, is_alsace_moselle: bool) -> None:
    calendar = BusinessCalendar(PARIS, holiday_codes=(code,))
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    found = {day for day in days if day.year == year and calendar.holiday(day)}
    assert found == set(legal_holidays(year, is_alsace_moselle=is_alsace_moselle))
