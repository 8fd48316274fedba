"""How long from the server's EXISTS to the acknowledgement at the relay? One mail at a time, to a daemon in IDLE."""

import asyncio
import time

from bench.mails import customer, mails
from bench.measuring import shown, spread
from bench.stage import Stage, stage

MAILS = 50
PAUSE = 0.3  # seconds of quiet between two mails


async def _one(here: Stage, mail: bytes, sender: str) -> tuple[float, float]:
    """Milliseconds from delivery to EXISTS, and from EXISTS to the acknowledgement."""
    here.wire.exists_at.clear()
    await here.accounts[0].append(mail)
    delivered = time.perf_counter()
    async with asyncio.timeout(30):
        while not here.relay.count(sender):  # noqa: ASYNC110 -- simpler than an event, and exact all the same
            await asyncio.sleep(0.002)
    told, answered = here.wire.exists_at[0], here.relay.came_at[sender][0]
    return (told - delivered) * 1000, (answered - told) * 1000


async def run() -> None:
    """Show it."""
    async with stage() as here, here.life():
        await here.until_idle()
        taken = []
        for n, mail in enumerate(mails(MAILS + 3, seed=2)):
            taken.append(await _one(here, mail, customer(n)))
            await asyncio.sleep(PAUSE)
            await here.until_idle()
    shown(
        "latency",
        {
            "mails": MAILS,
            "EXISTS to acknowledgement, ms": spread([ours for _, ours in taken[3:]]),
            "delivery to EXISTS (Dovecot's own), ms": spread([theirs for theirs, _ in taken[3:]]),
        },
    )
