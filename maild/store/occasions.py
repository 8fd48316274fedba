"""Asks the rules where something has happened to a ticket, and sees to the clocks of what is promised on it: reads what
they may want to know, if any of them is asked.

Whoever changes tickets (a mail, the clock, a command) passes its effects through here before they are applied.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from maild.effects import Effect, NoteMoment
from maild.lifecycle import ENDED
from maild.plan.clocks import Clock, answer_due, carried_over, changed, clocks_of, moment_of, timers_for
from maild.plan.happenings import Happened, happened
from maild.plan.letters import Desk
from maild.plan.occasions import Cause, Known, follow
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


def next_answer_due(session: Session, desk: Desk, ticket: Ticket, now: datetime) -> datetime | None:
    """By when the customer of a ticket is promised an answer; None where none is promised, or none is owed."""
    if not desk.settings.every_promise:
        return None
    who = person_in(session, desk.settings, ticket.requester.address)
    return answer_due(desk.settings, ticket, who, moments_of(session, ticket.number), now)


def _carried_over(session: Session, pairs: Sequence[tuple[Ticket | None, Ticket]]) -> Iterator[tuple[Ticket, Moment]]:
    """What the customers of tickets that go on in another one still wait for, on that other one."""
    tickets = {after.number: after for _, after in pairs}
    for before, after in pairs:
        target = tickets.get(after.merged_into)
        if before is not None and not before.merged_into and target is not None and target.status not in ENDED:
            source, into = moments_of(session, after.number), moments_of(session, target.number)
            if moment := carried_over(source, into):
                yield target, moment


def _clocks(
    session: Session, desk: Desk, tickets: Sequence[Ticket], effects: Sequence[Effect], cause: Cause
) -> list[Effect]:
    """What these effects mean for the clocks of each ticket that they change."""
    settings, arrived_at = desk.settings, cause.case.arrived_at if cause.case else None
    found: list[Effect] = []
    pairs = changed(tickets, effects)
    is_counted = bool(settings.every_promise or settings.asks.unassigned_after)
    is_read = is_counted or (arrived_at is not None and arrived_at < cause.now)
    earlier = {after.number: moments_of(session, after.number) if is_read else () for _, after in pairs}
    noted = [NoteMoment(ticket.number, moment) for ticket, moment in _carried_over(session, pairs)]
    for before, after in pairs:
        moment = moment_of(settings, before, after, effects, cause.now, arrived_at, earlier[after.number])
        noted += [NoteMoment(after.number, moment)] if moment else []
    found += noted
    for _, after in pairs if is_counted else ():
        fresh = (note.moment for note in noted if note.number == after.number)
        moments = sorted((*earlier[after.number], *fresh), key=lambda moment: moment.at)
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
