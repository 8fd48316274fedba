"""What may be on the disk if the power goes? Every change that was synced, and of the others any.

The daemon runs with a small library of power_loss.c preloaded, which writes its changes down. From them come images of
the disk at any moment: writes that were not synced are there, or not, or torn at a sector; a name that was made, moved
or taken away may be as before, unless its folder was synced afterwards. Without a C compiler such tests are skipped.
"""

import random
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

SOURCE = Path(__file__).with_suffix(".c")
SECTOR = 512
DATA, SIZE, SYNC, NAME, RENAME, UNLINK = range(1, 7)
_HEADER = struct.Struct("6Q")


class Change(NamedTuple):
    """A record of the log. `time`: of the monotonic clock, in nanoseconds."""

    time: int
    kind: int
    inode: int
    at: int
    path: str
    data: bytes


@dataclass
class Recorder:
    """Writes down what a process changes below a folder."""

    folder: Path
    log: Path
    environment: dict[str, str]

    def changes(self) -> list[Change]:
        """All of them, in order."""
        return list(_read(self.log.read_bytes()))


def recorder(folder: Path, tools: Path) -> Recorder:
    """For that folder; `tools` is elsewhere. Skips the test where nothing can be compiled."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("no C compiler, so no change of the disk can be written down")
    library, log = tools / "power_loss.so", tools / "changes"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl", "-lpthread"]
    subprocess.run(command, check=True, capture_output=True)
    said = {"LD_PRELOAD": str(library), "MAILD_CHANGES": str(log), "MAILD_CHANGES_UNDER": str(folder.resolve())}
    return Recorder(folder.resolve(), log, said)


def _read(raw: bytes) -> Iterator[Change]:
    start = 0
    while start + _HEADER.size <= len(raw):
        time, kind, inode, at, path_length, length = _HEADER.unpack_from(raw, start)
        start += _HEADER.size
        path, data = raw[start : start + path_length], raw[start + path_length : start + path_length + length]
        start += path_length + length
        yield Change(time, kind, inode, at, path.decode(), data)


class Disk:
    """What is certainly on it, and what may be. Fed with changes in order; `image` may be asked in between."""

    def __init__(self, folder: Path) -> None:
        """As it is now, all of it certain."""
        self._folder = folder
        self._contents: dict[int, bytearray] = {}  # by a number of our own, since inodes are used again
        self._names: dict[str, int] = {}
        self._folders: dict[int, str] = {}  # by inode
        self._by_inode: dict[int, int] = {}
        self._pending: list[tuple[int, Change, int]] = []  # number of the record, the change, our number
        self._count = 0
        for path in [folder, *sorted(folder.rglob("*"))]:
            if path.is_dir():
                self._folders[path.stat().st_ino] = str(path)
            elif not path.name.endswith("-shm"):
                number = self._new(path.stat().st_ino)
                self._contents[number][:] = path.read_bytes()
                self._names[str(path)] = number

    def _new(self, inode: int) -> int:
        number = len(self._contents) + 1
        self._contents[number] = bytearray()
        self._by_inode[inode] = number
        return number

    def feed(self, change: Change) -> None:
        """The next record."""
        self._count += 1
        if change.kind == SYNC:
            self._sync(change)
            return
        number = 0
        if change.kind == NAME:
            if change.at:
                self._folders[change.inode] = change.path
            else:
                number = self._new(change.inode)
        elif change.kind in (DATA, SIZE):
            number = self._by_inode[change.inode]
        self._pending.append((self._count, change, number))

    def _sync(self, change: Change) -> None:
        """What came before it is certain now: of a file its octets, of a folder the names in it."""
        folder, number = self._folders.get(change.inode), self._by_inode.get(change.inode)
        left = []
        for count, made, its in self._pending:
            is_data = made.kind in (DATA, SIZE)
            is_meant = its == number if is_data else folder is not None and _parent(made) == folder
            if count <= change.at and is_meant and (is_data == (folder is None)):
                _apply(made, its, self._contents, self._names)
            else:
                left.append((count, made, its))
        self._pending = left

    def image(self, into: Path, chance: random.Random, lasts: str = "any") -> None:
        """A disk as it may be now, in a folder that does not exist yet. `lasts`: of what was not synced `any`, `none`,
        or the `names` without what was written into the files."""
        contents, names = {n: bytearray(c) for n, c in self._contents.items()}, dict(self._names)
        share = chance.choice([0.0, 0.2, 0.5, 0.8, 1.0])
        gone = []  # folders whose making did not last
        for _, change, number in self._pending:
            is_data = change.kind in (DATA, SIZE)
            if {"none": True, "names": is_data}.get(lasts, chance.random() >= share):
                gone += [change.path + "/"] if change.kind == NAME and change.at else []
                continue
            if change.kind == DATA and chance.random() < 0.2:
                change = change._replace(data=change.data[: chance.randrange(len(change.data) + 1) // SECTOR * SECTOR])
            _apply(change, number, contents, names)
        for folder in self._folders.values():
            if not any(f"{folder}/".startswith(path) for path in gone):
                (into / Path(folder).relative_to(self._folder)).mkdir(parents=True, exist_ok=True)
        for name, number in names.items():
            if not any(name.startswith(path) for path in gone):
                path = into / Path(name).relative_to(self._folder)
                path.write_bytes(contents[number])
                path.chmod(0o600)  # a secret that others can read is refused


def _parent(change: Change) -> str:
    return change.path.rpartition("\0")[2].rpartition("/")[0]


def _apply(change: Change, number: int, contents: dict[int, bytearray], names: dict[str, int]) -> None:
    match change.kind:
        case 1:  # DATA
            content = contents[number]
            content.extend(bytes(max(0, change.at - len(content))))
            content[change.at : change.at + len(change.data)] = change.data
        case 2:  # SIZE
            content = contents[number]
            del content[change.at :]
            content.extend(bytes(change.at - len(content)))
        case 4 if number:  # NAME, of a file
            names[change.path] = number
        case 5:  # RENAME
            one, _, other = change.path.partition("\0")
            if one in names:
                names[other] = names.pop(one)
        case 6:  # UNLINK
            names.pop(change.path, None)
