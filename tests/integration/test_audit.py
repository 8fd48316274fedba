"""Each sort of difference, made by hand on a desk over real Dovecot, gives exactly its line; a healthy desk none."""

import asyncio
import itertools
import json
import os
import shutil
import subprocess
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import desk_values
import pysqlite3.dbapi2 as sqlite
import pytest
import structlog
from cli_desk import CliDesk, message
from integration.smtp_servers import ScriptedServer
from integration.test_daemon import becomes, running
from integration.test_daemon import letter as proved
from integration.test_daemon import settings as daemon_settings
from mail_servers import Account, Dovecot, free_port
from receiving_desk import open_road, receiving
from road import Arrived, Road, letter

from maild.audit.findings import Finding, together
from maild.auditor import Auditor, Progress, Report, progress_of
from maild.cli import main
from maild.clock import SystemClock, VirtualClock
from maild.ingest.pieces import LARGEST_MAIL
from maild.nightly import Nightly
from maild.settings import Settings
from maild.store import auditing
from maild.store.database import Database, Session

SOON = (0.01, 0.01)
LARGE = 300_000  # octets: such a mail lies in a file
TO_DO_READ_AGAIN = "move it back into the inbox with any mail program, and it is read as new mail"


def request(name: str, size: int = 0) -> bytes:
    return letter(f"{name}@client-a.example", "x" * size or name, subject=name)


def held(name: str) -> bytes:
    return letter("lea@isybuy.example", name, subject=f"Re: {name}", proof="fail")


@dataclass(kw_only=True)
class Stored:
    """The store of a desk that has worked and filed four mails and rests since; what is done to it is done by hand."""

    settings: Settings
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(SystemClock().now()))  # as the server's

    async def audit(
        self,
        *,
        folders: bool = True,
        progress: Progress | None = None,
        largest: int = LARGEST_MAIL,
        looks_again_after: Sequence[float] = SOON,
    ) -> Report:
        """As if no daemon ran."""
        database = Database(self.settings.store.database)
        try:
            auditor = Auditor(
                *(self.settings, database, self.clock, lambda _: progress, False),
                looks_again_after=looks_again_after,
                largest=largest,
            )
            return await auditor.audit(folders=folders)
        finally:
            await database.close()

    def sql(self, *statements: str) -> None:
        """As with the sqlite3 program, which knows nothing of us."""
        connection = sqlite.connect(self.settings.store.database)
        try:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            for statement in statements:
                assert connection.execute(statement).rowcount != 0, f"nothing was changed by {statement}"
            connection.commit()
        finally:
            connection.close()

    def file(self) -> Path:
        """Of the one large mail."""
        [path] = self.settings.store.files.iterdir()
        return path


@dataclass(kw_only=True)
class Desk(Stored):
    """The same with its server."""

    road: Road
    account: Account


@dataclass
class Template:
    """A desk that was filled once, store and server, to be copied for each test."""

    folder: Path
    account: Account


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, dovecot: Dovecot) -> Template:
    """1: a request; 2: held; 3: a copy of the first; 4: a large request. An older mail was left alone."""
    made = Template(tmp_path_factory.mktemp("filled"), dovecot.account())

    async def fill() -> None:
        await made.account.append(request("older"))
        async with (
            open_road(made.folder, SystemClock().now()) as road,
            receiving(road, made.account.settings(), "now") as desk,
        ):
            await desk.calm()
            for count, mail in enumerate((request("one"), held("two"), request("one"), request("four", LARGE)), 1):
                await made.account.append(mail)
                await desk.settles(count)
            await desk.calm()

    asyncio.run(fill())
    return made


def copy_folders(old: Path, new: Path) -> None:
    """UIDs, owners and all."""
    shutil.rmtree(new)
    subprocess.run(["cp", "-a", old, new], check=True)


def opened(folder: Path, filled: Template) -> Stored:
    """A copy of the store."""
    shutil.copytree(filled.folder, folder, dirs_exist_ok=True)
    made = Stored(settings=desk_values.settings(store={"database": folder / "maild.db", "files": folder / "mails"}))
    made.sql("UPDATE inbound SET kept_at = '2026-01-01 00:00:00.000000', settled_at = '2026-01-01 00:00:00.000000'")
    return made


@pytest.fixture
def stored(tmp_path: Path, filled: Template) -> Stored:
    made = opened(tmp_path, filled)
    box = made.settings.mailboxes["support"].model_copy(update={"imap": filled.account.settings()})
    made.settings = made.settings.model_copy(update={"mailboxes": {"support": box}})
    return made


@pytest.fixture
async def desk(tmp_path: Path, dovecot: Dovecot, filled: Template) -> AsyncIterator[Desk]:
    account = dovecot.account()
    await account.mails()  # the server makes its folder
    copy_folders(dovecot.maildir(filled.account), dovecot.maildir(account))
    base = opened(tmp_path, filled).settings
    secret = tmp_path / "secret"
    secret.write_text("secret")
    secret.chmod(0o600)
    box = base.mailboxes["support"].model_copy(update={"imap": account.settings(password={"file": secret})})
    async with open_road(tmp_path, SystemClock().now()) as road:
        yield Desk(road=road, account=account, settings=base.model_copy(update={"mailboxes": {"support": box}}))


async def test_a_desk_that_rests_has_no_difference(desk: Desk) -> None:
    report = await desk.audit()
    assert report.lines == []
    assert (report.received, dict(report.by_disposition)) == (4, {"kept": 0, "applied": 2, "held": 1, "duplicate": 1})
    assert report.notes == ["support, INBOX: 1 older mails were left alone at the first start"]


IN_STORE: list[tuple[str, Sequence[str], str]] = [
    ("a row deleted", ["DELETE FROM inbound WHERE id = 2"], "mail 2: received, and the row is gone from the database"),
    (
        "the newest row deleted",
        ["DELETE FROM inbound WHERE id = 4"],
        "mail 4: received, and the row is gone from the database",
    ),
    ("a state", ["UPDATE inbound SET disposition = 'odd' WHERE id = 2"], "mail 2: in no state that has a name (odd)"),
    ("a verdict", ["UPDATE inbound SET verdict = '' WHERE id = 1"], "mail 1: settled, but without verdict or time"),
    (
        "back to kept",
        ["UPDATE inbound SET disposition = 'kept', kept_at = '2099-01-01 00:00:00.000000' WHERE id = 2"],
        "mail 2: a verdict on it is recorded, but it waits as if there were none",
    ),
    (
        "a decision",
        ["DELETE FROM decision WHERE inbound_id = 1"],
        "mail 1: applied, and no decision about it is recorded",
    ),
    (
        "a ticket's number",
        ["UPDATE inbound SET ticket = NULL WHERE id = 1"],
        "mail 1: its verdict needs a ticket, and it has none (new_ticket)",
    ),
    ("a reason", ["UPDATE inbound SET reason = '' WHERE id = 2"], "mail 2: held without a reason"),
    (
        "an original",
        ["UPDATE inbound SET duplicate_of = 77 WHERE id = 3"],
        "mail 3: a duplicate that names no received mail (mail 77)",
    ),
    (
        "a copy of itself",
        ["UPDATE inbound SET duplicate_of = 3 WHERE id = 3"],
        "mail 3: duplicates of one another, and none of them was worked",
    ),
    (
        "a content key",
        ["DELETE FROM content WHERE inbound_id = 4"],
        "mail 4: a second copy of it would be taken for new mail",
    ),
    ("a shorter blob", ["UPDATE inbound SET raw = x'41' WHERE id = 1"], "mail 1: its bytes are not as many as were"),
    ("no blob", ["UPDATE inbound SET raw = NULL WHERE id = 1"], "mail 1: its bytes are nowhere"),
    (
        "another octet",
        ["UPDATE inbound SET raw = CAST('X' || substr(raw, 2) AS BLOB) WHERE id = 1"],
        "mail 1: its bytes are not those that were received",
    ),
    ("a message", ["UPDATE message SET ticket = 1002 WHERE inbound_id = 1"], "ticket 1001: it has no message"),
    (
        "the words of a mail",
        ["UPDATE message SET inbound_id = NULL WHERE inbound_id = 4"],
        "mail 4: applied, and its words are on no ticket",
    ),
    (
        "another folder",
        ["UPDATE inbound SET filed_folder = 'Held', filed_uid = 9 WHERE id = 1"],
        "support, Held: mail 1: filed into the folder of another disposition (applied)",
    ),
    (
        "a held mail applied",
        ["UPDATE inbound SET disposition = 'applied', filed_as = '', reason = 'x' WHERE id = 2"],
        "mail 2: its verdict does not lead to what was done with it (unsigned_agent → applied)",
    ),
    (
        "a request held",
        ["UPDATE inbound SET disposition = 'held', filed_as = '' WHERE id = 1"],
        "mail 1: its verdict does not lead to what was done with it (new_ticket → held)",
    ),
    ("a mail out", ["DELETE FROM outbox WHERE id = 1"], "mail out 1: written, and the row is gone from the database"),
    (
        "an odd state of a mail out",
        ["UPDATE outbox SET state = 'gone' WHERE id = 1"],
        "mail out 1: in no state that has a name (gone)",
    ),
    ("half sent", ["UPDATE outbox SET state = 'sending' WHERE id = 2"], "mail out 2: half sent, and no daemon runs"),
    (
        "never tried",
        ["UPDATE outbox SET state = 'sent' WHERE id <> 1", "UPDATE outbox SET next_at = '2026-01-01 00:00:00.000000'"],
        "mail out 1: due for more than a day, and never tried",
    ),
    (
        "a reminder",
        [
            "UPDATE ticket SET status = 'resolved' WHERE number = 1001",
            "INSERT INTO timer (ticket, policy, step, round, due_at, state)"
            " VALUES (1001, 'waiting', 1, 1, '2027-01-01 00:00:00.000000', 'armed')",
        ],
        "ticket 1001: ended, and a reminder is still armed",
    ),
    (
        "a timer",
        [
            "INSERT INTO timer (ticket, policy, step, round, due_at, state)"
            " VALUES (4711, 'waiting', 1, 1, '2027-01-01 00:00:00.000000', 'armed')"
        ],
        "ticket 4711: not there, and a timer waits for it",
    ),
]


@pytest.mark.parametrize(("statements", "line"), [row[1:] for row in IN_STORE], ids=[row[0] for row in IN_STORE])
async def test_what_a_hand_did_to_the_database_is_one_line(
    stored: Stored, statements: Sequence[str], line: str
) -> None:
    stored.sql(*statements)
    [found] = (await stored.audit(folders=False)).lines
    assert found.startswith(line)
    assert ". To do: " in found


UNTRIED = "UPDATE outbox SET next_at = '2026-01-01 00:00:00.000000' WHERE id = 2"


@pytest.mark.parametrize(
    "statements",
    [
        ["INSERT INTO switch (name, set_at) VALUES ('outbox-paused', '2026-01-01 00:00:00.000000')"],
        [
            "UPDATE outbox SET attempts = 1 WHERE id = 1",
            "UPDATE outbox SET (recipient_key, ticket) = (SELECT recipient_key, ticket FROM outbox WHERE id = 1)"
            " WHERE id = 2",
        ],
    ],
    ids=["paused", "behind one that is tried"],
)
async def test_a_mail_out_that_has_to_wait_is_no_difference(stored: Stored, statements: Sequence[str]) -> None:
    stored.sql(UNTRIED)
    [found] = (await stored.audit(folders=False)).lines
    assert found.startswith("mail out 2: due for more than a day, and never tried")
    stored.sql(*statements)
    assert (await stored.audit(folders=False)).lines == []


async def test_what_was_on_its_way_at_the_first_look_is_no_difference(stored: Stored) -> None:
    """The poller fetches a large mail again between the two looks."""
    file = stored.file()
    aside = file.with_name("aside")
    file.rename(aside)

    class Meanwhile(list[float]):
        def __getitem__(self, place: Any) -> Any:
            aside.rename(file)
            return super().__getitem__(place)

    assert (await stored.audit(folders=False, looks_again_after=Meanwhile([0.0]))).lines == []
    assert file.exists()


async def test_a_slice_is_bounded_by_its_octets(stored: Stored) -> None:
    stored.sql(f"UPDATE inbound SET raw = zeroblob({auditing.HEAVIEST + 1}) WHERE id = 2")
    database = Database(stored.settings.store.database)
    try:
        slices = [await database.read(partial(auditing.mails, after=after, last=4)) for after in (0, 2)]
    finally:
        await database.close()
    assert [[row.id for row in rows] for rows in slices] == [[1, 2], [3, 4]]


async def test_files_are_read_in_no_transaction(stored: Stored) -> None:
    """So that a slow disk does not keep the log from being folded."""
    database = Database(stored.settings.store.database)
    try:
        rows = await database.read(partial(auditing.mails, after=3, last=4))
    finally:
        await database.close()
    [large] = rows
    assert (large.file_octets, large.is_same) == (None, None)
    whole = auditing.with_file(large, stored.settings.store.files)
    assert (whole.file_octets, whole.is_same) == (large.size, True)


async def test_an_audit_that_is_cancelled_leaves_no_long_look_behind(stored: Stored) -> None:
    began = threading.Event()

    def one() -> int:
        began.set()
        return 1

    def endless(session: Session) -> None:
        rows = session.connection()
        driver: Any = rows.connection.dbapi_connection
        driver.create_function("one", 0, one)
        rows.exec_driver_sql("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT one() FROM c) SELECT sum(x) FROM c")

    class Slow(Database):
        async def read(self, work: Callable[[Session], Any]) -> Any:
            return await super().read(endless)

    database = Slow(stored.settings.store.database)
    auditor = Auditor(stored.settings, database, stored.clock, lambda _: None, False)
    task = asyncio.create_task(auditor.audit(folders=False))
    assert await asyncio.to_thread(began.wait, 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(database.close(), 20)


async def test_rows_of_a_mailbox_that_the_rules_no_longer_name_are_a_remark(stored: Stored) -> None:
    stored.sql("UPDATE inbound SET mailbox = 'old'")
    report = await stored.audit(folders=False)
    assert report.lines == []
    assert report.notes == ["old: 4 mails received; the rules no longer name this mailbox"]


async def test_a_ticket_that_is_gone_is_told_with_its_mails(stored: Stored) -> None:
    stored.sql("DELETE FROM ticket WHERE number = 1001")
    [found] = (await stored.audit(folders=False)).lines
    assert found.startswith("mails 1, 3: it is on a ticket that is not there (ticket 1001)")


@pytest.mark.parametrize(
    ("act", "line"),
    [
        (lambda path: path.unlink(), "mail 4: its file is missing"),
        (lambda path: os.truncate(path, 5), "mail 4: its file is not as long as the mail was"),
        (lambda path: path.write_bytes(b"X" + path.read_bytes()[1:]), "mail 4: its bytes are not those that were"),
    ],
    ids=["dropped", "cut short", "changed"],
)
async def test_what_a_hand_did_to_a_file_is_one_line(stored: Stored, act: Any, line: str) -> None:
    act(stored.file())
    [found] = (await stored.audit(folders=False)).lines
    assert found.startswith(line)


async def test_a_mail_that_waits_for_nobody_is_told(desk: Desk) -> None:
    await desk.road.inbound.keep([Arrived(9, request("five"))])
    assert (await desk.audit(folders=False)).lines == []
    desk.sql("UPDATE inbound SET kept_at = '2026-01-01 00:00:00.000000' WHERE id = 5")
    [found] = (await desk.audit(folders=False)).lines
    assert found.startswith("mail 5: kept for more than 15 minutes, and nobody works on it")


async def test_deleted_rows_that_nobody_names_are_known_from_an_earlier_audit(desk: Desk) -> None:
    await desk.road.inbound.keep([Arrived(9, request("five"))])
    await desk.road.database.write(lambda s: auditing.record(s, desk.road.clock.now(), 5, []))
    desk.sql("DELETE FROM inbound WHERE id = 5")
    [found] = (await desk.audit(folders=False)).lines
    assert found.startswith("mail 5: counted by an earlier audit, and the row is gone from the database")


async def take(desk: Desk, uid: int, folder: str, to: str | None = None) -> None:
    if to is not None:
        await desk.account.command("COPY", str(uid), to, folder=folder)
    await desk.account.command("STORE", str(uid), "+FLAGS", r"(\Deleted)", folder=folder)
    await desk.account.command("EXPUNGE", str(uid), folder=folder)


async def test_a_mail_that_somebody_deleted_is_told(desk: Desk) -> None:
    await take(desk, 1, "Held")
    assert (await desk.audit()).lines == [
        "support, Held: mail 2: filed there and there no longer: somebody took it. "
        "To do: nothing is lost: its bytes are kept"
    ]


async def test_a_mail_that_somebody_moved_is_told_at_both_places(desk: Desk) -> None:
    await take(desk, 1, "Held", "Processed")
    assert [line.partition(". To do")[0] for line in (await desk.audit()).lines] == [
        "support, Held: mail 2: filed there and there no longer: somebody took it",
        "support, Processed: UID 3: no received mail lies there",
    ]


async def test_a_strangers_mail_in_processed_is_told(desk: Desk) -> None:
    await desk.account.append(request("stranger"), folder="Processed")
    assert (await desk.audit()).lines == [
        "support, Processed: UID 3: no received mail lies there. "
        f"To do: if it is a customer's, {TO_DO_READ_AGAIN}; else move it elsewhere"
    ]


async def test_a_mail_of_another_disposition_is_in_the_wrong_folder(desk: Desk) -> None:
    desk.sql("UPDATE inbound SET disposition = 'applied', reason = 'discarded' WHERE id = 2")
    [found] = (await desk.audit()).lines
    assert found.startswith("support, Held: mail 2: in the folder of another disposition (held → applied)")


async def test_a_mail_back_in_the_inbox_is_told(desk: Desk) -> None:
    desk.sql("UPDATE folder_start SET left_alone = ''", "UPDATE inbound SET uid = 1, filed_at = filed_at WHERE id = 4")
    [found] = (await desk.audit()).lines
    assert found.startswith("support, INBOX: mail 4: filed or taken away, and yet in the inbox")


async def test_a_deleted_row_is_told_with_its_copy(desk: Desk) -> None:
    desk.sql("DELETE FROM inbound WHERE id = 2")
    assert [line.partition(". To do")[0] for line in (await desk.audit()).lines] == [
        "mail 2: received, and the row is gone from the database",
        "support, Held: UID 1: no received mail lies there",
    ]


async def test_mail_that_nobody_takes_is_told_and_what_has_just_come_is_not(desk: Desk) -> None:
    now = desk.clock.now()
    await desk.account.append(request("fresh"), at=now - timedelta(minutes=1))
    assert (await desk.audit()).lines == []
    await desk.account.append(request("stale"), at=now - timedelta(minutes=6))
    [found] = (await desk.audit()).lines
    assert found.startswith("support, INBOX: UID 7: in the inbox and not taken")
    taking = await desk.audit(progress=Progress(True, now - timedelta(minutes=5)))
    assert taking.lines == []
    assert "support, INBOX: 2 mails are still to be taken; the daemon is at it" in taking.notes
    swept = await desk.audit(progress=Progress(True, now + timedelta(seconds=1)))
    assert swept.lines == [found], "a whole sweep has passed it by"


async def test_a_mail_that_the_server_does_not_hand_over_is_named_as_such(desk: Desk, dovecot: Dovecot) -> None:
    await desk.account.append(request("broken"), at=desk.clock.now() - timedelta(minutes=6))
    inbox = dovecot.maildir(desk.account)
    [path] = [p for p in (*inbox.glob("cur/*"), *inbox.glob("new/*")) if b"broken" in p.read_bytes()]
    path.chmod(0)
    [found] = (await desk.audit()).lines
    assert found.startswith("support, INBOX: UID 6: the server does not hand it over")


async def test_a_mail_that_is_too_large_is_named_as_such(desk: Desk) -> None:
    await desk.account.append(request("huge", LARGE + 1))
    [found] = (await desk.audit(largest=LARGE)).lines
    assert found.startswith("support, INBOX: UID 6: too large to be taken")


async def test_a_folder_that_was_made_anew_is_compared_by_size(desk: Desk, dovecot: Dovecot) -> None:
    dovecot.forget_uids(desk.account, "Processed")
    report = await desk.audit()
    assert report.lines == []
    assert [note.partition(" since")[0] for note in report.notes[1:]] == [
        "support, Processed: the server has made this folder anew"
    ]
    await take(desk, 2, "Processed")
    await desk.account.append(request("stranger"), folder="Processed")
    kinds = [(d.kind, len(d.numbers)) for d in (await desk.audit()).differences]
    assert kinds == [("not-in-folder", 1), ("without-row", 1)]


async def test_a_folder_that_is_gone_is_told_with_its_mails(desk: Desk) -> None:
    await desk.account.delete("Processed")
    assert [line.partition(". To do")[0] for line in (await desk.audit()).lines] == [
        "support, Processed: mails 1, 4: filed there, and the folder is gone: somebody took it"
    ]


def at_port(settings: Settings, port: int) -> Settings:
    """The same desk, its IMAP server elsewhere."""
    box = settings.mailboxes["support"]
    assert box.imap is not None
    away = box.model_copy(update={"imap": box.imap.model_copy(update={"port": port})})
    return settings.model_copy(update={"mailboxes": {"support": away}})


async def test_a_server_that_is_away_is_said_after_the_rest(desk: Desk) -> None:
    desk.sql("UPDATE message SET ticket = 1002 WHERE inbound_id = 1")
    desk.settings = at_port(desk.settings, free_port())
    report = await desk.audit()
    assert [d.kind for d in report.differences] == ["ticket-empty"]
    assert list(report.unreachable) == ["support"]


async def test_looking_changes_nothing_on_the_server(desk: Desk, dovecot: Dovecot) -> None:
    """A mail that was never looked at stays recent and unseen."""
    await desk.account.append(request("fresh"), at=desk.clock.now() - timedelta(minutes=6))
    new = dovecot.maildir(desk.account) / "new"
    before = sorted(p.name for p in new.iterdir())
    await desk.audit()
    assert before
    assert sorted(p.name for p in new.iterdir()) == before


async def test_the_nightly_audit_is_kept_and_its_differences_concern_the_admin(desk: Desk) -> None:
    """In the site's language."""
    nightly = Nightly(lambda: desk.settings, desk.road.database, desk.clock, lambda _: None, looks_again_after=SOON)
    await nightly.audit()
    before = nightly.concerns
    desk.sql("UPDATE message SET ticket = 1002 WHERE inbound_id = 1")
    await nightly.audit()
    [concern] = nightly.concerns
    assert before == ()
    assert concern.notice == "audit-differences"
    assert concern.details == ("ticket 1001 : sans aucun message. À faire : restaurez-le à partir d’une sauvegarde",)
    last = await desk.road.database.read(auditing.last_audit)
    assert last is not None
    assert (last.mails, [d.line("fr") for d in last.differences]) == (4, list(concern.details))


async def test_a_mail_that_somebody_took_away_is_told_one_night_and_a_remark_from_then_on(desk: Desk) -> None:
    nightly = Nightly(lambda: desk.settings, desk.road.database, desk.clock, lambda _: None, looks_again_after=SOON)
    await take(desk, 1, "Processed")
    desk.sql("UPDATE message SET ticket = 1002 WHERE inbound_id = 1")
    assert [(await desk.audit()).lines for _ in range(2)] == [(await desk.audit()).lines] * 2, "the command marks none"
    await nightly.audit()
    [first] = nightly.concerns
    assert len(first.details) == 2
    await nightly.audit()
    [second] = nightly.concerns
    assert second.key == first.key, "fewer of them are no other matter"
    assert second.details == first.details[:1]
    report = await desk.audit()
    assert [d.kind for d in report.differences] == ["ticket-empty"]
    assert report.notes[-1] == "support: 1 mails were taken away by somebody, as the rows know; their bytes are kept"

    await take(desk, 1, "Held")
    await nightly.audit()
    [third] = nightly.concerns
    assert third.key != first.key
    assert third.details[0].startswith("support, Held : message 2 : rangé là et disparu depuis"), "the new one first"
    assert third.details[1:] == second.details


async def test_a_daemon_that_starts_again_has_the_concern_of_the_last_night(desk: Desk) -> None:
    before = Nightly(lambda: desk.settings, desk.road.database, desk.clock, lambda _: None, looks_again_after=SOON)
    await before.audit()
    await take(desk, 1, "Processed")
    desk.sql("UPDATE message SET ticket = 1002 WHERE inbound_id = 1")
    await before.audit()
    await before.audit()
    after, stop = (
        Nightly(lambda: desk.settings, desk.road.database, desk.clock, lambda _: None, looks_again_after=SOON),
        asyncio.Event(),
    )
    task = asyncio.create_task(after.run(stop))

    async def has_concern() -> bool:
        return bool(after.concerns)

    try:
        await becomes(has_concern)
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)
    assert after.concerns == before.concerns


async def test_a_folder_that_can_not_be_opened_now_is_not_taken_for_one_that_is_gone(
    desk: Desk, dovecot: Dovecot
) -> None:
    folder = dovecot.maildir(desk.account) / ".Processed"
    folder.chmod(0)
    try:
        report = await desk.audit()
    finally:
        folder.chmod(0o700)
    assert report.lines == []
    assert list(report.unreachable) == ["support"]


async def test_the_nightly_audit_runs_once_when_its_time_has_come_and_again_where_a_server_was_away(
    desk: Desk,
) -> None:
    dark = at_port(desk.settings, free_port())
    began, clock = desk.clock.now(), desk.clock
    await desk.road.database.write(lambda s: auditing.record(s, began, 4, []))
    clock.set(began + timedelta(days=2, hours=1))

    async def last() -> datetime:
        found = await desk.road.database.read(auditing.last_audit)
        assert found is not None
        return found.at

    async def runs(settings: Settings, until: Callable[[], Awaitable[bool]]) -> None:
        stop = asyncio.Event()
        nightly = Nightly(lambda: settings, desk.road.database, clock, lambda _: None, spread=0.0)
        task = asyncio.create_task(nightly.run(stop))
        try:
            await becomes(until)
        finally:
            stop.set()
            await asyncio.wait_for(task, 20)

    with structlog.testing.capture_logs() as logs:

        async def has_tried() -> bool:
            return any(log["event"] == "audited" and log["unreachable"] for log in logs)

        await runs(dark, has_tried)
    assert await last() == began, "not recorded: a server was away"

    async def is_recorded() -> bool:
        return await last() == clock.now()

    await runs(desk.settings, is_recorded)


async def test_twenty_audits_of_a_healthy_desk_under_load_find_nothing(tmp_path: Path, dovecot: Dovecot) -> None:
    """Mails flow in, are worked, answered and filed while each audit looks."""
    box = dovecot.account()
    async with ScriptedServer() as sink:
        said = daemon_settings(tmp_path, {"support": box}, sink)
        async with running(said) as daemon:
            numbers = itertools.count()
            stop = asyncio.Event()

            async def flow() -> None:
                while not stop.is_set():
                    names = [f"k{n}" for n in itertools.islice(numbers, 5)]
                    mails = [proved("alice@client-a.example", name, name=name) for name in names]
                    await box.append(*mails, mails[0])
                    await asyncio.sleep(0.02)

            flowing = asyncio.create_task(flow())
            database = Database(said.store.database)
            try:
                auditor = Auditor(
                    *(said, database, daemon.clock, lambda name: progress_of(daemon.pollers[name].status), True),
                    looks_again_after=(0.5, 2.0, 4.0),
                )
                reports = [await auditor.audit(folders=True) for _ in range(20)]
            finally:
                stop.set()
                await flowing
                await database.close()
    assert [report.lines for report in reports] == [[]] * 20
    assert reports[-1].received > reports[0].received + 20


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliDesk:
    """A desk of the command line with one ticket; its server is away."""
    made = CliDesk(tmp_path)
    monkeypatch.setenv("MAILD_RULES", str(made.rules))
    made.receive(message("Alice Durand <alice@client-a.example>", "Facture", "L'export échoue."))
    return made


def maild(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    capsys.readouterr()
    code = main(list(argv))
    said = capsys.readouterr()
    return code, said.out, said.err


def change(desk: CliDesk, statement: str) -> None:
    with sqlite.connect(desk.database) as connection:
        connection.execute(statement)
    connection.close()


def test_the_command_says_the_sum_and_ends_with_0(shown: CliDesk, capsys: pytest.CaptureFixture[str]) -> None:
    change(shown, "UPDATE outbox SET state = 'sent'")  # they are of 2024, and nobody has sent them
    assert maild(capsys, "audit") == (
        0,
        "1 mails received: 0 kept, 1 applied, 0 held, 0 duplicate.\nno difference\n",
        "",
    )
    found = json.loads(maild(capsys, "audit", "--json")[1])
    assert (found["received"], found["applied"], found["differences"]) == (1, 1, [])


def test_the_command_ends_with_1_and_each_difference(shown: CliDesk, capsys: pytest.CaptureFixture[str]) -> None:
    change(shown, "UPDATE outbox SET state = 'sent'")
    change(shown, "DELETE FROM message")
    code, out, _ = maild(capsys, "audit")
    assert code == 1
    assert "ticket 1001: it has no message. To do: bring it back from a backup" in out
    code, out, _ = maild(capsys, "audit", "--json")
    assert code == 1
    assert [(d["kind"], d["numbers"]) for d in json.loads(out)["differences"]] == [
        ("no-words", [1]),
        ("ticket-empty", [1001]),
    ]


def test_the_command_ends_with_69_after_the_rest_was_said(shown: CliDesk, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = maild(capsys, "audit", "--folder")
    assert code == 69
    assert "mails out 1-2: due for more than a day, and never tried" in out
    assert err.startswith("the folders of support could not be read: no connection to 127.0.0.1:9")


def test_the_status_tells_of_the_last_audit(shown: CliDesk, capsys: pytest.CaptureFixture[str]) -> None:
    assert "audit:" not in maild(capsys, "status")[1]
    at = datetime(2026, 11, 23, 2, 31, tzinfo=UTC)
    for differences, words in (
        ([], "no difference"),
        (together([Finding("ticket-empty", 1)]), "1 difference: maild audit --folder"),
    ):
        database = Database(shown.database)
        database.write_now(partial(auditing.record, at=at, mails=1204, differences=differences))
        asyncio.run(database.close())
        assert f"audit:     2026-11-23 03:31, 1,204 mails, {words}\n" in maild(capsys, "status")[1] + "\n"


def test_a_damaged_database_is_a_difference(shown: CliDesk, capsys: pytest.CaptureFixture[str]) -> None:
    """R04: pages are written over, and SQLite can't read on."""
    change(shown, "PRAGMA wal_checkpoint(TRUNCATE)")
    with sqlite.connect(shown.database) as connection:
        [page] = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'decision'").fetchone()
        [size] = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    with shown.database.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    code, out, _ = maild(capsys, "audit")
    assert code == 1
    assert "the database is damaged (" in out


async def test_a_stop_interrupts_an_audit(desk: Desk) -> None:
    """Here one that waits for a server that says nothing."""

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.set()
        await reader.read()
        writer.close()

    connected, stop = asyncio.Event(), asyncio.Event()
    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await desk.road.database.write(lambda s: auditing.record(s, desk.clock.now(), 4, []))
    desk.clock.set(desk.clock.now() + timedelta(days=3))
    nightly = Nightly(lambda: at_port(desk.settings, port), desk.road.database, desk.clock, lambda _: None, spread=0.0)
    task = asyncio.create_task(nightly.run(stop))
    await asyncio.wait_for(connected.wait(), 20)
    stop.set()
    await asyncio.wait_for(task, 20)
    server.close()
