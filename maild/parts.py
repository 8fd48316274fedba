"""How do the parts of the daemon run together? Until told to stop, or until one ends by itself: then none goes on.

A desk without one of its parts would look alive and not be. asyncio.TaskGroup says nothing where a task is cancelled.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import structlog

_log = structlog.get_logger("maild.daemon")


class PartEnded(Exception):
    """A part of the daemon returned, or was cancelled, though nobody had said stop."""


async def run_together(
    parts: Mapping[str, Coroutine[Any, Any, None]], stop: asyncio.Event, wake: Callable[[], None], within: float
) -> None:
    """Run all `parts`, a task each under its name, until `stop`; then `wake` is called, and they have `within` seconds.

    A part that ends before sets `stop`, so that the others end in order. What happened is raised as a group: PartEnded
    where the part raised nothing. What is no Exception (DiskFailed) ends all at once: nothing can be relied on.
    """
    tasks = [asyncio.create_task(part, name=name) for name, part in parts.items()]
    told = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((*tasks, told), return_when=asyncio.FIRST_COMPLETED)
        alone = [] if stop.is_set() else [task for task in tasks if task.done()]
        faults: list[BaseException] = [_fault(task) for task in alone]
        for task, fault in zip(alone, faults, strict=True):
            _log.error("a part has ended by itself", part=task.get_name(), error=repr(fault), exc_info=fault)
        if all(isinstance(fault, Exception) for fault in faults):
            stop.set()
            wake()
            for late in (await asyncio.wait(tasks, timeout=within))[1]:
                _log.warning("a part did not end in time", part=late.get_name())
    finally:
        for each in (*tasks, told):
            each.cancel()
        await asyncio.wait((*tasks, told))
    others = (task for task in tasks if task not in alone)
    faults += [error for other in others if not other.cancelled() and (error := other.exception()) is not None]
    if faults:
        raise BaseExceptionGroup("parts of the daemon have failed", faults)


def _fault(task: asyncio.Task[None]) -> BaseException:
    if not task.cancelled() and (error := task.exception()) is not None:
        return error
    return PartEnded(f"{task.get_name()} {'was cancelled' if task.cancelled() else 'returned'}")
