"""Are the hours of a week said as people say them?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.settings.calendars import Calendar, Span
from maild.writing.opening_hours import hours_in_words
from maild.writing.wording import DAYS

# hours as in rules.yaml -> French, English; blanks as ordinary ones
SAID = [
    (
        {"mon-fri": "09:00-12:30, 14:00-18:00"},
        "du lundi au vendredi, de 9 h à 12 h 30 et de 14 h à 18 h",
        "Monday to Friday, from 09:00 to 12:30 and from 14:00 to 18:00",
    ),
    ({"mon-fri": "08:00-18:00"}, "du lundi au vendredi, de 8 h à 18 h", "Monday to Friday, from 08:00 to 18:00"),
    (
        {"mon-thu": "09:00-12:30, 14:00-18:00", "fri": "09:00-12:30, 14:00-17:00"},
        "du lundi au jeudi, de 9 h à 12 h 30 et de 14 h à 18 h, et le vendredi, de 9 h à 12 h 30 et de 14 h à 17 h",
        "Monday to Thursday, from 09:00 to 12:30 and from 14:00 to 18:00, and Friday, from 09:00 to 12:30 and "
        "from 14:00 to 17:00",
    ),
    (
        {"mon-wed": "9:00-18:00", "thu": "10:00-20:00", "sat": "10:00-12:00"},
        "du lundi au mercredi, de 9 h à 18 h, le jeudi, de 10 h à 20 h, et le samedi, de 10 h à 12 h",
        "Monday to Wednesday, from 09:00 to 18:00, Thursday, from 10:00 to 20:00, and Saturday, from 10:00 to 12:00",
    ),
    ({"wed": "13:45-18:00"}, "le mercredi, de 13 h 45 à 18 h", "Wednesday, from 13:45 to 18:00"),
    ({"mon, tue": "9-12"}, "le lundi et le mardi, de 9 h à 12 h", "Monday and Tuesday, from 09:00 to 12:00"),
    (
        {"mon": "9-12", "wed": "9-12", "fri": "9-12"},
        "le lundi, le mercredi et le vendredi, de 9 h à 12 h",
        "Monday, Wednesday and Friday, from 09:00 to 12:00",
    ),
    (
        {"mon-wed": "9-12", "fri": "9-12"},
        "du lundi au mercredi et le vendredi, de 9 h à 12 h",
        "Monday to Wednesday and Friday, from 09:00 to 12:00",
    ),
    (
        {"mon-tue": "9-12", "thu-sat": "9-12"},
        "le lundi, le mardi et du jeudi au samedi, de 9 h à 12 h",
        "Monday, Tuesday and Thursday to Saturday, from 09:00 to 12:00",
    ),
    (
        {"mon-tue": "9-12", "wed": "14-18", "thu-fri": "9-12"},
        "le lundi, le mardi, le jeudi et le vendredi, de 9 h à 12 h, et le mercredi, de 14 h à 18 h",
        "Monday, Tuesday, Thursday and Friday, from 09:00 to 12:00, and Wednesday, from 14:00 to 18:00",
    ),
    ({"mon-sun": "7:30-22:00"}, "tous les jours, de 7 h 30 à 22 h", "every day, from 07:30 to 22:00"),
    ({"mon-sun": "00:00-24:00"}, "tous les jours, 24 heures sur 24", "every day, 24 hours a day"),
    (
        {"mon-fri": "00:00-06:00, 22:00-24:00"},
        "du lundi au vendredi, de minuit à 6 h et de 22 h à minuit",
        "Monday to Friday, from midnight to 06:00 and from 22:00 to midnight",
    ),
]


@pytest.mark.parametrize(("hours", "french", "english"), SAID, ids=[str(hours) for hours, _, _ in SAID])
def test_a_week_is_said_as_people_say_it(hours: dict[str, str], french: str, english: str) -> None:
    week = Calendar.model_validate({"hours": hours}).week
    assert hours_in_words(week, "fr").replace("\u00a0", " ") == french
    assert hours_in_words(week, "en").replace("\u00a0", " ") == english


def test_a_time_is_not_broken_over_two_lines() -> None:
    assert "9\u00a0h à 12\u00a0h\u00a030" in hours_in_words([[(540, 750)]] * 5 + [[], []], "fr")


def test_a_week_without_hours_says_nothing() -> None:
    assert hours_in_words([[]] * 7, "fr") == ""


_DAY: st.SearchStrategy[tuple[Span, ...]] = st.sampled_from(((), ((540, 1080),), ((540, 750), (840, 1080))))


@given(st.lists(_DAY, min_size=7, max_size=7))
def test_days_are_said_once_and_closed_ones_never(week: list[tuple[Span, ...]]) -> None:
    said = hours_in_words(week, "en")
    named = [name in said for name in DAYS["en"]]
    if len(set(week)) > 1 or not week[0]:
        closed = [not spans for spans in week]
        assert not any(is_named and is_closed for is_named, is_closed in zip(named, closed, strict=True))
    assert all(said.count(name) <= 1 for name in DAYS["en"])
