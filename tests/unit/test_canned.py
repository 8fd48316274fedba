"""Ready answers of the rules: what leaves, in which language, and what stops the mail."""

from dataclasses import replace
from typing import Any

import pytest
from desk_values import LEA, NOW, RING, mail, settings, ticket
from pydantic import ValidationError

from maild.agent_words import AgentWords
from maild.config.desk import open_desk
from maild.judgement import Candidate, Carrier, Facts, Proof, Purpose, Reference, VerdictName
from maild.plan.agents_words import agents_words
from maild.plan.canned import LONGEST_SHOWN, filled_in, listed
from maild.settings.answers import PLACES
from maild.threading.case import Case
from maild.threading.verdict import judge

ANSWERS = {
    "export": {"fr": "Bonjour {{ name }},\nvoir « {{subject}} » n° {{ number }}.", "en": "Dear {{ name }}."},
    "Clé perdue": "{{ desk }}: {{ product }}, {{ type }}.",
    "interne": "Écrivez à marc@isybuy.example.",
}
DESK = open_desk(settings(answers=ANSWERS), RING)


def said(text: str, *, desk: Any = DESK, reply: bool = True) -> tuple[AgentWords, VerdictName]:
    received = mail("lea@isybuy.example", text=text, reply_text=text)
    found = (Reference(Candidate(Carrier.ADDRESS, Purpose.REPLY, 1042, 2, "7", "X"), "", LEA),) if reply else ()
    facts = Facts(NOW, 3000, tickets={1042: ticket()})
    case = Case(received, found, facts, desk.settings, desk.settings.mailboxes["support"], Proof.PASS)
    case = replace(case, words=agents_words(desk, case))
    return case.words, judge(case).name


EXPORT = "Bonjour Alice Durand,\nvoir « Impossible d'exporter la facture » n° 1042."


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("#reply export", EXPORT),
        ("#modele EXPORT", EXPORT),
        ("#modèle export", EXPORT),
        ("Comme convenu.\n#reply export", f"Comme convenu.\n\n{EXPORT}"),
        ("#reply export\nComme convenu.\n#pending", f"Comme convenu.\n\n{EXPORT}"),
        ("#reply cle perdue", "Support iSYBUY:,."),
    ],
)
def test_an_answer_stands_below_what_was_typed(written: str, text: str) -> None:
    words, verdict = said(written)
    assert (words.text, words.problems, verdict) == (text, (), VerdictName.AGENT_REPLY)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("#reply exprot", ("no-such-answer", "exprot")),
        ("Voici.\n#reply", ("missing-argument", "#reply")),
        ("#reply interne", ("agents-address", "marc@isybuy.example")),
    ],
)
def test_in_doubt_nothing_leaves(written: str, problem: tuple[str, str]) -> None:
    assert problem in said(written)[0].problems


def test_without_any_it_says_so() -> None:
    assert ("no-answers", "export") in said("#reply export", desk=open_desk(settings(), RING))[0].problems


def test_on_no_ticket_it_goes_back() -> None:
    assert said("#reply export", reply=False)[1] is VerdictName.AGENT_COMMAND


def test_a_note_may_hold_one() -> None:
    assert said("#note\n#reply export")[1] is VerdictName.AGENT_NOTE


def test_what_is_not_known_is_left_out_with_the_blank_before_it() -> None:
    nobody = replace(ticket(), participants=(replace(ticket().participants[0], name=""), LEA))
    assert filled_in(DESK, nobody, "export").startswith("Bonjour,\n")


def test_it_is_in_the_customers_language() -> None:
    assert filled_in(DESK, replace(ticket(), language="en"), "export") == "Dear Alice Durand."


def test_what_a_customer_wrote_is_no_place() -> None:
    tricky = replace(ticket(), subject="{{ number }} {% x %}")
    assert "« {{ number }} {% x %} »" in filled_in(DESK, tricky, "export")


@pytest.mark.parametrize(
    "wrong", ["{{ nmae }}", "{{ name", "name }}", "{% if x %}", "{# x #}", "{{ ticket.number }}", ""]
)
def test_a_mistake_in_one_is_named_when_the_file_is_read(wrong: str) -> None:
    with pytest.raises(ValidationError) as error:
        settings(answers={"a": wrong})
    if "nmae" in wrong:
        assert all(name in str(error.value) for name in PLACES)


def test_help_lists_them() -> None:
    long = open_desk(settings(answers={"long": "mot " * 100}), RING)
    [(how, text)] = listed(long, "reply", "en")
    assert how == "#reply long"
    assert len(text) <= LONGEST_SHOWN + 1
