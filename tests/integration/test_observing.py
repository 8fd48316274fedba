"""`maild run --observe` on a live mailbox: what is seen is explained, and nothing is changed anywhere."""

import asyncio
import hashlib
import imaplib
import json
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, redirect_stderr
from pathlib import Path
from typing import Any

import pytest
import structlog
from cli_desk import message
from integration.smtp_servers import ScriptedServer
from mail_servers import HOST, Account, Dovecot
from receiving_desk import open_road
from road import Arrived
from spoilers import Proxy

from maild.cli import main
from maild.cli.output import captured
from maild.clock import SystemClock
from maild.config.load import load
from maild.errors import BadConfig
from maild.ingest.mailbox import Mailbox
from maild.ingest.ports import Folder
from maild.ingest.read_only import Onlooker, ReadOnlyMailbox, WouldChange
from maild.observe import build, masked, observed_place
from maild.standing import path_of, say
from maild.store.twin import copy_store

MAILD = [sys.executable, "-c", "import sys, maild.cli; sys.exit(maild.cli.main())"]
ALICE, BRUNO = "Alice Durand <alice@client-a.example>", "bruno@client-b.example"
LEA = "Léa Martin <lea@isybuy.example>"
RULES = """\
version: 1
site: {{name: Support iSYBUY, language: fr, timezone: Europe/Paris, reference: ISY, key: {{file: keys}}}}
mailboxes:
  support:
    address: support@isybuy.example
    from: {begin}
    imap: {{host: 127.0.0.1, port: {imap}, tls: none, user: {user}, password: {{file: secret}}}}
    trust: {{authserv_id: mx.isybuy.example}}
store: {{database: maild.db, files: mails}}
smtp: {{host: 127.0.0.1, port: {smtp}, tls: none{password}}}
admin: admin@isybuy.example
people:
  agents:
    - {{name: Léa Martin, address: lea@isybuy.example, teams: [n1]}}
  customers:
    - {{address: alice@client-a.example, name: Alice Durand}}
queues:
  support: {{team: n1}}
  invoices: {{team: n1}}
rules:
  - name: invoices
    if: {{subject: {{contains: facture}}}}
    then: {{queue: invoices}}
  - name: the rest
    then: {{assign: least_loaded}}
waiting:
  - {{after: 2 days, send: relance}}
  - {{after: 10 days, resolve: no_answer}}
"""


class Desk:
    """A rules file in a folder, and the processes that are started on it."""

    def __init__(self, folder: Path, account: Account, imap: int, smtp: int, begin: str = "all") -> None:
        self.folder, self.account = folder, account
        self.rules = folder / "rules.yaml"
        self.write(imap, smtp, begin)
        (folder / "secret").write_text("secret\n")
        (folder / "secret").chmod(0o600)
        self.log: list[dict[str, Any]] = []

    def write(self, imap: int, smtp: int, begin: str = "all", password: str = "") -> None:
        """The rules file anew."""
        values = {"imap": imap, "smtp": smtp, "begin": begin, "user": self.account.user, "password": password}
        self.rules.write_text(RULES.format(**values), "utf-8")

    @property
    def live(self) -> Path:
        return self.folder / "maild.db"

    @property
    def observed(self) -> Path:
        return self.folder / "maild.db.observed"

    @asynccontextmanager
    async def runs(self, *options: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """A daemon process; its log goes to `log`, its words to `said` when it has ended in order."""
        command = [*MAILD, "run", "--rules", str(self.rules), *options]
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe, limit=2**20)
        assert process.stderr is not None and process.stdout is not None
        self.log = []
        reading = asyncio.create_task(self._read(process.stderr))
        try:
            await becomes(lambda: self.has("maild runs", "maild observes: nothing is moved or sent"))
            yield process
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
            self.said = (await asyncio.wait_for(process.stdout.read(), 30)).decode()
            assert await process.wait() == 0, self.log
        finally:
            if process.returncode is None:
                process.kill()
            await reading

    async def _read(self, stream: asyncio.StreamReader) -> None:
        async for line in stream:
            self.log.append(json.loads(line) if line.startswith(b"{") else {"event": line.decode()})

    async def has(self, *events: str) -> bool:
        assert not any("Error" in line["event"] for line in self.log), self.log
        return any(line["event"] in events for line in self.log)

    async def has_observed(self, number: int) -> bool:
        return len(self.observed_mails()) >= number

    def observed_mails(self) -> list[dict[str, Any]]:
        return [line for line in self.log if line["event"] == "mail observed"]

    async def tells(self, *words: str) -> str:
        """What a command says."""
        with captured() as shown, redirect_stderr(shown):
            await asyncio.to_thread(main, [*words, "--rules", str(self.rules)])
        return shown.getvalue()

    async def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(await self.tells("status", "--json"))
        return found

    async def is_idling(self) -> bool:
        return bool((await self.status())["observation"]["daemon"]["mailboxes"]["support"]["state"] == "idling")


async def becomes(holds: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 -- another process answers: there is no event to wait for
            await asyncio.sleep(0.05)


class Wire(Proxy):
    """A proxy that keeps what the client says."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.heard = bytearray()

    async def _pump(self, reader: Any, writer: Any, *rest: Any) -> None:
        is_client = writer.get_extra_info("peername")[1] == self._to
        if not is_client:
            await super()._pump(reader, writer, *rest)
            return
        while data := await reader.read(65536):
            self.heard += data
            writer.write(data)
        writer.close()

    def commands(self) -> set[str]:
        """The verbs, without their tags; of UID commands the second word too."""
        words = re.findall(rb"^\S+ ((?:UID )?[A-Z]+)", bytes(self.heard), re.M)
        return {word.decode() for word in words}


def everything(account: Account) -> dict[str, Any]:
    """All that can be seen of an account, without changing it: folders, subscriptions, UIDs, flags, bytes, states."""
    with imaplib.IMAP4(HOST, account.port) as client:
        client.login(account.user, account.password)
        folders = sorted(client.list()[1], key=repr)
        seen: dict[str, Any] = {"folders": folders, "subscribed": sorted(client.lsub()[1], key=repr)}
        for line in folders:
            assert isinstance(line, bytes)
            name = line.rsplit(b' "/" ', 1)[-1].decode()
            what = "(MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN)"
            seen[name] = client.status(name, what)[1]
            client.select(name, readonly=True)
            seen[name] += client.uid("FETCH", "1:*", "(UID FLAGS INTERNALDATE BODY.PEEK[])")[1]
        return seen


@pytest.fixture
async def sink() -> AsyncIterator[ScriptedServer]:
    async with ScriptedServer() as server:
        yield server


@pytest.fixture
def account(dovecot: Dovecot) -> Iterator[Account]:
    yield dovecot.account()


def digests(folder: Path) -> dict[str, str]:
    """The live store's files, byte by byte. SQLite's index of its log (-shm) is memory of readers, and no data."""
    files = [p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()]
    live = [p for p in files if ".observed" not in str(p) and p.suffix not in (".db-shm", ".lock")]
    found = {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in live}
    empty = hashlib.sha256(b"").hexdigest()
    return {name: digest for name, digest in found.items() if not (name.endswith("-wal") and digest == empty)}


async def test_the_first_day_is_explained_and_the_mailbox_stays_as_it_was(
    tmp_path: Path, account: Account, sink: ScriptedServer
) -> None:
    await account.append(
        message(ALICE, "La facture 77", "Bonjour", Message_ID="<m1@client-a.example>"),
        message(ALICE, "Re: autre chose", "Et alors ?", Message_ID="<m2@client-a.example>"),
    )
    await account.append(message(BRUNO, "Lu déjà", "Bonjour", Message_ID="<m3@b.example>"), flags=r"(\Seen \Flagged)")
    await account.append(b"From: x\r\n\r\n" + b"x" * 6_000_000)  # in pieces
    before = everything(account)
    async with Wire(account.port) as wire:
        desk = Desk(tmp_path, account, wire.port, sink.port)
        # The password of the SMTP server is nowhere: it is not asked for.
        desk.write(wire.port, sink.port, password=", user: x, password: {file: nowhere}")
        async with desk.runs("--observe"):
            await becomes(lambda: desk.has_observed(4))
            await becomes(desk.is_idling)  # it says so every few seconds
            shown, seen = await desk.tells("status"), await desk.status()
    assert everything(account) == before
    assert wire.commands() <= {"CAPABILITY", "LOGIN", "EXAMINE", "NOOP", "UID SEARCH", "UID FETCH", "IDLE", "LOGOUT"}
    assert {"EXAMINE", "UID FETCH"} <= wire.commands()
    assert b"BODY[" not in wire.heard
    assert sink.connections == 0
    assert not desk.live.exists()
    assert not (tmp_path / "keys").exists()

    first = desk.observed_mails()[0]
    assert first["verdict"] == "new_ticket"
    assert first["rules"] == ["invoices (line 21)", "the rest (line 24)"]
    assert (first["ticket"], first["queue"]) == (1001, "invoices")
    assert "acknowledgement to a...@client-a.example" in first["would_send"]
    assert "alice@client-a.example" not in json.dumps(desk.log)

    observation = seen["observation"]
    assert seen["daemon"] is None
    assert observation["daemon"]["mailboxes"]["support"]["state"] == "idling"
    assert observation["mails"] == 4
    assert observation["verdicts"]["plain_reply"] == 1
    told = observation["last"][0]
    assert (told["from"], told["subject"]) == ("alice@client-a.example", "La facture 77")
    assert told["rules"] == [{"rule": "invoices", "line": 21}, {"rule": "the rest", "line": 24}]
    assert {"template": "acknowledgement", "to": "alice@client-a.example"} in told["would_send"]
    assert sum(observation["would_send"].values()) == sum(len(mail["would_send"]) for mail in observation["last"])
    assert "nothing is moved or sent" in shown
    assert "rule 'invoices' (line 21)" in shown
    assert "mailbox support: idling" in shown

    assert "Nothing was moved or sent" in desk.said
    assert "1  plain_reply" in desk.said
    assert "To go live: `maild run`" in desk.said
    assert "does not now" in await desk.tells("status")
    assert "La facture 77" in await desk.tells("tickets", "list", "--observed")
    assert "plain_reply" in await desk.tells("held", "list", "--observed")
    assert "acknowledgement" in await desk.tells("outbox", "list", "--observed")
    assert "rule 'invoices' (line 21) fired" in await desk.tells("explain", "--ticket", "1001", "--observed")
    assert "--observed" in await desk.tells("tickets", "list")


async def test_an_observation_goes_on_where_it_stopped(tmp_path: Path, account: Account, sink: ScriptedServer) -> None:
    await account.append(message(ALICE, "Ancienne", "Bonjour", Message_ID="<m0@client-a.example>"))
    desk = Desk(tmp_path, account, account.port, sink.port, "now")
    async with desk.runs("--observe"):
        await becomes(lambda: _idles(desk))
        await account.append(message(ALICE, "Un", "Bonjour", Message_ID="<m1@client-a.example>"))
        await becomes(lambda: desk.has_observed(1))
    since = (await desk.status())["observation"]["since"]
    await account.append(message(ALICE, "Deux", "Bonjour", Message_ID="<m2@client-a.example>"))
    async with desk.runs("--observe"):
        await becomes(lambda: desk.has_observed(1))
        observation = (await desk.status())["observation"]
    assert [mail["subject"] for mail in observation["last"]] == ["Un", "Deux"]
    assert observation["since"] == since
    assert len(desk.observed_mails()) == 1, "the log tells each mail once"
    assert f"write `from: {since[:10]}`" in desk.said


async def test_beside_a_live_store_a_reply_is_understood_and_the_store_keeps_every_byte(
    tmp_path: Path, account: Account, sink: ScriptedServer
) -> None:
    desk = Desk(tmp_path, account, account.port, sink.port)
    await account.append(message(ALICE, "Panne", "Bonjour " * 60_000, Message_ID="<m1@client-a.example>"))  # to a file
    await account.append(message(ALICE, "Autre panne", "Bonjour", Message_ID="<m2@client-a.example>"))
    async with desk.runs():
        await becomes(lambda: _tells_of(sink, 1001, ALICE))
        await becomes(lambda: _tells_of(sink, 1002, LEA))
        await account.append(message(LEA, f"Re: {reference(sink, 1002, LEA)}", "Laquelle ?\n\n#attente"))
        await becomes(lambda: _is_empty(account))
    fall_due(desk.live)
    reply = message(ALICE, f"Re: Panne {reference(sink, 1001, ALICE)}", "Toujours rien", Message_ID="<m3@x>")
    await account.append(reply)
    connections, before, mailbox = sink.connections, digests(tmp_path), everything(account)
    assert {"maild.db", "keys"} <= before.keys()
    assert any(name.startswith("mails/") for name in before)
    async with desk.runs("--observe"):
        await becomes(lambda: desk.has_observed(1))
        await becomes(lambda: desk.has("timer observed"))
        seen = await desk.status()
    [observed] = desk.observed_mails()
    assert (observed["verdict"], observed["ticket"]) == ("reply", 1001)
    assert [(t["template"], t["ticket"]) for t in seen["observation"]["timers"]] == [("relance", 1002)]
    assert seen["inbound"]["applied"] == 3, "the desk itself knows of three mails"
    assert digests(tmp_path) == before
    assert everything(account) == mailbox
    assert sink.connections == connections
    assert not await desk.has("file_fetched_again"), "the large mail of the live store is there"
    assert "It goes on from its own database" in desk.said


def left_open(path: Path, word: str) -> None:
    """A database as a killed program leaves it: what was committed last is only in its log."""
    working = path.with_name("working.db")
    with closing(sqlite3.connect(working)) as rows:
        rows.execute("PRAGMA journal_mode=WAL")
        rows.execute("CREATE TABLE t (word)")
        rows.execute("INSERT INTO t VALUES (?)", (word,))
        rows.commit()
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{working}{suffix}", f"{path}{suffix}")
    working.unlink()


def word_in(path: Path) -> str:
    with closing(sqlite3.connect(path)) as rows:
        [[word]] = rows.execute("SELECT word FROM t")
        return str(word)


def test_a_log_that_a_killed_daemon_left_is_read_and_not_folded_in(tmp_path: Path) -> None:
    left_open(tmp_path / "maild.db", "live")
    before = digests(tmp_path)
    assert "maild.db-wal" in before
    copy_store(tmp_path / "maild.db", tmp_path / "mails", tmp_path / "maild.db.observed", tmp_path / "own.observed")
    assert digests(tmp_path) == before
    assert word_in(tmp_path / "maild.db.observed") == "live"


def test_a_copy_takes_the_place_of_what_a_killed_observation_left(tmp_path: Path) -> None:
    """Its log too, which would make the new copy show the old rows."""
    live, own = tmp_path / "maild.db", tmp_path / "maild.db.observed"
    left_open(own, "observed before")
    left_open(live, "live")
    copy_store(live, tmp_path / "mails", own, tmp_path / "own.observed")
    assert word_in(own) == "live"


def test_a_copy_is_for_nobody_elses_eyes(tmp_path: Path) -> None:
    """However the live database may have been opened up."""
    live, own = tmp_path / "maild.db", tmp_path / "copies" / "own.db"
    left_open(live, "live")
    live.chmod(0o644)
    copy_store(live, tmp_path / "mails", own, tmp_path / "copies" / "own")
    modes = [path.stat().st_mode & 0o777 for path in (own.parent, own, own.with_name("own"))]
    assert modes == [0o700, 0o600, 0o700]


def test_what_a_process_says_of_itself_is_for_nobody_elses_eyes(tmp_path: Path) -> None:
    (tmp_path / "maild.db.status.new").touch(0o644)  # of one that was killed
    say(tmp_path / "maild.db", {"pid": 1})
    assert path_of(tmp_path / "maild.db").stat().st_mode & 0o777 == 0o600
    assert json.loads(path_of(tmp_path / "maild.db").read_text("utf-8")) == {"pid": 1}


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("alice@client-a.example", "a...@client-a.example"),
        ('"alice@home"@client-a.example', '"...@client-a.example'),
        ("a@client-a.example", "...@client-a.example"),
        ("alice", "..."),
        ("", ""),
    ],
)
def test_an_address_in_the_log_shows_its_domain_and_no_more_than_a_letter(address: str, shown: str) -> None:
    assert masked(address) == shown


async def test_an_onlooker_files_nothing(tmp_path: Path, account: Account) -> None:
    """Mails that lie elsewhere than their rows want them, as those of a live store may, are not even looked for."""
    async with open_road(tmp_path) as road:
        await road.inbound.keep([Arrived(1, message(ALICE, "Panne", "Bonjour"))])
        await road.database.write(lambda session: session.connection().exec_driver_sql(ASTRAY).close())
        here = Folder("support", "INBOX", 1)
        astray = await road.inbound.astray(*here)
        onlooker = Onlooker("support", account.settings(), road.inbound, structlog.get_logger())
        box = await ReadOnlyMailbox.connect("support", account.settings(), "secret")
        try:
            await box.select("INBOX")
            await onlooker.file(box, here, {1})
            await onlooker.move_on(box, here)
        finally:
            await box.close()
        assert astray
        assert await road.inbound.astray(*here) == astray


ASTRAY = (
    "UPDATE inbound SET disposition = 'applied', filed_as = 'held', filed_at = kept_at, filed_folder = 'Held',"
    " filed_uidvalidity = 1, filed_uid = 9"
)


async def test_mails_that_are_decided_after_the_signal_are_told_too(
    tmp_path: Path, account: Account, sink: ScriptedServer
) -> None:
    Desk(tmp_path, account, account.port, sink.port)
    settings = load(tmp_path / "rules.yaml")
    observation = build(settings, observed_place(settings), SystemClock())
    stop = asyncio.Event()
    stop.set()
    try:
        await observation.inbound.keep([Arrived(1, message(ALICE, "Panne", "Bonjour"))])
        await observation.intake.drain()
        with structlog.testing.capture_logs() as logs:
            await asyncio.wait_for(observation.run(stop), 30)
    finally:
        await observation.end()
    assert [log["inbound"] for log in logs if log["event"] == "mail observed"] == [1]


async def test_the_daemon_goes_before_an_observation(tmp_path: Path, account: Account, sink: ScriptedServer) -> None:
    """An observation does not start beside it, and ends when it starts."""
    desk = Desk(tmp_path, account, account.port, sink.port)
    async with desk.runs():
        command = [*MAILD, "run", "--observe", "--rules", str(desk.rules)]
        done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True)
        assert done.returncode == 75
        assert "maild runs on" in done.stderr
    looking, live = desk, Desk(tmp_path, account, account.port, sink.port)
    async with looking.runs("--observe") as observing:
        again = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True)
        assert again.returncode == 75, "nor beside another one"
        async with live.runs():
            await asyncio.wait_for(observing.wait(), 30)
            assert "is kept in maild.db.observed" in await live.tells("status")
    assert any("so the observation ends" in line["event"] for line in looking.log)


async def test_a_mailbox_that_is_only_read_refuses_whatever_would_change_it(account: Account) -> None:
    await account.append(message(ALICE, "Panne", "Bonjour"))
    before = everything(account)
    box = await ReadOnlyMailbox.connect("support", account.settings(), "secret")
    try:
        await box.select("INBOX")
        [uid] = await box.uids()
        with pytest.raises(WouldChange):
            await box.move([uid], "Processed")
        with pytest.raises(WouldChange):
            await box.ensure_folder("Processed")
        with pytest.raises(WouldChange):
            await Mailbox.move(box, [uid], "Processed")  # even where the code above is mistaken
        with pytest.raises(WouldChange):
            await Mailbox.ensure_folder(box, "Processed")
        fetches = ("BODY[]", "RFC822", "RFC822.TEXT", "BINARY[1]", "(UID RFC822)", "(BODY.PEEK[] BODY[])", "(FLAGS")
        for command in (r"STORE 1 +FLAGS (\Seen)", "EXPUNGE", "SELECT INBOX", "CLOSE", *fetches):
            words = ("FETCH", "1", command) if command in fetches else command.split()
            with pytest.raises(WouldChange):
                await box._protocol.run(*words)
        assert (await box.fetch([uid]))[uid], "and reads on"
    finally:
        await box.close()
    assert everything(account) == before


async def test_an_observed_database_is_never_taken_for_a_live_one(
    tmp_path: Path, account: Account, sink: ScriptedServer
) -> None:
    """Else all that would have left would leave at once."""
    desk = Desk(tmp_path, account, account.port, sink.port)
    settings = load(desk.rules)
    await build(settings, observed_place(settings), SystemClock()).end()
    desk.observed.rename(desk.live)
    command = [*MAILD, "run", "--rules", str(desk.rules)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 78
    assert "of an observation" in done.stderr
    assert sink.connections == 0


def test_a_store_that_is_none_can_not_be_copied_and_the_old_copy_stays(tmp_path: Path) -> None:
    (tmp_path / "maild.db").write_bytes(b"this is no database, but as long as the first page of one would be" * 40)
    (tmp_path / "own.db").write_bytes(b"an older copy")
    with pytest.raises(BadConfig):
        copy_store(tmp_path / "maild.db", tmp_path / "mails", tmp_path / "own.db", tmp_path / "own")
    assert (tmp_path / "own.db").read_bytes() == b"an older copy"


def reference(sink: ScriptedServer, number: int, to: str) -> str:
    """The reference in a mail about that ticket to that person."""
    address = to.partition("<")[2].rstrip(">").encode()
    heads = [mail.partition(b"\n\n")[0] for mail in sink.mails]
    found = [m for head in heads if address in head and (m := re.search(rb"\[ISY-%d-[^\]]+\]" % number, head))]
    return found[0][0].decode() if found else ""


def fall_due(database: Path) -> None:
    """The first step of every wait is due since a minute."""
    with closing(sqlite3.connect(database)) as rows:
        rows.execute("UPDATE timer SET due_at = datetime('now', '-1 minute') WHERE policy = 'waiting' AND step = 1")
        rows.commit()
    assert not Path(f"{database}-wal").exists()


async def _idles(desk: Desk) -> bool:
    shown = await desk.tells("status")
    return "mailbox support: idling" in shown


async def _tells_of(sink: ScriptedServer, number: int, to: str) -> bool:
    return reference(sink, number, to) != ""


async def _is_empty(account: Account) -> bool:
    return await account.mails() == []
