"""How does what became of a mail get to the disk, however long the store is away? One of these for each connection.

The next mail may go as far as its envelope while this is under way: whoever begins DATA waits for `done` first.
"""

import asyncio
from collections.abc import Callable

from maild.clock import Clock
from maild.errors import Temporary
from maild.outbox import retry
from maild.outbox.ports import Log, OutboxStore, Outgoing
from maild.outbox.retry import Settlement


class Settling:
    """Settles rows, at most one of them in the background."""

    def __init__(self, store: OutboxStore, clock: Clock, jitter: Callable[[float], float], log: Log) -> None:
        self._store = store
        self._clock = clock
        self._jitter = jitter
        self._log = log
        self._task: asyncio.Task[None] | None = None

    async def begin(self, mail: Outgoing, settled: Settlement, stop: asyncio.Event) -> None:
        """Settle in the background, after what was begun before."""
        await self.done()
        self._task = asyncio.create_task(self.settle(mail, settled, stop))

    async def done(self) -> None:
        """Wait until what was begun is on the disk."""
        task = self._task
        if task is not None:
            await asyncio.wait((task,))
            self._task = None
            task.result()

    def cancel(self) -> None:
        """Give up: the row stays as a crash would leave it."""
        if self._task is not None:
            self._task.cancel()

    async def settle(self, mail: Outgoing, settled: Settlement, stop: asyncio.Event) -> None:
        """Note what became of it, however long the store is away: sending again would be the alternative."""
        failures, tells = 0, True
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
                    tells=tells,
                )
            except Temporary as error:
                failures += 1
                self._log.warning("outbox-not-settled", outbox=mail.id, state=settled.state, error=str(error))
                if stop.is_set():
                    return  # it stays `sending`: recovered at the next start
                await rest(self._clock, self._jitter(retry.pause_for(failures)), stop)
            except Exception as error:  # ours, in the words to the agent: the state of the row matters more
                if not tells:
                    raise
                self._log.error("our-fault", outbox=mail.id, template=mail.template, error=repr(error), exc_info=True)
                tells = False
            else:
                self._log.info(
                    "mail-" + settled.state, outbox=mail.id, template=mail.template, reason=settled.reason,
                    attempt=mail.attempts,
                )  # fmt: skip
                return


async def rest(clock: Clock, seconds: float, *until: asyncio.Event) -> None:
    """Wait so long, or until one of the events is set."""
    if seconds <= 0:
        return
    tasks = [asyncio.ensure_future(clock.sleep(seconds)), *(asyncio.ensure_future(event.wait()) for event in until)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
