"""How do the mails of a folder come into the store? In batches, large ones in pieces; a poisonous one holds up none.

Nothing is understood here, and nothing is taken away from the server.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from structlog.typing import FilteringBoundLogger

from maild.clock import Clock
from maild.crash import point
from maild.errors import Temporary
from maild.ingest.batches import BATCH_OCTETS, Suspects, batches
from maild.ingest.beginning import LISTED_AT_ONCE
from maild.ingest.mailbox import Mailbox
from maild.ingest.pieces import LARGEST_MAIL, Gone, TooLarge, spool
from maild.ingest.ports import Fetched, Folder, Inbound
from maild.store.spool import CannotWrite, Spooled

IN_PIECES = 2  # strikes after which a mail of any size is asked for in pieces: its announced size may be a lie


class Keeper:
    """Keeps the mails of one folder under one UIDVALIDITY. `on_kept` is called after each batch."""

    def __init__(
        self, folder: Folder, inbound: Inbound, clock: Clock, log: FilteringBoundLogger, on_kept: Callable[[int], None]
    ) -> None:
        self.folder = folder
        self.suspects = Suspects()
        self.too_large: set[int] = set()
        self._inbound = inbound
        self._clock = clock
        self._log = log
        self._on_kept = on_kept

    def forget_all_but(self, present: set[int]) -> None:
        """Only these are still in the folder."""
        self.suspects.forget_all_but(present)
        self.too_large &= present

    @property
    def unreadable(self) -> set[int]:
        """Could not be fetched several times, and wait."""
        return self.suspects.waiting(self._clock.now())

    async def keep(self, box: Mailbox, new: Iterable[int], stop: asyncio.Event) -> None:
        """Keep these, in order; those that could not be fetched before are left for `retry`."""
        uids = sorted(uid for uid in new if uid not in self.suspects and uid not in self.too_large)
        for start in range(0, len(uids), LISTED_AT_ONCE):
            await self._keep(box, uids[start : start + LISTED_AT_ONCE], stop)

    async def retry(self, box: Mailbox, new: set[int], stop: asyncio.Event) -> None:
        """The suspects whose turn it is, each alone."""
        for uid in self.suspects.to_try(self._clock.now()):
            if uid in new and not stop.is_set():
                if self.suspects.strikes(uid) >= IN_PIECES:
                    await self._keep_large(box, uid, None)
                else:
                    await self._keep(box, [uid], stop)

    async def _keep(self, box: Mailbox, uids: Sequence[int], stop: asyncio.Event) -> None:
        sizes = await box.sizes(uids)
        for uid in [uid for uid, size in sizes.items() if size > LARGEST_MAIL]:
            self._leave(uid, sizes.pop(uid))
        for batch in batches(sizes):
            if stop.is_set():
                return
            if sizes[batch[0]] > BATCH_OCTETS:
                await self._keep_large(box, batch[0], sizes[batch[0]])
            else:
                await self._keep_batch(box, batch)

    async def _keep_batch(self, box: Mailbox, batch: Sequence[int]) -> None:
        point("K01")
        try:
            mails = await box.fetch(batch)
        except Temporary:
            self._accuse(batch)
            raise
        self._accuse(set(batch) - mails.keys())  # gone since they were listed, or given as NIL: the next sweep tells
        if not mails:
            return
        point("K02")
        await self._inbound.keep([Fetched(*self.folder, uid, mails[uid]) for uid in sorted(mails)])
        self.suspects.acquit(mails)
        self._log.info("mails_kept", count=len(mails), octets=sum(map(len, mails.values())))
        self._on_kept(len(mails))

    async def _keep_large(self, box: Mailbox, uid: int, announced: int | None) -> None:
        point("K01")
        mail = await self._spooled(box, uid, announced)
        if mail is None:
            return
        await self._inbound.keep_spooled(*self.folder, uid, mail)
        self.suspects.acquit([uid])
        self._log.info("large_mail_kept", uid=uid, octets=mail.size)
        self._on_kept(1)

    async def _spooled(self, box: Mailbox, uid: int, announced: int | None) -> Spooled | None:
        """The mail in a file; None where that can't be. A disk that is full accuses nobody."""
        with self._inbound.draft() as draft:
            try:
                await spool(box, uid, draft, announced)
            except Gone:
                self._accuse([uid])
                return None
            except TooLarge:
                self._leave(uid, announced or LARGEST_MAIL)
                return None
            except CannotWrite:
                raise
            except Temporary:
                self._accuse([uid])
                raise
            point("K02")
            return await asyncio.to_thread(draft.finish, self.folder.uidvalidity, uid)

    def _accuse(self, uids: Iterable[int]) -> None:
        self.suspects.accuse(uids, self._clock.now())

    def _leave(self, uid: int, octets: int) -> None:
        if uid not in self.too_large:
            self.too_large.add(uid)
            self.suspects.acquit([uid])
            self._log.warning("mail_too_large", uid=uid, octets=octets)
