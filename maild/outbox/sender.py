"""How do queued mails leave? One task a connection, on one queue: claim, send, settle.

At least once: a row is settled after the server's reply, and what a crash leaves half-done is recovered at the start.
A row is noted as `in DATA` only when the one before it on that connection is settled on disk: a kill costs at most one
copy a connection. The order of each ticket and recipient is the store's: it gives only the oldest unsent of each pair.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from maild.clock import Clock
from maild.crash import point
from maild.errors import Temporary
from maild.outbox import retry
from maild.outbox.doubt import Doubt
from maild.outbox.outcome import Outcome, Refused, Sent, TransportDown, Uncertain
from maild.outbox.ports import Line, Log, OutboxStore, Outgoing
from maild.outbox.retry import Settlement
from maild.outbox.settling import Settling, rest

DRAIN_FOR = 30.0  # seconds that a stop leaves to what is in DATA
AT_LEAST, AT_MOST = 1.0, 60.0  # seconds between two looks at a queue with nothing to claim
CANCEL_EACH = 0.5  # seconds
IN_HAND = 10  # rows claimed at once for all connections: few, since whatever is queued now waits behind them


class _NotNow(Exception):
    """The store says at the last moment that the mail must not leave: somebody pulled the brake, or cancelled it."""


@dataclass
class _Shared:
    """What the connections have in common."""

    store: OutboxStore
    clock: Clock
    jitter: Callable[[float], float]
    log: Log
    drain_for: float
    may_send_to: Callable[[str], bool]
    hand: deque[Outgoing] = field(default_factory=deque)  # claimed and not begun
    claiming: asyncio.Lock = field(default_factory=asyncio.Lock)
    doubt: Doubt = field(default_factory=Doubt)
    sending: int = 0  # mails on their way now


class Sender:
    """Sends until it is told to stop.

    One task for each of `transports`. `jitter` spreads a number by a tenth (ids.jitter). `drain_for`: how many seconds
    a stop leaves to what is in DATA. `may_send_to`: whether mail to an address may leave at all (smtp.send_only_to).
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
        may_send_to: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._shared = _Shared(store, clock, jitter, log, drain_for, may_send_to)
        self._workers = [_Worker(self._shared, line, self.wake) for line in transports]

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
        shared = self._shared
        while not stop.is_set():
            try:
                await shared.store.recover(shared.clock.now())
                break
            except Temporary as error:
                shared.log.warning("outbox-not-recovered", error=str(error))
                await rest(shared.clock, AT_MOST, stop)
        async with asyncio.TaskGroup() as group:
            for worker in self._workers:
                group.create_task(worker.run(stop))
        await self._workers[0].put_back(stop)


class _Worker:
    """One transport's task."""

    def __init__(self, shared: _Shared, line: Line, wake_all: Callable[[], None]) -> None:
        self._shared = shared
        self._store = shared.store
        self._clock = shared.clock
        self._jitter = shared.jitter
        self._log = shared.log
        self._line = line
        self._wake_all = wake_all
        self._settling = Settling(shared.store, shared.clock, shared.jitter, shared.log)
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
                    self._wake_all()  # another connection may still be good for the rows that were put back
                    await rest(self._clock, delay, stop)  # not `woken`: a new mail mends nothing
                else:
                    failures = 0
                    await rest(self._clock, delay, stop, self.woken)
            await self._settling.done()
        finally:
            self._settling.cancel()
            await self._line.close()

    async def poll(self, stop: asyncio.Event) -> float:
        """Work on one row; how many seconds to wait before the next look. Temporary: transport or store are down."""
        try:
            mail = await self._take()
            if mail is not None:
                await self._work(mail, stop)
                return 0
            if self._shared.sending == 0 and await self._believe(stop):
                return 0  # nothing follows that could tell more
        except Temporary:
            await self.put_back(stop, in_doubt=False)
            raise
        now = self._clock.now()
        due = await self._store.next_due(now)
        # a due row that can't be claimed waits for an earlier one of its pair: no use in asking at once
        return min(max((due - now).total_seconds(), AT_LEAST), AT_MOST) if due else AT_MOST

    async def _take(self) -> Outgoing | None:
        """The next row in hand, or claimed now."""
        hand = self._shared.hand
        if not hand:
            await self._settling.done()  # the next of its pair may be claimed from now on
            async with self._shared.claiming:
                if not hand:
                    hand.extend(await self._store.claim(self._clock.now(), IN_HAND))
        return hand.popleft() if hand else None

    async def put_back(self, stop: asyncio.Event, *, in_doubt: bool = True) -> None:
        """What was claimed and not begun waits again, and (with `in_doubt`) what no later mail could tell about."""
        hand = list(self._shared.hand)
        self._shared.hand.clear()
        try:
            if hand:
                await self._store.put_back([mail.id for mail in hand], self._clock.now())
        except Temporary as error:  # in hand still; at a stop it is recovered at the next start
            self._log.warning("outbox-not-put-back", rows=len(hand), error=str(error))
            self._shared.hand.extend(hand)
        for refused in self._shared.doubt.take() if in_doubt else ():
            await self._settling.settle(refused.mail, retry.put_back(refused.mail.was_uncertain, "stopped"), stop)

    async def _work(self, mail: Outgoing, stop: asyncio.Event) -> None:
        """Send one row, unless it must not leave any more."""
        now = self._clock.now()
        if retry.is_over(mail.template, mail.was_uncertain):
            await self._settling.settle(mail, retry.UNCONFIRMED, stop)
        elif retry.is_stale(mail.template, mail.queued_at, now):
            await self._settling.settle(mail, retry.STALE, stop)
        elif not self._shared.may_send_to(mail.recipient):
            await self._settling.settle(mail, retry.NOT_ON_TRIAL, stop)
        else:
            self._shared.sending += 1
            try:
                await self._attempt(mail, stop)
            finally:
                self._shared.sending -= 1

    async def _attempt(self, mail: Outgoing, stop: asyncio.Event) -> None:
        """Send once and settle. Temporary, after settling, where the transport or the store are down."""
        point("K14")
        outcome: Outcome | None = None
        failure: str | None = None
        try:
            outcome = await self._send(mail, stop)
        except Temporary as error:  # of in_data: no byte has left
            failure = str(error)
            settled = retry.put_back(mail.was_uncertain, "store-failed", failure)
        except _NotNow:
            settled = retry.put_back(mail.was_uncertain, "paused")
            await self.put_back(stop, in_doubt=False)
        except Exception as error:  # ours: this mail waits for the mend, the next one goes on
            self._log.error("our-fault", outbox=mail.id, template=mail.template, error=repr(error), exc_info=True)
            settled = Settlement("held", "our-fault", repr(error))
        else:
            settled = self._settlement(mail, outcome)
        point("K18" if isinstance(outcome, Sent) else "K19")
        if isinstance(outcome, Refused) and self._shared.doubt.add(mail, outcome):
            await self._look_at_doubt(stop)
            return
        await self._settling.begin(mail, settled, stop)
        if isinstance(outcome, Sent):
            self._shared.doubt.accepted()
            await self._believe(stop)
        if isinstance(outcome, TransportDown):
            failure = outcome.text
            if outcome.is_configuration:
                self._log.error("smtp-configuration", error=failure)
        if failure is not None:
            await self._settling.done()
            raise Temporary(failure)

    def _settlement(self, mail: Outgoing, outcome: Outcome | None) -> Settlement:
        if outcome is None:
            return retry.put_back(mail.was_uncertain, "stopped")
        return retry.settlement(
            outcome,
            template=mail.template,
            attempts=mail.attempts,
            queued_at=mail.queued_at,
            was_uncertain=mail.was_uncertain,
            now=self._clock.now(),
            spread=self._jitter(1.0),
        )

    async def _believe(self, stop: asyncio.Event) -> bool:
        """Those in doubt were refused for themselves; whether there were any."""
        refused = self._shared.doubt.take()
        for each in refused:
            await self._settling.settle(each.mail, self._settlement(each.mail, each.refusal), stop)
        return bool(refused)

    async def _look_at_doubt(self, stop: asyncio.Event) -> None:
        """Temporary where too many different recipients were refused in a row: then none of them has failed."""
        if not self._shared.doubt.is_down:
            return
        refused = self._shared.doubt.take()
        next_at = self._clock.now() + retry.LONGEST_PAUSE
        for each in refused:
            detail = f"{each.refusal.code} {each.refusal.text}"
            waits = retry.put_back(each.mail.was_uncertain, "server-refuses-all", detail, next_at)
            await self._settling.settle(each.mail, waits, stop)
        text = f"the server refuses every mail: {refused[-1].refusal.code} {refused[-1].refusal.text}"
        self._log.error("smtp-refuses-all", error=text)
        raise Temporary(text)

    async def _send(self, mail: Outgoing, stop: asyncio.Event) -> Outcome | None:
        """The outcome; None if a stop came while the mail was surely not sent."""
        has_begun = False

        async def before_data() -> None:
            nonlocal has_begun
            await self._settling.done()
            has_begun = True
            if not await self._store.in_data(mail.id, self._clock.now()):
                has_begun = False
                raise _NotNow

        sending = asyncio.ensure_future(
            self._line.send(mail.sender, mail.recipient, mail.data, before_data=before_data)
        )
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait((sending, stopping), return_when=asyncio.FIRST_COMPLETED)
            if has_begun:
                await asyncio.wait((sending,), timeout=self._shared.drain_for)
        finally:
            stopping.cancel()
            while not sending.done():  # again: asyncio.wait_for of Python 3.11 may swallow one that meets a reply
                sending.cancel()
                await asyncio.wait((sending,), timeout=CANCEL_EACH)
        if not sending.cancelled():
            return sending.result()
        return Uncertain("stopped in DATA") if has_begun else None
