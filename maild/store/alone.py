"""Does nobody else work on this database? A file lock beside it, which ends with the process that holds it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from maild.store.folders import beside


class AlreadyRunning(Exception):
    """Another daemon holds the database: exit 75."""


@contextmanager
def only_one(database: Path) -> Iterator[None]:
    """Hold the database for this process; AlreadyRunning if another daemon does. BadConfig where the file that says so
    can't be made, StoreAway where there is no room for it."""
    with beside(database):
        descriptor = os.open(Path(f"{database}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"another maild already works on {database}") from None
        yield
    finally:
        os.close(descriptor)
