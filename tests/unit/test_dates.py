"""Days, times and lengths behind a command, as people write them in French and English."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.people.dates import EXAMPLES, LONGEST, nearest_form, take_day, take_length, take_time

TODAY = date(2026, 12, 1)  # a Tuesday
DAYS = [
    ("2026-12-15", date(2026, 12, 15), ""),
    ("15/12/2026 Attente éditeur", date(2026, 12, 15), "Attente éditeur"),
    ("15.12.2026", date(2026, 12, 15), ""),
    ("15/12", date(2026, 12, 15), ""),
    ("30/11", date(2027, 11, 30), ""),
    ("29/02", date(2028, 2, 29), ""),
    ("15 décembre", date(2026, 12, 15), ""),
    ("15 de\u0301cembre", date(2026, 12, 15), ""),
    ("1er janvier, Bonne Année", date(2027, 1, 1), "Bonne Année"),
    ("15 December 2027", date(2027, 12, 15), ""),
    ("December 15, 2027 Waiting", date(2027, 12, 15), "Waiting"),
    ("the 3rd of August", date(2027, 8, 3), ""),
    ("jusqu’au 15 Août", date(2027, 8, 15), ""),
    ("until 2026-12-15", date(2026, 12, 15), ""),
    ("demain", date(2026, 12, 2), ""),
    ("après-demain 10h30", date(2026, 12, 3), "10h30"),
    ("aujourd’hui", TODAY, ""),
    ("Tomorrow 10:30 1h", date(2026, 12, 2), "10:30 1h"),
    ("lundi", date(2026, 12, 7), ""),
    ("mardi", date(2026, 12, 8), ""),
    ("on Wednesday", date(2026, 12, 2), ""),
    ("lundi 14 décembre 9h", date(2026, 12, 14), "9h"),
    ("lundi 10h30", date(2026, 12, 7), "10h30"),
]
NO_DAYS = [
    "",
    "bientôt",
    "31/11/2026",
    "12/15/2026",
    "2026-13-01",
    "15 décembrr",
    "lundi 15 décembre 2026",
    "10h30",
    "15",
]
TIMES = [
    ("10:30", time(10, 30), ""),
    ("10h30 1h", time(10, 30), "1h"),
    ("à 9 h", time(9), ""),
    ("at 09:05 30m", time(9, 5), "30m"),
    ("14 heures", time(14), ""),
    ("0h00", time(0), ""),
]
LENGTHS = [
    ("30m", timedelta(minutes=30), ""),
    ("25 min appel avec Alice", timedelta(minutes=25), "appel avec Alice"),
    ("1h", timedelta(hours=1), ""),
    ("1h30", timedelta(hours=1, minutes=30), ""),
    ("2 jours", timedelta(days=2), ""),
    ("pendant 1 semaine", timedelta(days=7), ""),
    ("45 Minutes", timedelta(minutes=45), ""),
]


@pytest.mark.parametrize(("written", "day", "rest"), DAYS)
def test_days(written: str, day: date, rest: str) -> None:
    assert take_day(written, TODAY) == (day, rest)


@pytest.mark.parametrize("written", NO_DAYS)
def test_what_is_no_day_is_none(written: str) -> None:
    assert take_day(written, TODAY) is None


@pytest.mark.parametrize(("written", "clock", "rest"), TIMES)
def test_times(written: str, clock: time, rest: str) -> None:
    assert take_time(written) == (clock, rest)


@pytest.mark.parametrize("written", ["25:00", "10:60", "24h", "dix heures", "", "10", "10:3"])
def test_what_is_no_time_is_none(written: str) -> None:
    assert take_time(written) is None


@pytest.mark.parametrize(("written", "length", "rest"), LENGTHS)
def test_lengths(written: str, length: timedelta, rest: str) -> None:
    assert take_length(written) == (length, rest)


@pytest.mark.parametrize("written", ["0m", "1h75", "30", "deux jours", "", "9999 semaines", "3 mois"])
def test_what_is_no_length_is_none(written: str) -> None:
    assert take_length(written) is None


@pytest.mark.parametrize(
    ("written", "kind", "near"),
    [
        ("15 décembrre", "day", "15 decembre"),
        ("lunid", "day", "lundi"),
        ("tomorow 10:30", "day", "tomorrow 10:30"),
        ("2 minuts", "length", "2 minutes"),
        ("bientôt", "day", EXAMPLES["fr"]["day"]),
        ("midi", "time", EXAMPLES["fr"]["time"]),
    ],
)
def test_the_nearest_correct_form(written: str, kind: str, near: str) -> None:
    assert nearest_form(written, kind, "fr") == near


DAY = st.dates(date(1900, 1, 1), date(2900, 12, 31))
MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre"]


@given(DAY, DAY)
def test_every_day_is_read_as_it_was_written(day: date, today: date) -> None:
    month = [*MONTHS, "décembre"][day.month - 1]
    for written in (
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day.day} {month} {day.year}",
        f"{day:%B} {day.day}, {day.year}",
    ):
        assert take_day(f"{written} Suite", today) == (day, "Suite")


@given(st.integers(1, 31), st.integers(1, 12), DAY)
def test_a_day_without_a_year_is_never_past(day: int, month: int, today: date) -> None:
    found = take_day(f"{day}/{month}", today)
    assert found is None or (found[0] >= today and (found[0].day, found[0].month) == (day, month))


@given(st.sampled_from(["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]), DAY)
def test_a_weekday_is_within_the_next_seven_days(word: str, today: date) -> None:
    found = take_day(word, today)
    assert found is not None
    assert 1 <= (found[0] - today).days <= 7


@given(st.integers(1, int(LONGEST.total_seconds()) // 60))
def test_lengths_in_minutes(minutes: int) -> None:
    written = f"{minutes // 60}h{minutes % 60:02}" if minutes < 60_000 else f"{minutes // 1440} jours"
    found = take_length(written)
    assert found is not None
    assert found[0] == (timedelta(minutes=minutes) if minutes < 60_000 else timedelta(days=minutes // 1440))


@given(st.text(max_size=60), DAY)
def test_no_text_breaks_it_and_the_rest_is_the_agents_own(text: str, today: date) -> None:
    for found in (take_day(text, today), take_time(text), take_length(text)):
        assert found is None or len(found[1]) <= len(text)
    for kind in ("day", "time", "length"):
        assert nearest_form(text, kind, "fr")
