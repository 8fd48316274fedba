"""What follows when the database has gone back in time? Nobody's mail is lost, and no mail leaves that may have left.

It is found at the start, by the mark beside the database (mark.py) or because the operator says so. What was decided
since the backup is unknown; the mails that it was decided about lie on the server, filed, and are read again. What
comes out of that waits for a person: docs/decisions/0023-after-a-restore.md, reliability 5.5 and 5.6.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy import bindparam, delete, exists, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session

from maild.clock import Clock
from maild.concern import Concern
from maild.effects import Effect, QueueMail
from maild.errors import BadConfig, Temporary
from maild.ids import new_instance
from maild.settings import Settings
from maild.store.database import Database
from maild.store.inbound_tables import INBOUND
from maild.store.mark import Mark, mark_of, path_of, read_mark, write_mark
from maild.store.tables import IDENTITY, OUTBOX, RESTORATION, metadata
from maild.ticket import Disposition

RESTORED = "restored"  # why a mail is held in the outbox
JUMP = 1_000  # ticket numbers left out, above the highest that is known
JUMP_BLIND = 10_000  # the same where no mark says how far the lost database had come
TOLD_FOR = timedelta(days=1)
SETTLES_WITHIN = timedelta(minutes=10)  # by then it is known how many mails are held
_MAY_HAVE_LEFT = OUTBOX.c.state.in_(("queued", "sending", "uncertain"))
_START = metadata.tables["folder_start"]
_HELD = (OUTBOX.c.state == "held", OUTBOX.c.reason == RESTORED)
_IS_READ_AGAIN = select(
    exists().where(
        INBOUND.c.id == bindparam("this"),
        or_(
            INBOUND.c.folder != bindparam("home"),
            exists().where(INBOUND.c.kept_at < RESTORATION.c.found_at),
            exists().where(
                INBOUND.c.mailbox == _START.c.mailbox,
                INBOUND.c.folder == _START.c.folder,
                INBOUND.c.uidvalidity == _START.c.uidvalidity,
                INBOUND.c.uid <= _START.c.read_to,
            ),
        ),
    )
)
_OLD_ONES_WAIT = select(
    exists().where(
        INBOUND.c.disposition == Disposition.KEPT,
        INBOUND.c.damage == "",
        INBOUND.c.kept_at < select(func.max(RESTORATION.c.found_at)).scalar_subquery(),
    )
)
_WAS_RESTORED = select(exists(RESTORATION))
_MAILBOX = select(INBOUND.c.mailbox).where(INBOUND.c.id == bindparam("this"))
_IS_OVERDUE = select(exists().where(RESTORATION.c.found_at > bindparam("due_at", type_=RESTORATION.c.found_at.type)))
_log = structlog.get_logger("maild.store")


def is_read_again(session: Session, inbound_id: int, settings: Callable[[], Settings]) -> bool:
    """Whether this received mail may have been worked before, in the time that was lost: it was not taken from its
    mailbox's own folder, or it lay there by then, or it waited already in the backup. So may one of a mailbox that is
    no longer in the rules."""
    rows = session.connection()
    if not rows.scalar(_WAS_RESTORED):
        return False
    box = settings().mailboxes.get(rows.execute(_MAILBOX, {"this": inbound_id}).scalar_one())
    home = box.imap.folder if box is not None and box.imap is not None else ""
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
        self._waiting: set[str] = set()  # mailboxes to be read again, once all is worked that was kept before
        self._begun: set[str] = set()
        self._marked: Mark | None = None
        self._is_told = False

    async def look(self, *, is_said: bool = False) -> Found | None:
        """At the start, before anybody works: what was found and has been done about it; None for a database as it was
        left. `is_said`: the operator knows that it was restored. BadConfig where the mark can't be read; Temporary
        where a restored database or its mark can't be written: it must not be worked on.
        """
        path = path_of(self._database.path)
        try:
            mark = await asyncio.to_thread(read_mark, self._database.path)
        except OSError as error:
            what = f"it can't be read, so nobody knows whether the database is as it was: {error}"
            raise BadConfig.at(path, what) from None
        present = await self._database.read(mark_of)
        found = None
        if why := _why(present, mark, is_said=is_said):
            found = await self._restored(present, mark, why)
            _log.warning("the database was restored", why=why, first_number=found.first_number, held=found.held)
        self._waiting = await self.pending()
        await self.mark()
        return found

    async def _restored(self, present: Mark, mark: Mark | None, why: str) -> Found:
        """The mark is the first to have the new name, which the database has together with all that follows. If it
        could not be written later, the next start would hold the mails of what is worked from now on."""
        is_known = mark is not None and mark.ticket > 0 and present.is_behind(mark)
        ticket, commits, homes = (mark.ticket, mark.commits, mark.homes) if mark is not None else (0, 0, ())
        ahead = Mark(new_instance(), max(commits, 1), ticket if is_known else 0, homes)
        first = max(present.ticket, ticket) + (JUMP if is_known else JUMP_BLIND)
        try:
            await asyncio.to_thread(write_mark, self._database.path, ahead)
        except OSError as error:
            what = "the database was restored; no work can begin before its mark is written"
            raise Temporary(f"{what}, and it can't be: {error}") from None
        mailboxes, now = sorted(self._readers), self._clock.now()
        held = await self._database.write(lambda session: _restored(session, ahead, first, mailboxes, now))
        return Found(why, first, held)

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
        await asyncio.to_thread(write_mark, self._database.path, Mark(name, 0, 0))
        await self._database.write(lambda session: _named(session, name, now))
        return await self._database.read(mark_of)

    async def pending(self) -> set[str]:
        """Mailboxes whose filed mail is still to be read again, and can be."""
        query = select(RESTORATION.c.pending)
        found = await self._database.read(lambda session: session.connection().scalars(query).all())
        return {name for names in found for name in names} & self._readers.keys()

    async def follow(self) -> None:
        """Every few seconds, and at the end: write the mark; have mailboxes read again, and note which have been.

        That begins when all is settled that was kept before: else a copy that has been filed would be taken for another
        mail.
        """
        await self.mark()
        for name in sorted(name for name in self._begun if not self._readers[name].is_rescanning):
            await self._done(name)
            self._begun.discard(name)
        if self._waiting and not await self._database.read(_old_ones_wait):
            self._begun, self._waiting = self._begun | self._waiting, set()
            for name in self._begun:
                self._readers[name].rescan()

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
    if mark is not None and (mark.commits or mark.database == present.database):
        return "it is behind its mark" if present.is_behind(mark) else ""
    return "it has no mark" if present.database else ""  # without a name no daemon has worked here


def _named(session: Session, name: str, now: datetime) -> None:
    rows = session.connection()
    rows.execute(delete(IDENTITY))
    rows.execute(insert(IDENTITY), {"name": name, "made_at": now})


def _old_ones_wait(session: Session) -> bool:
    return bool(session.connection().scalar(_OLD_ONES_WAIT))


def _restored(session: Session, ahead: Mark, first: int, mailboxes: Sequence[str], now: datetime) -> int:
    """One transaction, after which the database is not behind that mark. How many mails are held. It may be run again:
    numbers are left out once more, and nothing else is different."""
    rows = session.connection()
    rows.execute(insert(RESTORATION), {"found_at": now, "first_number": first, "pending": list(mailboxes)})
    for home in ahead.homes:
        known = insert(_START).values(**asdict(home), seen_at=now, left_alone="", is_seen=False)
        further = {"read_to": func.max(_START.c.read_to, home.read_to)}
        rows.execute(known.on_conflict_do_update(index_elements=_START.primary_key.columns, set_=further))
    hold = update(OUTBOX).where(_MAY_HAVE_LEFT)
    held = rows.execute(hold.values(state="held", reason=RESTORED, is_in_data=False, ended_at=now)).rowcount
    # Another name: a backup of the time that was lost is another database from now on.
    _named(session, ahead.database, now)
    Database.count_commits(session, max(Database.commits(session), ahead.commits))
    return held
