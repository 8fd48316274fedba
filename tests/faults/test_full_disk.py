"""Does a full disk only delay? The desk lies on a small tmpfs that is filled again and again while mails come (R01).

Nothing may be lost or held, the daemon must live through it, and what waited must be done soon after there is room.
"""

import asyncio
import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from faults.daemon_process import is_done
from faults.desk import rules
from faults.figures import logs_of, scaled, shown
from faults.fork_server import ForkServer
from faults.ledger import Ledger
from faults.life import Order
from faults.mailbox_server import MailboxServer
from faults.relay import Relay

ROUNDS = 100
LANES = 4
MAILS = 3  # a round, the last one larger than the database takes
LEFT = (0, 4, 16, 64, 200, 400)  # KiB that stay free: each lets another write be the one that fails
RESUMES_WITHIN = 60.0  # seconds (G28)


@pytest.fixture
def small_disks(tmp_path: Path) -> Iterator[list[Path]]:
    """A few file systems, each with room for all of its rounds."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small tmpfs")
    disks = [tmp_path / f"disk{n}" for n in range(min(LANES, scaled(ROUNDS)))]
    mounted: list[Path] = []
    try:
        for disk in disks:
            disk.mkdir()
            done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "maild-faults", str(disk)], check=False)
            if done.returncode != 0:
                pytest.skip("a tmpfs can't be mounted here")
            mounted.append(disk)
        yield disks
    finally:
        for disk in mounted:
            subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path, left: int) -> Path:
    """Take all the room but so many KiB, however often the daemon is quicker."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        while (room := os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize - left * 1024) > 0:
            with suppress(OSError):
                os.posix_fallocate(file.fileno(), filler.stat().st_size, room)
    return filler


class Figures:
    """What all lanes saw."""

    def __init__(self) -> None:
        self.resumed: list[float] = []
        self.refused = 0  # rounds in which something was really held up
        self.faults: list[str] = []
        self.mails = 0
        self.doubled = 0


async def one_lane(disk: Path, logs: Path, rounds: int, seed: int, figures: Figures) -> None:
    chance, loop = random.Random(seed), asyncio.get_running_loop()
    async with MailboxServer() as box, Relay() as relay, ForkServer(logs / f"lane{seed}.log") as forks:
        ledger = Ledger(disk / "maild.db", relay, mark=f"d{seed}")
        order = Order(rules(disk, box.port, relay.port), lasts=True, deadline=rounds * 90 + 60)
        life = asyncio.create_task(forks.life(order))
        received = 0
        for number in range(rounds):
            while not is_done(ledger, received):
                assert not life.done(), f"the daemon ended: {logs_of(str(logs))}"
                await asyncio.sleep(0.05)
            filler = fill(disk, LEFT[(number + seed) % len(LEFT)])
            for n in range(MAILS):
                box.deliver(ledger.new(300_000 if n == MAILS - 1 else 0))
            received += MAILS
            await asyncio.sleep(chance.uniform(0.5, 3))
            figures.refused += not is_done(ledger, received)
            filler.unlink()
            started = loop.time()
            while not is_done(ledger, received):
                assert not life.done(), f"the daemon ended: {logs_of(str(logs))}"
                assert loop.time() - started < RESUMES_WITHIN, f"no end: {logs_of(str(logs))}"
                await asyncio.sleep(0.05)
            figures.resumed.append(loop.time() - started)
            for mail in (disk / "mails").glob("*"):
                assert not mail.name.startswith("."), "half a mail is left on the disk"
        ledger.check({name: box.mails(name) for name in box.folders if name != "INBOX"})
        figures.faults += ledger.totals.faults
        figures.mails += ledger.totals.mails
        figures.doubled += ledger.totals.doubled_copies
        forks.kill()
        await life


async def test_a_full_disk_delays_and_loses_nothing(small_disks: list[Path], tmp_path: Path) -> None:
    rounds, figures = scaled(ROUNDS, least=2), Figures()
    each = -(-rounds // len(small_disks))
    await asyncio.gather(*(one_lane(disk, tmp_path, each, n, figures) for n, disk in enumerate(small_disks)))
    shown(
        "full-disk",
        rounds=len(figures.resumed),
        held_up=figures.refused,
        mails=figures.mails,
        lost=len(figures.faults),
        mails_doubled=figures.doubled,
        resumed_after_at_most=f"{max(figures.resumed):.1f} s",
        in_the_middle=f"{sorted(figures.resumed)[len(figures.resumed) // 2]:.1f} s",
    )
    assert figures.faults == []
    assert figures.doubled == 0
    assert figures.refused > 0
