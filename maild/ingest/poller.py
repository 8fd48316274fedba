"""How does mail come from one mailbox into the store, and the server's copy into a folder? A loop that never gives up.

The sweep by UID is the truth and IDLE a hint. A mail is moved only after the store says that it is settled.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from structlog.typing import FilteringBoundLogger

from maild.clock import Clock
from maild.errors import BadConfig, Temporary
from maild.ids import jitter
from maild.ingest.batches import Suspects, batches
from maild.ingest.imap_protocol import Refused, first_of
from maild.ingest.mailbox import LoginRefused, Mailbox
from maild.ingest.wire import LARGEST_LITERAL
from maild.settings import Imap
from maild.store.inbound import Settled
from maild.ticket import Disposition

LISTED_AT_ONCE = 1000  # mails whose sizes are asked for in one go
LONGEST_SLICE = 240.0  # seconds of one IDLE: a dead peer is noticed within five minutes (reliability 2, RFC 2177)
FILED_AT_ONCE = 200  # mails moved between two records of it
PAUSES = (1.0, 300.0)  # seconds between two attempts to connect: the first, the longest
LOGIN_PAUSES = (10.0, 420.0)  # after refused logins: soon fewer than ten an hour, so that no account is locked (I20)


class Fetched(NamedTuple):
    """A mail as the server gave it; the first four name it for ever (RFC 9051 2.3.1.1)."""

    mailbox: str
    folder: str
    uidvalidity: int
    uid: int
    raw: bytes


class Inbound(Protocol):
    """The store's side."""

    async def known(self, mailbox: str, folder: str, uidvalidity: int) -> set[int]:
        """The UIDs that were kept and may still lie in the folder."""
        ...

    async def keep(self, batch: Sequence[Fetched]) -> Sequence[int]:
        """Keep the mails, durable when this returns. Keeping one again changes nothing. Ids, in order."""
        ...

    async def settled(self, mailbox: str, folder: str, uidvalidity: int) -> Sequence[Settled]:
        """The mails to be filed now."""
        ...

    async def filed(self, inbound_ids: Sequence[int], *, vanished: bool = False) -> None:
        """They lie in their folder now. `vanished`: they are not where they were; somebody took them, or we did and the
        connection broke before it was recorded."""
        ...


class State(StrEnum):
    """What a poller is doing."""

    STOPPED = "stopped"
    CONNECTING = "connecting"
    SWEEPING = "sweeping"
    IDLING = "idling"
    BACKING_OFF = "backing_off"  # something is wrong: see last_error


@dataclass(frozen=True, slots=True)
class PollerStatus:
    """For `maild status`. Counts are since the start."""

    state: State
    since: datetime
    last_error: str = ""
    last_sweep_at: datetime | None = None
    kept: int = 0
    filed: int = 0
    vanished: int = 0
    too_large: int = 0  # lie in the folder and are not taken: above LARGEST_LITERAL
    unreadable: int = 0  # could not be fetched several times, and wait


class Poller:
    """Keeps and files the mail of one mailbox. `on_kept` is called after each batch; `wake` after something settled."""

    def __init__(
        self,
        name: str,
        settings: Imap,
        password: Callable[[], str],
        inbound: Inbound,
        *,
        clock: Clock,
        on_kept: Callable[[], None],
        log: FilteringBoundLogger,
        longest_slice: float = LONGEST_SLICE,
    ) -> None:
        self._name = name
        self._settings = settings
        self._password = password
        self._inbound = inbound
        self._clock = clock
        self._on_kept = on_kept
        self._log = log.bind(mailbox=name)
        self._slice = min(settings.poll.delta.total_seconds(), longest_slice)
        self._wake = asyncio.Event()
        self._epoch = 0  # the UIDVALIDITY that the next two belong to
        self._suspects = Suspects()
        self._too_large: set[int] = set()
        self._ensured: set[str] = set()
        self._failures = 0
        self.status = PollerStatus(State.STOPPED, clock.now())
        self._folders = {
            Disposition.APPLIED: settings.processed,
            Disposition.HELD: settings.held,
            Disposition.DUPLICATE: settings.duplicates,
        }

    def wake(self) -> None:
        """Sweep again at once: something was settled. Safe at any time, in the loop's thread."""
        self._wake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep and wait until `stop` is set. Whatever goes wrong: a pause, and a new connection."""
        stopper = asyncio.ensure_future(stop.wait())
        stopper.add_done_callback(lambda _: self._wake.set())
        try:
            while not stop.is_set():
                try:
                    await self._session(stop)
                except (Temporary, BadConfig) as error:
                    self._failed(str(error))
                    await self._pause(stop, LOGIN_PAUSES if isinstance(error, LoginRefused) else PAUSES)
                except Exception as error:
                    self._log.exception("poller_failed")
                    self._failed(f"{type(error).__name__}: {error}")
                    await self._pause(stop, PAUSES)
        finally:
            stopper.cancel()
            self._is(State.STOPPED)

    async def _session(self, stop: asyncio.Event) -> None:
        """One connection, from login to the end."""
        self._is(State.CONNECTING)
        box = await Mailbox.connect(self._name, self._settings, self._password())
        try:
            self._ensured.clear()
            uidvalidity = (await box.select(self._settings.folder)).uidvalidity
            if uidvalidity != self._epoch:
                self._epoch, self._suspects, self._too_large = uidvalidity, Suspects(), set()
            while not stop.is_set():
                self._wake.clear()
                self._is(State.SWEEPING)
                is_whole = await self._sweep(box, stop)
                self._failures = 0
                self.status = replace(self.status, last_sweep_at=self._clock.now())
                if is_whole:
                    self.status = replace(self.status, last_error="")
                if not stop.is_set():
                    self._is(State.IDLING)
                    await box.idle(self._slice, self._wake)
            await box.close()
        finally:
            box.abort()

    async def _sweep(self, box: Mailbox, stop: asyncio.Event) -> bool:
        """Keep what is new, file what is settled; False where the server would not take something."""
        present = set(await box.uids())
        known = await self._inbound.known(self._name, self._settings.folder, self._epoch)
        self._suspects.forget_all_but(present)
        self._too_large &= present
        new = present - known
        await self._keep(sorted(uid for uid in new if uid not in self._suspects), box, stop)
        is_whole = await self._file(box, present)
        for uid in self._suspects.to_try(self._clock.now()):
            if uid in new:
                await self._keep([uid], box, stop)
        unreadable = len(self._suspects.waiting(self._clock.now()))
        self.status = replace(self.status, too_large=len(self._too_large), unreadable=unreadable)
        return is_whole

    async def _keep(self, new: Sequence[int], box: Mailbox, stop: asyncio.Event) -> None:
        for start in range(0, len(new), LISTED_AT_ONCE):
            sizes = await box.sizes(new[start : start + LISTED_AT_ONCE])
            for uid in [uid for uid, size in sizes.items() if size > LARGEST_LITERAL]:
                octets = sizes.pop(uid)
                if uid not in self._too_large:
                    self._too_large.add(uid)
                    self._log.warning("mail_too_large", uid=uid, octets=octets)
            for batch in batches(sizes):
                if stop.is_set():
                    return
                await self._keep_batch(batch, box)

    async def _keep_batch(self, batch: Sequence[int], box: Mailbox) -> None:
        try:
            mails = await box.fetch(batch)
        except Temporary:
            self._suspects.accuse(batch, self._clock.now())
            raise
        if not mails:
            return  # gone since they were listed
        here = self._name, self._settings.folder, self._epoch
        await self._inbound.keep([Fetched(*here, uid, mails[uid]) for uid in sorted(mails)])
        self._suspects.acquit(mails)
        self.status = replace(self.status, kept=self.status.kept + len(mails))
        self._log.info("mails_kept", count=len(mails), octets=sum(map(len, mails.values())))
        self._on_kept()

    async def _file(self, box: Mailbox, present: set[int]) -> bool:
        """Move what is settled; one folder that can't be filled holds up no other."""
        rows = await self._inbound.settled(self._name, self._settings.folder, self._epoch)
        gone = [row for row in rows if row.uid not in present]
        if gone:
            self._log.warning("mails_vanished", uids=[row.uid for row in gone[:20]], count=len(gone))
            await self._inbound.filed([row.inbound_id for row in gone], vanished=True)
            self.status = replace(self.status, vanished=self.status.vanished + len(gone))
        is_whole = True
        for disposition, folder in self._folders.items():
            rows_here = [row for row in rows if row.uid in present and row.disposition is disposition]
            try:
                await self._file_into(box, folder, rows_here)
            except Refused as error:
                self._ensured.discard(folder)
                self._log.warning("filing_refused", folder=folder, said=str(error))
                self.status = replace(self.status, last_error=f"can't file into {folder}: {error}")
                is_whole = False
        return is_whole

    async def _file_into(self, box: Mailbox, folder: str, rows: Sequence[Settled]) -> None:
        if rows and folder not in self._ensured:
            await box.ensure_folder(folder)
            self._ensured.add(folder)
        for start in range(0, len(rows), FILED_AT_ONCE):
            some = rows[start : start + FILED_AT_ONCE]
            await box.move([row.uid for row in some], folder)
            await self._inbound.filed([row.inbound_id for row in some])
            self.status = replace(self.status, filed=self.status.filed + len(some))

    def _is(self, state: State) -> None:
        if state is not self.status.state:
            self.status = replace(self.status, state=state, since=self._clock.now())

    def _failed(self, why: str) -> None:
        self._failures += 1
        self._log.warning("mailbox_away", why=why, attempt=self._failures)
        self.status = replace(self.status, last_error=why)

    async def _pause(self, stop: asyncio.Event, pauses: tuple[float, float]) -> None:
        """Twice as long each time from the first to the longest, give or take a tenth; ends when `stop` is set."""
        self._is(State.BACKING_OFF)
        first, longest = pauses
        done = asyncio.Event()
        sleeper = asyncio.ensure_future(
            self._clock.sleep(jitter(min(longest, first * 2 ** min(self._failures - 1, 20))))
        )
        sleeper.add_done_callback(lambda _: done.set())
        try:
            await first_of(stop, done)
        finally:
            sleeper.cancel()
