"""Asks the rules where something has happened to a ticket: reads what they may want to know, if any of them is asked.

Whoever changes tickets (a mail, the clock, a command) passes its effects through here before they are applied.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from maild.effects import Effect
from maild.plan.letters import Desk
from maild.plan.occasions import Cause, Known, follow, happened
from maild.store.accounts import person_in
from maild.store.rota import earlier_tickets, rota_for
from maild.store.tables import MESSAGE
from maild.ticket import Ticket, Visibility

_PUBLIC = (MESSAGE.c.ticket == bindparam("number"), MESSAGE.c.visibility == str(Visibility.PUBLIC))
_LAST = select(func.max(MESSAGE.c.created_at)).where(*_PUBLIC)
_FIRST = select(MESSAGE.c.text, MESSAGE.c.is_verified).where(*_PUBLIC).order_by(MESSAGE.c.id).limit(1)


def with_rules(
    session: Session, desk: Desk, tickets: Iterable[Ticket], effects: Sequence[Effect], cause: Cause
) -> list[Effect]:
    """These effects, and what the rules add for each ticket to which they do something. `tickets`: as they are now."""
    found = list(effects)
    for what in happened(desk.settings, tickets, effects):
        found += follow(desk, what, _known(session, desk, what.ticket, cause), cause, found)
    return found


def _known(session: Session, desk: Desk, ticket: Ticket, cause: Cause) -> Known:
    settings, asked = desk.settings, {"number": ticket.number}
    who = person_in(session, settings, ticket.requester.address)
    mine = who.keys if who and who.keys else (ticket.requester.key,)
    rows = session.connection()
    last = rows.scalar(_LAST, asked) if settings.asks.for_silence else None
    first = rows.execute(_FIRST, asked).first() if settings.asks.to_forward_later else None
    return Known(
        who,
        rota_for(session, settings, mine, ticket.number),
        earlier_tickets(session, settings, mine, ticket.number),
        cause.now - last if last else None,
        first.text if first else "",
        not first.is_verified if first else False,
    )
