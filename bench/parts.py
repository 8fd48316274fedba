"""What do the intake and the outbox cost by themselves? In this process, on a real disk, without IMAP."""

import asyncio
import os
import time
from contextlib import redirect_stderr
from pathlib import Path
from tempfile import TemporaryDirectory

from faults.desk import rules, settings
from road import Arrived
from sqlmodel import Session, func, select

from bench.mails import mails, people
from bench.measuring import shown
from bench.sink import sink
from maild.cli.logs import log_to_stderr
from maild.clock import SystemClock
from maild.daemon import Daemon, build
from maild.store.tables import Outbox

MAILS = 1000
BATCH = 50


async def run() -> None:
    """Show it."""
    with Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):  # noqa: ASYNC230
        log_to_stderr()  # as the daemon writes them, to nobody
        figures = await _measured()
    shown("parts", figures)


async def _measured() -> dict[str, object]:
    with TemporaryDirectory(prefix="maild-bench-", dir="/var/tmp") as folder:
        async with sink() as port:
            daemon = build(settings(rules(Path(folder), 1, port, people=people())), SystemClock())
            figures: dict[str, object] = {"mails": MAILS}
            figures |= await _keep_and_work(daemon) | await _send(daemon)
            daemon.reader.close()
            await daemon.database.close()
    return figures


async def _keep_and_work(daemon: Daemon) -> dict[str, object]:
    arrived = [Arrived(n + 1, raw) for n, raw in enumerate(mails(MAILS, seed=5))]
    computed = time.process_time()
    for start in range(0, MAILS, BATCH):
        await daemon.inbound.keep(arrived[start : start + BATCH])
    kept = time.process_time() - computed
    started, computed = time.perf_counter(), time.process_time()
    await daemon.intake.drain()
    worked, seconds = time.process_time() - computed, time.perf_counter() - started
    return {
        "keep: CPU a mail, ms": round(kept / MAILS * 1000, 2),
        "intake: CPU a mail, ms": round(worked / MAILS * 1000, 2),
        "intake: mails a second": round(MAILS / seconds),
    }


async def _send(daemon: Daemon) -> dict[str, object]:
    def unsent(session: Session) -> int:
        return session.exec(select(func.count()).where(Outbox.state != "sent")).one()

    owed = await daemon.database.read(unsent)
    stop = asyncio.Event()
    started, computed = time.perf_counter(), time.process_time()
    sending = asyncio.create_task(daemon.sender.run(stop))
    while await daemon.database.read(unsent):  # noqa: ASYNC110 -- a database has no event to wait for
        await asyncio.sleep(0.1)
    seconds, used = time.perf_counter() - started, time.process_time() - computed
    stop.set()
    daemon.sender.wake()
    await sending
    return {
        "outbox: mails": owed,
        "outbox: mails a second": round(owed / seconds),
        "outbox: CPU a mail, ms": round(used / owed * 1000, 2),
    }
