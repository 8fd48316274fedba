"""The ticket, the people on it, and the closed lists of words. Frozen values, no behaviour but look-ups."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from maild.mail import Address, address_key


class Status(StrEnum):
    """Where a ticket stands."""

    NEW = "new"  # nobody is assigned
    OPEN = "open"  # somebody works on it
    PENDING = "pending"  # waits for the customer: relances run
    ON_HOLD = "on_hold"  # waits for somebody else
    RESOLVED = "resolved"  # ended; a reply opens it again
    CLOSED = "closed"  # ended, and the reopening window has passed
    CANCELLED = "cancelled"  # ended without an answer, with a stated reason


class Event(StrEnum):
    """What can move a ticket from one state to another."""

    ASSIGNED = "assigned"
    WAIT = "wait"  # an agent waits for the customer
    RESOLVE = "resolve"
    OPEN = "open"  # an agent takes it up again
    CUSTOMER_WROTE = "customer_wrote"


ENDED = frozenset({Status.RESOLVED, Status.CLOSED, Status.CANCELLED})

# (state, event) -> state. A pair that is absent can't happen: whoever asks for it is told so.
TRANSITIONS: Mapping[tuple[Status, Event], Status] = {
    (Status.NEW, Event.ASSIGNED): Status.OPEN,
    (Status.NEW, Event.WAIT): Status.PENDING,
    (Status.NEW, Event.RESOLVE): Status.RESOLVED,
    (Status.NEW, Event.OPEN): Status.OPEN,
    (Status.NEW, Event.CUSTOMER_WROTE): Status.NEW,
    (Status.OPEN, Event.ASSIGNED): Status.OPEN,
    (Status.OPEN, Event.WAIT): Status.PENDING,
    (Status.OPEN, Event.RESOLVE): Status.RESOLVED,
    (Status.OPEN, Event.OPEN): Status.OPEN,
    (Status.OPEN, Event.CUSTOMER_WROTE): Status.OPEN,
    (Status.PENDING, Event.ASSIGNED): Status.PENDING,
    (Status.PENDING, Event.WAIT): Status.PENDING,
    (Status.PENDING, Event.RESOLVE): Status.RESOLVED,
    (Status.PENDING, Event.OPEN): Status.OPEN,
    (Status.PENDING, Event.CUSTOMER_WROTE): Status.OPEN,
    (Status.ON_HOLD, Event.ASSIGNED): Status.ON_HOLD,
    (Status.ON_HOLD, Event.WAIT): Status.PENDING,
    (Status.ON_HOLD, Event.RESOLVE): Status.RESOLVED,
    (Status.ON_HOLD, Event.OPEN): Status.OPEN,
    (Status.ON_HOLD, Event.CUSTOMER_WROTE): Status.OPEN,
    (Status.RESOLVED, Event.ASSIGNED): Status.RESOLVED,
    (Status.RESOLVED, Event.WAIT): Status.PENDING,
    (Status.RESOLVED, Event.RESOLVE): Status.RESOLVED,
    (Status.RESOLVED, Event.OPEN): Status.OPEN,
    (Status.RESOLVED, Event.CUSTOMER_WROTE): Status.OPEN,
}


class Reason(StrEnum):
    """Why a ticket ended."""

    SOLVED = "solved"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    DUPLICATE = "duplicate"
    CANCELLED = "cancelled"


class Role(StrEnum):
    """What a participant is on a ticket. Part of what a reference signs, so that a reference can't change its role."""

    CUSTOMER = "customer"
    AGENT = "agent"


class Visibility(StrEnum):
    """Who may read an entry of a ticket."""

    PUBLIC = "public"  # customer and agents
    INTERNAL = "internal"  # agents alone
    EVENT = "event"  # what happened: automatic replies, bounces; nobody is sent it


class VerdictName(StrEnum):
    """What becomes of a mail; the rows are tried in the order of threading/verdict.py."""

    QUARANTINED = "quarantined"
    DUPLICATE = "duplicate"
    LOOP = "loop"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    LIST_MAIL = "list_mail"
    SPAM = "spam"
    UNSIGNED_AGENT = "unsigned_agent"
    SPOOF_SUSPECT = "spoof_suspect"
    CLAIM = "claim"
    AMBIGUOUS = "ambiguous"
    BAD_REFERENCE = "bad_reference"
    STRANGER = "stranger"
    AGENT_NOTE = "agent_note"
    AGENT_COMMAND = "agent_command"
    AGENT_REPLY = "agent_reply"
    REPLY = "reply"
    PLAIN_REPLY = "plain_reply"
    NEW_TICKET = "new_ticket"


class Disposition(StrEnum):
    """How far a received mail has come. received = kept + applied + held + duplicate, always."""

    KEPT = "kept"  # stored, not worked yet
    APPLIED = "applied"
    HELD = "held"  # waits for a person
    DUPLICATE = "duplicate"


class Proof(StrEnum):
    """What is known of the sender (reliability: Sender proof)."""

    PASS = "pass"
    FAIL = "fail"
    NONE = "none"  # judged, the domain publishes nothing
    UNVERIFIED = "unverified"  # nobody judges: no authserv-id is configured for the mailbox


class Carrier(StrEnum):
    """Where in a mail a reference rode, strongest first."""

    ADDRESS = "address"
    IN_REPLY_TO = "in_reply_to"
    REFERENCES = "references"
    SUBJECT = "subject"
    BODY = "body"


class Purpose(StrEnum):
    """What a reference is for; signed, so that one kind never serves as another. The value is its letter in a token."""

    REPLY = ""  # write into the ticket, as the participant it was given to
    SOLVED = "s"  # customer: it is solved
    REOPEN = "r"  # customer: open it again
    NOTE = "n"  # agent: an internal note
    WAIT = "w"  # agent: answer and wait for the customer
    RESOLVE = "e"  # agent: answer and end
    CLAIM = "c"  # customer: what to do with a held mail
    BOUNCE = "b"  # return address of a mail of ours


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
    priority: str = "normal"
    tags: tuple[str, ...] = ()
    assignee: str = ""  # an agent's address in its compared form, or ''
    participants: tuple[Participant, ...] = ()
    opened_at: datetime | None = None
    waiting_round: int = 0  # goes up each time a wait starts; part of the key of its timers
    waiting_since: datetime | None = None
    last_answer: str = ""  # the agents' last public words, for the relance
    thread: tuple[str, ...] = ()  # the Message-IDs of its public mails, newest last, for References

    @property
    def requester(self) -> Participant:
        """Who asked: the first customer on it who is still there."""
        customers = [p for p in self.participants if p.role is Role.CUSTOMER]
        return next((p for p in customers if not p.is_removed), customers[0])

    def by_slot(self, slot: int) -> Participant | None:
        """The participant who holds that slot."""
        return next((p for p in self.participants if p.slot == slot), None)

    def by_address(self, address: str) -> Participant | None:
        """The present participant with that address."""
        key = address_key(address)
        return next((p for p in self.participants if p.key == key and not p.is_removed), None)

    @property
    def next_slot(self) -> int:
        """A slot that nobody has held."""
        return max((p.slot for p in self.participants), default=0) + 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something in a mail that looks like a reference, before anybody has checked it. Ids are what it claims."""

    carrier: Carrier
    purpose: Purpose
    ticket: int
    slot: int  # for a claim: the id of the held mail; 0 where there is none
    key_id: str
    signature: str  # as read, in canonical letters
    nonce: str = ""  # Message-ID and return address: the part that names the mail
    written: str = ""  # as it stood in the mail, for explanations


@dataclass(frozen=True, slots=True)
class Reference:
    """A candidate after the check. `fault` is '' for a valid one, else a slug."""

    candidate: Candidate
    fault: str = ""
    participant: Participant | None = None  # whom a valid one was given to

    @property
    def is_valid(self) -> bool:
        """Whether the signature holds and has not been revoked."""
        return not self.fault


@dataclass(frozen=True, slots=True)
class Delivery:
    """A mail of ours that an incoming one speaks of."""

    outbox_id: int
    ticket: int  # 0: it belonged to none
    slot: int
    template: str
    recipient: str
    message_id: str = ""
    nonce: str = ""  # its name in the return path


@dataclass(frozen=True, slots=True)
class HeldMail:
    """A received mail that waits for a person, as a claim or a release needs it."""

    inbound_id: int
    mailbox: str
    sender: str
    verdict: VerdictName
    content_key: str


@dataclass(frozen=True, slots=True)
class Notice:
    """The latest mail that told an agent of a customer's answer."""

    outbox_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """How many automatic answers to incoming mail were queued lately; what the limits are held against."""

    to_sender_by_template_day: Mapping[str, int] = field(default_factory=dict)
    to_sender_day: int = 0
    to_sender_week: int = 0
    to_domain_hour: int = 0  # unknown senders only
    in_all_hour: int = 0  # unknown senders only


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the decisions about one mail need from the store, read once."""

    now: datetime
    next_number: int
    tickets: Mapping[int, Ticket] = field(default_factory=dict)  # those that references name, by number
    duplicate_of: int | None = None
    delivery: Delivery | None = None
    held: HeldMail | None = None  # the mail that a claim names
    is_written_to: bool = False  # we have sent this sender mail before
    has_verified_exchange: bool = False  # an earlier mail of theirs was accepted with proof
    own_tickets: tuple[Ticket, ...] = ()  # the sender's, not ended, newest first
    answers: AnswerCounts = field(default_factory=AnswerCounts)
    load: Mapping[str, int] = field(default_factory=dict)  # open tickets by agent
    notices: Mapping[tuple[int, int], Notice] = field(default_factory=dict)  # by ticket and slot of the agent


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a mail may do, and why. `reason` is a slug shared by log, database, CLI and tests."""

    name: VerdictName
    reason: str
    ticket: Ticket | None = None  # the ticket it concerns, if any
    participant: Participant | None = None  # as whom the sender writes
    reference: Reference | None = None  # the one that counted
    proof: Proof = Proof.UNVERIFIED


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
class Command:
    """An agent's command: its canonical word, what stood after it, and the line as written."""

    word: str
    argument: str
    written: str


@dataclass(frozen=True, slots=True)
class AgentWords:
    """An agent's mail taken apart: the words for others, the commands, and whatever stops the whole mail.

    `problems` are (slug, what it is about); with any of them nothing is done and nothing leaves.
    """

    text: str
    commands: tuple[Command, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()

    def has(self, word: str) -> bool:
        """Whether that command was given."""
        return any(c.word == word for c in self.commands)


@dataclass(frozen=True, slots=True)
class RuleTrial:
    """One rule tried on one occasion, for `maild explain` and the ticket's story."""

    rule: str
    line: int
    fired: bool
    why: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The rules' answer for a ticket that opens."""

    queue: str
    type: str = ""
    priority: str = "normal"
    tags: tuple[str, ...] = ()
    assignee: str = ""  # compared form, or ''
    sends: tuple[str, ...] = ()  # templates to send the requester, besides the acknowledgement
    trials: tuple[RuleTrial, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody known from rules.yaml: an agent or a customer."""

    address: Address
    language: str = ""
    organisation: str = ""
    teams: tuple[str, ...] = ()
