"""How does mail come from one mailbox into the store, and the server's copy into a folder? A loop that never gives up.

The sweep by UID is the truth and IDLE a hint. A mail is moved only after the store says that it is settled.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from structlog.typing import FilteringBoundLogger

from maild.clock import Clock, rest
from maild.concern import Concern
from maild.errors import BadConfig, StoreAway, Temporary, pause_after
from maild.ids import jitter
from maild.ingest.beginning import left_alone
from maild.ingest.filing import Filer
from maild.ingest.imap_protocol import Refused, first_of
from maild.ingest.keeping import Keeper
from maild.ingest.mailbox import ANSWER_WITHIN, LoginRefused, Mailbox, Selected
from maild.ingest.ports import Begin, Folder, Inbound, PollerStatus, State
from maild.ingest.recovery import mend, rescan
from maild.settings import Imap

LONGEST_SLICE = 240.0  # seconds of one IDLE: a dead peer is noticed within five minutes (reliability 2, RFC 2177)
PAUSES = (1.0, 300.0)  # seconds between two attempts to connect: the first, the longest
LOGIN_PAUSES = (10.0, 420.0)  # after refused logins: soon fewer than ten an hour, so that no account is locked (I20)
NEWS_IN_VAIN = 4  # sweeps in a row that news called for and that found nothing; then they wait, up to VAIN_PAUSE
VAIN_PAUSE = 2.0  # seconds


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
        begin: Begin = "now",
        answer_within: float = ANSWER_WITHIN,
        mailbox: type[Mailbox] = Mailbox,
        filer: type[Filer] = Filer,
    ) -> None:
        """`mailbox` and `filer`: how the server is spoken to and who files; those of read_only.py change nothing."""
        self._name = name
        self._settings = settings
        self._password = password
        self._inbound = inbound
        self._clock = clock
        self._on_kept = on_kept
        self._log = log.bind(mailbox=name)
        self._begin: Begin = begin
        self._answer_within = answer_within
        self._slice = min(settings.poll.delta.total_seconds(), longest_slice)
        self._wake = asyncio.Event()
        self._home = Folder(name, settings.folder, 0)
        self._left: set[int] = set()  # alone, at the first start
        self._first_looks: dict[Folder, tuple[Selected, datetime]] = {}
        self._keepers: dict[Folder, Keeper] = {}
        self._mailbox = mailbox
        self._filer = filer(name, settings, inbound, self._log)
        self._to_rescan: dict[str, None] = {}
        self._failures = 0
        self._failing: Concern | None = None
        self._vain = 0
        self._status = PollerStatus(State.STOPPED, clock.now())

    @property
    def status(self) -> PollerStatus:
        """What it does and has done, and what needs a person."""
        keeper, filer = self._keepers.get(self._home), self._filer
        too_large, unreadable = (keeper.too_large, keeper.unreadable) if keeper else (set[int](), set[int]())
        status = replace(
            self._status,
            filed=filer.filed,
            moved_on=filer.moved_on,
            vanished=filer.vanished,
            too_large=len(too_large),
            unreadable=len(unreadable),
        )
        return replace(status, concerns=tuple(self._concerns(status, too_large, unreadable)))

    def rescan(self, folders: Iterable[str] | None = None) -> None:
        """Read these folders again, by default those where mails are filed, and keep every mail without a row. To be
        called after the database was restored; safe at any time, in the loop's thread."""
        self._to_rescan |= dict.fromkeys(self._filer.folders if folders is None else folders)
        self._wake.set()

    @property
    def is_rescanning(self) -> bool:
        """Whether something is still to be read again."""
        return bool(self._to_rescan)

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
                    is_login = isinstance(error, LoginRefused | BadConfig)  # bad: the secret can't be read any more
                    is_ours = isinstance(error, StoreAway)  # no fault of the mailbox: store/room.py tells of it
                    self._failed(str(error), "mailbox-login" if is_login else "" if is_ours else "mailbox-down")
                    await self._pause(stop, error, LOGIN_PAUSES if isinstance(error, LoginRefused) else PAUSES)
                except Exception as error:
                    self._log.exception("poller_failed")
                    self._failed(f"{type(error).__name__}: {error}")
                    await self._pause(stop, error, PAUSES)
        finally:
            stopper.cancel()
            self._is(State.STOPPED)

    async def _session(self, stop: asyncio.Event) -> None:
        """One connection, from login to the end."""
        self._is(State.CONNECTING)
        box = await self._mailbox.connect(self._name, self._settings, self._password(), timeout=self._answer_within)
        try:
            self._filer.reconnected()
            await self._open(box)
            while not stop.is_set():
                self._wake.clear()
                self._is(State.SWEEPING)
                before = self._done
                await self._sweep(box, stop)
                self._swept()
                if stop.is_set():
                    break
                self._is(State.IDLING)
                await self._calm(stop, is_vain=before == self._done)
                has_news = await box.idle(self._slice, self._wake)
                self._vain = self._vain + 1 if has_news and not self._wake.is_set() else 0
            await box.close()
        finally:
            box.abort()

    async def _open(self, box: Mailbox) -> None:
        """Select the folder, and at its first sight note what is left alone."""
        selected = await box.select(self._settings.folder)
        home = Folder(self._name, self._settings.folder, selected.uidvalidity)
        if home != self._home or not self._keepers:
            # Where nothing can be remembered now, as on a full disk, what comes meanwhile is new mail all the same.
            first, at = self._first_looks.setdefault(home, (selected, self._clock.now()))
            self._left = await left_alone(box, self._inbound, home, first, self._begin, at)
            self._home, self._keepers = home, {}

    async def _sweep(self, box: Mailbox, stop: asyncio.Event) -> None:
        """Keep what is new, file what is settled."""
        home, keeper = self._home, self._keeper(self._home)
        to_rescan = list(self._to_rescan)  # what is said below waits: only now is all filed that is settled
        present = set(await box.uids())
        keeper.forget_all_but(present)
        new = present - await self._inbound.known(*home) - self._left
        await keeper.keep(box, new, stop)
        await self._filer.file(box, home, present)
        await self._filer.move_on(box, home)
        mended = await mend(box, home, self._inbound, self._filer, self._log)
        await self._rescan(box, to_rescan, stop)
        await keeper.retry(box, new, stop)
        if box.has_news and set(await box.uids()) - present:  # it may only be that the folder was selected again
            self._wake.set()
        status = replace(self._status, mended=self._status.mended + mended, left_alone=len(self._left & present))
        self._status = replace(status, lost=await self._inbound.lost_count(self._name))
        if mended:
            self._on_kept()

    async def _rescan(self, box: Mailbox, folders: Iterable[str], stop: asyncio.Event) -> None:
        for folder in folders:
            try:
                is_whole = await rescan(box, self._home, folder, self._inbound, self._filer, self._keeper, stop)
            except Refused as error:
                self._filer.refused[folder] = str(error)
                continue
            if is_whole and not stop.is_set():
                self._to_rescan.pop(folder)
                self._wake.set()  # what was found there may be mended now
                self._log.info("folder_read_again", folder=folder)

    def _keeper(self, folder: Folder) -> Keeper:
        if folder not in self._keepers:
            self._keepers[folder] = Keeper(folder, self._inbound, self._clock, self._log, self._kept)
        return self._keepers[folder]

    def _kept(self, count: int) -> None:
        self._status = replace(self._status, kept=self._status.kept + count)
        self._on_kept()

    @property
    def _done(self) -> tuple[int, ...]:
        """It changes whenever something was done."""
        return self._status.kept, self._status.mended, self._filer.filed, self._filer.moved_on, self._filer.vanished

    def _swept(self) -> None:
        self._failures, self._failing = 0, None
        said = "; ".join(f"can't file into {folder}: {why}" for folder, why in self._filer.refused.items())
        now = self._clock.now()
        failing_since = (self._status.failing_since or now) if said else None
        self._status = replace(self._status, last_sweep_at=now, last_error=said, failing_since=failing_since)

    async def _calm(self, stop: asyncio.Event, *, is_vain: bool) -> None:
        """A server that announces without end news that are none shall not keep us busy (I21)."""
        if not is_vain:
            self._vain = 0
        if self._vain >= NEWS_IN_VAIN:
            await first_of(stop, seconds=min(VAIN_PAUSE, 0.05 * 2 ** (self._vain - NEWS_IN_VAIN)))

    def _concerns(self, status: PollerStatus, too_large: set[int], unreadable: set[int]) -> Iterable[Concern]:
        folder, epoch = self._home.name, self._home.uidvalidity
        if self._failing is not None:
            yield self._failing
        for uid in sorted(too_large):
            yield Concern(f"too-large:{self._name}:{epoch}:{uid}", "too-large", (self._name, folder, str(uid)))
        for uid in sorted(unreadable):
            yield Concern(f"unreadable:{self._name}:{epoch}:{uid}", "unreadable", (self._name, folder, str(uid)))
        for target, why in self._filer.refused.items():
            yield Concern(f"not-filed:{self._name}:{target}", "not-filed", (self._name, target, why))
        if status.lost:
            count = str(status.lost)
            yield Concern(f"bytes-lost:{self._name}:{count}", "bytes-lost", (self._name, count))

    def _is(self, state: State) -> None:
        if state is not self._status.state:
            self._status = replace(self._status, state=state, since=self._clock.now())

    def _failed(self, why: str, notice: str = "mailbox-down") -> None:
        self._failures += 1
        self._failing = Concern(f"{notice}:{self._name}", notice, (self._name, why)) if notice else None
        self._log.warning("mailbox_away", why=why, attempt=self._failures)
        failing_since = self._status.failing_since or self._clock.now()
        self._status = replace(self._status, last_error=why, failing_since=failing_since)

    async def _pause(self, stop: asyncio.Event, error: Exception, pauses: tuple[float, float]) -> None:
        """Twice as long each time from the first to the longest, give or take a tenth; ends when `stop` is set."""
        self._is(State.BACKING_OFF)
        first, longest = pauses
        seconds = pause_after(error, min(longest, first * 2 ** min(self._failures - 1, 20)))
        await rest(self._clock, jitter(seconds), stop)
