"""Where is a mail read? Here if it is small; a large one in a process that can be killed, so that none stops the desk.

Reading is total and bounded by limits (reading/prescan.py); the process is for what nobody thought of: a decoder that
never ends, or one that takes the process with it.
"""

import asyncio
import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection

from maild.mail import ParsedMail
from maild.reading import read

HERE = 256 * 1024  # octets; above it a mail is read in the other process
READ_WITHIN = 30.0  # seconds that the other process has for one mail


def end_with_the_desk() -> None:
    """In the other process: end when this one is gone, however it went; a pool's worker would wait for ever."""
    desk = multiprocessing.parent_process()
    assert desk is not None

    def watch() -> None:
        connection.wait([desk.sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="desk-watch", daemon=True).start()


class Reader:
    """Reads mails. `work` is what the other process runs for a large one; it must be importable there."""

    def __init__(
        self, *, here: int = HERE, within: float = READ_WITHIN, work: Callable[[bytes], ParsedMail] = read
    ) -> None:
        self._here = here
        self._within = within
        self._work = work
        self._pool: ProcessPoolExecutor | None = None

    async def read(self, raw: bytes) -> ParsedMail:
        """What stands in the mail; one that killed or outlasted its process comes back as unreadable."""
        if len(raw) <= self._here:
            return read(raw)
        if self._pool is None:
            spawn = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(1, spawn, end_with_the_desk, max_tasks_per_child=100)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._within):
                return await loop.run_in_executor(self._pool, self._work, raw)
        except TimeoutError:
            self.close()
            return ParsedMail(None, unreadable="reading-took-too-long", size=len(raw))
        except BrokenProcessPool:
            self.close()
            return ParsedMail(None, unreadable="reading-died", size=len(raw))

    def close(self) -> None:
        """End the other process, whatever it does; the next large mail gets a new one."""
        pool, self._pool = self._pool, None
        if pool is not None:
            for process in list((pool._processes or {}).values()):
                process.kill()
            pool.shutdown(wait=False, cancel_futures=True)
