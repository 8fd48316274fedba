"""Tickets are found by words of their subject, their texts and their people, whatever their case and accents."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from maild.effects import AddMessage, Effect, OpenTicket
from maild.store.apply import apply
from maild.store.database import Database
from maild.store.schema import upgrade
from maild.store.search import MOST_CANDIDATES, search, words_of
from maild.ticket import Participant, Role, Ticket, Visibility

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def opened(number: int, subject: str, *texts: str, by: str = "alice@client-a.example") -> list[Effect]:
    who = Participant(1, by, "Zoé Élan", Role.CUSTOMER)
    ticket = Ticket(number, subject, "support", "fr", participants=(who,), opened_at=NOW)
    return [OpenTicket(ticket), *(AddMessage(number, Visibility.PUBLIC, by, text) for text in texts)]


@pytest.fixture
async def found(tmp_path: Path) -> Any:
    database = Database(tmp_path / "maild.db")
    upgrade(database)
    effects = [
        *opened(1001, "Facture", "L’export numéroté 4411 échoue à 100 %.", "Ça plante_encore"),
        *opened(1002, "FACTURE d'août", "Le stock est faux.", by="bruno@client-b.example"),
        *opened(1003, "Autre", "Rien."),
    ]
    await database.write(lambda session: apply(session, effects, NOW))
    yield lambda written, limit=40: database.read(partial(search, written=written, limit=limit))
    await database.close()


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("facture", [1002, 1001]),
        ("FACTURE stock", [1002]),
        ("numerote", [1001]),
        ("NUMÉROTÉ Facture", [1001]),
        ("aout", [1002]),
        ("bruno@client-b.example", [1002]),
        ("zoe elan", [1003, 1002, 1001]),
        ("100 %", [1001]),
        ("plante_encore", [1001]),
        ("e_encore", [1001]),
        ("plante%encore", []),
        ("a!b", []),
        ("introuvable", []),
        ("", []),
        ("  «»  ", []),
    ],
)
async def test_all_words_must_be_there(found: Callable[..., Any], written: str, numbers: list[int]) -> None:
    assert await found(written) == (numbers, False)


async def test_it_says_that_there_are_more(found: Callable[..., Any]) -> None:
    assert await found("zoe", 2) == ([1003, 1002], True)


def test_words_are_bounded() -> None:
    assert len(words_of(" ".join(f"w{n}" for n in range(1000)))) == 8
    assert max(map(len, words_of("x" * 10_000))) == 60
    assert MOST_CANDIDATES >= 40
