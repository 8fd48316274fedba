"""What if the disk fails at one particular call? The true daemon on a disk that does so, one call after the other.

R01: ENOSPC from the n-th write on, and a limit on the size of files: everything waits, and goes on by itself. R02: EIO
at the n-th fsync: the daemon ends at once, and takes nothing off the server that may not be on the disk.
"""

import asyncio
import resource
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from faults.bad_disk import LOSES, TAKES_NO_MORE, BadDisk
from faults.daemon_process import MaildRun, is_done, until_done
from faults.desk import rules, rules_file
from faults.figures import SCALE, scaled, shown
from faults.ledger import Ledger
from faults.mailbox_server import MailboxServer
from faults.relay import Relay
from pysqlite3.dbapi2 import OperationalError

from maild.cli.codes import DISK_FAILED
from maild.store import orders
from maild.store.database import Database, Session
from maild.store.schema import upgrade

LARGE = 300_000  # octets: such a mail goes to a file
CALLS = 60  # that a mail needs, about: no more than that are tried
HELD_UP_FOR = 0.5  # seconds
WITHIN = 60.0  # seconds (G28)


class Disk:
    """A folder on the bad disk, with a desk on it."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder, self.log = tmp_path / "disk", tmp_path / "maild.log"
        self.folder.mkdir()
        self.bad = BadDisk(self.folder, tmp_path)

    def life(self, rules_path: Path) -> MaildRun:
        return MaildRun(rules_path, self.log, **self.bad.environment)


async def test_a_disk_that_is_full_at_any_write_delays_and_loses_nothing(tmp_path: Path) -> None:
    """R01: spool, database, its log, its index, the status file: each call in turn is the first that fails."""
    disk, loop, resumed, tried = Disk(tmp_path), asyncio.get_running_loop(), [0.0], 0
    async with MailboxServer() as box, Relay() as relay:
        ledger = Ledger(disk.folder / "maild.db", relay)
        async with disk.life(rules_file(disk.folder, rules(disk.folder, box.port, relay.port))) as run:
            box.deliver(ledger.new())
            assert await until_done(ledger, 1, WITHIN, run), disk.log.read_text()[-3000:]
            for call in range(1, scaled(CALLS, least=3) + 1):
                at = call if scaled(CALLS) > 3 else call * 7
                disk.bad.fails(TAKES_NO_MORE, at)
                box.deliver(ledger.new(LARGE if call % 2 else 0))
                await asyncio.sleep(HELD_UP_FOR)
                tried += disk.bad.hits > 0
                disk.bad.mend()
                started = loop.time()
                assert await until_done(ledger, ledger.totals.mails, WITHIN, run), disk.log.read_text()[-3000:]
                resumed.append(loop.time() - started)
                assert not list((disk.folder / "mails").glob(".*")), "half a mail is left on the disk"
            assert await run.stop() == 0
        ledger.check({name: box.mails(name) for name in box.folders if name != "INBOX"})
    shown(
        "r01",
        "each write",
        rounds=len(resumed) - 1,
        held_up=tried,
        mails=ledger.totals.mails,
        lost=len(ledger.totals.faults),
        mails_doubled=ledger.totals.doubled_copies,
        resumed_after_at_most=f"{max(resumed):.1f} s",
    )
    assert tried > 0
    assert ledger.totals.faults == []
    assert ledger.totals.doubled_copies == 0


async def test_a_limit_on_the_size_of_files_delays_and_loses_nothing(tmp_path: Path) -> None:
    """R01 by RLIMIT_FSIZE: the log, then the database, then the files of large mails reach it; later it is lifted."""
    log, rounds = tmp_path / "maild.log", scaled(40, least=2)
    async with MailboxServer() as box, Relay() as relay:
        ledger = Ledger(tmp_path / "maild.db", relay)
        async with MaildRun(rules_file(tmp_path, rules(tmp_path, box.port, relay.port)), log) as run:
            box.deliver(ledger.new())
            assert await until_done(ledger, 1, WITHIN, run), log.read_text()[-3000:]
            for n in range(rounds):
                limit = (0, 4096, 32_768, 250_000)[n % 4]
                resource.prlimit(run.process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
                box.deliver(ledger.new(LARGE))
                box.deliver(ledger.new())
                await asyncio.sleep(HELD_UP_FOR)
                assert not is_done(ledger, ledger.totals.mails), "it was no hindrance"
                resource.prlimit(run.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
                assert await until_done(ledger, ledger.totals.mails, WITHIN, run), log.read_text()[-3000:]
            assert await run.stop() == 0
        ledger.check({name: box.mails(name) for name in box.folders if name != "INBOX"})
    shown(
        "r01",
        "file size",
        rounds=rounds,
        mails=ledger.totals.mails,
        lost=len(ledger.totals.faults),
        mails_doubled=ledger.totals.doubled_copies,
    )
    assert ledger.totals.faults == []
    assert ledger.totals.doubled_copies == 0


@pytest.mark.parametrize("size", [0, LARGE], ids=["in the database", "in a file"])
async def test_when_the_disk_loses_what_it_took_the_daemon_ends_and_moves_nothing(tmp_path: Path, size: int) -> None:
    """R02: each fsync in turn says EIO; after it no mail leaves the inbox, and the next start loses none.

    The outbox is paused, so that one thing follows the other. In the file of a large mail the descriptor is given up,
    and the mail written anew; the database is not touched again.
    """
    disk, ended, moves, calls = Disk(tmp_path), 0, 0, 0
    first = 3 if size and SCALE < 1 else 1  # a file's own come first
    async with MailboxServer() as box, Relay() as relay, AsyncExitStack() as lives:
        ledger, run = Ledger(disk.folder / "maild.db", relay), None
        path = rules_file(disk.folder, rules(disk.folder, box.port, relay.port))
        await ordered(disk.folder, lambda session: orders.pause(session, datetime.now(UTC)))
        for call in range(first, first + scaled(CALLS, least=2)):
            if run is None or not run.is_alive:
                run = await lives.enter_async_context(disk.life(path))
            await watched(box, run, ledger)
            disk.bad.fails(LOSES, call)
            box.deliver(ledger.new(size))
            while not disk.bad.hits and not await until_filed(ledger, run, looks=1):
                assert run.is_alive or disk.bad.hits
            if not disk.bad.hits:
                break
            before = box.taken_out
            if not await until_filed(ledger, run):  # else the descriptor was a file's own
                assert await run.ends(WITHIN) == DISK_FAILED, disk.log.read_text()[-3000:]
                ended, moves = ended + 1, moves + box.taken_out - before
            calls += 1
        disk.bad.mend()
        if run is not None:
            await run.kill()
        await ordered(disk.folder, orders.resume)
        async with disk.life(path) as run:
            assert await until_done(ledger, ledger.totals.mails, WITHIN, run), disk.log.read_text()[-3000:]
        ledger.check({name: box.mails(name) for name in box.folders if name != "INBOX"})
    shown(
        "r02",
        "file" if size else "database",
        failed_fsyncs=calls,
        ended_at_once=ended,
        moved_after=moves,
        mails=ledger.totals.mails,
        lost=len(ledger.totals.faults),
        mails_doubled=ledger.totals.doubled_copies,
    )
    assert ended >= 2 - bool(size)
    assert moves == 0
    assert ledger.totals.faults == []


async def watched(box: MailboxServer, run: MaildRun, ledger: Ledger) -> None:
    """Wait until the daemon has done what there was, and waits for news."""
    while not (box.is_watched and is_filed(ledger)):
        assert run.is_alive
        await asyncio.sleep(0.01)


async def ordered(folder: Path, order: Callable[[Session], object]) -> None:
    """What a command beside the daemon writes."""
    database = Database(folder / "maild.db")
    try:
        upgrade(database)
        await database.write(order)
    finally:
        await database.close()


def is_filed(ledger: Ledger) -> bool:
    """Whether every mail is received and filed; what it led to may still be owed."""
    try:
        [[count, filed]] = ledger.rows("SELECT count(*), count(filed_at) FROM inbound")
    except OperationalError:  # before the first start has made the database
        return False
    return bool(count == filed == ledger.totals.mails)


async def until_filed(ledger: Ledger, run: MaildRun, looks: int = 3000) -> bool:
    """Wait for it; False if the daemon has ended, or after so many looks."""
    for _ in range(looks):
        if is_filed(ledger) or not run.is_alive:
            break
        await asyncio.sleep(0.02)
    return is_filed(ledger)
