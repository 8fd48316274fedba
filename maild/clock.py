"""The only reader of the wall clock. Everything else is given `now`."""

import asyncio
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is, and how to wait. Instants are aware and in UTC."""

    def now(self) -> datetime:
        """The present instant."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
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

    async def sleep(self, seconds: float) -> None:
        """Wait in real time."""
        await asyncio.sleep(seconds)


class VirtualClock:
    """A clock that stands still until it is set; the simulator's and the tests'."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        """The instant it was last set to, in UTC."""
        return self._now

    def set(self, now: datetime) -> None:
        """Move to that instant. Time never goes back."""
        if now < self._now:
            raise ValueError(f"time does not go back: {self._now} -> {now}")
        self._now = now.astimezone(UTC)

    async def sleep(self, seconds: float) -> None:
        """Virtual time moves only by `set`; a sleeper yields and goes on."""
        await asyncio.sleep(0)
