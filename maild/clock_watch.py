"""Can the clock be believed? One that jumps ahead would end every wait and break every promise (reliability T03).

The clock is compared with the machine's own count of the time, which goes on while it sleeps. Where it jumps ahead by
more than a day nothing fires until it has come back, an admin has confirmed it, or HOLDS_FOR is over. Whether it jumped
while maild was not running nobody can know: that is an outage like any other. A clock that goes back fires nothing
again, since what has fired is written down.
"""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import structlog

from maild.clock import CountingClock
from maild.concern import Concern
from maild.store.clock_doubt import HOLDS_FOR, doubt, doubted_since, settle
from maild.store.database import Database

MOST = timedelta(days=1)
_log = structlog.get_logger("maild.clock")


class ClockWatch:
    """Asked before anything fires."""

    def __init__(self, database: Database, clock: CountingClock) -> None:
        self._database = database
        self._clock = clock
        self._last: tuple[datetime, float] | None = None
        self._since: datetime | None = None  # the instant to which it jumped
        self._ahead = timedelta()
        self._looking = asyncio.Lock()  # the sweeper asks, and the sender

    async def is_in_doubt(self) -> bool:
        """Whether what seems due has to wait."""
        async with self._looking:
            return await self._look()

    async def _look(self) -> bool:
        now, elapsed = self._clock.now(), self._clock.elapsed()
        before, self._last = self._last, (now, elapsed)
        if before is None:  # the doubt of an earlier life lasts
            self._since = await self._database.read(doubted_since)
        else:
            step = now - before[0] - timedelta(seconds=elapsed - before[1])
            if step > MOST:
                _log.warning("the clock has jumped ahead", seconds=round(step.total_seconds()), now=now.isoformat())
                await self._database.write(partial(doubt, now=now, before=before[0]))
                self._since, self._ahead = now, step
        if self._since is not None:
            self._since = await self._database.read(doubted_since)
        if self._since is not None and not self._since <= now < self._since + HOLDS_FOR:
            _log.warning("the clock is believed again", now=now.isoformat(), is_back=now < self._since)
            await self._database.write(settle)
            self._since = None
        return self._since is not None

    def concerns(self) -> list[Concern]:
        """`clock-ahead` while it is in doubt: by how many days, for how many hours at most nothing fires."""
        if self._since is None:
            return []
        details = (f"{self._ahead / timedelta(days=1):.0f}", f"{HOLDS_FOR / timedelta(hours=1):.0f}")
        return [Concern("clock-ahead", "clock-ahead", details)]
