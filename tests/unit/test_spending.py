"""What does #time add, and what is no time that anybody spent?"""

import pytest
from desk_values import NOW, RING, settings, ticket
from hypothesis import given
from hypothesis import strategies as st

from maild.agent_words import AgentWords, Command
from maild.config.desk import open_desk
from maild.effects import ChangeTicket
from maild.judgement import Facts, Proof
from maild.plan.asked import Asked
from maild.plan.move import Move
from maild.plan.spending import ROWS, in_hours

DESK = open_desk(settings(), RING)
LEA = DESK.settings.agents["lea@isybuy.example"]


def spend(said: str, before: int = 0) -> Move:
    command = Command("time", said, f"#time {said}")
    asked = Asked(DESK, LEA, said, "", Facts(NOW, 1), 7, command, AgentWords("", (command,)), Proof.PASS, "k", "fr")
    return ROWS["time"].obeys(ticket(1042, minutes=before), asked)


@pytest.mark.parametrize(
    ("said", "minutes"),
    [("25m", 25), ("25 min", 25), ("1h30", 90), ("2 heures", 120), ("24h", 1440)]
    + [(said, 0) for said in ("", "25", "0m", "-5m", "25h", "2 jours", "25m pour la pièce", "une heure", "1h75")],
)
def test_what_is_added(said: str, minutes: int) -> None:
    move = spend(said)
    assert (move.ticket.minutes, move.problem) == (minutes, "" if minutes else "unknown-length")


@given(st.integers(0, 10_000), st.integers(1, 1440))
def test_it_adds_up(before: int, more: int) -> None:
    move = spend(f"{more} min", before)
    assert move.ticket.minutes == before + more
    assert [e.changes for e in move.effects if isinstance(e, ChangeTicket)] == [{"minutes": before + more}]


@pytest.mark.parametrize(("minutes", "shown"), [(5, "5 min"), (59, "59 min"), (60, "1 h 00"), (145, "2 h 25")])
def test_how_it_is_shown(minutes: int, shown: str) -> None:
    assert in_hours(minutes) == shown
