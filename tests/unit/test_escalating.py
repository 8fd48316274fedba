"""Who takes a request up when it goes one step up, who is told what, and when does it not go?"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from desk_values import ALICE, LEA, NOW, RING, mail, settings, ticket

from maild.agent_words import AgentWords
from maild.config.desk import open_desk
from maild.decision import Rota
from maild.effects import ChangeTicket, Effect, QueueMail
from maild.judgement import (
    Candidate,
    Carrier,
    Facts,
    Proof,
    Purpose,
    Reference,
    Verdict,
    VerdictName,
)
from maild.lifecycle import Reason, Status
from maild.mail import Address, address_key
from maild.plan.case import Incoming
from maild.plan.continuing import continue_ticket
from maild.plan.escalating import ONCE_IN, Asked, one_step_up, why_not_up
from maild.plan.foreseen import foreseen
from maild.plan.letters import Desk
from maild.plan.links import links_for
from maild.reading import read
from maild.ticket import Ticket

NORA = {"name": "Nora Blanc", "address": "nora@isybuy.example", "teams": ["lead"]}
PAUL = {"name": "Paul Leroy", "address": "paul@isybuy.example", "teams": ["lead"]}
AGENTS = [
    {"name": "Léa Martin", "address": "lea@isybuy.example", "teams": ["n1"]},
    {"name": "Marc Petit", "address": "marc@isybuy.example", "teams": ["n1"]},
]
RELATIONS = {
    "to": "relation-clients@isybuy.example",
    "called": {"fr": "le service Relation clients", "en": "relations"},
}
NO_WORK = Rota()
LEAD = {"to": "lead", "called": "notre responsable"}


def desk(*path: dict[str, Any], customers: bool = True, **nora: Any) -> Desk:
    """The desk of the tests, whose requests go up that path."""
    people = {"agents": [*AGENTS, NORA | nora, PAUL], "customers": [{"address": ALICE.address, "name": ALICE.name}]}
    escalation = {"customers": customers, "path": path} if path else None
    return open_desk(settings(people=people, escalation=escalation), RING)


def told(effects: list[Effect]) -> list[tuple[str, str]]:
    """Who gets which mail."""
    return sorted((address_key(e.recipient), e.template) for e in effects if isinstance(e, QueueMail))


def to(address: str, effects: list[Effect]) -> str:
    """The words of the mail to somebody."""
    [found] = [e for e in effects if isinstance(e, QueueMail) and e.recipient == address]
    return read(found.data).text


def up(where: Desk, before: Ticket | None = None, rota: Rota = NO_WORK) -> list[Effect]:
    """What comes of one step up."""
    escalation, now = where.settings.escalation, before or ticket()
    step = escalation.step_after(now.escalation) if escalation else None
    assert step is not None
    return one_step_up(where, now, step, Asked(Address(ALICE.address, "Alice"), "Vite."), rota, "x", NOW)


@pytest.mark.parametrize(
    ("step", "people"),
    [
        ({"to": "lead"}, ["nora@isybuy.example", "paul@isybuy.example"]),
        ({"to": "NORA@isybuy.example"}, ["nora@isybuy.example"]),
        ({"to": "relation-clients@isybuy.example"}, ["relation-clients@isybuy.example"]),
    ],
)
def test_who_takes_it_up(step: dict[str, Any], people: list[str]) -> None:
    done = up(desk({"called": "nous"} | step))
    assert told(done) == [(who, "agent_notice") for who in people]
    assert foreseen(ticket(), done).escalation == 1
    assert foreseen(ticket(), done).assignee == LEA.key
    assert all("Vite." in to(who, done) for who in people)


def test_it_may_be_given_to_who_takes_it_up() -> None:
    """Of a team to the least loaded who is there; where nobody is, all of them hear of it."""
    busy, given = Rota(load={"nora@isybuy.example": 3}), {"called": "nous", "assign": True}
    done = up(desk({"to": "lead"} | given), rota=busy)
    assert (foreseen(ticket(), done).assignee, told(done)) == (
        "paul@isybuy.example",
        [("paul@isybuy.example", "agent_notice")],
    )
    assert "Elle était suivie par Léa Martin" in to("paul@isybuy.example", done)
    assert foreseen(ticket(), up(desk({"to": "nora@isybuy.example"} | given))).assignee == "nora@isybuy.example"
    away: dict[str, Any] = {"away": [{"from": "2026-11-01", "to": "2026-12-31"}]}
    named = desk({"to": "nora@isybuy.example"} | given, **away)
    assert foreseen(ticket(), up(named)).assignee == "nora@isybuy.example"  # who is named has it, there or not
    nobody = up(desk({"to": "chefs"} | given, teams=["chefs"], **away))
    assert (foreseen(ticket(), nobody).assignee, told(nobody)) == (LEA.key, [("nora@isybuy.example", "agent_notice")])


def test_whoever_asks_gets_no_notice_of_it() -> None:
    escalation = desk({"to": "n1", "called": "nous"}).settings.escalation
    assert escalation is not None
    asked = Asked(Address(LEA.address, LEA.name))
    done = one_step_up(desk(LEAD), ticket(), escalation.path[0], asked, Rota(), "x", NOW)
    assert told(done) == [("marc@isybuy.example", "agent_notice")]


def clicked(where: Desk, before: Ticket, text: str = "", *, at: timedelta = timedelta(), **case: Any) -> list[Effect]:
    """What Alice's click on the link makes true, with words of hers or without."""
    words = "\n\n".join(filter(None, ("Je souhaite que ma demande soit examinée par un responsable.", text)))
    candidate = Candidate(Carrier.ADDRESS, Purpose.ESCALATE, before.number, 1, "7", "x")
    verdict = Verdict(
        VerdictName.REPLY, "by-address", before, ALICE, Reference(candidate, "", ALICE), case.pop("proof", Proof.PASS)
    )
    now = NOW + at
    sent = mail(reply_text=words, text=words, content_key=f"c{at}", **case)
    incoming = Incoming(
        7, "support", sent, Facts(now, 1, who=where.settings.who(ALICE.address)), verdict, AgentWords("")
    )
    return continue_ticket(where, incoming, [(7, sent)], Purpose.ESCALATE)


def test_a_click_goes_up_once_a_day_and_no_further_than_the_path() -> None:
    where, now = desk(LEAD, RELATIONS), ticket(status=Status.PENDING, waiting_since=NOW)
    seen = []
    for hours in (0, 23, 24, 47, 48, 72):
        done = clicked(where, now, at=timedelta(hours=hours))
        now = foreseen(now, done)
        seen.append((hours, now.escalation, now.escalated_at, (ALICE.key, "escalation_received") in told(done)))
        assert now.status is Status.OPEN
    first, second = NOW, NOW + timedelta(days=1)
    assert seen == [
        (0, 1, first, True),
        (23, 1, first, True),
        (24, 2, second, True),
        (47, 2, second, True),
        (48, 2, second, True),
        (72, 2, second, True),
    ]
    assert timedelta(days=1) == ONCE_IN


def test_the_customer_reads_who_takes_it_up_as_the_rules_call_them() -> None:
    where = desk(LEAD, RELATIONS)
    first = clicked(where, ticket())
    words = to(ALICE.address, first)
    assert "notre responsable va l’examiner et vous répondre." in words
    assert "la suivante (le service Relation clients) à partir du" in words
    assert "lead" not in words
    assert "mardi 24 novembre 2026 à 9" in " ".join(words.split("\u00a0"))
    second = clicked(where, foreseen(ticket(), first), at=timedelta(days=1))
    assert "le service Relation clients" in to(ALICE.address, second)
    english = replace(ticket(), language="en")
    assert "relations will look at it and answer you." in to(ALICE.address, clicked(desk(RELATIONS), english))


def test_its_assignee_hears_of_the_click_and_to_whom_it_goes() -> None:
    done = clicked(desk(LEAD), ticket(), "Tout est arrêté.")
    assert told(done) == [
        (ALICE.key, "escalation_received"),
        (LEA.key, "agent_customer_reply"),
        ("nora@isybuy.example", "agent_notice"),
        ("paul@isybuy.example", "agent_notice"),
    ]
    words = to(LEA.address, done)
    assert "monte d’un échelon\u00a0: notre responsable" in words
    assert "Tout est arrêté." in words


def test_whoever_takes_it_up_and_has_it_already_gets_one_mail() -> None:
    done = clicked(desk({"to": "lea@isybuy.example", "called": "Léa"}), ticket())
    assert told(done) == [(ALICE.key, "escalation_received"), (LEA.key, "agent_notice")]
    team = clicked(desk({"to": "n1", "called": "nous"}), ticket(assignee="", status=Status.NEW))
    assert told(team) == [
        (ALICE.key, "escalation_received"),
        (LEA.key, "agent_notice"),
        ("marc@isybuy.example", "agent_notice"),
    ]


def test_a_machine_is_never_answered() -> None:
    done = clicked(desk(LEAD), ticket(), auto_respond=False)
    assert ALICE.key not in dict(told(done))
    assert foreseen(ticket(), done).escalation == 1


@pytest.mark.parametrize(
    ("what", "path", "customers", "before", "is_there"),
    [
        ("a step is left", [LEAD], True, {}, True),
        ("the path has come to its end", [LEAD], True, {"escalation": 1}, False),
        ("the path was shortened since", [LEAD], True, {"escalation": 3}, False),
        ("only agents may ask", [LEAD], False, {}, False),
        ("there is no path", [], True, {}, False),
        ("it waits for what is missing", [LEAD], True, {"missing": ("version",)}, False),
        ("it waits for the customer", [LEAD], True, {"status": Status.PENDING}, True),
        ("it is solved", [LEAD], True, {"status": Status.RESOLVED, "reason": Reason.SOLVED}, False),
        ("it was refused", [LEAD], True, {"status": Status.RESOLVED, "reason": Reason.DECLINED}, True),
        ("it was refused and is closed", [LEAD], True, {"status": Status.CLOSED, "reason": Reason.DECLINED}, False),
    ],
)
def test_the_link_stands_only_where_a_customer_may_ask(
    what: str, path: list[dict[str, Any]], customers: bool, before: dict[str, Any], is_there: bool
) -> None:
    where = desk(*path, customers=customers)
    assert ("escalate" in links_for(where, ticket(**before), ALICE, "fr")) is is_there
    assert "escalate" not in links_for(where, ticket(**before), LEA, "fr")


def test_a_link_that_the_rules_no_longer_allow_is_a_reply_like_any_other() -> None:
    for where in (desk(), desk(LEAD, customers=False)):
        done = clicked(where, ticket())
        assert told(done) == [(LEA.key, "agent_customer_reply")]
        assert not any(isinstance(e, ChangeTicket) and "escalation" in e.changes for e in done)


@pytest.mark.parametrize(
    ("before", "wish", "path", "problem"),
    [
        ({}, "", [LEAD], []),
        ({}, "", [], ["no-path"]),
        ({"escalation": 1}, "", [LEAD], ["path-ended"]),
        ({"status": Status.RESOLVED}, "", [LEAD], ["impossible"]),
        ({"status": Status.RESOLVED}, "open", [LEAD], []),
        ({}, "resolve", [LEAD], ["conflict"]),
        ({}, "pending", [LEAD], []),
    ],
)
def test_what_forbids_an_agents_word(before: dict[str, Any], wish: str, path: Any, problem: list[str]) -> None:
    found = why_not_up(desk(*path).settings, ticket(**before), wish, "fr")
    assert [slug for slug, _ in found] == problem
