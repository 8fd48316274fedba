"""Tickets with what has happened to them, one after the other, for whoever counts: never all of them at once."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter, CursorResult, bindparam, exists, or_, select
from sqlmodel import Session

from maild.lifecycle import ENDED, Status
from maild.mail import address_key
from maild.people.accounts import person_of
from maild.plan.figures import Case
from maild.settings import Settings
from maild.store.accounts import person_in
from maild.store.people_tables import ACCOUNT
from maild.store.tables import PARTICIPANT, TICKET
from maild.store.tickets import ticket_of
from maild.store.timer_tables import MOMENT
from maild.ticket import Moment, Participant, Person, Role, Spoke

_AT_ONCE = 500  # rows that are read together
_SINCE: BindParameter[datetime] = bindparam("since")
_COUNTS = or_(
    TICKET.c.status.not_in([str(status) for status in ENDED]),
    TICKET.c.changed_at >= _SINCE,
    TICKET.c.opened_at >= _SINCE,
    TICKET.c.number.in_(select(MOMENT.c.ticket).where(MOMENT.c.at >= _SINCE)),
)
_TICKETS = select(TICKET).where(_COUNTS).order_by(TICKET.c.number)
_THESE = select(TICKET.c.number).where(_COUNTS)
_REQUESTERS = (
    select(
        PARTICIPANT.c.ticket, PARTICIPANT.c.slot, PARTICIPANT.c.address, PARTICIPANT.c.name, PARTICIPANT.c.is_removed
    )
    .where(PARTICIPANT.c.role == str(Role.CUSTOMER), PARTICIPANT.c.ticket.in_(_THESE))
    .order_by(PARTICIPANT.c.ticket, PARTICIPANT.c.slot)
)
_MOMENTS = (
    select(MOMENT.c.ticket, MOMENT.c.at, MOMENT.c.status, MOMENT.c.spoke, MOMENT.c.is_incomplete)
    .where(MOMENT.c.ticket.in_(_THESE))
    .order_by(MOMENT.c.ticket, MOMENT.c.at, MOMENT.c.id)
)
_STATUS, _SPOKE = {str(word): word for word in Status}, {str(word): word for word in Spoke}  # quicker than a call
_HAS_ADMITTED = select(exists(ACCOUNT))


def cases_since(session: Session, settings: Settings, since: datetime) -> Iterator[Case]:
    """Each ticket that is open, or to which something has happened since then, by number."""
    rows = session.connection().execution_options(yield_per=_AT_ONCE)
    asked = {"since": since}
    requesters, moments = _Beside(rows.execute(_REQUESTERS, asked)), _Beside(rows.execute(_MOMENTS, asked))
    person = _people(session, settings)
    for row in rows.execute(_TICKETS, asked).mappings():
        number = row["number"]
        people = [
            Participant(slot, address, name, Role.CUSTOMER, is_removed=is_removed)
            for _, slot, address, name, is_removed in requesters.of(number)
        ]
        if not people:
            continue
        ticket = ticket_of(row, people, ())
        happened = [
            Moment(at, _STATUS[status], _SPOKE[spoke], is_incomplete)
            for _, at, status, spoke, is_incomplete in moments.of(number)
        ]
        yield Case(ticket, person(address_key(ticket.requester.address)), happened)


class _Beside:
    """Rows in the order of their tickets, read along with the tickets."""

    def __init__(self, rows: CursorResult[Any]) -> None:
        self._groups = groupby(chain.from_iterable(rows.partitions()), itemgetter(0))
        self._next = next(self._groups, None)

    def of(self, number: int) -> list[Any]:
        """Those of that ticket; numbers are asked for in rising order."""
        while self._next is not None and self._next[0] < number:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] > number:
            return []
        found = list(self._next[1])
        self._next = next(self._groups, None)
        return found


def _people(session: Session, settings: Settings) -> Callable[[str], Person | None]:
    """Who has an address. The store is asked only where it knows anybody whom the rules do not name."""
    if not session.connection().scalar(_HAS_ADMITTED):
        return lru_cache(maxsize=4096)(lambda address: person_of(settings, address))
    return lru_cache(maxsize=4096)(lambda address: person_in(session, settings, address))
