"""How is the store copied for somebody who only looks on? At one instant, and without a byte of it changed.

The database is opened read-only: even where a killed daemon left its log (`-wal`), that log is read and not folded in.
"""

import shutil
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pysqlite3.dbapi2 as sqlite

from maild.errors import BadConfig, Temporary

_NO_DATABASE = (11, 26)  # SQLITE_CORRUPT, SQLITE_NOTADB (sqlite.org/rescode.html)
_BESIDE = ("", "-wal", "-shm", "-journal")
# Which rows a look at one ticket needs, by table; of those not named, all.
_OF_TICKET = {
    **dict.fromkeys(("outbox", "message", "moment", "timer", "decision"), "ticket = :number"),
    "inbound": "ticket = :number OR disposition = 'held'",
    "content": "0",
    "alembic_version": "0",
}


def copy_store(database: Path, files: Path, own_database: Path, own_files: Path) -> None:
    """Make the two `own` a whole copy of that store, in place of what they were. Large mails are linked, not copied.

    BadConfig where the file is no database; Temporary where the copy can't be written, then the old one is still there.
    """
    draft = own_database.with_name(own_database.name + ".new")
    try:
        own_database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _remove(draft)
        draft.touch(mode=0o600)
        with (
            closing(sqlite.connect(f"file:{quote(str(database.absolute()))}?mode=ro", uri=True, timeout=30)) as there,
            closing(sqlite.connect(str(draft))) as here,
        ):
            there.execute("SELECT name FROM sqlite_schema LIMIT 1")
            there.backup(here)
        _link(files, own_files)
        _remove(own_database)
        draft.rename(own_database)
    except (sqlite.DatabaseError, OSError) as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _NO_DATABASE:
            raise BadConfig.at(database, f"this is no database of maild ({error})") from None
        raise Temporary(f"{database} can't be copied to {draft.parent}: {error}") from None


def copy_ticket(database: Path, own_database: Path, number: int) -> None:
    """Fill an empty database of the same schema with that ticket, and what is known of the others; without the mails of
    others, so that it is small whatever has come to the desk. Raises as copy_store does."""
    try:
        with closing(
            sqlite.connect(f"file:{quote(str(own_database.absolute()))}", uri=True, isolation_level=None)
        ) as own:
            own.execute("ATTACH ? AS live", (f"file:{quote(str(database.absolute()))}?mode=ro",))
            own.execute("BEGIN")
            tables = own.execute("SELECT name FROM live.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
            for (table,) in tables.fetchall():
                columns = ", ".join(f'"{row[1]}"' for row in own.execute(f'PRAGMA live.table_info("{table}")'))
                rows = _OF_TICKET.get(table, "1")
                if table != "alembic_version":
                    own.execute(f'DELETE FROM main."{table}"')  # noqa: S608 names are those of our own schema
                copied = f'INSERT INTO main."{table}" ({columns}) SELECT {columns} FROM live."{table}" WHERE {rows}'  # noqa: S608
                own.execute(copied, {"number": number} if ":number" in rows else {})
            own.execute("COMMIT")
    except (sqlite.DatabaseError, OSError) as error:
        raise Temporary(f"{database} can't be copied to {own_database.parent}: {error}") from None


def _link(files: Path, own_files: Path) -> None:
    """Links in place of the folder's mails; a mail that is written anew takes the place of its link."""
    if own_files.is_dir():
        shutil.rmtree(own_files)
    own_files.mkdir(parents=True, mode=0o700)
    for file in files.glob("[!.]*") if files.is_dir() else ():
        (own_files / file.name).symlink_to(file.absolute())


def _remove(database: Path) -> None:
    for suffix in _BESIDE:
        Path(f"{database}{suffix}").unlink(missing_ok=True)
