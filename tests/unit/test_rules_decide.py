"""Do the rules apply in their order, and does the decision tell what each of them did?"""

from typing import Any

import pytest
from desk_values import NOW

from maild.decision import Decision, Matter, Occasion, Rota, RuleTrial
from maild.mail import Address, ParsedMail
from maild.rules.decide import decide
from maild.settings import Settings

BASE: dict[str, Any] = {
    "version": 1,
    "site": {"name": "Support", "reference": "ISY", "key": {"env": "KEY"}},
    "mailboxes": {
        "support": {"address": "support@isybuy.example"},
        "direct": {"address": "direct@isybuy.example", "queue": "direct"},
    },
    "admin": "admin@isybuy.example",
    "people": {
        "agents": [
            {"name": "Marc Petit", "address": "marc@isybuy.example", "teams": ["n1"]},
            {"name": "Léa Martin", "address": "Lea@isybuy.example", "teams": ["n1"]},
            {"name": "Hugo Roux", "address": "hugo@isybuy.example", "teams": ["dev"]},
        ]
    },
    "queues": {"support": {"team": "n1"}, "bugs": {"team": "dev"}, "direct": {}, "empty": {"team": "nobody"}},
}
BUG = {"subject": {"contains": "bug"}}


def decided(*rules: dict[str, Any], mailbox: str = "support", load: dict[str, int] | None = None) -> Decision:
    """What the rules say of a mail with the subject "Un bug"; a rule that has no name is called by its place."""
    named = [{"name": str(i), **rule} for i, rule in enumerate(rules, 1)]
    settings = Settings.model_validate({**BASE, "rules": named})
    mail = ParsedMail(Address("alice@a.example"), "Un bug")
    return decide(settings, Matter(Occasion.OPENED, mailbox, NOW, mail), Rota(load or {}))


def test_without_rules_a_ticket_goes_to_the_queue_of_its_mailbox_or_the_first() -> None:
    assert decided() == Decision(queue="support")
    assert decided(mailbox="direct").queue == "direct"


def test_all_rules_that_match_apply_and_a_later_one_overrides() -> None:
    found = decided(
        {"then": {"type": "question", "queue": "support", "priority": "low"}},
        {"if": BUG, "then": {"type": "bug", "queue": "bugs"}},
        {"if": {"not": BUG}, "then": {"type": "other", "priority": "critical"}},
    )
    assert (found.type, found.queue, found.priority) == ("bug", "bugs", "low")


def test_tags_and_mails_add_up_without_doubles() -> None:
    found = decided(
        {"then": {"tags": ["a", "b"], "send": "x"}},
        {"then": {"tags": ["b", "c"], "send": ["y", "x"]}},
    )
    assert (found.tags, found.sends) == (("a", "b", "c"), ("x", "y"))


def test_a_rule_that_stops_is_the_last_if_it_matches() -> None:
    assert decided({"if": BUG, "then": {"type": "a", "stop": True}}, {"then": {"type": "b"}}).type == "a"
    assert decided({"if": {"not": BUG}, "then": {"type": "a", "stop": True}}, {"then": {"type": "b"}}).type == "b"


def test_each_rule_tried_says_why_it_fired_or_not() -> None:
    found = decided(
        {"name": "bugs", "if": BUG, "then": {"type": "bug"}},
        {"name": "merci", "if": {"subject": {"contains": "merci"}}, "then": {"type": "x"}},
        {"name": "end", "then": {"stop": True}},
        {"name": "never", "then": {"type": "x"}},
    )
    assert found.trials == (
        RuleTrial("bugs", 0, True, "subject contains 'bug'"),
        RuleTrial("merci", 0, False, "subject contains no 'merci'; it is 'Un bug'"),
        RuleTrial("end", 0, True, "no condition"),
    )


@pytest.mark.parametrize(
    ("queue", "load", "expected"),
    [
        ("support", {}, "lea@isybuy.example"),
        ("support", {"lea@isybuy.example": 1}, "marc@isybuy.example"),
        ("support", {"lea@isybuy.example": 2, "marc@isybuy.example": 2}, "lea@isybuy.example"),
        ("support", {"lea@isybuy.example": 3, "marc@isybuy.example": 2}, "marc@isybuy.example"),
        ("bugs", {"hugo@isybuy.example": 9}, "hugo@isybuy.example"),
        ("direct", {"lea@isybuy.example": 1, "marc@isybuy.example": 1}, "hugo@isybuy.example"),
        ("empty", {}, ""),
    ],
    ids=["by name", "fewest", "tie", "fewest of two", "own team", "everybody", "nobody"],
)
def test_the_least_loaded_of_the_team_is_assigned(queue: str, load: dict[str, int], expected: str) -> None:
    assert decided({"then": {"assign": "least_loaded", "queue": queue}}, load=load).assignee == expected


def test_the_team_is_that_of_the_queue_in_the_end() -> None:
    found = decided({"then": {"assign": "least_loaded"}}, {"if": BUG, "then": {"queue": "bugs"}})
    assert found.assignee == "hugo@isybuy.example"


def test_an_agent_is_assigned_by_address_and_a_later_rule_overrides() -> None:
    assert decided({"then": {"assign": "LEA@isybuy.example"}}).assignee == "lea@isybuy.example"
    found = decided({"then": {"assign": "least_loaded"}}, {"then": {"assign": "hugo@isybuy.example"}})
    assert found.assignee == "hugo@isybuy.example"


def test_without_assign_nobody_is_assigned() -> None:
    assert decided({"then": {"queue": "bugs"}}).assignee == ""
