"""By what a loop is known, whatever its headers say; and what a person may do without being taken for one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from desk_values import NOW, mail, settings
from hypothesis import given
from hypothesis import strategies as st

from maild.judgement import AnswerCounts, Arrival, Facts, Proof
from maild.mail import Attachment, Kind
from maild.threading.loops import arrival_of, came_at, is_counted, over_budget

LIMITS = settings().limits
FACTS = Facts(NOW, 1)


def came(text: str = "Bonjour, une question sur la facture.", *, number: int | None = None, **parts: Any) -> Arrival:
    proof = parts.pop("proof", Proof.PASS)
    return replace(arrival_of(mail(text=text, reply_text=text, **parts), FACTS, proof), number=number)


SAME = "Votre message numéro 4711 est arrivé."
SHOT = (Attachment("ecran.png", "image/png", b"1"),)
ROWS = [
    # what it is, this mail, how many like it before, what is found
    ("a first mail", came(), [], ""),
    ("the same words, nine before", came(SAME), [came(SAME)] * 9, ""),
    ("the same words, ten before", came(SAME), [came(SAME)] * 10, "same-text"),
    ("the same but for numbers", came(SAME.replace("4711", "4712")), [came(SAME)] * 10, "same-text"),
    ("the same in capitals", came(SAME.upper()), [came(SAME)] * 10, "same-text"),
    ("another Subject each time", came(SAME, subject="z"), [came(SAME, subject=s) for s in "abcdefghij"], "same-text"),
    ("a screenshot beside it", came(SAME, attachments=SHOT), [came(SAME)] * 10, ""),
    ("only screenshots, without a word", came("", attachments=SHOT), [came("")] * 10, ""),
    ("thanks on another ticket", came("Merci !", number=7), [came("Merci !", number=n) for n in range(10, 30)], ""),
    ("the same on one ticket", came(SAME, number=7), [came(SAME, number=7)] * 10, "same-text"),
    ("fifty-nine different mails", came(), [came(f"question {'x' * n} là-dessus") for n in range(59)], ""),
    ("sixty different mails", came(), [came(f"question {'x' * n} là-dessus") for n in range(60)], "too-many"),
    ("sixty on other tickets", came(number=7), [came(f"mot {'x' * n} ici", number=n + 10) for n in range(60)], ""),
    (
        "prefixes that pile up",
        came("d d d d", subject="Re: AW: Re: x"),
        [came(f"{t} mot mot mot", subject=s) for t, s in (("c", "AW: Re: x"), ("b", "Re: x"), ("a", "x"))],
        "growing-subject",
    ),
    (
        "numbered prefixes",
        came("d d d d", subject="Re[4]: x"),
        [came(f"{t} mot mot mot", subject=s) for t, s in (("c", "Re[3]: x"), ("b", "Re[2]: x"), ("a", "Re: x"))],
        "growing-subject",
    ),
    (
        "a long conversation",
        came("d d d d", subject="Re: x"),
        [came(f"{t} mot mot mot", subject="Re: x") for t in "abc"],
        "",
    ),
    (
        "prefixes of different matters",
        came("d d d d", subject="Re: Re: Re: w"),
        [came(f"{t} mot mot mot", subject=s) for t, s in (("c", "Re: Re: v"), ("b", "Re: u"), ("a", "t"))],
        "",
    ),
    ("a proved sender, unproved ones before", came(SAME), [came(SAME, proof=Proof.NONE)] * 50, ""),
    ("an unproved sender, proved ones before", came(SAME, proof=Proof.NONE), [came(SAME)] * 10, "same-text"),
]


@pytest.mark.parametrize(("what", "this", "before", "found"), ROWS, ids=[row[0] for row in ROWS])
def test_what_is_a_loop(what: str, this: Arrival, before: list[Arrival], found: str) -> None:
    assert over_budget(this, before, LIMITS) == found


@given(st.lists(st.integers(0, 10**6), min_size=20, max_size=20, unique=True))
def test_twenty_different_mails_of_a_person_are_no_loop(seeds: list[int]) -> None:
    """Whatever they are about: answers on one ticket under its Subject, each with a screenshot of its own."""
    mails = [
        came("Voici encore une capture.", number=7, subject="Re: x", attachments=(replace(SHOT[0], data=b"%d" % seed),))
        for seed in seeds
    ]
    assert not any(over_budget(this, mails[:n], LIMITS) for n, this in enumerate(mails))


@pytest.mark.parametrize(
    ("kind", "proof", "counts"),
    [
        (Kind.MESSAGE, Proof.PASS, True),
        (Kind.MESSAGE, Proof.NONE, True),
        (Kind.MESSAGE, Proof.FAIL, False),  # nobody knows who wrote it: it uses up nobody's budget
        (Kind.AUTO_REPLY, Proof.PASS, False),
        (Kind.BOUNCE, Proof.PASS, False),
    ],
)
def test_which_mails_are_counted(kind: Any, proof: Any, counts: bool) -> None:
    assert is_counted(mail(kind=kind), proof) == counts


@pytest.mark.parametrize(("seconds", "is_prompt"), [(0, False), (1, True), (120, True), (121, False)])
def test_a_machine_answers_within_two_minutes(seconds: int, is_prompt: bool) -> None:
    facts = Facts(NOW, 1, answers=AnswerCounts(last_to_sender=NOW - timedelta(seconds=seconds)))
    assert arrival_of(mail(), facts, Proof.PASS).is_prompt == is_prompt


RECEIVED = "from x by mx.isybuy.example with ESMTP id 1; "


@pytest.mark.parametrize(
    ("headers", "at"),
    [
        ((), NOW),
        ((("Received", RECEIVED + "Sun, 22 Nov 2026 10:00:00 +0100"),), datetime(2026, 11, 22, 9, tzinfo=UTC)),
        ((("Received", RECEIVED + "Sun, 22 Nov 2026 09:00:00 -0000"),), datetime(2026, 11, 22, 9, tzinfo=UTC)),
        ((("Received", RECEIVED + "Tue, 24 Nov 2026 10:00:00 +0100"),), NOW),  # a clock that goes ahead
        ((("Received", RECEIVED + "yesterday"),), NOW),
        ((("Received", "; " * 5_000),), NOW),
        (  # below the top the sender writes
            (
                ("Received", "by mx; Sun, 22 Nov 2026 09:00:00 +0000"),
                ("Received", "by y; 1 Jan 2021 00:00:00 +0000"),
            ),
            datetime(2026, 11, 22, 9, tzinfo=UTC),
        ),
    ],
)
def test_mails_that_waited_keep_the_time_between_them(headers: Any, at: datetime) -> None:
    assert came_at(mail(headers=headers), NOW) == at


@given(st.text(max_size=600), st.text(max_size=400))
def test_any_words_at_all_are_marked(subject: str, text: str) -> None:
    assert came(text, subject=subject) == came(text, subject=subject)
