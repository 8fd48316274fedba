"""`maild stats`: what is counted of a time, and into which group; what lies outside it counts nowhere."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from desk_values import settings
from sqlalchemy import insert

from maild.lifecycle import Reason, Status
from maild.mail import Address
from maild.plan.figures import Case, Figures, Kept, Rated, Spread, Summary, summary
from maild.store.history import cases_since
from maild.store.schema import thrown_away
from maild.store.tables import PARTICIPANT, TICKET
from maild.store.timer_tables import MOMENT
from maild.ticket import Moment, Participant, Person, Role, Spoke, Ticket

PARIS = ZoneInfo("Europe/Paris")
DESK = settings(
    calendars={"office": {"hours": {"mon-fri": "09:00-12:00, 14:00-18:00"}}},
    plans={"contract": {"first_response": "4 business hours", "resolution": "2 business days"}},
)
NEW, OPEN, PENDING, RESOLVED = Status.NEW, Status.OPEN, Status.PENDING, Status.RESOLVED
NONE = Figures(0, {}, 0, 0, (0, 0, 0, 0, 0), {}, None, None)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=PARIS).astimezone(UTC)


SINCE, UNTIL, NOW = at("11-16 00:00"), at("11-23 00:00"), at("11-23 09:00")


def case(*moments: Moment, plan: str = "contract", queue: str = "support", reason: Reason | None = None) -> Case:
    alice = Participant(1, "alice@client-a.example", "Alice", Role.CUSTOMER)
    ticket = Ticket(
        1001,
        "Export",
        "support",
        "fr",
        status=moments[-1].status,
        reason=reason,
        queue=queue,
        opened_at=moments[0].at,
        participants=(alice,),
    )
    return Case(ticket, Person(Address(alice.address), organisation="A", plans=(plan,)), moments)


def asks(when: str) -> Moment:
    return Moment(at(when), NEW, Spoke.CUSTOMER)


def answers(when: str, status: Status = OPEN) -> Moment:
    return Moment(at(when), status, Spoke.AGENT)


def told(*cases: Case, by: tuple[str, ...] = ()) -> Summary:
    return summary(DESK, cases, SINCE, UNTIL, NOW, by)


def test_nothing_gives_nothing() -> None:
    assert told().total == NONE
    assert not NONE.has_any


@pytest.mark.parametrize(
    ("moments", "kept", "elapsed", "in_open_hours"),
    [
        ((asks("11-17 17:00"), answers("11-18 10:00")), Kept(met=1), 17 * 60, 120),
        ((asks("11-17 17:00"), answers("11-18 14:00")), Kept(breached=1), 21 * 60, 240),  # at the due instant: too late
        ((asks("11-17 10:00"),), Kept(breached=1), None, None),
        ((asks("11-13 10:00"), answers("11-16 15:00")), Kept(breached=0), 77 * 60, None),  # it was over before
        ((asks("11-20 16:00"), answers("11-23 08:00")), Kept(), None, None),  # met, and after that time
        ((asks("11-20 17:00"),), Kept(running=1), None, None),
    ],
)
def test_a_promised_time_counts_when_it_is_decided(
    moments: tuple[Moment, ...], kept: Kept, elapsed: int | None, in_open_hours: int | None
) -> None:
    found = told(case(*moments)).total
    assert found.kept.get("first_response", Kept()) == kept
    assert (found.response.median if found.response else None) == (timedelta(minutes=elapsed) if elapsed else None)
    if in_open_hours is not None:
        assert found.response_open is not None
        assert found.response_open.median == timedelta(minutes=in_open_hours)


def test_volumes_are_of_that_time_and_what_is_open_is_of_now() -> None:
    solved = case(asks("11-10 09:00"), answers("11-17 09:00", RESOLVED), reason=Reason.SOLVED)
    before = case(asks("11-10 09:00"), answers("11-12 09:00", RESOLVED), reason=Reason.SOLVED)
    silent = case(
        asks("11-16 09:00"),
        answers("11-16 10:00", PENDING),
        Moment(at("11-20 10:00"), RESOLVED),
        reason=Reason.NO_ANSWER,
    )
    again = case(asks("11-02 09:00"), answers("11-03 09:00", RESOLVED), Moment(at("11-19 08:00"), OPEN, Spoke.CUSTOMER))
    found = told(solved, before, silent, again, case(asks("11-22 20:00")), case(asks("11-23 08:00"))).total
    assert (found.opened, found.ended, found.reopened) == (2, {"solved": 1, "no_answer": 1}, 1)
    assert (found.open_now, found.ages) == (3, (2, 0, 0, 1, 0))


def test_a_ticket_that_ended_without_an_answer_has_no_time_of_response() -> None:
    found = told(case(asks("11-17 09:00"), Moment(at("11-17 10:00"), Status.CANCELLED), reason=Reason.CANCELLED))
    assert found.total.response is None
    assert found.total.ended == {"cancelled": 1}


def test_nine_of_ten_are_a_length_that_occurred() -> None:
    cases = [case(asks("11-17 09:00"), answers(f"11-17 09:{n:02}"), plan="none") for n in range(1, 12)]
    found = told(*cases).total
    assert found.response == Spread(11, timedelta(minutes=6), timedelta(minutes=10))
    assert found.kept == {}


def test_incomplete_time_is_no_time_in_open_hours() -> None:
    incomplete = Moment(at("11-17 09:00"), PENDING, Spoke.CUSTOMER, is_incomplete=True)
    found = told(case(incomplete, Moment(at("11-17 11:00"), OPEN, Spoke.CUSTOMER), answers("11-17 11:30"))).total
    assert found.response == Spread(1, timedelta(hours=2.5), timedelta(hours=2.5))
    assert found.response_open == Spread(1, timedelta(hours=0.5), timedelta(hours=0.5))


def test_a_rating_counts_when_it_is_first_given() -> None:
    cases = [case(asks("11-10 09:00"), answers("11-12 09:00", RESOLVED), reason=Reason.SOLVED) for _ in range(4)]
    said = (("good", "11-17 09:00"), ("bad", "11-22 23:59"), ("good", "11-15 23:59"), ("", None))
    rated = [
        replace(c, ticket=replace(c.ticket, rating=word, rated_at=at(when) if when else None))
        for c, (word, when) in zip(cases, said, strict=True)
    ]
    found = told(*rated, by=("queue",))
    assert found.total.rated == found.groups["queue"]["support"].rated == Rated(1, 1)
    assert found.total.rated.percent == 50


def test_groups_add_up_to_the_whole() -> None:
    cases = [case(asks("11-17 09:00"), queue=queue) for queue in ("support", "invoices", "support")]
    found = told(*cases, by=("queue", "organisation", "priority", "agent"))
    assert {key: one.opened for key, one in found.groups["queue"].items()} == {"invoices": 1, "support": 2}
    for name, key in (("organisation", "A"), ("priority", "normal"), ("agent", "")):
        assert found.groups[name] == {key: found.total}


def test_the_store_gives_what_is_open_and_what_has_moved_since(tmp_path: Path) -> None:
    """Old tickets that have ended, and those without a customer, are left out; everybody gets their own moments."""
    database = thrown_away(tmp_path / "maild.db")
    tickets = {  # number: how it stands, when it changed, the instants of its moments
        1001: (RESOLVED, "11-02 09:00", ("11-01 09:00", "11-02 09:00")),
        1002: (OPEN, "11-01 09:00", ("11-01 09:00",)),
        1003: (RESOLVED, "11-17 09:00", ("11-01 10:00", "11-17 09:00")),
        1004: (RESOLVED, "11-02 09:00", ("11-01 11:00", "11-18 09:00")),
        1005: (OPEN, "11-17 09:00", ("11-17 10:00",)),
    }

    def fill(session: object) -> None:
        rows = session.connection()  # type: ignore[attr-defined]
        for number, (status, changed, instants) in tickets.items():
            row = {"number": number, "subject": "", "mailbox": "support", "language": "fr", "status": status.value}
            times = {"opened_at": at(instants[0]), "changed_at": at(changed), "waiting_round": 0, "ended_round": 0}
            empty = {"fields": {}, "missing": [], "tags": [], "linked_to": [], "last_answer": "", "reason": ""}
            rows.execute(insert(TICKET), row | times | empty)
            for instant in instants:
                rows.execute(insert(MOMENT), {"ticket": number, "at": at(instant), "status": "open"})
            if number != 1005:
                who = {"address": f"c{number}@x.example", "key": f"c{number}@x.example", "role": "customer"}
                rows.execute(insert(PARTICIPANT), {"ticket": number, "slot": 1, **who})

    database.write_now(fill)
    try:
        found = database.read_now(lambda session: list(cases_since(session, DESK, SINCE)))
    finally:
        asyncio.run(database.close())
    assert {c.ticket.number: [m.at for m in c.moments] for c in found} == {
        number: [at(instant) for instant in tickets[number][2]] for number in (1002, 1003, 1004)
    }
    assert [c.ticket.requester.address for c in found] == [f"c{n}@x.example" for n in (1002, 1003, 1004)]
