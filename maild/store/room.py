"""Can the store be written, and is there room for more? What of it needs a person.

A database that failed is tried again with a write of its own, since nothing else may have to be written for hours.
"""

import asyncio
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session

from maild.clock import Clock
from maild.concern import Concern
from maild.errors import Temporary
from maild.store.database import Database, DiskFull
from maild.store.inbound import IN_DATABASE
from maild.store.tables import SWITCH

LEAST = 200 * 1024 * 1024  # octets free
LEAST_SHARE = 0.05  # of the file system, where that is not more than
ENOUGH = 5 * 1024**3  # octets: a large disk has room for months then
FULL = 1024 * 1024  # octets; where fewer are free, any failure is for want of room
ANSWERS_WITHIN = 10.0  # seconds
_PROBE = "probe:" + "x" * IN_DATABASE  # as large as a mail, so that it fails where mails do


class Room:
    """Looks at a database and at the file systems on which it and these folders lie."""

    def __init__(self, database: Database, folders: Iterable[Path], clock: Clock) -> None:
        self._database = database
        self._folders = (database.path.parent, *folders)
        self._clock = clock

    async def concerns(self) -> list[Concern]:
        """`disk-full` or `database` while nothing can be written, `disk-low` for a file system with little room."""
        trouble = await self._trouble()
        low = await asyncio.to_thread(low_disks, self._folders)
        found = [Concern(f"disk-low:{d.folder}", "disk-low", (str(d.folder), str(d.free >> 20))) for d in low]
        if trouble is not None:
            is_full = isinstance(trouble, DiskFull) or any(disk.is_full for disk in low)
            notice = "disk-full" if is_full else "database"
            found.append(Concern(notice, notice, (str(self._database.path), str(trouble))))
        return found

    async def _trouble(self) -> Temporary | None:
        """Why nothing can be written; None if it can."""
        before = self._database.trouble
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                await self._database.write(self._probe if before is not None else Database.foreign_version)
        except TimeoutError:
            return Temporary(f"no answer from the database within {ANSWERS_WITHIN:g} s")
        except Temporary as error:
            return error
        if self._database.trouble is before:  # not what has failed since
            self._database.trouble = None
        return self._database.trouble

    def _probe(self, session: Session) -> int:
        """Writes a row and takes it away: its page goes to the disk all the same."""
        rows = session.connection()
        rows.execute(insert(SWITCH), {"name": _PROBE, "set_at": self._clock.now()})
        return rows.execute(delete(SWITCH).where(SWITCH.c.name == _PROBE)).rowcount


@dataclass(frozen=True, slots=True)
class LowDisk:
    """A file system with little room, by a folder on it."""

    folder: Path
    free: int  # octets

    @property
    def is_full(self) -> bool:
        """Whether nothing can be written."""
        return self.free < FULL


def low_disks(folders: Iterable[Path]) -> list[LowDisk]:
    """Those on which these folders lie, each once."""
    disks = _disks(folders)
    return [LowDisk(folder, free) for folder, free, size in disks if free < max(LEAST, min(size * LEAST_SHARE, ENOUGH))]


def _disks(folders: Iterable[Path]) -> list[tuple[Path, int, int]]:
    """Each file system once, by the first folder on it that is there: octets free for us, and in all."""
    seen, found = set(), []
    for folder in folders:
        there = next((f for f in (folder, *folder.absolute().parents) if f.is_dir()), None)
        if there is not None and (device := there.stat().st_dev) not in seen:
            seen.add(device)
            state = os.statvfs(there)
            if state.f_blocks:  # some network file systems don't say
                found.append((there, state.f_bavail * state.f_frsize, state.f_blocks * state.f_frsize))
    return found
