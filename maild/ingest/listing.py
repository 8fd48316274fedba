"""What lies in the folders of a mailbox? For the audit: over a connection of its own, and nothing can be changed."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from maild.audit.folders import Listing
from maild.errors import Temporary
from maild.ingest.filing import THERE_BUT_CLOSED
from maild.ingest.imap_protocol import Refused
from maild.ingest.mailbox import ANSWER_WITHIN, Mailbox
from maild.ingest.read_only import ReadOnlyMailbox
from maild.settings import Imap

PROBED = 20  # mails of the inbox that are asked for, to tell what can't be read from what was not taken


@asynccontextmanager
async def looking(
    name: str, settings: Imap, password: Callable[[], str], *, timeout: float = ANSWER_WITHIN
) -> AsyncIterator[Mailbox]:
    """A connection to look at the folders with; Temporary where there is none."""
    box = await ReadOnlyMailbox.connect(name, settings, password(), timeout=timeout)
    try:
        yield box
        await box.close()
    finally:
        box.abort()


async def list_folders(box: Mailbox, folders: Sequence[str]) -> dict[str, Listing | None]:
    """UIDVALIDITY and UIDs of each; None for a folder that is not there. Temporary where one can't be opened now."""
    found: dict[str, Listing | None] = {}
    for folder in folders:
        try:
            selected = await box.select(folder)
        except Refused as error:
            if any(code in str(error).upper() for code in THERE_BUT_CLOSED):
                raise
            found[folder] = None
            continue
        found[folder] = Listing(selected.uidvalidity, await box.uids())
    if found[folders[0]] is None:
        raise Temporary(f"there is no folder {folders[0]}")
    return found


async def describe(box: Mailbox, folder: str, listing: Listing, unknown: Collection[int], *, is_inbox: bool) -> Listing:
    """The same with the sizes of these mails; in the inbox also when they came, and which can't be read."""
    if not unknown:
        return listing
    if (await box.select(folder)).uidvalidity != listing.uidvalidity:
        raise Temporary(f"the folder {folder} was made anew")
    sizes = await box.sizes(unknown)
    if not is_inbox:
        return replace(listing, sizes=sizes)
    return replace(listing, sizes=sizes, came_at=await box.dates(sizes))


async def probe(box: Mailbox, uids: Collection[int]) -> set[int]:
    """Of the first PROBED of these in the folder that is selected: those that the server does not hand over.

    Whatever it answers instead, even the end of the connection, counts; then no further one is asked for.
    """
    bad: set[int] = set()
    for uid in sorted(uids)[:PROBED]:
        try:
            if not await box.piece(uid, 0, 1024):
                bad.add(uid)
        except Refused:
            bad.add(uid)
        except Temporary:
            return bad | {uid}
    return bad
