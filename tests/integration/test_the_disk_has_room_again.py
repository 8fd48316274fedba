"""Does work go on within a minute of a full disk's end, however long it was full? Every loop looks again soon (R01)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from desk_values import NOW
from faults.mailbox_server import MailboxServer
from inbound_in_memory import MemoryInbound, RecordingClock, polling
from mail_servers import Account
from road import Road

from maild.errors import STORE_PAUSE, Temporary, pause_after
from maild.intake import Intake
from maild.outbox.outcome import Outcome
from maild.outbox.retry import STALE
from maild.outbox.sender import Sender
from maild.outbox.settling import Settling
from maild.store.database import DiskFull
from maild.store.deliveries import Claimed, OutboxRows
from maild.store.inbound import InboundStore, Kept
from maild.store.spool import CannotWrite
from maild.sweeper import Sweeper

TRIES = 14  # by then every pause would have reached its longest
MAIL = Claimed(1, "agent_reply", "support@isybuy.example", "alice@client-a.example", b"", 1, NOW, False, False)


async def while_it_is_full(run: Callable[[asyncio.Event], Awaitable[None]], clock: RecordingClock) -> None:
    """Let it run until it has waited so often; it never waited too long."""
    stop = asyncio.Event()
    task = asyncio.ensure_future(run(stop))
    enough = asyncio.ensure_future(clock.enough.wait())
    await asyncio.wait((task, enough), timeout=15, return_when=asyncio.FIRST_COMPLETED)
    enough.cancel()
    stop.set()
    await asyncio.wait((task,), timeout=15)
    task.cancel()
    assert len(clock.slept) >= TRIES
    assert max(clock.slept) <= 1.1 * STORE_PAUSE


@pytest.fixture
async def road(tmp_path: Path) -> Any:
    made = Road(tmp_path)
    yield made
    await made.database.close()


@pytest.mark.parametrize("failure", [DiskFull, CannotWrite])
async def test_the_poller_looks_again_soon_and_accuses_no_mailbox(failure: type[Temporary]) -> None:
    class Full(MemoryInbound):
        async def known(self, mailbox: str, folder: str, uidvalidity: int) -> set[int]:
            raise failure("no room")

    clock = RecordingClock(enough=TRIES)
    async with (
        MailboxServer() as server,
        polling(Account(server.port, "support", "secret").settings(), Full(), clock=clock) as poller,
    ):
        await asyncio.wait_for(clock.enough.wait(), 15)
        assert poller.status.last_error == "no room"
        assert poller.status.concerns == ()
    assert max(clock.slept) <= 1.1 * STORE_PAUSE


async def test_the_intake_looks_again_soon(road: Road, tmp_path: Path) -> None:
    class Full(InboundStore):
        async def kept(self, limit: int, *, after: int = 0) -> list[Kept]:
            raise DiskFull("no room")

    clock = RecordingClock(enough=TRIES)
    store = Full(road.database, tmp_path / "mails", clock)
    await while_it_is_full(Intake(road.database, store, road.desk, clock).run, clock)


async def test_the_sweeper_looks_again_soon(road: Road) -> None:
    class Full(Sweeper):
        async def sweep(self, stop: asyncio.Event | None = None) -> list[str]:
            raise DiskFull("no room")

    clock = RecordingClock(enough=TRIES)
    await while_it_is_full(Full(road.database, road.inbound, road.desk, clock).run, clock)


class FullRows(OutboxRows):
    """One mail to send, and one question of the sender's that is never answered."""

    full: str

    def _ask(self, what: str) -> None:
        if what == self.full:
            raise DiskFull("no room")

    async def recover(self, now: datetime, *, tells: bool = True) -> None:
        self._ask("recover")

    async def claim(self, now: datetime, limit: int) -> Sequence[Claimed]:
        self._ask("claim")
        return [MAIL]

    async def in_data(self, id: int, now: datetime) -> bool:
        self._ask("in_data")
        return True

    async def put_back(self, ids: Sequence[int], now: datetime) -> None:
        return None

    async def settle(self, id: int, **said: Any) -> None:
        self._ask("settle")


class Line:
    """As far as DATA everything goes well."""

    async def send(self, *_: object, before_data: Callable[[], Awaitable[None]]) -> Outcome:
        await before_data()
        raise AssertionError("nothing may leave")

    async def close(self) -> None:
        return None


@pytest.mark.parametrize("question", ["recover", "claim", "in_data"])
async def test_the_sender_looks_again_soon(road: Road, question: str) -> None:
    rows, clock = FullRows(road.database), RecordingClock(enough=TRIES)
    rows.full = question
    sender = Sender(rows, [Line()], clock=clock, jitter=lambda x: x, log=structlog.get_logger())
    await while_it_is_full(sender.run, clock)


async def test_what_became_of_a_mail_is_noted_soon(road: Road) -> None:
    rows, clock = FullRows(road.database), RecordingClock(enough=TRIES)
    rows.full = "settle"
    settling = Settling(rows, clock, lambda x: x, structlog.get_logger())
    await while_it_is_full(lambda stop: settling.settle(MAIL, STALE, stop), clock)


def test_only_the_store_is_asked_again_so_soon() -> None:
    assert pause_after(DiskFull("no room"), 300) == STORE_PAUSE
    assert pause_after(DiskFull("no room"), 2) == 2
    assert pause_after(Temporary("the server is away"), 300) == 300
