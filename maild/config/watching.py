"""Has one of the desk's files changed, and is somebody still writing it? Asked by looking, a few times a second.

A look sees whatever the road of the change: written in place, replaced, a link or a folder of links turned round, a
folder mounted from elsewhere. docs/decisions/0037-reload.md says why no notices of the kernel are waited for.
"""

import fcntl
import os
import signal
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

# When, how large and which: another one whenever the file was written, replaced, or given another owner or mode.
Stamp = tuple[int, int, int, int, int] | None  # None: there is no such file
Stamps = Mapping[Path, Stamp]


@dataclass(frozen=True)
class Watched:
    """Files by their name, and by a folder and a pattern, as Path.glob has it."""

    files: tuple[Path, ...] = ()
    folders: tuple[tuple[Path, str], ...] = ()

    def and_also(self, files: Iterable[Path], folders: Iterable[tuple[Path, str]] = ()) -> "Watched":
        """These too."""
        return Watched(tuple(dict.fromkeys((*self.files, *files))), tuple(dict.fromkeys((*self.folders, *folders))))

    def stamps(self) -> Stamps:
        """All of them, as they are now."""
        found = [path for folder, pattern in self.folders for path in folder.glob(pattern)]
        return {path: stamp(path) for path in (*self.files, *found)}


def stamp(path: Path) -> Stamp:
    """The file's, that is of what a link leads to."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino, found.st_dev


def is_being_written(path: Path) -> bool:
    """Whether somebody has the file open for writing; False where that can't be known (of others' files, or far away).

    Linux grants a lease for reading only while nobody writes (fcntl(2), F_SETLEASE). It is given back at once; who
    comes just then waits that long, and the signal that we should get for it is one that nobody minds.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return False
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False
