"""The clocks of promised times on a ticket: which run, when they are due, and what is told where one is over.

What has happened is kept as moments; everything else is counted from them (sla/targets.py). So whatever changes (the
ticket, who its requester is, the file, a calendar) the timers are only asked for once more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from maild.decision import Deadline, Occasion
from maild.effects import AddMessage, ArmTimers, Effect, EndTimer, MoveTimer, OpenTicket
from maild.lifecycle import ENDED, Status
from maild.mail import address_key
from maild.plan.foreseen import foreseen
from maild.plan.matters import following
from maild.rules.decide import fitting
from maild.settings import Promise, Settings
from maild.settings.promises import TARGETS
from maild.sla.calendar import calendar_of, later
from maild.sla.targets import RESOLUTION, Promised, Run, runs
from maild.ticket import DueTimer, Moment, Person, Spoke, Ticket, Visibility

UNASSIGNED = "unassigned"
POLICIES: Mapping[str, str] = {f"sla-{target}": target for target in TARGETS}  # of timers: the target
BREACH = 100  # the step of a timer at which the time is over; the others are percentages of it


@dataclass(frozen=True, slots=True)
class Clock:
    """One promised time on a ticket, in its last run."""

    policy: str  # the name of the promise
    promise: Promise
    run: Run
    before: tuple[Run, ...] = ()  # the runs before that one

    @property
    def late(self) -> Mapping[int, Run]:
        """The runs that ended, or stood still, after their due instant, by their numbers."""
        return {run.number: run for run in (*self.before, self.run) if run.is_late}


def changed(tickets: Iterable[Ticket], effects: Sequence[Effect]) -> list[tuple[Ticket | None, Ticket]]:
    """Each ticket to which these effects do something, as it was (None: it opens) and as it will be."""
    opened = {e.ticket.number: e.ticket for e in effects if isinstance(e, OpenTicket)}
    pairs = [(ticket, foreseen(ticket, effects)) for ticket in tickets if ticket.number not in opened]
    return [*((None, foreseen(t, effects)) for t in opened.values()), *(p for p in pairs if p[0] != p[1])]


def moment_of(
    settings: Settings,
    before: Ticket | None,
    after: Ticket,
    effects: Iterable[Effect],
    now: datetime,
    arrived_at: datetime | None,
    earlier: Sequence[Moment],
) -> Moment | None:
    """What these effects mean for the clocks of a ticket; None for nothing. A customer's words count from when they
    came, an agent's from when they are queued. Words that were held while something else happened count from now: what
    happened meanwhile was done without them. `earlier`: the moments so far, where the words have not just come."""
    written = [e for e in effects if isinstance(e, AddMessage) and e.number == after.number]
    speakers = {_speaker(settings, after, e.author) for e in written if e.visibility is Visibility.PUBLIC}
    is_other = before is None or before.status is not after.status or bool(before.missing) is not bool(after.missing)
    if not speakers and not is_other:
        return None
    spoke = next((s for s in (Spoke.AGENT, Spoke.CUSTOMER) if s in speakers), Spoke.NOBODY)
    at = min(arrived_at or now, now) if spoke is Spoke.CUSTOMER else now
    if any(m.at > at for m in earlier):
        at = now
    return Moment(at, after.status, spoke, bool(after.missing))


def _speaker(settings: Settings, ticket: Ticket, author: str) -> Spoke:
    is_agent = address_key(author) in settings.agents and not ticket.has_customer(author)
    return Spoke.AGENT if is_agent else Spoke.CUSTOMER


@dataclass(frozen=True, slots=True)
class Tried:
    """A promise of rules.yaml, whether it applies to a ticket, and why or why not."""

    policy: str
    promise: Promise
    applies: bool
    why: str


@dataclass(frozen=True, slots=True)
class Given:
    """What counts on a ticket for one target, and why."""

    policy: str
    promise: Promise
    promised: Promised
    why: str


def tried(settings: Settings, ticket: Ticket, who: Person | None, now: datetime) -> list[Tried]:
    """Every promise, in the order in which they count, against a ticket as it stands. `who`: its requester, as far as
    anybody knows them."""
    matter = following(settings, ticket, [Occasion.OPENED], now, None, who)
    fits = fitting(settings, matter)
    return [Tried(name, promise, *fits(condition)) for name, condition, promise in settings.every_promise]


def promised_to(settings: Settings, ticket: Ticket, who: Person | None, now: datetime) -> list[Given]:
    """What is promised on a ticket as it stands: of each target the first promise that applies."""
    given: dict[str, Given] = {}
    for one in tried(settings, ticket, who, now):
        for target, length in one.promise.lengths if one.applies else ():
            if target not in given:
                calendar = calendar_of(settings, one.promise.calendar)
                promised = Promised(target, length, calendar, _pausing(one.promise.pauses))
                given[target] = Given(one.policy, one.promise, promised, one.why)
    return [given[target] for target in TARGETS if target in given]


@cache
def _pausing(words: tuple[str, ...]) -> frozenset[Status]:
    return frozenset(Status(word) for word in words)


def clocks_of(
    settings: Settings, ticket: Ticket, who: Person | None, moments: Sequence[Moment], now: datetime
) -> list[Clock]:
    """The promised times of a ticket as it stands, one for each target that is promised and has begun."""
    found = ((given, runs(given.promised, moments)) for given in promised_to(settings, ticket, who, now))
    return [Clock(given.policy, given.promise, ran[-1], ran[:-1]) for given, ran in found if ran]


def answer_due(
    settings: Settings, ticket: Ticket, who: Person | None, moments: Sequence[Moment], now: datetime
) -> datetime | None:
    """By when the customer is promised an answer, first or next; None where none is promised, or none is owed."""
    clocks = clocks_of(settings, ticket, who, moments, now)
    owed = (c.run for c in clocks if c.run.promised.target != RESOLUTION and c.run.ended_at is None)
    return min((run.due_at for run in owed), default=None)


def carried_over(source: Sequence[Moment], target: Sequence[Moment]) -> Moment | None:
    """Where a ticket goes on in another one that is open: what its customer still waits for, as a moment of that one.
    None if the last words were an agent's. What the other one was answered, or ended, before did not answer this; if it
    had ended by then, it is open from then on."""
    unanswered: datetime | None = None
    for moment in source:
        if _answers(moment):
            unanswered = None
        elif moment.spoke is Spoke.CUSTOMER and unanswered is None:
            unanswered = moment.at
    if unanswered is None or not target:
        return None
    at = max([unanswered, *(moment.at for moment in target if _answers(moment))])
    before = [moment for moment in target if moment.at <= at]
    status = (before or target)[-1 if before else 0].status
    return Moment(at, Status.OPEN if status in ENDED else status, Spoke.CUSTOMER)


def _answers(moment: Moment) -> bool:
    return moment.spoke is Spoke.AGENT or moment.status in ENDED


def timers_for(
    settings: Settings, ticket: Ticket, clocks: Sequence[Clock], moments: Sequence[Moment]
) -> list[ArmTimers]:
    """The timers that belong to these clocks, and no others; and the breaches of runs that ended late, if they still
    have to be told, as where the time was over while the desk was closed."""
    wanted = {f"sla-{clock.run.promised.target}": clock for clock in clocks}
    found = []
    for policy in POLICIES:
        clock = wanted.get(policy)
        if clock is None:
            found.append(ArmTimers(ticket.number, policy, 0, {}))
            continue
        run, untold = clock.run, {(number, BREACH) for number in clock.late}
        due: dict[int, datetime] = {}
        if run.ended_at is None and run.paused_since is None:
            due = {percent: run.at(percent) for percent in settings.asks.warns_at} | {BREACH: run.due_at}
        found.append(ArmTimers(ticket.number, policy, run.number, due, frozenset(untold)))
    return [*found, _unassigned(settings, ticket, moments)]


def _unassigned(settings: Settings, ticket: Ticket, moments: Sequence[Moment]) -> ArmTimers:
    since, round_, was_new = ticket.opened_at, 0, False
    for moment in moments:
        is_new = moment.status is Status.NEW
        if is_new and not was_new:
            since, round_ = moment.at, round_ + 1
        was_new = is_new
    if since is None or ticket.status is not Status.NEW or ticket.missing or ticket.merged_into:
        return ArmTimers(ticket.number, UNASSIGNED, round_, {})
    calendar = calendar_of(settings)
    due = {after.code: later(since, after, calendar) for after in settings.asks.unassigned_after}
    return ArmTimers(ticket.number, UNASSIGNED, round_, due)


@dataclass(frozen=True, slots=True)
class Told:
    """What a due timer of a clock makes true, and what the rules are told of, if anything."""

    effects: tuple[Effect, ...]
    occasion: Occasion | None = None
    deadline: Deadline | None = None


def fire(
    settings: Settings,
    timer: DueTimer,
    ticket: Ticket,
    clocks: Sequence[Clock],
    moments: Sequence[Moment],
    now: datetime,
    *,
    is_overtaken: bool,
) -> Told:
    """`is_overtaken`: a later timer of the same clock is due too, as after a time in which maild was
    not there. Then this one is only written down, with the instant that was its own, and the later one is told."""
    if timer.policy == UNASSIGNED:
        return _nobody_has_it(settings, timer, ticket, moments, now)
    clock = next((c for c in clocks if c.run.promised.target == POLICIES[timer.policy]), None)
    again = [a for a in timers_for(settings, ticket, clocks, moments) if a.policy == timer.policy]
    due = again[0].due.get(timer.step) if again and again[0].round == timer.round else None
    late = clock.late.get(timer.round) if clock is not None and timer.step == BREACH else None
    if clock is None or (due is None and late is None):
        return Told((EndTimer(timer.id, "stale"), *again))
    if due is not None and due > now:  # it was put off since
        return Told((*again,))
    if not clock.promise.any_time and (opens := calendar_of(settings).next_open(now)) > now:
        return Told((_put_off(timer, opens),))
    run = late or clock.run
    words = _words(run, timer.step, settings)
    event = AddMessage(ticket.number, Visibility.EVENT, "", words)
    if is_overtaken:
        return Told((EndTimer(timer.id, "fired"), event))
    is_breach = timer.step == BREACH
    is_answered = any(m.at == run.ended_at and m.spoke is Spoke.AGENT for m in moments)
    deadline = Deadline(run.promised.target, timer.step, run.due_at, clock.policy, run.ended_at, is_answered)
    occasion = Occasion.SLA_BREACHED if is_breach else Occasion.SLA_WARNING
    return Told((EndTimer(timer.id, "fired"), event), occasion, deadline)


def _put_off(timer: DueTimer, until: datetime) -> MoveTimer:
    return MoveTimer(timer.number, timer.policy, timer.step, timer.round, until)


def _nobody_has_it(
    settings: Settings, timer: DueTimer, ticket: Ticket, moments: Sequence[Moment], now: datetime
) -> Told:
    wanted = _unassigned(settings, ticket, moments)
    due = wanted.due.get(timer.step) if wanted.round == timer.round else None
    if due is None:
        return Told((EndTimer(timer.id, "stale"), wanted))
    if due > now:
        return Told((wanted,))
    if (opens := calendar_of(settings).next_open(now)) > now:
        return Told((_put_off(timer, opens),))
    since = max((m.at for m in moments if m.status is Status.NEW), default=ticket.opened_at or now)
    return Told((EndTimer(timer.id, "fired"),), Occasion.UNASSIGNED, Deadline(UNASSIGNED, timer.step, since))


def _words(run: Run, step: int, settings: Settings) -> str:
    """For the ticket's story, in English as all of it; the desk's clock."""
    at = run.at(step).astimezone(settings.site.zone)
    due = run.due_at.astimezone(settings.site.zone)
    what = run.promised.target.replace("_", " ")
    if step == BREACH:
        return f"{what}: the promised time was over on {due:%Y-%m-%d at %H:%M}"
    return f"{what}: {step} % of the promised time were over on {at:%Y-%m-%d at %H:%M}; due {due:%Y-%m-%d %H:%M}"
