"""The only reader of the wall clock. Everything else is given `now`."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What time it is, and how to wait. Instants are aware and in UTC."""

    def now(self) -> datetime:
        """The present instant."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class CountingClock(Clock, Protocol):
    """One that knows too how much time has truly passed."""

    def elapsed(self) -> float:
        """Seconds by the machine's own count, whatever the clock is set to; only differences mean anything."""
        ...


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


class SystemClock:
    """The real one."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)

    def elapsed(self) -> float:
        """Seconds since the machine was started, those included in which it slept."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    async def sleep(self, seconds: float) -> None:
        """Wait in real time."""
        await asyncio.sleep(seconds)


class VirtualClock:
    """A clock that stands still until it is set; the simulator's and the tests'."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)
        self._elapsed = 0.0

    def now(self) -> datetime:
        """The instant it was last set to, in UTC."""
        return self._now

    def set(self, now: datetime) -> None:
        """Move to that instant. Time never goes back."""
        if now < self._now:
            raise ValueError(f"time does not go back: {self._now} -> {now}")
        self._elapsed += (now - self._now).total_seconds()
        self._now = now.astimezone(UTC)

    def elapsed(self) -> float:
        """All time that has passed by `set`."""
        return self._elapsed

    def jump(self, by: timedelta) -> None:
        """The clock is set to another time, though none has passed."""
        self._now += by

    async def sleep(self, seconds: float) -> None:
        """Virtual time moves only by `set`; a sleeper yields and goes on."""
        await asyncio.sleep(0)
