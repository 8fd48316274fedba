"""Tells a scenario to a helpdesk, step by step, and collects what was expected and not seen.

A failed expectation does not end the story; a step that can't be taken (no such link, no mailbox of ours) does.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from maild.errors import BadInput
from maild.mail import Address
from maild.simulate.expect import After, TicketSeen, differences
from maild.simulate.expect_mail import LookedAt
from maild.simulate.language import (
    TEMPLATES,
    Bounce,
    CommandLine,
    Expect,
    Mail,
    RulesChange,
    Scenario,
    SmtpFault,
    Step,
    Until,
    Wait,
)
from maild.simulate.look import look
from maild.simulate.nodes import suggestion
from maild.simulate.post import Arrival, Post
from maild.simulate.scenario import read_scenario, rules_for
from maild.simulate.world import Outcome, SentMail, World, WorldFactory
from maild.ticket import Role, Ticket


class EntryKind(StrEnum):
    """What a line of the timeline tells."""

    STEP = "step"  # time passes, a command, another rules file, a fault of the relay
    MAIL_IN = "mail_in"
    VERDICT = "verdict"
    RULE = "rule"
    TIMER = "timer"
    MAIL_OUT = "mail_out"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the timeline. `at` is in the site's time zone."""

    at: datetime
    kind: EntryKind
    text: str


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that did not hold; `step` counts from 1."""

    file: str
    line: int
    step: int
    expected: str
    seen: str


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """What became of a scenario."""

    file: str
    scenario: str
    steps: int
    failures: list[Failure] = field(default_factory=list)
    timeline: list[Entry] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether every expectation held."""
        return not self.failures


class StoryStopped(BadInput):
    """A step can't be taken. `so_far` is what happened before it."""

    def __init__(self, what: str, so_far: ScenarioResult) -> None:
        self.so_far = so_far
        super().__init__(what)


async def run_scenario(path: Path, rules: Path | None, factory: WorldFactory) -> ScenarioResult:
    """Runs one scenario file; `rules` wins over the file's own. Raises BadInput with file and line (StoryStopped
    once it has begun), or BadConfig."""
    scenario = read_scenario(path)
    chosen = rules_for(scenario, rules)
    world = await factory(chosen, scenario.start)
    result = ScenarioResult(str(path), scenario.title, len(scenario.steps))
    try:
        _check_templates(scenario, world, chosen)
        story = _Story(scenario, world, result)
        for number, step in enumerate(scenario.steps, start=1):
            try:
                await story.play(number, step)
            except BadInput as error:
                raise StoryStopped(str(error), result) from None
    finally:
        await world.close()
    return result


def _check_templates(scenario: Scenario, world: World, rules: Path) -> None:
    """A template that maild does not ship must lie in the desk's own folder, beside the rules."""
    folder = rules.parent / world.settings.site.templates
    own = {p.name.partition(".")[0] for p in folder.rglob("*") if p.is_file()}
    for line, name in scenario.own_templates:
        if name not in own:
            known = suggestion(name, sorted({*TEMPLATES, *own}))
            raise BadInput(f"{scenario.file}:{line}: there is no template '{name}'; {known}")


class _Story:
    """The run of one scenario: what has arrived, what has been seen of the mails that left."""

    def __init__(self, scenario: Scenario, world: World, result: ScenarioResult) -> None:
        self._scenario, self._world, self._result = scenario, world, result
        self._post = Post(world, scenario.file, re.sub(r"[^\w]+", "-", scenario.file.stem, flags=re.ASCII))
        self._outcomes: dict[str, Outcome] = {}  # by the name of the mail
        self._last: Outcome | None = None
        self._last_ticket: int | None = None  # of the last mail that has one: whose people the roles are
        self._notified: dict[int, str] = {}  # ticket -> the first agent who was told of it
        self._seen = 0  # mails out before this step
        self._fired: list[tuple[datetime, str]] = []  # timers of this step

    async def play(self, number: int, step: Step) -> None:
        """One step: it happens, then what it expects is looked at."""
        self._fired = []
        output = await self._act(step)
        everything = await self._world.sent()
        fresh = [LookedAt(mail) for mail in everything[self._seen :]]
        self._seen = len(everything)
        self._remember_notified([looked.mail for looked in fresh])
        happened = [(at, EntryKind.TIMER, text) for at, text in self._fired]
        happened += [(looked.mail.queued_at, EntryKind.MAIL_OUT, looked.title) for looked in fresh]
        for at, kind, text in sorted(happened, key=lambda entry: entry[0]):  # stable: a timer before its mail
            self._tell(kind, text, at)
        if step.expect is None:
            return
        after = await self._look_around(step.expect, fresh, output)
        for found in differences(step.expect, after):
            self._result.failures.append(
                Failure(str(self._scenario.file), found.line, number, found.expected, found.seen)
            )
            where = f"{self._scenario.file}:{found.line}"
            self._tell(EntryKind.FAILURE, f"{where}: expected {found.expected}; seen: {found.seen}")

    async def _act(self, step: Step) -> str:
        """What the step does; the output of a command, else ''."""
        action = step.action
        match action:
            case Mail():
                arrival = await self._post.compose(action, step.line, await self._people())
                self._outcomes[action.name] = await self._receive(arrival)
            case Bounce():
                await self._receive(await self._post.bounce(action, step.line, await self._people()))
            case Wait() | Until():
                await self._pass_time(action, step.line)
            case CommandLine():
                self._tell(EntryKind.STEP, f"maild {' '.join(action.argv)}")
                return await self._command(action, step.line)
            case RulesChange():
                self._tell(EntryKind.STEP, f"rules change to {action.file}")
                await self._world.change_rules(action.file)
            case SmtpFault():
                self._tell(EntryKind.STEP, f"the relay refuses the next {action.times} with {action.code}")
                await self._world.fail_smtp(action.code, action.times)
        return ""

    async def _command(self, action: CommandLine, line: int) -> str:
        """What the command shows. A file that lies beside the scenario is meant, wherever the story is played."""
        folder = self._scenario.file.parent
        argv = [str(folder / word) if (folder / word).exists() else word for word in action.argv]
        try:
            return await self._world.command(argv)
        except BadInput as error:
            raise BadInput(f"{self._scenario.file}:{line}: {error}") from None

    async def _receive(self, arrival: Arrival) -> Outcome:
        seen = look(arrival.raw)
        sender = f"{seen.sender.name} <{seen.sender.address}>" if seen.sender.name else seen.sender.address
        self._tell(EntryKind.MAIL_IN, f"{sender} to {arrival.mailbox} « {seen.subject} »")
        outcome = await self._world.receive(arrival.raw, arrival.mailbox)
        on = f", ticket {outcome.ticket}" if outcome.ticket is not None else ""
        verdict = f"{outcome.verdict} ({outcome.reason}; sender {outcome.proof}), {outcome.disposition}{on}"
        self._tell(EntryKind.VERDICT, verdict)
        for trial in outcome.trials:
            if trial.fired:
                self._tell(EntryKind.RULE, f"rule '{trial.rule}' (line {trial.line}): {trial.why}")
        self._last = outcome
        self._last_ticket = outcome.ticket if outcome.ticket is not None else self._last_ticket
        return outcome

    async def _pass_time(self, action: Wait | Until, line: int) -> None:
        zone, now = self._world.settings.site.zone, self._world.now()
        if isinstance(action, Wait):
            # Adding to a local time moves the hands of the clock; elapsed time is added to the instant itself.
            target = now.astimezone(zone) + timedelta(days=action.days) if action.days else now + action.elapsed
        else:
            target = action.instant if action.instant.tzinfo else action.instant.replace(tzinfo=zone)
            if target < now:
                present = f"{now.astimezone(zone):%Y-%m-%d %H:%M}"
                raise BadInput(f"{self._scenario.file}:{line}: time does not go back; it is {present} already")
        self._tell(EntryKind.STEP, f"time passes until {target.astimezone(zone):%Y-%m-%d %H:%M}")
        self._fired = await self._world.advance(target)

    def _remember_notified(self, fresh: list[SentMail]) -> None:
        ticket = self._last.ticket if self._last else None
        told = next((mail.to for mail in fresh if mail.template == "agent_new_ticket"), None)
        if ticket is not None and told is not None:
            self._notified.setdefault(ticket, told)

    async def _people(self) -> dict[str, Address]:
        """Whom `assignee` and `requester` stand for now."""
        ticket = await self._world.ticket(self._last_ticket) if self._last_ticket is not None else None
        return self._people_of(ticket) if ticket else {}

    def _people_of(self, ticket: Ticket) -> dict[str, Address]:
        people = {}
        if any(p.role is Role.CUSTOMER for p in ticket.participants):
            people["requester"] = Address(ticket.requester.address, ticket.requester.name)
        agent = ticket.assignee or self._notified.get(ticket.number, "")
        if agent:
            known = self._world.settings.person(agent)
            people["assignee"] = known.address if known else Address(agent)
        return people

    async def _ticket(self, number: int | None) -> TicketSeen | None:
        ticket = await self._world.ticket(number) if number is not None else None
        if ticket is None:
            return None
        messages, waiting = await self._world.ticket_messages(ticket.number), await self._world.waiting(ticket.number)
        promised = await self._world.promised(ticket.number)
        numbers = {name: o.ticket for name, o in self._outcomes.items() if o.ticket is not None}
        topic = await self._world.topic(ticket.topic) if ticket.topic else ""
        return TicketSeen(ticket, messages, waiting, _addresses(self._people_of(ticket)), numbers, promised, topic)

    async def _look_around(self, expect: Expect, fresh: list[LookedAt], output: str) -> After:
        """All that the expectation asks about."""
        tickets: dict[str, TicketSeen | None] = {}
        for check in expect.tickets:
            outcome = self._outcomes[check.mail] if check.mail else self._last
            tickets[check.mail] = await self._ticket(outcome.ticket if outcome else None)
        return After(
            zone=self._world.settings.site.zone,
            roles=_addresses(await self._people()),
            sent=fresh,
            outcome=self._last,
            tickets=tickets,
            ticket_count=await self._world.ticket_count() if expect.ticket_count else 0,
            held=await self._world.held() if expect.held else (),
            outbox=await self._world.outbox_counts() if expect.outbox_empty else None,
            output=output,
        )

    def _tell(self, kind: EntryKind, text: str, at: datetime | None = None) -> None:
        zone = self._world.settings.site.zone
        self._result.timeline.append(Entry((at or self._world.now()).astimezone(zone), kind, text))


def _addresses(people: dict[str, Address]) -> dict[str, str]:
    return {role: who.address for role, who in people.items()}
