"""Opens the store: is the database there and whole, is it ours, is it of this version?

`open_whole` is the daemon's way, `open_store` that of a command beside it.
"""

import asyncio
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from maild.errors import BadConfig, BadInput, Temporary
from maild.store.database import Database
from maild.store.schema import revision_of, revisions, upgrade

_DAMAGED = (
    "this database is damaged or can't be written; put the newest backup in its place, without the files -wal and -shm "
    "beside the old one, and start again: the mails that came since lie on the server and are read again"
)


def open_store(path: Path, *, writes: bool = False) -> Database:
    """The database in that file. One that writes brings an older schema up to date; one that reads never changes it.

    For callers without an event loop. BadInput where there is no database yet; BadConfig where the file is none of
    this version.
    """
    if not path.is_file():
        raise BadInput(f"there is no database {path} yet; `maild run` makes it at its first start")
    database = Database(path)
    try:
        present = database.read_now(revision_of)
        if writes:
            upgrade(database)
        elif present != revisions()[-1]:
            what = "this database is of another version of maild; `maild run` brings an older one up to date"
            raise BadConfig.at(path, what)
    except DBAPIError as error:
        asyncio.run(database.close())
        raise BadConfig.at(path, f"this is no database of maild ({error.orig})") from None
    except BadConfig:
        asyncio.run(database.close())
        raise
    return database


def open_whole(path: Path) -> Database:
    """The database in that file, made if there is none, looked through and brought up to date. For the one daemon.

    BadConfig where it is damaged, or can't be written: what SQLite's quick_check sees, that is each page and each row's
    place, but neither what stands in a row nor whether the indexes agree with it. Temporary where the disk is full or
    out of reach.
    """
    database = Database(path)
    try:
        found = database.read_now(_damages)
        if found == ["ok"]:
            database.fold()
            upgrade(database)
    except (DBAPIError, sqlite.Error) as error:
        found = [str(getattr(error, "orig", error))]
    except Temporary as error:
        if "readonly" not in str(error):
            database.close_now()
            raise
        found = [str(error)]
    except BaseException:
        database.close_now()
        raise
    if found == ["ok"]:
        return database
    database.close_now()
    raise BadConfig.at(path, f"{_DAMAGED} (SQLite says: {found[0]})")


def _damages(session: Session) -> list[str]:
    return list(session.connection().exec_driver_sql("PRAGMA quick_check(10)").scalars())
