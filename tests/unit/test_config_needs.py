"""Is what can't be asked for, can't be given, or reaches nobody told at its line and column, with what to do?"""

import re
from pathlib import Path

import pytest
from rules_files import RULES, changed, write

from maild.config.load import check

REST = "then: {assign: least_loaded}"
BLOCKS = "\nrules:\n"

# (what stands in rules.yaml, what is written instead with § before the place that is to be named, words, severity)
MISTAKES = [
    ("an unknown need", REST, "then: {require: [§versoin]}", "no need 'versoin'; did you mean 'version'?", "error"),
    ("and what else mends it", REST, "then: {require: [§versoin]}", "'version'? Else say under `needs`", "error"),
    ("one that is invited", REST, "then: {invite: §licence}", "there is no need 'licence'", "error"),
    ("and one that is looked for", REST, "if: {has: [§capture]}\n    then: {type: a}", "say under `needs`", "error"),
    (
        "an unknown field",
        REST,
        "if: {field: {produit: §{is_there: yes}}}\n    then: {type: a}",
        "there is no field 'produit'; did you mean 'product'?",
        "error",
    ),
    (
        "an unknown field of a need",
        BLOCKS,
        "\nneeds:\n  serial: {if: {field: {serial: §{is_there: yes}}}, ask: le numéro}\n\nrules:\n",
        "there is no field 'serial'",
        "error",
    ),
    ("a field without names", BLOCKS, "\nfields:\n  serial: §{values: {a: b}}\n\nrules:\n", "add its names", "error"),
    ("a known field once more", BLOCKS, "\nfields:\n  product: §{}\n\nrules:\n", "remove it, or say more", "warning"),
    ("a need that is always there", BLOCKS, "\nneeds:\n  x: {if: §{}, ask: x}\n\nrules:\n", "always there", "error"),
    (
        "a need that no answer gives",
        BLOCKS,
        "\nneeds:\n  x: {if: §{any: [{mailbox: support}, {day: mon}]}, ask: x}\n\nrules:\n",
        "no answer could ever give 'x'; let it look at one of: subject, body",
        "error",
    ),
    (
        "a need that is known by itself",
        BLOCKS,
        "\nneeds:\n  x: {if: {has: §[x]}, ask: x}\n\nrules:\n",
        "'x' is known by itself",
        "error",
    ),
    ("an unknown template", REST, "then: {acknowledge: §wrong_chanel}", "did you mean 'wrong_channel'?", "error"),
    ("nobody's integrator", REST, "then: {redirect: {to: §integrator}}", "no customer has an integrator", "warning"),
    ("a word that is nobody", REST, "then: {redirect: {to: §boss}}", "'boss' is nobody; write integrator", "error"),
    ("a redirection to nowhere", REST, "then: {redirect: §{to: []}}", "an empty redirection", "error"),
    ("a refusal without a reason", REST, "then: {refuse: §{article: x}}", "'because' is missing", "error"),
]


@pytest.mark.parametrize(("old", "new", "words", "severity"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES])
def test_it_is_told_where_it_stands(tmp_path: Path, old: str, new: str, words: str, severity: str) -> None:
    text, place = changed(old, new)
    found = [p for p in check(write(tmp_path, text)) if words in p.what]
    assert [((p.line, p.column), p.severity) for p in found] == [(place, severity)]


def test_what_is_right_is_not_spoken_of(tmp_path: Path) -> None:
    blocks = (
        "\nfields:\n  serial: {names: [Série]}\n  product: {values: {Gestion commerciale: Gestion}}\n"
        "needs:\n  serial: {if: {field: {serial: {is_there: yes}}}, ask: le numéro de série}\n\nrules:\n"
    )
    then = "then: {require: [serial, version], invite: screenshot, acknowledge: nothing, assign: least_loaded}"
    assert check(write(tmp_path, RULES.replace(BLOCKS, blocks).replace(REST, then))) == []


def test_a_request_that_waits_without_an_end_is_a_warning(tmp_path: Path) -> None:
    text = RULES.replace(REST, "then: {require: version}")
    assert check(write(tmp_path, text)) == []
    [found] = check(write(tmp_path, re.sub(r"^waiting:\n(  - .*\n)+", "", text, flags=re.MULTILINE)))
    assert (found.severity, "nobody is reminded of it" in found.what) == ("warning", True)
