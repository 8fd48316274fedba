"""What does a timer that is due mean now? One function a policy; each looks again at what there is.

They read, and decide nothing: what a step of a wait, a clock, a list or a report makes true is said in plan/.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from maild.effects import AddMessage, Effect, EndTimer, StartTimer
from maild.errors import Temporary
from maild.mail import ParsedMail
from maild.plan import clocks, closing, closures, digest, gathering, holds, rating, reporting, waiting, worklists
from maild.plan.figures import Summary
from maild.plan.happenings import Happened
from maild.plan.letters import Desk
from maild.plan.notify import GATHER, GATHER_FOR
from maild.plan.occasions import Cause
from maild.store.database import Session
from maild.store.held import day_of, due_timers_of_held, is_held, last_told, may_hold_the_answer, overdue_now
from maild.store.occasions import clocks_now, with_rules
from maild.store.opt_outs import opted_out
from maild.store.restoration import held_back, is_overdue, is_read_again
from maild.store.standing import known_of_customers, tickets_to_do
from maild.store.story import is_in_story, is_unproved
from maild.store.tickets import load_tickets, unproved_among, written_since
from maild.store.timers import due_of_wait, has_later_due, written_at
from maild.ticket import DueTimer, Ticket


@dataclass(frozen=True, slots=True)
class Read:
    """What due timers need, read while the store does not wait: mails by their numbers, figures by those of timers."""

    mails: Mapping[int, ParsedMail | None]
    figures: Mapping[int, Summary] | None  # None: they can't be counted, for a fault of ours


def effects_of(session: Session, desk: Desk, timer: DueTimer, now: datetime, read: Read) -> list[Effect]:
    """Everything that it makes true, its own end too. After a restore its mails wait for a person."""
    if timer.number == 0:
        if read.figures is None and timer.policy == reporting.REPORT:
            raise LookupError("the figures that it tells of could not be counted")
        effects = _of_no_ticket(session, desk, timer, now, (read.figures or {}).get(timer.id))
        due = closures.owed_since(desk.settings, timer) if timer.policy == closures.POLICY else timer.due_at
        return held_back(effects) if is_overdue(session, due) else effects
    ticket = load_tickets(session, [timer.number]).get(timer.number)
    of_policy = _OF_TICKETS.get(timer.policy)
    if ticket is None or of_policy is None:
        return [EndTimer(timer.id, "stale")]
    effects = of_policy(session, desk, timer, ticket, now, read)
    return held_back(effects) if is_overdue(session, timer.due_at) else effects


def _step(session: Session, desk: Desk, timer: DueTimer, ticket: Ticket, now: datetime, _: Read) -> list[Effect]:
    """A step of the wait for the customer."""
    effects = waiting.fire(desk, timer, ticket, now, _wait_of(session, ticket, timer))
    cause = Cause(f"occasion:waiting:{timer.round}:{timer.step}", now)
    return with_rules(session, desk, [ticket], effects, cause)


def _window(_: Session, desk: Desk, timer: DueTimer, ticket: Ticket, __: datetime, ___: Read) -> list[Effect]:
    """The time in which an ended ticket can be opened again is over."""
    return closing.fire(desk, timer, ticket)


def _held_over(session: Session, desk: Desk, timer: DueTimer, ticket: Ticket, now: datetime, _: Read) -> list[Effect]:
    """The day has come on which a request that waited for somebody else is open again."""
    cause = Cause(f"occasion:hold:{timer.round}", now)
    return with_rules(session, desk, [ticket], holds.fire(desk, timer, ticket, now), cause)


def _rating(session: Session, desk: Desk, timer: DueTimer, ticket: Ticket, now: datetime, _: Read) -> list[Effect]:
    """A rating is asked for."""
    unwelcome = bool(opted_out(session, [ticket.requester.key]))
    suspended = may_hold_the_answer(session, ticket)
    return rating.fire(desk, timer, ticket, now, is_unwelcome=unwelcome, is_suspended=suspended)


def _told_together(
    session: Session, desk: Desk, timer: DueTimer, ticket: Ticket, now: datetime, read: Read
) -> list[Effect]:
    """What a customer has added for some minutes, in one notice."""
    ids = gathered(session, timer)
    if not read.mails.keys() >= set(ids):
        raise Temporary("a mail has come just now: its words are told with the others")
    found = [mail for id_ in ids if (mail := read.mails[id_]) is not None]
    if len(found) < len(ids):
        raise LookupError("the bytes of a mail that it tells of are not there now")
    unproved = unproved_among(session, timer.number, ids)
    effects = gathering.fire(desk, timer, ticket, found, now, is_unproved=unproved)
    is_old = any(is_read_again(session, id_, lambda: desk.settings) for id_ in ids)
    return held_back(effects) if is_old else effects


def _of_no_ticket(
    session: Session, desk: Desk, timer: DueTimer, now: datetime, figures: Summary | None
) -> list[Effect]:
    """A list, a report, a closure that is told of, or a held mail on which nobody has decided in time."""
    if timer.policy == reporting.REPORT:
        return reporting.fire(desk, timer, figures, now)
    if timer.policy == digest.DIGEST and timer.step == digest.minutes_of(desk.settings):
        day = day_of(session, digest.since(desk.settings, min(timer.due_at, now)), desk.settings)
        return [EndTimer(timer.id, "fired"), *digest.digests(desk, day, now)]
    if timer.policy == worklists.POLICY and worklists.is_wanted(desk.settings, timer, now):
        return worklists.fire(desk, timer, tickets_to_do(session, desk, now), now)
    if timer.policy == closures.POLICY:
        several = len(desk.settings.mailboxes) > 1
        known = known_of_customers(session, closures.owed_for(timer), has_mailboxes=several)
        return closures.fire(desk, timer, known, now)
    if timer.policy == digest.DUE and is_held(session, timer.step):
        told = last_told(session)
        if told == now:  # of this one too
            return [EndTimer(timer.id, "fired")]
        if told is not None and told < now < told + digest.AT_MOST_EACH:
            again = StartTimer(0, digest.DUE, timer.step, timer.round + 1, told + digest.AT_MOST_EACH)
            return [EndTimer(timer.id, "stale"), again]
        ended = [EndTimer(id_, "fired") for id_ in due_timers_of_held(session, now)]
        return [*ended, *digest.overdue(desk, overdue_now(session, now), now)]
    return [EndTimer(timer.id, "stale")]


def _of_clock(session: Session, desk: Desk, timer: DueTimer, ticket: Ticket, now: datetime, _: Read) -> list[Effect]:
    """What it means that so much of a promised time is over, and what the rules make of that."""
    found, moments = clocks_now(session, desk, ticket, now)
    is_overtaken = has_later_due(session, timer, (timer.policy,), now)
    told = clocks.fire(desk.settings, timer, ticket, found, moments, now, is_overtaken=is_overtaken)
    stories = [e.text for e in told.effects if isinstance(e, AddMessage)]
    if any(is_in_story(session, ticket.number, text) for text in stories):  # told by rules of before, which are back
        return [EndTimer(timer.id, "fired")]
    if told.occasion is None or told.deadline is None:
        return list(told.effects)
    cause = Cause(f"occasion:{timer.policy}:{timer.round}:{timer.step}:{told.deadline.due_at:%Y%m%d%H%M}", now)
    what = Happened(ticket, (told.occasion,), deadline=told.deadline)
    return with_rules(session, desk, [ticket], told.effects, cause, [what])


def _wait_of(session: Session, ticket: Ticket, timer: DueTimer) -> waiting.Wait:
    return waiting.Wait(
        due_of_wait(session, timer.number, waiting.POLICY, timer.round),
        written_at(session, waiting.owed_for(replace(timer, step=timer.step - 1))),
        may_hold_the_answer(session, ticket),
        opted_out(session, [customer.key for customer in ticket.customers]),
        # A forger's request waits by itself: its steps would write to whoever was named as its sender.
        is_silent=bool(ticket.missing) and is_unproved(session, ticket.number),
    )


def gathered(session: Session, timer: DueTimer) -> list[int]:
    """The received mails by which customers wrote since the mail that began the gathering."""
    return written_since(session, timer.number, timer.due_at - GATHER_FOR, timer.round)


def named(timer: DueTimer) -> str:
    """What it is called: for the log and a scenario's timeline."""
    if timer.policy == digest.DIGEST:
        return "the daily list"
    if timer.policy == reporting.REPORT:
        return "a report"
    if timer.policy == digest.DUE:
        return f"held mail {timer.step} should have been decided on"
    if timer.policy == worklists.POLICY:
        return "the worklists"
    if timer.policy == closures.POLICY:
        return f"the closure of {date.fromordinal(timer.step)} is announced"
    return f"{timer.policy} {timer.step} of ticket {timer.number}"


_OfTicket = Callable[[Session, Desk, DueTimer, Ticket, datetime, Read], list[Effect]]
_OF_TICKETS: Mapping[str, _OfTicket] = {
    waiting.POLICY: _step,
    closing.POLICY: _window,
    holds.POLICY: _held_over,
    rating.POLICY: _rating,
    GATHER: _told_together,
    **dict.fromkeys((*clocks.POLICIES, clocks.UNASSIGNED), _of_clock),
}
