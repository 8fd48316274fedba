"""What lists and shows are made of: rows as frozen values."""

from dataclasses import dataclass
from datetime import datetime

from maild.decision import RuleTrial


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket in a list."""

    number: int
    status: str
    reason: str
    priority: str
    queue: str
    type: str
    assignee: str
    requester: str
    subject: str
    opened_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A mail that waits for a person."""

    id: int
    mailbox: str
    kept_at: datetime
    sender: str
    subject: str
    verdict: str
    reason: str
    ticket: int | None
    size: int
    due_at: datetime | None = None  # by when it should be decided on


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """A mail that is owed or was sent. `detail`: what the receiving server said last."""

    id: int
    template: str
    recipient: str
    subject: str
    state: str
    ticket: int | None
    attempts: int
    created_at: datetime
    next_at: datetime
    ended_at: datetime | None
    reason: str
    detail: str
    message_id: str


@dataclass(frozen=True, slots=True)
class MessageLine:
    """An entry of a ticket's story."""

    at: datetime
    visibility: str
    author: str
    text: str
    inbound_id: int | None
    is_verified: bool


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision as it was recorded."""

    at: datetime
    occasion: str
    verdict: str
    reason: str
    proof: str
    inbound_id: int | None
    rules_version: str
    trials: tuple[RuleTrial, ...]


@dataclass(frozen=True, slots=True)
class TimerLine:
    """Something that will be, or was, looked at again."""

    ticket: int
    policy: str
    step: int
    due_at: datetime
    state: str
