"""What does one life of the daemon do in a forked child? It runs the real parts until nothing is left to do.

Real: settings, keys, templates, poller over IMAP, intake, sweeper, sender over SMTP, SQLite with synchronous=FULL. Two
things differ: the clock may be ahead, and large mails are read in this process, since starting the other one takes
longer than the whole life.
"""

import asyncio
import logging
import os
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from faults.ledger import is_of_ledger
from faults.steps import Chain, FailAt
from sqlmodel import Session, col, func, or_, select

from maild import crash
from maild.clock import SystemClock
from maild.daemon import Daemon, build
from maild.ingest.ports import State
from maild.plan.letters import Desk
from maild.reader import Reader
from maild.store.inbound_tables import Inbound
from maild.store.tables import Outbox
from maild.store.timer_tables import Timer

STALLED = 3  # exit code: after a fault the daemon neither ended nor did its work
LOOK_EACH = 0.004  # seconds between two looks whether it is idle
PATIENCE = 400  # looks after a fault
STOPS_WITHIN = 3.0  # seconds for an orderly end
OPERATES_EACH = 0.02  # seconds


@dataclass
class Order:
    """What a child is to do."""

    rules: dict[str, Any]
    crash: str = ""  # K07:2
    ahead: float = 0.0  # seconds that its clock is ahead
    fail_at: list[tuple[Chain, int]] = field(default_factory=list)  # chains of awaits and at which pass they fail
    fail_as: str = ""  # with that exception
    report: str = ""  # a file for what the steps saw
    deadline: float = 20.0  # seconds, then it is killed and counts as hung
    lasts: bool = False  # it goes on when idle, until the deadline kills it
    hurry: float = 1.0  # how long a pause of its clock takes, as a share
    lets_in: bool = False  # a person releases held mails of the ledger, and discards others
    rescans: bool = False  # the filed mail is read again
    stops: bool = False  # when idle it is told to stop, and ends in order
    reads_apart: bool = False  # large mails are read in the other process, as in true life


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
    return asyncio.run(_run(order, desk, _steps(order) if order.report else None))


def _steps(order: Order) -> FailAt:
    aims = [(tuple((file, line) for file, line in chain), nth) for chain, nth in order.fail_at]  # JSON knows no tuples
    return FailAt(aims, order.fail_as)


async def _run(order: Order, desk: Desk, steps: FailAt | None) -> int:
    daemon = build(desk.settings, AheadClock(order.ahead, order.hurry), desk=desk)
    if not order.reads_apart:
        daemon.intake._opener._reader = Reader(here=2**30)
    if steps is not None:
        asyncio.get_running_loop().set_task_factory(steps.task)
    stop = asyncio.Event()
    running, code, patience = asyncio.create_task(daemon.run(stop)), 1, PATIENCE
    operating = asyncio.create_task(_operate(daemon, order))
    while not running.done():
        if not order.lasts and await is_idle(daemon) and not (order.lets_in and await _held(daemon)):
            code = 0
            break
        if steps is not None and steps.hits and (patience := patience - 1) == 0:
            code = STALLED
            break
        await asyncio.sleep(LOOK_EACH)
    operating.cancel()
    if order.stops and code == 0:
        stop.set()
        await asyncio.wait((running,), timeout=STOPS_WITHIN)
        code = STALLED if not running.done() else 1 if running.cancelled() or running.exception() else 0
    if steps is not None:
        steps.report(order.report)
    if running.done() and not running.cancelled() and (error := running.exception()) is not None:
        logging.getLogger("child").error("the daemon ended", exc_info=error)
    sys.stderr.flush()
    os._exit(code)  # as hard as a kill: nothing may depend on a polite end


async def _operate(daemon: Daemon, order: Order) -> None:
    """What a person does beside the daemon; what went wrong is tried again."""
    if order.rescans:
        for poller in daemon.pollers.values():
            poller.rescan()
    while order.lets_in:
        for inbound_id, subject in await _held(daemon):
            try:
                if is_of_ledger(subject):
                    await daemon.intake.release(inbound_id, into=None, new=True, by="operator")
                else:
                    await daemon.intake.discard(inbound_id, by="operator")
            except Exception:
                logging.getLogger("child").exception("the operator will try again")
        await asyncio.sleep(OPERATES_EACH)


async def _held(daemon: Daemon) -> list[tuple[int, str]]:
    """Held mails that were filed."""
    query = select(Inbound.id, Inbound.subject).where(
        Inbound.disposition == "held", col(Inbound.filed_as) == "held", Inbound.damage == ""
    )
    return await daemon.database.read(lambda session: [(id_ or 0, subject) for id_, subject in session.exec(query)])


async def is_idle(daemon: Daemon) -> bool:
    """Whether everything on the server is kept, everything kept is filed, and nothing is due."""
    if any(p.status.state is not State.IDLING or p.status.last_error or p._to_rescan for p in daemon.pollers.values()):
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
