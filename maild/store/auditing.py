"""What does the store say of its mails, for an audit? Read in slices, so that no reader keeps the log from folding.

Nothing is written but the result. All functions are for `Database.read`; Damaged where SQLite can't read on.
"""

import hashlib
import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, exists, func, insert, select, text, union, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from maild.audit.findings import TAKEN, Difference, of_plain, plain
from maild.audit.folders import Misplaced, Place, Records, Unfiled, Unplaced
from maild.audit.ledger import UNTRIED_AT_MOST, DeskRows, MailRow, Totals
from maild.lifecycle import ENDED
from maild.store.admin_tables import AUDIT
from maild.store.clock_doubt import IS_JUMPED_OVER
from maild.store.copies import members
from maild.store.inbound_tables import CONTENT, INBOUND, MISPLACED
from maild.store.orders import IS_PAUSED
from maild.store.tables import DECISION, MESSAGE, OUTBOX, OUTBOX_STATES, TICKET, metadata
from maild.store.timer_tables import TIMER
from maild.ticket import Disposition

SLICE = 500  # rows read in one transaction, at most
HEAVIEST = 16 * 2**20  # octets of mails in one, at most (and one mail more)
_START = metadata.tables["folder_start"]
_DAMAGED = frozenset((11, 26))  # SQLITE_CORRUPT, SQLITE_NOTADB
_I = INBOUND.c
_FACTS = (
    *(_I.id, _I.kept_at, _I.size, func.length(_I.raw).label("octets"), _I.raw_file, _I.sha256, _I.damage),
    *(_I.mailbox, _I.disposition, _I.verdict, _I.reason, _I.ticket, _I.duplicate_of, _I.settled_at),
    *(_I.is_vanished, _I.filed_as, _I.filed_folder),
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
_SAID = select(MESSAGE.c.inbound_id).where(MESSAGE.c.inbound_id.is_not(None))
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
    *(OUTBOX.c.state == "queued", OUTBOX.c.attempts == 0, OUTBOX.c.next_at < bindparam("before")),
    *(~_IS_BEHIND, ~IS_PAUSED, ~IS_JUMPED_OVER),
)
_ARMED = select(TIMER.c.ticket).distinct().where(TIMER.c.state == "armed")
_REMINDED = _ARMED.where(
    TIMER.c.policy == "waiting", exists().where(TICKET.c.number == TIMER.c.ticket, TICKET.c.status.in_(ENDED))
)
_TIMED = _ARMED.where(TIMER.c.ticket != 0, ~exists().where(TICKET.c.number == TIMER.c.ticket))
_UNCONFIRMED = select(func.count()).where(OUTBOX.c.state == "sent", OUTBOX.c.reason == "unconfirmed")


class Damaged(Exception):
    """SQLite can't read the database to its end."""


class LastAudit(NamedTuple):
    """The result of an audit."""

    at: datetime
    mails: int
    differences: tuple[Difference, ...]


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
        earlier = int(rows.scalar(select(func.max(AUDIT.c.mails))) or 0)
        named = [number for number in rows.scalars(_NAMED_IN_VAIN) if number is not None]
        return Totals(received, counts, named, earlier)


def mails(session: Session, after: int, last: int) -> list[MailRow]:
    """The next rows, up to SLICE of them or HEAVIEST octets; of mails in a file without what is there: `with_file`."""
    with _readable(), closing(session.connection().execute(_MAILS, {"after": after, "last": last})) as rows:
        found, weight = [], 0
        for row in rows:
            found.append(_mail_row(row))
            weight += row.octets or 0
            if weight > HEAVIEST:
                break
        return found


def _mail_row(row: Any) -> MailRow:
    is_same = None
    if row.sha256 and row.octets is not None:
        is_same = hashlib.sha256(row.raw).hexdigest() == row.sha256
    return MailRow(
        *(row.id, row.mailbox, row.kept_at, row.size, row.sha256, row.octets, row.raw_file, None, is_same, row.damage),
        *(row.disposition, row.verdict, row.reason, row.ticket, row.has_ticket, row.duplicate_of),
        *(row.is_decided, row.is_first_known, row.settled_at, row.is_vanished, row.filed_as, row.filed_folder),
    )


def with_file(row: MailRow, files: Path) -> MailRow:
    """The same, and what there is of its file; in no transaction, since a large one takes its time."""
    if row.octets is not None or not row.file:
        return row
    try:
        with (files / row.file).open("rb") as file:
            octets = os.fstat(file.fileno()).st_size
            is_same = hashlib.file_digest(file, "sha256").hexdigest() == row.sha256 if row.sha256 else None
    except OSError:
        return row
    return row._replace(file_octets=octets, is_same=is_same)


def said(session: Session) -> set[int]:
    """The received mails whose words are on a ticket."""
    with _readable():
        return set(session.connection().scalars(_SAID))


def desk_rows(session: Session, now: datetime) -> DeskRows:
    """Tickets, mails out and timers of which something may be wrong."""
    with _readable():
        rows = session.connection()
        return DeskRows(
            empty_tickets=rows.scalars(_EMPTY_TICKETS).all(),
            out=rows.scalars(select(OUTBOX.c.id).order_by(OUTBOX.c.id)).all(),
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
                    of_mailbox, text(MISPLACED), _I.disposition != str(Disposition.KEPT)
                )
            )
        ]
        left = {
            (row.folder, row.uidvalidity): members(row.left_alone)
            for row in rows.execute(
                select(_START.c.folder, _START.c.uidvalidity, _START.c.left_alone).where(
                    _START.c.mailbox == mailbox, _START.c.is_seen
                )
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
    row = session.connection().execute(select(AUDIT).order_by(AUDIT.c.id.desc()).limit(1)).one_or_none()
    return LastAudit(row.at, row.mails, _differences(row)) if row is not None else None


def earlier(session: Session) -> Iterator[tuple[Difference, ...]]:
    """What the audits have found, the latest first; within the session."""
    with _readable():
        for row in session.connection().execute(select(AUDIT).order_by(AUDIT.c.id.desc())):
            yield _differences(row)


def _differences(row: Any) -> tuple[Difference, ...]:
    return tuple(map(of_plain, row.differences))


def record(session: Session, at: datetime, mails: int, differences: Sequence[Difference]) -> None:
    """Keep the result; for `Database.write`. What somebody took away is told by it, and is a remark from then on: the
    rows say so themselves, and still where it lay, since it may be put back."""
    rows = session.connection()
    rows.execute(insert(AUDIT), {"at": at, "mails": mails, "differences": list(map(plain, differences))})
    taken = [{"this": n} for difference in differences if difference.kind in TAKEN for n in difference.numbers]
    if taken:
        rows.execute(update(INBOUND).where(_I.id == bindparam("this")).values(is_vanished=True), taken)
