"""How does the server's copy of a mail come where its row wants it, and how is one found that lies elsewhere?

Only what the store calls settled is moved. Where a copy went is noted (tx C): the server says it (COPYUID), or it is
looked for by size and digest. A copy that a person took away is left to them.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from structlog.typing import FilteringBoundLogger

from maild.crash import point
from maild.errors import Temporary
from maild.ingest.imap_protocol import Refused
from maild.ingest.mailbox import Mailbox
from maild.ingest.pieces import Gone, TooLarge, digest
from maild.ingest.ports import Folder, Inbound
from maild.settings import Imap
from maild.store.copies import Copy, Filed
from maild.ticket import Disposition

FILED_AT_ONCE = 200  # mails moved between two records of it
THERE_BUT_CLOSED = ("[UNAVAILABLE]", "[INUSE]", "[SERVERBUG]", "[NOPERM]", "[LIMIT]")  # RFC 5530
LOOKED_THROUGH = 1000  # of a folder's newest mails without a row, when one is looked for


class NoFolder(Refused):
    """There is no folder of that name."""


@asynccontextmanager
async def visiting(box: Mailbox, folder: str, home: Folder) -> AsyncIterator[int]:
    """Another folder is selected within; gives its UIDVALIDITY. NoFolder, or Refused where it can't be opened."""
    if folder == home.name:
        yield home.uidvalidity
        return
    try:
        try:
            selected = await box.select(folder)
        except Refused as error:
            if any(code in str(error).upper() for code in THERE_BUT_CLOSED):
                raise
            raise NoFolder(str(error)) from None
        yield selected.uidvalidity
    finally:
        if not box.is_lost and (await box.select(home.name)).uidvalidity != home.uidvalidity:
            raise Temporary(f"the folder {home.name} was made anew")


class Filer:
    """Moves the copies of one mailbox. Counts are since the start."""

    def __init__(self, name: str, settings: Imap, inbound: Inbound, log: FilteringBoundLogger) -> None:
        self.filed = self.moved_on = self.vanished = 0
        self.refused: dict[str, str] = {}  # folders that can't be filled, and what the server says
        self._name = name
        self._inbound = inbound
        self._log = log
        self._ensured: set[str] = set()
        self._folders = {
            Disposition.APPLIED: settings.processed,
            Disposition.HELD: settings.held,
            Disposition.DUPLICATE: settings.duplicates,
        }

    @property
    def folders(self) -> tuple[str, ...]:
        """Where mails are filed, each once."""
        return tuple(dict.fromkeys(self._folders.values()))

    def reconnected(self) -> None:
        """Somebody may have taken a folder away meanwhile; and one that was refused is tried again."""
        self._ensured.clear()

    async def file(self, box: Mailbox, home: Folder, present: set[int]) -> None:
        """Move what is settled out of the selected folder; one folder that can't be filled holds up no other."""
        self.refused.clear()
        rows = await self._inbound.settled(*home)
        for disposition, folder in self._folders.items():
            mine = [row for row in rows if row.disposition is disposition]
            await self._look_for(box, home, folder, [row for row in mine if row.uid not in present])
            self.filed += await self._move(box, home, folder, [row for row in mine if row.uid in present])

    async def move_on(self, box: Mailbox, home: Folder) -> None:
        """Move what lies in another folder than its row wants by now: a held mail that was let in or discarded."""
        by_source: dict[str, list[Copy]] = defaultdict(list)
        for row in await self._inbound.astray(*home):
            by_source[self.source(row)].append(row)
        for source, rows in by_source.items():
            if source == home.name:  # kept under a UIDVALIDITY that is no more: its copy has come anew
                await self._vanish(rows)
                continue
            try:
                async with visiting(box, source, home) as uidvalidity:
                    await self._move_out_of(box, Folder(self._name, source, uidvalidity), rows)
            except NoFolder:
                await self._vanish(rows)
            except Refused as error:
                self._refuse(source, error)

    async def _move_out_of(self, box: Mailbox, here: Folder, rows: Sequence[Copy]) -> None:
        found = await self.where(box, here, rows)
        await self._vanish([row for row in rows if row.inbound_id not in found])
        for disposition, folder in self._folders.items():
            mine = [r._replace(uid=found[r.inbound_id]) for r in rows if r.inbound_id in found]
            mine = [row for row in mine if row.disposition is disposition]
            if folder == here.name:
                await self._filed([Filed(r.inbound_id, disposition, folder, here.uidvalidity, r.uid) for r in mine])
            else:
                self.moved_on += await self._move(box, here, folder, mine)

    async def _move(self, box: Mailbox, here: Folder, folder: str, rows: Sequence[Copy]) -> int:
        """From the selected folder into that one; how many came there for sure."""
        try:
            moved = 0
            for start in range(0, len(rows), FILED_AT_ONCE):
                moved += await self._move_some(box, here, folder, rows[start : start + FILED_AT_ONCE])
            return moved
        except Refused as error:
            self._refuse(folder, error)
            return 0

    async def _move_some(self, box: Mailbox, here: Folder, folder: str, rows: Sequence[Copy]) -> int:
        if folder not in self._ensured:
            await box.ensure_folder(folder)
            self._ensured.add(folder)
        point("K10")
        try:
            places = await box.move([row.uid for row in rows], folder)
        except Refused as error:
            if "[TRYCREATE]" not in str(error).upper():
                raise
            await box.ensure_folder(folder)  # somebody took it away since
            places = await box.move([row.uid for row in rows], folder)
        point("K12")
        told = [Filed(r.inbound_id, r.disposition, folder, *places[r.uid]) for r in rows if r.uid in places]
        await self._filed(told)
        return len(told) + await self._look_for(
            box, here, folder, [row for row in rows if row.uid not in places], is_moved=not box.tells_places
        )

    async def _look_for(
        self, box: Mailbox, here: Folder, folder: str, rows: Sequence[Copy], *, is_moved: bool = False
    ) -> int:
        """Copies that have left the selected folder: moved by us and never noted (K11, K12), or by a person.

        `is_moved`: by us, for sure, so that one that is not found is there all the same.
        """
        if not rows:
            return 0
        found: dict[int, int] = {}
        uidvalidity = 0
        try:
            async with visiting(box, folder, here) as uidvalidity:
                found = await self.where(box, Folder(self._name, folder, uidvalidity), rows, are_there=False)
        except NoFolder:
            pass
        except Refused as error:
            self._refuse(folder, error)
            return 0
        filed = [
            Filed(r.inbound_id, r.disposition, folder, uidvalidity, found[r.inbound_id])
            for r in rows
            if r.inbound_id in found
        ]
        missing = [row for row in rows if row.inbound_id not in found]
        if is_moved:
            filed += [Filed(row.inbound_id, row.disposition, folder) for row in missing]
        else:
            await self._vanish(missing)
        await self._filed(filed)
        return len(filed)

    async def where(
        self, box: Mailbox, here: Folder, rows: Sequence[Copy], *, are_there: bool = True, most: int = LOOKED_THROUGH
    ) -> dict[int, int]:
        """Row -> UID of those that lie in the selected folder: where they are said to be (`are_there`), or else found
        by size and digest among its newest `most` mails that belong to no row."""
        present = set(await box.uids())
        placed = (row for row in rows if are_there and row.uidvalidity == here.uidvalidity and row.uid in present)
        found = {row.inbound_id: row.uid for row in placed}
        sought: dict[tuple[int, str], list[int]] = defaultdict(list)
        for row in rows:
            if row.inbound_id not in found and row.sha256:
                sought[row.size, row.sha256].append(row.inbound_id)
        if not sought:
            return found
        strange = sorted(present - await self._inbound.places(*here) - set(found.values()))[-most:]
        lengths = {size for size, _ in sought}
        alike = {uid: size for uid, size in (await box.sizes(strange)).items() if size in lengths}
        for uid, size in alike.items():
            try:
                ids = sought.get((size, await digest(box, uid)))
            except (Gone, TooLarge):
                continue
            if ids:
                found[ids.pop(0)] = uid
        return found

    async def placed(self, here: Folder, rows: Sequence[Copy], found: dict[int, int]) -> None:
        """Note that these were found in a folder of ours."""
        disposition = next(d for d, folder in self._folders.items() if folder == here.name)
        ids = [row.inbound_id for row in rows if row.inbound_id in found]
        await self._filed([Filed(id_, disposition, here.name, here.uidvalidity, found[id_]) for id_ in ids])

    def source(self, row: Copy) -> str:
        """The folder in which a copy is said to lie; '' where nobody knows."""
        return row.folder or (self._folders[Disposition(row.filed_as)] if row.filed_as else "")

    def _refuse(self, folder: str, error: Refused) -> None:
        self._ensured.discard(folder)
        self.refused[folder] = str(error)
        self._log.warning("filing_refused", folder=folder, said=str(error))

    async def _filed(self, copies: Sequence[Filed]) -> None:
        if copies:
            await self._inbound.filed(copies)

    async def _vanish(self, rows: Sequence[Copy]) -> None:
        if rows:
            self._log.warning("mails_vanished", rows=[row.inbound_id for row in rows[:20]], count=len(rows))
            await self._inbound.vanished([row.inbound_id for row in rows])
            self.vanished += len(rows)
