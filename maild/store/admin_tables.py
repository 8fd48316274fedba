"""The tables of what the admin is told: what needs a person, and what audits have found."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from maild.store.tables import metadata


class AlertRow(SQLModel, table=True):
    """Something that needed the admin, and whether they were told."""

    __tablename__ = "alert"
    key: str = Field(primary_key=True)
    notice: str
    details: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    raised_at: datetime
    told_at: datetime | None = None  # by mail: when it was queued
    paged_at: datetime | None = None  # by the command
    ended_at: datetime | None = None


class Audit(SQLModel, table=True):
    """What an audit has found."""

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    mails: int  # received, that is: looked at
    differences: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


ALERT, AUDIT = metadata.tables["alert"], metadata.tables["audit"]
