"""Which agents have left though rules.yaml still names them, and what is still in the hands of those who have left?"""

from collections.abc import Collection

from sqlalchemy import delete, exists, func, select
from sqlmodel import Session

from maild.lifecycle import ENDED
from maild.store.people_tables import DEPARTURE
from maild.store.tables import PARTICIPANT, TICKET
from maild.store.tickets import load_tickets
from maild.ticket import Role, Ticket

_OPEN = TICKET.c.status.not_in([str(s) for s in ENDED])


def departed(session: Session) -> frozenset[str]:
    """Their addresses in compared form."""
    return frozenset(session.connection().scalars(select(DEPARTURE.c.key)))


def forget_returned(session: Session, agents: Collection[str]) -> None:
    """Whoever is no longer named in rules.yaml may be named there again one day, and is an agent then."""
    rows = session.connection()
    for key in departed(session) - set(agents):
        rows.execute(delete(DEPARTURE).where(DEPARTURE.c.key == key))


def open_tickets_with(session: Session, agent: str) -> list[Ticket]:
    """The tickets that have not ended and are assigned to that address (compared form), by number."""
    query = select(TICKET.c.number).where(TICKET.c.assignee == agent, _OPEN).order_by(TICKET.c.number)
    numbers = list(session.connection().scalars(query))
    found = load_tickets(session, numbers)
    return [found[number] for number in numbers]


def was_agent(session: Session, key: str) -> bool:
    """Whether that address ever was an agent on a ticket, or has one in hand."""
    rows = session.connection()
    there = exists().where(PARTICIPANT.c.key == key, PARTICIPANT.c.role == str(Role.AGENT))
    return bool(rows.scalar(select(there | exists().where(TICKET.c.assignee == key))))


def in_nobodys_hands(session: Session, agents: Collection[str]) -> dict[str, int]:
    """Assignees who are no agents, with the number of their tickets that have not ended."""
    query = select(TICKET.c.assignee, func.count()).where(TICKET.c.assignee != "", _OPEN)
    found = session.connection().execute(query.group_by(TICKET.c.assignee))
    return {assignee: int(number) for assignee, number in found if assignee not in agents}
