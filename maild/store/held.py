"""What is held, what was called spam, whom is blocked? What the daily list, due timers and waits need. Reads only."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import ColumnElement, RowMapping, and_, bindparam, exists, func, or_, select
from sqlmodel import Session

from maild.judgement import HeldMail, VerdictName
from maild.plan.digest import DUE, OVERDUE, Day, Waiting
from maild.plan.waiting import SUSPENDING
from maild.settings import Settings
from maild.store.facts import held_value
from maild.store.inbound_tables import INBOUND
from maild.store.people_tables import BLOCK
from maild.store.tables import DECISION, OUTBOX
from maild.store.tickets import load_tickets, open_tickets_of
from maild.store.timer_tables import TIMER
from maild.threading.turning import REDIRECTED
from maild.ticket import Disposition, Ticket

MOST_READ = 200  # held mails, and mails called spam, of which the list knows more than that they are there
_HELD = select(INBOUND).where(INBOUND.c.disposition == str(Disposition.HELD)).order_by(INBOUND.c.id)


def _settled(verdict: VerdictName) -> ColumnElement[bool]:
    """Those that ended so since an instant."""
    return and_(
        INBOUND.c.disposition == str(Disposition.APPLIED),
        INBOUND.c.verdict == str(verdict),
        INBOUND.c.settled_at > bindparam("since"),
    )


_UNDECIDED = INBOUND.c.decided == ""
_SPAM = (
    select(INBOUND)
    .where(_settled(VerdictName.SPAM), INBOUND.c.reason == "marked", _UNDECIDED)
    .order_by(INBOUND.c.ticket.is_(None), INBOUND.c.id)
)
_LISTS = select(INBOUND).where(_settled(VerdictName.LIST_MAIL), _UNDECIDED).order_by(INBOUND.c.id)
_REDIRECTED = select(INBOUND).where(_settled(VerdictName.REDIRECTED), _UNDECIDED).order_by(INBOUND.c.id)
_BLOCKED = select(func.count()).where(_settled(VerdictName.SPAM), INBOUND.c.reason == "blocked")
_LOOPS = (
    select(INBOUND.c.sender, func.count())
    .where(_settled(VerdictName.LOOP))
    .group_by(INBOUND.c.sender)
    .order_by(func.count().desc(), INBOUND.c.sender)
)
_OVERDUE = (
    select(INBOUND)
    .join(TIMER, (TIMER.c.step == INBOUND.c.id) & (TIMER.c.ticket == 0) & (TIMER.c.policy == DUE))
    .where(INBOUND.c.disposition == str(Disposition.HELD), TIMER.c.state == "armed", TIMER.c.due_at <= bindparam("now"))
    .order_by(INBOUND.c.id)
    .limit(MOST_READ)
)
# By the unique index of the keys, of which those between are few.
_LAST_TOLD = select(func.max(OUTBOX.c.created_at)).where(
    OUTBOX.c.key >= OVERDUE, OUTBOX.c.key < OVERDUE.replace(":", ";")
)
_TOLD = select(exists().where(OUTBOX.c.key == bindparam("key")))
_PROOF = select(DECISION.c.proof).where(DECISION.c.inbound_id == bindparam("this")).order_by(DECISION.c.id).limit(1)
_REFUSED = frozenset({VerdictName.PLAIN_REPLY, VerdictName.BAD_REFERENCE, VerdictName.REDIRECTED})
_MAY_BE_THE_ANSWER = select(
    exists().where(
        INBOUND.c.sender == bindparam("sender"),
        INBOUND.c.disposition == str(Disposition.HELD),
        or_(
            INBOUND.c.verdict.in_([str(name) for name in SUSPENDING]),
            (INBOUND.c.verdict == str(VerdictName.SPOOF_SUSPECT)) & (INBOUND.c.ticket == bindparam("number")),
        ),
    )
)


def day_of(session: Session, since: datetime, settings: Settings) -> Day:
    """What the list tells: everything that is held now, and what came since then and was put aside."""
    rows = session.connection()
    held = rows.execute(_HELD.limit(MOST_READ)).mappings().all()
    spam = rows.execute(_SPAM.limit(MOST_READ), {"since": since}).mappings().all()
    loops = rows.execute(_LOOPS, {"since": since}).all()
    by_list = rows.execute(_LISTS, {"since": since}).mappings()
    lists = list(islice((row for row in by_list if _is_known(settings, row["sender"])), MOST_READ))
    redirected = rows.execute(_REDIRECTED.limit(MOST_READ), {"since": since}).mappings().all()
    return Day(
        [_waiting(session, row) for row in held],
        [_waiting(session, row) for row in spam],
        [_waiting(session, row) for row in lists],
        int(rows.scalar(_BLOCKED, {"since": since}) or 0),
        [(sender, int(number)) for sender, number in loops],
        [_waiting(session, row) for row in redirected],
    )


def _is_known(settings: Settings, sender: str) -> bool:
    return settings.person(sender) is not None


def is_held(session: Session, inbound_id: int) -> bool:
    """Whether nobody has decided on it yet."""
    return session.connection().execute(_HELD.where(INBOUND.c.id == inbound_id)).first() is not None


def overdue_now(session: Session, now: datetime) -> list[Waiting]:
    """The held mails that are due and of which nobody has been told."""
    rows = session.connection().execute(_OVERDUE, {"now": now}).mappings().all()
    return [_waiting(session, row) for row in rows]


def due_timers_of_held(session: Session, now: datetime) -> list[int]:
    """The timers by which held mails are due."""
    armed = (TIMER.c.state == "armed", TIMER.c.ticket == 0, TIMER.c.policy == DUE, TIMER.c.due_at <= now)
    return list(session.connection().scalars(select(TIMER.c.id).where(*armed)))


def last_told(session: Session) -> datetime | None:
    """When somebody was last told of overdue mails."""
    told: datetime | None = session.connection().scalar(_LAST_TOLD)
    return told


def _waiting(session: Session, row: RowMapping) -> Waiting:
    held = held_value(row)
    named = _named(session, held)
    own = open_tickets_of(session, held.sender) if held.sender else ()
    rows = session.connection()
    of = REDIRECTED if held.verdict is VerdictName.REDIRECTED else "refused"
    told = rows.scalar(_TOLD, {"key": f"{of}:{held.content_key}"})
    proof = rows.scalar(_PROOF, {"this": held.inbound_id}) or ""
    return Waiting(held, named, own, proof, is_silent=held.verdict in _REFUSED and not told)


def _named(session: Session, held: HeldMail) -> tuple[Ticket, ...]:
    """The ticket that a valid reference in it names. What a forged one names gives no right."""
    if not held.ticket or held.verdict is VerdictName.BAD_REFERENCE:
        return ()
    return tuple(load_tickets(session, [held.ticket]).values())


def may_hold_the_answer(session: Session, ticket: Ticket) -> bool:
    """Whether a held mail of its requester may be what a waiting ticket waits for."""
    parameters = {"sender": ticket.requester.key, "number": ticket.number}
    return bool(session.connection().scalar(_MAY_BE_THE_ANSWER, parameters))


def blocks(session: Session) -> Sequence[tuple[str, str, datetime]]:
    """Whom is blocked, by whom, since when; by key."""
    return [(key, by, at) for key, by, at in session.connection().execute(select(BLOCK).order_by(BLOCK.c.key))]
