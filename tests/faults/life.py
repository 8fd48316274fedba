"""What does one life of the daemon do in a forked child? It runs the real parts until nothing is left to do.

Real: settings, keys, templates, poller over IMAP, intake, sweeper, sender over SMTP, SQLite with synchronous=FULL. Two
things differ: the clock may be ahead, and large mails are read in this process, since starting the other one takes
longer than the whole life.
"""

import asyncio
import logging
import os
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from faults.steps import FailAt
from sqlmodel import Session, col, func, or_, select

from maild import crash
from maild.clock import SystemClock
from maild.daemon import Daemon, build
from maild.ingest.ports import State
from maild.plan.letters import Desk
from maild.reader import Reader
from maild.store.tables import Inbound, Outbox, Timer

STALLED = 3  # exit code: after a fault the daemon neither ended nor did its work
LOOK_EACH = 0.004  # seconds between two looks whether it is idle
PATIENCE = 750  # looks after a fault


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
    lasts: bool = False  # it goes on when idle, until the deadline kills it
    hurry: float = 1.0  # how long a pause of its clock takes, as a share


class AheadClock(SystemClock):
    """Shows a later time; its pauses may be short."""

    def __init__(self, ahead: float, hurry: float) -> None:
        self._ahead = timedelta(seconds=ahead)
        self._hurry = hurry

    def now(self) -> datetime:
        return super().now() + self._ahead

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds * self._hurry)


def live(order: Order, desk: Desk) -> int:
    """The child's whole life; its exit code: 0 when idle, 1 when the daemon ended by itself, STALLED."""
    if order.crash:
        crash.arm(order.crash)
    return asyncio.run(_run(order, desk, FailAt(order.fail_at, order.fail_as) if order.report else None))


async def _run(order: Order, desk: Desk, steps: FailAt | None) -> int:
    daemon = build(desk.settings, AheadClock(order.ahead, order.hurry), desk=desk)
    daemon.intake._reader = Reader(here=2**30)
    if steps is not None:
        asyncio.get_running_loop().set_task_factory(steps.task)
    running, code, patience = asyncio.create_task(daemon.run(asyncio.Event())), 1, PATIENCE
    while not running.done():
        if not order.lasts and await is_idle(daemon):
            code = 0
            break
        if steps is not None and steps.hit and (patience := patience - 1) == 0:
            code = STALLED
            break
        await asyncio.sleep(LOOK_EACH)
    if steps is not None:
        steps.report(order.report)
    if running.done() and (error := running.exception()) is not None:
        logging.getLogger("child").error("the daemon ended", exc_info=error)
    sys.stderr.flush()
    os._exit(code)  # as hard as a kill: nothing may depend on a polite end


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
    due = (col(Timer.state) == "armed") & (col(Timer.due_at) <= now)
    return sum(
        session.exec(select(func.count()).select_from(table).where(where)).one()
        for table, where in ((Inbound, unfiled), (Outbox, unsent), (Timer, due))
    )
