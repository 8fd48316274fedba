"""Is the clock in doubt? Kept with the database, so that a start in between changes nothing (clock_watch.py)."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session

from maild.store.tables import OUTBOX, SWITCH

CLOCK_AHEAD = "clock-ahead"
CLOCK_BEFORE = "clock-before"
HOLDS_FOR = timedelta(hours=4)  # a person has then had the time to look at it
_AHEAD, _BEFORE = SWITCH.alias("ahead"), SWITCH.alias("before")
# A mail that was to leave later, at an instant that the clock has jumped over: it is not believed to be due.
IS_JUMPED_OVER = OUTBOX.c.owed_from.is_not(None) & exists().where(
    _AHEAD.c.name == CLOCK_AHEAD,
    _BEFORE.c.name == CLOCK_BEFORE,
    OUTBOX.c.owed_from > _BEFORE.c.set_at,
    OUTBOX.c.owed_from <= _AHEAD.c.set_at,
)


def doubt(session: Session, now: datetime, before: datetime) -> None:
    """It has jumped to that instant from the other one. A second jump adds to the first."""
    first = session.connection().scalar(select(SWITCH.c.set_at).where(SWITCH.c.name == CLOCK_BEFORE))
    for name, at in ((CLOCK_AHEAD, now), (CLOCK_BEFORE, first or before)):
        row = {"name": name, "set_at": at}
        kept = insert(SWITCH).values(row).on_conflict_do_update(index_elements=["name"], set_={"set_at": at})
        session.connection().execute(kept)


def doubted_since(session: Session) -> datetime | None:
    """The instant to which it jumped; None while it is believed."""
    return session.connection().scalar(select(SWITCH.c.set_at).where(SWITCH.c.name == CLOCK_AHEAD))


def settle(session: Session) -> bool:
    """It is believed again; False if it was."""
    session.connection().execute(delete(SWITCH).where(SWITCH.c.name == CLOCK_BEFORE))
    return session.connection().execute(delete(SWITCH).where(SWITCH.c.name == CLOCK_AHEAD)).rowcount == 1
