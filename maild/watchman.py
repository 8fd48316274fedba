"""Who tells the admin what needs a person? A loop: ask every part, and tell by mail, by a command if mail fails.

What is so now is asked, never reported: a part that is stuck or broken silences none of the others. The alert and the
mail that it owes are one transaction. While the database can't be written all is remembered here, and the command runs
all the same; a restart just then may run it a second time.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from maild.clock import Clock
from maild.concern import Alert, Concern
from maild.effects import QueueMail
from maild.errors import Temporary
from maild.ingest.imap_protocol import first_of
from maild.plan import alerts as plan
from maild.plan.alerts import Presence
from maild.plan.letters import Desk
from maild.store import alerts as rows
from maild.store.apply import apply
from maild.store.database import Database, Session

LOOK_EACH = 5.0  # seconds
ANSWERS_WITHIN = 15.0  # seconds that a part, or a transaction, may take
PAUSES = (timedelta(minutes=1), timedelta(hours=1))  # after a failure of the command: the first, the longest
STOP_WITHIN = 5.0  # seconds that a stop leaves to the command
Source = Callable[[], Iterable[Concern] | Awaitable[Iterable[Concern]]]
_log = structlog.get_logger("maild.watchman")


class Command(Protocol):
    """The second way out: outbox.hook.Hook."""

    async def run(self, said: Mapping[str, Any]) -> None:
        """Temporary where it failed."""
        ...


class Watchman:
    """Asks `sources` (by name) for what needs the admin now. `command` gives the present one; `on_queued` is called
    when a mail was queued."""

    def __init__(
        self,
        database: Database,
        desk: Callable[[], Desk],
        clock: Clock,
        sources: Mapping[str, Source],
        *,
        command: Callable[[], Command | None] = lambda: None,
        on_queued: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._desk = desk
        self._clock = clock
        self._sources = dict(sources)
        self._command = command
        self._news = asyncio.Event()
        self._on_queued = on_queued
        self._last: dict[str, tuple[Concern, ...]] = {}  # what each source said
        self._seen: dict[str, Presence] = {}
        self._alerts: dict[str, Alert] = {}  # open, or heard of within a day
        self._unsaved: set[str] = set()
        self._is_loaded = False
        self._looking = asyncio.Lock()
        self._turn = asyncio.Lock()  # for `_alerts` and their rows
        self._paging: asyncio.Task[None] | None = None
        self._failures = 0
        self._rests_until: datetime | None = None

    @property
    def seen(self) -> Mapping[str, Presence]:
        """What was named lately, by its key."""
        return self._seen

    def wake(self) -> None:
        """Something needs the admin since just now."""
        self._news.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop: look, then wait."""
        while not stop.is_set():
            self._news.clear()
            try:
                await self.look()
            except (Temporary, TimeoutError) as error:
                _log.warning("alerts are not written", reason=str(error) or "no answer from the database")
            except Exception:  # ours: the next look may fare better
                _log.exception("the watchman failed")
            await first_of(stop, self._news, seconds=LOOK_EACH)
        await self.paged(STOP_WITHIN)

    async def look(self) -> None:
        """Ask once, and tell what is to be told. Temporary or TimeoutError where it can't be written."""
        async with self._looking:
            now = self._clock.now()
            present = await self._present()
            try:
                await self._load(now)
            finally:  # whatever the database says
                self._note(present, now)
                try:
                    if self._is_loaded:
                        await self._tell(now)
                finally:
                    await self._begin_paging(now)

    async def paged(self, within: float | None = None) -> None:
        """Wait until the command that is under way has ended; after `within` seconds it is stopped."""
        if self._paging is not None:
            await asyncio.wait({self._paging}, timeout=within)
            self._paging.cancel()
            await asyncio.wait({self._paging})

    async def _present(self) -> list[Concern]:
        """What all sources say. One that fails is taken to say what it said last."""
        for name, source in self._sources.items():
            try:
                async with asyncio.timeout(ANSWERS_WITHIN):
                    said = source()
                    self._last[name] = tuple(await said if inspect.isawaitable(said) else said)
            except Exception as error:
                _log.warning("a part does not say how it is", part=name, error=repr(error))
        return [concern for said in self._last.values() for concern in said]

    async def _load(self, now: datetime) -> None:
        if not self._is_loaded:
            async with asyncio.timeout(ANSWERS_WITHIN):
                found = await self._database.read(lambda session: rows.load(session, now - plan.AGAIN_AFTER))
            self._alerts = plan.merged(found, self._alerts)
            self._seen = plan.remembered(found, now) | self._seen
            self._is_loaded = True

    def _note(self, present: Iterable[Concern], now: datetime) -> None:
        self._seen = plan.noted(self._seen, present, now)
        for alert in plan.changed(self._seen, self._alerts, now):
            self._alerts[alert.key] = alert
            self._unsaved.add(alert.key)
            event = "alert" if alert.is_open else "alert ended"
            _log.warning(event, key=alert.key, notice=alert.concern.notice, since=alert.raised_at.isoformat())

    async def _tell(self, now: datetime) -> None:
        """Write what has changed, and queue the mails that are owed."""
        tell = plan.to_tell(self._seen, self._alerts.values(), now)
        mails = [mail for alert in tell if (mail := self._mail(alert, now)) is not None]
        await self._save(now, tell, mails)
        if mails:
            self._on_queued()
        self._alerts = {k: a for k, a in self._alerts.items() if k in self._unsaved or not plan.is_past(a, now)}

    def _mail(self, alert: Alert, now: datetime) -> QueueMail | None:
        """The mail; None where it can't be written by a fault of ours or of a template: the command will tell."""
        try:
            return plan.alert_mail(self._desk(), alert, now)
        except Exception:
            _log.exception("the admin can't be told by mail", key=alert.key)
            return None

    async def _save(self, now: datetime, tell: Sequence[Alert] = (), mails: Sequence[QueueMail] = ()) -> None:
        async with self._turn:
            told = {alert.key: replace(self._alerts[alert.key], told_at=now) for alert in tell}
            saved = {key: told.get(key, self._alerts[key]) for key in {*self._unsaved, *told}}
            if not saved:
                return

            def work(session: Session) -> None:
                rows.save(session, saved.values())
                apply(session, mails, now)

            async with asyncio.timeout(ANSWERS_WITHIN):
                await self._database.write(work)
            self._alerts |= told
            self._unsaved -= saved.keys()

    async def _begin_paging(self, now: datetime) -> None:
        """Run the command for what is due, in a task of its own: nobody waits for it."""
        is_busy = self._paging is not None and not self._paging.done()
        command = self._command()
        if command is None or is_busy or (self._rests_until is not None and now < self._rests_until):
            return
        late = plan.late_mails(self._alerts.values(), now)
        sent = await self._sent(late) if late else set()
        if due := plan.to_page(self._alerts.values(), sent, now):
            self._paging = asyncio.create_task(self._page(command, due), name="alert command")

    async def _sent(self, keys: Sequence[str]) -> set[str]:
        """Which of these mails have left. All, where that can't be read: then the database itself is the matter."""
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                states = await self._database.read(lambda session: rows.mail_states(session, keys))
        except (Temporary, TimeoutError):
            return set(keys)
        return {key for key, state in states.items() if state == "sent"}

    async def _page(self, command: Command, due: Sequence[Alert]) -> None:
        for alert in due:
            try:
                await command.run(self._words(alert))
            except Exception as error:
                first, longest = PAUSES
                rest = min(longest, first * 2 ** min(self._failures, 20))
                self._failures += 1
                self._rests_until = self._clock.now() + rest
                is_ours = not isinstance(error, Temporary)
                said, seconds = repr(error) if is_ours else str(error), rest.total_seconds()
                _log.warning("alert command failed", key=alert.key, error=said, seconds=seconds, exc_info=is_ours)
                return
            self._failures, self._rests_until = 0, None
            now = self._clock.now()
            async with self._turn:
                self._alerts[alert.key] = replace(self._alerts.get(alert.key, alert), paged_at=now)
                self._unsaved.add(alert.key)
            try:
                await self._save(now)
            except (Temporary, TimeoutError) as error:  # the next look writes it
                _log.warning("alerts are not written", reason=str(error) or "no answer from the database")

    def _words(self, alert: Alert) -> dict[str, Any]:
        try:
            return plan.page(self._desk(), alert)
        except Exception:
            _log.exception("an alert can't be put into its words", key=alert.key)
            return plan.bare_page(self._desk(), alert)
