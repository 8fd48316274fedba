"""Tickets from rows: the one place where a ticket's frozen value is put together."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from maild.store.tables import Message, ParticipantRow, TicketRow
from maild.ticket import ENDED, Participant, Reason, Role, Status, Ticket, Visibility

FIRST_NUMBER = 1001
THREAD = 20  # Message-IDs of a ticket that go into References


def load_tickets(session: Session, numbers: Collection[int]) -> dict[int, Ticket]:
    """The tickets with those numbers; unknown numbers are left out."""
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    rows = session.exec(select(TicketRow).where(col(TicketRow.number).in_(wanted))).all()
    people: dict[int, list[Participant]] = {}
    query = select(ParticipantRow).where(col(ParticipantRow.ticket).in_(wanted)).order_by(col(ParticipantRow.slot))
    for row in session.exec(query):
        people.setdefault(row.ticket, []).append(
            Participant(
                row.slot, row.address, row.name, Role(row.role), row.epoch, row.is_removed, row.is_undeliverable
            )
        )
    return {row.number: _value(row, people.get(row.number, []), _thread(session, row.number)) for row in rows}


def _value(row: TicketRow, people: Sequence[Participant], thread: tuple[str, ...]) -> Ticket:
    return Ticket(
        row.number,
        row.subject,
        row.mailbox,
        row.language,
        Status(row.status),
        Reason(row.reason) if row.reason else None,
        row.queue,
        row.type,
        row.priority,
        tuple(row.tags),
        row.assignee,
        tuple(people),
        row.opened_at,
        row.waiting_round,
        row.waiting_since,
        row.last_answer,
        thread,
    )


def _thread(session: Session, number: int) -> tuple[str, ...]:
    query = (
        select(Message.message_id)
        .where(Message.ticket == number, Message.message_id != "", Message.visibility == Visibility.PUBLIC)
        .order_by(col(Message.id).desc())
        .limit(THREAD)
    )
    return tuple(reversed(session.exec(query).all()))


def next_number(session: Session) -> int:
    """The number that the next ticket gets. Safe because all writing is done by one thread."""
    highest = session.exec(select(func.max(TicketRow.number))).one()
    return max(FIRST_NUMBER, (highest or 0) + 1)


def open_tickets_of(session: Session, address_key: str, limit: int = 10) -> tuple[Ticket, ...]:
    """The tickets that this customer asked for or takes part in and that have not ended, newest first."""
    query = (
        select(TicketRow.number)
        .join(ParticipantRow, col(ParticipantRow.ticket) == col(TicketRow.number))
        .where(
            ParticipantRow.key == address_key,
            ParticipantRow.role == Role.CUSTOMER,
            col(ParticipantRow.is_removed).is_(False),
            col(TicketRow.status).not_in([str(s) for s in ENDED]),
        )
        .order_by(col(TicketRow.number).desc())
        .limit(limit)
    )
    numbers = list(session.exec(query))
    found = load_tickets(session, numbers)
    return tuple(found[n] for n in numbers)


def load_of_agents(session: Session) -> dict[str, int]:
    """How many tickets that have not ended each agent has."""
    query = (
        select(TicketRow.assignee, func.count())
        .where(TicketRow.assignee != "", col(TicketRow.status).not_in([str(s) for s in ENDED]))
        .group_by(TicketRow.assignee)
    )
    return {agent: int(number) for agent, number in session.exec(query)}


def written_since(session: Session, number: int, since: datetime) -> list[int]:
    """The received mails by which customers wrote into a ticket after an instant, oldest first."""
    agents = select(ParticipantRow.address).where(ParticipantRow.ticket == number, ParticipantRow.role == Role.AGENT)
    query = (
        select(Message.inbound_id)
        .where(
            Message.ticket == number,
            Message.visibility == Visibility.PUBLIC,
            Message.created_at > since,
            col(Message.inbound_id).is_not(None),
            col(Message.author).not_in(agents),
        )
        .order_by(col(Message.id))
    )
    return [id_ for id_ in session.exec(query) if id_ is not None]
