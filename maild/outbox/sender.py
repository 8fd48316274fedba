"""How do queued mails leave? One task a connection, on one queue: claim, send, settle.

At least once: a row is settled after the server's reply, and what a crash leaves half-done is recovered at the start.
The order of each ticket and recipient is the store's: it gives only the oldest unsent of each pair. A connection's task
that ends though nobody said stop is like a crash: all of them end in order, the rows are recovered, all begin again.
"""

import asyncio
from collections.abc import Callable, Sequence

from maild.clock import Clock, rest
from maild.errors import Temporary, pause_after
from maild.outbox.health import Health, Status
from maild.outbox.ports import Line, Log, OutboxStore
from maild.outbox.shared import Shared
from maild.outbox.worker import AT_MOST, Worker

DRAIN_FOR = 30.0  # seconds that a stop leaves to what is in DATA
BETWEEN_ROUNDS = 5.0  # seconds: an end that comes again at once must not fill the log


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
        self._shared = Shared(store, clock, jitter, log, drain_for, may_send_to, Health(clock))
        self._workers = [Worker(self._shared, line, self.wake) for line in transports]

    @property
    def status(self) -> Status:
        """What it does now, and what of it needs a person (`status.concerns`)."""
        return self._shared.health.status

    def wake(self) -> None:
        """Something was queued: look now. To be called in the event loop's thread."""
        for worker in self._workers:
            worker.woken.set()

    def try_now(self) -> None:
        """An operator has mended something: rest no longer. To be called in the event loop's thread."""
        for worker in self._workers:
            worker.hurried.set()
        self.wake()

    async def drain(self) -> None:
        """Send whatever is due now and return: for a clock that stands still until somebody moves it."""
        never = asyncio.Event()
        while await self._workers[0].poll(never) == 0:
            pass

    async def run(self, stop: asyncio.Event) -> None:
        """Recover, then send until `stop`; then finish what is in DATA and put back what was not."""
        while await self._recover(stop):
            await self._round(stop)
            await self._shared.put_back()
            self._shared.hand.clear()  # where the store is away: recovered next time
            await rest(self._shared.clock, BETWEEN_ROUNDS, stop)

    async def _recover(self, stop: asyncio.Event) -> bool:
        """False once the stop has come."""
        shared, tells = self._shared, True
        while not stop.is_set():
            try:
                await shared.store.recover(shared.clock.now(), tells=tells)
                return True
            except Temporary as error:
                shared.log.warning("outbox-not-recovered", error=str(error))
                await rest(shared.clock, pause_after(error, AT_MOST), stop)
            except Exception as error:  # ours, in the words to an agent: the states of the rows matter more
                if not tells:
                    raise
                shared.log.error("our-fault", error=repr(error), exc_info=True)
                tells = False
        return False

    async def _round(self, stop: asyncio.Event) -> None:
        """All connections, until `stop` or until the task of one ends by itself. Raises what is no Exception."""
        end = asyncio.Event()
        tasks = [asyncio.create_task(worker.run(end)) for worker in self._workers]
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait((*tasks, stopping), return_when=asyncio.FIRST_COMPLETED)
            end.set()
            if not any(map(_grave, tasks)):
                await asyncio.wait(tasks)
        finally:
            for task in (*tasks, stopping):
                task.cancel()
            await asyncio.wait((*tasks, stopping))
        for task in tasks:
            if (grave := _grave(task)) is not None:
                raise grave
            if task.cancelled():
                self._shared.log.error("our-fault", error="a connection's task was cancelled")
            elif (error := task.exception()) is not None:
                self._shared.log.error("our-fault", error=repr(error), exc_info=error)


def _grave(task: asyncio.Task[None]) -> BaseException | None:
    """What no loop may live through: DiskFailed."""
    error = task.exception() if task.done() and not task.cancelled() else None
    return None if isinstance(error, Exception) else error
