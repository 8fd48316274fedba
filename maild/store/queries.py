"""What lists and shows need: rows as frozen values, oldest first. Reads only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from maild.decision import RuleTrial
from maild.store.inbound_tables import Inbound
from maild.store.lines import DecisionLine, HeldLine, MessageLine, OutboxLine, TicketLine, TimerLine
from maild.store.rules_versions import KeptVersion, kept_versions
from maild.store.tables import DecisionRow, Message, Outbox, ParticipantRow, TicketRow
from maild.store.timer_tables import Timer
from maild.ticket import Disposition, Role

_OF_MACHINES = ("auto_reply", "bounce", "list_mail", "loop", "duplicate", "spam", "quarantined")


def tickets(
    session: Session,
    *,
    status: str | None = None,
    queue: str | None = None,
    assignee: str | None = None,
    numbers: Collection[int] | None = None,
) -> list[TicketLine]:
    """Tickets by number; `assignee` is an address in compared form, '' for those of nobody; `numbers`: these alone."""
    query = select(TicketRow).order_by(col(TicketRow.number))
    if numbers is not None:
        query = query.where(col(TicketRow.number).in_(numbers))
    for column, wanted in ((TicketRow.status, status), (TicketRow.queue, queue), (TicketRow.assignee, assignee)):
        if wanted is not None:
            query = query.where(col(column) == wanted)
    rows = session.exec(query).all()
    requesters = _requesters(session)
    return [
        TicketLine(
            row.number,
            row.status,
            row.reason,
            row.priority,
            row.queue,
            row.type,
            row.assignee,
            requesters.get(row.number, ""),
            row.subject,
            row.opened_at,
            row.changed_at,
        )
        for row in rows
    ]


def _requesters(session: Session) -> dict[int, str]:
    """Who asked for each ticket: as Ticket.requester has it, the first customer who is still on it, else the first."""
    found: dict[int, str] = {}
    query = select(ParticipantRow.ticket, ParticipantRow.address).where(ParticipantRow.role == Role.CUSTOMER)
    ordered = query.order_by(col(ParticipantRow.ticket), col(ParticipantRow.is_removed), col(ParticipantRow.slot))
    for number, address in session.exec(ordered):
        found.setdefault(number, address)
    return found


def messages(session: Session, number: int) -> list[MessageLine]:
    """All entries of a ticket."""
    query = select(Message).where(Message.ticket == number).order_by(col(Message.id))
    return [
        MessageLine(m.created_at, m.visibility, m.author, m.text, m.inbound_id, m.is_verified)
        for m in session.exec(query)
    ]


def decisions(session: Session, *, ticket: int | None = None, inbound_id: int | None = None) -> list[DecisionLine]:
    """The decisions about a ticket, or about a received mail."""
    column, wanted = (DecisionRow.ticket, ticket) if ticket is not None else (DecisionRow.inbound_id, inbound_id)
    query = select(DecisionRow).where(col(column) == wanted).order_by(col(DecisionRow.id))
    return [
        DecisionLine(
            d.at,
            d.occasion,
            d.verdict,
            d.reason,
            d.proof,
            d.inbound_id,
            d.rules_version,
            tuple(RuleTrial(**trial) for trial in d.trials),
        )
        for d in session.exec(query)
    ]


def timers(session: Session, *, ticket: int | None = None, limit: int | None = None) -> list[TimerLine]:
    """All timers of a ticket; or without one those still armed of all, the next first."""
    query = select(Timer).order_by(col(Timer.due_at), col(Timer.id))
    query = (
        query.where(Timer.ticket == ticket)
        if ticket is not None
        else query.where(Timer.state == "armed", Timer.ticket != 0)
    )
    return [TimerLine(t.ticket, t.policy, t.step, t.due_at, t.state) for t in session.exec(query.limit(limit))]


@dataclass(frozen=True, slots=True)
class History:
    """Everything that happened on a ticket, each kind in its order."""

    decisions: list[DecisionLine]
    messages: list[MessageLine]
    mails: list[OutboxLine]
    timers: list[TimerLine]
    versions: dict[str, KeptVersion]  # of the rules, by their names


def history(session: Session, number: int) -> History:
    """Of one ticket, at one instant."""
    decided = decisions(session, ticket=number)
    return History(
        decided,
        messages(session, number),
        outbox(session, ticket=number),
        timers(session, ticket=number),
        kept_versions(session, {d.rules_version for d in decided if d.trials}),
    )


def held(session: Session, *, inbound_id: int | None = None) -> list[HeldLine]:
    """The mails that are held, or that one if it is."""
    query = select(
        Inbound.id,
        Inbound.mailbox,
        Inbound.kept_at,
        Inbound.sender,
        Inbound.subject,
        Inbound.verdict,
        Inbound.reason,
        Inbound.ticket,
        Inbound.size,
    ).where(Inbound.disposition == Disposition.HELD)  # type: ignore[call-overload]
    if inbound_id is not None:
        query = query.where(Inbound.id == inbound_id)
    return [HeldLine(*row) for row in session.exec(query.order_by(col(Inbound.id)))]


def outbox(
    session: Session, *, state: str | None = None, ticket: int | None = None, outbox_id: int | None = None
) -> list[OutboxLine]:
    """Mails to send and what became of them, without their bytes."""
    query = select(
        Outbox.id,
        Outbox.template,
        Outbox.recipient,
        Outbox.subject,
        Outbox.state,
        Outbox.ticket,
        Outbox.attempts,
        Outbox.created_at,
        Outbox.next_at,
        Outbox.ended_at,
        Outbox.reason,
        Outbox.detail,
        Outbox.message_id,
    )  # type: ignore[call-overload]
    for column, wanted in ((Outbox.state, state), (Outbox.ticket, ticket), (Outbox.id, outbox_id)):
        if wanted is not None:
            query = query.where(col(column) == wanted)
    return [OutboxLine(*row) for row in session.exec(query.order_by(col(Outbox.id)))]


def outbox_bytes(session: Session, outbox_id: int) -> bytes | None:
    """The mail as it leaves, byte by byte."""
    return session.exec(select(Outbox.data).where(Outbox.id == outbox_id)).first()


def proofs(session: Session, *, since: datetime | None = None, last: int = 200) -> dict[str, list[str]]:
    """What was known of the senders of the `last` mails (none before `since`), by mailbox; of mails of people alone."""
    query = (
        select(Inbound.mailbox, DecisionRow.proof)
        .join(Inbound, col(Inbound.id) == col(DecisionRow.inbound_id))
        .where(col(DecisionRow.proof) != "", col(Inbound.verdict).not_in(_OF_MACHINES))
        .order_by(col(DecisionRow.id).desc())
        .limit(last)
    )
    found: dict[str, list[str]] = {}
    for mailbox, proof in session.exec(query.where(col(DecisionRow.at) >= since) if since else query):
        found.setdefault(mailbox, []).append(proof)
    return found


def next_inbound_id(session: Session) -> int:
    """The number that the next received mail would get."""
    return (session.exec(select(func.max(Inbound.id))).one() or 0) + 1


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are of each word."""

    inbound: dict[str, int]
    outbox: dict[str, int]
    tickets: dict[str, int]


def counts(session: Session, outbox_states: Sequence[str]) -> Counts:
    """Received mails by disposition, mails out by state, tickets by status; mails of either kind with their zeros."""
    inbound = session.exec(select(Inbound.disposition, func.count()).group_by(Inbound.disposition)).all()
    leaving = session.exec(select(Outbox.state, func.count()).group_by(Outbox.state)).all()
    by_status = session.exec(select(TicketRow.status, func.count()).group_by(TicketRow.status)).all()
    return Counts(
        {d.value: 0 for d in Disposition} | {word: int(n) for word, n in inbound},
        dict.fromkeys(outbox_states, 0) | {word: int(n) for word, n in leaving},
        {word: int(n) for word, n in by_status},
    )
