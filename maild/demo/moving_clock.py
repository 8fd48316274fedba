"""What time is it in the story? The real time, and as many days more as have passed in the story."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from maild.clock import SystemClock


class MovingClock:
    """The real time, and as many days more as have passed in the story."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._real = SystemClock()
        self._ahead = timedelta()
        self._zone = zone

    def now(self) -> datetime:
        """The present instant of the story, in UTC."""
        return self._real.now() + self._ahead

    def elapsed(self) -> float:
        """The story's days pass truly."""
        return self._real.elapsed() + self._ahead.total_seconds()

    async def sleep(self, seconds: float) -> None:
        """Wait in real time."""
        await self._real.sleep(seconds)

    def pass_days(self, days: int) -> None:
        """So many days later, at the same time by the clock on the wall."""
        now = self.now()
        later = now.astimezone(self._zone) + timedelta(days=days)
        self._ahead += later.astimezone(now.tzinfo) - now
