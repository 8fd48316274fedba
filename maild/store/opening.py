"""Opens the store for a command beside the daemon: is the database there, is it ours, is it of this version?"""

import asyncio
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from maild.errors import BadConfig, BadInput
from maild.store.database import Database
from maild.store.schema import upgrade

_SCRIPTS = Path(__file__).parent / "migrations"


def open_store(path: Path, *, writes: bool = False) -> Database:
    """The database in that file. One that writes brings an older schema up to date; one that reads never changes it.

    For callers without an event loop. BadInput where there is no database yet; BadConfig where the file is none of
    this version.
    """
    if not path.is_file():
        raise BadInput(f"there is no database {path} yet; `maild run` makes it at its first start")
    database = Database(path)
    try:
        present = database.read_now(_revision)
        if writes:
            upgrade(database)
        elif present != ScriptDirectory(str(_SCRIPTS)).get_current_head():
            what = "this database is of another version of maild; `maild run` brings an older one up to date"
            raise BadConfig.at(path, what)
    except DBAPIError as error:
        asyncio.run(database.close())
        raise BadConfig.at(path, f"this is no database of maild ({error.orig})") from None
    except BadConfig:
        asyncio.run(database.close())
        raise
    return database


def _revision(session: Session) -> str | None:
    rows = session.connection().exec_driver_sql("SELECT version_num FROM alembic_version").all()
    return str(rows[0][0]) if rows else None
