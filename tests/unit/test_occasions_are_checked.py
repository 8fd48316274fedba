"""Does `maild check` find rules that act where they can't, tell nobody, or tell the wrong people?"""

from pathlib import Path

import pytest
from rules_files import RULES, changed, write

from maild.config.load import check

LAST = "  - name: everything else "

# (the rule that is added with § before the place that is to be named, severity, words of the message)
MISTAKES = [
    ("on: reopened, then: {require: §version}", "error", "`require` has a meaning only where a ticket opens"),
    (
        "on: [pending, resolved], then: {invite: §version}",
        "error",
        "this rule is tried at pending, resolved; remove it",
    ),
    ("on: resolved, then: {acknowledge: §nothing}", "error", "write `on: opened` in a rule of its own"),
    ("on: resolved, then: {redirect: §{says: non}}", "error", "`redirect` has a meaning only"),
    ("on: resolved, then: {refuse: §{because: non}}", "error", "`refuse` has a meaning only"),
    ("on: resolved, then: {cancel: §{because: non}}", "error", "`cancel` has a meaning only"),
    ("on: [opened, resolved], then: {notify: §teem}", "error", "'teem' is nobody: no team, and neither assignee"),
    ("then: {notify: [admin, §n2]}", "error", "'n2' is nobody: no team, and neither assignee, team, admin nor an ad"),
    ("then: {notify: §lead@}", "error", "'lead@' is not a mail address"),
    (
        "then: {notify: §AIDE@isybuy.example}",
        "error",
        "is an address of the mailbox 'support': maild would write to its",
    ),
    ("then: {notify: §support+x@isybuy.example}", "error", "is an address of the mailbox 'support'"),
    ("then: {forward: [a@b.example, §support@isybuy.example]}", "error", "is an address of the mailbox 'support'"),
    ("then: {forward: §nobody}", "error", "'nobody' is not a mail address"),
    (
        "then: {forward: §alice@client-a.example}",
        "warning",
        "is a customer's address: they would read of other people's",
    ),
    ("then: {notify: §alice@client-a.example}", "warning", "is a customer's address"),
    ("then: {notify: §assignee}", "warning", "`notify: assignee` does nothing where a ticket opens"),
    ("then: {forward: §a@b.example, cancel: {because: non}}", "warning", "`forward` acts only where it can't be done"),
    ("then: {redirect: {says: non}, forward: §a@b.example}", "warning", "a request that `redirect` ends is passed on"),
    (
        "then: {refuse: {because: non}, forward: §a@b.example}",
        "warning",
        "a request that `refuse` ends is passed on",
    ),
    ("then: {send: §agent_held_message}", "error", "is a mail for agents, and this one goes to customers"),
    ("then: {acknowledge: §admin_alert}", "error", "is a mail for agents, and this one goes to customers"),
    ("on: §closed, then: {tags: x}", "error", "'closed' is not one of opened, customer_replied"),
    ("on: §rated, then: {notify: team}", "warning", "nobody is asked for a rating, so this rule is never tried"),
    ("on: [opened, §reopend], then: {tags: x}", "error", "'reopend' is not one of"),
]
GOOD = [
    "then: {notify: [assignee, commercial@isybuy.example], refuse: {because: non}}",
    "then: {notify: team, cancel: {because: non}}",
    "then: {notify: admin, redirect: {says: non}}",
    "on: [opened, reopened], then: {require: version}",
    "on: reopened, then: {notify: [assignee, team, admin, lead, commercial@isybuy.example, NORA@isybuy.example]}",
    "on: [opened, reopened], then: {notify: assignee}",
    "then: {notify: n1, forward: [projets@isybuy.example, lea@isybuy.example]}",
    "on: [customer_replied, agent_replied, pending, resolved, reopened], then: {priority: high, assign: [n1, lead]}",
]


def with_rule(rule: str) -> tuple[str, tuple[int, int]]:
    mark = "" if "§" in rule else "§"
    return changed(LAST, f"{mark}  - {{name: x, {rule}}}\n{LAST}")


@pytest.mark.parametrize(("rule", "severity", "what"), MISTAKES, ids=[rule for rule, _, _ in MISTAKES])
def test_a_mistake_is_told_at_its_place(tmp_path: Path, rule: str, severity: str, what: str) -> None:
    text, place = with_rule(rule)
    found = check(write(tmp_path, text))
    assert [(p.severity, p.line, p.column) for p in found] == [(severity, *place)]
    assert what in found[0].what


@pytest.mark.parametrize("rule", GOOD)
def test_what_can_be_meant_is_not_found(tmp_path: Path, rule: str) -> None:
    assert check(write(tmp_path, with_rule(rule)[0])) == []


def test_a_partner_may_get_requests(tmp_path: Path) -> None:
    text, _ = with_rule("then: {forward: §alice@client-a.example}")
    partner = text.replace("organisation: Client A}", "organisation: Client A, relation: partner}")
    assert check(write(tmp_path, partner)) == []


@pytest.mark.parametrize(
    ("first", "second", "is_found"),
    [
        ("", "", True),
        ("on: resolved, ", "on: resolved, ", True),
        ("on: [resolved, reopened], ", "on: reopened, ", True),
        ("on: resolved, ", "on: [resolved, reopened], ", False),
        ("on: resolved, ", "", False),
    ],
)
def test_a_rule_is_never_reached_only_where_another_stops_all_its_occasions(
    tmp_path: Path, first: str, second: str, is_found: bool
) -> None:
    rules = f"  - {{name: a, {first}then: {{stop: true}}}}\n  - {{name: b, {second}then: {{tags: x}}}}\n"
    text, _ = changed("  - name: questions  ", f"{rules}§  - name: questions  ")
    found = [p.what for p in check(write(tmp_path, text)) if "the rule 'b' is never reached" in p.what]
    assert bool(found) is is_found


def test_a_rule_of_a_later_occasion_gives_no_new_mail_a_queue(tmp_path: Path) -> None:
    text, _ = changed("    queue: support  ", "    §# queue: support ")
    rule = "  - {name: x, on: resolved, then: {queue: support}}\n"
    found = check(write(tmp_path, text.replace("  - name: questions  ", f"{rule}  - name: questions  ")))
    assert any("that no rule fits go to the first queue" in p.what for p in found)


@pytest.mark.parametrize(
    ("block", "severity", "words"),
    [
        ("{tell: §teem}", "error", "'teem' is nobody: no team, and neither assignee"),
        ("{tell: [lead, §support+x@isybuy.example]}", "error", "is an address of the mailbox 'support'"),
        ("{tell: §alice@client-a.example}", "warning", "is a customer's address"),
        ("{tell: lead, after: §1 business hour}", "error", "counts while the desk is open, and nothing says when"),
        ("{tell: lead, reasons: §cancelled}", "error", "'cancelled' is not one of solved, declined, no_answer"),
        ("{tell: lead, change_within: §soon}", "error", "'soon' is not a length of time"),
        ("§{after: 1 hour}", "error", "tell"),
    ],
)
def test_a_block_for_ratings_is_checked(tmp_path: Path, block: str, severity: str, words: str) -> None:
    before, _, rest = block.partition("§")
    text = f"{RULES.rstrip()}\nrating: {before}{rest}\n"
    [found] = check(write(tmp_path, text))
    line = text.count("\n")
    assert (found.severity, found.line, found.column) == (severity, line, len(f"rating: {before}") + 1)
    assert words in found.what


def test_a_rule_for_ratings_needs_nothing_but_the_question(tmp_path: Path) -> None:
    text, _ = with_rule("on: rated, if: {rating: bad}, then: {notify: team}")
    assert check(write(tmp_path, f"{text.rstrip()}\nrating: {{tell: lead}}\n")) == []
