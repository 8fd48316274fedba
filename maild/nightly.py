"""When does the daemon audit itself, and who hears of it? Every night; differences are a concern."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import islice

import structlog

from maild.audit.findings import Difference, Name, what_is_new
from maild.audit.night import next_audit
from maild.auditor import LOOKS_AGAIN_AFTER, Auditor, Progress, Report
from maild.clock import Clock, rest
from maild.concern import Concern
from maild.errors import Temporary
from maild.ids import jitter
from maild.settings import Settings
from maild.store import auditing
from maild.store.database import Database, Session

LONGEST_SLEEP = 60.0  # seconds; a clock that was set is noticed that soon
SPREAD = 600.0  # seconds by which audits of several desks on a machine are spread, on average
PAUSE = 0.02  # seconds between two slices, for the road
TOLD = 10  # differences in a mail to the admin
KEPT = 1000  # differences of one audit that are stored
_log = structlog.get_logger("maild.audit")


class Nightly:
    """Audits the desk once a day, on connections of its own. `settings` gives the present ones; `progress`: what the
    pollers say, by mailbox."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        database: Database,
        clock: Clock,
        progress: Callable[[str], Progress | None],
        *,
        spread: float = SPREAD,
        looks_again_after: Sequence[float] = LOOKS_AGAIN_AFTER,
    ) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._progress = progress
        self._looks_again_after = looks_again_after
        self._found: Sequence[Difference] = ()
        self._new: frozenset[Name] = frozenset()  # what came in when they last became more
        self._spread = timedelta(seconds=jitter(spread, 1.0))

    @property
    def concerns(self) -> tuple[Concern, ...]:
        """The differences that the last audit found, the new ones first. Fewer of them are the same matter."""
        if not self._found:
            return ()
        key = sha256(repr(sorted(self._new)).encode()).hexdigest()[:16]
        told = sorted(self._found, key=lambda difference: not difference.names & self._new)[:TOLD]
        lines = [difference.line(self._settings().site.language) for difference in told]
        more = len(self._found) - len(told)
        details = (*lines, *([f"… (+{more})"] if more else []))
        return (Concern(f"audit-differences:{key}", "audit-differences", details),)

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop: wait for the night, audit."""
        failed_at: datetime | None = None
        last: auditing.LastAudit | None = None
        while not stop.is_set():
            try:
                last = await self._database.read(auditing.last_audit)
                if last is not None and failed_at is None:
                    await self._tell(last.differences, since=1)
                await self._until(self._due(last.at if last else None, failed_at), stop)
                if not stop.is_set():
                    is_whole = await self._unless_stopped(stop)
                    failed_at = None if is_whole else self._clock.now()
            except Exception as error:
                failed_at = self._clock.now()
                if isinstance(error, Temporary):
                    _log.warning("the audit waits", reason=str(error))
                else:  # ours: the desk goes on without
                    _log.exception("the audit failed")
                await rest(self._clock, LONGEST_SLEEP, stop)

    async def audit(self) -> bool:
        """Everything, to the bit. False if a server was away: then it is not recorded, and is to be tried again."""
        beside = Database(self._settings().store.database)
        try:
            auditor = Auditor(
                *(self._settings(), beside, self._clock, self._progress, True),
                pause=PAUSE,
                looks_again_after=self._looks_again_after,
            )
            report = await auditor.audit(folders=True)
        finally:
            await beside.close()
        self._say(report)
        found = report.differences[:KEPT]
        if report.unreachable:
            if found:
                await self._tell(found)
            return False
        await self._database.write(partial(auditing.record, at=report.at, mails=report.received, differences=found))
        await self._tell(found, since=1)
        return True

    async def _tell(self, found: Sequence[Difference], *, since: int = 0) -> None:
        """These are the concern now. `since`: how many of the recorded audits have found them themselves."""

        def work(session: Session) -> frozenset[Name]:
            return what_is_new(found, islice(auditing.earlier(session), since, None))

        self._found, self._new = found, await self._database.read(work)

    async def _unless_stopped(self, stop: asyncio.Event) -> bool:
        """An audit may take minutes; one that a stop interrupts leaves nothing behind."""
        work, stopper = asyncio.ensure_future(self.audit()), asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({work, stopper}, return_when=asyncio.FIRST_COMPLETED)
            return work.done() and work.result()
        finally:
            stopper.cancel()
            if work.cancel():
                with suppress(asyncio.CancelledError):
                    await work

    def _due(self, last: datetime | None, failed_at: datetime | None) -> datetime:
        due = next_audit(self._clock.now(), last, failed_at, self._settings().site.zone)
        return due if failed_at is not None else due + self._spread

    async def _until(self, due: datetime, stop: asyncio.Event) -> None:
        while not stop.is_set() and (left := (due - self._clock.now()).total_seconds()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), min(left, LONGEST_SLEEP))

    @staticmethod
    def _say(report: Report) -> None:
        _log.info(
            "audited",
            received=report.received,
            **report.by_disposition,
            differences=len(report.differences),
            unreachable=dict(report.unreachable),
        )
        for line in report.lines[:TOLD]:
            _log.warning("audit difference", line=line)
