"""Does the start see a damaged database? Bytes flip in the header and in the b-trees of a real one (R04).

A page's b-tree is its header and its cell pointers. A flip is seen, or every row still reads as it was: much of the
file's header is reserved, or read by SQLite in a few bits only. What stands in a cell has no checksum: a flip there may
be another word in a mail, which neither quick_check nor integrity_check can see; those are counted and not judged.
"""

import asyncio
import hashlib
import random
import struct
from collections.abc import Iterator
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest
from faults.figures import scaled, shown
from road import ALICE, Road, letter

from maild.errors import BadConfig
from maild.store.opening import open_whole

FLIPS = 2000
HEADER = range(100)  # of the file (sqlite.org/fileformat.html 1.3)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a desk that has worked two hundred mails."""
    folder = tmp_path_factory.mktemp("sound")

    async def live() -> None:
        road = Road(folder)
        await road.keep(*(letter(ALICE, f"Bonjour {n}", subject=f"Demande {n}") for n in range(200)))
        await road.intake.drain()
        await road.database.close()

    asyncio.run(live())
    return (folder / "maild.db").read_bytes()


def places(data: bytes) -> Iterator[int]:
    """Offsets of the b-tree's own bytes: page headers and cell pointers (fileformat.html 1.6)."""
    size = struct.unpack(">H", data[16:18])[0]
    for start in range(0, len(data), size):
        head = start + (100 if start == 0 else 0)
        kind = data[head]
        if kind in (2, 5, 10, 13):
            cells = struct.unpack(">H", data[head + 3 : head + 5])[0]
            yield from range(head, head + (12 if kind in (2, 5) else 8) + 2 * cells)


def is_seen(path: Path, data: bytes) -> bool:
    """Whether the daemon refuses to start on it, with words and no other exception."""
    for ending in ("-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
    path.write_bytes(data)
    try:
        open_whole(path).close_now()
    except BadConfig as error:
        assert "put the newest backup in its place" in str(error)
        return True
    return False


def digest(path: Path) -> str:
    """Of every row of every table."""
    found, connection = hashlib.sha256(), sqlite.connect(path)
    try:
        tables = [name for [name] in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for name in sorted(tables):
            for row in connection.execute(f"SELECT * FROM {name} ORDER BY 1"):
                found.update(repr(row).encode())
    finally:
        connection.close()
    return found.hexdigest()


def flipped(data: bytes, place: int, chance: random.Random) -> bytes:
    """One bit, or the whole byte."""
    mask = chance.choice([1 << chance.randrange(8), 0xFF])
    return data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]


def test_every_flip_in_the_header_and_the_b_trees_is_seen_at_the_start(sound: bytes, tmp_path: Path) -> None:
    chance, path = random.Random(4), tmp_path / "maild.db"
    assert not is_seen(path, sound)
    whole, trees = digest(path), list(places(sound))
    number, harmless = scaled(FLIPS, least=30), 0
    missed = []
    for n in range(number):
        place = chance.choice(HEADER if n % 4 == 0 else trees)
        if not is_seen(path, flipped(sound, place, chance)):
            if digest(path) == whole and place in HEADER:
                harmless += 1
            else:
                missed.append(place)
    inside = sorted(set(range(100, len(sound))) - set(trees))
    elsewhere = [is_seen(path, flipped(sound, chance.choice(inside), chance)) for _ in range(number // 4)]
    shown(
        "flips",
        flips=number,
        missed=len(missed),
        in_the_header_without_effect=harmless,
        in_cells=len(elsewhere),
        of_these_seen=sum(elsewhere),
        where=missed,
    )
    assert missed == []
