"""The tables of the clock: timers, and what promised times are counted by."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from maild.store.tables import metadata, one_of

TIMER_STATES = ("armed", "fired", "stale", "cancelled")


class Timer(SQLModel, table=True):
    """Something to look at again at an instant; the key makes a second arming the same timer."""

    __table_args__ = (
        UniqueConstraint("ticket", "policy", "step", "round"),
        one_of("state", TIMER_STATES),
        Index("ix_timer_due", "state", "due_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    ticket: int
    policy: str
    step: int
    round: int
    due_at: datetime
    state: str = "armed"


class MomentRow(SQLModel, table=True):
    """Something that promised times count by happened to a ticket, and how it stands from then on."""

    __tablename__ = "moment"
    id: int | None = Field(default=None, primary_key=True)
    ticket: int = Field(index=True)
    at: datetime
    status: str
    spoke: str = ""
    is_incomplete: bool = False


class ClocksState(SQLModel, table=True):
    """By what promised times were counted last, and up to which ticket that has been done. One row."""

    __tablename__ = "clocks_state"
    id: int = Field(primary_key=True)
    version: str
    upto: int = Field(sa_column=Column(BigInteger, nullable=False))


TIMER, MOMENT, CLOCKS_STATE = (metadata.tables[name] for name in ("timer", "moment", "clocks_state"))
# Of a ticket that is named besides. Said so that SQLite takes the ticket's index: by the one of states and instants it
# would walk over all armed timers, which may be a million.
IS_ARMED_OF_TICKET = TIMER.c.state.concat("") == "armed"
