"""The clock's loop: load due timers, ask what they mean now, make it true. A timer ends with its effects."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial

import structlog

from maild.clock import CountingClock, rest
from maild.clock_watch import ClockWatch
from maild.crash import point
from maild.due import Read, effects_of, gathered, named
from maild.effects import Effect
from maild.errors import Temporary, pause_after
from maild.mail import ParsedMail
from maild.plan.figures import Summary
from maild.plan.letters import Desk
from maild.plan.notify import GATHER
from maild.plan.standing_timers import standing_timers
from maild.reader import Reader
from maild.store.absences import with_absences
from maild.store.apply import apply
from maild.store.database import Database, Session, savepoint
from maild.store.inbound import InboundStore
from maild.store.rearming import rearm, version_of
from maild.store.reporting import figures_due
from maild.store.timers import (
    due_timers,
    is_still_due,
    next_due,
    postpone,
)

MOST_AT_ONCE = 50
LONGEST_SLEEP = 30.0  # seconds; a clock that was set is noticed that soon
MEND_WITHIN = timedelta(hours=1)  # a timer that fails by our own fault is tried again so much later
_log = structlog.get_logger("maild.sweeper")


class Sweeper:
    """Fires what is due. `on_queued` is called when mails may have been queued."""

    def __init__(
        self,
        database: Database,
        inbound: InboundStore,
        desk: Callable[[], Desk],
        clock: CountingClock,
        *,
        reader: Reader | None = None,
        on_queued: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._inbound = inbound
        self._desk = desk
        self._clock = clock
        self._reader = reader or Reader()
        self._on_queued = on_queued
        self.watch = ClockWatch(database, clock)
        self._news = asyncio.Event()
        self._counted_by: tuple[str, date] | None = None  # the rules and the day for which promised times were counted
        self._armed: list[Effect] = []  # the timers of no ticket that come next

    def wake(self) -> None:
        """Timers may have been armed."""
        self._news.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop: sweep, then sleep to the next instant."""
        while not stop.is_set():
            self._news.clear()
            wait = LONGEST_SLEEP
            try:
                await self.sweep(stop)
                due = None if await self.watch.is_in_doubt() else await self.next_due()
            except Temporary as error:
                _log.warning("the sweeper waits", reason=str(error))
                due, wait = None, pause_after(error, wait)
            except Exception:  # ours, and outside any one timer: the loop lives
                _log.exception("the sweeper failed")
                due = None
            if due is not None:
                wait = min(max((due - self._clock.now()).total_seconds(), 0.05), LONGEST_SLEEP)
            await rest(self._clock, wait, self._news)

    async def sweep(self, stop: asyncio.Event | None = None) -> list[str]:
        """Fire everything that is due by now, or go on until `stop` is set; a line for each, in order."""
        told: list[str] = []
        if await self.watch.is_in_doubt():
            return told
        await self._arm()
        await self._rearm(stop)
        while not (stop and stop.is_set()) and not await self.watch.is_in_doubt():
            now = self._clock.now()
            point("K20")
            read = Read(await self._read_gathered(now), await self._read_figures(now))
            fired = await self._database.write(partial(self._fire, desk=self._desk(), now=now, read=read))
            point("K22")
            told.extend(fired)
            if not fired:
                break
            self._on_queued()
        return told

    async def _read_gathered(self, now: datetime) -> dict[int, ParsedMail | None]:
        """The mails that due timers will tell of, read where any mail is, and not while the store waits; None for one
        whose bytes are not there now."""

        def work(session: Session) -> list[int]:
            timers = [timer for timer in due_timers(session, now, MOST_AT_ONCE) if timer.policy == GATHER]
            return [id_ for timer in timers for id_ in gathered(session, timer)]

        mails: dict[int, ParsedMail | None] = dict.fromkeys(await self._database.read(work))
        for id_ in mails:
            try:
                raw = await self._inbound.raw_of(id_)
                mails[id_] = await self._reader.read(raw, self._desk().settings.secrecy)
            except Temporary as error:  # of its timer alone, which is put off
                _log.warning("a mail can't be read again", inbound=id_, reason=str(error))
        return mails

    async def _read_figures(self, now: datetime) -> Mapping[int, Summary] | None:
        """Of the reports that are due; None where they can't be counted."""
        try:
            settings = self._desk().settings
            if not settings.reports:
                return {}
            return await self._database.read(partial(figures_due, settings=settings, now=now, most=MOST_AT_ONCE))
        except Temporary:
            raise
        except Exception:  # ours: those reports wait for the mend, and what else is due goes on
            _log.exception("the figures of a report can't be counted")
            return None

    def _fire(self, session: Session, *, desk: Desk, now: datetime, read: Read) -> list[str]:
        """One transaction: the condition is looked at again on the ticket as it is now."""
        told: list[str] = []
        for timer in due_timers(session, now, MOST_AT_ONCE):
            if told and not is_still_due(session, timer, now):  # one before it has moved or cancelled it
                continue
            try:
                with savepoint(session):
                    apply(session, effects_of(session, with_absences(session, desk), timer, now, read), now)
            except Temporary:
                raise
            except Exception:  # ours: it waits for the mend, and the next one goes on
                _log.exception("a timer could not be fired", timer=timer.id, ticket=timer.number, policy=timer.policy)
                postpone(session, timer.id, now + MEND_WITHIN)
                continue
            point("K21")
            told.append(named(timer))
        return told

    async def _arm(self) -> None:
        """See to it that the next lists, reports and notices of closures have timers; a key makes each once."""
        try:
            settings, now = self._desk().settings, self._clock.now()
            wanted = standing_timers(settings, now)
            if wanted != self._armed:
                await self._database.write(lambda session: apply(session, wanted, now))
                self._armed = wanted
        except Temporary:
            raise
        except Exception:  # ours: no timer waits for them
            _log.exception("lists and reports can't be armed")

    async def _rearm(self, stop: asyncio.Event | None) -> None:
        """Count promised times anew where the rules or a calendar have changed."""
        desk, now = self._desk(), self._clock.now()
        try:
            if (desk.settings.digest, now.date()) == self._counted_by:
                return
            version = version_of(desk, now)
            while await self._database.write(partial(rearm, desk=desk, version=version, now=now)):
                if stop and stop.is_set():
                    return
            self._counted_by = (desk.settings.digest, now.date())
        except Temporary:
            raise
        except Exception:  # ours: the timers stay as they are, and each is looked at again when it is due
            _log.exception("promised times can't be counted anew")

    async def next_due(self) -> datetime | None:
        """When something falls due next."""
        await self._arm()
        return await self._database.read(next_due)
