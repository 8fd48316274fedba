"""Who hears of a mail that will not arrive, and what becomes of its receiver?"""

from dataclasses import replace
from typing import Any

import pytest
from desk_values import ALICE, LEA, NOW, RING, settings, ticket

from maild.config.desk import open_desk
from maild.effects import AddMessage, AddParticipant, CancelTimers, Effect, MarkUndeliverable, QueueMail
from maild.judgement import Delivery
from maild.plan.letters import Desk
from maild.plan.undelivered import undelivered
from maild.reading import read
from maild.ticket import Visibility

DESK: Desk = open_desk(settings(), RING)
ANSWER = Delivery(7, 1042, ALICE.slot, "agent_reply", ALICE.address, "m@h", "n", "Re: facture")


def of(effects: list[Effect], kind: type) -> list[Any]:
    return [effect for effect in effects if isinstance(effect, kind)]


def told(effects: list[Effect]) -> list[str]:
    return [mail.recipient for mail in of(effects, QueueMail)]


@pytest.mark.parametrize(
    ("reason", "said", "is_dead", "words"),
    [
        ("refused", "550 5.1.1 no such user", True, "le serveur de messagerie l’a refusé"),
        ("refused", "550 5.7.1 spam", False, "le serveur de messagerie l’a refusé"),
        ("refused", "550 see 5.1.1 for help", False, "le serveur de messagerie l’a refusé"),
        ("expired", "450 5.1.1 later", False, "les essais répétés sont restés sans succès"),
        ("our-fault", "ValueError()", False, "une erreur de notre logiciel"),
        ("unconfirmed", "550 5.1.1 eof", False, "Nous ne pouvons pas dire si notre message"),
    ],
)
def test_the_assignee_is_told_once_with_the_reason(reason: str, said: str, is_dead: bool, words: str) -> None:
    effects = undelivered(DESK, ticket(), ANSWER, reason, said, NOW)
    [notice] = of(effects, QueueMail)
    text = read(notice.data).text
    assert (notice.template, notice.recipient, notice.number) == ("agent_notice", LEA.address, 1042)
    for part in (words, ALICE.name, f"{ALICE.address}: {said}", "Re: facture", "maild outbox show 7"):
        assert part in text
    [entry] = of(effects, AddMessage)
    assert entry.visibility is Visibility.EVENT and said in entry.text
    assert bool(of(effects, MarkUndeliverable)) == bool(of(effects, CancelTimers)) == is_dead
    again = undelivered(DESK, ticket(), ANSWER, reason, said, NOW)
    assert [m.key for m in of(again, QueueMail)] == [notice.key], "the unique key keeps it from leaving twice"


def test_where_nobody_is_assigned_the_team_is_told() -> None:
    effects = undelivered(DESK, ticket(assignee="", participants=(ALICE,)), ANSWER, "refused", "550", NOW)
    assert told(effects) == ["lea@isybuy.example", "marc@isybuy.example"]
    assert len(of(effects, AddParticipant)) == 2


def test_an_agent_who_cannot_be_reached_is_not_told_so_by_mail_but_the_others_are() -> None:
    to_lea = replace(ANSWER, slot=LEA.slot, template="agent_new_ticket", recipient="Lea@isybuy.example")
    effects = undelivered(DESK, ticket(), to_lea, "refused", "550 5.1.1 no such user", NOW)
    assert told(effects) == ["marc@isybuy.example"]
    assert of(effects, MarkUndeliverable) and not of(effects, CancelTimers), "the customer's wait goes on"


def test_a_desk_of_one_agent_who_cannot_be_reached_keeps_the_event_alone() -> None:
    people = {"agents": [{"name": "Léa", "address": LEA.address, "teams": ["n1"]}]}
    desk = open_desk(settings(people=people), RING)
    to_lea = replace(ANSWER, slot=LEA.slot, recipient=LEA.address)
    effects = undelivered(desk, ticket(), to_lea, "expired", "450 later", NOW)
    assert told(effects) == [] and of(effects, AddMessage)


@pytest.mark.parametrize("template", ["agent_notice", "admin_alert"])
def test_of_a_notice_that_is_lost_no_further_notice_is_sent(template: str) -> None:
    effects = undelivered(DESK, ticket(), replace(ANSWER, template=template), "refused", "550", NOW)
    assert told(effects) == [] and of(effects, AddMessage)


@pytest.mark.parametrize(
    ("reason", "said", "words"),
    [
        ("refused", "550 no", ("the mail server refused it", "was not delivered")),
        ("unconfirmed", "eof", ("We cannot tell whether our message", "it was sent twice", "was never confirmed")),
    ],
)
def test_a_notice_in_english_says_the_same(reason: str, said: str, words: tuple[str, ...]) -> None:
    desk = open_desk(settings(people={"agents": [{"name": "Léa", "address": LEA.address, "language": "en"}]}), RING)
    [notice] = of(undelivered(desk, ticket(), ANSWER, reason, said, NOW), QueueMail)
    text = f"{notice.subject} {read(notice.data).text}"
    for part in words:
        assert part in text


def test_a_mail_that_may_have_arrived_is_not_said_to_be_lost() -> None:
    effects = undelivered(DESK, ticket(), ANSWER, "unconfirmed", "after DATA: eof", NOW)
    [entry], [notice] = of(effects, AddMessage), of(effects, QueueMail)
    assert entry.text == f"unconfirmed: {ALICE.address}: after DATA: eof"
    text = read(notice.data).text
    assert "n’a pas été remis" not in text and "ne l’a pas lu" not in text
