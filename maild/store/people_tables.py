"""The tables of people: what agents have decided about them beside the rules."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from maild.store.inbound_tables import INBOUND
from maild.store.tables import metadata as metadata

UNKNOWN = "disposition = 'held' AND verdict = 'unknown_sender'"  # waits for an account; in the words of the index


class Account(SQLModel, table=True):
    """An address that an agent admitted: an account of its own, or a further address of somebody's."""

    key: str = Field(primary_key=True)
    address: str
    name: str = ""
    person: str = Field(default="", index=True)  # the first address of its owner, compared form; '': its own
    admitted_by: str = ""
    at: datetime


class Departure(SQLModel, table=True):
    """An agent who has left, as long as rules.yaml still names them."""

    key: str = Field(primary_key=True)
    at: datetime


class Block(SQLModel, table=True):
    """Whose mail leads to nothing: an address, or a domain with all below it."""

    key: str = Field(primary_key=True)
    by: str
    at: datetime


class OptOutRow(SQLModel, table=True):
    """An address that wants no reminders and no requests for a rating."""

    __tablename__ = "opt_out"
    key: str = Field(primary_key=True)
    by: str
    at: datetime


ACCOUNT = metadata.tables["account"]
Index("ix_inbound_unknown", INBOUND.c.sender, sqlite_where=text(UNKNOWN))
DEPARTURE = metadata.tables["departure"]
BLOCK = metadata.tables["block"]
OPT_OUT = metadata.tables["opt_out"]
