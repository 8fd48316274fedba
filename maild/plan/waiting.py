"""The wait for the customer: it begins, its steps fall due, it ends. Pure; the sweeper asks and applies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from maild.effects import CancelTimers, ChangeTicket, Effect, EndTimer, MoveTimer, StartTimer
from maild.judgement import HeldMail, VerdictName
from maild.lifecycle import Reason, Status
from maild.plan import closing, letters
from maild.plan.asking import asked
from maild.plan.ending import customers, resolve
from maild.plan.letters import AUTOMATIC, Desk
from maild.settings import WaitingStep
from maild.sla.calendar import BusinessCalendar, calendar_of
from maild.sla.relances import caught_up, schedule
from maild.ticket import DueTimer, Participant, Ticket

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
        for step, at in enumerate(schedule(settings.waiting, now, calendar_of(settings)), 1)
    ]
    ended = [CancelTimers(ticket.number, policy) for policy in (*closing.WAITS, *closing.SINCE_THE_END)]
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


@dataclass(frozen=True, slots=True)
class Wait:
    """What is known of a ticket's wait besides the ticket."""

    due: Mapping[int, datetime]  # when each step falls due, or fell: by its number
    told_at: datetime | None = None  # when the last relance was written
    is_suspended: bool = False  # a held mail may be the answer
    unwelcome: frozenset[str] = frozenset()  # the customers (compared form) who want no reminders
    is_silent: bool = False  # no mail may leave, and only the end is left


def fire(desk: Desk, timer: DueTimer, ticket: Ticket, now: datetime, wait: Wait) -> list[Effect]:
    """What a step of the wait makes true; nothing if the wait it belongs to is over, or the answer may be held.

    Where maild was not there in time, or the desk is closed now, a step leaves at the next opening, those that it
    overtakes do not leave at all, and what follows keeps its distance: the customer is written to once a day at most,
    and the day that is announced is the day on which it happens.
    """
    steps, position = desk.settings.waiting, timer.step - 1
    is_over = ticket.status is not Status.PENDING or timer.round != ticket.waiting_round or ticket.waiting_since is None
    if wait.is_suspended or is_over or position >= len(steps) or ticket.requester.is_undeliverable:
        return [EndTimer(timer.id, "stale")]
    step, calendar = steps[position], calendar_of(desk.settings)
    leaves_at = now if step.any_time else calendar.next_open(now)
    due = [wait.due.get(n, at) for n, at in enumerate(schedule(steps, ticket.waiting_since or now, calendar), 1)]
    is_overtaken = any(steps[n].send and due[n] <= leaves_at for n in range(timer.step, len(steps)))
    if not step.resolve and (wait.is_silent or is_overtaken):
        return [EndTimer(timer.id, "stale")]
    moved = dict(caught_up(steps, position, due, leaves_at, calendar))
    moves = [MoveTimer(ticket.number, POLICY, n, timer.round, at) for n, at in moved.items()]
    if leaves_at > now:
        return [MoveTimer(ticket.number, POLICY, timer.step, timer.round, leaves_at), *moves]
    if step.resolve:
        return [EndTimer(timer.id, "fired"), *_ended(desk, ticket, timer, now, wait)]
    end = _end_after(steps, position, dict(enumerate(due, 1)) | moved, calendar)
    told = [customer for customer in customers(ticket) if customer.key not in wait.unwelcome]
    relances = [_relance(desk, ticket, timer, customer, now, end) for customer in told]
    return [EndTimer(timer.id, "fired"), *moves, *relances]


def _end_after(
    steps: Sequence[WaitingStep], position: int, due: Mapping[int, datetime], calendar: BusinessCalendar
) -> datetime | None:
    """When the ticket ends, if the step at `position` is the last before that. `due`: by the number of the step; that
    day may be a closed one since the wait began, and is put off then when it comes."""
    following = steps[position + 1] if position + 1 < len(steps) else None
    if following is None or not following.resolve:
        return None
    return due[position + 2] if following.any_time else calendar.next_open(due[position + 2])


def _relance(
    desk: Desk, ticket: Ticket, timer: DueTimer, customer: Participant, now: datetime, end: datetime | None
) -> Effect:
    """`end`: when the ticket ends, if this is the last relance before."""
    step, zone = desk.settings.waiting[timer.step - 1], desk.settings.site.zone
    language = letters.language_for(desk, customer.address, ticket.language)
    return letters.to_participant(
        desk,
        step.send or "relance",
        ticket,
        customer,
        owed_for=owed_for(timer),
        now=now,
        automatic=AUTOMATIC,
        values={
            "text": letters.answer_seen_by(ticket, customer),
            "announced": end.astimezone(zone) if end else None,
            "missing": asked(desk.settings, ticket.missing, language),
        },
        may_be_refused=True,
    )


def _ended(desk: Desk, ticket: Ticket, timer: DueTimer, now: datetime, wait: Wait) -> list[Effect]:
    steps, position = desk.settings.waiting, timer.step - 1
    is_announced = position > 0 and steps[position - 1].send is not None and not wait.unwelcome
    told_at = wait.told_at.astimezone(desk.settings.site.zone) if wait.told_at and is_announced else None
    return resolve(
        desk,
        ticket,
        Reason.NO_ANSWER,
        "resolved_no_answer",
        owed_for(timer),
        now,
        automatic=AUTOMATIC,
        values={"announced_on": told_at},
        is_silent=wait.is_silent,
    )


def owed_for(timer: DueTimer) -> str:
    """What a mail of that step is owed for."""
    return f"waiting:{timer.number}:{timer.round}:{timer.step}"
