"""Which mailboxes are read now? Those of the rules in force, a task for each; another server or account, another task.

A mailbox that is no longer in the rules is read until maild starts anew (config/restart.py): it has tickets.
"""

import asyncio
from collections.abc import Callable

import structlog

from maild.ingest.poller import Poller
from maild.parts import PartEnded
from maild.settings import Imap, Settings

ENDS_WITHIN = 10.0  # seconds that are left to a sweep where the rules name another server
_log = structlog.get_logger("maild.ingest")


class Reception:
    """Runs a poller for each mailbox. `settings` gives the present ones, `make` a poller by the mailbox's name."""

    def __init__(self, settings: Callable[[], Settings], make: Callable[[str, Settings], Poller]) -> None:
        self.pollers: dict[str, Poller] = {}  # always the same mapping, for whoever looks at them
        self._settings = settings
        self._make = make
        self._read_at: dict[str, Imap] = {}
        self._running: dict[str, tuple[asyncio.Task[None], asyncio.Event]] = {}  # with what ends it
        self._news = asyncio.Event()
        self._set_up()

    def rules_changed(self) -> None:
        """There may be other mailboxes."""
        self._news.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop. A poller that ends by itself ends this: PartEnded, or what it raised."""
        stopped = asyncio.ensure_future(stop.wait())
        try:
            self._begin(*self.pollers)
            while not stop.is_set():
                news = asyncio.ensure_future(self._news.wait())
                tasks = [task for task, _ in self._running.values()]
                await asyncio.wait((stopped, news, *tasks), return_when=asyncio.FIRST_COMPLETED)
                news.cancel()
                for task in tasks if not stop.is_set() else ():
                    if task.done():
                        raise _fault(task)
                if self._news.is_set():
                    self._news.clear()
                    await self._follow()
            await self._end(*self._running, within=None)
        finally:
            stopped.cancel()
            for task, _ in self._running.values():
                task.cancel()
            await asyncio.wait((stopped, *(task for task, _ in self._running.values())))

    async def _follow(self) -> None:
        """Begin what is new, and end what is read elsewhere now."""
        moved = [name for name, imap in self._wanted().items() if self._read_at.get(name, imap) != imap]
        await self._end(*moved, within=ENDS_WITHIN)
        rescanning = [name for name in moved if self.pollers[name].is_rescanning]
        for name in self._set_up():
            _log.info("another mailbox is read", mailbox=name)
            if name in rescanning:
                self.pollers[name].rescan()
            self._begin(name)

    def _wanted(self) -> dict[str, Imap]:
        boxes = self._settings().mailboxes
        return {name: box.imap for name, box in boxes.items() if box.imap is not None}

    def _set_up(self) -> list[str]:
        """Pollers for what is not read yet, or not there; their names."""
        wanted = self._wanted()
        names = [name for name, imap in wanted.items() if self._read_at.get(name) != imap]
        for name in names:
            self.pollers[name] = self._make(name, self._settings())
            self._read_at[name] = wanted[name]
        return names

    def _begin(self, *names: str) -> None:
        for name in names:
            end = asyncio.Event()
            self._running[name] = asyncio.create_task(self.pollers[name].run(end), name=f"poller {name}"), end

    async def _end(self, *names: str, within: float | None) -> None:
        """Tell these to end, and wait for it, no longer than that."""
        ending = [self._running[name] for name in names]
        for _, end in ending:
            end.set()
        if ending:
            late = (await asyncio.wait([task for task, _ in ending], timeout=within))[1]
            for task in late:
                task.cancel()
            await asyncio.wait([task for task, _ in ending])
        for name in names:
            task, _ = self._running.pop(name)
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error


def _fault(task: asyncio.Task[None]) -> BaseException:
    if not task.cancelled() and (error := task.exception()) is not None:
        return error
    return PartEnded(f"{task.get_name()} {'was cancelled' if task.cancelled() else 'returned'}")
