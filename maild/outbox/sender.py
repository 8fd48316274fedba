"""How do queued mails leave? One task a connection, on one queue: claim, send, settle.

At least once: a row is settled after the server's reply, and what a crash leaves half-done is recovered at the start.
The order of each ticket and recipient is the store's: it gives only the oldest unsent row of each pair.
"""

import asyncio
from collections.abc import Callable, Sequence

from maild.clock import Clock
from maild.errors import Temporary
from maild.outbox import retry
from maild.outbox.outcome import Outcome, TransportDown, Uncertain
from maild.outbox.ports import Line, Log, OutboxStore, Outgoing
from maild.outbox.retry import Settlement

DRAIN_FOR = 30.0  # seconds that a stop leaves to what is in DATA
AT_LEAST, AT_MOST = 1.0, 60.0  # seconds between two looks at a queue with nothing to claim


class Sender:
    """Sends until it is told to stop.

    One task for each of `transports`. `jitter` spreads a number by a tenth (ids.jitter). `drain_for`: how many seconds
    a stop leaves to what is in DATA.
    """

    def __init__(
        self,
        store: OutboxStore,
        transports: Sequence[Line],
        *,
        clock: Clock,
        jitter: Callable[[float], float],
        log: Log,
        drain_for: float = DRAIN_FOR,
    ) -> None:
        self._store = store
        self._clock = clock
        self._log = log
        self._workers = [_Worker(store, line, clock, jitter, log, drain_for, self.wake) for line in transports]

    def wake(self) -> None:
        """Something was queued: look now. To be called in the event loop's thread."""
        for worker in self._workers:
            worker.woken.set()

    async def drain(self) -> None:
        """Send whatever is due now and return: for a clock that stands still until somebody moves it."""
        never = asyncio.Event()
        while await self._workers[0].poll(never) == 0:
            pass

    async def run(self, stop: asyncio.Event) -> None:
        """Recover, then send until `stop`; then finish what is in DATA and put back what was not."""
        while not stop.is_set():
            try:
                await self._store.recover(self._clock.now())
                break
            except Temporary as error:
                self._log.warning("outbox-not-recovered", error=str(error))
                await _rest(self._clock, AT_MOST, stop)
        async with asyncio.TaskGroup() as group:
            for worker in self._workers:
                group.create_task(worker.run(stop))


class _Worker:
    """One transport's task."""

    def __init__(
        self,
        store: OutboxStore,
        line: Line,
        clock: Clock,
        jitter: Callable[[float], float],
        log: Log,
        drain_for: float,
        wake_all: Callable[[], None],
    ) -> None:
        self._store = store
        self._line = line
        self._clock = clock
        self._jitter = jitter
        self._log = log
        self._drain_for = drain_for
        self._wake_all = wake_all
        self.woken = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        failures = 0
        try:
            while not stop.is_set():
                self.woken.clear()
                try:
                    delay = await self.poll(stop)
                except Exception as error:
                    failures += 1
                    delay = self._jitter(retry.pause_for(failures))
                    if isinstance(error, Temporary):
                        self._log.warning("outbox-pauses", error=str(error), seconds=round(delay, 1))
                    else:  # ours, and outside any one mail: the loop lives
                        self._log.error("our-fault", error=repr(error), seconds=round(delay, 1), exc_info=True)
                    self._wake_all()  # another connection may still be good for the row that was put back
                    await _rest(self._clock, delay, stop)  # not `woken`: a new mail mends nothing
                else:
                    failures = 0
                    await _rest(self._clock, delay, stop, self.woken)
        finally:
            await self._line.close()

    async def poll(self, stop: asyncio.Event) -> float:
        """Work on one row; how many seconds to wait before the next look. Temporary: transport or store are down."""
        now = self._clock.now()
        for mail in await self._store.claim(now, 1):
            if retry.is_over(mail.template, mail.was_uncertain):
                await self._settle(mail, retry.UNCONFIRMED, stop)
            else:
                await self._attempt(mail, stop)
            return 0
        due = await self._store.next_due(now)
        # a due row that can't be claimed waits for an earlier one of its pair: no use in asking at once
        return min(max((due - now).total_seconds(), AT_LEAST), AT_MOST) if due else AT_MOST

    async def _attempt(self, mail: Outgoing, stop: asyncio.Event) -> None:
        """Send once and settle. Temporary, after settling, where the transport or the store are down."""
        waiting = "uncertain" if mail.was_uncertain else "queued"
        outcome: Outcome | None = None
        failure: str | None = None
        try:
            outcome = await self._send(mail, stop)
        except Temporary as error:  # of in_data: no byte has left
            failure = str(error)
            settled = Settlement(waiting, "store-failed", failure, count_attempt=False)
        except Exception as error:  # ours: this mail waits for the mend, the next one goes on
            self._log.error("our-fault", outbox=mail.id, template=mail.template, error=repr(error), exc_info=True)
            settled = Settlement("held", "our-fault", repr(error))
        else:
            if outcome is None:
                settled = Settlement(waiting, "stopped", count_attempt=False)
            else:
                settled = retry.settlement(
                    outcome,
                    template=mail.template,
                    attempts=mail.attempts,
                    queued_at=mail.queued_at,
                    was_uncertain=mail.was_uncertain,
                    now=self._clock.now(),
                    spread=self._jitter(1.0),
                )
        await self._settle(mail, settled, stop)
        if isinstance(outcome, TransportDown):
            failure = outcome.text
            if outcome.is_configuration:
                self._log.error("smtp-configuration", error=failure)
        if failure is not None:
            raise Temporary(failure)

    async def _send(self, mail: Outgoing, stop: asyncio.Event) -> Outcome | None:
        """The outcome; None if a stop came while the mail was surely not sent."""
        has_begun = False

        async def before_data() -> None:
            nonlocal has_begun
            has_begun = True
            await self._store.in_data(mail.id, self._clock.now())

        sending = asyncio.ensure_future(
            self._line.send(mail.sender, mail.recipient, mail.data, before_data=before_data)
        )
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait((sending, stopping), return_when=asyncio.FIRST_COMPLETED)
            if has_begun:
                await asyncio.wait((sending,), timeout=self._drain_for)
        finally:
            stopping.cancel()
            if not sending.done():
                sending.cancel()
                await asyncio.wait((sending,))
        if not sending.cancelled():
            return sending.result()
        return Uncertain("stopped in DATA") if has_begun else None

    async def _settle(self, mail: Outgoing, settled: Settlement, stop: asyncio.Event) -> None:
        """Note what became of it, however long the store is away: sending again would be the alternative."""
        failures = 0
        while True:
            try:
                await self._store.settle(
                    mail.id,
                    state=settled.state,
                    reason=settled.reason,
                    detail=settled.detail,
                    next_at=settled.next_at,
                    now=self._clock.now(),
                    count_attempt=settled.count_attempt,
                )
            except Temporary as error:
                failures += 1
                self._log.warning("outbox-not-settled", outbox=mail.id, state=settled.state, error=str(error))
                if stop.is_set():
                    return  # it stays `sending`: recovered at the next start
                await _rest(self._clock, self._jitter(retry.pause_for(failures)), stop)
            else:
                self._log.info(
                    "mail-" + settled.state, outbox=mail.id, template=mail.template, reason=settled.reason,
                    attempt=mail.attempts,
                )  # fmt: skip
                return


async def _rest(clock: Clock, seconds: float, *until: asyncio.Event) -> None:
    """Wait so long, or until one of the events is set."""
    if seconds <= 0:
        return
    tasks = [asyncio.ensure_future(clock.sleep(seconds)), *(asyncio.ensure_future(event.wait()) for event in until)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
