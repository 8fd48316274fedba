"""Does a condition hold exactly when its words say so, and does it say why?"""

from typing import Any

import pytest
from desk_values import NOW, settings
from hypothesis import given
from hypothesis import strategies as st

from maild.decision import Matter, Occasion
from maild.mail import Address, ParsedMail
from maild.rules import conditions
from maild.rules.seen import Answer, Seen
from maild.rules.text_tests import pattern_fault
from maild.rules.words import LONGEST
from maild.settings import Condition, Settings
from maild.settings.conditions import SubjectTest

DESK: Settings = settings()
ALICE = Address("Alice@Support.Client-A.example", "Alice Durand")


def condition(**tests: Any) -> Condition:
    """As in the file; `from_`, `is_` and so on stand for from, is."""
    return Condition.model_validate({name.rstrip("_"): test for name, test in tests.items()})


def holds(written: Condition, mail: ParsedMail, mailbox: str = "support", **known: Any) -> Answer:
    return conditions.holds(written, Seen(DESK, Matter(Occasion.OPENED, mailbox, NOW, mail, **known)))


def is_true(written: Condition, **mail: Any) -> bool:
    return holds(written, ParsedMail(**{"sender": ALICE, **mail}), "support")[0]


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("bug", "Un BUG !"),
        ("bug", "Des bugs"),
        ("erreur", "erreurs."),
        ("évolution", "L’evolution demandée"),
        ("evolution", "ÉVOLUTIONS"),
        ("évolution", "e\u0301volution"),
        ("nouveau", "de nouveaux écrans"),
        ("ancien", "mon ancienne facture"),
        ("ancien", "anciennes"),
        ("net", "une copie nette"),
        ("commercial", "renseignements commerciaux"),
        ("commercial", "la direction commerciale"),
        ("nouvelle fonction", "de nouvelles\n fonctions"),
        ("nouvelle fonction", "nouvelle\u00a0fonction"),
        ("rupture de service", "RUPTURE DE SERVICE:"),
        ("e-mail", "mes e-mails"),
        ("e-mail", "e‑mail"),
        ("plante", "(plante)"),
        ("plante", "il plante,ou pas"),
        ("plante", "l'écran qui plante_"),
        ("œuvre", "Oeuvre"),
        ("404", "HTTP-404:"),
        ("C++", "en C ?"),
    ],
)
def test_a_word_is_found_in_any_case_accent_and_ending(word: str, text: str) -> None:
    written = condition(subject={"contains": word})
    assert is_true(written, subject=text)
    assert not is_true(written, subject="rien de tel")


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("bug", "débugger"),
        ("bug", "bugzilla"),
        ("erreur", "la terreur"),
        ("tarif", "tarification"),
        ("incident", "incidentologie"),
        ("nouvelle fonction", "fonction nouvelle"),
        ("nouvelle fonction", "nouvelle et fonction"),
        ("rupture totale", "rupture"),
        ("404", "4040"),
        ("404", "404s"),
        ("a", "as"),
    ],
)
def test_a_part_of_a_word_is_not_the_word(word: str, text: str) -> None:
    assert not is_true(condition(subject={"contains": word}), subject=text)


def test_one_of_several_words_is_enough_and_is_named() -> None:
    written = condition(subject={"contains": ["plante", "erreur"]})
    assert holds(written, ParsedMail(ALICE, "Une erreur"), "support") == (True, "subject contains 'erreur'")
    why = "subject contains no 'plante', 'erreur'; it is 'Bonjour'"
    assert holds(written, ParsedMail(ALICE, "Bonjour"), "support") == (False, why)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("stack ?trace", "voir la StackTrace jointe", True),
        ("^re:", "Re: facture", True),
        ("^re:", "Facture re: 12", False),
        ("n° ?: 12", "N°\u00a0: 12", True),
        ("l'écran", "l’Écran", True),
        ("l'e\u0301cran", "l'écran", True),
        ("ecran", "écran", False),
        (r"\bINC-\d{4}\b", "inc-1234", True),
    ],
)
def test_a_pattern_is_looked_for_anywhere_in_any_case(pattern: str, text: str, expected: bool) -> None:
    assert is_true(condition(subject={"matches": pattern}), subject=text) is expected


def test_the_worst_pattern_on_the_longest_text_is_no_danger() -> None:
    text = "a" * (LONGEST - 1) + "b" + "needle"
    assert not is_true(condition(body={"matches": r"(a+)+$"}), text=text)
    assert not is_true(condition(body={"matches": "needle"}), text=text)
    assert not is_true(condition(body={"contains": "needle"}), text="x " * (LONGEST // 2) + "needle")
    assert is_true(condition(body={"contains": "needle"}), text="x " * (LONGEST // 2 - 4) + "needle")


@pytest.mark.parametrize("pattern", ["(", r"(.)\1", "(?=x)", "(?<!x)y", "a{1001}", "[z-a]", "*"])
def test_a_pattern_that_is_not_linear_has_a_fault(pattern: str) -> None:
    assert pattern_fault(pattern)


def test_a_whole_value_is_compared_without_case_accents_and_outer_blanks() -> None:
    written = condition(subject={"is": ["Bonjour", "Élan"]})
    assert is_true(written, subject=" bonjour ")
    assert is_true(written, subject="elan")
    assert not is_true(written, subject="bonjour !")
    assert not is_true(written, subject="")


def test_all_tests_of_one_text_must_hold() -> None:
    written = condition(subject={"contains": "facture", "matches": r"\d"})
    assert is_true(written, subject="Facture 12")
    assert not is_true(written, subject="Facture")
    assert not is_true(written, subject="12")


def test_the_body_is_what_was_newly_written() -> None:
    written = condition(body={"contains": "erreur"})
    assert is_true(written, text="une erreur")
    assert is_true(written, text="merci\n> bonjour", reply_text="une erreur")
    assert not is_true(written, text="merci\n> une erreur", reply_text="merci")
    assert not is_true(written, subject="une erreur", text="bonjour")


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ({"address": "alice@support.client-a.example"}, True),
        ({"address": ["x@y.example", "ALICE@SUPPORT.client-a.example"]}, True),
        ({"address": "bob@support.client-a.example"}, False),
        ({"domain": "support.client-a.example"}, True),
        ({"domain": "Support.Client-A.EXAMPLE"}, True),
        ({"domain": ".client-a.example"}, True),
        ({"domain": "client-a.example"}, False),
        ({"domain": ".support.client-a.example"}, False),
        ({"domain": ".a.example"}, False),
        ({"domain": ["x.example", ".example"]}, True),
        ({"name": {"contains": "durand"}}, True),
        ({"name": {"is": "durand"}}, False),
        ({"domain": ".client-a.example", "name": {"contains": "bruno"}}, False),
        ({"address": "alice@support.client-a.example", "domain": "x.example"}, False),
    ],
)
def test_the_sender_is_told_by_address_domain_and_name(test: dict[str, Any], expected: bool) -> None:
    assert is_true(condition(from_=test)) is expected


def test_a_domain_in_another_alphabet_is_the_same_domain() -> None:
    written = condition(from_={"domain": "société.example"})
    assert is_true(written, sender=Address("a@xn--socit-esab.example"))


def test_a_mail_without_a_single_sender_is_from_nobody() -> None:
    assert holds(condition(from_={"domain": "x.example"}), ParsedMail(None), "support") == (False, "no single sender")


def test_a_header_is_tested_by_each_of_its_name() -> None:
    written = condition(header={"x-priority": {"matches": "^[12]"}})
    assert is_true(written, headers=(("X-Priority", "3"), ("X-PRIORITY", "1 (Highest)")))
    assert not is_true(written, headers=(("X-Priority", "3"),))
    assert holds(written, ParsedMail(ALICE), "support") == (False, "no header x-priority")
    both = condition(header={"A": {"is": "1"}, "B": {"is": "2"}})
    assert is_true(both, headers=(("A", "1"), ("B", "2")))
    assert not is_true(both, headers=(("A", "1"),))


def test_the_mailbox_is_told_by_its_name() -> None:
    assert is_true(condition(mailbox=["direct", "support"]))
    assert not is_true(condition(mailbox="direct"))


def test_any_all_and_not() -> None:
    bug, urgent = {"subject": {"contains": "bug"}}, {"subject": {"contains": "urgent"}}
    for subject, any_, all_, not_ in (
        ("bug urgent", True, True, False),
        ("bug", True, False, False),
        ("urgent", True, False, True),
        ("rien", False, False, True),
    ):
        assert is_true(condition(any_=[bug, urgent]), subject=subject) is any_
        assert is_true(condition(all_=[bug, urgent]), subject=subject) is all_
        assert is_true(condition(not_=bug), subject=subject) is not_
    assert is_true(condition(any_=[{"not": bug}, {"all": [bug, urgent]}]), subject="bug urgent")


def test_every_test_of_a_condition_must_hold() -> None:
    written = condition(subject={"contains": "bug"}, mailbox="support", not_={"body": {"contains": "merci"}})
    assert is_true(written, subject="bug", text="bonjour")
    assert not is_true(written, subject="bug", text="merci")
    assert not is_true(written, subject="rien", text="bonjour")


def test_an_empty_condition_always_holds() -> None:
    assert holds(Condition(), ParsedMail(None), "x") == (True, "no condition")


def test_reasons_are_short_and_name_what_counted() -> None:
    mail = ParsedMail(ALICE, "bug", headers=(("X-A", "1"),))
    for tests, expected in (
        ({"mailbox": "direct"}, "mailbox is not 'direct'"),
        ({"mailbox": "support", "subject": {"is": "bug"}}, "mailbox is 'support' and subject is 'bug'"),
        ({"header": {"X-A": {"matches": "[12]"}}}, "header X-A matches '[12]'"),
        ({"not_": {"subject": {"contains": "x"}}}, "subject contains no 'x'; it is 'bug'"),
        ({"not_": {"subject": {"contains": "bug"}}}, "not: subject contains 'bug'"),
        ({"subject": {"contains": list("abcde")}}, "subject contains no 'a', 'b', 'c' or 2 more; it is 'bug'"),
    ):
        assert holds(condition(**tests), mail, "support")[1] == expected


@given(text=st.text(st.characters(), max_size=200), word=st.text(st.characters(), min_size=1, max_size=10))
def test_any_text_can_be_tested(text: str, word: str) -> None:
    """Half characters, control characters, nothing at all: no text makes a condition fail."""
    for test in (
        SubjectTest.model_construct(contains=(word,)),
        SubjectTest.model_construct(is_=(word,)),
        SubjectTest.model_construct(matches=r"[^a]+\d?"),
    ):
        answer, why = holds(Condition.model_construct(subject=test), ParsedMail(ALICE, text), "support")
        assert isinstance(answer, bool)
        assert why


@given(text=st.text(st.characters(), max_size=50))
def test_a_text_is_itself_whatever_is_in_it(text: str) -> None:
    same = Condition.model_construct(subject=SubjectTest.model_construct(is_=(text,)))
    assert is_true(same, subject=f" {text} ")
