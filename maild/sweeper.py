"""The clock's loop: load due timers, ask what they mean now, make it true. A timer ends with its effects."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import structlog

from maild.clock import CountingClock, rest
from maild.clock_watch import ClockWatch
from maild.crash import point
from maild.effects import AddMessage, Effect, EndTimer, StartTimer
from maild.errors import Temporary, pause_after
from maild.mail import ParsedMail
from maild.plan import clocks, closing, digest, gathering, waiting
from maild.plan.letters import Desk
from maild.plan.notify import GATHER, GATHER_FOR
from maild.plan.occasions import Cause, Happened
from maild.reader import Reader
from maild.store.apply import apply
from maild.store.database import Database, Session, savepoint
from maild.store.held import day_of, due_timers_of_held, is_held, last_told, may_hold_the_answer, overdue_now
from maild.store.inbound import InboundStore
from maild.store.occasions import clocks_now, with_rules
from maild.store.rearming import rearm, version_of
from maild.store.restoration import held_back, is_overdue, is_read_again
from maild.store.story import is_in_story, is_unproved
from maild.store.tickets import load_tickets, unproved_among, written_since
from maild.store.timers import (
    due_of_wait,
    due_timers,
    has_later_due,
    is_still_due,
    next_due,
    postpone,
    written_at,
)
from maild.ticket import DueTimer, Ticket

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
        self._armed: StartTimer | None = None  # the next daily list
        self._counted_by: tuple[str, date] | None = None  # the rules and the day for which promised times were counted

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
            mails = await self._read_gathered(now)
            fired = await self._database.write(partial(self._fire, desk=self._desk(), now=now, mails=mails))
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
            return [id_ for timer in timers for id_ in _gathered(session, timer)]

        mails: dict[int, ParsedMail | None] = dict.fromkeys(await self._database.read(work))
        for id_ in mails:
            try:
                raw = await self._inbound.raw_of(id_)
                mails[id_] = await self._reader.read(raw, self._desk().settings.secrecy)
            except Temporary as error:  # of its timer alone, which is put off
                _log.warning("a mail can't be read again", inbound=id_, reason=str(error))
        return mails

    def _fire(
        self, session: Session, *, desk: Desk, now: datetime, mails: Mapping[int, ParsedMail | None]
    ) -> list[str]:
        """One transaction: the condition is looked at again on the ticket as it is now."""
        told: list[str] = []
        for timer in due_timers(session, now, MOST_AT_ONCE):
            if told and not is_still_due(session, timer, now):  # one before it has moved or cancelled it
                continue
            try:
                with savepoint(session):
                    apply(session, self._effects(session, desk, timer, now, mails), now)
            except Temporary:
                raise
            except Exception:  # ours: it waits for the mend, and the next one goes on
                _log.exception("a timer could not be fired", timer=timer.id, ticket=timer.number, policy=timer.policy)
                postpone(session, timer.id, now + MEND_WITHIN)
                continue
            point("K21")
            told.append(_named(timer))
        return told

    def _effects(
        self, session: Session, desk: Desk, timer: DueTimer, now: datetime, mails: Mapping[int, ParsedMail | None]
    ) -> list[Effect]:
        """What the timer means now."""
        if timer.number == 0:
            effects = self._of_no_ticket(session, desk, timer, now)
            return held_back(effects) if is_overdue(session, timer.due_at) else effects
        ticket = load_tickets(session, [timer.number]).get(timer.number)
        if ticket is not None and timer.policy == waiting.POLICY:
            effects = waiting.fire(desk, timer, ticket, now, _wait_of(session, ticket, timer))
            cause = Cause(f"occasion:waiting:{timer.round}:{timer.step}", now)
            effects = with_rules(session, desk, [ticket], effects, cause)
            return held_back(effects) if is_overdue(session, timer.due_at) else effects
        if ticket is not None and timer.policy == closing.POLICY:
            return closing.fire(desk, timer, ticket)
        if ticket is not None and timer.policy in (*clocks.POLICIES, clocks.UNASSIGNED):
            return _of_clock(session, desk, timer, ticket, now)
        if ticket is not None and timer.policy == GATHER:
            ids = _gathered(session, timer)
            if not mails.keys() >= set(ids):
                raise Temporary("a mail has come just now: its words are told with the others")
            found = [mail for id_ in ids if (mail := mails[id_]) is not None]
            if len(found) < len(ids):
                raise LookupError("the bytes of a mail that it tells of are not there now")
            unproved = unproved_among(session, timer.number, ids)
            effects = gathering.fire(desk, timer, ticket, found, now, is_unproved=unproved)
            is_old = any(is_read_again(session, id_, lambda: desk.settings) for id_ in ids)
            return held_back(effects) if is_old or is_overdue(session, timer.due_at) else effects
        return [EndTimer(timer.id, "stale")]

    def _of_no_ticket(self, session: Session, desk: Desk, timer: DueTimer, now: datetime) -> list[Effect]:
        """The daily list, or a held mail on which nobody has decided in time."""
        if timer.policy == digest.DIGEST and timer.step == digest.minutes_of(desk.settings):
            day = day_of(session, digest.since(desk.settings, min(timer.due_at, now)), desk.settings)
            return [EndTimer(timer.id, "fired"), *digest.digests(desk, day, now)]
        if timer.policy == digest.DUE and is_held(session, timer.step):
            told = last_told(session)
            if told == now:  # of this one too
                return [EndTimer(timer.id, "fired")]
            if told is not None and told < now < told + digest.AT_MOST_EACH:
                again = StartTimer(0, digest.DUE, timer.step, timer.round + 1, told + digest.AT_MOST_EACH)
                return [EndTimer(timer.id, "stale"), again]
            ended = [EndTimer(id_, "fired") for id_ in due_timers_of_held(session, now)]
            return [*ended, *digest.overdue(desk, overdue_now(session, now), now)]
        return [EndTimer(timer.id, "stale")]

    async def _arm(self) -> None:
        """See to it that the next daily list has a timer; the key makes it one a day."""
        try:
            settings, now = self._desk().settings, self._clock.now()
            due = digest.next_digest(settings, now)
            day = due.astimezone(settings.site.zone).toordinal()
            wanted = StartTimer(0, digest.DIGEST, digest.minutes_of(settings), day, due)
            if wanted != self._armed:
                await self._database.write(lambda session: apply(session, [wanted], now))
                self._armed = wanted
        except Temporary:
            raise
        except Exception:  # ours: no timer waits for the list
            _log.exception("the daily list can't be armed")

    async def _rearm(self, stop: asyncio.Event | None) -> None:
        """Count promised times anew where the rules or a calendar have changed."""
        desk, now = self._desk(), self._clock.now()
        if (desk.settings.digest, now.date()) == self._counted_by:
            return
        try:
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


def _of_clock(session: Session, desk: Desk, timer: DueTimer, ticket: Ticket, now: datetime) -> list[Effect]:
    """What it means that so much of a promised time is over, and what the rules make of that."""
    found, moments = clocks_now(session, desk, ticket, now)
    is_overtaken = has_later_due(session, timer, tuple(clocks.POLICIES), now)
    told = clocks.fire(desk.settings, timer, ticket, found, moments, now, is_overtaken=is_overtaken)
    stories = [e.text for e in told.effects if isinstance(e, AddMessage)]
    if any(is_in_story(session, ticket.number, text) for text in stories):  # told by rules of before, which are back
        return [EndTimer(timer.id, "fired")]
    if told.occasion is None or told.deadline is None:
        return list(told.effects)
    cause = Cause(f"occasion:{timer.policy}:{timer.round}:{timer.step}:{told.deadline.due_at:%Y%m%d%H%M}", now)
    what = Happened(ticket, (told.occasion,), deadline=told.deadline)
    effects = with_rules(session, desk, [ticket], told.effects, cause, [what])
    return held_back(effects) if is_overdue(session, timer.due_at) else effects


def _wait_of(session: Session, ticket: Ticket, timer: DueTimer) -> waiting.Wait:
    return waiting.Wait(
        due_of_wait(session, timer.number, waiting.POLICY, timer.round),
        written_at(session, waiting.owed_for(replace(timer, step=timer.step - 1))),
        may_hold_the_answer(session, ticket),
        # A forger's request waits by itself: its steps would write to whoever was named as its sender.
        is_silent=bool(ticket.missing) and is_unproved(session, ticket.number),
    )


def _gathered(session: Session, timer: DueTimer) -> list[int]:
    """The received mails by which customers wrote since the mail that began the gathering."""
    return written_since(session, timer.number, timer.due_at - GATHER_FOR, timer.round)


def _named(timer: DueTimer) -> str:
    """For the log and a scenario's timeline."""
    if timer.policy == digest.DIGEST:
        return "the daily list"
    if timer.policy == digest.DUE:
        return f"held mail {timer.step} should have been decided on"
    return f"{timer.policy} {timer.step} of ticket {timer.number}"
