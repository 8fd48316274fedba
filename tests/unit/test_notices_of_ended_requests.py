"""Whom do rules tell of a request that they refuse, cancel or redirect, and what makes it like any other again?"""

from collections.abc import Sequence
from dataclasses import replace
from email import message_from_bytes, policy
from typing import Any

import pytest
from desk_values import ALICE, LEA, NOW, RING, mail, settings, ticket

from maild.agent_words import AgentWords
from maild.config.desk import open_desk
from maild.effects import AddMessage, AddParticipant, ChangeTicket, Effect, OpenTicket, QueueMail
from maild.judgement import Facts, Proof, Verdict, VerdictName
from maild.lifecycle import Reason, Status
from maild.plan.case import Incoming
from maild.plan.desk import Desk
from maild.plan.foreseen import foreseen
from maild.plan.incoming import plan
from maild.plan.matters import opening
from maild.plan.telling_opening import taken_up, told_of_opening
from maild.rules.decide import decide
from maild.threading.turning import becomes, feasible
from maild.ticket import Visibility

NORA, SALES, PARTNER = "nora@isybuy.example", "commercial@isybuy.example", "hotline@integrateur.example"
PEOPLE: dict[str, Any] = {
    "agents": [
        {"name": "Léa Martin", "address": "lea@isybuy.example", "teams": ["n1"]},
        {"name": "Nora Blanc", "address": NORA, "teams": ["lead"]},
    ],
    "customers": [{"address": "alice@client-a.example", "name": "Alice Durand", "organisation": "Client A"}],
}
SECRET = "Soleil-2026!"
REFUSE, CANCEL = {"refuse": {"because": "Non."}}, {"cancel": {"because": "Non."}}
REDIRECT = {"redirect": {"to": PARTNER}}
EVERYBODY = ["lead", SALES, "team"]


def opened(
    *actions: dict[str, Any], proof: Proof = Proof.PASS, sender: str = ""
) -> tuple[Desk, list[Effect], list[Effect]]:
    """The desk, what a mail makes true where these are the rules, and what these tell of it besides."""
    rules = [{"name": f"r{n}", "then": then} for n, then in enumerate(actions, 1)]
    people = {"people": PEOPLE, "queues": {"support": {"team": "n1"}}}
    desk = open_desk(settings(**people, rules=[{"name": "hide", "then": {"mask_secrets": True}}, *rules]), RING)
    letter = replace(mail(), text=f"Merci de saisir.\nMot de passe : {SECRET}")
    if sender:
        assert letter.sender is not None
        letter = replace(letter, sender=replace(letter.sender, address=sender))
    verdict, facts = Verdict(VerdictName.NEW_TICKET, "no-reference", proof=proof), Facts(NOW, 1)
    decision = decide(desk.settings, opening(desk.settings, "support", letter, facts, NOW), facts.rota)
    decision = feasible(decision, verdict, letter, facts, desk.settings)
    case = Incoming(7, "support", letter, facts, becomes(verdict, decision), AgentWords(""), decision)
    effects = plan(desk, case)
    return desk, effects, told_of_opening(desk, case, effects)


def notices(effects: Sequence[Effect]) -> dict[str, str]:
    """The words of each notice, by its receiver, its subject before them."""
    found = {}
    for e in effects:
        if isinstance(e, QueueMail):
            assert e.template == "agent_notice", "nothing else is sent"
            letter = message_from_bytes(e.data, policy=policy.default)
            part = letter.get_body(("plain",))
            assert part is not None
            found[e.recipient] = " ".join(f"{letter['Subject']} {part.get_content()}".split())
    return found


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ([REFUSE], set()),
        ([REFUSE | {"notify": "lead"}], {NORA}),
        ([REFUSE | {"notify": EVERYBODY}], {NORA, SALES, LEA.address}),
        ([CANCEL | {"notify": SALES}], {SALES}),
        ([REDIRECT], set()),
        ([REDIRECT | {"notify": EVERYBODY}], {NORA, SALES, LEA.address}),
        ([REDIRECT | {"notify": "assignee", "assign": LEA.address}], {LEA.address}),
        ([REDIRECT | {"notify": [PARTNER, "alice@client-a.example"]}], {PARTNER}),  # never to whoever wrote it
        ([REFUSE | {"notify": "alice@client-a.example"}], set()),
        ([REFUSE, {"notify": "lead"}], {NORA}),  # whichever rule names them
        ([REFUSE | {"notify": "lead"}, {"notify": ["lead", NORA]}], {NORA}),
        ([REFUSE | {"forward": SALES}], set()),
        ([REFUSE | {"notify": "lead", "forward": SALES}], {NORA}),
        ([REDIRECT | {"notify": "lead", "forward": SALES}], {NORA}),
    ],
)
def test_whoever_the_rules_name_is_told(actions: list[dict[str, Any]], expected: set[str]) -> None:
    _, _, told = opened(*actions)
    assert notices(told).keys() == expected


@pytest.mark.parametrize(("then", "done"), [(REFUSE, "refusée"), (CANCEL, "annulée")])
def test_a_notice_says_what_was_done_by_which_rule_and_what_reply_does(then: dict[str, Any], done: str) -> None:
    _, effects, told = opened({"tags": "x"}, then | {"notify": ["lead", SALES]})
    said = notices(told)
    head = f"La demande de Alice Durand a été {done} par la règle « r2 »."
    assert f"{head} Répondre = répondre au client Alice Durand" in said[NORA]
    assert "Merci de saisir." in said[NORA]
    assert f"{head} Une réponse à ce message ne parviendrait pas au client." in said[SALES]
    assert "Merci de saisir." not in said[SALES]
    assert said[SALES].count("ne parviendrait pas") == 1
    assert SECRET not in "".join(said.values())
    [new] = [e.ticket for e in effects if isinstance(e, OpenTicket)]
    after = foreseen(new, [*effects, *told])
    assert any(isinstance(e, AddParticipant) for e in told)
    assert after.is_untold, "who was told of the end has not been given the request"


def test_what_is_sent_elsewhere_has_no_ticket_and_its_notice_no_reference() -> None:
    desk, effects, told = opened({"redirect": {"to": PARTNER}, "notify": ["lead", SALES]})
    assert not [e for e in effects if isinstance(e, OpenTicket)]
    said = notices(told)
    head = f"La demande de Alice Durand (alice@client-a.example) a été renvoyée vers {PARTNER} par la règle « r1 »."
    for text in said.values():
        assert f"{head} Une réponse à ce message ne parviendrait pas au client." in text
        assert f"[{desk.settings.site.reference}-" not in text
    assert "Merci de saisir." in said[NORA]
    assert "Merci de saisir." not in said[SALES]
    assert SECRET not in "".join(said.values())
    for e in told:
        assert isinstance(e, QueueMail)
        letter = message_from_bytes(e.data, policy=policy.default)
        assert (letter["Auto-Submitted"], letter["Reply-To"], e.number) == ("auto-generated", None, None)


def test_words_that_nothing_proves_are_marked() -> None:
    for then in (REFUSE, REDIRECT):
        _, _, told = opened(then | {"notify": "lead"}, proof=Proof.NONE)
        assert "rien ne prouve" in notices(told)[NORA]


LATER = ChangeTicket(1042, {"status": Status.OPEN.value, "reason": ""})


@pytest.mark.parametrize(
    ("effects", "is_taken_up"),
    [
        ([], False),
        ([AddMessage(1042, Visibility.INTERNAL, LEA.address, "À voir.")], False),
        ([AddMessage(1042, Visibility.PUBLIC, ALICE.address, "Bonjour.")], False),
        ([AddMessage(1042, Visibility.PUBLIC, LEA.address, "Bonjour.")], True),
        ([AddMessage(1043, Visibility.PUBLIC, LEA.address, "Bonjour.")], False),
        ([LATER], True),
        ([ChangeTicket(1042, {"reason": "solved"})], True),
        ([ChangeTicket(1042, {"assignee": NORA})], True),
        ([ChangeTicket(1042, {"escalation": 1})], True),
        ([ChangeTicket(1042, {"tags": ["x"]})], False),
        ([LATER, ChangeTicket(1042, {"ended_at_once": False})], False),  # it is said already
    ],
)
def test_what_makes_it_like_any_other_again(effects: list[Effect], is_taken_up: bool) -> None:
    ended = ticket(status=Status.RESOLVED, reason=Reason.DECLINED, ended_at_once=True)
    assert taken_up([ended], effects) == ([ChangeTicket(1042, {"ended_at_once": False})] if is_taken_up else [])
    assert taken_up([replace(ended, ended_at_once=False)], effects) == []
