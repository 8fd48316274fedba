"""Brings a database to the schema of this version, by the migrations inside the package.

Alembic is imported where there is something to migrate: a daemon need not carry its 12 MiB for the rest of its life.
"""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect

from maild.errors import BadConfig
from maild.store import (  # noqa: F401 so that the metadata is whole
    absence_tables,
    admin_tables,
    arrival_table,
    inbound_tables,
    rules_versions,
    timer_tables,
    topic_tables,
)
from maild.store.database import Database, Session
from maild.store.folders import make_file
from maild.store.people_tables import metadata as metadata  # with all tables

if TYPE_CHECKING:
    from alembic.config import Config

_SCRIPTS = Path(__file__).parent / "migrations"


def revisions() -> list[str]:
    """Of the migrations of this version, the oldest first: each file is named `<revision>_<what it is about>.py`."""
    return sorted(path.name.partition("_")[0] for path in (_SCRIPTS / "versions").glob("[0-9]*.py"))


def revision_of(session: Session) -> str | None:
    """The last migration that this database has seen; None for one that has seen none."""
    return _revision(session.connection())


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return str(row[0]) if row else None


def upgrade(database: Database) -> None:
    """Apply what is missing. A database that a newer maild has made is refused."""
    known = revisions()
    with database.connection() as connection:
        present = _revision(connection)
        if present == known[-1]:
            return
        if present is not None and present not in known:
            raise BadConfig.at(database.path, "this database was made by a newer maild; install that version again")
        from alembic import command

        command.upgrade(_config(connection), "head")


def thrown_away(path: Path) -> Database:
    """The database in that file, of this version's schema, for simulations: nothing in it outlasts a loss of power.

    A new one is a copy of what the migrations made once in this process, like any other's first.
    """
    if not path.exists():
        make_file(path)
        path.write_bytes(_first())
    database = Database(path, is_durable=False)
    upgrade(database)
    return database


@cache
def _first() -> bytes:
    """The file that the migrations make of nothing."""
    with TemporaryDirectory(prefix="maild-schema-") as folder:
        database = Database(Path(folder) / "maild.db", is_durable=False)
        try:
            upgrade(database)
        finally:
            database.close_now()  # folds the log into the file
        return database.path.read_bytes()


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config


def differences(database: Database) -> list[object]:
    """How the schema that the migrations made differs from the tables: nothing, or a migration is missing."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with database.connection() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))
