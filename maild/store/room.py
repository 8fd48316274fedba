"""Can the store be written, and is there room for more? What of it needs a person.

A database that failed is tried again with a write of its own, since nothing else may have to be written for hours.
"""

import asyncio
import os
from collections.abc import Iterable
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
LEAST_SHARE = 0.05
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
        disks = await asyncio.to_thread(_disks, self._folders)
        found = [
            Concern(f"disk-low:{folder}", "disk-low", (str(folder), str(free >> 20)))
            for folder, free, size in disks
            if free < LEAST or free < size * LEAST_SHARE
        ]
        if trouble is not None:
            is_full = isinstance(trouble, DiskFull) or any(free < FULL for _, free, _ in disks)
            notice = "disk-full" if is_full else "database"
            found.append(Concern(notice, notice, (str(self._database.path), str(trouble))))
        return found

    async def _trouble(self) -> Temporary | None:
        """Why nothing can be written; None if it can."""
        has_failed = self._database.trouble is not None
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                await self._database.write(self._probe if has_failed else Database.foreign_version)
        except TimeoutError:
            return Temporary(f"no answer from the database within {ANSWERS_WITHIN:g} s")
        except Temporary as error:
            return error
        self._database.trouble = None
        return None

    def _probe(self, session: Session) -> int:
        """Writes a row and takes it away: its page goes to the disk all the same."""
        rows = session.connection()
        rows.execute(insert(SWITCH), {"name": _PROBE, "set_at": self._clock.now()})
        return rows.execute(delete(SWITCH).where(SWITCH.c.name == _PROBE)).rowcount


def _disks(folders: Iterable[Path]) -> list[tuple[Path, int, int]]:
    """Each file system once, by the first folder on it that is there: octets free for us, and in all."""
    seen, found = set(), []
    for folder in folders:
        there = next((f for f in (folder, *folder.absolute().parents) if f.is_dir()), None)
        if there is not None and (device := there.stat().st_dev) not in seen:
            seen.add(device)
            state = os.statvfs(there)
            found.append((there, state.f_bavail * state.f_frsize, state.f_blocks * state.f_frsize))
    return found
