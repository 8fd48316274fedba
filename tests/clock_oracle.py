"""Is the clock right after each step of a walk (clock_walk.py)? What must be true of timers, mails and promised times.

Two ways: what is armed is compared with what the ticket as it is asks for; what was told is judged by what happened on
the walk, which the oracle has written down itself.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

from road import Road
from sqlmodel import Session, select

from maild.effects import ArmTimers
from maild.lifecycle import ENDED, Status
from maild.plan import closing, waiting
from maild.plan.clocks import POLICIES, UNASSIGNED, Clock, timers_for
from maild.plan.letters import Desk
from maild.sla.calendar import BusinessCalendar, calendar_of
from maild.sla.targets import Run
from maild.store.held import may_hold_the_answer
from maild.store.occasions import clocks_now
from maild.store.tables import Message, Outbox, TicketRow
from maild.store.tickets import load_tickets
from maild.store.timer_tables import Timer
from maild.store.watching import Ending
from maild.ticket import Ticket, Visibility

WAITS_FOR_OPENING = ("relance", "agent_sla_warning", "agent_sla_breach", "resolved_no_answer")
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août"),
    *("septembre", "octobre", "novembre", "décembre"),
)
_ANNOUNCED = re.compile(r"nous la clôturerons le \w+ (\d+)(?:er)? (\S+) (\d{4})")


@dataclass
class Life:
    """What the oracle has seen happen to a ticket."""

    opened_at: datetime
    is_judged: bool = True  # its promises are counted by what is seen here
    answered_at: datetime | None = None  # the first public answer of an agent, or the end
    is_awaited: bool = False  # an agent waits for the customer, who has not written since
    states: list[tuple[datetime, Status]] = field(default_factory=list)
    announced: tuple[datetime, date] | None = None  # when it was announced, and for which day
    relances: Counter[tuple[str, date]] = field(default_factory=Counter)

    def pauses(self, *still: Status) -> list[tuple[datetime, datetime]]:
        """When it was in any of these states, as far as that has ended."""
        found: list[tuple[datetime, datetime]] = []
        since: datetime | None = None
        for at, status in self.states:
            if status in still:
                since = since or at
            elif since is not None:
                found.append((since, at))
                since = None
        return found


class Oracle:
    """Looks at everything after each step."""

    def __init__(self, road: Road) -> None:
        self._road = road
        self.tickets: dict[int, Ticket] = {}
        self.lives: dict[int, Life] = {}
        self.is_swept = True
        self._mails = 0  # the last that was looked at
        self._told: set[tuple[int, str]] = set()
        self._messages = 0
        self._held: set[str] = set()  # who has a plain reply that nobody has decided on
        self._lost: set[str] = set()  # whose mail came back
        self._disturbed_at: datetime | None = None  # an outage, or other rules

    def outage(self) -> None:
        """Nobody swept until now."""
        self._disturbed_at = self._road.clock.now()

    def other_rules(self) -> None:
        """Days may be closed that were open when they were announced."""
        self._disturbed_at = self._road.clock.now()

    def came(self, ending: Ending, by: str, said: str = "") -> None:
        """A mail was worked."""
        now, life = self._road.clock.now(), self.lives.get(ending.ticket or 0)
        if life is None or ending.disposition != "applied":
            return
        if ending.verdict == "reply" and by == "customer":
            life.is_awaited = False
        if by == "agent" and ending.verdict in ("agent_reply", "agent_command"):
            is_public = said in ("answers", "waits", "resolves", "declines", "splits")
            if said in ("answers", "waits", "resolves", "declines") and is_public:
                life.answered_at = life.answered_at or now
            if said in ("waits", "waits in silence"):
                life.is_awaited, life.announced = True, None
            if said in ("resolves", "takes it up", "declines", "cancels"):
                life.is_awaited = False

    def let_in(self, ending: Ending) -> None:
        """A mail that was held has come into a ticket; its words count from when it came, whatever happened since."""
        self.came(ending, "customer")
        if life := self.lives.get(ending.ticket or 0):
            life.is_judged = False

    async def note(self) -> None:
        """Write down how each ticket stands now."""
        now = self._road.clock.now()

        def work(session: Session) -> Mapping[int, Ticket]:
            return load_tickets(session, list(session.exec(select(TicketRow.number)).all()))

        self.tickets = dict(await self._road.database.read(work))
        for number, ticket in self.tickets.items():
            life = self.lives.get(number)
            if life is None:
                life = self.lives[number] = Life(ticket.opened_at or now, is_judged=ticket.follows == 0)
            if not life.states or life.states[-1][1] is not ticket.status:
                life.states.append((now, ticket.status))
            if ticket.status in ENDED:
                life.answered_at = life.answered_at or now

    async def look(self) -> list[str]:
        """What is wrong now."""
        await self.note()
        desk, now = self._road.desk(), self._road.clock.now()

        def work(session: Session) -> list[str]:
            wrong = [*self._mails_are_right(session, desk), *self._story_is_right(session)]
            for ticket in self.tickets.values():
                wrong += [
                    f"ticket {ticket.number} ({ticket.status}): {w}" for w in self._ticket(session, desk, ticket, now)
                ]
            return wrong

        return await self._road.database.read(work)

    def _ticket(self, session: Session, desk: Desk, ticket: Ticket, now: datetime) -> Iterator[str]:
        timers = list(session.exec(select(Timer).where(Timer.ticket == ticket.number)).all())
        clocks, moments = clocks_now(session, desk, ticket, now)
        if self.is_swept:
            asked = timers_for(desk.settings, ticket, clocks, moments)
            yield from _clocks_are_armed(timers, asked, calendar_of(desk.settings), now)
        yield from self._wait_is_right(session, desk, ticket, timers)
        armed = [t for t in timers if t.policy == closing.POLICY and t.state == "armed"]
        is_closing = ticket.status in (Status.RESOLVED, Status.CANCELLED) and not ticket.merged_into
        if self.is_swept and len(armed) != is_closing:
            yield f"{len(armed)} timers that close it"
        yield from self._promises_are_right(desk, ticket, clocks)

    def _wait_is_right(self, session: Session, desk: Desk, ticket: Ticket, timers: Sequence[Timer]) -> Iterator[str]:
        steps = [t for t in timers if t.policy == waiting.POLICY and t.round == ticket.waiting_round]
        armed = [t for t in timers if t.policy == waiting.POLICY and t.state == "armed"]
        if ticket.status is not Status.PENDING:
            if armed:
                yield f"it is not waited for, and {len(armed)} steps of a wait are armed"
            return
        if any(t.round != ticket.waiting_round for t in armed):
            yield "a step of an earlier wait is armed"
        if may_hold_the_answer(session, ticket) or ticket.requester.is_undeliverable:
            return
        if len(steps) != len(desk.settings.waiting) or not any(t.state == "armed" for t in steps):
            yield f"it waits without an end: {[(t.step, t.state) for t in steps]}"

    def _promises_are_right(self, desk: Desk, ticket: Ticket, clocks: Sequence[Clock]) -> Iterator[str]:
        life = self.lives[ticket.number]
        for clock in clocks:
            run, target, length = clock.run, clock.run.promised.target, clock.run.promised.length
            still = (*(Status(word) for word in clock.promise.pauses), *ENDED)
            stands_still = (run.paused_since or run.ended_at) is not None
            if target == "resolution" and stands_still != (ticket.status in still):
                yield f"{target}: paused since {run.paused_since}, ended at {run.ended_at}"
            if not life.is_judged or ticket.merged_into or target == "next_response":
                continue
            if target == "first_response" and (run.started_at, run.ended_at) != (life.opened_at, life.answered_at):
                yield f"{target}: from {life.opened_at} to {life.answered_at}, and the clock says {run}"
            took = _counted(run, run.started_at, run.due_at)
            for begins, ends in life.pauses(*still) if target == "resolution" else ():
                if begins < run.due_at:
                    took -= _counted(run, begins, min(ends, run.due_at))
            if took != length.delta:
                yield f"{target}: {length} was promised, due {run.due_at}, after {took} besides its pauses"

    def _mails_are_right(self, session: Session, desk: Desk) -> Iterator[str]:
        zone, calendar = desk.settings.site.zone, calendar_of(desk.settings)
        query = select(Outbox).where(Outbox.id > self._mails).order_by(Outbox.id)  # type: ignore[operator,arg-type]
        for mail in session.exec(query).all():
            self._mails = mail.id or 0
            at, life = mail.created_at, self.lives.get(mail.ticket or 0)
            if mail.template in WAITS_FOR_OPENING and not calendar.is_open(at):
                yield f"{mail.template} was written while the desk was closed: {at}"
            if life is None:
                continue
            if mail.template == "relance":
                day = at.astimezone(zone).date()
                life.relances[mail.recipient, day] += 1
                if life.relances[mail.recipient, day] > 1:
                    yield f"two relances to {mail.recipient} on {day}, ticket {mail.ticket}"
                if not life.is_awaited:
                    yield f"ticket {mail.ticket}: a relance though the customer has answered, or nobody waits"
                said = _announced(mail.data)
                if said and said <= day:
                    yield f"ticket {mail.ticket}: on {day} its end was announced for {said}"
                life.announced = (at, said) if said else life.announced
            if mail.template == "resolved_no_answer":
                yield from self._end_is_right(mail.ticket or 0, life, at, at.astimezone(zone).date())
                life.is_awaited = False

    def _end_is_right(self, number: int, life: Life, at: datetime, day: date) -> Iterator[str]:
        if life.announced is None:
            yield f"ticket {number} has ended without an announcement"
            return
        announced_at, announced = life.announced
        is_disturbed = self._disturbed_at is not None and self._disturbed_at >= announced_at
        if day < announced or (day > announced and not is_disturbed):
            yield f"ticket {number} has ended on {day}, announced for {announced}"

    def _story_is_right(self, session: Session) -> Iterator[str]:
        events = select(Message).where(Message.id > self._messages, Message.visibility == str(Visibility.EVENT))  # type: ignore[operator]
        for message in session.exec(events).all():
            self._messages = max(self._messages, message.id or 0)
            if "the promised time" in message.text:
                if (message.ticket, message.text) in self._told:
                    yield f"ticket {message.ticket} was told twice: {message.text}"
                self._told.add((message.ticket, message.text))


def _clocks_are_armed(
    timers: Sequence[Timer], asked: Sequence[ArmTimers], calendar: BusinessCalendar, now: datetime
) -> Iterator[str]:
    """Each timer that the ticket asks for is there, or has been told; no other is armed."""
    wanted = {arm.policy: arm for arm in asked}
    for timer in timers:
        if timer.policy in (*POLICIES, UNASSIGNED) and timer.state == "armed":
            arm = wanted.get(timer.policy)
            if arm is not None and (timer.round, timer.step) in arm.untold:
                continue  # it ended late, and that is told when the desk opens
            due = arm.due.get(timer.step) if arm is not None and arm.round == timer.round else None
            if due is None:
                yield f"an armed timer without a cause: {_shown(timer)}"
            elif timer.due_at != due and not (due <= now < timer.due_at and calendar.is_open(timer.due_at)):
                yield f"an armed timer at another instant than {due}: {_shown(timer)}"
    for name, arm in wanted.items():
        for step, due in arm.due.items():
            row = next((t for t in timers if (t.policy, t.round, t.step) == (name, arm.round, step)), None)
            if row is None or row.state == "cancelled" or (row.state in ("fired", "stale") and row.due_at < due):
                yield f"a cause without its timer: {name} {arm.round}:{step} due {due}, {_shown(row)}"


def _shown(timer: Timer | None) -> str:
    return f"{timer.policy} {timer.round}:{timer.step} {timer.state} due {timer.due_at}" if timer else "none"


def _counted(run: Run, start: datetime, end: datetime) -> timedelta:
    """How much of the promised kind of time lies between."""
    return run.promised.calendar.between(start, end) if run.promised.length.is_business else end - start


def _announced(data: bytes) -> date | None:
    body = message_from_bytes(data, policy=policy.default).get_body(("plain",))
    assert body is not None
    text: Any = body.get_content()
    found = _ANNOUNCED.search(" ".join(text.split()))
    return date(int(found[3]), MONTHS.index(found[2]) + 1, int(found[1])) if found else None
