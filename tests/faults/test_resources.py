"""Does the daemon keep to what it has? Large mails in many mailboxes, a reader without bounds, little of everything.

R05: memory. R06: a mail whose reading takes all memory or time. R07: few descriptors, little CPU, no standard error.
"""

import asyncio
import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import pytest
from bad_readers import computes_for_ever, dies, takes_all_memory
from faults.daemon_process import COMMAND, ROOT, MaildRun, until_done
from faults.desk import letter, rules, rules_file
from faults.figures import SCALE, scaled, shown
from faults.ledger import Ledger
from faults.mailbox_server import MailboxServer
from faults.relay import Relay
from road import ALICE, Road
from road import letter as road_letter

from maild.mail import ParsedMail
from maild.reader import HERE, MOST_CPU, Reader

BOXES, LARGE = 20, 50 * 1024 * 1024
MOST = 512 * 1024  # KiB (G11)


def large_mail(name: str, octets: int) -> bytes:
    """Made when it is asked for: twenty of them would fill the test's own memory."""
    return letter(name, "x" * 60 + "\r\n") + b"0123456789abcdef\r\n" * (octets // 18)


def with_children(pid: int) -> list[int]:
    """The process and those that it has started, at any depth."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += with_children(int(child))
    return found


def resident(pid: int) -> int:
    """KiB."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize() // 1024
    except (OSError, IndexError):
        return 0


def descriptors(pid: int) -> list[str]:
    """What the process has open, by number."""
    links = sorted(Path(f"/proc/{pid}/fd").iterdir(), key=lambda path: int(path.name))
    return [str(link.readlink()) for link in links]


async def test_large_mails_in_many_mailboxes_at_once_take_little_memory(tmp_path: Path) -> None:
    """R05: the daemon itself, and with the process that reads."""
    boxes, octets = scaled(BOXES, least=2), LARGE if scaled(BOXES) > 3 else LARGE // 10
    async with AsyncExitStack() as stack:
        relay = await stack.enter_async_context(Relay())
        servers = [await stack.enter_async_context(MailboxServer()) for _ in range(boxes)]
        said = rules(tmp_path, servers[0].port, relay.port)
        one = said["mailboxes"].pop("support")
        for n, server in enumerate(servers):
            address = {"address": f"support{n}@isybuy.example"}
            said["mailboxes"][f"box{n}"] = one | address | {"imap": one["imap"] | {"port": server.port}}
            server.deliver(partial(large_mail, f"N{n + 1}x", octets))
        ledger = Ledger(tmp_path / "maild.db", relay)
        log, own, together = tmp_path / "maild.log", 0, 0
        async with MaildRun(rules_file(tmp_path, said), log) as run:
            waits = asyncio.create_task(until_done(ledger, boxes, 600, run))
            while not waits.done():
                own = max(own, run.memory("VmHWM"))
                together = max(together, sum(map(resident, with_children(run.process.pid))))
                await asyncio.wait((waits,), timeout=0.02)
            assert waits.result(), log.read_text()[-3000:]
            own = max(own, run.memory("VmHWM"))
            await run.stop()
        rows = ledger.rows("SELECT disposition, size FROM inbound")
    shown(
        "r05",
        mailboxes=boxes,
        octets_each=octets,
        memory_at_most=f"{own // 1024} MiB",
        with_the_reader=f"{together // 1024} MiB",
        ends=sorted({end for end, _ in rows}),
    )
    assert [end for end, _ in rows] == ["applied"] * boxes
    assert min(size for _, size in rows) >= octets
    assert own < MOST


@pytest.mark.parametrize("work", [takes_all_memory, computes_for_ever, dies], ids=["memory", "cpu", "killed"])
async def test_a_mail_that_takes_all_memory_or_time_is_held_while_the_desk_goes_on(
    tmp_path: Path, work: Callable[[bytes], ParsedMail]
) -> None:
    """R06: RLIMIT_AS and RLIMIT_CPU end its reading; the loop that all else runs in does not notice. I22: how long the
    mail behind it waits for its ticket, with the reader's own limits in a full run."""
    rounds, lags, waited = scaled(10), list[float](), list[float]()
    road, loop = Road(tmp_path), asyncio.get_running_loop()
    road.intake._opener._reader = Reader(most_cpu=MOST_CPU if SCALE >= 1 else 1, work=work)
    watch, ends = asyncio.create_task(watch_the_loop(lags)), list[str]()
    for n in range(rounds):
        poison = road_letter(ALICE, "x" * HERE, name=f"poison{n}")
        ids = await road.keep(poison, road_letter(ALICE, name=f"small{n}"))
        started = loop.time()
        await road.intake.drain()
        waited.append(loop.time() - started)
        ends += [(await road.ending(number)).verdict for number in ids]
        road.intake._opener._reader.close()  # else the next mails would find the process that was begun anew
    watch.cancel()
    await road.database.close()
    shown(
        "r06",
        work.__name__,
        poison=rounds,
        not_held=rounds - ends[::2].count("quarantined"),
        neighbours_lost=rounds - ends[1::2].count("new_ticket"),
        neighbours_waited_s_at_most=round(max(waited), 2),
        loop_lag_ms_at_most=round(sorted(lags)[int(len(lags) * 0.999)] * 1000),  # p99.9
    )
    assert ends == ["quarantined", "new_ticket"] * rounds


async def watch_the_loop(lags: list[float]) -> None:
    """How much later than asked for it comes back, a thousand times a second."""
    loop = asyncio.get_running_loop()
    while True:
        before = loop.time()
        await asyncio.sleep(0.001)
        lags.append(loop.time() - before - 0.001)


class PoorRun(MaildRun):
    """The daemon with 64 descriptors and a closed standard error."""

    async def __aenter__(self) -> "PoorRun":
        words = f"exec {sys.executable} -c '{COMMAND}' run --rules {self._rules} 2>&-"
        self.process = await asyncio.create_subprocess_exec(
            "/bin/sh", "-c", f"ulimit -n 64; {words}", env=os.environ | {"PYTHONPATH": str(ROOT)}
        )
        return self


async def test_with_little_of_everything_the_daemon_is_slow_and_not_wrong(tmp_path: Path) -> None:
    """R07: 64 descriptors, a tenth of a CPU (stopped nine tenths of the time), standard error closed."""
    count = scaled(300, least=3)
    async with MailboxServer() as box, Relay() as relay:
        ledger = Ledger(tmp_path / "maild.db", relay)
        async with PoorRun(rules_file(tmp_path, rules(tmp_path, box.port, relay.port)), tmp_path / "log") as run:
            box.deliver(ledger.new())
            assert await until_done(ledger, 1, 60, run)
            for n in range(count):
                box.deliver(ledger.new(300_000 if n % 50 == 1 else 0))
            waits = asyncio.create_task(until_done(ledger, count + 1, 60 + count, run))
            started = asyncio.get_running_loop().time()
            while not waits.done():
                run.process.send_signal(signal.SIGSTOP)
                await asyncio.sleep(0.09)
                run.process.send_signal(signal.SIGCONT)
                await asyncio.wait((waits,), timeout=0.01)
            assert waits.result(), "it has not come to an end"
            seconds = asyncio.get_running_loop().time() - started
            files = descriptors(run.process.pid)
            assert await run.stop() == 0
        ledger.check({name: box.mails(name) for name in box.folders if name != "INBOX"})
    shown(
        "r07",
        mails=count,
        seconds=round(seconds, 1),
        descriptors=len(files),
        standard_error=files[2],
        lost=len(ledger.totals.faults),
        mails_doubled=ledger.totals.doubled_copies,
    )
    assert files[2] == os.devnull
    assert ledger.totals.faults == []
    assert ledger.totals.doubled_copies == 0
