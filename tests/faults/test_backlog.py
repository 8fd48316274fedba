"""Fifty thousand mails wait after a day away: do they come in order, in bounded memory, without a storm? (I19)

The true daemon as a process, over an IMAP server in memory, since filling Dovecot takes longer than emptying it. Most
senders are unknown: what they are answered is bound by `limits`, whose numbers are the defaults here.
"""

import asyncio
from collections import Counter
from functools import partial
from pathlib import Path

from faults.daemon_process import MaildRun
from faults.desk import letter, rules, rules_file
from faults.figures import scaled, shown
from faults.ledger import Ledger
from faults.mailbox_server import MailboxServer
from faults.relay import Relay

MAILS = 50_000
LARGEST = 300 * 1024  # KiB of memory, the daemon's own (I19)
KNOWN_EACH = 100  # one mail in so many is Alice's
PER_HOUR, KNOWN_PER_DAY = 100, 20  # the defaults of `limits`


def mail(number: int) -> bytes:
    """The mail with that UID."""
    known = number % KNOWN_EACH == 0
    sender = "alice@client-a.example" if known else f"somebody{number}@domain{number % 5000}.example"
    return letter(f"N{number}x", sender=sender)


async def test_a_large_backlog_is_drained_in_order_and_answered_within_limits(tmp_path: Path) -> None:
    number = scaled(MAILS, least=100)
    async with MailboxServer() as box, Relay() as relay:
        for n in range(1, number + 1):
            box.deliver(partial(mail, n))
        # Each mail has the same words, and Alice writes more of them than a person would.
        budgets = {"same_text_per_hour": 1_000_000, "mails_per_hour": 1_000_000}
        said = rules(tmp_path, box.port, relay.port, limits=budgets)
        ledger = Ledger(tmp_path / "maild.db", relay)
        loop, largest = asyncio.get_running_loop(), 0
        started = loop.time()
        async with MaildRun(rules_file(tmp_path, said), tmp_path / "maild.log") as run:
            while box.folders["INBOX"]:
                assert run.is_alive, (tmp_path / "maild.log").read_text()[-3000:]
                assert loop.time() - started < 60 + number / 10, f"{len(box.folders['INBOX'])} are left"
                largest = max(largest, run.memory("VmHWM"))
                await asyncio.sleep(0.5)
            seconds = loop.time() - started
            largest = max(largest, run.memory("VmHWM"))
            await run.stop()
        rows = ledger.rows("SELECT uid, subject, ticket, disposition FROM inbound ORDER BY id")
        answers = ledger.rows("SELECT recipient, count(*) FROM outbox WHERE is_answer GROUP BY recipient")
    to_known = dict(answers).get("alice@client-a.example", 0)
    to_unknown = sum(count for recipient, count in answers if recipient != "alice@client-a.example")
    shown(
        "backlog",
        mails=number,
        seconds=round(seconds),
        a_second=round(number / seconds),
        memory_at_most=f"{largest // 1024} MiB",
        answers_to_known=to_known,
        answers_to_unknown=to_unknown,
        imap_commands=box.commands,
        ends=dict(Counter(row[3] for row in rows)),
    )
    assert [row[0] for row in rows] == list(range(1, number + 1)), "kept in order, each once"
    tickets = [row[2] for row in rows]
    assert tickets == sorted(set(tickets)), "worked in order, a ticket each"
    assert {row[3] for row in rows} == {"applied"}
    assert largest < LARGEST
    hours = 1 + seconds // 3600
    assert to_known <= KNOWN_PER_DAY
    assert to_unknown <= PER_HOUR * hours
