"""The tables of topics: what several tickets are about, and what happened to it."""

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from maild.store.tables import metadata


class TopicRow(SQLModel, table=True):
    """A topic; its tickets name it. `key`: its name in the compared form."""

    __tablename__ = "topic"
    number: int | None = Field(default=None, primary_key=True)
    name: str
    key: str = Field(unique=True)
    importance: int = 0  # 0: not said, as below
    effort: int = 0
    opened_at: datetime


class TopicEventRow(SQLModel, table=True):
    """Something that happened to a topic, by whom."""

    __tablename__ = "topic_event"
    id: int | None = Field(default=None, primary_key=True)
    topic: int = Field(index=True)
    ticket: int = 0  # 0: none
    by: str
    text: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime


TOPIC, TOPIC_EVENT = metadata.tables["topic"], metadata.tables["topic_event"]
