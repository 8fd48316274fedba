"""How is a poller tried without a store? The store's side in memory, a clock that keeps count, a poller at work."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import structlog

from maild.clock import Clock, SystemClock
from maild.ingest.mailbox import ANSWER_WITHIN
from maild.ingest.poller import LONGEST_SLICE, Poller
from maild.ingest.ports import Fetched, State
from maild.settings import Imap
from maild.store.copies import Copy, Filed, Started
from maild.store.spool import Draft, Spooled
from maild.ticket import Disposition


def mail(subject: str, size: int = 50) -> bytes:
    return f"From: a@b.example\r\nSubject: {subject}\r\n\r\n".encode() + b"x" * size + b"\r\n"


class MemoryInbound:
    """The store's side in memory: it remembers all that it was told. What is done to copies once they are filed, to
    large mails and to older ones is tried with the real store."""

    def __init__(self, settle_as: Callable[[Fetched], Disposition | None] = lambda _: None) -> None:
        self.kept: list[Fetched] = []
        self.batches: list[int] = []
        self.told = 0  # how often the intake was called
        self.gone: set[int] = set()
        self.taken: list[int] = []
        self.dispositions: dict[int, Disposition] = {}
        self.changed = asyncio.Condition()
        self._settle_as = settle_as

    async def started(self, mailbox: str, folder: str) -> Started | None:
        return Started(None)

    async def left_alone(self, mailbox: str, folder: str, uidvalidity: int) -> set[int] | None:
        return set()

    async def start(
        self, mailbox: str, folder: str, uidvalidity: int, since: datetime | None, left: str, highest: int
    ) -> None:
        raise AssertionError("it was started before")

    async def known(self, mailbox: str, folder: str, uidvalidity: int) -> set[int]:
        here = (mailbox, folder, uidvalidity)
        return {row.uid for number, row in enumerate(self.kept) if row[:3] == here and number not in self.gone}

    async def places(self, mailbox: str, folder: str, uidvalidity: int) -> set[int]:
        return await self.known(mailbox, folder, uidvalidity)

    async def keep(self, batch: Sequence[Fetched]) -> Sequence[int]:
        first = len(self.kept)
        self.batches.append(len(batch))
        async with self.changed:
            for row in batch:
                disposition = self._settle_as(row)
                if disposition is not None:
                    self.dispositions[len(self.kept)] = disposition
                self.kept.append(row)
            self.changed.notify_all()
        return range(first, len(self.kept))

    def draft(self) -> Draft:
        return Draft(Path(tempfile.gettempdir()))

    async def keep_spooled(self, mailbox: str, folder: str, uidvalidity: int, uid: int, mail: Spooled) -> int:
        raise AssertionError("no mail is that large")

    async def settled(self, mailbox: str, folder: str, uidvalidity: int) -> Sequence[Copy]:
        here = (mailbox, folder, uidvalidity)
        waiting = [(n, d) for n, d in self.dispositions.items() if n not in self.gone and self.kept[n][:3] == here]
        return [Copy(n, folder, uidvalidity, self.kept[n].uid, "", d, len(self.kept[n].raw), "") for n, d in waiting]

    async def filed(self, copies: Sequence[Filed]) -> None:
        async with self.changed:
            self.gone.update(copy.inbound_id for copy in copies)
            self.changed.notify_all()

    async def vanished(self, inbound_ids: Sequence[int]) -> None:
        async with self.changed:
            self.gone.update(inbound_ids)
            self.taken.extend(inbound_ids)
            self.changed.notify_all()

    async def astray(self, mailbox: str, folder: str, uidvalidity: int) -> Sequence[Copy]:
        return []

    async def unplaced(self, mailbox: str) -> Sequence[Copy]:
        return []

    async def damaged(self, mailbox: str) -> Sequence[Copy]:
        return []

    async def mended(self, inbound_id: int, mail: Spooled) -> None:
        raise AssertionError("nothing is damaged")

    async def lost(self, inbound_id: int) -> bool:
        raise AssertionError("nothing is damaged")

    async def lost_count(self, mailbox: str) -> int:
        return 0

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(15), self.changed:
            await self.changed.wait_for(holds)

    @property
    def subjects(self) -> list[bytes]:
        return [row.raw.split(b"\r\n")[1].removeprefix(b"Subject: ") for row in self.kept]


class RecordingClock:
    """It never makes anybody wait, and remembers how long they would have waited."""

    def __init__(self, enough: int = 10**9) -> None:
        self.slept: list[float] = []
        self.enough = asyncio.Event()
        self._count = enough

    def now(self) -> datetime:
        return datetime.now(UTC)

    def elapsed(self) -> float:
        return self.now().timestamp()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if len(self.slept) >= self._count:
            self.enough.set()
        await asyncio.sleep(0)


async def becomes(holds: Callable[[], bool], seconds: float = 15) -> None:
    """Wait for a status: it is read, and announces nothing."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@asynccontextmanager
async def polling(
    settings: Imap,
    inbound: MemoryInbound,
    *,
    password: str = "secret",
    clock: Clock | None = None,
    name: str = "support",
    longest_slice: float = LONGEST_SLICE,
    answer_within: float = ANSWER_WITHIN,
) -> AsyncIterator[Poller]:
    def on_kept() -> None:
        inbound.told += 1
        poller.wake()  # as if the intake had settled it at once

    poller = Poller(
        name,
        settings,
        lambda: password,
        inbound,
        clock=clock or SystemClock(),
        on_kept=on_kept,
        log=structlog.get_logger(),
        longest_slice=longest_slice,
        answer_within=answer_within,
    )
    stop = asyncio.Event()
    task = asyncio.create_task(poller.run(stop))
    try:
        yield poller
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)
        assert poller.status.state is State.STOPPED


def by_subject(row: Fetched) -> Disposition | None:
    words = {b"held": Disposition.HELD, b"twice": Disposition.DUPLICATE, b"later": None}
    return words.get(row.raw.split(b"\r\n")[1].removeprefix(b"Subject: "), Disposition.APPLIED)
