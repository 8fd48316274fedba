"""The composition root: builds each part once, runs one task for each, and ends them in order.

Pollers keep and file, the intake works what is kept, the sweeper fires timers, the sender sends. Each wakes the others;
none waits for a call. `run` is what `maild run` does.
"""

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from maild import __version__
from maild.auditor import progress_of
from maild.clock import Clock, CountingClock, SystemClock
from maild.concern import Concern
from maild.config.credentials import check_secrets as check_secrets
from maild.config.credentials import secret
from maild.config.desk import open_desk
from maild.config.keyfile import load_keyring, rotate_if_due
from maild.config.load import load, machine_problems
from maild.config.reload import StandingDesk
from maild.errors import BadConfig, Temporary
from maild.ids import jitter, new_instance, new_key
from maild.ingest.poller import Poller
from maild.intake import Intake
from maild.nightly import Nightly
from maild.outbox.hook import Hook
from maild.outbox.sender import Sender
from maild.outbox.smtp import Transport
from maild.parts import run_together
from maild.plan.alerts import faulty_templates
from maild.plan.letters import Desk
from maild.plan.undelivered import undelivered
from maild.reader import Reader
from maild.reception import Reception
from maild.settings import Imap, Settings, Smtp
from maild.standing import plain_concerns, plain_rules, plain_smtp, plain_status, say
from maild.store import orders
from maild.store.alone import AlreadyRunning as AlreadyRunning
from maild.store.alone import only_one as only_one
from maild.store.database import Database
from maild.store.deliveries import OutboxRows
from maild.store.inbound import InboundStore
from maild.store.observed import refuse_observed
from maild.store.opening import open_whole
from maild.store.restoration import Restorations
from maild.store.room import Room
from maild.sweeper import Sweeper
from maild.watchman import Source, Watchman

STATUS_EACH = 2.0  # seconds between two looks at what other processes wrote, and two lines of status
STOP_WITHIN = 45.0  # seconds from the signal to the end
_log = structlog.get_logger("maild.daemon")


@dataclass
class Daemon:
    """All parts of a running desk."""

    desk: StandingDesk
    database: Database
    inbound: InboundStore
    outbox: OutboxRows
    intake: Intake
    sweeper: Sweeper
    sender: Sender
    reception: Reception
    clock: Clock
    reader: Reader
    watchman: Watchman
    nightly: Nightly
    restorations: Restorations

    @property
    def pollers(self) -> Mapping[str, Poller]:
        """By mailbox."""
        return self.reception.pollers

    def wake(self) -> None:
        """Something changed: everybody looks."""
        self.intake.wake()
        self.sweeper.wake()
        self.sender.wake()
        for poller in self.pollers.values():
            poller.wake()

    async def run(self, stop: asyncio.Event, *, is_restored: bool = False) -> None:
        """Until `stop`: one task a part. A part that ends before ends the daemon: parts.py says how."""
        await self.restorations.look(is_said=is_restored)
        await self.desk.look_for_departures()
        drafts, damaged = await self.inbound.check_files()
        if drafts or damaged:
            _log.warning("files checked", drafts_removed=drafts, damaged=damaged)
        parts = {
            "mailboxes": self.reception.run(stop),
            "intake": self.intake.run(stop),
            "sweeper": self.sweeper.run(stop),
        }
        parts |= {"outbox": self.sender.run(stop), "watch": self._watch(stop)}
        parts["rules"] = self.desk.run(stop)
        parts |= {"watchman": self.watchman.run(stop), "audit": self.nightly.run(stop)}
        await run_together(parts, stop, self.wake, STOP_WITHIN)
        await self.restorations.follow()

    async def _watch(self, stop: asyncio.Event) -> None:
        """Notice what commands beside the daemon wrote, and say what the daemon does."""
        started, version, is_told = self.clock.now(), -1, True
        while not stop.is_set():
            try:
                present = await self.database.write(Database.foreign_version)
                if present != version:
                    version = present
                    await self.desk.look_for_departures()
                    self.wake()
                    if await self.database.write(orders.take_try_now):
                        self.sender.try_now()
                self._say(started)
                await self.restorations.follow()
                is_told = True
            except (Temporary, OSError) as error:
                if is_told:  # once an outage
                    _log.warning("nobody can be told what maild does", reason=str(error))
                is_told = False
            try:
                await asyncio.wait_for(stop.wait(), STATUS_EACH)
            except TimeoutError:
                continue

    def say_nothing(self) -> None:
        """Take the status away: nobody runs."""
        Path(f"{self.desk().settings.store.database}.status").unlink(missing_ok=True)

    def _say(self, started: datetime) -> None:
        """`<database>.status`, for `maild status`."""
        settings = self.desk().settings
        status = {
            "pid": os.getpid(),
            "version": __version__,
            "started_at": started.isoformat(),
            "said_at": self.clock.now().isoformat(),
            "rules": plain_rules(self.desk.standing),
            "site": {"reference": settings.site.reference, "timezone": settings.site.timezone},
            "mailboxes": {name: plain_status(poller.status) for name, poller in self.pollers.items()},
            "smtp": plain_smtp(self.sender.status),
            "concerns": plain_concerns(self.watchman.seen.values()),
        }
        say(settings.store.database, status)


def open_keyed_desk(settings: Settings, clock: Clock, rules: Path | None = None) -> Desk:
    """Settings, keys (made at the first start, renewed when it is time) and templates."""
    ring = load_keyring(settings.site.key, create=True, now=clock.now(), new_key=new_key, new_instance=new_instance)
    if settings.site.key.file is not None:
        ring = rotate_if_due(settings.site.key.file, ring, clock.now(), new_key)
    return open_desk(settings, ring, rules)


def build(settings: Settings, clock: CountingClock, *, desk: Desk | None = None, rules: Path | None = None) -> Daemon:
    """Every part, once; `desk` where one is open already, `rules` for the admin's commands.

    BadConfig where something that they need is missing.
    """
    smtp = settings.smtp
    if smtp is None or any(box.imap is None for box in settings.mailboxes.values()):
        raise BadConfig.at("rules.yaml", "`maild run` needs `smtp:` and an `imap:` in each mailbox")
    desk = desk or open_keyed_desk(settings, clock, rules)
    database = _opened(settings.store.database, clock)
    refuse_observed(database)
    inbound = InboundStore(database, settings.store.files, clock)

    def changed() -> None:
        reception.rules_changed()
        intake.rules_changed()
        sweeper.wake()
        sender.wake()

    live = StandingDesk(desk, rules, database, clock, changed, lambda: watchman.wake())
    outbox = OutboxRows(database, lambda *lost: undelivered(live(), *lost), lambda: sweeper.watch.is_in_doubt())

    def settled() -> None:
        sweeper.wake()
        sender.wake()
        for poller in reception.pollers.values():
            poller.wake()

    reader = Reader()
    intake = Intake(database, inbound, live, clock, reader=reader, on_settled=settled)
    lines = [Transport(smtp, _password(smtp), _hostname(settings)) for _ in range(smtp.connections)]
    sender = Sender(
        outbox,
        lines,
        clock=clock,
        jitter=jitter,
        log=structlog.get_logger("maild.outbox"),
        may_send_to=lambda address: (live().settings.smtp or smtp).may_send_to(address),
    )
    sweeper = Sweeper(database, inbound, live, clock, reader=reader, on_queued=sender.wake)

    def poller(name: str, present: Settings) -> Poller:
        box = present.mailboxes[name]
        assert box.imap is not None, "it is wanted for that"
        return Poller(
            name,
            box.imap,
            _mailbox_password(box.imap),
            inbound,
            clock=clock,
            on_kept=intake.wake,
            log=structlog.get_logger("maild.ingest"),
            begin=box.begins_at(present.site.zone),
        )

    reception = Reception(lambda: live().settings, poller)
    pollers = reception.pollers
    sources: dict[str, Source] = {"mailboxes": lambda: [c for p in pollers.values() for c in p.status.concerns]}
    sources["outbox"] = lambda: sender.status.concerns
    sources["intake"] = lambda: [Concern("intake", "intake-failing", (intake.failure,))] if intake.failure else []
    sources["templates"] = lambda: faulty_templates(live())
    sources["rules"] = live.concerns
    sources["store"] = Room(database, [settings.store.files], clock).concerns
    restored = Restorations(database, clock, pollers)
    sources["restored"] = restored.concerns
    nightly = Nightly(lambda: live().settings, database, clock, lambda name: progress_of(pollers[name].status))
    sources["clock"] = lambda: sweeper.watch.concerns()
    sources["audit"] = lambda: nightly.concerns

    def hook() -> Hook | None:
        command = live().settings.alert_command
        return Hook(command, structlog.get_logger("maild.alerts")) if command else None

    watchman = Watchman(database, live, clock, sources, command=hook, on_queued=sender.wake)
    return Daemon(
        live, database, inbound, outbox, intake, sweeper, sender, reception, clock, reader, watchman, nightly, restored
    )


def _opened(path: Path, clock: Clock) -> Database:
    """The database, looked through from end to end. It may take minutes; a signal ends the process meanwhile."""
    _log.info("checking the database", octets=path.stat().st_size if path.is_file() else 0)
    began = clock.now()
    database = open_whole(path)
    seconds = (clock.now() - began).total_seconds()
    _log.info("database checked", octets=path.stat().st_size, seconds=round(seconds, 2))
    return database


def _password(smtp: Smtp) -> Callable[[], str | None]:
    source = smtp.password
    return lambda: secret(source) if source is not None else None


def _mailbox_password(imap: Imap) -> Callable[[], str]:
    return lambda: secret(imap.password)


def _hostname(settings: Settings) -> str:
    """What we call ourselves in EHLO: this machine's full name, else the domain that we write for."""
    name = socket.getfqdn()
    first = next(iter(settings.mailboxes.values()))
    return name if "." in name and name.isascii() else first.address.rpartition("@")[2]


async def run(rules: Path, *, is_restored: bool = False) -> int:
    """Load, start, run until SIGTERM or SIGINT, end in order. 0, or an exception that says why not. SIGHUP is the order
    to look at the rules; where the terminal is gone that it was started from, it is the end."""
    has_terminal = os.isatty(0)
    if not has_terminal:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the rules are being read anyway
    settings = load(rules)
    check_secrets(settings)
    if problems := machine_problems(settings):
        raise BadConfig(problems)
    with only_one(settings.store.database):
        daemon = build(settings, SystemClock(), rules=rules)
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        loop.add_signal_handler(
            signal.SIGHUP, lambda: stop.set() if has_terminal and not os.isatty(0) else daemon.desk.order()
        )
        _log.info("maild runs", version=__version__, rules=settings.digest, mailboxes=sorted(daemon.pollers))
        try:
            await daemon.run(stop, is_restored=is_restored)
        except BaseExceptionGroup:
            if daemon.database.failure is not None:
                raise daemon.database.failure from None
            raise
        finally:
            daemon.reader.close()
            await daemon.database.close()
            daemon.say_nothing()
        _log.info("maild has ended")
    return 0
