"""Of which kind is a request: by the customer's own line, else by its subject, else by its text?"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from desk_values import NOW, ticket
from rules_files import RULES, write

from maild.config.load import check, load
from maild.decision import Matter, Occasion, Rota
from maild.mail import Address, ParsedMail
from maild.rules.decide import decide
from maild.rules.named import words_for
from maild.settings import Settings

KINDS: dict[str, Any] = {
    "bug": ["bug", "plante", "erreur"],
    "evolution": {"words": ["évolution", "nouvelle fonction"]},
    "outage": {"type": "incident", "words": "rupture de service"},
    "question": {},
}
BASE: dict[str, Any] = {
    "version": 1,
    "site": {"name": "Support", "reference": "ISY", "key": {"env": "KEY"}},
    "mailboxes": {"support": {"address": "support@isybuy.example"}},
    "admin": "admin@isybuy.example",
    "people": {"agents": [{"name": "Léa Martin", "address": "lea@isybuy.example"}]},
    "queues": {"support": {}},
}


def settings(kinds: dict[str, Any] = KINDS, **blocks: Any) -> Settings:
    return Settings.model_validate({**BASE, "kinds": kinds, **blocks})


def mail(subject: str, text: str = "") -> ParsedMail:
    return ParsedMail(Address("alice@client-a.example"), subject, text, reply_text=text)


def kind(subject: str, text: str = "", desk: Settings | None = None) -> str:
    return decide(desk or settings(), Matter(Occasion.OPENED, "support", NOW, mail(subject, text)), Rota()).type


@pytest.mark.parametrize(
    ("subject", "text", "wanted"),
    [
        ("Une erreur à l'export", "", "bug"),
        ("Export", "Il y a des ERREURS.", "bug"),
        ("Une évolution", "Il y a une erreur.", "evolution"),  # the subject before the text
        ("Erreur depuis l'évolution", "", "bug"),  # the order of the file, not that of the words
        ("Nouvelles fonctions", "", "evolution"),
        ("Nouvelle et belle fonction", "", "question"),
        ("Rupture de service", "", "incident"),
        ("Export", "Comment faire ?", "question"),
        ("Erreur à l'export", "Type : évolution", "evolution"),  # the customer's own line before all
        ("Erreur à l'export", "Type : outage", "incident"),
        ("Erreur à l'export", "Type : Question", "question"),
        ("Erreur à l'export", "Type : autre chose", "bug"),
    ],
)
def test_the_line_decides_then_the_subject_then_the_text(subject: str, text: str, wanted: str) -> None:
    assert kind(subject, text) == wanted


def test_without_a_kind_for_the_rest_a_request_has_no_type() -> None:
    assert kind("Bonjour", desk=settings({"bug": ["bug"]})) == ""


def test_what_was_quoted_says_nothing() -> None:
    quoted = replace(mail("Export"), text="Comment faire ?\n> une erreur", reply_text="Comment faire ?")
    assert decide(settings(), Matter(Occasion.OPENED, "support", NOW, quoted), Rota()).type == "question"


def test_rules_see_the_kind_and_may_say_another() -> None:
    desk = settings(
        rules=[
            {"name": "bugs", "if": {"type": "bug"}, "then": {"tags": "seen"}},
            {"name": "training", "if": {"subject": {"contains": "cours"}}, "then": {"type": "training"}},
        ]
    )
    found = decide(desk, Matter(Occasion.OPENED, "support", NOW, mail("Erreur pendant le cours")), Rota())
    assert (found.tags, found.type) == (("seen",), "training")


@pytest.mark.parametrize(
    ("subject", "text", "wanted"),
    [
        ("Droits de Paul", "", ("rights",)),
        ("Droits de Paul", "Type : question", ()),  # the kind of that name, before another of that type
        ("Paramétrage des droits", "", ("settings", "menu")),
        ("Export", "Type : droits", ("rights",)),
        ("Export", "", ()),
    ],
)
def test_kinds_of_one_type_are_told_apart_by_tags(subject: str, text: str, wanted: tuple[str, ...]) -> None:
    desk = settings(
        {
            "settings": {"type": "question", "tags": ["settings", "menu"], "words": "paramétrage"},
            "rights": {"type": "question", "tags": "rights", "words": "droits"},
            "question": {},
        }
    )
    found = decide(desk, Matter(Occasion.OPENED, "support", NOW, mail(subject, text)), Rota())
    assert (found.type, found.tags) == ("question", wanted)


def test_a_rule_that_takes_the_type_takes_none_but_a_known_one() -> None:
    desk = settings(rules=[{"name": "all", "then": {"take": "type"}}])
    assert kind("Erreur", "Type : nimporte", desk) == "bug"
    assert kind("Erreur", "Type : evolution", desk) == "evolution"


def test_a_ticket_that_is_open_keeps_its_type() -> None:
    matter = Matter(
        Occasion.CUSTOMER_REPLIED, "support", NOW, mail("Une erreur"), ticket=replace(ticket(), type="sales")
    )
    assert decide(settings(), matter, Rota()).type == "sales"


def test_the_explanation_names_the_kind_its_line_and_the_word(tmp_path: Path) -> None:
    desk = load(write(tmp_path, f"{RULES}kinds:\n  bug:\n    - erreur\n"))
    (trial, *_) = decide(desk, Matter(Occasion.OPENED, "support", NOW, mail("Erreurs")), Rota()).trials
    assert (trial.rule, trial.fired, trial.why) == ("kinds: bug", True, "subject contains 'erreur'")
    assert desk.text.splitlines()[trial.line - 1] == "  bug:"


def test_agents_may_name_any_type_of_a_kind() -> None:
    assert words_for(settings(), "type") == ("bug", "evolution", "incident", "question")


@pytest.mark.parametrize(
    ("kinds", "what"),
    [
        ("{question: {}, bug: bug}", "give it words, or write it last"),
        ("{bug: [bug, '!']}", "'!' has no word to look for"),
        ("{bug: [bug], incident: [panne, Bug]}", "'Bug' never makes it 'incident': 'bug' above has the same word"),
        ("{bug: {word: bug}}", "unknown key 'word'"),
        ("{bug: []}", "write at least one entry"),
    ],
)
def test_check_names_what_cannot_be_recognised(tmp_path: Path, kinds: str, what: str) -> None:
    problems = check(write(tmp_path, f"{RULES}kinds: {kinds}\n"))
    assert any(what in p.what and p.line == len(RULES.splitlines()) + 1 for p in problems), problems
