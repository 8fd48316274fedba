"""Until when does a request wait for somebody else, and when does the day mean nothing any more?"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from desk_values import LEA, NOW, RING, settings, ticket
from hypothesis import given
from hypothesis import strategies as st

from maild.agent_words import AgentWords, Command
from maild.config.desk import open_desk
from maild.effects import CancelTimers, ChangeTicket, EndTimer, QueueMail, StartTimer
from maild.lifecycle import Status
from maild.people.commands import commands_in
from maild.people.dates import after_day, take_day
from maild.plan.holds import POLICY, day_asked, fire, start_hold
from maild.ticket import DueTimer

OFFICE = {"calendars": {"office": {"hours": {"mon-fri": "09:00-18:00"}, "holidays": "FR"}}}
DESK, ALWAYS = open_desk(settings(**OFFICE), RING), open_desk(settings(), RING)
HELD = ticket(1042, status=Status.ON_HOLD, waiting_round=3)
TIMER = DueTimer(9, 1042, POLICY, 1, 3, NOW)


def hold(argument: str) -> AgentWords:
    return AgentWords("", (Command("hold", argument, f"#hold {argument}"),))


@pytest.mark.parametrize(
    ("argument", "day", "problem"),
    [
        ("until 2026-12-15", date(2026, 12, 15), ""),
        ("jusqu'au 15/12", date(2026, 12, 15), ""),
        ("jusqu’au mardi 24 novembre", date(2026, 11, 24), ""),
        ("demain le fournisseur livre", date(2026, 11, 24), ""),
        ("lundi", date(2026, 11, 30), ""),  # it is a Monday
        ("", None, ""),
        ("le fournisseur livre bientôt", None, ""),
        ("until the supplier delivers", None, "unknown-day"),
        ("jusqu'au 31 novembre", None, "unknown-day"),
        ("jusqu'à la livraison", None, "unknown-day"),
        ("until today", None, "past-day"),
        ("until 2026-11-20", None, "past-day"),
    ],
)
def test_the_day(argument: str, day: date | None, problem: str) -> None:
    found, problems = day_asked(DESK.settings, hold(argument), NOW)
    assert (found, [slug for slug, _ in problems]) == (day, [problem] if problem else [])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("until 2026-12-15", ""),
        ("jusqu'au 15/12 : nous attendons la pièce", "nous attendons la pièce"),
        ("nous attendons la pièce", "nous attendons la pièce"),
        ("29 février, le jour rare", "le jour rare"),
    ],
)
def test_what_stands_behind_the_day_is_for_the_customer(line: str, words: str) -> None:
    assert after_day(line) == words
    [command], problems = commands_in(f"#hold {line}")
    assert (command.word, problems) == ("hold", ())


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.sampled_from(["15/12 reste", "lundi reste", "29/2 reste"]))
def test_where_a_day_ends_does_not_depend_on_which_it_is(today: date, line: str) -> None:
    taken = take_day(line, today)
    assert taken is not None
    assert taken[1] == after_day(line)


@pytest.mark.parametrize(
    ("day", "office", "at"),
    [
        (date(2026, 11, 27), True, datetime(2026, 11, 27, 8, tzinfo=UTC)),  # Friday, 9 h in Paris
        (date(2026, 11, 28), True, datetime(2026, 11, 30, 8, tzinfo=UTC)),  # Saturday
        (date(2026, 12, 25), True, datetime(2026, 12, 28, 8, tzinfo=UTC)),
        (date(2026, 11, 28), False, datetime(2026, 11, 27, 23, tzinfo=UTC)),  # always open: as the day begins
    ],
)
def test_it_comes_back_when_the_desk_opens(day: date, office: bool, at: datetime) -> None:
    effects = start_hold(DESK if office else ALWAYS, ticket(1042, waiting_round=2), day, NOW)
    [timer] = [e for e in effects if isinstance(e, StartTimer)]
    assert (timer.policy, timer.round, timer.due_at) == (POLICY, 3, at)
    assert {e.policy for e in effects if isinstance(e, CancelTimers)} == {"waiting", POLICY}


def test_without_a_day_nothing_brings_it_back() -> None:
    assert not [e for e in start_hold(DESK, HELD, None, NOW) if isinstance(e, StartTimer)]


def test_who_has_it_is_told_and_nobody_else() -> None:
    effects = fire(DESK, TIMER, HELD, NOW)
    [change] = [e for e in effects if isinstance(e, ChangeTicket)]
    assert change.changes == {"status": "open"}
    assert [e.recipient for e in effects if isinstance(e, QueueMail)] == [LEA.address]
    nobodys = fire(DESK, TIMER, replace(HELD, assignee=""), NOW)
    assert len([e for e in nobodys if isinstance(e, QueueMail)]) == 2  # the team


@pytest.mark.parametrize(
    "now",
    [
        *(replace(HELD, status=status) for status in Status if status is not Status.ON_HOLD),
        replace(HELD, waiting_round=4),  # on hold anew
        replace(HELD, merged_into=1050),
    ],
)
def test_a_wait_that_is_over_is_not_ended_again(now: object) -> None:
    assert fire(DESK, TIMER, now, NOW + timedelta(days=1)) == [EndTimer(9, "stale")]  # type: ignore[arg-type]
