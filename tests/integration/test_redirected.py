"""A request that the rules sent elsewhere is not lost: a reader of the daily list makes a ticket of it by one click."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from desk_values import RING, settings
from road import ALICE, LEA, Road, letter, links

from maild.config.desk import open_desk
from maild.lifecycle import Status

SAID = settings(
    rules=[
        {"name": "all", "then": {"queue": "support", "assign": "least_loaded"}},
        {
            "name": "elsewhere",
            "if": {"subject": {"contains": "devis"}},
            "then": {"redirect": {"to": "v@ventes.example"}},
        },
    ]
)
DESK = open_desk(SAID, RING)
ADMIN = "admin@isybuy.example"


@pytest.fixture
async def road(tmp_path: Path) -> AsyncIterator[Road]:
    made = Road(tmp_path, lambda: DESK)
    yield made
    await made.database.close()


async def test_one_click_in_the_daily_list_makes_a_ticket_of_it(road: Road) -> None:
    ending = await road.receive(letter(ALICE, "Combien ?", subject="Devis"))
    assert (ending.verdict, ending.disposition, ending.ticket) == ("redirected", "applied", None)
    await road.sweeper.sweep()
    await road.after(days=1)
    listed = await road.last(ADMIN)
    [click] = links(listed)
    ending = await road.receive(letter(ADMIN, "Merci d’ouvrir une nouvelle demande avec ce message.", to=click))
    assert (ending.verdict, ending.ticket) == ("agent_command", 1001)
    ticket = await road.ticket()
    assert (ticket.status, ticket.subject, ticket.requester.address) == (Status.OPEN, "Devis", ALICE)
    assert [m.template for m in await road.queued() if m.recipient == LEA] == ["agent_new_ticket"]
    await road.receive(letter(ADMIN, "Merci d’ouvrir une nouvelle demande avec ce message.", to=click, name="again"))
    assert [m.template for m in await road.queued() if m.recipient == LEA] == ["agent_new_ticket"], "once"
    before = len(await road.queued())
    await road.after(days=1)
    assert len(await road.queued()) == before, "what was decided is listed no more"
