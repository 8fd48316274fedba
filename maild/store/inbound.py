"""Received mails: kept before anybody understands them, later settled, and then filed on the server.

The poller's side (known, keep, settled, filed) and the intake's side (kept, raw_of, count_attempt).
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, func, select

from maild.clock import Clock
from maild.mail import ParsedMail
from maild.store.database import Database
from maild.store.tables import INBOUND, Inbound
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


_DESCRIBE = update(INBOUND).where(INBOUND.c.id == bindparam("this"))


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept mail that waits to be worked."""

    id: int
    mailbox: str
    attempts: int
    size: int


class Settled(NamedTuple):
    """A kept mail that came to its end here, and whose copy on the server is not filed yet."""

    inbound_id: int
    uid: int
    disposition: Disposition


class InboundStore:
    """Rows of received mails, and the files of the large ones."""

    def __init__(self, database: Database, files: Path, clock: Clock) -> None:
        self._database = database
        self._files = files
        self._clock = clock

    async def known(self, mailbox: str, folder: str, uidvalidity: int) -> set[int]:
        """UIDs of that folder that are kept, and not yet known to have left it."""

        def work(session: Session) -> set[int]:
            query = select(Inbound.uid).where(
                Inbound.mailbox == mailbox,
                Inbound.folder == folder,
                Inbound.uidvalidity == uidvalidity,
                col(Inbound.filed_at).is_(None),
            )
            return set(session.exec(query))

        return await self._database.read(work)

    async def keep(self, batch: Sequence[Fetched]) -> list[int]:
        """Tx A: store the mails as they are, durable on return. One that is there already stays. Ids in order."""
        now = self._clock.now()
        files = [self._to_file(mail) if len(mail.raw) > IN_DATABASE else "" for mail in batch]

        def work(session: Session) -> list[int]:
            ids = []
            for mail, name in zip(batch, files, strict=True):
                key = (
                    Inbound.mailbox == mail.mailbox,
                    Inbound.folder == mail.folder,
                    Inbound.uidvalidity == mail.uidvalidity,
                    Inbound.uid == mail.uid,
                )
                known = session.exec(select(Inbound.id).where(*key)).first()
                if known is None:
                    row = Inbound(
                        mailbox=mail.mailbox,
                        folder=mail.folder,
                        uidvalidity=mail.uidvalidity,
                        uid=mail.uid,
                        kept_at=now,
                        size=len(mail.raw),
                        raw=None if name else mail.raw,
                        raw_file=name,
                    )
                    session.add(row)
                    session.flush()
                    known = row.id
                assert known is not None
                ids.append(known)
            return ids

        return await self._database.write(work)

    def _to_file(self, mail: Fetched) -> str:
        """Written beside, synced, renamed, and the folder synced: after that the name means the whole mail."""
        self._files.mkdir(parents=True, exist_ok=True, mode=0o700)
        digest = hashlib.sha256(mail.raw).hexdigest()
        name = f"{digest[:40]}-{mail.uidvalidity}-{mail.uid}.eml"
        target, draft = self._files / name, self._files / f".{name}.draft"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(mail.raw)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
        folder = os.open(self._files, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return name

    async def settled(self, mailbox: str, folder: str, uidvalidity: int) -> list[Settled]:
        """What may be moved on the server now: settled for good, and not moved yet."""

        def work(session: Session) -> list[Settled]:
            query = (
                select(Inbound.id, Inbound.uid, Inbound.disposition)
                .where(
                    Inbound.mailbox == mailbox,
                    Inbound.folder == folder,
                    Inbound.uidvalidity == uidvalidity,
                    col(Inbound.filed_at).is_(None),
                    Inbound.disposition != Disposition.KEPT,
                )
                .order_by(col(Inbound.uid))
            )
            return [Settled(id_ or 0, uid, Disposition(word)) for id_, uid, word in session.exec(query)]

        return await self._database.read(work)

    async def filed(self, inbound_ids: Sequence[int], *, vanished: bool = False) -> None:
        """They have left the folder: moved by us, or gone (`vanished`) by somebody else's hand."""
        now = self._clock.now()

        def work(session: Session) -> None:
            query = (
                update(Inbound).where(col(Inbound.id).in_(list(inbound_ids))).values(filed_at=now, is_vanished=vanished)
            )
            session.exec(query)

        await self._database.write(work)

    async def kept(self, limit: int, *, after: int = 0) -> list[Kept]:
        """The next mails to work, in the order in which they came."""

        def work(session: Session) -> list[Kept]:
            query = (
                select(Inbound.id, Inbound.mailbox, Inbound.attempts, Inbound.size)
                .where(Inbound.disposition == Disposition.KEPT, col(Inbound.id) > after)
                .order_by(col(Inbound.id))
                .limit(limit)
            )
            return [Kept(id_ or 0, mailbox, attempts, size) for id_, mailbox, attempts, size in session.exec(query)]

        return await self._database.read(work)

    async def count_attempt(self, ids: Sequence[int]) -> None:
        """Committed before anything is parsed, so that a mail that kills the process is recognised."""

        def work(session: Session) -> None:
            session.exec(
                update(Inbound).where(col(Inbound.id).in_(list(ids))).values(attempts=col(Inbound.attempts) + 1)
            )

        await self._database.write(work)

    async def raw_of(self, inbound_id: int) -> bytes:
        """The mail's bytes as they were fetched."""
        return await self._database.read(lambda session: self.raw_in(session, inbound_id))

    def raw_in(self, session: Session, inbound_id: int) -> bytes:
        """The same inside a transaction."""
        row = session.get(Inbound, inbound_id)
        if row is None:
            raise LookupError(f"no received mail has the number {inbound_id}")
        return row.raw if row.raw is not None else (self._files / row.raw_file).read_bytes()

    async def counts(self) -> dict[str, int]:
        """How many mails there are of each disposition."""

        def work(session: Session) -> dict[str, int]:
            query = select(Inbound.disposition, func.count()).group_by(Inbound.disposition)
            return {str(word): int(number) for word, number in session.exec(query)}

        return {str(d): 0 for d in Disposition} | await self._database.read(work)


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
