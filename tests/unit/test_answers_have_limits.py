"""No machine, no forger and no stranger makes maild write more than a few mails (reliability 6.3)."""

from typing import Any

import pytest
from desk_values import NOW, mail, settings

from maild.judgement import AnswerCounts, Facts, Owner, Proof
from maild.mail import Address
from maild.threading.limits import why_no_answer, why_no_question

ACK, REFUSAL = "acknowledgement", "plain_reply_refused"
DORA = "dora@inconnu.example"


ALICE = "alice@client-a.example"


def ask(
    sender: Any = ALICE,
    *,
    template: Any = ACK,
    proof: Any = Proof.PASS,
    counts: Any = None,
    verified: Any = False,
    limits: Any = None,
    **parts: Any,
) -> Any:
    facts = Facts(NOW, 1, answers=counts or AnswerCounts(), has_verified_exchange=verified)
    return why_no_answer(template, mail(sender, **parts), proof, facts, settings(limits=limits or {}))


def lately(template: Any = ACK, *, day: Any = 0, week: Any = 0, domain: Any = 0, total: Any = 0) -> AnswerCounts:
    return AnswerCounts({template: day}, day, week or day, domain, total)


ROWS = [
    ("a known customer", ask(), ""),
    ("nobody judges", ask(proof=Proof.UNVERIFIED), ""),
    ("an unknown sender, the first time", ask(DORA, proof=Proof.NONE), ""),
    ("authentication failed", ask(proof=Proof.FAIL), "authentication-failed"),
    ("a machine", ask(auto_respond=False), "automatic-mail"),
    ("a null return path", ask(return_path=""), "null-return-path"),
    ("the same domain's return path", ask(proof=Proof.NONE, return_path="a@client-a.example"), ""),
    ("a subdomain's return path", ask(proof=Proof.NONE, return_path="a@mail.client-a.example"), ""),
    ("a foreign return path", ask(proof=Proof.NONE, return_path="x@evil.example"), "foreign-return-path"),
    ("a foreign return path, but proof", ask(return_path="x@relay.example"), ""),
    ("our own address", ask("support@isybuy.example"), "own-address"),
    ("not addressed to us (Bcc)", ask(to=(Address("list@x.example"),)), "not-addressed-to-us"),
    ("a known customer's twentieth of the day", ask(counts=lately(day=20)), "daily-limit"),
    ("a known customer's nineteenth", ask(counts=lately(day=19)), ""),
    ("a second refusal of the kind", ask(template=REFUSAL, counts=lately(REFUSAL, day=1)), "refused-already-today"),
    ("a refusal of another kind", ask(template=REFUSAL, counts=lately("bad_reference_refused", day=1)), ""),
    ("an unknown sender's second of the day", ask(DORA, counts=lately(day=1)), "daily-limit"),
    ("an unknown sender's fourth of the week", ask(DORA, counts=lately("x", day=0, week=3)), "weekly-limit"),
    ("who wrote before with proof is known", ask(DORA, verified=True, counts=lately(day=5)), ""),
    ("a flood from one domain", ask(DORA, counts=lately("x", domain=20)), "domain-limit"),
    ("a flood from everywhere", ask(DORA, counts=lately("x", total=100)), "hourly-limit"),
    ("the floods do not touch known customers", ask(counts=lately("x", domain=20, total=100)), ""),
    ("limits:known_per_day", ask(counts=lately(day=1), limits={"known_per_day": 1}), "daily-limit"),
    ("limits:refusals_per_day", ask(template=REFUSAL, limits={"refusals_per_day": 0}), "refused-already-today"),
    ("limits:unknown_per_day", ask(DORA, limits={"unknown_per_day": 0}), "daily-limit"),
    ("limits:unknown_per_week", ask(DORA, limits={"unknown_per_week": 0}), "weekly-limit"),
    ("limits:unknown_per_domain_hour", ask(DORA, limits={"unknown_per_domain_hour": 0}), "domain-limit"),
    ("limits:unknown_per_hour", ask(DORA, limits={"unknown_per_hour": 0}), "hourly-limit"),
]


@pytest.mark.parametrize(("what", "seen", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_who_may_be_answered(what: Any, seen: Any, expected: Any) -> None:
    assert seen == expected


def may_ask(*, today: Any = 0, proof: Any = Proof.PASS, stopped: Any = False, limits: Any = None, **parts: Any) -> str:
    facts = Facts(NOW, 1, owner=Owner(Address(ALICE), today), answers=AnswerCounts(is_stopped=stopped))
    return why_no_question(mail(DORA, **parts), proof, facts, settings(limits=limits or {}))


QUESTIONS = [
    ("somebody says that Alice's account is theirs", may_ask(), ""),
    ("a second time in a day, whoever says so", may_ask(today=1), "asked-already-today"),
    ("limits:refusals_per_day", may_ask(today=1, limits={"refusals_per_day": 2}), ""),
    ("nothing proves who says so", may_ask(proof=Proof.NONE), "unproved"),
    ("nobody judges who says so", may_ask(proof=Proof.UNVERIFIED), "unproved"),
    ("a machine says so", may_ask(auto_respond=False), "automatic-mail"),
    ("automatic answers are stopped", may_ask(stopped=True), "answers-stopped"),
]


@pytest.mark.parametrize(("what", "seen", "expected"), QUESTIONS, ids=[row[0] for row in QUESTIONS])
def test_whether_an_owner_may_be_asked(what: Any, seen: Any, expected: Any) -> None:
    assert seen == expected


def test_nobody_is_asked_where_no_account_was_named() -> None:
    assert why_no_question(mail(DORA), Proof.PASS, Facts(NOW, 1), settings()) == "nobody-named"
