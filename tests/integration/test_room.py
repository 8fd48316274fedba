"""Is the admin told of a disk or a database that needs them, and only then?"""

import os
from pathlib import Path

import pytest
from desk_values import NOW

from maild.clock import VirtualClock
from maild.errors import Temporary
from maild.store.database import Database
from maild.store.room import Room
from maild.store.schema import upgrade

MIB = 1024**2


class Disk:
    """What statvfs says of a file system."""

    f_frsize = 4096

    def __init__(self, free: int, size: int) -> None:
        self.f_bavail, self.f_blocks = free // self.f_frsize, size // self.f_frsize


@pytest.mark.parametrize(
    ("free", "size", "is_low"),
    [
        (190_000 * MIB, 4_000_000 * MIB, False),  # less than a twentieth
        (5 * 1024 * MIB - 4096, 4_000_000 * MIB, True),
        (400 * MIB, 10_000 * MIB, True),
        (600 * MIB, 10_000 * MIB, False),
        (199 * MIB, 1000 * MIB, True),
        (0, 0, False),  # it does not say
    ],
)
async def test_a_disk_is_low_by_its_share_and_never_with_much_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, size: int, is_low: bool
) -> None:
    monkeypatch.setattr(os, "statvfs", lambda _: Disk(free, size))
    database = Database(tmp_path / "maild.db")
    try:
        found = await Room(database, [tmp_path], VirtualClock(NOW)).concerns()
    finally:
        await database.close()
    assert [concern.notice for concern in found] == ["disk-low"] * is_low


@pytest.mark.parametrize("before", [None, Temporary("an earlier one")])
async def test_a_failure_that_comes_while_the_store_is_tried_is_not_forgotten(
    tmp_path: Path, before: Temporary | None
) -> None:
    since = Temporary("a later one")

    class Fails(Database):
        """While the answer to `write` is on its way, another write fails."""

        async def write(self, work: object) -> object:  # type: ignore[override]
            done: object = await super().write(work)  # type: ignore[arg-type]
            self.trouble = since
            return done

    database = Fails(tmp_path / "maild.db")
    upgrade(database)
    database.trouble = before
    try:
        found = await Room(database, [tmp_path], VirtualClock(NOW)).concerns()
        assert [concern.details[1] for concern in found if concern.notice == "database"] == ["a later one"]
        assert database.trouble is since
    finally:
        await database.close()
