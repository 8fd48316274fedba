"""Does `maild check` find matrices with gaps or slips, steps that lead to nobody, and rules that wait for none?"""

from pathlib import Path

import pytest
from rules_files import changed, write

from maild.config.load import check

LAST = "  - name: everything else "
GAP = "no priority is named for an impact and urgency of high and medium; it is `normal` there"
WHOLE = "{high: critical, medium: high, low: normal}"

# (what is added with § before the place that is to be named, severity, words of the message)
MISTAKES = [
    ("priorities: {matrix: {high: {§hihg: critical}}}", "error", "unknown key 'hihg'; did you mean 'high'"),
    ("priorities: {matrix: {§critical: {high: high}}}", "error", "unknown key 'critical'; known are high, low, medium"),
    ("priorities: {matrix: {high: {high: §urgent}}}", "error", "'urgent' is not one of low, normal, high, critical"),
    ("priorities: {matrix: §high}", "error", "'matrix' holds keys of its own"),
    ("priorities: {tell: §custommer}", "error", "'custommer' is not one of customer, nobody; did you mean 'customer'"),
    ("priorities: {§tel: customer}", "error", "did you mean 'tell'"),
    (f"priorities: {{matrix: §{{high: {WHOLE}, low: {WHOLE}}}}}", "warning", "of medium and low, medium and medium"),
    (f"priorities: {{matrix: §{{high: {{high: critical, low: low}}, medium: {WHOLE}, low: {WHOLE}}}}}", "warning", GAP),
    ("escalation: {path: [{to: §leed, called: nous}]}", "error", "'leed' is nobody: no team, and no address"),
    ("escalation: {path: [{to: §lead@, called: nous}]}", "error", "'lead@' is not a mail address"),
    ("escalation: {path: [{to: lead, called: nous}, §{to: lead}]}", "error", "the key 'called' is missing"),
    ("escalation: {path: §[]}", "error", "'path' is empty"),
    ("escalation: §{customers: true}", "error", "the key 'path' is missing"),
    ("escalation: {path: [{to: §aide@isybuy.example, called: x}]}", "error", "is an address of the mailbox 'support'"),
    ("escalation: {path: [{to: §alice@client-a.example, called: x}]}", "warning", "is a customer's address"),
    (
        "escalation: {path: [{to: x@y.example, called: x, assign: §true}]}",
        "error",
        "is no agent, so a request can't be",
    ),
]
GOOD = [
    f"priorities: {{matrix: {{high: {WHOLE}, medium: {WHOLE}, low: {WHOLE}}}, tell: customer}}",
    "escalation: {path: [{to: lead, called: {fr: nous, en: us}, assign: true}, {to: x@y.example, called: eux}]}",
]


@pytest.mark.parametrize(("block", "severity", "what"), MISTAKES, ids=[block for block, _, _ in MISTAKES])
def test_a_mistake_is_told_at_its_place(tmp_path: Path, block: str, severity: str, what: str) -> None:
    text, place = changed("\nrules:\n", f"\n{block}\nrules:\n")
    found = check(write(tmp_path, text))
    assert [(p.severity, p.line, p.column) for p in found] == [(severity, *place)], found
    assert what in found[0].what


@pytest.mark.parametrize("block", GOOD)
def test_what_can_be_meant_is_not_found(tmp_path: Path, block: str) -> None:
    text, _ = changed("\nrules:\n", f"\n{block}\n§rules:\n")
    assert check(write(tmp_path, text)) == []


def test_a_rule_for_an_escalation_needs_a_path(tmp_path: Path) -> None:
    rule = "  - {name: x, on: §escalation_asked, then: {tags: x}}\n"
    text, place = changed(LAST, f"{rule}{LAST}")
    [found] = check(write(tmp_path, text))
    assert ((found.severity, found.line, found.column), "is never tried" in found.what) == (("warning", *place), True)
    path = "\nescalation: {path: [{to: lead, called: nous}]}\nrules:\n"
    assert check(write(tmp_path, text.replace("\nrules:\n", path))) == []
    both = text.replace("on: escalation_asked", "on: [opened, escalation_asked]")
    assert check(write(tmp_path, both)) == []
