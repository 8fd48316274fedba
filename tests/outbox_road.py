"""The outbox over its real store and real connections, for tests: rows are queued, servers are told how to behave."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from desk_values import NOW
from integration.smtp_servers import HOST

from maild.clock import Clock, VirtualClock
from maild.effects import QueueMail
from maild.outbox.ports import Line
from maild.outbox.sender import Sender
from maild.outbox.smtp import Timeouts, Transport
from maild.settings import Smtp
from maild.store.apply import apply
from maild.store.database import Database
from maild.store.deliveries import OutboxRows, Tell
from maild.store.lines import OutboxLine
from maild.store.queries import outbox
from maild.store.schema import thrown_away

SHORT = Timeouts(greeting=0.3, mail=0.3, rcpt=0.3, data=0.3, block=0.1, dot=0.2, quit=0.3)
AMPLE = Timeouts(greeting=60, mail=60, rcpt=60, data=60, block=60, dot=60, quit=1)


@dataclass
class OutboxRoad:
    """A store with an outbox, and what a test asks of it."""

    database: Database
    rows: OutboxRows
    clock: Clock

    async def queue(self, mails: Sequence[QueueMail]) -> None:
        """These mails are owed now."""
        await self.database.write(lambda session: apply(session, mails, self.clock.now()))

    async def lines(self) -> list[OutboxLine]:
        """All rows."""
        return await self.database.read(outbox)

    async def order(self, work: Callable[..., Any], **values: Any) -> Any:
        """What a command beside the daemon does."""
        return await self.database.write(lambda session: work(session, **values))

    async def until(self, is_so: Callable[[dict[str, int]], bool], seconds: float = 60) -> dict[str, int]:
        """Wait until the counts of states are so."""
        async with asyncio.timeout(seconds):
            while True:
                counts = await self.rows.counts()
                if is_so(counts):
                    return counts
                await asyncio.sleep(0.01)

    def sender(self, *lines: Line, **options: Any) -> Sender:
        """A sender on these ways out."""
        log = structlog.get_logger("test")
        return Sender(self.rows, lines, clock=self.clock, jitter=float, log=log, **options)

    @asynccontextmanager
    async def sending(self, *lines: Line, **options: Any) -> AsyncIterator[Sender]:
        """A running sender."""
        sender, stop = self.sender(*lines, **options), asyncio.Event()
        task = asyncio.create_task(sender.run(stop))
        try:
            yield sender
        finally:
            stop.set()
            await asyncio.wait_for(task, 30)


@asynccontextmanager
async def outbox_road(
    folder: Path, clock: Clock | None = None, tell: Tell | None = None, *, is_durable: bool = False
) -> AsyncIterator[OutboxRoad]:
    """A new store in that folder, or the one that is there."""
    database = thrown_away(folder / "maild.db")
    if is_durable:
        database.close_now()
        database = Database(folder / "maild.db")
    try:
        yield OutboxRoad(database, OutboxRows(database, tell), clock or VirtualClock(NOW))
    finally:
        await database.close()


class Hasty:
    """A clock on which whoever sleeps has slept at once, and the time has passed."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.time += timedelta(seconds=seconds)


def owed(
    key: str,
    to: str = "alice@client-a.example",
    *,
    template: str = "agent_reply",
    number: int | None = None,
    **more: Any,
) -> QueueMail:
    """A mail, with its key in Subject and Message-ID."""
    data = f"Subject: {key}\r\nMessage-ID: <{key}@desk.example>\r\n\r\nBonjour.\r\n".encode()
    return QueueMail(key, template, to, "support@desk.example", f"{key}@desk.example", data, key, number, 1, **more)


def line(port: int, timeouts: Timeouts = SHORT, **smtp: Any) -> Transport:
    """A way out to that port; further keys of `smtp:`. The password is wrong."""
    settings = Smtp.model_validate({"host": HOST, "port": port, "tls": "none"} | smtp)
    return Transport(settings, lambda: "wrong" if settings.user else None, "desk.example", timeouts)


async def becomes(is_so: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(seconds):
        while True:
            if is_so():
                return
            await asyncio.sleep(0.005)


def key_of(mail: bytes) -> str:
    """The key of a mail that arrived."""
    return mail.split(b"\n")[0].strip().removeprefix(b"Subject: ").decode()
