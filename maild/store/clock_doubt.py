"""Is the clock in doubt? Kept with the database, so that a start in between changes nothing (clock_watch.py)."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session

from maild.store.tables import SWITCH

CLOCK_AHEAD = "clock-ahead"
HOLDS_FOR = timedelta(hours=4)  # a person has then had the time to look at it


def doubt(session: Session, now: datetime) -> None:
    """It has jumped to that instant."""
    row = {"name": CLOCK_AHEAD, "set_at": now}
    kept = insert(SWITCH).values(row).on_conflict_do_update(index_elements=["name"], set_={"set_at": now})
    session.connection().execute(kept)


def doubted_since(session: Session) -> datetime | None:
    """The instant to which it jumped; None while it is believed."""
    return session.connection().scalar(select(SWITCH.c.set_at).where(SWITCH.c.name == CLOCK_AHEAD))


def settle(session: Session) -> bool:
    """It is believed again; False if it was."""
    return session.connection().execute(delete(SWITCH).where(SWITCH.c.name == CLOCK_AHEAD)).rowcount == 1
