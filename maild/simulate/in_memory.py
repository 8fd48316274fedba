"""The helpdesk of a scenario: the daemon's own road, with a virtual clock and without sockets.

Only three things are replaced: the mailbox (mails are handed in), the relay (mails are noted) and the clock.
"""

import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

import structlog

from maild.clock import VirtualClock
from maild.config.desk import open_desk
from maild.config.load import load
from maild.intake import Intake
from maild.judgement import Signatures
from maild.outbox.outcome import Deferred, Refused, Sent
from maild.outbox.outcome import Outcome as SmtpOutcome
from maild.outbox.sender import Sender
from maild.plan import waiting
from maild.plan.clocks import Clock
from maild.plan.letters import Desk
from maild.plan.undelivered import undelivered
from maild.settings import Settings
from maild.simulate.links_seen import links_in
from maild.simulate.mua import SIGNATURES
from maild.simulate.world import Outcome, SentMail, World, WorldFactory
from maild.store import queries, watching
from maild.store.database import Session
from maild.store.deliveries import OutboxRows
from maild.store.departures import departed, forget_returned
from maild.store.inbound import InboundStore
from maild.store.occasions import clocks_now
from maild.store.schema import thrown_away
from maild.store.tickets import load_tickets
from maild.store.timers import next_of_ticket
from maild.store.topics import name_of
from maild.sweeper import Sweeper
from maild.threading.token import Key, Keyring
from maild.ticket import Ticket

RunCommand = Callable[[Sequence[str], Desk, VirtualClock], Awaitable[str]]


class Relay:
    """The mail server that mails leave by: it takes everything, or fails as it was told to."""

    def __init__(self) -> None:
        self._failures: list[int] = []

    def fail(self, code: int, times: int) -> None:
        """The next so many mails get that reply code."""
        self._failures.extend([code] * times)

    async def send(
        self, sender: str, recipient: str, data: bytes, *, before_data: Callable[[], Awaitable[None]]
    ) -> SmtpOutcome:
        """One mail."""
        if self._failures:
            code = self._failures.pop(0)
            text = "as the scenario says"
            return Deferred(code, text) if code < 500 else Refused(code, text)
        await before_data()
        return Sent("250 taken")

    async def close(self) -> None:
        """Nothing to close."""


async def signatures_as_told(raw: bytes, sender: str) -> Signatures:
    """In place of the DNS: what the scenario says of the sender (mua.judged)."""
    told = f"Authentication-Results: {SIGNATURES}; dmarc=pass header.from=".encode()
    return Signatures((sender,) if raw.startswith(told) else ())


class InMemoryWorld:
    """Implements simulate.world.World over the real intake, sweeper, store and outbox."""

    def __init__(self, settings: Settings, start: datetime, run_command: RunCommand) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="maild-simulate-")
        local = start.replace(tzinfo=settings.site.zone) if start.tzinfo is None else start
        self._clock = VirtualClock(local)
        key = Key("7", sha256(b"a scenario's key protects nothing").digest(), self._clock.now())
        self._ring = Keyring("simulation", (key,))
        self._run_command = run_command
        self._use(settings)
        store = self._desk.settings.store
        self._database = thrown_away(store.database)
        self._inbound = InboundStore(self._database, store.files, self._clock)
        self._intake = Intake(
            self._database, self._inbound, lambda: self._desk, self._clock, signatures=signatures_as_told
        )
        self._sweeper = Sweeper(self._database, self._inbound, lambda: self._desk, self._clock)
        self._relay = Relay()
        self._sender = Sender(
            OutboxRows(self._database, lambda *lost: undelivered(self._desk, *lost)),
            [self._relay],
            clock=self._clock,
            jitter=lambda seconds: seconds,
            log=structlog.get_logger("maild.outbox"),
            may_send_to=lambda address: self.settings.smtp is None or self.settings.smtp.may_send_to(address),
        )
        self._uid = 0

    def _use(self, settings: Settings) -> None:
        folder = Path(self._folder.name)
        store = settings.store.model_copy(update={"database": folder / "maild.db", "files": folder / "mails"})
        self._desk = self._whole = open_desk(settings.model_copy(update={"store": store}), self._ring)
        self._links: dict[bytes, tuple[tuple[str, str], ...]] = {}  # of each mail, as these settings read them

    @property
    def settings(self) -> Settings:
        """The rules as they are now."""
        return self._desk.settings

    def now(self) -> datetime:
        """The virtual present, in the site's zone."""
        return self._clock.now().astimezone(self.settings.site.zone)

    async def receive(self, raw: bytes, mailbox: str) -> Outcome:
        """A mail arrives, is worked, and what it owes is sent."""
        self._uid += 1
        mails = [_Arrived(mailbox, self._uid, raw)]
        [inbound_id] = await self._inbound.keep(mails)
        await self._intake.drain()
        await self._sender.drain()
        ending = await self._database.read(partial(watching.ending_of, inbound_id=inbound_id))
        decisions = await self._database.read(partial(queries.decisions, inbound_id=inbound_id))
        decision = decisions[0] if decisions else None
        return Outcome(
            ending.verdict,
            ending.reason,
            ending.disposition,
            ending.ticket,
            decision.proof if decision else "",
            tuple(trial for d in decisions for trial in d.trials),
            inbound_id,
        )

    async def advance(self, until: datetime) -> list[tuple[datetime, str]]:
        """From instant to instant at which something is due: a timer, or a mail to be tried again."""
        told: list[tuple[datetime, str]] = []
        while True:
            timer = await self._sweeper.next_due()
            mail = await self._database.read(partial(watching.next_retry, now=self._clock.now()))
            due = min((at for at in (timer, mail) if at is not None), default=None)
            if due is None or due > until:
                break
            self._clock.set(max(due, self._clock.now()))
            told += [(self.now(), what) for what in await self._sweeper.sweep()]
            await self._sender.drain()
        self._clock.set(max(until, self._clock.now()))
        return told

    async def sent(self) -> list[SentMail]:
        """Every mail queued so far."""
        return [
            SentMail(m.id, m.template, m.recipient, m.sender, m.data, m.created_at, self._links_in(m.data))
            for m in await self._database.read(watching.queued_mails)
        ]

    def _links_in(self, raw: bytes) -> tuple[tuple[str, str], ...]:
        if raw not in self._links:  # all mails are looked at after each step
            self._links[raw] = links_in(raw, self.settings)
        return self._links[raw]

    async def ticket(self, number: int) -> Ticket | None:
        """The ticket as it stands."""
        found = await self._database.read(lambda session: load_tickets(session, [number]))
        return found.get(number)

    async def ticket_messages(self, number: int) -> int:
        """Its public messages."""
        return await self._database.read(partial(watching.public_messages, number=number))

    async def topic(self, number: int) -> str:
        """What it is called."""
        return await self._database.read(partial(name_of, number=number))

    async def waiting(self, number: int) -> tuple[datetime, int] | None:
        """Its next waiting step."""
        timer = await self._database.read(lambda session: next_of_ticket(session, number, waiting.POLICY))
        return (timer.due_at, timer.step) if timer else None

    async def promised(self, number: int) -> Mapping[str, tuple[str, datetime]]:
        """Its promised times."""
        now, desk = self._clock.now(), self._desk

        def work(session: Session) -> Sequence[Clock]:
            return clocks_now(session, desk, load_tickets(session, [number])[number], now)[0]

        clocks = await self._database.read(work)
        warned_from = min(desk.settings.asks.warns_at, default=100)
        runs = {clock.run.promised.target: clock.run for clock in clocks}
        return {target: (run.state(now, warned_from).value, run.due_at) for target, run in runs.items()}

    async def ticket_count(self) -> int:
        """All tickets."""
        return await self._database.read(watching.ticket_count)

    async def held(self) -> list[tuple[str, str]]:
        """The held mails, oldest first."""
        return [(line.verdict, line.sender) for line in await self._database.read(queries.held)]

    async def outbox_counts(self) -> dict[str, int]:
        """Mails by state."""
        return await OutboxRows(self._database).counts()

    async def fail_smtp(self, code: int, times: int) -> None:
        """The relay refuses so many mails."""
        self._relay.fail(code, times)

    async def change_rules(self, path: Path) -> None:
        """Other rules from now on; the store stays."""
        self._use(load(path))
        await self._database.write(lambda session: forget_returned(session, self._whole.settings.agents))
        await self._look_for_departures()
        self._intake.rules_changed()
        await self._intake.drain()
        await self._sweeper.sweep()  # as the daemon does at once: clocks are counted anew
        await self._sender.drain()

    async def _look_for_departures(self) -> None:
        gone = await self._database.read(departed)
        self._desk = self._whole.with_settings(self._whole.settings.without_agents(gone))

    async def command(self, argv: list[str]) -> str:
        """The command line beside the running desk."""
        output = await self._run_command(argv, self._desk, self._clock)
        await self._look_for_departures()
        await self._intake.drain()
        await self._sender.drain()
        return output

    async def close(self) -> None:
        """Let go of everything."""
        await self._database.close()
        self._folder.cleanup()


class _Arrived:
    """A mail in a scenario's mailbox."""

    def __init__(self, mailbox: str, uid: int, raw: bytes) -> None:
        self.mailbox, self.folder, self.uidvalidity, self.uid, self.raw = mailbox, "INBOX", 1, uid, raw


def world_factory(run_command: RunCommand) -> WorldFactory:
    """Makes worlds; `run_command` runs a command line against a world's store."""

    async def open_world(rules: Path, start: datetime) -> World:
        return InMemoryWorld(load(rules), start, run_command)

    return open_world
