"""The wait for the customer: it begins, its steps fall due, it ends. Pure; the sweeper asks and applies."""

from collections.abc import Sequence
from datetime import datetime

from maild.effects import CancelTimers, ChangeTicket, Effect, EndTimer, StartTimer
from maild.judgement import HeldMail, VerdictName
from maild.plan import closing, letters
from maild.plan.asking import asked
from maild.plan.ending import customers, resolve
from maild.plan.letters import AUTOMATIC, Desk
from maild.sla.relances import announced_end, announced_on, schedule
from maild.ticket import DueTimer, Participant, Reason, Status, Ticket

POLICY = "waiting"
# A held mail of the requester may be the answer that is waited for; a forger's only if it names the ticket.
SUSPENDING = frozenset(
    {VerdictName.PLAIN_REPLY, VerdictName.BAD_REFERENCE, VerdictName.AMBIGUOUS, VerdictName.STRANGER}
)


def start_wait(desk: Desk, ticket: Ticket, now: datetime) -> list[Effect]:
    """The ticket waits from now on; a wait that ran before is counted anew."""
    settings, round_ = desk.settings, ticket.waiting_round + 1
    changes = {"status": Status.PENDING.value, "reason": "", "waiting_round": round_, "waiting_since": now}
    timers: Sequence[Effect] = [
        StartTimer(ticket.number, POLICY, step, round_, at)
        for step, at in enumerate(schedule(settings.waiting, now, settings.site.zone), 1)
    ]
    ended = [CancelTimers(ticket.number, policy) for policy in (POLICY, closing.POLICY)]
    return [ChangeTicket(ticket.number, changes), *ended, *timers]


def resumed(desk: Desk, held: HeldMail, tickets: Sequence[Ticket], number: int | None, now: datetime) -> list[Effect]:
    """A held mail has come to its end: what waits for its sender is counted anew from now. `number`: where it went.

    Anew, and not from where the count stood: the customer did write, and the day that the next mail announces is then
    the day on which it happens (docs/decisions/0031).
    """
    if held.verdict not in SUSPENDING and held.verdict is not VerdictName.SPOOF_SUSPECT:
        return []
    named = None if held.verdict in SUSPENDING else held.ticket
    suspended = [
        ticket
        for ticket in tickets
        if ticket.status is Status.PENDING
        and ticket.requester.key == held.sender
        and ticket.number != number
        and named in (None, ticket.number)
    ]
    return [effect for ticket in suspended for effect in start_wait(desk, ticket, now)]


def fire(
    desk: Desk,
    timer: DueTimer,
    ticket: Ticket,
    now: datetime,
    *,
    is_suspended: bool = False,
    is_silent: bool = False,
) -> list[Effect]:
    """What a step of the wait makes true; nothing if the wait it belongs to is over, or the answer may be held.
    `is_silent`: no mail may leave, and only the end is left."""
    steps, position = desk.settings.waiting, timer.step - 1
    since = ticket.waiting_since
    is_over = ticket.status is not Status.PENDING or timer.round != ticket.waiting_round or since is None
    if is_suspended:
        return [EndTimer(timer.id, "stale")]
    if is_over or since is None or position >= len(steps) or ticket.requester.is_undeliverable:
        return [EndTimer(timer.id, "stale")]
    step, zone = steps[position], desk.settings.site.zone
    owed_for = f"waiting:{ticket.number}:{timer.round}:{timer.step}"
    if step.resolve:
        told = announced_on(steps, position, since, zone)
        values = {"announced_on": told.astimezone(zone) if told else None}
        ended = resolve(
            desk,
            ticket,
            Reason.NO_ANSWER,
            "resolved_no_answer",
            owed_for,
            now,
            automatic=AUTOMATIC,
            values=values,
            is_silent=is_silent,
        )
        return [EndTimer(timer.id, "fired"), *ended]
    if is_silent:
        return [EndTimer(timer.id, "stale")]
    end = announced_end(steps, position, since, zone)
    mails = [
        letters.to_participant(
            desk,
            step.send or "relance",
            ticket,
            customer,
            owed_for=owed_for,
            now=now,
            automatic=AUTOMATIC,
            values={
                "text": letters.answer_seen_by(ticket, customer),
                "announced": end.astimezone(zone) if end else None,
                "missing": asked(desk.settings, ticket.missing, _language(desk, ticket, customer)),
            },
        )
        for customer in customers(ticket)
    ]
    return [EndTimer(timer.id, "fired"), *mails]


def _language(desk: Desk, ticket: Ticket, who: Participant) -> str:
    return letters.language_for(desk, who.address, ticket.language)
