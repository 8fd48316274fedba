"""The report by mail: when it leaves, of which days it tells, and what its table, its words and its file say."""

from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from desk_values import RING
from desk_values import settings as a_desk
from pydantic import ValidationError

from maild.config.desk import open_desk
from maild.effects import EndTimer, MoveTimer, QueueMail
from maild.errors import Temporary
from maild.plan.figures import Figures, Kept, Rated, Spread, Summary
from maild.plan.report_words import length, share
from maild.plan.reporting import REPORT, as_csv, fire, mails, named, period, step_of, tables, upcoming
from maild.settings import Settings
from maild.store.apply import apply
from maild.store.reporting import figures_due
from maild.store.schema import thrown_away
from maild.ticket import DueTimer
from maild.writing.tables import Cell, Table, as_html, as_text

PARIS = ZoneInfo("Europe/Paris")
OFFICE = {"office": {"hours": {"mon-fri": "09:00-18:00"}, "holidays": "FR"}}
HOURS = timedelta(hours=1)
FIGURES = Figures(
    12,
    {"no_answer": 1, "solved": 9},
    1,
    4,
    (1, 0, 2, 1, 0),
    {"first_response": Kept(11, 1, 2)},
    Spread(12, 3 * HOURS, 30 * HOURS),
    Spread(12, 1.5 * HOURS, 8 * HOURS),
    Rated(5, 1),
)
SMALL = Figures(1, {}, 0, 1, (1, 0, 0, 0, 0), {}, None, None)


def desk(**report: Any) -> Settings:
    said = {"to": "nora@isybuy.example", "every": "week"} | report
    return a_desk(calendars=OFFICE, reports={"team": said}, site=SITE)


SITE = {"name": "Support iSYBUY", "reference": "ISY", "timezone": "Europe/Paris", "key": {"env": "K"}}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def told(settings: Settings, now: str) -> list[tuple[str, str, str]]:
    """Each timer to come: when it is due, and the first and last day that it tells of."""
    report = settings.reports["team"]
    found = []
    for timer in upcoming(settings, at(now)):
        since, until = period(settings, report, timer.round)
        last = until - timedelta(days=1)
        found.append((f"{timer.due_at.astimezone(PARIS):%a %m-%d %H:%M}", f"{since:%m-%d}", f"{last:%m-%d}"))
    return found


@pytest.mark.parametrize(
    ("report", "now", "expected"),
    [
        ({}, "2026-11-20 12:00", [("Mon 11-23 09:00", "11-16", "11-22")]),  # 8 h is no open instant
        ({"at": "14:30"}, "2026-11-23 14:30", [("Mon 11-30 14:30", "11-23", "11-29")]),
        (
            {"at": "14:30"},
            "2026-11-23 14:00",
            [("Mon 11-23 14:30", "11-16", "11-22"), ("Mon 11-30 14:30", "11-23", "11-29")],
        ),
        ({"on": "fri"}, "2026-11-23 10:00", [("Fri 11-27 09:00", "11-16", "11-22")]),
        ({}, "2026-04-05 12:00", [("Tue 04-07 09:00", "03-30", "04-05")]),  # Easter Monday
        ({}, "2026-04-06 12:00", [("Tue 04-07 09:00", "03-30", "04-05"), ("Mon 04-13 09:00", "04-06", "04-12")]),
        ({"every": "month"}, "2026-11-20 12:00", [("Tue 12-01 09:00", "11-01", "11-30")]),
        ({"every": "month"}, "2026-12-20 12:00", [("Mon 01-04 09:00", "12-01", "12-31")]),
        (
            {"every": "month"},
            "2027-01-02 12:00",
            [("Mon 01-04 09:00", "12-01", "12-31"), ("Mon 02-01 09:00", "01-01", "01-31")],
        ),
    ],
)
def test_it_leaves_at_an_open_instant_and_tells_of_whole_days(
    report: dict[str, Any], now: str, expected: list[tuple[str, str, str]]
) -> None:
    assert told(desk(**report), now) == expected


def test_a_long_closure_holds_back_each_week_and_loses_none() -> None:
    closed = {"office": OFFICE["office"] | {"closed": [{"from": "2026-08-01", "to": "2026-08-23"}]}}
    settings = a_desk(calendars=closed, reports={"team": {"to": "nora@isybuy.example", "every": "week"}}, site=SITE)
    assert told(settings, "2026-08-20 12:00") == [
        ("Mon 08-24 09:00", "07-27", "08-02"),
        ("Mon 08-24 09:00", "08-03", "08-09"),
        ("Mon 08-24 09:00", "08-10", "08-16"),
        ("Mon 08-24 09:00", "08-17", "08-23"),
    ]


def test_without_reports_nothing_is_armed_and_a_monthly_one_has_no_weekday() -> None:
    assert upcoming(a_desk(), at("2026-11-20 12:00")) == []
    with pytest.raises(ValidationError, match="take `on` away"):
        desk(every="month", on="mon")


def test_a_timer_of_another_timetable_is_stale_and_a_closed_desk_waits() -> None:
    settings, now = desk(), at("2026-11-23 09:00")
    office = open_desk(settings, RING)
    step = step_of("team", settings.reports["team"])
    timer = DueTimer(5, 0, REPORT, step, now.toordinal(), now)
    assert named(desk(at="10:00"), step) is None
    assert fire(open_desk(desk(at="10:00"), RING), timer, None, now) == [EndTimer(5, "stale")]
    night = at("2026-11-22 03:00")
    assert fire(office, timer, None, night) == [MoveTimer(0, REPORT, step, timer.round, now)]
    with pytest.raises(Temporary):
        fire(office, timer, None, now)
    ended, mail = fire(office, timer, summary(), now)
    assert (ended, type(mail)) == (EndTimer(5, "fired"), QueueMail)


def test_the_figures_are_those_that_the_report_asks_for_once_it_is_due(tmp_path: Path) -> None:
    settings = desk(by=["agent", "priority"])
    [timer] = upcoming(settings, at("2026-11-20 12:00"))
    database = thrown_away(tmp_path / "maild.db")
    try:
        database.write_now(partial(apply, effects=[timer], now=at("2026-11-20 12:00")))
        ask = partial(figures_due, settings=settings, most=50)
        assert database.read_now(partial(ask, now=at("2026-11-23 08:59"))) == {}
        assert database.read_now(partial(ask, now=at("2026-11-23 19:00"))) == {}  # the desk is closed again
        [found] = database.read_now(partial(ask, now=at("2026-11-24 10:00"))).values()
    finally:
        database.close_now()
    assert (found.since, found.until) == (at("2026-11-16 00:00"), at("2026-11-23 00:00"))
    assert found.groups == {"agent": {}, "priority": {}}


def summary(**groups: Figures) -> Summary:
    found = groups or {"support": FIGURES}
    return Summary(at("2026-11-16 00:00"), at("2026-11-23 00:00"), FIGURES, {"queue": found})


def test_each_reader_gets_one_a_period_in_their_language_with_the_file() -> None:
    settings = desk(to=["nora@isybuy.example", "lea@isybuy.example"])
    office = open_desk(settings, RING)
    first, second = mails(office, "team", settings.reports["team"], summary(), at("2026-11-23 09:00"))
    later = mails(office, "team", settings.reports["team"], summary(), at("2026-11-25 09:00"))
    assert [first.key, second.key] == [mail.key for mail in later]
    assert first.key != second.key
    message = message_from_bytes(first.data, policy=default)
    assert "du lundi 16 novembre 2026 au dimanche 22 novembre 2026" in message["Subject"].replace("\u00a0", " ")
    parts = {part.get_content_type(): part for part in message.walk()}
    words = parts["text/plain"].get_content().replace("\u00a0", " ")
    assert "Première réponse : 92 % (11 sur 12)" in words
    assert "Bonnes notes : 83 % (5 sur 6)" in words
    assert "support : reçues 12, closes 10, en cours 4, première réponse à temps 92 % (11 sur 12)" in words
    assert "En heures d’ouverture : la moitié en moins de 1 h 30, neuf sur dix en moins de 8 h" in words
    assert 'bgcolor="#1d5fa6"' in parts["text/html"].get_content()
    assert "<img" not in parts["text/html"].get_content()
    assert parts["text/csv"].get_filename() == "rapport-2026-11-16.csv"


def test_the_file_opens_in_a_spreadsheet_of_the_language_and_computes_nothing() -> None:
    settings = desk()
    groups = {"support": FIGURES, "=cmd": SMALL}
    french = as_csv(settings, summary(**groups), "fr").decode("utf-8-sig").splitlines()
    assert french[0].split(";")[:6] == ["groupe", "nom", "reçues", "closes", "demandes rouvertes", "en cours"]
    assert french[1:] == [
        "ensemble;;12;10;1;4;11;1;5;1;90;480",
        "Par file;support;12;10;1;4;11;1;5;1;90;480",
        "Par file;'=cmd;1;0;0;1;0;0;0;0;;",
    ]
    assert as_csv(settings, summary(), "en").startswith("\ufeffgroup,name,received".encode())


def test_what_is_empty_is_left_out_and_many_groups_are_cut() -> None:
    nothing = Summary(
        at("2026-11-16 00:00"), at("2026-11-23 00:00"), Figures(0, {}, 0, 0, (0,) * 5, {}, None, None), {}
    )
    assert [table.title for table in tables(desk(), nothing, "en")] == ["Activity"]
    many = summary(**{f"q{n}": SMALL for n in range(20)})
    last = tables(desk(), many, "en")[-1]
    assert (len(last.rows), last.note) == (12, "The other 8 lines are in the file attached.")


@pytest.mark.parametrize(
    ("part", "whole", "shown"), [(0, 3, "0%"), (3, 3, "100%"), (999, 1000, "99%"), (1, 1000, "1%"), (2, 3, "67%")]
)
def test_a_share_is_all_only_where_it_is_all(part: int, whole: int, shown: str) -> None:
    assert share(part, whole, "en") == shown


def test_lengths_are_written_as_people_do() -> None:
    lengths = [timedelta(minutes=n) for n in (0, 25, 60, 185)]
    assert [length(one, "fr").replace("\u00a0", " ") for one in lengths] == ["0 min", "25 min", "1 h", "3 h 05"]
    assert [length(one, "en").replace("\u00a0", " ") for one in lengths] == ["0 min", "25 min", "1 h", "3 h 5 min"]


def test_a_table_says_the_same_in_both_forms_and_escapes_what_it_is_given() -> None:
    table = Table("By queue", ("received", "in time"), [("<b>n1", [Cell("12"), Cell("50%", 0.5)])], "More & more.")
    assert as_text(table, ": ") == "<b>n1: received 12, in time 50%\nMore & more."
    html = str(as_html(table))
    assert "&lt;b&gt;n1" in html
    assert "More &amp; more." in html
    assert html.count('width="40"') == 2  # half of the bar is full
