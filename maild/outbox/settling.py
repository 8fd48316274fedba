"""How does what became of a mail get to the disk, however long the store is away? One of these for each connection.

The next mail may go as far as its envelope while this is under way: whoever begins DATA waits for `done` first.
"""

import asyncio
from collections.abc import Callable

from maild.clock import Clock, rest
from maild.errors import STORE_PAUSE, Temporary
from maild.outbox import retry
from maild.outbox.ports import Log, OutboxStore, Outgoing
from maild.outbox.retry import Settlement

MOST_OF_OURS = 3  # tries at a row that a bug of ours keeps from being settled


class Settling:
    """Settles rows, at most one of them in the background."""

    def __init__(self, store: OutboxStore, clock: Clock, jitter: Callable[[float], float], log: Log) -> None:
        self._store = store
        self._clock = clock
        self._jitter = jitter
        self._log = log
        self._task: asyncio.Task[None] | None = None
        self._begun: tuple[Outgoing, Settlement, asyncio.Event] | None = None
        self.has_given_up = False  # on a row, which stays `sending` until a recovery

    async def begin(self, mail: Outgoing, settled: Settlement, stop: asyncio.Event) -> None:
        """Settle in the background, after what was begun before."""
        await self.done()
        self._begun = mail, settled, stop
        self._task = asyncio.create_task(self.settle(*self._begun))

    async def done(self) -> None:
        """Wait until what was begun is on the disk. Raises what is no Exception alone: see `settle`."""
        task, begun = self._task, self._begun
        if task is None or begun is None:
            return
        await asyncio.wait((task,))
        if task is not self._task:  # another one waited too, and was first
            return
        self._task = self._begun = None
        if task.cancelled():  # by nobody of ours: once more, since the row would stay `sending`
            self._log.error("our-fault", outbox=begun[0].id, error="settling was cancelled")
            await self.settle(*begun)
        elif (error := task.exception()) is not None:
            raise error

    async def cancel(self) -> None:
        """Give up: the row stays as a crash would leave it."""
        task, self._task, self._begun = self._task, None, None
        if task is not None and not task.done():
            task.cancel()
            await asyncio.wait((task,))

    async def settle(self, mail: Outgoing, settled: Settlement, stop: asyncio.Event) -> None:
        """Note what became of it, however long the store is away: sending again would be the alternative.

        A bug of ours is logged and never raised, since the next mail is no part of it: the row is tried MOST_OF_OURS
        times; where that does not help, `has_given_up` ends the round, so that it is recovered.
        """
        failures, ours, tells = 0, 0, True
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
            except Exception as error:  # ours, in the words to the agent: the state of the row matters more
                ours, tells = ours + 1, False
                self._log.error("our-fault", outbox=mail.id, template=mail.template, error=repr(error), exc_info=True)
                if ours == 1:
                    continue
                failures += 1
            else:
                self._log.info(
                    "mail-" + settled.state, outbox=mail.id, template=mail.template, reason=settled.reason,
                    attempt=mail.attempts,
                )  # fmt: skip
                return
            if stop.is_set() or ours >= MOST_OF_OURS:
                self.has_given_up = True
                return
            await rest(self._clock, self._jitter(min(retry.pause_for(failures), STORE_PAUSE)), stop)
