"""Reads a file that rules.yaml is or names, and nothing that would hold us up, such as a pipe that nobody fills."""

import errno
import os
import stat
from pathlib import Path


def read_at_most(path: Path, most: int) -> bytes:
    """Its bytes, one more than `most` where it is larger. Raises OSError, or ValueError for what is no path."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "it is a pipe or a device", str(path))
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(most + 1)
    finally:
        os.close(descriptor)
