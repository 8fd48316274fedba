"""Do store and servers agree? Looks beside the running daemon, changes nothing, and says each difference.

The comparing is maild/audit (pure); here is only the looking: the store in slices on connections of its own, the
folders read-only, and again after some seconds, since what is on its way is no difference.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from maild.audit.findings import Difference, Finding, confirmed, together
from maild.audit.folders import Look, compare, notes, of_old_places, strange
from maild.audit.ledger import MailRow, Reading, Totals, faults_of, faults_of_desk, faults_of_file
from maild.clock import Clock
from maild.config.credentials import secret
from maild.errors import BadConfig, Temporary
from maild.ingest.listing import describe, list_folders, looking, probe
from maild.ingest.mailbox import ANSWER_WITHIN, Mailbox
from maild.ingest.pieces import LARGEST_MAIL
from maild.ingest.poller import LONGEST_SLICE
from maild.ingest.ports import PollerStatus, State
from maild.settings import Imap, Settings
from maild.store import auditing
from maild.store.database import Database
from maild.ticket import Disposition

LOOKS_AGAIN_AFTER = (3.0, 10.0)  # seconds; only where something did not agree
_SECOND_LOOKS = 1000  # rows that are read a second time; of more it is certain that something is wrong
_MARGIN = timedelta(minutes=1)  # beyond the poller's slice


class Progress(NamedTuple):
    """What the running daemon says of a mailbox."""

    is_sweeping: bool
    last_sweep_at: datetime | None


def progress_of(status: PollerStatus) -> Progress:
    """The same, asked of the poller itself."""
    return Progress(status.state is State.SWEEPING, status.last_sweep_at)


@dataclass(frozen=True, slots=True)
class Report:
    """What was found. `unreachable`: mailboxes whose folders could not be read, and why."""

    at: datetime
    received: int
    by_disposition: Mapping[str, int]
    differences: Sequence[Difference]
    notes: Sequence[str]
    unreachable: Mapping[str, str] = field(default_factory=dict)

    @property
    def lines(self) -> list[str]:
        """The differences, one a line, in English."""
        return [difference.line() for difference in self.differences]


@dataclass(frozen=True, slots=True)
class Auditor:
    """Looks at one desk. `progress`: of a mailbox, None while no daemon runs; `pause`: seconds between two slices."""

    settings: Settings
    database: Database
    clock: Clock
    progress: Callable[[str], Progress | None]
    is_running: bool
    pause: float = 0.0
    looks_again_after: Sequence[float] = LOOKS_AGAIN_AFTER
    answer_within: float = ANSWER_WITHIN
    largest: int = LARGEST_MAIL

    async def audit(self, *, folders: bool) -> Report:
        """The store, each mail to the bit; with `folders` the servers too. Whoever cancels it does not wait long."""
        try:
            return await self._audit(folders=folders)
        except asyncio.CancelledError:
            self.database.interrupt()
            raise

    async def _audit(self, *, folders: bool) -> Report:
        at = self.clock.now()
        totals = Totals(0, {d.value: 0 for d in Disposition}, (), 0)
        found: list[Finding] = []
        remarks: list[str] = []
        unreachable: dict[str, str] = {}
        try:
            damage = await self.database.read(auditing.damage)
            totals = await self.database.read(auditing.totals)
            reading = Reading(totals, at, self.settings)
            found += await self._mails(reading, totals.received)
            remarks += reading.notes()
            desk = await self.database.read(partial(auditing.desk_rows, now=at))
            found += faults_of_desk(desk, is_running=self.is_running)
            found += faults_of_file(damage, found)
            if desk.unconfirmed:
                remarks.append(f"{desk.unconfirmed} mails out ended unconfirmed: whether they arrived is not known")
            for name, box in self.settings.mailboxes.items() if folders else ():
                if box.imap is not None:
                    try:
                        findings, more = await self._folders(name, box.imap, reading.taken)
                    except (Temporary, BadConfig) as error:
                        unreachable[name] = str(error)
                    else:
                        found += findings
                        remarks += more
        except (auditing.Damaged, ValueError) as error:  # a value that is none: a page was written over
            found.append(Finding("database-damaged", more=str(error)))
        return Report(at, totals.received, totals.by_disposition, together(found), remarks, unreachable)

    async def _mails(self, reading: Reading, last: int) -> list[Finding]:
        """Of every row, and of its bytes."""
        after = 0
        while rows := await self._rows(after, last):
            reading.take(rows)
            after = rows[-1].id
            await asyncio.sleep(self.pause)
        suspects = sorted({finding.number for finding in reading.findings})
        if 0 < len(suspects) <= _SECOND_LOOKS:  # a file may just have been fetched again
            await asyncio.sleep(self.looks_again_after[0])
            again: list[Finding] = []
            for number in suspects:
                for row in await self._rows(number - 1, number):
                    again += faults_of(row, self.settings)
            reading.findings = confirmed(reading.findings, again)
        said = await self.database.read(auditing.said)
        return await asyncio.to_thread(reading.end, said)

    async def _rows(self, after: int, last: int) -> list[MailRow]:
        """The next slice; files are read one at a time, so that a stop waits for one at most."""
        rows = await self.database.read(partial(auditing.mails, after=after, last=last))
        for place, row in enumerate(rows):
            if row.file:
                rows[place] = await asyncio.to_thread(auditing.with_file, row, self.settings.store.files)
        return rows

    async def _folders(self, name: str, imap: Imap, told: Collection[int]) -> tuple[list[Finding], list[str]]:
        """What is so at every look. `told`: rows that say themselves that their mail was taken away."""
        patience = timedelta(seconds=min(imap.poll.delta.total_seconds(), LONGEST_SLICE)) + _MARGIN
        look = Look(name, imap, self.clock.now(), patience, self.largest, told=told)
        async with looking(name, imap, lambda: secret(imap.password), timeout=self.answer_within) as box:
            found, remarks = await self._looked(box, look)
            for seconds in self.looks_again_after:
                if not found:
                    break
                await asyncio.sleep(seconds)
                fresh, remarks = await self._looked(box, replace(look, is_taking=self._is_taking(look)))
                found = confirmed(found, fresh)
            return await self._probed(box, look, found), remarks

    async def _looked(self, box: Mailbox, look: Look) -> tuple[list[Finding], list[str]]:
        """The folders and the rows. What is pure goes to a thread: of many mails it takes its time."""
        listings = await list_folders(box, look.looked_at)
        records = await self.database.read(partial(auditing.records, mailbox=look.name))
        for folder, listing in listings.items():
            if listing is not None:
                is_inbox = folder == look.imap.folder
                unknown = await asyncio.to_thread(strange, look, folder, listing, records)
                listings[folder] = await describe(box, folder, listing, unknown, is_inbox=is_inbox)
        old = await asyncio.to_thread(of_old_places, listings, records)
        sizes = await self.database.read(partial(auditing.sizes, numbers=old)) if old else {}
        return await asyncio.to_thread(
            lambda: (list(compare(look, listings, records, sizes)), list(notes(look, listings, records)))
        )

    def _is_taking(self, look: Look) -> bool:
        """Whether the poller is in a sweep that began before our first look: a large backlog takes long."""
        progress = self.progress(look.name)
        if progress is None or not progress.is_sweeping:
            return False
        return progress.last_sweep_at is None or progress.last_sweep_at <= look.now

    async def _probed(self, box: Mailbox, look: Look, found: list[Finding]) -> list[Finding]:
        """Whether those that were not taken can't be read at all."""
        waiting = {finding.number for finding in found if finding.kind == "not-taken"}
        if not waiting:
            return found
        await box.select(look.imap.folder)
        bad = await probe(box, waiting)
        is_bad = [finding.kind == "not-taken" and finding.number in bad for finding in found]
        return [f._replace(kind="unreadable") if b else f for f, b in zip(found, is_bad, strict=True)]
