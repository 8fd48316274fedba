"""What follows when the database has gone back in time? Nobody's mail is lost, and no mail leaves that may have left.

It is found at the start, by the mark beside the database (mark.py) or because the operator says so. What was decided
since the backup is unknown; the mails that it was decided about lie on the server, filed, and are read again. What
comes out of that waits for a person: docs/decisions/0023-after-a-restore.md, reliability 5.5 and 5.6.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy import bindparam, delete, exists, func, insert, or_, select, update
from sqlmodel import Session

from maild.clock import Clock
from maild.concern import Concern
from maild.effects import Effect, QueueMail
from maild.errors import BadConfig, Temporary
from maild.ids import new_instance
from maild.settings import Settings
from maild.store.database import Database
from maild.store.mark import Mark, mark_of, path_of, read_mark, write_mark
from maild.store.tables import IDENTITY, INBOUND, OUTBOX, RESTORATION

RESTORED = "restored"  # why a mail is held in the outbox
JUMP = 1_000  # ticket numbers left out, above the highest that is known
JUMP_BLIND = 10_000  # the same where no mark says how far the lost database had come
TOLD_FOR = timedelta(days=1)
SETTLES_WITHIN = timedelta(minutes=10)  # by then it is known how many mails are held
_MAY_HAVE_LEFT = OUTBOX.c.state.in_(("queued", "sending", "uncertain"))
_HELD = (OUTBOX.c.state == "held", OUTBOX.c.reason == RESTORED)
_IS_READ_AGAIN = select(
    exists().where(
        INBOUND.c.id == bindparam("this"),
        exists().where(or_(INBOUND.c.kept_at < RESTORATION.c.found_at, INBOUND.c.folder != bindparam("home"))),
    )
)
_WAS_RESTORED = select(exists(RESTORATION))
_MAILBOX = select(INBOUND.c.mailbox).where(INBOUND.c.id == bindparam("this"))
_IS_OVERDUE = select(exists().where(RESTORATION.c.found_at > bindparam("due_at", type_=RESTORATION.c.found_at.type)))
_log = structlog.get_logger("maild.store")


def is_read_again(session: Session, inbound_id: int, settings: Callable[[], Settings]) -> bool:
    """Whether this received mail may have been worked before, in the time that was lost: it was not taken from its
    mailbox's own folder, or it waited already in the backup."""
    rows = session.connection()
    if not rows.scalar(_WAS_RESTORED):
        return False
    imap = settings().mailboxes[rows.execute(_MAILBOX, {"this": inbound_id}).scalar_one()].imap
    home = imap.folder if imap is not None else ""
    return bool(rows.scalar(_IS_READ_AGAIN, {"this": inbound_id, "home": home}))


def is_overdue(session: Session, due_at: datetime) -> bool:
    """Whether what fell due then may have been done, in the time that was lost."""
    return bool(session.connection().scalar(_IS_OVERDUE, {"due_at": due_at}))


def held_back(effects: Iterable[Effect]) -> list[Effect]:
    """The same effects, but none of their mails leaves before a person says so."""
    return [replace(e, held_for=RESTORED) if isinstance(e, QueueMail) else e for e in effects]


@dataclass(frozen=True, slots=True)
class Found:
    """The database was restored."""

    why: str
    first_number: int
    held: int  # mails of the outbox


class Reader(Protocol):
    """A poller, as this needs it."""

    @property
    def is_rescanning(self) -> bool: ...
    def rescan(self) -> None: ...


class Restorations:
    """Keeps the mark, and does at the start what follows where the database is behind it. `readers`: by mailbox."""

    def __init__(self, database: Database, clock: Clock, readers: Mapping[str, Reader]) -> None:
        self._database = database
        self._clock = clock
        self._readers = readers
        self._pending: set[str] = set()
        self._marked: Mark | None = None
        self._is_told = False

    async def look(self, *, is_said: bool = False) -> Found | None:
        """At the start, before anybody works: what was found and has been done about it; None for a database as it was
        left. `is_said`: the operator knows that it was restored. BadConfig where the mark can't be read; Temporary
        where a restored database can't be written: it must not be worked on.
        """
        mailboxes = sorted(self._readers)
        path = path_of(self._database.path)
        try:
            mark = await asyncio.to_thread(read_mark, self._database.path)
        except OSError as error:
            what = f"it can't be read, so nobody knows whether the database is as it was: {error}"
            raise BadConfig.at(path, what) from None
        present = await self._database.read(mark_of)
        found = None
        if why := _why(present, mark, is_said=is_said):
            now = self._clock.now()
            found = await self._database.write(lambda session: _restored(session, mark, mailboxes, now, why))
            _log.warning("the database was restored", why=why, first_number=found.first_number, held=found.held)
        await self.mark()
        return found

    async def mark(self) -> None:
        """Write the mark if the database has come further. Where that can't be done now, the old one serves."""
        try:
            present = await self._database.read(mark_of)
            if not present.database:
                present = await self._name()
            if present != self._marked:
                await asyncio.to_thread(write_mark, self._database.path, present)
                self._marked = present
            self._is_told = False
        except (Temporary, OSError) as error:
            if not self._is_told:
                _log.warning("the mark can't be written", reason=str(error))
            self._is_told = True

    async def _name(self) -> Mark:
        """Give the database a name, at its first start. The mark has it first: a named database without a mark would
        look as if it were restored. Where the database is then."""
        name, now = new_instance(), self._clock.now()
        await asyncio.to_thread(write_mark, self._database.path, Mark(name, 0, 0, 0))
        await self._database.write(lambda session: _named(session, name, now))
        return await self._database.read(mark_of)

    async def pending(self) -> set[str]:
        """Mailboxes whose filed mail is still to be read again, and can be."""
        query = select(RESTORATION.c.pending)
        found = await self._database.read(lambda session: session.connection().scalars(query).all())
        return {name for names in found for name in names} & self._readers.keys()

    async def read_again(self) -> None:
        """Begin with that. To be called when all is settled that was kept before: else a copy that has been filed would
        be taken for another mail."""
        self._pending = await self.pending()
        for name in self._pending:
            self._readers[name].rescan()

    async def follow(self) -> None:
        """Every few seconds, and at the end: write the mark, note which mailboxes have been read again."""
        await self.mark()
        for name in sorted(name for name in self._pending if not self._readers[name].is_rescanning):
            await self._done(name)
            self._pending.discard(name)

    async def _done(self, mailbox: str) -> None:

        def work(session: Session) -> None:
            rows = session.connection()
            for id_, names in rows.execute(select(RESTORATION.c.id, RESTORATION.c.pending)).all():
                if mailbox in names:
                    left = [name for name in names if name != mailbox]
                    rows.execute(update(RESTORATION).where(RESTORATION.c.id == id_).values(pending=left))

        await self._database.write(work)
        _log.info("a mailbox was read again", mailbox=mailbox)

    async def concerns(self) -> tuple[Concern, ...]:
        """What the admin has to do about a restored database, until it is done or a day has passed.

        Details: how many mails are held in the outbox; the mailboxes still to be read again, if any.
        """
        now = self._clock.now()

        def work(session: Session) -> tuple[Concern, ...]:
            rows = session.connection()
            last = rows.execute(select(RESTORATION).order_by(RESTORATION.c.id.desc()).limit(1)).first()
            if last is None or now >= last.found_at + TOLD_FOR:
                return ()
            is_settled = not last.pending or now >= last.found_at + SETTLES_WITHIN
            held = rows.scalar(select(func.count()).where(*_HELD)) or 0
            if not is_settled or not (held or last.pending or now < last.found_at + SETTLES_WITHIN):
                return ()
            details = (str(held), *last.pending)
            return (Concern(f"restored:{last.id}", "restored", details),)

        return await self._database.read(work)


def _why(present: Mark, mark: Mark | None, *, is_said: bool) -> str:
    """Why the database counts as restored; '' where it does not."""
    if is_said:
        return "the operator says so"
    if mark is not None and (mark.has_rows or mark.database == present.database):
        return "it is behind its mark" if present.is_behind(mark) else ""
    return "it has no mark" if present.database and present.has_rows else ""  # without a name no daemon has worked here


def _named(session: Session, name: str, now: datetime) -> None:
    rows = session.connection()
    rows.execute(delete(IDENTITY))
    rows.execute(insert(IDENTITY), {"name": name, "made_at": now})


def _restored(session: Session, mark: Mark | None, mailboxes: Sequence[str], now: datetime, why: str) -> Found:
    """One transaction. It may be run again: numbers are left out once more, and nothing else is different."""
    rows, present = session.connection(), mark_of(session)
    jump = JUMP if mark is not None and present.is_behind(mark) else JUMP_BLIND
    first = max(present.ticket, mark.ticket if mark else 0) + jump
    row = {"found_at": now, "first_number": first, "pending": list(mailboxes)}
    rows.execute(insert(RESTORATION), row)
    hold = update(OUTBOX).where(_MAY_HAVE_LEFT)
    held = rows.execute(hold.values(state="held", reason=RESTORED, is_in_data=False, ended_at=now)).rowcount
    _named(
        session, new_instance(), now
    )  # another name: a backup of the time that was lost is another database from now on
    return Found(why, first, held)
