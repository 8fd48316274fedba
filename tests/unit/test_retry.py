"""When a mail is tried again, and what an attempt makes of its row."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.effects import NEVER_TWICE
from maild.outbox.doubt import MOST_IN_A_ROW, Doubt
from maild.outbox.outcome import (
    Deferred,
    Outcome,
    Refused,
    Sent,
    TransportDown,
    Uncertain,
    clean,
    is_of_this_mail,
    judge,
)
from maild.outbox.retry import (
    AS_ALL,
    CUT_OFF,
    EXPIRES_AFTER,
    Settlement,
    is_over,
    is_stale,
    next_attempt,
    next_turn,
    not_judged,
    pause_for,
    refused_once,
    settlement,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("attempts", "age", "wait"),
    [
        (1, 0 * DAY, 1 * MINUTE),
        (2, MINUTE, 2 * MINUTE),
        (3, MINUTE, 5 * MINUTE),
        (4, MINUTE, 10 * MINUTE),
        (5, MINUTE, 20 * MINUTE),
        (6, MINUTE, 30 * MINUTE),
        (7, HOUR, 30 * MINUTE),
        (50, DAY - MINUTE, 30 * MINUTE),
        (51, DAY, 2 * HOUR),
        (99, 5 * DAY - MINUTE, 2 * HOUR),
        (99, 5 * DAY, None),
        (1, 6 * DAY, 1 * MINUTE),  # it waited for a transport, not for its recipient
    ],
)
def test_the_waits_grow_and_end_after_five_days(attempts: int, age: timedelta, wait: timedelta | None) -> None:
    assert next_attempt(attempts, NOW, NOW - age, 1.0) == (NOW + wait if wait else None)


@given(st.integers(1, 200), st.floats(0.9, 1.1), st.timedeltas(timedelta(0), 5 * DAY - MINUTE))
def test_the_spread_moves_a_wait_by_a_tenth_at_most(attempts: int, spread: float, age: timedelta) -> None:
    plain, spread_out = (next_attempt(attempts, NOW, NOW - age, s) for s in (1.0, spread))
    assert plain and spread_out and abs(spread_out - plain) <= (plain - NOW) / 10 + timedelta(microseconds=1)


def test_six_hours_of_greylisting_cost_at_most_twenty_tries_and_a_mail_is_tried_for_nearly_five_days() -> None:
    at, tries = NOW, [NOW]
    while (later := next_attempt(len(tries), at, NOW, 1.0)) is not None:
        at = later
        tries.append(at)
    assert len([t for t in tries if t <= NOW + 6 * HOUR]) <= 20
    assert 5 * DAY <= tries[-1] - NOW < 5 * DAY + 3 * HOUR


def test_attempts_count_those_made() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        next_attempt(0, NOW, NOW, 1.0)


def test_a_transport_rests_longer_each_time_up_to_five_minutes() -> None:
    assert [pause_for(n) for n in (1, 2, 3, 9, 10, 5000)] == [1, 2, 4, 256, 300, 300]


@pytest.mark.parametrize(
    ("outcome", "changes", "expected"),
    [
        (Sent("ok"), {}, Settlement("sent", "", "ok")),
        (Refused(550, "no"), {}, Settlement("refused", "refused", "550 no")),
        (Deferred(451, "x"), {}, Settlement("queued", "deferred", "451 x", NOW + MINUTE)),
        (Deferred(0, "lost"), {"attempts": 2}, Settlement("queued", "deferred", "lost", NOW + 2 * MINUTE)),
        (Deferred(451, "x"), {"was_uncertain": True}, Settlement("uncertain", "deferred", "451 x", NOW + MINUTE)),
        (Deferred(451, "x"), {"attempts": 70, "age": 5 * DAY}, Settlement("refused", "expired", "451 x")),
        (Uncertain("eof"), {}, Settlement("uncertain", "no-reply-after-data", "eof", NOW + 2 * MINUTE)),
        (Uncertain("eof"), {"was_uncertain": True}, Settlement("sent", "unconfirmed", "eof")),
        (TransportDown("x", False), {}, Settlement("queued", "transport-down", "x", None, False)),
        (TransportDown("x", True), {"age": 9 * DAY}, Settlement("queued", "transport-down", "x", None, False)),
        (
            TransportDown("x", False),
            {"was_uncertain": True},
            Settlement("uncertain", "transport-down", "x", None, False),
        ),
        (TransportDown("x", True, True), {}, Settlement("queued", "transport-down", "x", NOW + 5 * MINUTE, False)),
        (TransportDown("x", True, True), {"age": 5 * DAY}, Settlement("refused", "expired", "x")),
    ],
)
def test_an_outcome_makes_a_row_what_it_is(outcome: Outcome, changes: dict[str, Any], expected: Settlement) -> None:
    row: dict[str, Any] = {
        "template": "agent_reply",
        "attempts": 1,
        "was_uncertain": False,
        "age": timedelta(0),
    } | changes
    age = row.pop("age")
    assert settlement(outcome, queued_at=NOW - age, now=NOW, spread=1.0, **row) == expected


@pytest.mark.parametrize("template", sorted(NEVER_TWICE))
def test_what_must_not_come_twice_ends_as_sent_without_confirmation(template: str) -> None:
    row: dict[str, Any] = {"template": template, "attempts": 1, "queued_at": NOW, "now": NOW, "spread": 1.0}
    assert settlement(Uncertain("eof"), was_uncertain=False, **row) == Settlement("sent", "unconfirmed", "eof")
    assert is_over(template, was_uncertain=True) and not is_over(template, was_uncertain=False)
    assert not is_over("agent_reply", was_uncertain=True)


ABOUT_US = [
    ("RCPT", 554, "5.7.1 <bob@x.example>: Relay access denied"),
    ("RCPT", 550, "5.7.1 <bob@x.example>... Relaying denied"),
    ("RCPT", 550, "5.7.54 SMTP; Unable to relay recipient in non-accepted domain"),
    ("RCPT", 550, "relay not permitted"),
    ("RCPT", 553, "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
    ("RCPT", 530, "5.7.0 Authentication required"),
    ("RCPT", 550, "5.7.1 Authentication is required for relay"),
    ("RCPT", 554, "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using a list"),
    ("RCPT", 554, "5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied"),
    ("dot", 550, "5.7.60 SMTP; Client does not have permissions to send as this sender"),
    ("MAIL", 553, "5.7.1 <a@b.example>: Sender address rejected: not owned by user"),
]
ABOUT_THE_MAIL = [
    ("RCPT", 550, "5.1.1 <bob@relay.denied.example>: Recipient address rejected: User unknown"),
    ("RCPT", 550, "5.1.1 relay denied@x.example no such user here"),
    ("RCPT", 552, "5.2.2 mailbox full"),
    ("dot", 554, "5.7.1 message looks like spam"),
    ("dot", 550, "5.7.1 content blocked"),
    ("MAIL", 552, "message exceeds fixed maximum message size"),
    ("MAIL", 550, "5.3.4 too big"),
]


@pytest.mark.parametrize(("command", "code", "text"), ABOUT_US)
def test_a_server_that_will_not_have_us_is_no_fault_of_the_mail(command: str, code: int, text: str) -> None:
    outcome = judge(command, code, text)
    assert isinstance(outcome, TransportDown) and outcome.is_configuration and outcome.is_said_of_mail


@pytest.mark.parametrize(("command", "code", "text"), ABOUT_THE_MAIL)
def test_a_5xx_about_the_mail_ends_it(command: str, code: int, text: str) -> None:
    assert judge(command, code, text) == Refused(code, text)


@given(st.sampled_from(["MAIL", "RCPT", "DATA", "dot"]), st.integers(-1, 999), st.text(max_size=80))
def test_only_a_5xx_ends_a_mail(command: str, code: int, text: str) -> None:
    assert isinstance(judge(command, code, text), Deferred) != (500 <= code <= 599)


@given(st.binary(max_size=900))
def test_a_servers_words_become_one_printable_line(words: bytes) -> None:
    line = clean(words.decode("utf-8", "surrogateescape"))
    line.encode("utf-8")
    assert line.isprintable() and len(line) <= 500


@pytest.mark.parametrize("template", sorted(EXPIRES_AFTER))
def test_what_speaks_of_its_moment_ends_with_it(template: str) -> None:
    end = EXPIRES_AFTER[template]
    assert end < 5 * DAY
    assert not is_stale(template, NOW - end + MINUTE, NOW) and is_stale(template, NOW - end, NOW)
    assert next_attempt(1, NOW, NOW - end + 30 * MINUTE, 1.0, template) == NOW + MINUTE
    assert next_attempt(1, NOW, NOW - end + MINUTE / 2, 1.0, template) is None
    row: dict[str, Any] = {"template": template, "attempts": 3, "was_uncertain": False, "now": NOW, "spread": 1.0}
    assert settlement(Deferred(450, "x"), queued_at=NOW - end, **row).reason == "expired"
    assert settlement(TransportDown("x", True, True), queued_at=NOW - end, **row).reason == "expired"


def test_a_persons_words_do_not_go_stale() -> None:
    assert not is_stale("agent_reply", NOW - 9 * DAY, NOW)


@pytest.mark.parametrize(
    ("code", "text", "is_so"),
    [
        (550, "5.1.1 no such user", True),
        (550, "#5.1.1 no such user", True),
        (556, "5.1.10 null MX", True),
        (552, "mailbox full", True),
        (554, "5.2.1 disabled", True),
        (552, "5.3.4 too big", True),
        (553, "5.6.7 needs SMTPUTF8", True),
        (550, "5.1.8 bad sender", False),
        (550, "5.1.7 bad sender", False),
        (554, "5.7.1 rejected, see 5.1.1", False),
        (550, "no", False),
        (521, "does not accept mail", False),
    ],
)
def test_a_code_may_say_that_one_mail_is_meant(code: int, text: str, is_so: bool) -> None:
    assert is_of_this_mail(Refused(code, text)) is is_so


@pytest.mark.parametrize("was_uncertain", [False, True])
def test_a_refusal_that_may_be_meant_for_all_is_tried_again_before_it_is_believed(was_uncertain: bool) -> None:
    waiting, no = "uncertain" if was_uncertain else "queued", Refused(554, "no")
    once = refused_once(was_uncertain, no, NOW)
    assert once == Settlement(waiting, "refused-once", "554 no", NOW + 2 * MINUTE)


@pytest.mark.parametrize("was_uncertain", [False, True])
@pytest.mark.parametrize("reason", [AS_ALL, CUT_OFF])
def test_a_refusal_of_which_nothing_more_is_known_neither_fails_a_mail_nor_marks_it(
    reason: str, was_uncertain: bool
) -> None:
    waiting, no = "uncertain" if was_uncertain else "queued", Refused(554, "no")
    for was_refused, said in ((False, reason), (True, "refused-once")):
        row: dict[str, Any] = {
            "was_uncertain": was_uncertain,
            "was_refused": was_refused,
            "now": NOW,
            "turn": NOW + HOUR,
        }
        waits = not_judged(reason, no, template="agent_reply", queued_at=NOW - 5 * DAY + MINUTE, **row)
        assert waits == Settlement(waiting, said, "554 no", NOW + HOUR, count_attempt=False)
        for template, age in (("agent_reply", 5 * DAY), ("relance", DAY)):
            over = not_judged(reason, no, template=template, queued_at=NOW - age, **row)
            assert over == Settlement("refused", "expired", "554 no")


def test_what_was_refused_like_all_is_tried_again_one_by_one_and_within_an_hour() -> None:
    turns, last = [], None
    for _ in range(14):
        turns.append(last := next_turn(last, NOW))
    assert [(at - NOW) / MINUTE for at in turns] == [*range(5, 60, 5), 60, 60, 60]
    assert next_turn(last, NOW + DAY) == NOW + DAY + 5 * MINUTE, "an old turn counts no more"


@dataclass(frozen=True)
class Mail:
    """As much of a row as a doubt looks at."""

    recipient: str
    id: int = 1
    template: str = "agent_reply"
    sender: str = ""
    data: bytes = b""
    attempts: int = 1
    queued_at: datetime = NOW
    was_uncertain: bool = False
    was_refused: bool = False


def test_only_refusals_of_different_receivers_in_a_row_speak_against_the_server() -> None:
    doubt, no = Doubt(set()), Refused(554, "5.7.1 no")
    for n in range(MOST_IN_A_ROW - 1):
        assert doubt.add(Mail(f"c{n}@x.example"), no)
    assert doubt.add(Mail("c0@x.example"), no), "the same receiver once more"
    assert not doubt.add(Mail("last@x.example"), Refused(550, "5.1.1 no such user")), "no doubt about that one"
    assert not doubt.is_down and len(doubt.take()) == MOST_IN_A_ROW and doubt.take() == []
    doubt.accepted()
    assert doubt.add(Mail("last@x.example"), no) and not doubt.is_down, "counted anew"
    for n in range(MOST_IN_A_ROW - 1):
        doubt.add(Mail(f"c{n}@x.example"), no)
    assert doubt.is_down


def test_what_another_connection_takes_says_nothing_of_the_refusals_here() -> None:
    everyone, no = set[str](), Refused(554, "5.7.1 no")
    here, there = Doubt(everyone), Doubt(everyone)
    for n in range(MOST_IN_A_ROW):
        assert not here.is_down
        here.add(Mail(f"c{n}@x.example"), no)
        there.accepted()
    assert here.is_down and not there.is_down
    for n in range(MOST_IN_A_ROW):
        here.add(Mail(f"d{n}@x.example"), no)
    assert not there.is_down, "that one is refused everything is known"


def test_connections_that_each_were_refused_a_little_know_together_that_the_server_refuses_all() -> None:
    everyone = set[str]()
    doubts = [Doubt(everyone) for _ in range(MOST_IN_A_ROW)]
    for n, doubt in enumerate(doubts):
        doubt.add(Mail(f"c{n}@x.example"), Refused(554, "no"))
    assert all(doubt.is_down and not doubt.is_full for doubt in doubts)
    doubts[0].accepted()
    assert not any(doubt.is_down for doubt in doubts)


def test_a_connection_that_is_refused_everything_knows_it_though_others_knew_first() -> None:
    """Four were refused there before the fifth here; then mail is taken there again."""
    everyone, no = set[str](), Refused(554, "no")
    here, there = Doubt(everyone), Doubt(everyone)
    for n in range(MOST_IN_A_ROW - 1):
        there.add(Mail(f"c{n}@x.example"), no)
    for n in range(MOST_IN_A_ROW):
        here.add(Mail(f"d{n}@x.example"), no)
    there.accepted()
    assert here.is_down and not there.is_down
