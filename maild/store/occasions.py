"""Asks the rules where something has happened to a ticket, and sees to the clocks of what is promised on it: reads what
they may want to know, if any of them is asked.

Whoever changes tickets (a mail, the clock, a command) passes its effects through here before they are applied.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from maild.effects import Effect, NoteMoment
from maild.plan.clocks import Clock, changed, clocks_of, moment_of, timers_for
from maild.plan.letters import Desk
from maild.plan.occasions import Cause, Happened, Known, follow, happened
from maild.store.accounts import person_in
from maild.store.moments import moments_of
from maild.store.rota import earlier_tickets, rota_for
from maild.store.tables import MESSAGE
from maild.ticket import Moment, Ticket, Visibility

_PUBLIC = (MESSAGE.c.ticket == bindparam("number"), MESSAGE.c.visibility == str(Visibility.PUBLIC))
_LAST = select(func.max(MESSAGE.c.created_at)).where(*_PUBLIC)
_FIRST = select(MESSAGE.c.text, MESSAGE.c.is_verified).where(*_PUBLIC).order_by(MESSAGE.c.id).limit(1)


def with_rules(
    session: Session,
    desk: Desk,
    tickets: Iterable[Ticket],
    effects: Sequence[Effect],
    cause: Cause,
    told: Sequence[Happened] = (),
) -> list[Effect]:
    """These effects, what the rules add for each ticket to which they do something, and the timers of what is promised
    on it then. `tickets`: as they are now; `told`: what the clock tells of one of them."""
    found, tickets = list(effects), list(tickets)
    for what in (*happened(desk.settings, tickets, effects), *told):
        found += follow(desk, what, _known(session, desk, what.ticket, cause), cause, found)
    return [*found, *_clocks(session, desk, tickets, found, cause)]


def clocks_now(session: Session, desk: Desk, ticket: Ticket, now: datetime) -> tuple[Sequence[Clock], Sequence[Moment]]:
    """The promised times of a ticket as it is, and by what they are counted."""
    moments = moments_of(session, ticket.number)
    who = person_in(session, desk.settings, ticket.requester.address)
    return clocks_of(desk.settings, ticket, who, moments, now), moments


def _clocks(
    session: Session, desk: Desk, tickets: Sequence[Ticket], effects: Sequence[Effect], cause: Cause
) -> list[Effect]:
    """What these effects mean for the clocks of each ticket that they change."""
    settings, arrived_at = desk.settings, cause.case.arrived_at if cause.case else None
    found: list[Effect] = []
    for before, after in changed(tickets, effects):
        is_counted = bool(settings.every_promise or settings.asks.unassigned_after)
        was_kept = arrived_at is not None and arrived_at < cause.now
        earlier = moments_of(session, after.number) if is_counted or was_kept else ()
        moment = moment_of(settings, before, after, effects, cause.now, arrived_at, earlier)
        found += [NoteMoment(after.number, moment)] if moment else []
        if not is_counted:
            continue
        moments = (*earlier, *((moment,) if moment else ()))
        who = person_in(session, settings, after.requester.address)
        found += timers_for(settings, after, clocks_of(settings, after, who, moments, cause.now), moments)
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
