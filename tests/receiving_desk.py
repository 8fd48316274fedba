"""A desk that receives over real IMAP: the poller, the real store, the intake; what it owes stays in the outbox."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from desk_values import NOW
from inbound_in_memory import becomes
from road import Road
from sqlalchemy import and_, func, or_
from sqlmodel import col, select

from maild.ingest.poller import Poller
from maild.ingest.ports import Begin, State
from maild.intake import Intake
from maild.settings import Imap
from maild.store import queries
from maild.store.database import Session
from maild.store.inbound_tables import Inbound
from maild.ticket import Disposition


@dataclass
class Receiving:
    """A running desk and the parts that a test looks at."""

    road: Road
    poller: Poller
    intake: Intake
    counted: "CountingInbound"

    async def rows(self) -> list[Inbound]:
        """All received mails, oldest first."""
        return await rows(self.road)

    async def settles(self, count: int, seconds: float = 20) -> list[Inbound]:
        """Wait until so many mails are settled and filed, each where it belongs; then all rows."""
        async with asyncio.timeout(seconds):
            while True:
                there, done = await self.road.database.read(_there_and_done)
                if done >= count and done == there:
                    return await self.rows()
                await asyncio.sleep(0.02 + count / 10_000)

    async def calm(self) -> None:
        """Wait until a sweep that begins now is over."""
        for _ in range(2):  # one may be under way
            before = self.sweeps
            self.poller.wake()
            await becomes(lambda before=before: self.sweeps > before)  # type: ignore[misc]
        await becomes(lambda: self.poller.status.state is State.IDLING)

    @property
    def sweeps(self) -> int:
        """How many sweeps there were."""
        return self.counted.sweeps


class CountingInbound:
    """The real store; it counts sweeps by a question that each asks once, and can be told to fail."""

    def __init__(self, road: Road) -> None:
        self._inbound = road.inbound
        self.sweeps = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inbound, name)

    async def lost_count(self, mailbox: str) -> int:
        found = await self._inbound.lost_count(mailbox)
        self.sweeps += 1
        return found


@asynccontextmanager
async def receiving(
    road: Road, settings: Imap, begin: Begin = "all", *, name: str = "support", works: bool = True
) -> AsyncIterator[Receiving]:
    """The desk at work on one account. `works=False`: mails are kept and stay unworked."""
    counted: Any = CountingInbound(road)

    def kept() -> None:
        if works:
            intake.wake()

    poller = Poller(
        name,
        settings,
        lambda: "secret",
        counted,
        clock=road.clock,
        on_kept=kept,
        log=structlog.get_logger(),
        begin=begin,
    )
    intake = Intake(road.database, road.inbound, lambda: road.desk(), road.clock, on_settled=poller.wake)
    stop = asyncio.Event()
    await road.inbound.check_files()
    tasks = [asyncio.create_task(poller.run(stop))]
    tasks += [asyncio.create_task(intake.run(stop))] if works else []
    try:
        yield Receiving(road, poller, intake, counted)
    finally:
        stop.set()
        intake.wake()
        await asyncio.wait_for(asyncio.gather(*tasks), 20)


def _there_and_done(session: Session) -> tuple[int, int]:
    """How many rows there are, and how many are filed where they belong."""
    is_filed = or_(col(Inbound.filed_as) == col(Inbound.disposition), col(Inbound.is_vanished))
    is_done = and_(col(Inbound.filed_at).is_not(None), is_filed)
    there, done = session.exec(select(func.count(), func.count().filter(is_done)).select_from(Inbound)).one()
    return there, done


async def rows(road: Road) -> list[Inbound]:
    """All received mails of a store, oldest first."""
    return await road.database.read(lambda s: list(s.exec(select(Inbound).order_by(Inbound.id)).all()))  # type: ignore[arg-type]


async def counts(road: Road) -> tuple[int, int]:
    """How many tickets there are, and how many mails are owed."""
    tickets = await road.database.read(lambda s: queries.counts(s, ()).tickets)
    return sum(tickets.values()), len(await road.queued())


def dispositions(found: Sequence[Inbound]) -> dict[str, int]:
    """How many rows there are of each."""
    return {
        d.value: sum(r.disposition == d for r in found) for d in Disposition if any(r.disposition == d for r in found)
    }


@asynccontextmanager
async def open_road(folder: Path, now: datetime = NOW) -> AsyncIterator[Road]:
    """A desk and its store; what the store holds stays for the next time."""
    road = Road(folder, now=now)
    try:
        yield road
    finally:
        await road.database.close()
