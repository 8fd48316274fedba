"""What does the store say of its mails, for an audit? Read in slices, so that no reader keeps the log from folding.

Nothing is written but the result. All functions are for `Database.read`; Damaged where SQLite can't read on.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, exists, func, insert, select, text, union
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from maild.audit.folders import Misplaced, Place, Records, Unfiled, Unplaced
from maild.audit.ledger import UNTRIED_AT_MOST, DeskRows, MailRow, Totals
from maild.store.copies import members
from maild.store.orders import IS_PAUSED
from maild.store.tables import (
    CONTENT,
    DECISION,
    INBOUND,
    MESSAGE,
    MISPLACED,
    OUTBOX,
    OUTBOX_STATES,
    TICKET,
    TIMER,
    metadata,
)
from maild.ticket import ENDED, Disposition

SLICE = 500  # rows read in one transaction
_AUDIT = metadata.tables["audit"]
_START = metadata.tables["folder_start"]
_DAMAGED = frozenset((11, 26))  # SQLITE_CORRUPT, SQLITE_NOTADB
_I = INBOUND.c
_FACTS = (
    *(_I.id, _I.kept_at, _I.size, func.length(_I.raw).label("octets"), _I.raw_file, _I.sha256, _I.damage),
    *(_I.disposition, _I.verdict, _I.reason, _I.ticket, _I.duplicate_of, _I.settled_at),
    exists().where(TICKET.c.number == _I.ticket).label("has_ticket"),
    exists().where(DECISION.c.inbound_id == _I.id).label("is_decided"),
    ((_I.content_key == "") | exists().where(CONTENT.c.key == _I.content_key)).label("is_first_known"),
)
_AFTER = (_I.id > bindparam("after"), _I.id <= bindparam("last"))
_MAILS = select(*_FACTS, _I.raw).where(*_AFTER).order_by(_I.id).limit(SLICE)
_NAMED = union(  # every received mail that something else is about
    select(CONTENT.c.inbound_id), select(DECISION.c.inbound_id), select(MESSAGE.c.inbound_id)
).subquery()
_NAMED_IN_VAIN = select(_NAMED.c.inbound_id).where(~exists().where(_I.id == _NAMED.c.inbound_id))
_EMPTY_TICKETS = select(TICKET.c.number).where(~exists().where(MESSAGE.c.ticket == TICKET.c.number))
_ODD_OUT = select(OUTBOX.c.id, OUTBOX.c.state).where(OUTBOX.c.state.not_in(OUTBOX_STATES))
_SENDING = select(OUTBOX.c.id).where(OUTBOX.c.state == "sending")
_EARLIER = OUTBOX.alias("earlier")
_IS_BEHIND = exists().where(  # an earlier mail of the same ticket to the same recipient is still tried
    _EARLIER.c.recipient_key == OUTBOX.c.recipient_key,
    _EARLIER.c.ticket.is_not_distinct_from(OUTBOX.c.ticket),
    _EARLIER.c.state.in_(("queued", "sending", "uncertain")),
    _EARLIER.c.id < OUTBOX.c.id,
)
_UNTRIED = select(OUTBOX.c.id).where(
    OUTBOX.c.state == "queued", OUTBOX.c.attempts == 0, OUTBOX.c.next_at < bindparam("before"), ~_IS_BEHIND, ~IS_PAUSED
)
_ARMED = select(TIMER.c.ticket).distinct().where(TIMER.c.state == "armed")
_REMINDED = _ARMED.where(
    TIMER.c.policy == "waiting", exists().where(TICKET.c.number == TIMER.c.ticket, TICKET.c.status.in_(ENDED))
)
_TIMED = _ARMED.where(~exists().where(TICKET.c.number == TIMER.c.ticket))
_UNCONFIRMED = select(func.count()).where(OUTBOX.c.state == "sent", OUTBOX.c.reason == "unconfirmed")


class Damaged(Exception):
    """SQLite can't read the database to its end."""


class LastAudit(NamedTuple):
    """The result of an audit."""

    at: datetime
    mails: int
    differences: tuple[str, ...]


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
            raise Damaged(str(error.orig)) from None
        raise


def totals(session: Session) -> Totals:
    """How many there are, and who else says so; of one instant."""
    with _readable():
        rows = session.connection()
        query = select(_I.disposition, func.count()).group_by(_I.disposition)
        counts = {str(d): 0 for d in Disposition} | {word: int(number) for word, number in rows.execute(query)}
        received = int(rows.scalar(select(func.max(_I.id))) or 0)
        earlier = int(rows.scalar(select(func.max(_AUDIT.c.mails))) or 0)
        named = [number for number in rows.scalars(_NAMED_IN_VAIN) if number is not None]
        return Totals(received, counts, named, earlier)


def mails(session: Session, files: Path, after: int, last: int) -> list[MailRow]:
    """The next SLICE rows, and what there is of their bytes, digests included."""
    with _readable():
        found = session.connection().execute(_MAILS, {"after": after, "last": last})
        return [_mail_row(row, files) for row in found]


def _mail_row(row: Any, files: Path) -> MailRow:
    file_octets, is_same = None, None
    if row.octets is None and row.raw_file:
        path = files / row.raw_file
        file_octets = path.stat().st_size if path.is_file() else None
    if row.sha256:
        if row.octets is not None:
            is_same = hashlib.sha256(row.raw).hexdigest() == row.sha256
        elif file_octets is not None:
            with (files / row.raw_file).open("rb") as file:
                is_same = hashlib.file_digest(file, "sha256").hexdigest() == row.sha256
    return MailRow(
        *(row.id, row.kept_at, row.size, row.octets, row.raw_file, file_octets, is_same, row.damage),
        *(row.disposition, row.verdict, row.reason, row.ticket, row.has_ticket, row.duplicate_of),
        *(row.is_decided, row.is_first_known, row.settled_at),
    )


def desk_rows(session: Session, now: datetime) -> DeskRows:
    """Tickets, mails out and timers of which something may be wrong."""
    with _readable():
        rows = session.connection()
        return DeskRows(
            empty_tickets=rows.scalars(_EMPTY_TICKETS).all(),
            odd_out={row.id: row.state for row in rows.execute(_ODD_OUT)},
            sending=rows.scalars(_SENDING).all(),
            untried=rows.scalars(_UNTRIED, {"before": now - UNTRIED_AT_MOST}).all(),
            reminded=rows.scalars(_REMINDED).all(),
            timed=rows.scalars(_TIMED).all(),
            unconfirmed=int(rows.scalar(_UNCONFIRMED) or 0),
        )


def damage(session: Session) -> list[str]:
    """What SQLite finds wrong with the file, indexes included: R04."""
    with _readable():
        found = [str(row[0]) for row in session.connection().exec_driver_sql("PRAGMA integrity_check(20)")]
        return [] if found == ["ok"] else found


def records(session: Session, mailbox: str) -> Records:
    """Where the mails of a mailbox lie, as the rows say; out of indexes, without touching a mail."""
    with _readable():
        rows, of_mailbox = session.connection(), _I.mailbox == mailbox
        filed: dict[Place, dict[int, int]] = defaultdict(dict)
        unplaced: list[int] = []
        taken = 0
        place = select(_I.filed_folder, _I.filed_uidvalidity, _I.filed_uid, _I.id).where(of_mailbox)
        for folder, uidvalidity, uid, number in rows.execute(place):
            if uid:
                filed[folder, uidvalidity][uid] = number
            elif folder:
                unplaced.append(number)
            else:
                taken += 1
        origins: dict[Place, dict[int, int]] = defaultdict(dict)
        for folder, uidvalidity, uid, number in rows.execute(
            select(_I.folder, _I.uidvalidity, _I.uid, _I.id).where(of_mailbox)
        ):
            origins[folder, uidvalidity][uid] = number
        unfiled = [
            Unfiled(row.id, (row.folder, row.uidvalidity), row.uid, row.settled_at)
            for row in rows.execute(
                select(_I.id, _I.folder, _I.uidvalidity, _I.uid, _I.settled_at).where(of_mailbox, _I.filed_at.is_(None))
            )
        ]
        misplaced = [
            Misplaced(row.id, row.filed_folder, row.filed_as, row.disposition, row.settled_at)
            for row in rows.execute(
                select(_I.id, _I.filed_folder, _I.filed_as, _I.disposition, _I.settled_at).where(
                    of_mailbox, text(MISPLACED)
                )
            )
        ]
        left = {
            (row.folder, row.uidvalidity): members(row.left_alone)
            for row in rows.execute(
                select(_START.c.folder, _START.c.uidvalidity, _START.c.left_alone).where(_START.c.mailbox == mailbox)
            )
        }
        folder_of = _by_id(session, select(_I.id, _I.filed_folder, _I.size), unplaced)
        return Records(
            filed,
            origins,
            unfiled,
            misplaced,
            [Unplaced(row.id, row.filed_folder, row.size) for row in folder_of],
            left,
            taken - len(unfiled),
        )


def sizes(session: Session, numbers: Collection[int]) -> dict[int, int]:
    """How many octets these mails have."""
    return {row.id: row.size for row in _by_id(session, select(_I.id, _I.size), sorted(numbers))}


def _by_id(session: Session, query: Select[Any], numbers: Sequence[int]) -> list[Any]:
    """SQLite takes only so many values in one statement."""
    rows = session.connection()
    found: list[Any] = []
    for start in range(0, len(numbers), 1000):
        found += rows.execute(query.where(_I.id.in_(numbers[start : start + 1000]))).all()
    return found


def last_audit(session: Session) -> LastAudit | None:
    """The latest that was recorded."""
    row = session.connection().execute(select(_AUDIT).order_by(_AUDIT.c.id.desc()).limit(1)).one_or_none()
    return LastAudit(row.at, row.mails, tuple(row.differences)) if row is not None else None


def record(session: Session, at: datetime, mails: int, differences: Sequence[str]) -> None:
    """Keep the result; for `Database.write`."""
    session.connection().execute(insert(_AUDIT), {"at": at, "mails": mails, "differences": list(differences)})
