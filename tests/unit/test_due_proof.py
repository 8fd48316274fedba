"""`maild due`: whatever happened to a ticket, what is shown adds up, and ends at the due instant."""

import random
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.cli import due
from maild.lifecycle import Status
from maild.settings import Duration
from maild.settings.promises import TARGETS
from maild.sla.calendar import BusinessCalendar
from maild.sla.proof import Counted, CountedDay, Paused, Proof, Skipped, expected, proof_of
from maild.sla.targets import Promised, Run, runs
from maild.ticket import Moment, Spoke

PARIS = ZoneInfo("Europe/Paris")
OFFICE = BusinessCalendar(
    PARIS,
    ((((540, 750), (840, 1080)),) * 5 + ((), ())),
    ("FR",),
    ((date(2026, 8, 10), date(2026, 8, 14)),),
)
ALWAYS = BusinessCalendar(PARIS)
LENGTHS = (
    *("30 business minutes", "4 business hours", "72 business hours", "1 business day", "5 business days"),
    *("4 hours", "72 hours", "2 days", "1 week"),
)
_H_MM = re.compile(r"(\d+) h (\d\d)(?: min (\d\d) s)?")


def a_history(seed: int) -> tuple[Promised, list[Moment]]:
    """What may happen to a ticket within some weeks, to the microsecond, about a change of the clocks or a closure."""
    chance = random.Random(seed)
    length = Duration.model_validate(chance.choice(LENGTHS))
    pauses = frozenset(chance.sample([Status.PENDING, Status.ON_HOLD], chance.randrange(3)))
    promised = Promised(chance.choice(TARGETS), length, chance.choice((OFFICE, OFFICE, ALWAYS)), pauses)
    at = datetime.fromisoformat(chance.choice(("2026-03-26", "2026-10-22", "2026-08-05", "2026-12-22"))).replace(
        tzinfo=UTC
    )
    at += timedelta(seconds=chance.randrange(3 * 86_400), microseconds=chance.choice((0, 0, 417_003)))
    moments = [Moment(at, Status.NEW, Spoke.CUSTOMER, chance.random() < 0.3)]
    for _ in range(chance.randrange(9)):
        at += timedelta(seconds=chance.choice((0, 60, 3_600, 86_400)) * chance.random() * 3)
        spoke = chance.choice((Spoke.NOBODY, Spoke.CUSTOMER, Spoke.AGENT))
        moments.append(Moment(at, chance.choice(list(Status)), spoke, chance.random() < 0.2))
    return promised, moments


def printed(proof: Proof) -> tuple[list[timedelta], list[timedelta]]:
    """The lengths and the running sums as they are shown."""
    zone = proof.run.promised.calendar.zone
    rows = [
        _H_MM.findall(line)
        for line in due._lines(proof, zone)
        if "not counted" not in line and not line.startswith("sum")
    ]
    read = [[timedelta(hours=int(h), minutes=int(m), seconds=int(s or 0)) for h, m, s in row] for row in rows]
    return [row[0] for row in read if len(row) == 2], [row[1] for row in read if len(row) == 2]


@given(st.integers(0, 2**32))
def test_what_is_shown_adds_up(seed: int) -> None:
    promised, moments = a_history(seed)
    for run in runs(promised, moments):
        proof = proof_of(run, moments)
        counted = [line for line in proof.lines if isinstance(line, Counted)]
        assert sum((line.length for line in counted), timedelta()) == proof.total
        if proof.days:
            days = [line for line in proof.lines if isinstance(line, CountedDay)]
            assert [day.number for day in days] == list(range(1, promised.length.count + 1))
            assert days[-1].ends is not None
            put_off = sum((p.deducted for p in proof.lines if isinstance(p, Paused)), timedelta())
            assert promised.calendar.between(days[-1].ends, run.due_at) == put_off
            continue
        whole = expected(run)
        if run.paused_since is None or run.paused_since >= run.due_at:
            assert proof.total == whole
            assert counted[-1].ends == run.due_at
        else:
            assert proof.left is not None
            assert proof.total + proof.left == whole
        lengths, sums = printed(proof)
        second = timedelta(seconds=1)
        assert sum(lengths, timedelta()) == (sums[-1] if sums else timedelta())
        assert sums == [round(line.total / second) * second for line in counted]


@given(st.integers(0, 2**32))
def test_what_is_deducted_never_counts(seed: int) -> None:
    promised, moments = a_history(seed)
    for run in runs(promised, moments):
        lines = proof_of(run, moments).lines
        assert list(lines) == sorted(lines, key=lambda line: line.begins)
        for pause in (line for line in lines if isinstance(line, Paused)):
            assert pause.why in {"incomplete", "ended", *promised.pauses}
            assert not [c for c in lines if isinstance(c, Counted) and c.begins < pause.ends and pause.begins < c.ends]


def a_run(length: str, *moments: Moment, target: str = "resolution") -> Run:
    wanted = next(t for t in TARGETS if t == target)
    paused = frozenset({Status.PENDING, Status.ON_HOLD})
    return runs(Promised(wanted, Duration.model_validate(length), OFFICE, paused), moments)[-1]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


def test_a_closure_and_a_holiday_are_named_and_each_reason_of_a_pause_is_told_apart() -> None:
    moments = (
        Moment(at("2026-08-07 10:00"), Status.NEW, Spoke.CUSTOMER),
        Moment(at("2026-08-07 11:00"), Status.PENDING, Spoke.AGENT),
        Moment(at("2026-08-07 12:00"), Status.ON_HOLD),
        Moment(at("2026-08-07 15:00"), Status.OPEN, Spoke.CUSTOMER),
    )
    proof = proof_of(a_run("14 business hours", *moments), moments)
    assert list(due._lines(proof, PARIS)) == [
        "Fri 2026-08-07  10:00-11:00        1 h 00        1 h 00",
        "Fri 2026-08-07  11:00-12:00  paused (pending): 1 h 00 not counted",
        "Fri 2026-08-07  12:00-15:00  paused (on hold): 1 h 30 not counted",
        "Fri 2026-08-07  15:00-18:00        3 h 00        4 h 00",
        "Mon 2026-08-10  closed",
        "Tue 2026-08-11  closed",
        "Wed 2026-08-12  closed",
        "Thu 2026-08-13  closed",
        "Fri 2026-08-14  closed",
        "Mon 2026-08-17  09:00-12:30        3 h 30        7 h 30",
        "Mon 2026-08-17  14:00-18:00        4 h 00       11 h 30",
        "Tue 2026-08-18  09:00-11:30        2 h 30       14 h 00",
        "sum  14 h 00: 14 business hours",
    ]


def test_days_are_counted_as_days_and_what_a_pause_puts_off_stands_beside() -> None:
    moments = (
        Moment(at("2026-12-23 20:00"), Status.NEW, Spoke.CUSTOMER),
        Moment(at("2026-12-24 10:00"), Status.PENDING, Spoke.AGENT),
        Moment(at("2026-12-24 15:00"), Status.OPEN, Spoke.CUSTOMER),
    )
    run = a_run("2 business days", *moments)
    assert list(due._lines(proof_of(run, moments), PARIS)) == [
        "Thu 2026-12-24  from 09:00: the desk opens",
        "Thu 2026-12-24  10:00-15:00  paused (pending): 3 h 30 not counted, which puts it off to Tue 2026-12-29 12:30",
        "Fri 2026-12-25  holiday: Christmas Day",
        "Mon 2026-12-28  day 1",
        "Tue 2026-12-29  day 2, over at 09:00",
        "sum  2 working days, to the same time by the clock: 2 business days",
    ]
    assert run.due_at == at("2026-12-29 12:30")


def test_days_of_the_calendar_may_be_an_hour_shorter() -> None:
    moments = (Moment(at("2026-03-28 10:00"), Status.NEW, Spoke.CUSTOMER),)
    assert list(due._lines(proof_of(a_run("2 days", *moments), moments), PARIS)) == [
        "Sat 2026-03-28  10:00 to Mon 2026-03-30 10:00       47 h 00       47 h 00",
        "sum  47 h 00, which is 2 days by the clock on the wall",
    ]


def test_while_a_clock_stands_still_what_is_left_is_told() -> None:
    moments = (
        Moment(at("2026-11-23 09:00"), Status.NEW, Spoke.CUSTOMER),
        Moment(at("2026-11-23 10:00"), Status.PENDING, Spoke.AGENT),
    )
    proof = proof_of(a_run("4 business hours", *moments), moments)
    assert list(due._lines(proof, PARIS))[-1] == "sum  1 h 00, and 3 h 00 left: 4 business hours"


@pytest.mark.parametrize(
    ("ends", "by"),
    [
        (Moment(at("2026-11-23 11:00"), Status.OPEN, Spoke.AGENT), "answered"),
        (Moment(at("2026-11-23 11:00"), Status.CANCELLED), "ended"),
    ],
)
def test_what_ended_it_is_told_with_the_time_that_it_took(ends: Moment, by: str) -> None:
    moments = (Moment(at("2026-11-23 09:00"), Status.NEW, Spoke.CUSTOMER), ends)
    proof = proof_of(a_run("4 business hours", *moments, target="first_response"), moments)
    assert (proof.ended_by, proof.used) == (by, timedelta(hours=2))
    assert not [line for line in proof.lines if isinstance(line, Skipped)]
