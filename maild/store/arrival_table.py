"""The table of arrivals, beside those of tables.py: how each mail came that a person may have written."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from maild.store.tables import metadata

PROMPT = "is_prompt = 1"  # the words of the index, without which it is not used


class ArrivalRow(SQLModel, table=True):
    """How a mail came and what it was like, so that a loop is seen. Beside its inbound row, which is wide."""

    __tablename__ = "arrival"
    __table_args__ = (
        Index("ix_arrival_sender", "sender", "came_at"),
        Index("ix_arrival_prompt", "sender", "came_at", sqlite_where=text(PROMPT)),
    )
    inbound_id: int = Field(primary_key=True)
    sender: str  # compared form
    came_at: datetime
    is_proved: bool
    ticket: int | None = None
    text_mark: str
    subject_mark: str
    depth: int
    is_prompt: bool


ARRIVAL = metadata.tables["arrival"]
