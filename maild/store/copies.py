"""Where does the server's copy of each received mail lie, and where should it? The poller's questions to the store.

A copy's name is (folder, UIDVALIDITY, UID), and nothing less (RFC 9051 2.3.1.1). `filed_as` remembers by which
disposition it was filed: where the present one differs, it has to be moved on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, text, update
from sqlalchemy import select as columns
from sqlmodel import col, func, or_, select

from maild.clock import Clock
from maild.store.database import Database, Session
from maild.store.inbound_tables import INBOUND, MISPLACED, FolderStart, Inbound
from maild.store.tables import RESTORATION
from maild.ticket import Disposition

_DAMAGE = "damage <> ''"  # the words of the index
_COPIES = columns(
    INBOUND.c.id,
    INBOUND.c.folder,
    INBOUND.c.uidvalidity,
    INBOUND.c.uid,
    INBOUND.c.filed_at,
    INBOUND.c.filed_folder,
    INBOUND.c.filed_uidvalidity,
    INBOUND.c.filed_uid,
    INBOUND.c.filed_as,
    INBOUND.c.disposition,
    INBOUND.c.size,
    INBOUND.c.sha256,
).order_by(INBOUND.c.id)
_ONE_BY_ONE = update(INBOUND).where(INBOUND.c.id == bindparam("this"))


class Copy(NamedTuple):
    """A received mail, where its copy lies as far as is known (`uid` 0: somewhere in that folder, perhaps), and what
    proves that it is the one. `folder` is '' where only `filed_as` says where it went."""

    inbound_id: int
    folder: str
    uidvalidity: int
    uid: int
    filed_as: str
    disposition: Disposition
    size: int
    sha256: str


class Filed(NamedTuple):
    """A copy was moved, or found: as what, and where it lies now (0, 0: not known)."""

    inbound_id: int
    disposition: Disposition
    folder: str
    uidvalidity: int = 0
    uid: int = 0


@dataclass(frozen=True, slots=True)
class Started:
    """A folder has been read before: what came to the server before `since` was left alone (none: nothing was)."""

    since: datetime | None


class ServerCopies:
    """The rows' knowledge of the server."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def started(self, mailbox: str, folder: str) -> Started | None:
        """How that folder was begun; None at the very first start. A desk that has mails from it took all of them; and
        one whose database was restored may have been here before."""

        def work(session: Session) -> Started | None:
            of_folder = (FolderStart.mailbox == mailbox, FolderStart.folder == folder)
            first = session.exec(select(FolderStart).where(*of_folder).order_by(col(FolderStart.seen_at))).first()
            if first is not None:
                return Started(first.since)
            has_mails = select(Inbound.id).where(Inbound.mailbox == mailbox, Inbound.folder == folder).limit(1)
            was_here = session.exec(has_mails).first() is not None or is_being_read_again(session, mailbox)
            return Started(None) if was_here else None

        return await self._database.read(work)

    async def left_alone(self, mailbox: str, folder: str, uidvalidity: int) -> set[int] | None:
        """The UIDs that were left alone when that folder was seen first; None where it never was."""
        row = await self._database.read(lambda s: s.get(FolderStart, (mailbox, folder, uidvalidity)))
        return members(row.left_alone) if row is not None and row.is_seen else None

    async def start(
        self, mailbox: str, folder: str, uidvalidity: int, since: datetime | None, left: str, highest: int
    ) -> None:
        """Remember it, durable on return. `left`: a UID set, or ''. A folder that was started stays as it was.

        `highest`: the highest UID that was given by then. In a mailbox that is read again after a restore, any of those
        mails may have been worked before.
        """
        now = self._clock.now()

        def work(session: Session) -> None:
            row = session.get(FolderStart, (mailbox, folder, uidvalidity))
            if row is not None and not row.is_seen:
                row.left_alone, row.is_seen = left, True
            elif row is None:
                session.add(
                    FolderStart(
                        mailbox=mailbox,
                        folder=folder,
                        uidvalidity=uidvalidity,
                        seen_at=now,
                        since=since,
                        left_alone=left,
                        read_to=highest if is_being_read_again(session, mailbox) else 0,
                    )
                )

        await self._database.write(work)

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

    async def places(self, mailbox: str, folder: str, uidvalidity: int) -> set[int]:
        """UIDs of that folder that belong to a row: filed there, or kept from there and not filed elsewhere."""

        def work(session: Session) -> set[int]:
            filed_there = select(Inbound.filed_uid).where(
                Inbound.mailbox == mailbox,
                Inbound.filed_folder == folder,
                Inbound.filed_uidvalidity == uidvalidity,
            )
            kept_there = select(Inbound.uid).where(
                Inbound.mailbox == mailbox,
                Inbound.folder == folder,
                Inbound.uidvalidity == uidvalidity,
                col(Inbound.filed_at).is_(None),
            )
            return {*session.exec(filed_there), *session.exec(kept_there)}

        return await self._database.read(work)

    async def settled(self, mailbox: str, folder: str, uidvalidity: int) -> list[Copy]:
        """What may be moved out of that folder now: settled for good, and not moved yet."""
        return await self._copies(
            mailbox,
            Inbound.folder == folder,
            Inbound.uidvalidity == uidvalidity,
            col(Inbound.filed_at).is_(None),
            Inbound.disposition != Disposition.KEPT,
        )

    async def astray(self, mailbox: str, folder: str, uidvalidity: int) -> list[Copy]:
        """Copies outside that folder which do not lie where their row's disposition wants them: settled otherwise since
        they were filed, or kept from another folder or under another UIDVALIDITY."""
        elsewhere = or_(Inbound.folder != folder, Inbound.uidvalidity != uidvalidity)
        unfiled = await self._copies(
            mailbox, col(Inbound.filed_at).is_(None), Inbound.disposition != Disposition.KEPT, elsewhere
        )
        return [*unfiled, *await self._copies(mailbox, text(MISPLACED), Inbound.disposition != Disposition.KEPT)]

    async def unplaced(self, mailbox: str) -> list[Copy]:
        """Copies of which nobody knows where they lie: vanished, or moved where the server did not say; and those of
        damaged files, which could not be fetched from where they should lie."""
        unknown = await self._copies(mailbox, col(Inbound.filed_at).is_not(None), Inbound.filed_uid == 0)
        known = {row.inbound_id for row in unknown}
        return unknown + [row for row in await self.damaged(mailbox) if row.inbound_id not in known]

    async def filed(self, copies: Sequence[Filed]) -> None:
        """Tx C: they lie there now."""
        now = self._clock.now()
        rows = [
            {
                "this": filed.inbound_id,
                "filed_at": now,
                "is_vanished": False,
                "filed_as": filed.disposition.value,
                "filed_folder": filed.folder,
                "filed_uidvalidity": filed.uidvalidity,
                "filed_uid": filed.uid,
            }
            for filed in copies
        ]
        if rows:
            await self._database.write(lambda session: session.connection().execute(_ONE_BY_ONE, rows).close())

    async def vanished(self, inbound_ids: Sequence[int]) -> None:
        """They lie where nobody knows: taken by somebody else's hand. Nothing more is done with them."""
        now = self._clock.now()
        nowhere: dict[str, Any] = {"filed_as": "", "filed_folder": "", "filed_uidvalidity": 0, "filed_uid": 0}

        def work(session: Session) -> None:
            for some in _chunks(inbound_ids):
                query = update(Inbound).where(col(Inbound.id).in_(some))
                session.exec(query.values(filed_at=now, is_vanished=True, **nowhere))

        await self._database.write(work)

    async def damaged(self, mailbox: str) -> list[Copy]:
        """Mails whose file is missing or cut short, to be fetched again from where their copy lies."""
        return await self._copies(mailbox, Inbound.damage == "damaged", text(_DAMAGE))

    async def lost_count(self, mailbox: str) -> int:
        """How many mails have lost their bytes for good."""

        def work(session: Session) -> int:
            query = select(func.count()).where(Inbound.mailbox == mailbox, Inbound.damage == "lost", text(_DAMAGE))
            return int(session.exec(query).one())

        return await self._database.read(work)

    async def _copies(self, mailbox: str, *conditions: Any) -> list[Copy]:
        def work(session: Session) -> list[Copy]:
            query = _COPIES.where(INBOUND.c.mailbox == mailbox, *conditions)
            return [_copy(row) for row in session.connection().execute(query)]

        return await self._database.read(work)


def is_being_read_again(session: Session, mailbox: str) -> bool:
    """Whether the database was restored and that mailbox was not read to its end since."""
    return any(mailbox in names for names in session.connection().scalars(columns(RESTORATION.c.pending)))


def _copy(row: Any) -> Copy:
    """Where it was filed, or else where it was kept from."""
    place = (row.folder, row.uidvalidity, row.uid)
    if row.filed_at is not None:
        place = (row.filed_folder, row.filed_uidvalidity, row.filed_uid)
    return Copy(row.id, *place, row.filed_as, Disposition(row.disposition), row.size, row.sha256)


def members(uid_set: str) -> set[int]:
    """The UIDs of a set such as `1:4,9`."""
    found: set[int] = set()
    for word in filter(None, uid_set.split(",")):
        first, _, last = word.partition(":")
        found.update(range(int(first), int(last or first) + 1))
    return found


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """SQLite takes only so many values in one statement."""
    for start in range(0, len(ids), 1000):
        yield ids[start : start + 1000]
