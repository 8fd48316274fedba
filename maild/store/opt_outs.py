"""Who wants no reminders and no requests for a rating?"""

from collections.abc import Collection

from sqlalchemy import BindParameter, bindparam, select
from sqlmodel import Session

from maild.store.people_tables import OPT_OUT

_KEYS: BindParameter[list[str]] = bindparam("keys", expanding=True)
_AMONG = select(OPT_OUT.c.key).where(OPT_OUT.c.key.in_(_KEYS))


def opted_out(session: Session, keys: Collection[str]) -> frozenset[str]:
    """Those of these addresses (compared form) who have said so."""
    return frozenset(session.connection().scalars(_AMONG, {"keys": sorted(keys)})) if keys else frozenset()
