"""Does the admin's own command get its word, whatever it does; and is it run once, and again where it failed?"""

import asyncio
import json
import os
import resource
import stat
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from rules_files import RULES, write
from sqlalchemy import update
from sqlmodel import col, select
from structlog.testing import capture_logs

from maild.clock import VirtualClock
from maild.concern import Concern
from maild.config.desk import open_desk
from maild.config.load import load
from maild.config.templates import template_folders
from maild.errors import Temporary
from maild.outbox.hook import MOST_SAID, Hook
from maild.plan.alerts import MOST_AN_HOUR
from maild.plan.letters import Desk
from maild.store import alerts
from maild.store.database import Database
from maild.store.room import Room
from maild.store.schema import upgrade
from maild.store.tables import Outbox
from maild.threading.token import Key, Keyring
from maild.watchman import Source, Watchman
from maild.writing.render import Rendered, Renderer

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DOWN = Concern("smtp-down", "smtp-down", ("Connection refused",))
NOT_FILED = Concern("not-filed:support:Held", "not-filed", ("support", "Held", "Quota exceeded"))


def script(folder: Path, body: str, name: str = "page") -> Path:
    """A program of the admin's."""
    path = folder / name
    path.write_text(f"#!/bin/sh\ncd {folder}\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def hook(path: Path, *arguments: str, ends_within: float = 20) -> Hook:
    return Hook([str(path), *arguments], structlog.get_logger("test"), ends_within=ends_within)


def is_alive(folder: Path) -> bool:
    """Whether the process that wrote its number there still runs."""
    try:
        state = Path(f"/proc/{(folder / 'pid').read_text().strip()}/stat").read_text()
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


async def is_gone(folder: Path) -> bool:
    """Whether it ends, a moment after it was killed."""
    for _ in range(200):
        if not is_alive(folder):
            return True
        await asyncio.sleep(0.05)
    return False


async def test_it_gets_the_alert_as_json_and_a_few_variables_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPPORT_PASSWORD", "hunter2")
    program = script(tmp_path, 'cat > said; env > environment; printf %s "$1" > first')
    said = {"site": "Support", "notice": "smtp-down", "what": "L’envoi ; $(touch bad)", "text": "Un\nlong texte"}
    await hook(program, "$HOME; touch worse").run(said)
    assert json.loads((tmp_path / "said").read_bytes()) == said
    environment = (tmp_path / "environment").read_text()
    assert "MAILD_NOTICE=smtp-down\n" in environment and "MAILD_WHAT=L’envoi ; $(touch bad)\n" in environment
    assert "hunter2" not in environment and "long texte" not in environment
    assert (tmp_path / "first").read_text() == "$HOME; touch worse", "there is no shell"
    assert {"bad", "worse"}.isdisjoint(os.listdir(tmp_path))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("echo no money left >&2; exit 3", "ended with 3; it said: no money left"),
        ("kill -9 $$", "ended with -9"),
        ("echo $$ > pid; echo waiting; sleep 600", "took more than 0.5 s; it said: waiting"),
        ("sleep 600 & echo $! > pid; wait", "took more than 0.5 s"),
        ("yes & echo $! > pid; wait", "took more than 0.5 s; it said: y y y"),
    ],
)
async def test_one_that_fails_or_hangs_is_ended_with_all_that_it_started(tmp_path: Path, body: str, words: str) -> None:
    with pytest.raises(Temporary, match=words) as raised:
        await hook(script(tmp_path, body), ends_within=0.5 if "0.5" in words else 20).run({"notice": "x"})
    assert len(str(raised.value)) < MOST_SAID + 100
    assert await is_gone(tmp_path)


@pytest.mark.parametrize("body", ["exit 0", "head -c 3000000 /dev/zero", "sleep 5 & echo done"])
async def test_one_that_reads_nothing_or_says_much_or_leaves_something_running_is_well(
    tmp_path: Path, body: str
) -> None:
    await hook(script(tmp_path, body)).run({"text": "x" * 30_000})


async def test_one_that_is_no_longer_there_or_may_not_be_run_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(Temporary, match="can't be started"):
        await hook(tmp_path / "gone").run({})
    program = script(tmp_path, "exit 0")
    program.chmod(0o600)
    with pytest.raises(Temporary, match="can't be started"):
        await hook(program).run({})


async def test_one_that_is_under_way_at_a_stop_is_ended(tmp_path: Path) -> None:
    running = asyncio.create_task(hook(script(tmp_path, "echo $$ > pid; sleep 600")).run({}))
    async with asyncio.timeout(10):
        while not is_alive(tmp_path):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    before = len(os.listdir("/proc/self/fd"))
    running.cancel()
    await asyncio.wait({running})
    assert await is_gone(tmp_path)
    assert len(os.listdir("/proc/self/fd")) < before


class Watched:
    """A watchman on a database, what he is told, and a command that writes down what it got."""

    def __init__(self, folder: Path, database: Database, desk: Desk) -> None:
        self.folder, self.database, self.desk = folder, database, desk
        self.clock = VirtualClock(MONDAY)
        self.present: list[Concern] = []
        self.program = script(folder, "cat >> paged")
        self.watchman = self.born()

    def born(self) -> Watchman:
        """One who knows nothing."""
        sources: dict[str, Source] = {"broken": self._breaks, "all": lambda: self.present, "store": self._room}
        return Watchman(self.database, lambda: self.desk, self.clock, sources, command=lambda: hook(self.program))

    def _breaks(self) -> list[Concern]:
        raise RuntimeError("a part is broken")

    async def _room(self) -> list[Concern]:
        found = await Room(self.database, [self.folder], self.clock).concerns()
        return [c for c in found if c.notice != "disk-low"]  # of this machine

    async def look(self, *present: Concern, after: timedelta = timedelta(0)) -> None:
        """Time goes on, and he looks at these."""
        self.clock.set(self.clock.now() + after)
        self.present = list(present)
        try:
            await self.watchman.look()
        finally:
            await self.watchman.paged()

    def paged(self) -> list[dict[str, str]]:
        """What the command got."""
        path = self.folder / "paged"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    async def mails(self) -> list[str]:
        """The subjects of the mails that are owed to the admin."""
        return list(await self.database.read(lambda s: s.exec(select(Outbox.subject).order_by(col(Outbox.id))).all()))

    async def grows_no_more(self, *, pages: int | None) -> None:
        """The database may have so many pages (None: any number): a full disk, as SQLite tells it."""
        statement = f"PRAGMA max_page_count={pages or 1_000_000_000}"
        await self.database.write(lambda s: s.connection().exec_driver_sql(statement).all())


class Broken(Renderer):
    """Has a bug of ours."""

    def render(self, template: str, language: str, values: Mapping[str, object]) -> Rendered:
        raise TypeError("a bug")


@asynccontextmanager
async def watched(folder: Path, renderer: type[Renderer] = Renderer) -> AsyncIterator[Watched]:
    database = Database(folder / "maild.db")
    upgrade(database)
    desk = open_desk(load(write(folder, RULES)), Keyring("x", (Key("1", b"k" * 32, MONDAY),)))
    desk = replace(desk, renderer=renderer(template_folders(desk.settings)))
    try:
        yield Watched(folder, database, desk)
    finally:
        await database.close()


async def test_an_alert_and_its_mail_are_told_once_also_across_a_restart(tmp_path: Path) -> None:
    async with watched(tmp_path) as here:
        for _ in range(3):
            await here.look(NOT_FILED, after=MINUTE)
        here.watchman = here.born()
        await here.look(NOT_FILED, after=MINUTE)
        await here.look(after=7 * MINUTE)
        await here.look(NOT_FILED, after=60 * MINUTE)
        assert await here.mails() == ["Support iSYBUY : Des messages ne peuvent pas être rangés (support)"]
        [alert] = await here.database.read(alerts.open_alerts)
        assert (alert.raised_at, alert.is_told) == (here.clock.now(), False)
        await here.look(NOT_FILED, after=timedelta(days=1))
        assert len(await here.mails()) == 2


@pytest.mark.parametrize(("state", "paged"), [("queued", 1), ("refused", 1), ("sent", 0)])
async def test_an_alert_whose_mail_does_not_leave_is_given_to_the_command(
    tmp_path: Path, state: str, paged: int
) -> None:
    async with watched(tmp_path) as here:
        await here.look(NOT_FILED)
        await here.database.write(lambda s: s.connection().execute(update(Outbox).values(state=state)))
        await here.look(NOT_FILED, after=14 * MINUTE)
        assert here.paged() == []
        await here.look(NOT_FILED, after=2 * MINUTE)
        await here.look(NOT_FILED, after=MINUTE)
        assert [page["key"] for page in here.paged()] == [NOT_FILED.key] * paged


async def test_a_command_that_fails_is_run_again_later_and_then_no_more(tmp_path: Path) -> None:
    async with watched(tmp_path) as here:
        here.program.unlink()
        await here.look(DOWN)
        script(tmp_path, "echo >> tries; exit 1")
        await here.look(DOWN, after=MINUTE / 2)
        assert not (tmp_path / "tries").exists(), "not before a minute"
        await here.look(DOWN, after=MINUTE / 2)
        await here.look(DOWN, after=MINUTE)
        assert (tmp_path / "tries").read_text() == "\n", "two minutes after the second failure"
        script(tmp_path, "cat >> paged")
        await here.look(DOWN, after=MINUTE)
        here.watchman = here.born()
        await here.look(DOWN, after=MINUTE)
        [page] = here.paged()
        assert (page["notice"], page["since"]) == ("smtp-down", "2026-11-23T09:00:00+01:00")
        assert page["site"] == "Support iSYBUY" and "maild outbox list" in page["text"]


async def test_a_dead_way_out_is_given_to_the_command_though_ten_older_alerts_are_open(tmp_path: Path) -> None:
    """Of which the admin knows by mail."""
    async with watched(tmp_path) as here:
        old = [Concern(f"not-filed:{n}", "not-filed", ("support", "Held", "no")) for n in range(MOST_AN_HOUR)]
        await here.look(*old)
        await here.database.write(lambda s: s.connection().execute(update(Outbox).values(state="sent")))
        await here.look(*old, DOWN, after=20 * MINUTE)
        assert [page["notice"] for page in here.paged()] == ["smtp-down"]


async def test_an_error_of_ours_in_the_command_pauses_it_as_well(tmp_path: Path) -> None:
    class Broken:
        runs = 0

        async def run(self, said: object) -> None:
            self.runs += 1
            raise ZeroDivisionError("a bug")

    async with watched(tmp_path) as here:
        sources: dict[str, Source] = {"all": lambda: [DOWN]}
        command = Broken()
        here.watchman = Watchman(here.database, lambda: here.desk, here.clock, sources, command=lambda: command)
        with capture_logs() as logs:
            for _ in range(5):
                await here.look(after=MINUTE / 6)
        assert command.runs == 1, "not before a minute"
        [said] = [log for log in logs if log["event"] == "alert command failed"]
        assert "a bug" in said["error"]
        await here.look(after=MINUTE)
        assert command.runs == 2


async def test_without_a_file_descriptor_left_the_command_fails_like_any_other() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        with pytest.raises(Temporary, match="can't be started"):
            await hook(Path("/bin/true")).run({})
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_a_command_that_hangs_holds_up_nobody(tmp_path: Path) -> None:
    async with watched(tmp_path) as here:
        script(tmp_path, "echo $$ > pid; sleep 600")
        here.present = [DOWN]
        await here.watchman.look()
        here.present = [DOWN, NOT_FILED]
        await here.watchman.look()
        assert len(await here.mails()) == 2
        await here.watchman.paged(0.2)
        assert await is_gone(tmp_path)


async def test_a_full_disk_is_told_by_the_command_and_written_down_afterwards(tmp_path: Path) -> None:
    async with watched(tmp_path) as here:
        await here.look()
        await here.grows_no_more(pages=1)
        large = "x" * 300_000
        with pytest.raises(Temporary):
            await here.database.write(
                lambda s: s.connection().exec_driver_sql(f"INSERT INTO switch VALUES ('{large}', '')")
            )
        for _ in range(4):
            try:
                await here.look(after=MINUTE)
            except Temporary:
                continue
        [page] = here.paged()
        assert page["notice"] == "disk-full"
        assert str(tmp_path / "maild.db") in page["text"]
        await here.grows_no_more(pages=None)
        await here.look(after=MINUTE)
        await here.look(after=6 * MINUTE)
        assert await here.database.read(alerts.open_alerts) == []
        [known] = await here.database.read(lambda s: alerts.load(s, MONDAY))
        assert known.is_paged
        assert len(here.paged()) == 1


async def test_an_alert_that_no_template_can_write_is_told_by_the_command(tmp_path: Path) -> None:
    async with watched(tmp_path, Broken) as here:
        await here.look(NOT_FILED)
        assert await here.mails() == []
        await here.look(NOT_FILED, after=16 * MINUTE)
        [page] = here.paged()
        assert page["what"] == "Des messages ne peuvent pas être rangés" and "Quota exceeded" in page["text"]
