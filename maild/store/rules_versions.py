"""By which words was it decided then? Each version of rules.yaml whose rules were tried on a mail, the newest of them.

Kept with the first decision, in its transaction. A version that nothing was decided by leaves no trace, however often
the files change. Lists of customers are not kept: they hold people, and a rule is read without them.
"""

import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, LargeBinary, bindparam, delete, exists, insert, select
from sqlmodel import Field, Session, SQLModel

from maild.store.tables import metadata

MOST = 500  # versions


class RulesVersion(SQLModel, table=True):
    """A version of rules.yaml by which something was decided, in its own words."""

    __tablename__ = "rules_version"
    id: int | None = Field(default=None, primary_key=True)  # the order in which they first decided something
    version: str = Field(unique=True)
    at: datetime
    text: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # UTF-8, by zlib


RULES_VERSION = metadata.tables["rules_version"]
_IS_KEPT = select(exists().where(RULES_VERSION.c.version == bindparam("this")))
_NEW = insert(RULES_VERSION)
_LAST_TO_GO = select(RULES_VERSION.c.id).order_by(RULES_VERSION.c.id.desc()).offset(MOST).limit(1).scalar_subquery()


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """rules.yaml as it was, and when it first decided something."""

    at: datetime
    text: str


def keep_version(rows: Connection, version: str, text: str, now: datetime) -> None:
    """Keep it, unless it is kept already; the oldest gives way."""
    if rows.scalar(_IS_KEPT, {"this": version}):
        return
    packed = zlib.compress(text.encode("utf-8", "surrogatepass"))
    rows.execute(_NEW, {"version": version, "at": now, "text": packed})
    rows.execute(delete(RULES_VERSION).where(RULES_VERSION.c.id <= _LAST_TO_GO))


def kept_versions(session: Session, versions: Collection[str]) -> dict[str, KeptVersion]:
    """Those of them that are kept."""
    wanted = select(RULES_VERSION).where(RULES_VERSION.c.version.in_(versions))
    return {
        row.version: KeptVersion(row.at, zlib.decompress(row.text).decode("utf-8", "surrogatepass"))
        for row in session.connection().execute(wanted)
    }
