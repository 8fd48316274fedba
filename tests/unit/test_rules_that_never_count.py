"""Does the check find patterns that match nothing, and rules that never have their say?"""

import warnings
from pathlib import Path
from typing import Any

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st
from rules_files import RULES, write

from maild.config.load import check
from maild.rules.never import implies, matches_nothing
from maild.settings import Condition


@pytest.mark.parametrize(
    "pattern", ["a^b", "x$y", r"[^\s\S]", r"fin\Zdu", "(a^|b^)c", "facture$ ?n", "^a$b", "(a|b)^c"]
)
def test_a_pattern_that_matches_nothing_is_found(pattern: str) -> None:
    assert matches_nothing(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "^a",
        "a$",
        "^$",
        "a?^b",
        "(^|x)b",
        "x($|y)",
        "(?m)a$\nb",
        "(?m)x^y",
        r"\bINC-\d{4}\b",
        "$",
        "^",
        "a*^",
        r"\pL+x",
        "(",
        "[[:alpha:]]{3}",
    ],
)
def test_a_pattern_that_may_match_is_left_alone(pattern: str) -> None:
    with warnings.catch_warnings(action="error"):  # a form of RE2 is no reason to alarm anybody
        assert not matches_nothing(pattern)


@given(pattern=st.from_regex(r"(\^|\$|a|b|\||\(a\)|a\?|\[ab\]){1,8}", fullmatch=True), text=st.text("ab", max_size=8))
def test_what_is_said_to_match_nothing_never_matches(pattern: str, text: str) -> None:
    if matches_nothing(pattern):
        assert re2.search(pattern, text) is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"subject": {"contains": "bug"}}, {}, True),
        ({}, {"subject": {"contains": "bug"}}, False),
        ({"subject": {"contains": "bug"}}, {"subject": {"contains": ["bug", "plante"]}}, True),
        ({"subject": {"contains": ["bug", "plante"]}}, {"subject": {"contains": "bug"}}, False),
        ({"plan": "contract", "mailbox": "support"}, {"mailbox": ["support", "direct"]}, True),
        ({"header": {"X-A": {"is": "1"}, "X-B": {"is": "2"}}}, {"header": {"X-A": {"is": ["1", "3"]}}}, True),
        ({"header": {"X-A": {"is": "1"}}}, {"header": {"X-B": {"is": "1"}}}, False),
        ({"subject": {"matches": "a"}}, {"subject": {"matches": "b"}}, False),
        ({"not": {"mailbox": "a"}}, {"not": {"mailbox": ["a", "b"]}}, False),
        ({"not": {"mailbox": "a"}}, {"not": {"mailbox": "a"}}, True),
        ({"attachment": {"at_least": 3}}, {"attachment": {"at_least": 2}}, False),
        ({"has": ["a"]}, {"has": ["a", "b"]}, False),
    ],
)
def test_one_condition_implies_another(one: dict[str, Any], other: dict[str, Any], expected: bool) -> None:
    assert implies(Condition.model_validate(one), Condition.model_validate(other)) is expected


REST = "{name: rest, then: {queue: support}}"
BUGS = "{name: bugs, if: {subject: {contains: bug}}, then: {queue: bugs}}"


def rules(*lines: str) -> str:
    """rules.yaml with these rules alone."""
    head, _, rest = RULES.partition("rules:\n")
    return head + "rules:\n" + "".join(f"  - {line}\n" for line in lines) + rest[rest.index("\n# While") :]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            (
                BUGS,
                REST,
            ),
            "warning: this never counts: 'rest' below fits the same mails and says queue: support; let 'rest' say",
        ),
        (
            ("{name: a, if: {plan: x}, then: {assign: n1}}", "{name: rest, then: {assign: [round_robin, n1]}}"),
            "warning: this never counts: 'rest' below fits the same mails and says assign: round_robin, n1",
        ),
        (
            (
                "{name: all, if: {subject: {contains: [bug, erreur]}}, then: {stop: true}}",
                "{name: late, if: {subject: {contains: erreur}, mailbox: support}, then: {queue: bugs}}",
                REST,
            ),
            "error: the rule 'late' is never reached: 'all' above it stops; move it up",
        ),
        (
            ("{name: a, if: {body: {matches: 'a^b'}}, then: {type: x}}",),
            "error: no text can match: `^` is the beginning",
        ),
    ],
)
def test_a_rule_that_never_has_its_say_is_told(tmp_path: Path, lines: tuple[str, ...], expected: str) -> None:
    found = [str(problem) for problem in check(write(tmp_path, rules(*lines)))]
    assert any(expected in said for said in found), found


@pytest.mark.parametrize(
    "lines",
    [
        (REST, BUGS),
        (
            "{name: bugs, if: {subject: {contains: bug}}, then: {queue: bugs, stop: true}}",
            REST,
        ),
        (
            "{name: bugs, on: customer_replied, if: {subject: {contains: bug}}, then: {queue: bugs}}",
            REST,
        ),
        (
            "{name: bugs, if: {subject: {contains: bug}}, then: {queue: support}}",
            REST,
        ),
    ],
)
def test_rules_of_which_each_has_its_say_are_left_alone(tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert [str(p) for p in check(write(tmp_path, rules(*lines)))] == []


def test_a_template_in_one_language_is_told(tmp_path: Path) -> None:
    (tmp_path / "templates" / "fr").mkdir(parents=True)
    (tmp_path / "templates" / "fr" / "bienvenue.txt").write_text("Bienvenue\n\nBonjour\n")
    (found,) = check(write(tmp_path, RULES.replace("assign: least_loaded", "assign: least_loaded, send: bienvenue")))
    assert "fr/bienvenue.txt:1:1: warning: there is none in English, whose readers get this one" in str(found)
