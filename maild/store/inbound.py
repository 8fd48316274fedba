"""Received mails: kept before anybody understands them, later settled, and then filed on the server.

The poller keeps them (its other questions are in copies.py); the intake works them.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from sqlalchemy import bindparam, update
from sqlalchemy import select as core_select
from sqlmodel import Session, col, func, select

from maild.clock import Clock
from maild.crash import point
from maild.effects import Settle
from maild.errors import Temporary
from maild.judgement import VerdictName
from maild.mail import ParsedMail
from maild.store.apply import apply
from maild.store.copies import ServerCopies, is_being_read_again
from maild.store.database import Database
from maild.store.inbound_tables import INBOUND, Inbound
from maild.store.spool import Draft, Spool, Spooled, Unreadable
from maild.ticket import Disposition

IN_DATABASE = 256 * 1024  # octets; a larger mail goes to a file


class Fetched(Protocol):
    """A mail as it came from a server."""

    @property
    def mailbox(self) -> str: ...
    @property
    def folder(self) -> str: ...
    @property
    def uidvalidity(self) -> int: ...
    @property
    def uid(self) -> int: ...
    @property
    def raw(self) -> bytes: ...


_NAME = ("mailbox", "folder", "uidvalidity", "uid")  # of a copy on a server, for ever
_WAITING = (
    core_select(INBOUND.c.id, INBOUND.c.mailbox, INBOUND.c.attempts, INBOUND.c.size, INBOUND.c.kept_at)
    .where(INBOUND.c.disposition == str(Disposition.KEPT), INBOUND.c.id > bindparam("after"), INBOUND.c.damage == "")
    .order_by(INBOUND.c.id)
    .limit(bindparam("limit"))
)
_DESCRIBE = update(INBOUND).where(INBOUND.c.id == bindparam("this"))


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept mail that waits to be worked."""

    id: int
    mailbox: str
    attempts: int
    size: int
    kept_at: datetime


class _File(NamedTuple):
    """What a row says of its file."""

    id: int
    name: str
    size: int
    disposition: str


class InboundStore(ServerCopies):
    """Rows of received mails, and the files of the large ones."""

    def __init__(self, database: Database, files: Path, clock: Clock) -> None:
        super().__init__(database, clock)
        self._spool = Spool(files)

    async def keep(self, batch: Sequence[Fetched]) -> list[int]:
        """Tx A: store the mails as they are, durable on return. One that is there already stays. Ids in order."""
        rows = await asyncio.to_thread(lambda: [self._row(mail) for mail in batch])
        point("K04")
        ids = await self._database.write(lambda session: [self._kept(session, row) for row in rows])
        point("K05")
        return ids

    def draft(self) -> Draft:
        """A file for a mail that comes in pieces."""
        return self._spool.draft()

    async def keep_spooled(self, mailbox: str, folder: str, uidvalidity: int, uid: int, mail: Spooled) -> int:
        """Tx A for a mail whose bytes are in a file already. Its id."""
        here = {"mailbox": mailbox, "folder": folder, "uidvalidity": uidvalidity, "uid": uid}
        row = {**here, "size": mail.size, "sha256": mail.sha256, "raw": None, "raw_file": mail.name}
        point("K04")
        id_ = await self._database.write(lambda session: self._kept(session, row))
        point("K05")
        return id_

    def _row(self, mail: Fetched) -> dict[str, Any]:
        size = len(mail.raw)
        row = {name: getattr(mail, name) for name in _NAME} | {"size": size, "raw": mail.raw, "raw_file": ""}
        if size <= IN_DATABASE:
            return row | {"sha256": hashlib.sha256(mail.raw).hexdigest()}
        spooled = self._spool.put(mail.raw, mail.uidvalidity, mail.uid)
        return row | {"sha256": spooled.sha256, "raw": None, "raw_file": spooled.name}

    def _kept(self, session: Session, values: dict[str, Any]) -> int:
        known = session.exec(select(Inbound.id).where(*(INBOUND.c[name] == values[name] for name in _NAME))).first()
        if known is not None:
            return known
        row = Inbound(kept_at=self._clock.now(), **values)
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id

    async def check_files(self) -> tuple[int, int]:
        """At the start, before anybody writes: drafts of a crash are removed, and mails marked whose file is missing or
        cut short (for those that wait to be worked: or changed in any bit). How many of each."""

        def files(session: Session) -> list[_File]:
            query = select(Inbound.id, Inbound.raw_file, Inbound.size, Inbound.disposition)
            query = query.where(Inbound.raw_file != "", Inbound.damage == "")
            return [_File(id_ or 0, name, size, word) for id_, name, size, word in session.exec(query)]

        def damaged(files: list[_File]) -> list[int]:
            return [
                file.id
                for file in files
                if not self._spool.is_whole(file.name, file.size, to_the_bit=file.disposition == Disposition.KEPT)
            ]

        removed = await asyncio.to_thread(self._spool.remove_drafts)
        found = await asyncio.to_thread(damaged, await self._database.read(files))
        for number in found:
            await self._mark(number, "damaged")
        return removed, len(found)

    async def mended(self, inbound_id: int, mail: Spooled) -> None:
        """Its bytes were fetched again, and are the same."""

        def work(session: Session) -> None:
            query = update(Inbound).where(col(Inbound.id) == inbound_id)
            session.exec(query.values(raw_file=mail.name, size=mail.size, sha256=mail.sha256, damage=""))

        await self._database.write(work)

    async def lost(self, inbound_id: int) -> bool:
        """Its bytes can't be fetched again. If it was not worked it is held, so that it is not forgotten.

        False, and nothing is noted, while its mailbox is read again after a restore: there it may yet be found.
        """
        settle = Settle(inbound_id, Disposition.HELD, VerdictName.QUARANTINED, "bytes-lost")

        def work(session: Session) -> bool:
            row = session.get_one(Inbound, inbound_id)
            if is_being_read_again(session, row.mailbox):
                return False
            row.damage = "lost"
            session.flush()
            if row.disposition == Disposition.KEPT:
                apply(session, [settle], self._clock.now())
            return True

        return await self._database.write(work)

    async def _mark(self, inbound_id: int, damage: str) -> None:
        query = update(Inbound).where(col(Inbound.id) == inbound_id).values(damage=damage)
        await self._database.write(lambda session: session.exec(query).close())

    async def kept(self, limit: int, *, after: int = 0) -> list[Kept]:
        """The next mails to work, in the order in which they came."""

        def work(session: Session) -> list[Kept]:
            return [Kept(*row) for row in session.connection().execute(_WAITING, {"after": after, "limit": limit})]

        return await self._database.read(work)

    async def count_attempt(self, ids: Sequence[int]) -> None:
        """Committed before anything is parsed, so that a mail that kills the process is recognised."""

        def work(session: Session) -> None:
            session.exec(
                update(Inbound).where(col(Inbound.id).in_(list(ids))).values(attempts=col(Inbound.attempts) + 1)
            )

        await self._database.write(work)

    async def raw_of(self, inbound_id: int) -> bytes:
        """The mail's bytes as they were fetched. Temporary if its file is gone: the poller fetches it again, and until
        then the mail is not among the kept ones."""
        try:
            return await self._database.read(lambda session: self.raw_in(session, inbound_id))
        except Unreadable as error:
            await self._mark(inbound_id, "damaged")
            raise Temporary(str(error)) from None

    def raw_in(self, session: Session, inbound_id: int) -> bytes:
        """The same inside a transaction; Unreadable if the file is gone."""
        row = session.get(Inbound, inbound_id)
        if row is None:
            raise LookupError(f"no received mail has the number {inbound_id}")
        return row.raw if row.raw is not None else self._spool.bytes_of(row.raw_file, row.size)

    async def counts(self) -> dict[str, int]:
        """How many mails there are of each disposition."""

        def work(session: Session) -> dict[str, int]:
            query = select(Inbound.disposition, func.count()).group_by(Inbound.disposition)
            return {str(word): int(number) for word, number in session.exec(query)}

        return {str(d): 0 for d in Disposition} | await self._database.read(work)


def is_kept(session: Session, inbound_id: int) -> bool:
    """Whether nothing was decided about it yet."""
    return session.exec(select(Inbound.disposition).where(Inbound.id == inbound_id)).first() == Disposition.KEPT


def describe(session: Session, inbound_id: int, mail: ParsedMail) -> None:
    """Note on the row what was read, for lists and for recognising a second copy."""
    session.connection().execute(
        _DESCRIBE,
        {
            "this": inbound_id,
            "content_key": mail.content_key,
            "sender": mail.sender.key if mail.sender else "",
            "subject": mail.subject[:200],
            "message_id": mail.message_id[:998],
        },
    )
