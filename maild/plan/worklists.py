"""Each agent gets the list of what there is to do, at a time of each day on which the desk opens (M6).

Pure; the sweeper asks and applies. One mail a day, time and agent by its unique key; none where there is nothing to do.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from maild.effects import AddParticipant, Effect, EndTimer, StartTimer
from maild.lifecycle import Status
from maild.mail import address_key
from maild.plan import letters
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.links import links_for
from maild.plan.notify import with_agents
from maild.rules.assigning import is_there
from maild.settings import Settings, Worklist
from maild.sla.calendar import MOST_DAYS, Interval, calendar_of
from maild.sla.weekend import is_of, weekend_before
from maild.ticket import DueTimer, Person, Ticket

POLICY = "worklist"  # timers of no ticket; step: the time of day in minutes, round: the day as an ordinal
MOST_SHOWN = 100  # requests of a list; the others are counted
TO_DO = frozenset({Status.NEW, Status.OPEN})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket that is to be worked, and since when somebody waits for its answer."""

    ticket: Ticket
    since: datetime
    due_at: datetime | None = None  # by when that answer is promised


@dataclass(frozen=True, slots=True)
class Work:
    """A ticket as a line of the list shows it."""

    number: int
    subject: str
    customer: str
    organisation: str
    since: datetime
    due: datetime | None
    is_late: bool
    status: str
    is_own: bool
    has: str  # whose it is, where it is not the reader's
    links: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """`weekend`: what came since the desk closed at `closed_at`; or `others`. `more`: how many are not shown."""

    name: str
    closed_at: datetime | None
    requests: tuple[Work, ...]
    more: int = 0


def next_worklists(settings: Settings, now: datetime) -> Iterator[StartTimer]:
    """For each time at which lists leave the next one after now; the time on the wall, also over a change of the
    clocks."""
    calendar, today = calendar_of(settings), now.astimezone(settings.site.zone).date()
    for minutes in sorted({_minutes(worklist.at) for worklist in settings.worklists}):
        for n in range(MOST_DAYS):
            day = today + timedelta(days=n)
            due = _at(settings, day, minutes)
            if due > now and calendar.is_working_day(day):
                yield StartTimer(0, POLICY, minutes, day.toordinal(), due)
                break


def is_wanted(settings: Settings, timer: DueTimer, now: datetime) -> bool:
    """Whether a list leaves now: where maild was down at its time, later on the same day, or, for one of a day before,
    on the first day on which that time has passed."""
    today = now.astimezone(settings.site.zone).date()
    is_time = any(_minutes(w.at) == timer.step for w in settings.worklists) and now >= _at(settings, today, timer.step)
    return is_time and calendar_of(settings).is_working_day(today)


def fire(desk: Desk, timer: DueTimer, waiting: Sequence[Waiting], now: datetime) -> list[Effect]:
    """The lists of that time, each in its reader's order. `waiting`: all tickets that are to be worked."""
    settings, effects = desk.settings, list[Effect]([EndTimer(timer.id, "fired")])
    local = now.astimezone(settings.site.zone)
    tickets = {each.ticket.number: each.ticket for each in waiting if each.ticket.mailbox in settings.mailboxes}
    for agent, worklist in _readers(settings, timer.step, local.date()):
        weekend = weekend_before(local.date(), calendar_of(settings))
        if local.hour * 60 + local.minute >= _minutes(worklist.weekend_until):
            weekend = None
        groups = []
        for name, own in _ordered(desk, agent, waiting, weekend, local.date()):
            lines = []
            for each in own[:MOST_SHOWN]:
                ticket, added = with_agents(tickets[each.ticket.number], (agent,))
                effects += (AddParticipant(ticket.number, joins) for joins in added)
                tickets[ticket.number] = ticket
                lines.append(line_for(desk, agent, replace(each, ticket=ticket), now))
            closed_at = weekend[0].astimezone(settings.site.zone) if weekend and name == "weekend" else None
            groups.append(Group(name, closed_at, tuple(lines), max(len(own) - MOST_SHOWN, 0)))
        if groups:
            effects.append(
                letters.to_address(
                    desk,
                    "worklist",
                    next(iter(settings.mailboxes)),
                    agent.address,
                    owed_for=f"worklist:{local:%Y-%m-%d}:{timer.step}:{agent.address.key}",
                    now=now,
                    automatic=AUTOMATIC,
                    language=letters.language_for(desk, agent.address.address, ""),
                    values={"day": local.date(), "worklist": tuple(groups)},
                )
            )
    return effects


def _readers(settings: Settings, minutes: int, today: date) -> Iterator[tuple[Person, Worklist]]:
    """The agents who get a list at that time and are there today, each once."""
    seen: set[str] = set()
    for worklist in settings.worklists:
        for reader in worklist.to if _minutes(worklist.at) == minutes else ():
            agent = settings.agents.get(address_key(reader)) if "@" in reader else None
            for person in (agent,) if agent else settings.members_of(reader):
                if person.address.key not in seen and is_there(person, today):
                    seen.add(person.address.key)
                    yield person, worklist


def _ordered(
    desk: Desk, agent: Person, waiting: Sequence[Waiting], weekend: Interval | None, today: date
) -> Iterator[tuple[str, list[Waiting]]]:
    """What this agent has to do: what came at the weekend in the order in which it came, then the rest by when it is
    due, and what is not due by any time in the order in which it came."""
    queues = {name for name in desk.settings.queues if agent in desk.settings.team_of(name)}
    own = [each for each in waiting if _is_for(desk.settings, agent, queues, each.ticket, today)]
    own.sort(key=lambda each: (each.since, each.ticket.number))
    first = [each for each in own if is_of(weekend, each.since)]
    rest = [each for each in own if not is_of(weekend, each.since)]
    rest.sort(key=lambda each: each.due_at or datetime.max.replace(tzinfo=UTC))  # stable
    if first:
        yield "weekend", first
    if rest:
        yield "others", rest


def _is_for(settings: Settings, agent: Person, queues: set[str], ticket: Ticket, today: date) -> bool:
    """Theirs, or their team's and in the hands of nobody who is there today."""
    if ticket.mailbox not in settings.mailboxes or ticket.status not in TO_DO:
        return False
    owner = settings.agents.get(ticket.assignee)
    is_free = owner is None or not is_there(owner, today)
    return ticket.assignee == agent.address.key or (ticket.queue in queues and is_free)


def line_for(desk: Desk, agent: Person, waiting: Waiting, now: datetime) -> Work:
    """One ticket as a line for that agent, who is on it, with links of their own."""
    settings, zone = desk.settings, desk.settings.site.zone
    ticket, due = waiting.ticket, waiting.due_at
    who = ticket.agent(agent.address.key)
    assert who is not None
    customer, owner = settings.who(ticket.requester.address), settings.agents.get(ticket.assignee)
    return Work(
        ticket.number,
        ticket.subject,
        ticket.requester.shown,
        customer.organisation if customer else "",
        waiting.since.astimezone(zone),
        due.astimezone(zone) if due else None,
        due is not None and due <= now,
        ticket.status.value,
        ticket.assignee == agent.address.key,
        owner.address.name if owner else "",
        links_for(desk, ticket, who, letters.language_for(desk, agent.address.address, "")),
    )


def _minutes(at: str) -> int:
    hour, _, minute = at.partition(":")
    return int(hour) * 60 + int(minute)


def _at(settings: Settings, day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(*divmod(minutes, 60)), settings.site.zone).astimezone(UTC)
