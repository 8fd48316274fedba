"""What has an observation seen, and what would have left? Read from the rows that it made, with nothing beside them.

What is owed for a mail was written in the transaction that settled it, so both bear the same instant; what bears that
of no mail is owed by the clock.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, insert, select
from sqlmodel import Session

from maild.errors import BadConfig
from maild.store.database import Database
from maild.store.inbound_tables import INBOUND
from maild.store.tables import DECISION, OUTBOX, SWITCH, TICKET
from maild.ticket import Disposition

OBSERVING = "observing"


@dataclass(frozen=True, slots=True)
class Unsent:
    """A mail that would have left."""

    at: datetime
    template: str
    recipient: str
    ticket: int | None


@dataclass(frozen=True, slots=True)
class Observed:
    """A received mail and what was decided about it. `rules`: those that fired, name and line."""

    id: int
    at: datetime
    mailbox: str
    sender: str
    subject: str
    verdict: str
    reason: str
    disposition: str
    ticket: int | None
    queue: str
    assignee: str
    rules: tuple[tuple[str, int], ...]
    unsent: tuple[Unsent, ...]


class Known(NamedTuple):
    """Up to here it is known what was decided: what comes next was settled after `at`, is the mail `inbound` or a later
    one, and is owed by a row of the outbox after `outbox`."""

    at: datetime
    inbound: int = 0
    outbox: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """How many mails were seen of each verdict, and how many of each template would have left."""

    verdicts: dict[str, int]
    templates: dict[str, int]


def observing_since(session: Session) -> datetime | None:
    """When the observation in this database began; None where there is none."""
    return session.connection().scalar(select(SWITCH.c.set_at).where(SWITCH.c.name == OBSERVING))


def begin_observing(session: Session, now: datetime) -> datetime:
    """From when everything counts: `now`, or where an observation goes on its first start. The copy of a live store is
    none that goes on."""
    if (since := observing_since(session)) is not None:
        return since
    session.connection().execute(insert(SWITCH).values(name=OBSERVING, set_at=now))
    return now


def refuse_observed(database: Database) -> None:
    """BadConfig for the database of an observation: a daemon that took it over would send all that would have left."""
    if database.read_now(observing_since) is not None:
        database.close_now()
        what = "this is the database of an observation; name another one under store, or none, and maild makes it"
        raise BadConfig.at(database.path, what)


def known(session: Session, at: datetime) -> Known:
    """All that is committed is known, the last of it decided `at`. The oldest kept mail is the next to be decided."""
    rows = session.connection()
    waiting = rows.scalar(select(func.min(INBOUND.c.id)).where(INBOUND.c.disposition == Disposition.KEPT))
    newest = rows.scalar(select(func.max(INBOUND.c.id))) or 0
    return Known(at, waiting or newest + 1, rows.scalar(select(func.max(OUTBOX.c.id))) or 0)


def tally(session: Session, since: datetime) -> Tally:
    """Of all that was decided since then, the most frequent first."""
    verdicts = _counted(session, INBOUND.c.verdict, INBOUND.c.settled_at >= since)
    return Tally(verdicts, _counted(session, OUTBOX.c.template, OUTBOX.c.created_at >= since))


def _counted(session: Session, column: ColumnElement[str], where: ColumnElement[bool]) -> dict[str, int]:
    number = func.count()
    query = select(column, number).where(where).group_by(column).order_by(number.desc(), column)
    return {str(word): int(count) for word, count in session.connection().execute(query)}


def mails(session: Session, after: Known, *, last: int | None = None) -> list[Observed]:
    """The mails that were settled after that, or the `last` of them; oldest first."""
    query = (
        select(
            INBOUND.c.id,
            INBOUND.c.settled_at,
            INBOUND.c.mailbox,
            INBOUND.c.sender,
            INBOUND.c.subject,
            INBOUND.c.verdict,
            INBOUND.c.reason,
            INBOUND.c.disposition,
            INBOUND.c.ticket,
            TICKET.c.queue,
            TICKET.c.assignee,
        )
        .outerjoin(TICKET, TICKET.c.number == INBOUND.c.ticket)
        .where(INBOUND.c.id >= after.inbound, INBOUND.c.settled_at > after.at)
        .order_by(INBOUND.c.settled_at.desc(), INBOUND.c.id.desc())
        .limit(last)
    )
    rows = session.connection().execute(query).all()[::-1]
    rules = _rules(session, [row.id for row in rows])
    newest = {row.settled_at: row.id for row in rows}  # a mail that settled another one with it is the later of the two
    owed: dict[datetime, list[Unsent]] = defaultdict(list)
    for unsent in _unsent(session, after, OUTBOX.c.created_at >= rows[0].settled_at) if rows else ():
        owed[unsent.at].append(unsent)
    return [
        Observed(
            *row[:9],
            row.queue or "",
            row.assignee or "",
            rules.get(row.id, ()),
            tuple(owed[row.settled_at]) if newest[row.settled_at] == row.id else (),
        )
        for row in rows
    ]


def owed_by_the_clock(session: Session, after: Known, *, last: int | None = None) -> list[Unsent]:
    """What timers would have sent after that, or the `last` of it; oldest first."""
    settled = select(INBOUND.c.settled_at).where(INBOUND.c.id >= after.inbound, INBOUND.c.settled_at > after.at)
    found = _unsent(session, after, OUTBOX.c.created_at > after.at, OUTBOX.c.created_at.not_in(settled))
    return found[-last:] if last is not None else found


def _unsent(session: Session, after: Known, *conditions: Any) -> list[Unsent]:
    query = (
        select(OUTBOX.c.created_at, OUTBOX.c.template, OUTBOX.c.recipient, OUTBOX.c.ticket)
        .where(OUTBOX.c.id > after.outbox, *conditions)
        .order_by(OUTBOX.c.id)
    )
    return [Unsent(*row) for row in session.connection().execute(query)]


def _rules(session: Session, ids: Sequence[int]) -> dict[int, tuple[tuple[str, int], ...]]:
    """The rules that fired, by received mail."""
    if not ids:
        return {}
    query = select(DECISION.c.inbound_id, DECISION.c.trials).where(DECISION.c.inbound_id.between(min(ids), max(ids)))
    found: dict[int, tuple[tuple[str, int], ...]] = {}
    for row in session.connection().execute(query.order_by(DECISION.c.id)):
        fired = tuple((str(t["rule"]), int(t["line"])) for t in row.trials if t["fired"])
        found[row.inbound_id] = (*found.get(row.inbound_id, ()), *fired)
    return found
