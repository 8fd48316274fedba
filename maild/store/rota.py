"""What rules ask of the agents' work and of the requester's earlier tickets. Read only where a rule asks for it."""

from collections.abc import Collection

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from maild.decision import Rota
from maild.settings import Settings
from maild.settings.actions import ROUND_ROBIN, SAME_AS_LAST, SAME_FOR_ORGANISATION
from maild.store.tables import PARTICIPANT, TICKET
from maild.store.tickets import load_of_agents
from maild.ticket import Role

_GIVEN = select(TICKET.c.assignee, func.max(TICKET.c.number)).where(TICKET.c.assignee != "").group_by(TICKET.c.assignee)
_ASKED = (
    PARTICIPANT.c.ticket == TICKET.c.number,
    PARTICIPANT.c.key.in_(bindparam("mine", expanding=True)),
    PARTICIPANT.c.role == str(Role.CUSTOMER),
    PARTICIPANT.c.slot == 1,
)
_EARLIER = (
    select(func.count())
    .select_from(PARTICIPANT.join(TICKET, _ASKED[0]))
    .where(*_ASKED[1:], TICKET.c.number < bindparam("below"))
)
_FORMER = (
    select(TICKET.c.assignee)
    .where(*_ASKED, TICKET.c.assignee != "", TICKET.c.number < bindparam("below"))
    .order_by(TICKET.c.number.desc())
    .limit(1)
)
_LATEST = (
    select(TICKET.c.number, TICKET.c.assignee)
    .where(TICKET.c.assignee != "", TICKET.c.number < bindparam("below"))
    .order_by(TICKET.c.number.desc())
    .limit(bindparam("most"))
).subquery()
_THEIRS = (PARTICIPANT.c.ticket == _LATEST.c.number, PARTICIPANT.c.slot == 1, PARTICIPANT.c.role == str(Role.CUSTOMER))
_REQUESTERS = (
    select(_LATEST.c.assignee, PARTICIPANT.c.key)
    .select_from(_LATEST.join(PARTICIPANT, _THEIRS[0]))
    .where(*_THEIRS[1:])
    .order_by(_LATEST.c.number.desc())
)
MOST_LOOKED_AT = (
    1000  # of the latest tickets: whose organisation a requester is of stands in the rules, not in the store
)
_NEW = 2**62  # above every number: a ticket that is still to be made


def rota_for(session: Session, settings: Settings | None, mine: Collection[str], below: int = _NEW) -> Rota:
    """The agents' work. `mine`: the requester's addresses in compared form; `below`: the ticket that is to be given."""
    ways = settings.asks.ways_of_assigning if settings else frozenset()
    rows = session.connection()
    return Rota(
        load_of_agents(session),
        {who: int(number) for who, number in rows.execute(_GIVEN)} if ROUND_ROBIN in ways else {},
        rows.scalar(_FORMER, {"mine": list(mine), "below": below}) or "" if SAME_AS_LAST in ways else "",
        _of_organisation(session, settings, mine, below) if settings and SAME_FOR_ORGANISATION in ways else "",
    )


def _of_organisation(session: Session, settings: Settings, mine: Collection[str], below: int) -> str:
    """Who had the last ticket of anybody in the organisation of the person with these addresses, or ''."""
    theirs = {who.organisation for address in mine if (who := settings.who(address)) and who.organisation}
    if not theirs:
        return ""
    found = session.connection().execute(_REQUESTERS, {"below": below, "most": MOST_LOOKED_AT})
    for assignee, key in found:
        who = settings.who(key)
        if who is not None and who.organisation in theirs:
            return str(assignee)
    return ""


def earlier_tickets(session: Session, settings: Settings | None, mine: Collection[str], below: int = _NEW) -> int:
    """How many tickets the requester with these addresses has had before that one."""
    if settings is None or not settings.asks.for_earlier_tickets:
        return 0
    return session.connection().scalar(_EARLIER, {"mine": list(mine), "below": below}) or 0
