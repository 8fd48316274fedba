"""Which priority does a request get, by whose word, and what do an agent's #priority and its neighbours make of it?"""

from typing import Any

import pytest
from desk_values import ALICE, LEA, NOW, settings, ticket

from maild.agent_words import Command
from maild.decision import Decision, Matter, Occasion, Rota
from maild.judgement import (
    Facts,
)
from maild.lifecycle import Status
from maild.mail import Address, ParsedMail
from maild.people.command_table import TABLE
from maild.people.commands import read_words
from maild.plan.matters import opening
from maild.plan.problems import in_sentences
from maild.plan.qualifying import CHANGED, CONFIRMED, Qualified, at_opening, news_of, qualified
from maild.plan.wording import result_text
from maild.rules.decide import decide
from maild.rules.priority import by_matrix
from maild.settings import Priorities
from maild.settings.values import LEVELS, PRIORITIES
from maild.ticket import Ticket
from maild.writing.wording import level, word

MATRIX = {
    "high": {"high": "critical", "medium": "high", "low": "normal"},
    "medium": {"high": "high", "medium": "low", "low": "low"},  # its middle is another than the usual one
    "low": {"high": "normal", "medium": "low", "low": "low"},
}
TAKES = {"name": "takes", "then": {"take": ["priority", "impact", "urgency"]}}


def decided(text: str, *rules: dict[str, Any], **matrix: Any) -> Decision:
    """What these rules make of a mail with that text."""
    named = [{"name": str(n)} | rule for n, rule in enumerate(rules)]
    desk = settings(rules=named, priorities=matrix or {"matrix": MATRIX})
    return decide(desk, opening(desk, "support", ParsedMail(ALICE_WRITES, "Export", text, text), Facts(NOW, 1)), Rota())


ALICE_WRITES = Address(ALICE.address, ALICE.name)
BOTH = "Impact : élevé\nUrgence : élevée"


@pytest.mark.parametrize(
    ("what", "text", "rules", "priority", "why"),
    [
        ("nobody says anything", "", [TAKES], "low", "by the matrix: impact medium (nobody said), urgency medium (nob"),
        ("no rule takes it", BOTH, [], "low", "by the matrix: impact medium (nobody said)"),
        ("both are taken", BOTH, [TAKES], "critical", "by the matrix: impact high, urgency high"),
        ("one is taken", "Impact : élevé", [TAKES], "high", "by the matrix: impact high, urgency medium (nobody said)"),
        ("a rule says one", BOTH, [{"then": {"impact": "low"}}], "low", "by the matrix: impact low"),
        ("the customer's word", f"Priorité : basse\n{BOTH}", [TAKES], "low", "by rule 'takes' (line 0), which takes"),
        ("a rule's word below", "Priorité : basse", [TAKES, {"then": {"priority": "high"}}], "high", "by rule '1'"),
        ("a rule's word above", "Priorité : basse", [{"then": {"priority": "high"}}, TAKES], "low", "by rule 'takes'"),
        ("above, and nothing stated", BOTH, [{"then": {"priority": "high"}}, TAKES], "high", "by rule '0' (line 0)"),
        ("a word that is unknown", f"Priorité : ASAP\n{BOTH}", [TAKES], "critical", "by the matrix"),
    ],
)
def test_which_word_counts(what: str, text: str, rules: list[dict[str, Any]], priority: str, why: str) -> None:
    found = decided(text, *rules)
    assert (found.priority, found.why_priority[: len(why)]) == (priority, why)


def test_without_a_matrix_it_is_normal() -> None:
    found = decided(BOTH, TAKES, tell="nobody")
    assert (found.priority, found.why_priority, found.impact) == ("normal", "", "high")


def test_rules_below_see_the_priority_of_the_matrix() -> None:
    critical = {"if": {"priority": "critical"}, "then": {"queue": "support", "tags": "call"}}
    assert decided(BOTH, TAKES, critical).tags == ("call",)
    assert decided(BOTH, critical, TAKES).tags == ()


@pytest.mark.parametrize("impact", ["", *LEVELS])
@pytest.mark.parametrize("urgency", ["", *LEVELS])
def test_each_cell_of_the_matrix_counts_and_a_gap_is_normal(impact: str, urgency: str) -> None:
    rows: dict[str, dict[str, str]] = MATRIX
    whole = Priorities.model_validate({"matrix": MATRIX})
    assert by_matrix(whole, impact, urgency) == rows[impact or "medium"][urgency or "medium"]
    gap = Priorities.model_validate({"matrix": {"low": {"low": "critical"}}})
    assert by_matrix(gap, impact, urgency) == ("critical" if (impact, urgency) == ("low", "low") else "normal")
    assert by_matrix(Priorities(), impact, urgency) == ""


def test_what_a_rule_takes_and_nobody_states_is_known() -> None:
    assert decided("Impact : élevé", TAKES).unstated == ("priority", "urgency")
    assert decided("Priorité : ASAP", {"then": {"take": "priority"}}).unstated == ("priority",)
    assert decided("Priorité : haute").unstated == ()


def later(before: Ticket, text: str, *actions: dict[str, Any]) -> str:
    """The priority of an open ticket after its customer has written that."""
    rules = [{"name": str(n), "on": "customer_replied", "then": then} for n, then in enumerate(actions)]
    desk = settings(rules=rules, priorities={"matrix": MATRIX})
    mail = ParsedMail(ALICE_WRITES, "Re: Export", text, text)
    matter = Matter(Occasion.CUSTOMER_REPLIED, "support", NOW, mail, None, before)
    return decide(desk, matter, Rota()).priority


TAKE = {"take": ["priority", "impact", "urgency"]}


@pytest.mark.parametrize(
    ("what", "before", "text", "actions", "priority"),
    [
        ("nothing is said", {"priority": "high"}, "Bonjour", [TAKE], "high"),
        ("a rule says something else", {"priority": "high"}, "Bonjour", [{"tags": ["a"]}], "high"),
        ("the customer's word", {"priority": "high"}, "Priorité : critique", [TAKE], "critical"),
        ("an impact that is new", {"priority": "normal"}, "Impact : élevé", [TAKE], "high"),
        ("the impact that it has", {"priority": "low", "impact": "high"}, "Impact : élevé", [TAKE], "low"),
        ("an agent has said one", {"priority": "low", "qualified_by": LEA.key}, "Priorité : critique", [TAKE], "low"),
        ("an agent has, and a rule", {"priority": "low", "qualified_by": LEA.key}, "", [{"impact": "high"}], "low"),
        ("the rule names it", {"priority": "low", "qualified_by": LEA.key}, "", [{"priority": "high"}], "high"),
    ],
)
def test_on_an_open_ticket(
    what: str, before: dict[str, Any], text: str, actions: list[dict[str, Any]], priority: str
) -> None:
    assert later(ticket(**before), text, *actions) == priority


def commanded(lines: str, before: Ticket | None = None, **priorities: Any) -> Qualified:
    """What these commands of Léa's do."""
    words = read_words(ParsedMail(Address(LEA.address), "x", lines, lines), Address(LEA.address, LEA.name))
    assert words.problems == ()
    desk = settings(priorities=priorities or {"matrix": MATRIX, "tell": "customer"})
    return qualified(desk, before or ticket(), words.commands, by=LEA.address, key=LEA.key, language="fr")


@pytest.mark.parametrize(
    ("lines", "changes", "told"),
    [
        ("#priority high", {"priority": "high"}, CHANGED),
        ("#PRIORITÉ : Haute", {"priority": "high"}, CHANGED),
        ("#priorite normale", {"priority": "normal"}, CONFIRMED),
        ("#impact élevé\n#urgence élevée", {"priority": "critical", "impact": "high", "urgency": "high"}, CHANGED),
        ("#impact eleve", {"priority": "high", "impact": "high", "urgency": ""}, CHANGED),
        ("#urgency high\n#impact low", {"priority": "normal", "impact": "low"}, ""),
        ("#impact high\n#priority low", {"priority": "low", "impact": "high"}, CHANGED),
        ("#tag a, b\n#tag b", {"priority": "normal", "tags": ("a", "b")}, ""),
        ("#produit Gestion", {"product": "Gestion"}, ""),
    ],
)
def test_what_an_agent_makes_of_it(lines: str, changes: dict[str, Any], told: str) -> None:
    done = commanded(lines)
    assert done.problems == ()
    assert {name: getattr(done.ticket, name) for name in changes} == changes
    assert done.told == told
    assert bool(done.ticket.qualified_by) == ("prior" in lines.lower() or "impact" in lines or "urg" in lines)


def test_without_a_matrix_an_impact_leaves_the_priority() -> None:
    done = commanded("#impact high", tell="customer")
    assert (done.ticket.impact, done.ticket.priority, done.told) == ("high", "normal", "")


def test_whether_the_customer_is_told_is_for_the_rules_to_say() -> None:
    assert [commanded("#priority high", tell=whom).told for whom in ("customer", "nobody")] == [CHANGED, ""]
    once = commanded("#priority normal").ticket
    assert commanded("#priority normal", once).told == ""


@pytest.mark.parametrize(
    ("status", "wish", "hears"),
    [
        (Status.OPEN, "", True),
        (Status.OPEN, "pending", True),
        (Status.OPEN, "resolve", False),
        (Status.OPEN, "spam", False),
        (Status.RESOLVED, "", False),
        (Status.RESOLVED, "open", True),
        (Status.CLOSED, "pending", True),
        (Status.CANCELLED, "", False),
    ],
)
def test_nobody_hears_of_the_priority_of_what_has_ended(status: Status, wish: str, hears: bool) -> None:
    before = ticket(status=status)
    assert bool(news_of(commanded("#priority high", before), before, wish).template) is hears


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("#priorité hote", "vouliez-vous écrire «\u00a0#priorité haute\u00a0»\u00a0?"),
        ("#priority hihg", "vouliez-vous écrire «\u00a0#priority high\u00a0»\u00a0?"),
        ("#impact énorme", "valeurs possibles\u00a0: faible, moyen, élevé."),
        ("#urgence: xyz", "valeurs possibles\u00a0: faible, moyenne, élevée."),
        ("#file suport", "vouliez-vous écrire «\u00a0#file support\u00a0»\u00a0?"),
        ("#queue xyz", "valeurs possibles\u00a0: support."),
        ("#type bgu", "vouliez-vous écrire «\u00a0#type bug\u00a0»\u00a0?"),
    ],
)
def test_a_wrong_value_stops_the_mail_and_names_the_nearest(line: str, sentence: str) -> None:
    text = f"Nous regardons.\n\n{line}"
    words = read_words(ParsedMail(Address(LEA.address), "x", text, text), Address(LEA.address, LEA.name))
    desk = settings(rules=[{"name": "x", "then": {"type": "bug"}}])
    done = qualified(desk, ticket(), words.commands, by=LEA.address, key=LEA.key, language="fr")
    problems = [*words.problems, *done.problems]
    assert (problems, done.effects) == ([("unknown-value", line)], [])
    assert in_sentences(desk, problems, "fr")[0].endswith(sentence)


def test_a_type_is_any_word_where_the_rules_name_none() -> None:
    assert commanded("#type panne").ticket.type == "panne"


def test_two_values_of_one_thing_contradict_each_other() -> None:
    assert commanded("#priority high\n#priority low").problems == (("conflict", "#priority"),)
    assert commanded("#priority high\n#priorité haute").problems == ()


def test_the_story_says_what_was_asked_and_what_is_given() -> None:
    fields = {"priority": "critical", "impact": "high"}
    [_, told] = commanded("#priority low\n#impact low", ticket(fields=fields)).effects
    assert getattr(told, "text", "") == "priority = low, impact = low; asked: critical"
    [opened] = at_opening(
        ticket(fields=fields), Decision("support", priority="low", why_priority="by rule 'x' (line 3)")
    )
    assert getattr(opened, "text", "") == "priority low, by rule 'x' (line 3); asked: priority critical, impact high"
    assert at_opening(ticket(), Decision("support", priority="high", why_priority="by rule 'x' (line 3)")) == []


def test_each_value_has_its_word_in_both_languages() -> None:
    for language in ("fr", "en"):
        shown = [word(f"priority-{p}", language) for p in PRIORITIES]
        shown += [level(value, what, language) for what in ("impact", "urgency") for value in LEVELS]
        assert not any("-" in one for one in shown)
        assert level("vite !", "urgency", language) == "vite !"
    french = {row.word: [v for v in row.values if row.values[v] not in (v,)] for row in TABLE if row.values}
    assert {word(f"priority-{p}", "fr") for p in PRIORITIES} == set(french["priority"])
    assert {level(value, "urgency", "fr") for value in LEVELS} <= set(french["urgency"])


def test_every_command_that_qualifies_has_a_result_in_both_languages() -> None:
    for name in ("priority", "priority-confirmed", "priority-told", "impact", "urgency", "type", "product", "queue"):
        assert all(result_text(name, language, "x") for language in ("fr", "en"))


def test_a_command_says_who_gave_it() -> None:
    done = qualified(settings(), ticket(), [Command("priority", "high", "")], by="", key="operator", language="en")
    assert done.ticket.qualified_by == "operator"
    assert done.results == (("priority", "high"),)
