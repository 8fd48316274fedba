"""A disk that fails at a chosen call: a small library of bad_disk.c, preloaded into the true daemon.

It is compiled for the test and no part of maild. Without a C compiler those tests are skipped.
"""

import mmap
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_suffix(".c")
TAKES_NO_MORE, LOSES = 1, 2  # ENOSPC from the n-th call on; EIO at the n-th fsync
_NUMBERS = struct.Struct("5l")


class BadDisk:
    """The disk below a folder."""

    def __init__(self, folder: Path, tools: Path) -> None:
        """`folder`: what lies on it; `tools`: elsewhere. Skips the test where nothing can be compiled."""
        compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
        if compiler is None:
            pytest.skip("no C compiler, so no disk can be made to fail at a chosen call")
        library, control = tools / "bad_disk.so", tools / "bad_disk"
        command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"]
        subprocess.run(command, check=True, capture_output=True)
        control.write_bytes(bytes(_NUMBERS.size))
        with control.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), _NUMBERS.size)
        self.environment = {
            "LD_PRELOAD": str(library),
            "MAILD_BAD_DISK": str(control),
            "MAILD_BAD_DISK_UNDER": str(folder.resolve()),
        }

    def fails(self, kind: int, at: int) -> None:
        """From now on, at that call, counted from 1."""
        self._shared[:] = _NUMBERS.pack(0, at, 0, 0, 0)
        self._shared[: _NUMBERS.size // 5] = struct.pack("l", kind)  # last: the daemon runs meanwhile

    def mend(self) -> None:
        """Good again."""
        self._shared[: _NUMBERS.size // 5] = struct.pack("l", 0)

    @property
    def hits(self) -> int:
        """How many calls have failed since it was told to."""
        return int(_NUMBERS.unpack(self._shared[:])[3])
