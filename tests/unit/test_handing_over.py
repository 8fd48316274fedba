"""Whom does #assign mean, and who among the agents hears of it? Each at most once, and never who asked."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from desk_values import ALICE, LEA, NOW, RING, settings, ticket
from hypothesis import given
from hypothesis import strategies as st

from maild.agent_words import AgentWords, Command
from maild.config.desk import open_desk
from maild.decision import Rota
from maild.effects import ChangeTicket, QueueMail
from maild.judgement import Facts, Proof
from maild.lifecycle import Status
from maild.plan.asked import Asked
from maild.plan.handing_over import LONGEST, ROWS, as_told, nearest_hands
from maild.plan.move import Move
from maild.simulate.look import look
from maild.ticket import Entry

GONE = [{"from": "2026-11-20", "to": "2026-11-23"}]
AGENTS = [
    {"name": "Léa Martin", "address": "lea@isybuy.example", "teams": ["n1"]},
    {"name": "Marc Petit", "address": "marc@isybuy.example", "teams": ["n1", "dev"]},
    {"name": "Nora Blanc", "address": "nora@isybuy.example", "teams": ["dev"], "away": GONE},
    {"name": "Zoé", "address": "zoe@isybuy.example", "teams": ["conges"], "away": GONE},
]
DESK = open_desk(settings(people={"agents": AGENTS, "customers": [{"address": ALICE.address}]}), RING)
KEYS = ("lea@isybuy.example", "marc@isybuy.example", "nora@isybuy.example", "zoe@isybuy.example")


def assign(
    to: str, *, by: str = "lea@isybuy.example", of: str = LEA.key, beside: tuple[str, ...] = (), **rota: Any
) -> Move:
    asked = Command("assign", to, f"#assign {to}")
    others = tuple(Command(line.split()[0], line.partition(" ")[2], f"#{line}") for line in beside)
    words = AgentWords("", (*others, asked))
    facts = Facts(NOW, 2000, rota=Rota(**rota))
    about = Asked(DESK, DESK.settings.agents[by], to, "", facts, 7, asked, words, Proof.PASS, "k", "fr")
    return ROWS["assign"].obeys(ticket(1042, assignee=of), about)


@pytest.mark.parametrize(
    ("to", "whose", "problem"),
    [
        ("marc@isybuy.example", "marc@isybuy.example", ""),
        ("Marc@ISYBUY.example", "marc@isybuy.example", ""),
        ("<marc@isybuy.example>", "marc@isybuy.example", ""),
        ("nora@isybuy.example", "nora@isybuy.example", ""),  # said by name, though away
        ("dev", "marc@isybuy.example", ""),  # Nora is away
        ("DEV", "marc@isybuy.example", ""),
        ("moi", "lea@isybuy.example", ""),
        ("me", "lea@isybuy.example", ""),
        ("conges", "", "nobody-there"),
        ("marc", "", "unknown-hands"),
        ("alice@client-a.example", "", "unknown-hands"),
        ("compta", "", "unknown-hands"),
    ],
)
def test_who_is_meant(to: str, whose: str, problem: str) -> None:
    move = assign(to)
    assert move.problem == problem
    assert move.ticket.assignee == (whose or LEA.key)
    assert not (problem and move.effects)


def test_the_load_of_the_ticket_itself_does_not_count() -> None:
    assert assign("n1", load={LEA.key: 2, "marc@isybuy.example": 1}).ticket.assignee == LEA.key
    assert assign("n1", load={LEA.key: 3, "marc@isybuy.example": 1}).ticket.assignee == "marc@isybuy.example"


def test_who_is_away_is_named_to_who_asks() -> None:
    assert assign("nora@isybuy.example").told
    assert not assign("marc@isybuy.example").told


@pytest.mark.parametrize("beside", ["assign marc@isybuy.example", "escalate", "add nora@isybuy.example"])
def test_what_would_tell_somebody_twice_is_refused(beside: str) -> None:
    assert assign("nora@isybuy.example", beside=(beside,)).problem == "conflict"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("#affecter marcc", "affecter marc@isybuy.example"),
        ("#assign Nora Blnc", "assign nora@isybuy.example"),
        ("#assign marc@isybuy.exampel", "assign marc@isybuy.example"),
        ("#assign congés1", "assign conges"),
        ("#assign facturation", ""),
    ],
)
def test_the_nearest_is_named(said: str, meant: str) -> None:
    assert nearest_hands(DESK.settings, said) == (meant, ("conges", "dev", "n1"))


@given(to=st.sampled_from((*KEYS, "n1", "dev", "me")), by=st.sampled_from(KEYS), of=st.sampled_from((*KEYS, "")))
def test_each_who_is_concerned_hears_of_it_once(to: str, by: str, of: str) -> None:
    move = assign(to, by=by, of=of)
    told = Counter(e.recipient for e in move.effects if isinstance(e, QueueMail))
    now = move.ticket.assignee
    assert told == Counter({who for who in (now, of) if who and who != by} if now != of else ())


@pytest.mark.parametrize("status", [Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.RESOLVED])
def test_only_a_new_one_changes_its_state(status: Status) -> None:
    asked = Command("assign", "marc@isybuy.example", "#assign marc@isybuy.example")
    facts = Facts(NOW, 2000)
    lea = DESK.settings.agents[LEA.key]
    about = Asked(DESK, lea, asked.argument, "", facts, 7, asked, AgentWords("", (asked,)), Proof.PASS, "k", "fr")
    move = ROWS["assign"].obeys(ticket(1042, status=status), about)
    [change] = [e for e in move.effects if isinstance(e, ChangeTicket)]
    assert change.changes["status"] == ("open" if status is Status.NEW else status.value)


def test_the_story_is_cut_where_it_is_long_and_bears_no_reference() -> None:
    entries = (Entry(ALICE.address, "a" * 9000, False, NOW), Entry("x@y.example", "z", True, NOW))
    long, short = as_told(DESK, ticket(1042), entries)
    assert (long.who, len(long.text)) == ("Alice Durand", LONGEST + 4)
    assert (short.who, short.is_note) == ("x@y.example", True)


def test_the_story_stands_in_the_notice() -> None:
    asked = Command("assign", "marc@isybuy.example", "#assign marc@isybuy.example")
    entries = (Entry(ALICE.address, "Elle s'arrête à la page 3.", False, NOW),)
    facts = Facts(NOW, 2000, last_messages=entries)
    lea = DESK.settings.agents[LEA.key]
    words = AgentWords("Je transmets.", (asked,))
    about = Asked(DESK, lea, asked.argument, words.text, facts, 7, asked, words, Proof.PASS, "k", "fr")
    about = replace(about, is_note=True)
    [mail] = [e for e in ROWS["assign"].obeys(ticket(1042), about).effects if isinstance(e, QueueMail)]
    shown = look(mail.data).text
    assert shown.index("page 3") < shown.index("note interne") < shown.index("Je transmets.")
