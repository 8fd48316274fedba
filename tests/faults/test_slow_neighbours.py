"""Who waits for whom? One part that hangs delays no other: the database (R03), a mailbox, a relay's customer (R08)."""

import asyncio
from pathlib import Path
from statistics import median

import pysqlite3.dbapi2 as sqlite
import pytest
from faults.daemon_process import MaildRun, until_done
from faults.desk import letter, rules, rules_file
from faults.figures import scaled, shown
from faults.ledger import Ledger
from faults.mailbox_server import MailboxServer
from faults.relay import Relay, Reply

ALICE, SLOW = "alice@client-a.example", "slow@tarpit.example"
PATIENCE = 30.0  # seconds: far less than that for which the tarpits last


async def test_a_locked_database_makes_everybody_wait_and_loses_nothing(tmp_path: Path) -> None:
    """R03: somebody holds the lock longer than SQLite waits for it; nothing is held, nobody is told."""
    seconds = scaled(35, least=2)
    async with MailboxServer() as box, Relay() as relay:
        ledger, log = Ledger(tmp_path / "maild.db", relay), tmp_path / "maild.log"
        async with MaildRun(rules_file(tmp_path, rules(tmp_path, box.port, relay.port)), log) as run:
            box.deliver(ledger.new())
            assert await until_done(ledger, 1, 60, run), log.read_text()[-3000:]
            holder = sqlite.connect(tmp_path / "maild.db", isolation_level=None)
            holder.execute("BEGIN IMMEDIATE")
            for _ in range(10):
                box.deliver(ledger.new())
            await asyncio.sleep(seconds)
            assert len(ledger.rows("SELECT id FROM inbound")) == 1
            assert len(box.folders["INBOX"]) == 10
            holder.execute("ROLLBACK")
            holder.close()
            loop = asyncio.get_running_loop()
            started = loop.time()
            assert await until_done(ledger, 11, 120, run), log.read_text()[-3000:]
            resumed = loop.time() - started
            assert await run.stop() == 0
        ledger.check({name: box.mails(name) for name in box.folders if name != "INBOX"})
        told = relay.recipients["admin@isybuy.example"]
    shown(
        "r03",
        locked_for_s=seconds,
        mails=ledger.totals.mails,
        lost=len(ledger.totals.faults),
        mails_doubled=ledger.totals.doubled_copies,
        resumed_after=f"{resumed:.1f} s",
        admin_told=told,
    )
    assert ledger.totals.faults == []
    assert ledger.totals.doubled_copies == 0


async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A server that greets, and then a byte now and then, for ever."""
    writer.write(b"* OK ready\r\n")
    try:
        while not reader.at_eof():
            await asyncio.sleep(1)
            writer.write(b"*")
            await writer.drain()
    except ConnectionError:
        pass


def never_for_slow(at: str, name: str) -> Reply:
    """A relay that says nothing to one recipient: as long as its patience lasts, that connection is of no use."""
    return b"" if at == "rcpt" and name == SLOW else b"250 ok\r\n"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two empty ones."""
    alone, beside = tmp_path / "alone", tmp_path / "beside"
    alone.mkdir()
    beside.mkdir()
    return alone, beside


async def lags(folder: Path, count: int, *, is_slow: bool) -> list[float]:
    """Seconds from delivery to the acknowledgement of single mails, with tarpits beside them or without."""
    loop, found, log = asyncio.get_running_loop(), [], folder / "maild.log"
    trap = await asyncio.start_server(swallow, "127.0.0.1", 0)
    async with trap, MailboxServer() as box, Relay(never_for_slow) as relay:
        said = rules(folder, box.port, relay.port)
        if is_slow:
            one = said["mailboxes"]["support"]
            slow = one["imap"] | {"port": trap.sockets[0].getsockname()[1]}
            said["mailboxes"]["tarpit"] = one | {"address": "tarpit@isybuy.example", "imap": slow}
        async with MaildRun(rules_file(folder, said), log) as run:
            while not box.is_watched:  # noqa: ASYNC110 -- another process has no event to wait for
                await asyncio.sleep(0.05)
            for n in range(count + 1):
                if n == 1 and is_slow:
                    box.deliver(letter("slow", sender=SLOW))
                    await asyncio.sleep(1)
                started = loop.time()
                box.deliver(letter(f"N{n}x"))
                while relay.recipients[ALICE] <= n:
                    assert run.is_alive, log.read_text()[-3000:]
                    assert loop.time() - started < PATIENCE, log.read_text()[-3000:]
                    await asyncio.sleep(0.001)
                found.append(loop.time() - started)
            await run.kill()  # not asked to end: it would wait for the tarpit
        assert relay.recipients[SLOW] == 0
    return found[1:]


async def test_a_tarpit_delays_no_other_mailbox_and_no_other_recipient(folders: tuple[Path, Path]) -> None:
    """R08: one mailbox whose server drips, one recipient for whom the relay is mute; the others as if nothing were."""
    count = scaled(100, least=3)
    alone = await lags(folders[0], count, is_slow=False)
    beside = await lags(folders[1], count, is_slow=True)
    shown(
        "r08",
        mails=count,
        lost=2 * count - len(alone) - len(beside),
        alone=f"{median(alone) * 1000:.0f} ms",
        beside_tarpits=f"{median(beside) * 1000:.0f} ms",
        longest_beside=f"{max(beside) * 1000:.0f} ms",
        added_ms=round((median(beside) - median(alone)) * 1000),
    )
