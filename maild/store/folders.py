"""The folder where the database lies: can a file be made there, and does its name outlast a loss of power?"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from maild.errors import BadConfig, StoreAway

NO_ROOM = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
# Some CIFS, 9p and FUSE mounts have no fsync for folders. SQLite goes on there as well; nothing better can be done.
_HAS_NO_FSYNC = frozenset((errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS))


@contextmanager
def beside(database: Path) -> Iterator[None]:
    """The folder is there; what is refused of it, here and within, is the operator's matter: BadConfig. StoreAway where
    there is no room."""
    try:
        database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise StoreAway(f"{database} can't be made now: {error}") from None
        raise BadConfig.at(database, f"the database can't be here: {error}") from None


def make_file(database: Path) -> None:
    """An empty file, unless there is one. Mails are nobody else's; SQLite gives its other files the same mode."""
    with beside(database):
        if database.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(database))
        database.touch(mode=0o600)


def sync_folder(folder: Path) -> None:
    """Names that were made, changed or taken away in it last from now on. OSError where the disk failed."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _HAS_NO_FSYNC:
            raise
    finally:
        os.close(descriptor)
