"""How many mails a second does the whole road take? A backlog on Dovecot: kept, worked, acknowledged, filed."""

import asyncio
import time

from faults.daemon_process import is_done
from faults.ledger import Ledger

from bench.mails import mails
from bench.measuring import cpu_of, most_memory_of, shown
from bench.stage import stage

MAILS = 2000


async def run() -> None:
    """Show it."""
    async with stage() as here:
        here.accounts.append(here.dovecot.account())
        await here.accounts[0].append(mails(1, seed=3)[0])  # so that the account is there
        here.fill(here.accounts[0], mails(MAILS - 1, seed=4))
        ledger = Ledger(here.folder / "maild.db", here.relay)
        started = time.perf_counter()
        async with here.life() as daemon:
            while not is_done(ledger, MAILS):
                assert daemon.is_alive, (here.folder / "maild.log").read_text()[-2000:]
                await asyncio.sleep(0.2)
            ended = time.perf_counter()
            cpu, memory = cpu_of(daemon.process.pid), most_memory_of(daemon.process.pid)
        seconds = ended - here.wire.first_at
        sent = sum(map(len, here.relay.came_at.values()))
    shown(
        "road",
        {
            "mails": MAILS,
            "seconds from the first connection": round(seconds, 2),
            "mails a second": round(MAILS / seconds, 1),
            "mails sent": sent,
            "CPU of the daemon a mail, ms": round(cpu / MAILS * 1000, 2),
            "memory at most, MiB": round(memory),
            "seconds from start to the first connection": round(here.wire.first_at - started, 2),
        },
    )
