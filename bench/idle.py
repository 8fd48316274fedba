"""What does a daemon cost that has nothing to do? CPU and memory with one and with ten mailboxes in IDLE."""

import asyncio
import time

from bench.measuring import cpu_of, memory_of, shown
from bench.stage import stage

SETTLES = 5.0  # seconds after the start
WATCHED = 60.0  # seconds


async def run() -> None:
    """Show it."""
    figures: dict[str, object] = {}
    for boxes in (1, 10):
        async with stage() as here, here.life(boxes) as daemon:
            await here.until_idle(boxes)
            await asyncio.sleep(SETTLES)
            pid = daemon.process.pid
            before, started = cpu_of(pid), time.perf_counter()
            await asyncio.sleep(WATCHED)
            used, watched = cpu_of(pid) - before, time.perf_counter() - started
            resident, share = memory_of(pid)
        words = "1 mailbox" if boxes == 1 else f"{boxes} mailboxes"
        figures |= {
            f"CPU a minute with {words}, ms": round(used / watched * 60_000),
            f"memory with {words}, MiB": {"RSS": round(resident, 1), "PSS": round(share, 1)},
        }
    shown("idle", figures)
