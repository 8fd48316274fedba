"""What is fetched again? Mails whose files were lost; and the filed mail, after a restore of the database."""

import asyncio
from collections import defaultdict
from collections.abc import Callable

from structlog.typing import FilteringBoundLogger

from maild.ingest.filing import Filer, NoFolder, visiting
from maild.ingest.imap_protocol import Refused
from maild.ingest.keeping import Keeper
from maild.ingest.mailbox import Mailbox
from maild.ingest.pieces import Gone, TooLarge, spool
from maild.ingest.ports import Folder, Inbound
from maild.store.copies import Copy


async def mend(box: Mailbox, home: Folder, inbound: Inbound, filer: Filer, log: FilteringBoundLogger) -> int:
    """Fetch again what the damaged files held, from wherever the server's copies lie; how many could be mended.

    One that lies nowhere any more, or is not the same, is lost: if it was not worked it is held.
    """
    by_source: dict[str, list[Copy]] = defaultdict(list)
    for row in await inbound.damaged(home.mailbox):
        by_source[filer.source(row)].append(row)
    mended = 0
    for source, rows in by_source.items():
        try:
            async with visiting(box, source or home.name, home) as uidvalidity:
                found = await filer.where(box, Folder(home.mailbox, source or home.name, uidvalidity), rows)
                for row in rows:
                    mended += await _mend(box, inbound, row, found.get(row.inbound_id), log)
        except NoFolder:
            for row in rows:
                await _mend(box, inbound, row, None, log)
        except Refused as error:
            log.warning("file_not_fetched_yet", folder=source, said=str(error))  # the next sweep tries again
    return mended


async def _mend(box: Mailbox, inbound: Inbound, row: Copy, uid: int | None, log: FilteringBoundLogger) -> bool:
    if uid is not None and await _fetched_again(box, inbound, row, uid):
        log.warning("file_fetched_again", inbound=row.inbound_id)
        return True
    if await inbound.lost(row.inbound_id):
        log.error("file_lost", inbound=row.inbound_id)
    return False


async def _fetched_again(box: Mailbox, inbound: Inbound, row: Copy, uid: int) -> bool:
    with inbound.draft() as draft:
        try:
            await spool(box, uid, draft, row.size)
        except (Gone, TooLarge):
            return False
        if draft.size != row.size or (row.sha256 and draft.sha256 != row.sha256):
            return False
        await inbound.mended(row.inbound_id, await asyncio.to_thread(draft.finish, row.uidvalidity, uid))
        return True


async def rescan(
    box: Mailbox,
    home: Folder,
    name: str,
    inbound: Inbound,
    filer: Filer,
    keeper_of: Callable[[Folder], Keeper],
    stop: asyncio.Event,
) -> bool:
    """Keep every mail of that folder that has no row: the database is older than the mails (reliability 5.5).

    A row that lost track of its copy gets it back, so that it is not taken for another mail. False where some mails
    could not be had yet, so that it has to be done again.
    """
    try:
        async with visiting(box, name, home) as uidvalidity:
            here = Folder(home.mailbox, name, uidvalidity)
            unplaced = await inbound.unplaced(home.mailbox)
            found = await filer.where(box, here, unplaced, are_there=False, most=len(await box.uids()) + 1)
            await filer.placed(here, unplaced, found)
            strange = set(await box.uids()) - await inbound.places(*here)
            keeper = keeper_of(here)
            await keeper.keep(box, strange, stop)
            await keeper.retry(box, strange, stop)
            left = (strange & set(await box.uids())) - keeper.too_large
            return not left or left <= await inbound.places(*here)
    except NoFolder:
        return True  # there is no such folder, so nothing was ever filed there
