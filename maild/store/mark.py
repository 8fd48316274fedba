"""Which database was here last, and how far had it come? A small file beside it, `<database>.mark`.

It is written after what it tells of is durable, and whole or not at all; so it may lag behind the database and never
runs ahead of it. A database that is behind its mark has gone back in time. A backup must not contain it.
"""

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import Session

from maild.store.tables import IDENTITY, INBOUND, OUTBOX
from maild.store.tickets import next_number

_HIGHEST = (select(func.max(INBOUND.c.id)), select(func.max(OUTBOX.c.id)))
_NAME = select(IDENTITY.c.name)


@dataclass(frozen=True, slots=True)
class Mark:
    """A database by name (`` where it has none yet), and its highest numbers."""

    database: str
    inbound: int
    outbox: int
    ticket: int  # given, or never to be given (store/restoration.py)

    @property
    def has_rows(self) -> bool:
        """Whether there is anything to lose."""
        return bool(self.inbound or self.outbox)

    def is_behind(self, other: "Mark") -> bool:
        """Whether something is missing here that was there, or it is another database."""
        numbers = (self.inbound < other.inbound, self.outbox < other.outbox, self.ticket < other.ticket)
        return self.database != other.database or any(numbers)


def mark_of(session: Session) -> Mark:
    """How far the database has come."""
    rows = session.connection()
    inbound, outbox = (rows.scalar(query) or 0 for query in _HIGHEST)
    return Mark(rows.scalar(_NAME) or "", inbound, outbox, next_number(session) - 1)


def path_of(database: Path) -> Path:
    """The file."""
    return Path(f"{database}.mark")


def read_mark(database: Path) -> Mark | None:
    """What the file says; None where there is none, or nothing that can be understood. OSError if it can't be read."""
    try:
        said = json.loads(path_of(database).read_text("utf-8"))
        mark = Mark(**{field.name: said[field.name] for field in fields(Mark)})
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    kinds = [type(value) for value in (mark.database, mark.inbound, mark.outbox, mark.ticket)]
    return mark if kinds == [str, int, int, int] else None


def write_mark(database: Path, mark: Mark) -> None:
    """Durable on return, the old one or the new one at any instant. OSError where the disk takes no more."""
    path = path_of(database)
    draft = path.with_name(f"{path.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(mark), file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
