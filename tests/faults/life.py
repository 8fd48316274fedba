"""What does one life of the daemon do in a forked child? It runs the real parts until nothing is left to do.

Real: settings, keys, templates, poller over IMAP, intake, sweeper, sender over SMTP, SQLite with synchronous=FULL. Two
things differ: the clock may be ahead, and large mails are read in this process, since starting the other one takes
longer than the whole life.
"""

import asyncio
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from faults.steps import FailAt
from sqlmodel import Session, col, func, or_, select

from maild import crash
from maild.clock import SystemClock
from maild.daemon import Daemon, build
from maild.ingest.poller import State
from maild.plan.letters import Desk
from maild.reader import Reader
from maild.store.tables import Inbound, Outbox, Timer


@dataclass
class Order:
    """What a child is to do."""

    rules: dict[str, Any]
    crash: str = ""  # K07:2
    ahead: float = 0.0  # seconds that its clock is ahead
    fail_at: int = 0  # the step that fails
    fail_as: str = ""  # with that exception
    report: str = ""  # a file for what the steps saw
    deadline: float = 20.0  # seconds, then it is killed and counts as hung
    has_end: bool = True  # it ends when idle


class AheadClock(SystemClock):
    """Shows a later time and waits as long as anybody."""

    def __init__(self, ahead: float) -> None:
        self._ahead = timedelta(seconds=ahead)

    def now(self) -> datetime:
        return super().now() + self._ahead


def live(order: Order, desk: Desk) -> int:
    """The child's whole life; its exit code: 0 when idle, 1 when the daemon ended by itself."""
    if order.crash:
        crash.arm(order.crash)
    steps = FailAt(order.fail_at, order.fail_as) if order.report else None
    try:
        return asyncio.run(_run(order, desk, steps))
    finally:
        if steps is not None:
            steps.report(order.report)


async def _run(order: Order, desk: Desk, steps: FailAt | None) -> int:
    daemon = build(desk.settings, AheadClock(order.ahead), desk=desk)
    daemon.intake._reader = Reader(here=2**30)
    stop = asyncio.Event()
    if steps is not None:
        asyncio.get_running_loop().set_task_factory(steps.task)
    running = asyncio.create_task(daemon.run(stop))
    while not running.done():
        if order.has_end and await is_idle(daemon):
            if steps is None:
                os._exit(0)  # as hard as a kill: nothing may depend on a polite end
            stop.set()
            await asyncio.wait({running}, timeout=10)
            return 0 if steps.is_harmless else 1
        await asyncio.sleep(0.002)
    return 1


async def is_idle(daemon: Daemon) -> bool:
    """Whether everything on the server is kept, everything kept is filed, and nothing is due."""
    if any(p.status.state is not State.IDLING or p.status.last_error for p in daemon.pollers.values()):
        return False
    now = daemon.clock.now()
    return await daemon.database.read(lambda session: not _work_left(session, now))


def _work_left(session: Session, now: datetime) -> int:
    unsent = (col(Outbox.state).in_(("queued", "uncertain")) & (col(Outbox.next_at) <= now)) | (
        col(Outbox.state) == "sending"
    )
    unfiled = or_(col(Inbound.filed_at).is_(None), Inbound.disposition == "kept")
    due = (Timer.state == "armed") & (col(Timer.due_at) <= now)
    return sum(
        session.exec(select(func.count()).select_from(table).where(where)).one()
        for table, where in ((Inbound, unfiled), (Outbox, unsent), (Timer, due))
    )
