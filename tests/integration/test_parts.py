"""A part of the daemon that ends by itself ends the daemon: real parts, a real store, and no server that answers."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from maild.clock import SystemClock
from maild.daemon import Daemon, build
from maild.errors import DiskFailed
from maild.parts import PartEnded, run_together
from maild.settings import Settings

NOWHERE = {"host": "127.0.0.1", "port": 1, "tls": "none"}


def desk(folder: Path) -> Settings:
    secret = folder / "secret"
    secret.write_text("secret")
    secret.chmod(0o600)
    return Settings.model_validate(
        {
            "version": 1,
            "site": {"name": "Support", "reference": "ISY", "key": {"file": folder / "reference.key"}},
            "mailboxes": {
                "support": {
                    "address": "support@isybuy.example",
                    "imap": NOWHERE | {"user": "support", "password": {"file": secret}},
                }
            },
            "store": {"database": folder / "maild.db", "files": folder / "mails"},
            "smtp": NOWHERE,
            "admin": "admin@isybuy.example",
            "queues": {"support": {}},
            "people": {"agents": [{"name": "Léa Martin", "address": "lea@isybuy.example"}]},
            "rules": [{"name": "all", "then": {"assign": "least_loaded"}}],
        }
    )


async def parts_of(daemon: Daemon, names: set[str]) -> dict[str, asyncio.Task[Any]]:
    """The running tasks of the parts, once all have begun and come to rest."""
    async with asyncio.timeout(10):
        while True:
            tasks = {task.get_name(): task for task in asyncio.all_tasks()}
            if names <= tasks.keys():
                await asyncio.sleep(0.2)
                return {name: tasks[name] for name in names}
            await asyncio.sleep(0.01)


PARTS = ["poller support", "intake", "sweeper", "outbox", "watch", "watchman", "audit"]


@pytest.mark.parametrize("name", PARTS)
async def test_a_part_that_is_cancelled_ends_the_daemon_loudly_and_in_order(tmp_path: Path, name: str) -> None:
    """Between two rounds, where each of them waits."""
    daemon, stop = build(desk(tmp_path), SystemClock()), asyncio.Event()
    before = asyncio.all_tasks()
    running = asyncio.create_task(daemon.run(stop))
    try:
        parts = await parts_of(daemon, set(PARTS))
        parts[name].cancel()
        with pytest.raises(BaseExceptionGroup) as failure:
            await asyncio.wait_for(running, 20)
        [cause] = failure.value.exceptions
        assert isinstance(cause, PartEnded) and str(cause) == f"{name} was cancelled"
        assert all(task.done() for task in parts.values())
        assert [task for other, task in parts.items() if other != name and task.cancelled()] == []
        assert asyncio.all_tasks() <= before, "nothing goes on without it"
    finally:
        daemon.reader.close()
        await daemon.database.close()


async def test_a_stop_ends_all_parts_quietly(tmp_path: Path) -> None:
    daemon, stop = build(desk(tmp_path), SystemClock()), asyncio.Event()
    running = asyncio.create_task(daemon.run(stop))
    try:
        parts = await parts_of(daemon, set(PARTS))
        stop.set()
        await asyncio.wait_for(running, 20)
        assert not any(task.cancelled() for task in parts.values())
    finally:
        daemon.reader.close()
        await daemon.database.close()


async def _works(stop: asyncio.Event, ended: list[str]) -> None:
    await stop.wait()
    ended.append("in order")


async def _fails(error: BaseException | None) -> None:
    await asyncio.sleep(0)
    if error is not None:
        raise error


@pytest.mark.parametrize(
    ("error", "raised", "ended"),
    [
        (None, PartEnded, ["in order"]),
        (ZeroDivisionError("a bug"), ZeroDivisionError, ["in order"]),
        (DiskFailed("gone"), DiskFailed, []),
    ],
    ids=["returns", "fails", "the disk fails"],
)
async def test_the_others_end_in_order_unless_nothing_can_be_relied_on(
    error: BaseException | None, raised: type[BaseException], ended: list[str]
) -> None:
    stop, seen, woken = asyncio.Event(), list[str](), asyncio.Event()
    with pytest.raises(BaseExceptionGroup) as failure:
        await run_together({"good": _works(stop, seen), "bad": _fails(error)}, stop, woken.set, 5)
    assert [type(each) for each in failure.value.exceptions] == [raised]
    assert seen == ended and woken.is_set() == stop.is_set() == bool(ended)


async def test_a_part_that_does_not_end_after_the_stop_is_ended(tmp_path: Path) -> None:
    stop, seen = asyncio.Event(), list[str]()
    stop.set()
    await run_together({"good": _works(stop, seen), "deaf": asyncio.sleep(3600)}, stop, lambda: None, 0.05)
    assert seen == ["in order"]


async def test_who_cancels_the_daemon_leaves_no_part_behind() -> None:
    before = asyncio.all_tasks()
    stop = asyncio.Event()
    all_of_it = asyncio.create_task(run_together({"good": _works(stop, [])}, stop, lambda: None, 5))
    await asyncio.sleep(0.01)
    all_of_it.cancel()
    with pytest.raises(asyncio.CancelledError):
        await all_of_it
    assert asyncio.all_tasks() <= before
