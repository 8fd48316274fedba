"""The whole daemon over sockets: Dovecot on one side, an SMTP server on the other, SQLite between them."""

import asyncio
import json
import os
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from integration.smtp_servers import ScriptedServer
from mail_servers import Account, Dovecot
from sqlmodel import select
from structlog.testing import capture_logs

from maild import daemon as module
from maild.clock import SystemClock
from maild.daemon import AlreadyRunning, Daemon, build, only_one
from maild.settings import Settings
from maild.store import orders
from maild.store.database import Database
from maild.store.inbound_tables import Inbound
from maild.store.tables import Outbox, Switch, TicketRow

CORPUS = Path(os.environ.get("MAILD_CORPUS", Path(__file__).parents[2].parent / "shared" / "corpus"))
AUTHENTICATED = b"Authentication-Results: mx.isybuy.example; dmarc=pass header.from=%s\r\n"


def settings(folder: Path, boxes: dict[str, Account], sink: ScriptedServer, limit: int = 20) -> Settings:
    """A desk on these accounts, which answers so many mails of unknown senders."""
    secret = folder / "secret"
    secret.write_text("secret")
    secret.chmod(0o600)
    mailboxes = {
        name: {
            "address": f"{name}@isybuy.example",
            "trust": {"authserv_id": "mx.isybuy.example"},
            "from": "all",  # a test's first mails may be there before the daemon's first look
            "imap": {**box.settings().model_dump(exclude_none=True), "password": {"file": secret}},
        }
        for name, box in boxes.items()
    }
    return Settings.model_validate(
        {
            "version": 1,
            "site": {"name": "Support iSYBUY", "reference": "ISY", "key": {"file": folder / "reference.key"}},
            "mailboxes": mailboxes,
            "store": {"database": folder / "maild.db", "files": folder / "mails"},
            "smtp": {"host": "127.0.0.1", "port": sink.port, "tls": "none"},
            "admin": "admin@isybuy.example",
            "limits": dict.fromkeys(("unknown_per_domain_hour", "unknown_per_hour", "unknown_per_week"), limit)
            | {"exchanges_per_day": 1000},  # these people answer at once
            "people": {
                "agents": [{"name": "Léa Martin", "address": "lea@isybuy.example"}],
                "customers": [{"address": "alice@client-a.example", "name": "Alice Durand"}],
            },
            "queues": {"support": {}},
            "rules": [{"name": "all", "then": {"assign": "least_loaded"}}],
        }
    )


@asynccontextmanager
async def running(desk: Settings) -> AsyncIterator[Daemon]:
    daemon, stop = build(desk, SystemClock()), asyncio.Event()
    task = asyncio.create_task(daemon.run(stop))
    try:
        yield daemon
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)
        await daemon.database.close()


async def becomes(holds: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    """Until it holds; asked again and again, since another process answers."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 -- a database and a server have no event to wait for
            await asyncio.sleep(0.05)


def letter(sender: str, subject: str, text: str = "Bonjour", *, name: str = "m1", head: bytes = b"") -> bytes:
    domain = sender.rpartition("@")[2].encode()
    fields = (f"From: {sender}", "To: support@isybuy.example", f"Subject: {subject}", f"Message-ID: <{name}@x>", "", "")
    return AUTHENTICATED % domain + head + "\r\n".join(fields).encode() + text.replace("\n", "\r\n").encode()


async def test_a_mail_becomes_a_ticket_and_the_answer_finds_its_way_back(tmp_path: Path, dovecot: Dovecot) -> None:
    box = dovecot.account()
    async with ScriptedServer() as sink, running(settings(tmp_path, {"support": box}, sink)) as daemon:
        await box.append(letter("alice@client-a.example", "Impossible d'exporter"))
        await becomes(lambda: _has(sink, 2))
        to_alice, to_lea = (message_from_bytes(m, policy=policy.default) for m in _ordered(sink))
        assert to_alice["Auto-Submitted"] == "auto-replied"
        assert to_lea["To"].addresses[0].addr_spec == "lea@isybuy.example"
        assert to_alice["In-Reply-To"] == "<m1@x>"
        answer = letter("lea@isybuy.example", f"Re: {to_lea['Subject']}", "Quelle version ?\n\n#attente", name="m2")
        await box.append(answer)
        await becomes(lambda: _has(sink, 3))
        ticket = await daemon.database.read(lambda s: s.exec(select(TicketRow)).one())
        assert ticket.status == "pending"
        await becomes(lambda: _is_empty(box))
        assert len(await box.mails("Processed")) == 2
    assert oct((tmp_path / "reference.key").stat().st_mode & 0o777) == "0o600"


async def test_two_mailboxes_are_read_at_once_and_one_mail_in_both_is_one_ticket(
    tmp_path: Path, dovecot: Dovecot
) -> None:
    one, two = dovecot.account(), dovecot.account()
    async with ScriptedServer() as sink, running(settings(tmp_path, {"support": one, "direct": two}, sink)) as daemon:
        both = letter("alice@client-a.example", "Dans les deux", name="m9")
        await one.append(both)
        await two.append(both, letter("bruno@client-b.example", "Seul", name="m8"))
        await becomes(lambda: _all_filed(daemon, 3))
        assert await daemon.inbound.counts() == {"kept": 0, "applied": 2, "held": 0, "duplicate": 1}
        assert len(await two.mails("Duplicates")) + len(await one.mails("Duplicates")) == 1


async def test_what_was_kept_before_a_stop_is_worked_after_the_start(tmp_path: Path, dovecot: Dovecot) -> None:
    box = dovecot.account()
    async with ScriptedServer() as sink:
        desk = settings(tmp_path, {"support": box}, sink)
        await box.append(*(letter("alice@client-a.example", f"n° {n}", name=f"k{n}") for n in range(5)))
        async with running(desk) as daemon:
            await becomes(lambda: _count(daemon, Inbound, 5))
        async with running(desk) as daemon:
            await becomes(lambda: _all_filed(daemon, 5))
            await becomes(lambda: _count(daemon, TicketRow, 5))
            await becomes(lambda: _has(sink, 10))
        assert len(sink.mails) == len({_id(m) for m in sink.mails}) == 10, "each mail once"


async def test_a_desk_whose_database_is_gone_reads_its_mailbox_again_and_takes_what_waits(
    tmp_path: Path, dovecot: Dovecot
) -> None:
    """Only the mark is left; and the rules say that a first start takes new mail only."""
    box = dovecot.account()
    async with ScriptedServer() as sink:
        desk = settings(tmp_path, {"support": box}, sink)
        mailbox = desk.mailboxes["support"].model_copy(update={"from_": "now"})
        desk = desk.model_copy(update={"mailboxes": {"support": mailbox}})
        async with running(desk) as daemon:
            await becomes(lambda: _is_started(daemon))
            await box.append(letter("alice@client-a.example", "Avant"))
            await becomes(lambda: _has(sink, 2))
            await becomes(lambda: _is_empty(box))
        await box.append(letter("alice@client-a.example", "Entre-temps", name="m2"))
        _lose(desk.store.database)
        async with running(desk) as daemon:
            await becomes(lambda: _all_filed(daemon, 2))
            await becomes(lambda: _is_read_again(daemon))
            await becomes(lambda: _has(sink, 4))
            found = await daemon.database.read(lambda s: s.exec(select(Outbox.ticket, Outbox.state)).all())
            by_subject = dict(
                await daemon.database.read(lambda s: s.exec(select(TicketRow.subject, TicketRow.number)).all())
            )
            assert {state for number, state in found if number == by_subject["Avant"]} == {"held"}
            assert {state for number, state in found if number == by_subject["Entre-temps"]} == {"sent"}


def _lose(database: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(f"{database}{ending}").unlink(missing_ok=True)


async def test_the_daemon_hears_that_an_operator_wants_no_rest_and_says_when_it_spoke(
    tmp_path: Path, dovecot: Dovecot
) -> None:
    box = dovecot.account()
    async with ScriptedServer() as sink, running(settings(tmp_path, {"support": box}, sink)) as daemon:
        await becomes(lambda: asyncio.to_thread(Path(tmp_path / "maild.db.status").is_file))
        beside = Database(tmp_path / "maild.db")
        await beside.write(lambda session: orders.try_now(session, daemon.clock.now()))
        await beside.close()
        await becomes(lambda: _count(daemon, Switch, 0))
        said = json.loads((tmp_path / "maild.db.status").read_text())
        assert datetime.fromisoformat(said["said_at"]) >= datetime.fromisoformat(said["started_at"])
        assert said["concerns"] == {}


async def test_that_nobody_can_be_told_is_logged_once_an_outage(
    tmp_path: Path, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STATUS_EACH", 0.01)
    (tmp_path / "maild.db.status.new").mkdir()  # where the status would be written
    box = dovecot.account()
    with capture_logs() as logs:
        async with ScriptedServer() as sink, running(settings(tmp_path, {"support": box}, sink)):
            await asyncio.sleep(1)
    assert [line["event"] for line in logs].count("nobody can be told what maild does") == 1


def test_a_second_daemon_on_the_same_database_is_refused(tmp_path: Path) -> None:
    with only_one(tmp_path / "maild.db"), pytest.raises(AlreadyRunning), only_one(tmp_path / "maild.db"):
        pass


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the corpus is not at {CORPUS}; set MAILD_CORPUS")
async def test_every_mail_of_the_corpus_ends_in_a_named_state(tmp_path: Path, dovecot: Dovecot) -> None:
    mails = corpus()
    to_us = b"Cc: support@isybuy.example\r\n"  # else nobody would be answered, and nothing shown
    box = dovecot.account()
    async with ScriptedServer() as sink, running(settings(tmp_path, {"support": box}, sink, 1000)) as daemon:
        await box.append(*(to_us + re.sub(rb"\r?\n", b"\r\n", mail) for mail in mails))
        await becomes(lambda: _all_filed(daemon, len(mails)), 120)
        assert await _is_empty(box)
        counts = await daemon.inbound.counts()
        assert counts["kept"] == 0
        assert sum(counts.values()) == len(mails)
        rows = await daemon.database.read(lambda s: s.exec(select(Inbound)).all())
        assert all(row.verdict and row.reason and row.reason != "our-fault" for row in rows)
        kinds = ("auto_reply", "bounce", "list_mail", "loop")  # a budget is used up by mails that were answered
        machines = {row.sender for row in rows if row.verdict in kinds and row.reason != "budget"}
        answers = await daemon.database.read(lambda s: s.exec(select(Outbox).where(Outbox.is_answer)).all())
        answered = {row.recipient_key for row in answers}
        assert len(answered) > 10
        assert not answered & machines
        print(Counter(row.verdict for row in rows), counts, len(answers))


def corpus() -> list[bytes]:
    return [path.read_bytes() for path in sorted(CORPUS.glob("*/data/**/*")) if path.is_file()]


async def _is_started(daemon: Daemon) -> bool:
    return await daemon.inbound.started("support", "INBOX") is not None


async def _is_read_again(daemon: Daemon) -> bool:
    return await daemon.restorations.pending() == set()


async def _has(sink: ScriptedServer, number: int) -> bool:
    return len(sink.mails) >= number


async def _is_empty(box: Account) -> bool:
    return await box.mails() == []


async def _all_filed(daemon: Daemon, number: int) -> bool:
    rows = await daemon.database.read(lambda s: s.exec(select(Inbound.filed_at)).all())
    return len(rows) == number and all(rows)


async def _count(daemon: Daemon, table: type, number: int) -> bool:
    return len(await daemon.database.read(lambda s: s.exec(select(table)).all())) == number


def _ordered(sink: ScriptedServer) -> list[bytes]:
    return sorted(sink.mails, key=lambda m: b"To: Alice" not in m and b"alice@client-a" not in m.partition(b"\n\n")[0])


def _id(mail: bytes) -> bytes:
    match = re.search(rb"^Message-ID: (.*)$", mail, re.M)
    assert match
    return match[1]
