"""Which database was here last, and how far had it come? A small file beside it, `<database>.mark`.

It is written after what it tells of is durable, and whole or not at all; so it may lag behind the database and never
runs ahead of it. A database that is behind its mark has gone back in time. A backup must not contain it.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import func, select
from sqlmodel import Session

from maild.store.database import Database
from maild.store.folders import sync_folder
from maild.store.inbound_tables import INBOUND
from maild.store.tables import IDENTITY, metadata
from maild.store.tickets import next_number

_START = metadata.tables["folder_start"].c
_KEPT = select(func.max(INBOUND.c.uid)).where(
    INBOUND.c.mailbox == _START.mailbox,
    INBOUND.c.folder == _START.folder,
    INBOUND.c.uidvalidity == _START.uidvalidity,
)
_READ_TO = func.max(_START.read_to, func.coalesce(_KEPT.scalar_subquery(), 0))
_PLACE = (_START.mailbox, _START.folder, _START.uidvalidity)
_HOMES = select(*_PLACE, _START.since, _READ_TO).order_by(*_PLACE)
_NAME = select(IDENTITY.c.name)


@dataclass(frozen=True, slots=True)
class Home:
    """A mailbox's own folder under one UIDVALIDITY, and how far it was read."""

    mailbox: str
    folder: str
    uidvalidity: int
    since: datetime | None  # what came to the server before was left alone; none: nothing was
    read_to: int  # the highest UID that was kept, or may have been in a time that was lost


@dataclass(frozen=True, slots=True)
class Mark:
    """A database by name (`` where it has none yet), and how far it has come."""

    database: str
    commits: int  # that changed anything; 0 in a mark: it was made for a database that was still to get its name
    ticket: int  # the highest number given, or never to be given (store/restoration.py); 0: not known
    homes: tuple[Home, ...] = ()

    def is_behind(self, other: "Mark") -> bool:
        """Whether something is missing here that was there, or it is another database."""
        return self.database != other.database or self.commits < other.commits


_MARK = TypeAdapter(Mark)


def mark_of(session: Session) -> Mark:
    """How far the database has come."""
    rows = session.connection()
    homes = tuple(Home(*row) for row in rows.execute(_HOMES))
    return Mark(rows.scalar(_NAME) or "", Database.commits(session), next_number(session) - 1, homes)


def path_of(database: Path) -> Path:
    """The file."""
    return Path(f"{database}.mark")


def read_mark(database: Path) -> Mark | None:
    """What the file says; None where there is none, or nothing that can be understood. OSError if it can't be read."""
    try:
        return _MARK.validate_json(path_of(database).read_bytes(), strict=True)
    except (FileNotFoundError, ValidationError):
        return None


def write_mark(database: Path, mark: Mark) -> None:
    """Durable on return, the old one or the new one at any instant. OSError where the disk takes no more."""
    path = path_of(database)
    draft = path.with_name(f"{path.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(_MARK.dump_json(mark))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
