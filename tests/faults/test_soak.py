"""Does it hold for long? The true daemon under mixed faults; the ledger is exact, and memory does not grow (R10).

Runs only when asked for, by `make soak`: MAILD_SOAK_MINUTES says how long. In the first third the process is killed now
and then; after it one process lives on, and its memory is measured.
"""

import asyncio
import os
import random
from pathlib import Path

import pytest
from faults.daemon_process import MaildRun, until_done
from faults.desk import rules, rules_file
from faults.figures import quick_folder, shown
from faults.ledger import Ledger
from faults.mailbox_server import MailboxServer
from faults.relay import Relay, Reply

MINUTES = float(os.environ.get("MAILD_SOAK_MINUTES", "0"))
A_SECOND = 2.0  # mails
STEEPEST = 1024.0 * 6  # KiB an hour; the far goal is 1024 over days (G32), which 30 minutes can't tell from noise


class BadRelay:
    """Says no for a while, or nothing at all, to one in twenty."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.is_calm = False
        self.silences = 0

    def __call__(self, at: str, name: str) -> Reply:
        """A reply to a recipient or to the end of a mail."""
        dice = 1.0 if self.is_calm else self._chance.random()
        if dice < 0.02:
            self.silences += at == "dot"
            return None
        return b"451 later\r\n" if dice < 0.05 else b"250 ok\r\n"


def rise_of_peaks(points: list[tuple[float, float]]) -> float:
    """How much the highest y grows for each x, from the middle third to the last; the first third fills caches.

    Memory that is given back and taken again makes a line through all points rise or fall by where it begins, and is no
    leak. A leak lifts the peaks.
    """
    third = len(points) // 3
    if not third:
        return 0.0
    middle, last = points[third : 2 * third], points[2 * third :]
    apart = (last[-1][0] + last[0][0] - middle[-1][0] - middle[0][0]) / 2
    return (max(y for _, y in last) - max(y for _, y in middle)) / apart


def each_minute(points: list[tuple[float, float]]) -> list[float]:
    """The last value of each minute, to see the shape: a cache that fills, or a leak."""
    return list({int(hours * 60): value for hours, value in points}.values())


@pytest.mark.skipif(MINUTES <= 0, reason="a soak is asked for with MAILD_SOAK_MINUTES, as `make soak` does")
async def test_the_desk_holds_for_long_under_mixed_faults() -> None:
    chance, loop = random.Random(1), asyncio.get_running_loop()
    bad = BadRelay(chance)
    with quick_folder() as name:
        folder = Path(name)
        async with MailboxServer() as box, Relay(bad) as relay:
            ledger, received, kills, drops = Ledger(folder / "maild.db", relay), 0, 0, 0
            rules_path = rules_file(folder, rules(folder, box.port, relay.port))
            started, memory = loop.time(), []
            end = started + MINUTES * 60
            while loop.time() < end:
                is_last = loop.time() > started + MINUTES * 20
                until = end if is_last else min(end, loop.time() + chance.uniform(5, 60))
                async with MaildRun(rules_path, folder / "maild.log") as run:
                    while loop.time() < until:
                        assert run.is_alive, (folder / "maild.log").read_text()[-3000:]
                        await asyncio.sleep(chance.expovariate(A_SECOND))
                        box.deliver(ledger.new(300_000 if chance.random() < 0.01 else 0))
                        received += 1
                        if chance.random() < 0.02:
                            (box if chance.random() < 0.5 else relay).drop()
                            drops += 1
                        if is_last:
                            memory.append(((loop.time() - started) / 3600, float(run.memory())))
                    kills += not is_last
            bad.is_calm = True
            async with MaildRun(rules_path, folder / "maild.log") as run:
                assert await until_done(ledger, received, 2400, run), f"{ledger.unsent()} mails are still owed"
                code = await run.stop()
            ledger.check({folder_: box.mails(folder_) for folder_ in box.folders if folder_ != "INBOX"})
            left = box.mails("INBOX")
    grows = rise_of_peaks(memory)
    shown(
        "soak",
        minutes=MINUTES,
        mails=received,
        kills=kills,
        drops=drops,
        silences=bad.silences,
        lost=len(ledger.totals.lost),
        wrong=len(ledger.totals.faults),
        faults=ledger.totals.faults,
        mails_doubled=ledger.totals.doubled_copies,
        unconfirmed=len(ledger.totals.unconfirmed),
        ends=dict(ledger.totals.ends),
        by_minute=[round(kib / 1024, 1) for kib in each_minute(memory)],
        memory=f"{max((m for _, m in memory), default=0) / 1024:.0f} MiB",
        grows=f"{grows / 1024:.2f} MiB/h",
    )
    assert ledger.totals.faults == []
    assert left == []
    assert code == 0
    if MINUTES >= 30:
        assert grows < STEEPEST
