"""Lets a desk look on: it reads a live mailbox, decides and explains; nothing is moved and nothing is sent.

The same poller, intake and sweeper as the daemon's, on a store of their own. The poller's connection lets only reading
commands out (ingest/read_only.py). There is no sender: what would have left stays in the outbox, `queued` for ever.
"""

import asyncio
import os
import signal
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog

from maild import __version__
from maild.clock import Clock, CountingClock, SystemClock
from maild.config.credentials import secret
from maild.config.desk import open_desk
from maild.config.keyfile import load_keyring
from maild.config.load import load
from maild.daemon import AlreadyRunning, check_secrets, only_one
from maild.errors import BadConfig, Temporary
from maild.ids import new_instance, new_key
from maild.ingest.imap_protocol import first_of
from maild.ingest.poller import Poller
from maild.ingest.read_only import Onlooker, ReadOnlyMailbox
from maild.intake import Intake
from maild.parts import run_together
from maild.plan.letters import Desk
from maild.reader import Reader
from maild.settings import Imap, Secret, Settings
from maild.standing import path_of, plain_status, say
from maild.store import observed
from maild.store.database import Database, Session
from maild.store.inbound import InboundStore
from maild.store.opening import open_whole
from maild.store.twin import copy_store
from maild.sweeper import Sweeper

LOOK_EACH = 2.0  # seconds between two lines of status, and two looks for a daemon that went live
STOP_WITHIN = 45.0  # seconds from the signal to the end
_log = structlog.get_logger("maild.observe")


def observed_place(settings: Settings) -> Settings:
    """The same desk as an observation has it: a store of its own beside the live one, and no way to send.

    It signs with the desk's keys; before the desk has any, with keys that nobody else will believe.
    """
    store = settings.store
    own = {
        "database": store.database.with_name(store.database.name + ".observed"),
        "files": store.files.with_name(store.files.name + ".observed"),
    }
    key, site = settings.site.key, settings.site
    if key.file is not None and not os.path.lexists(key.file):
        site = site.model_copy(update={"key": Secret(file=Path(f"{own['database']}.key"))})
    return settings.model_copy(update={"store": store.model_copy(update=own), "site": site, "smtp": None})


@dataclass
class Observation:
    """All parts of a desk that looks on."""

    desk: Desk
    live: Path  # the database of the desk itself
    database: Database
    inbound: InboundStore
    intake: Intake
    sweeper: Sweeper
    pollers: dict[str, Poller]
    clock: Clock
    reader: Reader
    news: asyncio.Event  # something was decided
    told: observed.Known  # up to here the log knows

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`, or until a daemon goes live on the same desk."""
        await self.inbound.check_files()
        parts = {f"poller {name}": poller.run(stop) for name, poller in self.pollers.items()}
        parts |= {"intake": self.intake.run(stop), "sweeper": self.sweeper.run(stop)}
        parts |= {"log": self._tell(stop), "watch": self._watch(stop)}
        await run_together(parts, stop, self.wake, STOP_WITHIN)
        await self._tell_what_is_new()  # of the last mails, which were decided after the signal

    def wake(self) -> None:
        """Everybody looks."""
        self.intake.wake()
        self.sweeper.wake()
        self.news.set()
        for poller in self.pollers.values():
            poller.wake()

    async def _tell(self, stop: asyncio.Event) -> None:
        """A line in the log for each mail and each timer, as soon as it is decided."""
        while not stop.is_set():
            self.news.clear()
            try:
                await self._tell_what_is_new()
                await self.news.wait()
            except Temporary as error:
                _log.warning("what was decided can't be told now", reason=str(error))
                await first_of(stop, seconds=LOOK_EACH)

    async def _tell_what_is_new(self) -> None:
        def work(session: Session) -> tuple[list[observed.Observed], list[observed.Unsent], observed.Known]:
            mails, timers = observed.mails(session, self.told), observed.owed_by_the_clock(session, self.told)
            last = max([self.told.at, *(mail.at for mail in mails), *(unsent.at for unsent in timers)])
            return mails, timers, observed.known(session, last)

        mails, timers, told = await self.database.read(work)
        for mail in mails:
            _log.info(
                "mail observed",
                inbound=mail.id,
                mailbox=mail.mailbox,
                verdict=mail.verdict,
                reason=mail.reason,
                rules=[f"{name} (line {line})" for name, line in mail.rules],
                ticket=mail.ticket,
                queue=mail.queue,
                assignee=masked(mail.assignee),
                would_send=[f"{unsent.template} to {masked(unsent.recipient)}" for unsent in mail.unsent],
            )
        for unsent in timers:
            would_send = f"{unsent.template} to {masked(unsent.recipient)}"
            _log.info("timer observed", ticket=unsent.ticket, would_send=would_send)
        self.told = told

    async def _watch(self, stop: asyncio.Event) -> None:
        """Say what the observation does, and end it when a daemon goes live."""
        started, seen = self.clock.now(), _age(self.live)
        while not stop.is_set():
            try:
                self._say(started)
            except OSError as error:
                _log.warning("nobody can be told what the observation does", reason=str(error))
            await first_of(stop, seconds=LOOK_EACH)
            if _age(self.live) != seen and _is_live(self.live):
                _log.warning("maild runs on this desk now, so the observation ends")
                stop.set()

    def _say(self, started: datetime) -> None:
        """`<database>.status`, for `maild status`."""
        status = {
            "pid": os.getpid(),
            "version": __version__,
            "started_at": started.isoformat(),
            "said_at": self.clock.now().isoformat(),
            "rules": {"digest": self.desk.settings.digest},
            "mailboxes": {name: plain_status(poller.status) for name, poller in self.pollers.items()},
        }
        say(self.database.path, status)

    async def end(self) -> None:
        """Let go of everything."""
        self.reader.close()
        await self.database.close()
        path_of(self.database.path).unlink(missing_ok=True)


def build(settings: Settings, place: Settings, clock: CountingClock) -> Observation:
    """Every part, once, on the store of `place`; nothing can leave."""
    now, has_own_keys = clock.now(), place.site.key != settings.site.key
    ring = load_keyring(place.site.key, create=has_own_keys, now=now, new_key=new_key, new_instance=new_instance)
    desk = open_desk(place, ring)
    database = open_whole(place.store.database)
    database.write_now(partial(observed.begin_observing, now=now))
    told = database.read_now(partial(observed.known, at=now))
    inbound, reader, news = InboundStore(database, place.store.files, clock), Reader(), asyncio.Event()

    def settled() -> None:
        sweeper.wake()
        news.set()

    intake = Intake(database, inbound, lambda: desk, clock, reader=reader, on_settled=settled)
    sweeper = Sweeper(database, inbound, lambda: desk, clock, reader=reader, on_queued=news.set)
    pollers = {
        name: Poller(
            name,
            box.imap,
            partial(_password, box.imap),
            inbound,
            clock=clock,
            on_kept=intake.wake,
            log=structlog.get_logger("maild.ingest"),
            begin=box.begins_at(place.site.zone),
            mailbox=ReadOnlyMailbox,
            filer=Onlooker,
        )
        for name, box in place.mailboxes.items()
        if box.imap is not None
    }
    return Observation(
        desk, settings.store.database, database, inbound, intake, sweeper, pollers, clock, reader, news, told
    )


async def run(rules: Path) -> int:
    """Load, copy the live store if there is one, look on until SIGTERM or SIGINT. 0, or an exception that says why not.

    AlreadyRunning where another observation runs, or the daemon: it takes away the mail that would be looked at.
    """
    settings = load(rules)
    if any(box.imap is None for box in settings.mailboxes.values()):
        raise BadConfig.at("rules.yaml", "`maild run --observe` needs an `imap:` in each mailbox")
    place = observed_place(settings)
    check_secrets(place)
    with only_one(place.store.database):
        is_copy = _copied(settings, place)
        observation = build(settings, place, SystemClock())
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        _log.info(
            "maild observes: nothing is moved or sent",
            version=__version__,
            rules=settings.digest,
            mailboxes=sorted(observation.pollers),
            database=str(place.store.database),
            knows_the_live_store=is_copy,
        )
        try:
            await observation.run(stop)
        except BaseExceptionGroup:
            if observation.database.failure is not None:
                raise observation.database.failure from None
            raise
        finally:
            await observation.end()
        _log.info("the observation has ended")
    return 0


def _copied(settings: Settings, place: Settings) -> bool:
    """Whether there is a live store, now copied. AlreadyRunning where a daemon works on it."""
    live, own = settings.store, place.store
    if not live.database.is_file():
        return False
    try:
        with only_one(live.database):
            copy_store(live.database, live.files, own.database, own.files)
    except AlreadyRunning:
        what = "it takes away the mail that an observation would look at; end it first, or see `maild status`"
        raise AlreadyRunning(f"maild runs on {live.database}, and {what}") from None
    return True


def masked(address: str) -> str:
    """An address fit for a log: its domain, and the first letter where that is not all that stands before it."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1] if len(local) > 1 else ''}...{at}{domain}" if at else "..." if address else ""


def _password(imap: Imap) -> str:
    return secret(imap.password)


def _age(database: Path) -> int:
    """Changes when a daemon on that database says what it does."""
    try:
        return path_of(database).stat().st_mtime_ns
    except OSError:
        return 0


def _is_live(database: Path) -> bool:
    """Whether a daemon holds that database. Asked only once one has written its status: it has the lock by then, and
    this look can't be in the way of one that starts."""
    try:
        with only_one(database):
            return False
    except AlreadyRunning:
        return True
