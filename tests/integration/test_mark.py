"""Is a database taken for a restored one exactly when it is? Any history of work, kills, full disks and restores.

A kill is the end of one life at any step; the next one knows only the two files.
"""

import asyncio
import shutil
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pysqlite3.dbapi2 as sqlite
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from road import Arrived
from sqlalchemy import update

from maild.clock import SystemClock
from maild.store.database import Database
from maild.store.inbound import InboundStore
from maild.store.inbound_tables import INBOUND
from maild.store.mark import Home, Mark, mark_of, path_of, read_mark, write_mark
from maild.store.restoration import Restorations
from maild.store.schema import upgrade

_WORKED = update(INBOUND).values(attempts=INBOUND.c.attempts + 1)
STEPS = ("a mail", "a mail is worked", "mark", "kill", "kill between draft and mark", "full disk", "room")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without rows; to make one takes longer than all the rest."""
    path = tmp_path_factory.mktemp("empty") / "maild.db"
    database = Database(path)
    upgrade(database)
    database.close_now()
    return path


class Desk:
    """A database beside its mark, through several lives."""

    def __init__(self, folder: Path, empty: Path) -> None:
        self.path = folder / "maild.db"
        self.draft = path_of(self.path).with_name("maild.db.mark.new")
        self.uid = 0
        shutil.copy(empty, self.path)

    async def start(self) -> bool:
        """Whether it is found restored."""
        self.database = Database(self.path, is_durable=False)
        self.past = Restorations(self.database, SystemClock(), {})
        return await self.past.look() is not None

    async def step(self, name: str) -> bool:
        """Whether it was found restored in that step."""
        if name == "a mail":
            self.uid += 1
            await InboundStore(self.database, self.path.parent, SystemClock()).keep([Arrived(self.uid, b"x")])
        elif name == "a mail is worked":  # no new row, no new number
            await self.database.write(lambda session: session.connection().execute(_WORKED).close())
        elif name == "mark":
            await self.past.mark()
        elif name == "full disk":
            self.room()
            self.draft.mkdir()
        elif name == "room":
            self.room()
        else:
            await self.database.close()
            if name == "kill between draft and mark" and not self.draft.is_dir():
                self.draft.write_text('{"database": "x", "inb')
            return await self.start()
        return False

    def room(self) -> None:
        if self.draft.is_dir():
            self.draft.rmdir()


def backup(source: Path, target: Path) -> None:
    old, new = sqlite.connect(source), sqlite.connect(target)
    old.backup(new)
    old.close()
    new.close()


def restore(saved: Path, path: Path) -> None:
    for ending in ("-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
    shutil.copy(saved, path)


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(st.sampled_from(STEPS), max_size=12))
def test_no_kill_and_no_full_disk_makes_a_database_look_restored(empty: Path, steps: list[str]) -> None:
    async def live(folder: Path) -> None:
        desk = Desk(folder, empty)
        assert not await desk.start()
        assert [await desk.step(name) for name in steps] == [False] * len(steps)
        await desk.database.close()

    with TemporaryDirectory() as name:
        asyncio.run(live(Path(name)))


@settings(max_examples=40, deadline=None)
@given(
    before=st.lists(st.sampled_from(STEPS), max_size=6),
    after=st.lists(st.sampled_from(STEPS), max_size=6),
    keeps_mark=st.booleans(),
)
def test_a_restored_database_is_seen_where_the_mark_knows_of_more_or_is_gone(
    empty: Path, before: list[str], after: list[str], keeps_mark: bool
) -> None:
    async def live(folder: Path) -> None:
        desk, saved = Desk(folder, empty), folder / "saved.db"
        await desk.start()
        for name in before:
            await desk.step(name)
        then = await desk.database.read(mark_of)
        backup(desk.path, saved)
        for name in (*after, "room", "mark"):
            await desk.step(name)
        now = await desk.database.read(mark_of)
        await desk.database.close()
        restore(saved, desk.path)
        if not keeps_mark:
            path_of(desk.path).unlink()
        is_named = bool(then.database)
        should = then.is_behind(now) if keeps_mark else is_named
        assert await desk.start() == should
        assert not await desk.step("kill")
        await desk.database.close()

    with TemporaryDirectory() as name:
        asyncio.run(live(Path(name)))


def test_a_mark_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    database = tmp_path / "maild.db"
    assert read_mark(database) is None
    old = Mark("a", 2, 1001, (Home("support", "INBOX", 7, datetime(2026, 11, 2, tzinfo=UTC), 40),))
    write_mark(database, old)
    (tmp_path / "maild.db.mark.new").mkdir()
    with pytest.raises(OSError):
        write_mark(database, Mark("a", 3, 1001))
    assert read_mark(database) == old


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "7", '{"database": "a"}', '{"database":1,"commits":1,"ticket":1}', "\xff"]
)
def test_a_mark_that_says_nothing_is_none(tmp_path: Path, text: str) -> None:
    path_of(tmp_path / "maild.db").write_text(text)
    assert read_mark(tmp_path / "maild.db") is None
