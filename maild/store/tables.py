"""The tables. Rows stay inside store/; what leaves are the frozen values of mail.py and ticket.py.

Instants are aware and in UTC (SQLModel's UTCDateTime refuses others). Words of closed lists are stored by their value.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    MetaData,
    Text,
    text,
)
from sqlmodel import Field, SQLModel

from maild.lifecycle import Reason, Status
from maild.ticket import Role, Visibility

SQLModel.metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
metadata = SQLModel.metadata

OUTBOX_STATES = ("queued", "sending", "uncertain", "sent", "refused", "held", "cancelled")
COUNTED = ("is_answer", "template")  # in the indexes by which answers are counted: in a row they lie behind its bytes
WAITS = "state IN ('queued', 'uncertain')"  # in these words, for SQLite to see that ix_outbox_ready serves
ANSWERED = "is_answer = 1"  # as above


def one_of(column: str, words: Any) -> CheckConstraint:
    """Only these words may stand in that column."""
    listed = ", ".join(f"'{w}'" for w in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class TicketRow(SQLModel, table=True):
    """A ticket."""

    __tablename__ = "ticket"
    __table_args__ = (
        one_of("status", Status),
        one_of("reason", ("", *Reason)),
        Index("ix_ticket_assignee_status", "assignee", "status"),
    )
    number: int = Field(primary_key=True)
    subject: str
    mailbox: str
    language: str
    status: str
    reason: str = ""
    queue: str = ""
    type: str = ""
    product: str = ""
    priority: str = "normal"
    impact: str = ""
    urgency: str = ""
    fields: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    missing: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    tags: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    assignee: str = ""
    opened_at: datetime
    changed_at: datetime
    waiting_round: int = 0
    waiting_since: datetime | None = None
    last_answer: str = Field(default="", sa_column=Column(Text, nullable=False))
    answered_at: datetime | None = None  # when that was written
    ended_round: int = 0
    rating: str = ""
    rating_comment: str = Field(default="", sa_column=Column(Text, nullable=False))
    rated_at: datetime | None = None
    rated_round: int = 0
    follows: int = 0  # 0: none, as below
    merged_into: int = 0
    linked_to: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    qualified_by: str = ""
    escalation: int = 0  # steps
    escalated_at: datetime | None = None  # by a customer
    channel: str = ""
    minutes: int = 0
    topic: int = Field(default=0, index=True)  # 0: none
    ended_at_once: bool = False  # by a rule


class ParticipantRow(SQLModel, table=True):
    """Somebody on a ticket; the slot never changes hands."""

    __tablename__ = "participant"
    __table_args__ = (one_of("role", Role),)
    ticket: int = Field(primary_key=True)
    slot: int = Field(primary_key=True)
    address: str
    key: str = Field(index=True)
    name: str = ""
    role: str
    epoch: int = 0
    is_removed: bool = False
    is_undeliverable: bool = False
    joined_after: str = ""  # the last Message-ID of the ticket that is not theirs to see
    joined_at: datetime | None = None  # from when on they see what is written; none: from the beginning


class Message(SQLModel, table=True):
    """An entry of a ticket's story."""

    __table_args__ = (one_of("visibility", Visibility),)
    id: int | None = Field(default=None, primary_key=True)
    ticket: int = Field(index=True)
    visibility: str
    author: str
    text: str = Field(sa_column=Column(Text, nullable=False))
    inbound_id: int | None = None
    message_id: str = ""
    is_verified: bool = True
    created_at: datetime


class Outbox(SQLModel, table=True):
    """A mail that is owed, its bytes, and what became of it. One recipient a row."""

    __table_args__ = (
        one_of("state", OUTBOX_STATES),
        Index("ix_outbox_due", "state", "next_at"),
        Index("ix_outbox_pair", "recipient_key", "ticket", "state"),
        # The two that count answers hold all that is asked for: a row's last columns lie behind its bytes.
        Index("ix_outbox_answers", "recipient_key", "created_at", *COUNTED),
        Index("ix_outbox_strangers", "to_unknown", "created_at", "recipient_key", "recipient_domain", *COUNTED),
        Index("ix_outbox_answered", "created_at", sqlite_where=text(ANSWERED)),
        Index("ix_outbox_ready", "is_personal", "next_at", "id", sqlite_where=text(WAITS)),
    )
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    template: str
    ticket: int | None = Field(default=None, index=True)
    slot: int | None = None
    sender: str
    recipient: str
    recipient_key: str
    recipient_domain: str
    message_id: str
    nonce: str = Field(index=True)
    subject: str
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    is_answer: bool = False
    to_unknown: bool = False
    is_personal: bool = False  # a person's words: it leaves before what machines write
    state: str = "queued"
    is_in_data: bool = False  # the phase of `sending`: bytes of the mail may have left
    was_uncertain: bool = False
    attempts: int = 0
    next_at: datetime
    reason: str = ""
    detail: str = ""
    created_at: datetime
    owed_from: datetime | None = None  # from when its time is counted, if not from created_at
    ended_at: datetime | None = None


class Switch(SQLModel, table=True):
    """What an operator has set; the row is there as long as it is so."""

    name: str = Field(primary_key=True)
    set_at: datetime


class Identity(SQLModel, table=True):
    """Which database this is; the mark beside it names it. One row, new after each restoration."""

    name: str = Field(primary_key=True)
    made_at: datetime


class Restoration(SQLModel, table=True):
    """The database was found to be older than the mails: what follows from it, and what is still to be done."""

    id: int | None = Field(default=None, primary_key=True)
    found_at: datetime  # whatever happened before may have been done already, and is not known any more
    first_number: int  # of tickets from now on: none that was mailed out is ever given again
    pending: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))  # mailboxes to read again


class DecisionRow(SQLModel, table=True):
    """Why something was decided so."""

    __tablename__ = "decision"
    id: int | None = Field(default=None, primary_key=True)
    ticket: int | None = Field(default=None, index=True)
    inbound_id: int | None = Field(default=None, index=True)
    at: datetime
    occasion: str
    verdict: str = ""
    reason: str = ""
    proof: str = ""
    trials: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    rules_version: str = ""


TICKET = metadata.tables["ticket"]
PARTICIPANT = metadata.tables["participant"]
MESSAGE, OUTBOX = metadata.tables["message"], metadata.tables["outbox"]
DECISION = metadata.tables["decision"]
IDENTITY, RESTORATION, SWITCH = (metadata.tables[name] for name in ("identity", "restoration", "switch"))
