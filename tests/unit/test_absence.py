"""Who is away by their own word, or by that of their mail program, and what moves on to the next agent?"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from desk_values import ALICE, LEA, NOW, RING, mail, settings, ticket

from maild.agent_words import AgentWords, Command
from maild.config.desk import open_desk
from maild.effects import ChangeTicket, QueueMail
from maild.judgement import Facts, Proof, Verdict, VerdictName
from maild.lifecycle import Status
from maild.mail import Kind
from maild.personal_effects import EndAbsence, SetAbsence
from maild.plan.absence import ROWS, of_robot
from maild.plan.asked import Asked
from maild.plan.case import Incoming
from maild.plan.move import Move
from maild.reading.reads_like import says_away
from maild.rules.assigning import is_there

DESK = open_desk(settings(), RING)
TODAY = date(2026, 11, 23)


def away(said: str) -> Move:
    command = Command("away", said, f"#away {said}")
    lea = DESK.settings.agents[LEA.key]
    asked = Asked(DESK, lea, said, "", Facts(NOW, 1), 7, command, AgentWords("", (command,)), Proof.PASS, "k", "fr")
    return ROWS["away"].obeys(ticket(), asked)


@pytest.mark.parametrize(
    ("said", "last"),
    [
        ("until 2026-12-01", date(2026, 12, 1)),
        ("jusqu’au 27/11", date(2026, 11, 27)),
        ("aujourd'hui", TODAY),
        ("jusqu'à demain", date(2026, 11, 24)),
    ],
)
def test_the_last_day_of_an_absence(said: str, last: date) -> None:
    assert away(said).effects == (SetAbsence(LEA.key, TODAY, last),)


@pytest.mark.parametrize("said", ["off", "fin", "OFF", "retour"])
def test_who_is_back_says_so(said: str) -> None:
    assert away(said).effects == (EndAbsence(LEA.key),)


@pytest.mark.parametrize(
    ("said", "problem"),
    [("until 2026-11-20", "past-day"), ("bientôt", "unknown-day"), ("lundi si tout va bien", "unknown-day")],
)
def test_what_says_no_day_changes_nothing(said: str, problem: str) -> None:
    move = away(said)
    assert (move.problem, move.effects) == (problem, ())


def test_an_absence_of_the_rules_and_an_own_one_count_both() -> None:
    agents = [{"name": "Léa", "address": LEA.address, "away": [{"from": "2026-12-24", "to": "2026-12-26"}]}]
    own = settings(people={"agents": agents}).with_absences({LEA.key: (TODAY, TODAY + timedelta(days=1))})
    lea = own.agents[LEA.key]
    there = [is_there(lea, day) for day in (TODAY, TODAY + timedelta(days=2), date(2026, 12, 25))]
    assert there == [False, True, False]


def note(now: Any = None, proof: Proof = Proof.PASS, kind: Kind = Kind.AUTO_REPLY, text: str = "") -> list[Any]:
    about = now or ticket()
    words = text or "Bonjour,\nje suis absente du bureau jusqu'au 30 novembre."
    came = mail(LEA.address, kind=kind, text=words, reply_text=words)
    verdict = Verdict(VerdictName.AUTO_REPLY, "automatic", about, proof=proof)
    return of_robot(DESK, Incoming(7, "support", came, Facts(NOW, 2000), verdict, AgentWords("")))


def test_a_new_request_of_the_day_moves_on() -> None:
    effects = note()
    assert effects[0] == SetAbsence(LEA.key, TODAY, TODAY)
    assert [e.changes["assignee"] for e in effects if isinstance(e, ChangeTicket)] == ["marc@isybuy.example"]
    assert [(e.template, e.recipient) for e in effects if isinstance(e, QueueMail)] == [
        ("agent_assigned", "marc@isybuy.example")
    ]


@pytest.mark.parametrize(
    "what",
    [
        ticket(opened_at=NOW - timedelta(days=1)),
        ticket(answered_at=NOW),
        ticket(assignee="marc@isybuy.example"),
        ticket(status=Status.RESOLVED),
    ],
)
def test_any_other_stays_where_it_is(what: Any) -> None:
    assert note(what) == [SetAbsence(LEA.key, TODAY, TODAY)]


def test_what_is_no_proved_note_means_nothing() -> None:
    assert note(proof=Proof.NONE) == note(proof=Proof.UNVERIFIED) == note(kind=Kind.CALENDAR) == []
    assert note(text="Votre message a été lu le 23 novembre.") == []
    assert note(replace(ticket(), participants=(ALICE,))) == []


@pytest.mark.parametrize(
    ("subject", "text", "is_away"),
    [
        ("Réponse automatique : Facture", "Je suis en congés.", True),
        ("Absence : Facture", "Bonjour.", True),
        ("Out of office", "I am out of the office until Monday.", True),
        ("Lu : Congés", "Votre message a été lu.", False),
        ("Re: Facture", "Votre message est arrivé.", False),
    ],
)
def test_which_automatic_mail_says_so(subject: str, text: str, is_away: bool) -> None:
    assert says_away(subject, text) is is_away
