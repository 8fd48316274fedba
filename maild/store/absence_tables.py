"""The table of agents' absences that they have said by mail, beside those of rules.yaml."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from maild.store.tables import metadata as metadata


class AbsenceRow(SQLModel, table=True):
    """An agent is away from a day to a day, both included; the last word counts."""

    __tablename__ = "absence"
    key: str = Field(primary_key=True)  # the agent's address in compared form
    first: date
    last: date
    at: datetime


ABSENCE = metadata.tables["absence"]
