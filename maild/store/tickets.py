"""Tickets from rows: the one place where a ticket's frozen value is put together."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, Connection, RowMapping, bindparam, exists, func, select
from sqlmodel import Session

from maild.judgement import VerdictName
from maild.store.tables import INBOUND, MESSAGE, OUTBOX, PARTICIPANT, RESTORATION, TICKET
from maild.ticket import ENDED, Disposition, Participant, Reason, Role, Status, Ticket, Visibility

FIRST_NUMBER = 1001
THREAD = 20  # Message-IDs of a ticket that go into References

_NUMBERS: BindParameter[list[int]] = bindparam("numbers", expanding=True)
_IS_OPEN = TICKET.c.status.not_in([str(s) for s in ENDED])
_TICKETS = select(TICKET).where(TICKET.c.number.in_(_NUMBERS))
_PEOPLE = select(PARTICIPANT).where(PARTICIPANT.c.ticket.in_(_NUMBERS)).order_by(PARTICIPANT.c.slot)
_THREAD = (
    select(MESSAGE.c.message_id)
    .where(
        MESSAGE.c.ticket == bindparam("number"),
        MESSAGE.c.message_id != "",
        MESSAGE.c.visibility == str(Visibility.PUBLIC),
    )
    .order_by(MESSAGE.c.id.desc())
    .limit(THREAD)
)
_HIGHEST = select(
    select(func.max(TICKET.c.number)).scalar_subquery(), select(func.max(RESTORATION.c.first_number)).scalar_subquery()
)
_OWN = (
    select(TICKET.c.number)
    .join(PARTICIPANT, PARTICIPANT.c.ticket == TICKET.c.number)
    .where(
        PARTICIPANT.c.key == bindparam("key"),
        PARTICIPANT.c.role == str(Role.CUSTOMER),
        ~PARTICIPANT.c.is_removed,
        _IS_OPEN,
    )
    .order_by(TICKET.c.number.desc())
    .limit(bindparam("limit"))
)
_ALL_OWN = (
    select(PARTICIPANT.c.ticket)
    .where(PARTICIPANT.c.key == bindparam("key"), PARTICIPANT.c.role == str(Role.CUSTOMER), ~PARTICIPANT.c.is_removed)
    .order_by(PARTICIPANT.c.ticket.desc())
    .limit(bindparam("limit"))
)
_LOAD = select(TICKET.c.assignee, func.count()).where(TICKET.c.assignee != "", _IS_OPEN).group_by(TICKET.c.assignee)
_SINCE = (
    select(INBOUND.c.id)
    .where(
        INBOUND.c.ticket == bindparam("number"),
        INBOUND.c.verdict.in_([str(VerdictName.REPLY), str(VerdictName.CLAIM)]),
        INBOUND.c.disposition == str(Disposition.APPLIED),
        INBOUND.c.settled_at >= bindparam("since"),
        # The mail that the notice itself told of may bear the same instant.
        ~exists().where(OUTBOX.c.id == bindparam("notice"), OUTBOX.c.key.like("reply:" + INBOUND.c.content_key + ":%")),
    )
    .order_by(INBOUND.c.id)
)


def load_tickets(session: Session, numbers: Collection[int]) -> dict[int, Ticket]:
    """The tickets with those numbers; unknown numbers are left out."""
    wanted = {"numbers": sorted(set(numbers))}
    if not wanted["numbers"]:
        return {}
    rows = session.connection()
    tickets = rows.execute(_TICKETS, wanted).mappings().all()
    people: dict[int, list[Participant]] = {}
    for p in rows.execute(_PEOPLE, wanted) if tickets else ():
        participant = Participant(p.slot, p.address, p.name, Role(p.role), p.epoch, p.is_removed, p.is_undeliverable)
        people.setdefault(p.ticket, []).append(participant)
    return {t["number"]: _value(t, people.get(t["number"], []), _thread(rows, t["number"])) for t in tickets}


def _value(row: RowMapping, people: Sequence[Participant], thread: tuple[str, ...]) -> Ticket:
    return Ticket(
        row["number"],
        row["subject"],
        row["mailbox"],
        row["language"],
        Status(row["status"]),
        Reason(row["reason"]) if row["reason"] else None,
        row["queue"],
        row["type"],
        row["priority"],
        tuple(row["tags"]),
        row["assignee"],
        tuple(people),
        row["opened_at"],
        row["waiting_round"],
        row["waiting_since"],
        row["last_answer"],
        thread,
    )


def _thread(rows: Connection, number: int) -> tuple[str, ...]:
    return tuple(reversed(rows.scalars(_THREAD, {"number": number}).all()))


def next_number(session: Session) -> int:
    """The number that the next ticket gets: never one that was given before, after a restore neither.

    Safe because all writing is done by one thread.
    """
    given, from_now_on = session.connection().execute(_HIGHEST).one()
    return max(FIRST_NUMBER, (given or 0) + 1, from_now_on or 0)


def open_tickets_of(session: Session, address_key: str, limit: int = 10) -> tuple[Ticket, ...]:
    """The tickets that this customer asked for or takes part in and that have not ended, newest first."""
    numbers = session.connection().scalars(_OWN, {"key": address_key, "limit": limit}).all()
    found = load_tickets(session, numbers)
    return tuple(found[n] for n in numbers)


def tickets_of(session: Session, address_key: str, limit: int) -> tuple[Ticket, ...]:
    """All tickets of this customer, ended ones too, newest first."""
    numbers = session.connection().scalars(_ALL_OWN, {"key": address_key, "limit": limit}).all()
    found = load_tickets(session, numbers)
    return tuple(found[n] for n in numbers)


def load_of_agents(session: Session) -> dict[str, int]:
    """How many tickets that have not ended each agent has."""
    return {agent: int(number) for agent, number in session.connection().execute(_LOAD)}


def written_since(session: Session, number: int, since: datetime, notice: int) -> list[int]:
    """The received mails by which customers wrote into a ticket after a notice of the outbox, oldest first."""
    found = session.connection().scalars(_SINCE, {"number": number, "since": since, "notice": notice})
    return list(found)
