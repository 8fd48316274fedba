"""`maild forecast`: what it says is what then happens, and looking ahead changes nothing."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from cli_desk import message
from rules_files import ROOT

from maild.cli.inside import run_inside
from maild.errors import BadInput
from maild.simulate.in_memory import InMemoryWorld, world_factory

DELAYS = ROOT / "tests" / "scenarios" / "delais" / "rules.yaml"
START = datetime(2026, 12, 21, 10, 0)  # noqa: DTZ001 in the zone of the rules
QUESTION = message("Erik Klein <erik@client-e.example>", "Export", "L'export ne part pas.").replace(
    b"mx.isybuy", b"mx.mykomela"
)
OTHER = message("Bruno Lopez <bruno@client-b.example>", "Relevé vide", "Le relevé est vide.").replace(
    b"mx.isybuy", b"mx.mykomela"
)


def within(rules: Path, story: Callable[[InMemoryWorld], Awaitable[None]]) -> None:
    async def work() -> None:
        world = await world_factory(run_inside)(rules, START)
        assert isinstance(world, InMemoryWorld)
        try:
            await story(world)
        finally:
            await world.close()

    asyncio.run(work())


async def foreseen(world: InMemoryWorld, *more: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(await world.command(["forecast", "1001", "--json", *more]))
    return found


def mails(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    return sorted((m["at"], m["template"], m["to"]) for m in found["foreseen"] if m["kind"] == "mail")


async def mails_of(world: InMemoryWorld, after: int) -> list[tuple[str, str, str]]:
    """Those that were queued since, of ticket 1001 by their subject."""
    new = [m for m in await world.sent() if m.outbox_id > after and b"K-1001" in m.raw]
    zone = world.settings.site.zone
    return sorted((m.queued_at.astimezone(zone).isoformat(), m.template, m.to) for m in new)


def bytes_of(world: InMemoryWorld) -> dict[str, bytes]:
    folder = world.settings.store.database.parent
    found = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    return {name: what for name, what in found.items() if not name.endswith("-shm")}


async def answer(world: InMemoryWorld, text: str) -> None:
    """Léa answers the mail by which she was told."""
    told = next(m for m in await world.sent() if m.template == "agent_new_ticket" and b"K-1001" in m.raw)
    to = str(message_from_bytes(told.raw)["Reply-To"])
    words = message("Léa Martin <lea@mykomela.example>", "Re: Export", text, To=to).replace(
        b"mx.isybuy", b"mx.mykomela"
    )
    await world.receive(words, "support")


@pytest.mark.parametrize(
    ("words", "status"), [("", "open"), ("De quel mois ?\n#attente", "pending"), ("Corrigé.\n#resolu", "resolved")]
)
def test_what_is_foreseen_is_what_happens(words: str, status: str, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    text = DELAYS.read_text("utf-8")
    rules.write_text(text.replace("send: relance}", "send: relance}\n  - {after: 9 days, resolve: no_answer}"), "utf-8")

    async def story(world: InMemoryWorld) -> None:
        await world.receive(QUESTION, "support")
        await world.receive(OTHER, "support")
        if words:
            await answer(world, words)
        last, before = max(m.outbox_id for m in await world.sent()), bytes_of(world)
        found = await foreseen(world, "--until", "40d")
        assert bytes_of(world) == before
        assert found["status"] == status
        await world.advance(datetime.fromisoformat(found["until"]))
        assert mails(found) == await mails_of(world, last)
        assert bool(mails(found)) == (status != "resolved")
        after = await world.ticket(1001)
        assert after is not None
        assert found["status_then"] == after.status.value
        assert (status == found["status_then"]) == (status == "open")

    within(rules, story)


def test_a_held_answer_is_named_as_what_stands_in_the_way() -> None:
    async def story(world: InMemoryWorld) -> None:
        await world.receive(QUESTION, "support")
        await answer(world, "De quel mois ?\n#attente")
        plain = message("Erik Klein <erik@client-e.example>", "Re: autre", "Novembre.", In_Reply_To="<a@b.example>")
        await world.receive(plain.replace(b"mx.isybuy", b"mx.mykomela"), "support")
        found = await foreseen(world)
        assert found["hindrances"] == ["held-answer"]
        assert "relance" not in {template for _, template, _ in mails(found)}
        assert "a held mail may be the customer's answer" in await world.command(["forecast", "1001"])

    within(DELAYS, story)


def test_what_is_no_ticket_or_no_time_is_refused() -> None:
    async def story(world: InMemoryWorld) -> None:
        await world.receive(QUESTION, "support")
        assert "there is no ticket 1002" in await world.command(["forecast", "1002"])
        for wrong in ("soon", "0d", "3000d", "2020-01-01", "15"):
            with pytest.raises(BadInput, match=r"--until|neither a length"):
                await world.command(["forecast", "1001", "--until", wrong])

    within(DELAYS, story)
