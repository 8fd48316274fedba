"""How far a promised time has run: from what has happened to a ticket alone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.lifecycle import ENDED, Status
from maild.plan.clocks import carried_over
from maild.settings.duration import Duration
from maild.settings.promises import TARGETS, Target
from maild.sla.calendar import BusinessCalendar
from maild.sla.targets import Promised, Run, runs
from maild.ticket import Moment, Spoke

PARIS = ZoneInfo("Europe/Paris")
OFFICE = BusinessCalendar(PARIS, (((540, 1080),),) * 5 + ((), ()), ("FR",))
PENDING = frozenset({Status.PENDING, Status.ON_HOLD})


def at(text: str) -> datetime:
    """`1 10:00`: the first of December 2026, a Tuesday."""
    day, clock = text.split()
    return datetime.fromisoformat(f"2026-12-{int(day):02} {clock}").replace(tzinfo=PARIS).astimezone(UTC)


def history(told: str) -> tuple[Moment, ...]:
    """`1 10:00 customer open; 1 11:00 agent pending`."""
    found = []
    for line in told.split("; "):
        day, clock, *words = line.split()
        spoke = next((Spoke(w) for w in words if w in ("customer", "agent")), Spoke.NOBODY)
        status = next(Status(w) for w in words if w in set(Status))
        found.append(Moment(at(f"{day} {clock}"), status, spoke, "incomplete" in words))
    return tuple(found)


def last(target: Target, length: str, told: str) -> Run:
    promised = Promised(target, Duration.model_validate(length), OFFICE, PENDING)
    return runs(promised, history(told))[-1]


def shown(instant: datetime) -> str:
    return f"{instant.astimezone(PARIS):%-d %H:%M}"


@pytest.mark.parametrize(
    ("target", "length", "told", "due", "state"),
    [
        ("first_response", "4 business hours", "1 10:00 customer new", "1 14:00", "running"),
        ("first_response", "4 business hours", "1 10:00 customer new; 1 13:59 agent open", "1 14:00", "met"),
        ("first_response", "4 business hours", "1 10:00 customer new; 1 14:00 agent open", "1 14:00", "breached"),
        ("first_response", "4 business hours", "1 10:00 customer new; 1 12:00 customer new", "1 14:00", "running"),
        ("first_response", "4 business hours", "1 10:00 customer new; 1 12:00 pending", "1 14:00", "running"),
        ("first_response", "4 business hours", "1 10:00 customer new; 1 12:00 resolved", "1 14:00", "met"),
        ("first_response", "4 business hours", "1 10:00 customer pending incomplete", "1 14:00", "paused"),
        (
            "first_response",
            "4 business hours",
            "1 10:00 customer pending incomplete; 2 11:00 customer open",
            "2 15:00",
            "running",
        ),
        (
            "first_response",
            "3 business days",
            "1 10:00 customer pending incomplete; 2 11:00 customer open",
            "7 11:00",
            "running",
        ),
        # the first answer stays what it was, whatever comes later
        (
            "first_response",
            "4 business hours",
            "1 10:00 customer new; 1 11:00 agent resolved; 3 10:00 customer open; 4 18:00 agent open",
            "1 14:00",
            "met",
        ),
        (
            "next_response",
            "4 business hours",
            "1 10:00 customer new; 1 11:00 agent open; 1 12:00 customer open; 1 13:00 customer open",
            "1 16:00",
            "running",
        ),
        (
            "next_response",
            "4 business hours",
            "1 10:00 customer new; 1 11:00 agent resolved; 3 17:00 customer open",
            "4 12:00",
            "running",
        ),
        (
            "next_response",
            "4 business hours",
            "1 10:00 customer new; 1 11:00 agent open; 1 12:00 customer open; 1 15:00 agent open; 1 17:00 customer new",
            "2 12:00",
            "running",
        ),
        ("resolution", "8 business hours", "1 10:00 customer new; 1 11:00 agent open", "1 18:00", "running"),
        ("resolution", "8 business hours", "1 10:00 customer new; 1 11:00 agent pending", "1 18:00", "paused"),
        (
            "resolution",
            "8 business hours",
            "1 10:00 customer new; 1 11:00 agent pending; 2 11:00 customer open",
            "2 18:00",
            "running",
        ),
        # at closing time it stays there, and what stood still over night put nothing off
        (
            "resolution",
            "8 business hours",
            "1 10:00 customer new; 1 18:00 agent pending; 2 09:00 customer open",
            "1 18:00",
            "breached",
        ),
        (
            "resolution",
            "9 business hours",
            "1 10:00 customer new; 1 17:00 resolved; 3 17:00 customer open",
            "4 10:00",
            "running",
        ),
        ("resolution", "2 hours", "1 10:00 customer new; 1 11:00 on_hold; 1 15:00 open", "1 16:00", "running"),
        ("resolution", "2 business days", "1 10:00 customer new; 4 11:00 resolved", "3 10:00", "breached"),
    ],
)
def test_where_a_promised_time_stands(target: Target, length: str, told: str, due: str, state: str) -> None:
    run = last(target, length, told)
    now = max(moment.at for moment in history(told))
    assert (shown(run.due_at), run.state(now).value) == (due, state)


def test_without_an_answer_nothing_next_is_owed() -> None:
    promised = Promised("next_response", Duration.model_validate("1 hour"), OFFICE)
    assert runs(promised, history("1 10:00 customer new; 1 11:00 customer new")) == ()
    assert runs(promised, history("1 10:00 customer new; 1 11:00 agent resolved; 1 12:00 customer resolved")) == ()


@pytest.mark.parametrize(("percent", "when"), [(25, "1 17:30"), (50, "2 09:30"), (80, "2 10:42"), (100, "2 11:30")])
def test_a_part_of_the_time_is_a_part_of_what_counts(percent: int, when: str) -> None:
    run = last("first_response", "4 business hours", "1 16:30 customer new")
    assert shown(run.at(percent)) == when


def test_a_warning_is_a_state_until_the_answer() -> None:
    run = last("first_response", "4 business hours", "1 10:00 customer new")
    assert [run.state(at(f"1 {clock}"), 50).value for clock in ("11:59", "12:00", "13:59", "14:00")] == [
        *("running", "warned", "warned", "breached")
    ]


_MOMENTS = st.lists(
    st.tuples(st.integers(1, 40 * 60), st.sampled_from(Status), st.sampled_from(Spoke), st.booleans()), max_size=12
)


@given(_MOMENTS, st.sampled_from(TARGETS), st.integers(1, 60), st.booleans())
def test_what_was_counted_up_to_the_due_instant_is_what_was_promised(
    told: list[tuple[int, Status, Spoke, bool]], target: Target, hours: int, is_business: bool
) -> None:
    instant, moments = at("1 10:00"), [Moment(at("1 10:00"), Status.NEW, Spoke.CUSTOMER)]
    for minutes, status, spoke, is_incomplete in told:
        instant += timedelta(minutes=minutes)
        moments.append(Moment(instant, status, spoke, is_incomplete))
    length = Duration(count=hours, unit="hour", is_business=is_business)
    for run in runs(Promised(target, length, OFFICE, PENDING), moments):
        counted = sum((end - begin for begin, end in run.counted(run.due_at)), timedelta())
        assert counted == timedelta(hours=hours)
        assert run.started_at <= run.at(50) <= run.due_at


@pytest.mark.parametrize(
    ("source", "target", "owed"),
    [
        ("1 10:00 customer new", "1 11:00 customer new", "1 10:00"),
        ("1 10:00 customer new", "1 09:00 customer new; 1 12:00 agent open", "1 12:00"),
        ("1 10:00 customer new; 1 11:00 agent open", "1 11:00 customer new", ""),
        ("1 10:00 customer new; 1 11:00 agent open; 1 12:00 customer open", "1 11:00 customer new", "1 12:00"),
        ("1 10:00 customer new", "1 09:00 customer new; 1 12:00 nobody resolved", "1 12:00"),
    ],
)
def test_what_is_owed_goes_on_in_the_other_request(source: str, target: str, owed: str) -> None:
    moment = carried_over(history(source), history(target))
    assert (shown(moment.at) if moment else "") == owed
    assert moment is None or moment.status not in ENDED  # the other one is open
