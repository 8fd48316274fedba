"""Brings a database to the schema of this version, by the migrations inside the package."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from maild.errors import BadConfig
from maild.store.database import Database
from maild.store.tables import metadata

_SCRIPTS = Path(__file__).parent / "migrations"


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database) -> None:
    """Apply what is missing. A database that a newer maild has made is refused."""
    with database.connection() as connection:
        config = _config(connection)
        known = {s.revision for s in ScriptDirectory.from_config(config).walk_revisions()}
        present = MigrationContext.configure(connection).get_current_revision()
        if present is not None and present not in known:
            raise BadConfig.at(database.path, "this database was made by a newer maild; install that version again")
        command.upgrade(config, "head")


def differences(database: Database) -> list[object]:
    """How the schema that the migrations made differs from the tables: nothing, or a migration is missing."""
    with database.connection() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))
