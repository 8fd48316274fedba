"""The ticket, the people on it, and the closed lists of its words. Frozen values, no behaviour but look-ups."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from maild.lifecycle import ENDED, Reason, Status
from maild.mail import Address, address_key


class Role(StrEnum):
    """What a participant is on a ticket. Part of what a reference signs, so that a reference can't change its role."""

    CUSTOMER = "customer"
    AGENT = "agent"


class Visibility(StrEnum):
    """Who may read an entry of a ticket."""

    PUBLIC = "public"  # customer and agents
    INTERNAL = "internal"  # agents alone
    EVENT = "event"  # what happened: automatic replies, bounces; nobody is sent it


class Disposition(StrEnum):
    """How far a received mail has come. received = kept + applied + held + duplicate, always."""

    KEPT = "kept"  # stored, not worked yet
    APPLIED = "applied"
    HELD = "held"  # waits for a person
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody on a ticket. `slot` never changes hands; `epoch` goes up when their references are revoked."""

    slot: int
    address: str
    name: str
    role: Role
    epoch: int = 0
    is_removed: bool = False
    is_undeliverable: bool = False  # a permanent bounce came back
    joined_after: str = ""  # the last Message-ID of the ticket that is not theirs to see; '': they see all
    joined_at: datetime | None = None  # what was written before is not shown to them; None: they may see all

    @property
    def key(self) -> str:
        """The address in its compared form."""
        return address_key(self.address)

    @property
    def shown(self) -> str:
        """The name, or the address where no name is known."""
        return self.name or self.address


@dataclass(frozen=True, slots=True)
class Ticket:
    """A request and where it stands. Instants are in UTC."""

    number: int
    subject: str
    mailbox: str  # the mailbox it came in by; answers leave from its address
    language: str
    status: Status = Status.NEW
    reason: Reason | None = None
    queue: str = ""
    type: str = ""
    product: str = ""
    priority: str = "normal"
    impact: str = ""
    urgency: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)  # what the customer stated, by the name of the field
    missing: tuple[str, ...] = ()  # needs that it waits for; such a ticket is incomplete
    tags: tuple[str, ...] = ()
    assignee: str = ""  # an agent's address in its compared form, or ''
    participants: tuple[Participant, ...] = ()
    opened_at: datetime | None = None
    waiting_round: int = 0  # goes up each time a wait starts; part of the key of its timers
    waiting_since: datetime | None = None
    last_answer: str = ""  # the agents' last public words, for the relance
    thread: tuple[str, ...] = ()  # the Message-IDs of its public mails, newest last, for References
    answered_at: datetime | None = None  # when those words were written
    ended_round: int = 0  # goes up each time it ends; part of the key of the timer that closes it
    rating: str = ""  # good or bad: what its customer said of how it was dealt with; '' for nothing
    rating_comment: str = ""
    rated_at: datetime | None = None  # when they first said so of that end
    rated_round: int = 0  # of which end
    follows: int = 0  # the ticket that it follows, or was split from
    merged_into: int = 0  # the ticket in which it goes on: its references lead there
    linked_to: tuple[int, ...] = ()  # tickets that have to do with it; the same stands on each of them
    qualified_by: str = ""  # the agent (compared form) who confirmed or changed its priority last; '' for none
    escalation: int = 0  # steps of the path of `escalation` that it has gone
    escalated_at: datetime | None = None  # when a customer asked for the last one; None: none has
    channel: str = ""  # by what it came, where that was not mail: an agent's word, such as telephone
    minutes: int = 0  # that agents say to have spent on it
    topic: int = 0  # the number of the topic that it belongs to; 0 for none
    ended_at_once: bool = False  # a rule ended it as it opened, and nobody of ours has taken it up since

    @property
    def is_untold(self) -> bool:
        """Whether it was given to no agent: it waits for what rules require, or a rule ended it at once. Whom that rule
        told of the end has nothing to do for it."""
        return bool(self.missing) or self.ended_at_once

    @property
    def is_rating_past(self) -> bool:
        """Whether the rating is of an end before the request was opened again."""
        return self.rating != "" and (self.status not in ENDED or self.rated_round != self.ended_round)

    @property
    def asked_priority(self) -> str:
        """The priority that the customer asked for, in our word where it is known, else in theirs; '' for none."""
        return self.fields.get("priority", "")

    @property
    def asked_impact(self) -> str:
        """The impact that the customer stated, likewise."""
        return self.fields.get("impact", "")

    @property
    def asked_urgency(self) -> str:
        """The urgency that the customer stated, likewise."""
        return self.fields.get("urgency", "")

    @property
    def requester(self) -> Participant:
        """Who asked: the first customer on it who is still there."""
        customers = [p for p in self.participants if p.role is Role.CUSTOMER]
        return next((p for p in customers if not p.is_removed), customers[0])

    def thread_of(self, who: Participant) -> tuple[str, ...]:
        """The Message-IDs that this participant may see: from when they joined."""
        seen = self.thread
        return seen[seen.index(who.joined_after) + 1 :] if who.joined_after in seen else seen

    def joining(self, address: str, name: str, now: datetime) -> Participant:
        """Somebody on the customer's side from now on, who sees nothing from before."""
        last = self.thread[-1] if self.thread else ""
        return Participant(self.next_slot, address, name, Role.CUSTOMER, joined_after=last, joined_at=now)

    @property
    def customers(self) -> tuple[Participant, ...]:
        """Those on the customer's side who are on it now, the requester first."""
        return tuple(p for p in self.participants if p.role is Role.CUSTOMER and not p.is_removed)

    def by_slot(self, slot: int) -> Participant | None:
        """The participant who holds that slot."""
        return next((p for p in self.participants if p.slot == slot), None)

    def by_address(self, address: str) -> Participant | None:
        """The present participant with that address."""
        key = address_key(address)
        return next((p for p in self.participants if p.key == key and not p.is_removed), None)

    def by_any(self, keys: Collection[str]) -> Participant | None:
        """The present participant with one of these addresses (compared form): one person may have several."""
        return next((p for p in self.participants if p.key in keys and not p.is_removed), None)

    def agent(self, key: str) -> Participant | None:
        """The present participant who is that agent (compared form): one who was taken off may be on it anew."""
        mine = (p for p in self.participants if p.key == key and p.role is Role.AGENT)
        return next((p for p in mine if not p.is_removed), None)

    def has_customer(self, address: str) -> bool:
        """Whether the present participant with that address is on the customer's side."""
        who = self.by_address(address)
        return who is not None and who.role is Role.CUSTOMER

    @property
    def next_slot(self) -> int:
        """A slot that nobody has held."""
        return max((p.slot for p in self.participants), default=0) + 1


class Spoke(StrEnum):
    """Who has written for everybody to read."""

    NOBODY = ""
    CUSTOMER = "customer"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant at which something counted happened to a ticket, and how it stands from then on."""

    at: datetime
    status: Status
    spoke: Spoke = Spoke.NOBODY
    is_incomplete: bool = False  # it waits for what the rules require


@dataclass(frozen=True, slots=True)
class Entry:
    """A message of a ticket's story, for agents."""

    author: str  # an address
    text: str
    is_note: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A timer whose instant has come."""

    id: int
    number: int
    policy: str
    step: int  # from 1
    round: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody known from rules.yaml, or admitted by an agent. Several addresses of one person are one account."""

    address: Address
    language: str = ""
    organisation: str = ""
    teams: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    relation: str = ""  # direct, indirect, partner
    integrator: str = ""  # who serves an indirect one: the address of a partner
    contact: Address | None = None  # whom among us they usually speak to
    has_account: bool = False
    keys: tuple[str, ...] = ()  # all their addresses in the compared form, the first is that of `address`
    is_listed: bool = True  # False: their domain alone is known
    away: tuple[tuple[date, date], ...] = ()  # an agent's absences: first and last day


@dataclass(frozen=True, slots=True)
class Hit:
    """A ticket that somebody asked for, and by when its customer is promised an answer."""

    ticket: Ticket
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a question; `more`: how many there are besides, or 1 where that is not counted."""

    hits: tuple[Hit, ...] = ()
    more: int = 0
    story: tuple[Entry, ...] = ()  # of the one ticket that was asked for
