"""The keys as their file says them now. While the file is wrong, those that were read last stay.

So a key that was revoked is believed no longer within a second, and a daemon that runs for years gets its new ones.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from maild.config.keyfile import is_renewal_due, rotate_if_due
from maild.config.watching import is_being_written, stamp
from maild.errors import BadConfig, Problem
from maild.settings import Secret
from maild.threading.token import Keyring

_AGAIN_AFTER = timedelta(minutes=5)  # where a new key is due and can't be written
_log = structlog.get_logger("maild.rules")


class StandingKeys:
    """The keys behind `source`: of a file, where there is one now, since only then they came from it. `now` and
    `new_key` are the clock's and maild.ids'."""

    def __init__(
        self, source: Secret, ring: Keyring, now: Callable[[], datetime], new_key: Callable[[], bytes]
    ) -> None:
        self.ring = ring
        self.problems: tuple[Problem, ...] = ()  # why the file as it is now was not taken
        self._read = self._seen = stamp(source.file) if source.file else None
        self._file = source.file if self._read else None
        self._now = now
        self._new_key = new_key
        self._rests_until: datetime | None = None

    async def look(self) -> bool:
        """Whether there are other keys since. A file that has just changed is read when it has lain for a look."""
        if self._file is None:
            return False
        here, now = stamp(self._file), self._now()
        is_calm = here == self._seen and not is_being_written(self._file)
        self._seen = here
        is_due = is_renewal_due(self.ring, now) and not (self._rests_until and now < self._rests_until)
        if not is_calm or (here == self._read and not is_due):
            return False
        try:
            ring = await asyncio.to_thread(rotate_if_due, self._file, self.ring, now, self._new_key)
        except BadConfig as error:
            self._read, self._rests_until, self.problems = here, now + _AGAIN_AFTER, tuple(error.problems)
            _log.warning("key file refused, the old keys stay", first=str(error.problems[0]))
            return False
        # What was written since `here` by somebody else is seen at the next look; a new key of ours is read once more.
        self._read, self._rests_until, self.problems = here, None, ()
        is_new, self.ring = ring != self.ring, ring
        if is_new:
            _log.info("keys changed", keys=len(ring.keys), revoked=sum(key.is_revoked for key in ring.keys))
        return is_new
