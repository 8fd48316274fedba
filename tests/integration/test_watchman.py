"""Does the admin hear of it? The whole daemon over sockets, with a clock that can be put forward."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

from integration.smtp_servers import Reply, ScriptedServer
from integration.test_daemon import becomes, letter, settings
from mail_servers import Account, Dovecot
from spoilers import Proxy
from sqlmodel import select

from maild.clock import SystemClock
from maild.daemon import Daemon, build
from maild.errors import Temporary
from maild.settings import Settings
from maild.store.admin_tables import AlertRow
from maild.store.database import DiskFull
from maild.store.tables import Outbox

MINUTE = timedelta(minutes=1)


class ForwardClock(SystemClock):
    """Shows a later time as told; its pauses take a hundredth of theirs."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead

    def elapsed(self) -> float:
        return super().elapsed() + self.ahead.total_seconds()

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds / 100)


class Watching:
    """A daemon that runs, and its clock."""

    def __init__(self, daemon: Daemon, clock: ForwardClock) -> None:
        self.daemon, self._clock = daemon, clock

    async def look(self, after: timedelta = timedelta(0)) -> None:
        """Time goes on, and the watchman looks."""
        self._clock.ahead += after
        try:
            await self.daemon.watchman.look()
        finally:
            await self.daemon.watchman.paged()

    async def alerts(self) -> list[AlertRow]:
        return list(await self.daemon.database.read(lambda s: s.exec(select(AlertRow)).all()))


@asynccontextmanager
async def running(desk: Settings) -> AsyncIterator[Watching]:
    clock, stop = ForwardClock(), asyncio.Event()
    daemon = build(desk, clock)
    task = asyncio.create_task(daemon.run(stop))
    try:
        yield Watching(daemon, clock)
    finally:
        stop.set()
        await asyncio.wait_for(task, 30)
        await daemon.database.close()


def to_admin(sink: ScriptedServer) -> list[bytes]:
    return [mail for mail in sink.mails if re.search(rb"^To: .*admin@isybuy", mail, re.M)]


def command(folder: Path) -> list[str]:
    """A program that writes down what it gets."""
    path = folder / "page"
    path.write_text(f"#!/bin/sh\ncat >> {folder}/paged\n")
    path.chmod(0o700)
    return [str(path)]


def paged(folder: Path) -> list[dict[str, str]]:
    path = folder / "paged"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


async def is_failing(daemon: Daemon, notice: str) -> bool:
    return any(c.notice == notice for c in daemon.pollers["support"].status.concerns)


async def is_well(daemon: Daemon) -> bool:
    status = daemon.pollers["support"].status
    return not status.concerns and status.last_sweep_at is not None


async def test_a_wrong_password_is_told_once_and_ends_and_is_not_told_again_that_day(
    tmp_path: Path, dovecot: Dovecot
) -> None:
    """I20: within five minutes, and the other mailbox is not delayed."""
    box, other = dovecot.account(), dovecot.account()
    async with ScriptedServer() as sink, Proxy(box.port) as proxy:
        box_behind = Account(proxy.port, box.user, box.password)
        desk = settings(tmp_path, {"support": box_behind, "direct": other}, sink)
        own = desk.mailboxes["support"].imap
        assert own is not None
        password = tmp_path / "password"
        password.write_text("wrong")
        password.chmod(0o600)
        changed = own.model_copy(update={"password": own.password.model_copy(update={"file": password})})
        desk.mailboxes["support"] = desk.mailboxes["support"].model_copy(update={"imap": changed})
        async with running(desk) as watching:
            daemon = watching.daemon
            await becomes(lambda: is_failing(daemon, "mailbox-login"))
            await watching.look()
            await watching.look(after=MINUTE)
            assert await watching.alerts() == []
            await other.append(letter("alice@client-a.example", "Ailleurs"))
            await becomes(lambda: _counts(sink, 2))
            await watching.look(after=4 * MINUTE)
            await becomes(lambda: _told(sink, 1))
            assert b"(support)" in to_admin(sink)[0].partition(b"\n\n")[0]
            password.write_text("secret")
            await becomes(lambda: is_well(daemon))
            await watching.look(after=10 * MINUTE)
            [alert] = await watching.alerts()
            assert (alert.key, alert.ended_at is not None) == ("mailbox-login:support", True)
            password.write_text("wrong")
            proxy.drop()
            await becomes(lambda: is_failing(daemon, "mailbox-login"))
            await watching.look(after=60 * MINUTE)
            await watching.look(after=60 * MINUTE)
            [alert] = await watching.alerts()
            assert alert.ended_at is None
            queued = await daemon.database.read(
                lambda s: s.exec(select(Outbox).where(Outbox.template == "admin_alert")).all()
            )
            assert len(queued) == len(to_admin(sink)) == 1
            await watching.look(after=24 * 60 * MINUTE)
            await becomes(lambda: _told(sink, 2))


async def test_when_mail_is_dead_the_command_is_run_once_and_the_mail_leaves_later(
    tmp_path: Path, dovecot: Dovecot
) -> None:
    box = dovecot.account()
    answers: list[Reply] = ["535 5.7.8 no such account"]
    async with ScriptedServer(ehlo="250-scripted\r\n250 AUTH PLAIN LOGIN", auth=answers) as sink:
        desk = settings(tmp_path, {"support": box}, sink)
        assert desk.smtp is not None
        own = next(iter(desk.mailboxes.values())).imap
        assert own is not None
        smtp = desk.smtp.model_copy(update={"user": "support", "password": own.password})
        desk = desk.model_copy(update={"smtp": smtp, "alert_command": tuple(command(tmp_path))})
        async with running(desk) as watching:
            await box.append(letter("alice@client-a.example", "Impossible"))
            await becomes(lambda: _is_failing(watching.daemon))
            await watching.look()
            await watching.look(after=20 * MINUTE)
            [page] = paged(tmp_path)
            assert (page["notice"], page["site"]) == ("smtp-configuration", "Support iSYBUY")
            assert "535" in page["text"] and "maild outbox list" in page["text"]
            assert sink.mails == []
            answers.append("235 2.7.0 welcome")
            await becomes(lambda: _told(sink, 1), 40)
            await becomes(lambda: _counts(sink, 3), 40)
            await watching.look(after=MINUTE)
            await watching.look(after=20 * MINUTE)
            assert len(paged(tmp_path)) == 1
        assert len(to_admin(sink)) == 1


async def _told(sink: ScriptedServer, number: int) -> bool:
    return len(to_admin(sink)) >= number


async def _counts(sink: ScriptedServer, number: int) -> bool:
    return len(sink.mails) >= number


async def _is_full(daemon: Daemon) -> bool:
    return isinstance(daemon.database.trouble, DiskFull)


async def _is_failing(daemon: Daemon) -> bool:
    return any(concern.notice == "smtp-configuration" for concern in daemon.sender.status.concerns)


async def test_a_full_disk_is_told_by_the_command_and_the_mail_is_worked_when_there_is_room(
    tmp_path: Path, dovecot: Dovecot
) -> None:
    box = dovecot.account()
    async with ScriptedServer() as sink:
        desk = settings(tmp_path, {"support": box}, sink)
        async with running(desk.model_copy(update={"alert_command": tuple(command(tmp_path))})) as watching:
            daemon = watching.daemon
            await becomes(lambda: is_well(daemon))
            await daemon.database.write(lambda s: s.connection().exec_driver_sql("PRAGMA max_page_count=1").all())
            await box.append(letter("alice@client-a.example", "Plein", "x" * 100_000))
            await becomes(lambda: _is_full(daemon))
            for after in (0, 1, 20):
                with suppress(Temporary):  # the alert itself can't be written
                    await watching.look(after=after * MINUTE)
            assert [page["notice"] for page in paged(tmp_path)] == ["disk-full"], "and not that the mailbox is away"
            free = "PRAGMA max_page_count=1000000000"
            await daemon.database.write(lambda s: s.connection().exec_driver_sql(free).all())
            await becomes(lambda: _counts(sink, 2), 40)
            await watching.look()
            await watching.look(after=10 * MINUTE)
            assert [(a.key, a.paged_at is not None, a.ended_at is not None) for a in await watching.alerts()] == [
                ("disk-full", True, True)
            ]
            assert len(paged(tmp_path)) == 1


async def test_a_template_that_fails_is_told_with_its_line_and_the_customer_is_answered(
    tmp_path: Path, dovecot: Dovecot
) -> None:
    """O12. The answer leaves in the words of the shipped template."""
    box, own = dovecot.account(), tmp_path / "templates" / "fr"
    own.mkdir(parents=True)
    (own / "acknowledgement.txt").write_text("Reçu\n\nBonjour,\n\n{{ 1 // 0 }}\n", "utf-8")
    async with ScriptedServer() as sink:
        desk = settings(tmp_path, {"support": box}, sink)
        desk = desk.model_copy(update={"site": desk.site.model_copy(update={"templates": own.parent})})
        async with running(desk) as watching:
            await box.append(letter("alice@client-a.example", "Impossible", "Bonjour, nous ne pouvons plus exporter."))
            await becomes(lambda: _counts(sink, 2))
            await watching.look()
            await becomes(lambda: _told(sink, 1))
    [answer] = [mail for mail in sink.mails if re.search(rb"^To: .*alice@", mail, re.M)]
    assert b"Nous avons bien re" in answer
    words = message_from_bytes(to_admin(sink)[0], policy=policy.default).get_body(("plain",))
    assert words is not None
    assert "fr/acknowledgement.txt:5" in words.get_content()
    assert "division" in words.get_content()
