"""Who wants no reminders and no requests for a rating?"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, select
from sqlmodel import Session

from maild.store.people_tables import OPT_OUT

_KEYS: BindParameter[list[str]] = bindparam("keys", expanding=True)
_AMONG = select(OPT_OUT.c.key).where(OPT_OUT.c.key.in_(_KEYS))
_SINCE = select(OPT_OUT.c.by, OPT_OUT.c.at).where(OPT_OUT.c.key == bindparam("key"))


def opted_out(session: Session, keys: Collection[str]) -> frozenset[str]:
    """Those of these addresses (compared form) who have said so."""
    return frozenset(session.connection().scalars(_AMONG, {"keys": sorted(keys)})) if keys else frozenset()


def opted_out_since(session: Session, key: str) -> tuple[str, datetime] | None:
    """By whom that address (compared form) was put on the list, and when; None where it is not on it."""
    row = session.connection().execute(_SINCE, {"key": key}).first()
    return (row.by, row.at) if row is not None else None
