"""What is found out and decided about a received mail: references, facts, verdict, the rules' answer. Frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique

from maild.decision import Rota
from maild.mail import Address, ParsedMail
from maild.ticket import Entry, Found, Participant, Person, Ticket
from maild.topic import TopicFacts


class VerdictName(StrEnum):
    """What becomes of a mail; the rows are tried in the order of threading/verdict.py."""

    QUARANTINED = "quarantined"
    DUPLICATE = "duplicate"
    LOOP = "loop"
    LEGACY = "legacy"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    LIST_MAIL = "list_mail"
    SPAM = "spam"
    UNSIGNED_AGENT = "unsigned_agent"
    SPOOF_SUSPECT = "spoof_suspect"
    RATING = "rating"
    CLAIM = "claim"
    SELF_SERVICE = "self_service"
    AMBIGUOUS = "ambiguous"
    BAD_REFERENCE = "bad_reference"
    STRANGER = "stranger"
    FOLLOW_UP = "follow_up"
    AGENT_NOTE = "agent_note"
    AGENT_COMMAND = "agent_command"
    AGENT_REPLY = "agent_reply"
    REPLY = "reply"
    PLAIN_REPLY = "plain_reply"
    UNKNOWN_SENDER = "unknown_sender"
    REDIRECTED = "redirected"
    REPEAT = "repeat"
    INCOMPLETE = "incomplete"
    NEW_TICKET = "new_ticket"


class Proof(StrEnum):
    """What is known of the sender (reliability: Sender proof)."""

    PASS = "pass"
    FAIL = "fail"
    NONE = "none"  # judged, the domain publishes nothing
    UNVERIFIED = "unverified"  # nobody judges: none is named for the mailbox


@dataclass(frozen=True, slots=True)
class Signatures:
    """What an own check of a mail's signatures found (RFC 6376): the domains whose signature holds."""

    domains: tuple[str, ...] = ()
    is_undecided: bool = False  # a key could not be looked up in time, or the check could not be made


class Carrier(StrEnum):
    """Where in a mail a reference rode, strongest first."""

    ADDRESS = "address"
    IN_REPLY_TO = "in-reply-to"
    REFERENCES = "references"
    SUBJECT = "subject"
    BODY = "body"


@unique
class Purpose(StrEnum):
    """What a reference is for; signed, so that one kind never serves as another. The value is how a token names it:
    a letter, or Z and another one."""

    REPLY = ""  # write into the ticket, as the participant it was given to
    SOLVED = "s"  # customer: it is solved
    REOPEN = "r"  # customer: open it again
    ESCALATE = "x"  # customer: somebody above is to look at it
    NOTE = "n"  # agent: an internal note
    WAIT = "w"  # agent: answer and wait for the customer
    RESOLVE = "e"  # agent: answer and end
    CONFIRM = "y"  # agent: the priority is right; which one stands in the text
    CLAIM = "c"  # customer: what to do with a held mail
    ACCOUNT = "k"  # an unknown sender whose mail is held: asks for an account
    JOIN = "j"  # customer: the address that asked for an account is another one of theirs
    MY_REQUESTS = "m"  # customer: the list of all their requests
    RATE_GOOD = "g"  # customer: how it was dealt with was good
    RATE_BAD = "u"  # customer: it was not
    NO_REMINDERS = "t"  # customer: no reminders and no requests for a rating any more
    BOUNCE = "b"  # return address of a mail of ours
    HELD = "h"  # agent: answers a word about a held mail; what is to become of it stands in the text
    RELEASE = "p"  # agent: the held mail passes, into the ticket named, or as what it would have been
    RELEASE_NEW = "q"  # agent: it passes as a new ticket
    ADMIT = "a"  # agent: its sender takes part from now on, and it passes
    DISCARD = "d"  # agent: it leads to nothing
    TAKE = "zt"  # agent: the ticket is theirs from now on
    CONTACT_SALES = "zc"  # customer: sales are to speak to them
    SEND_ANYWAY = "zs"  # agent: their answer that was put aside, because another had just answered, is to leave
    ACCEPT = "za"  # who decides: the topic is accepted
    REFUSE = "zr"  # who decides: it is refused
    NO_NEWSLETTER = "zn"  # whoever has that address: no newsletter any more


ENDS = frozenset({Purpose.HELD, Purpose.RELEASE, Purpose.RELEASE_NEW, Purpose.ADMIT, Purpose.DISCARD})
# Their slot is the number of a received mail.
OF_HELD = ENDS | {Purpose.CLAIM, Purpose.ACCOUNT, Purpose.JOIN, Purpose.SEND_ANYWAY}
OF_TOPIC = frozenset({Purpose.ACCEPT, Purpose.REFUSE})  # their slot is the number of a topic; they name no ticket
OF_ADDRESS = frozenset({Purpose.NO_NEWSLETTER})  # they name nothing but, in their signature, an address
# Signed and checked, but nothing bears one yet: whatever comes with one is treated as with a wrong reference. Whoever
# gives one its meaning takes it out of here.
UNHANDLED = frozenset({Purpose.CONTACT_SALES, Purpose.SEND_ANYWAY}) | OF_TOPIC | OF_ADDRESS


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something in a mail that looks like a reference, before anybody has checked it. Ids are what it claims."""

    carrier: Carrier
    purpose: Purpose
    ticket: int
    slot: int  # for OF_HELD the id of the mail, for OF_TOPIC of the topic; 0 where there is none
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
    subject: str = ""
    is_by_return_path: bool = False  # the report came to that path, which only the recipient's servers were given


_UNSEEN = frozenset({VerdictName.SPAM, VerdictName.LIST_MAIL, VerdictName.REDIRECTED})  # put aside by no person


@dataclass(frozen=True, slots=True)
class HeldMail:
    """A received mail that waits, or waited, for a person, as a claim or a release needs it."""

    inbound_id: int
    mailbox: str
    sender: str
    verdict: VerdictName
    content_key: str
    is_held: bool = True
    ticket: int = 0  # where it went, once it is no longer held
    kept_at: datetime | None = None  # when it arrived
    reason: str = ""
    decided: str = ""  # what became of it: released, admitted, discarded, claimed; '' where nobody has decided
    decided_by: str = ""  # an address, or the operator's name
    decided_at: datetime | None = None
    subject: str = ""

    @property
    def waits(self) -> bool:
        """Whether a person may still decide: it is held, or only the daily list tells of it, and nobody has looked."""
        return self.is_held or (self.verdict in _UNSEEN and not self.decided)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose account somebody says to have, by the address of theirs that was named."""

    address: Address  # as we know it
    asked_today: int = 0  # how often they were asked within a day whether another address is theirs


@dataclass(frozen=True, slots=True)
class Notice:
    """The latest mail that told an agent of a customer's answer."""

    outbox_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a mail came and what it was like, as far as a loop is known by it (threading/loops.py)."""

    came_at: datetime  # when our own server took it
    is_proved: bool
    number: int | None  # the ticket that it went into or opened
    text_mark: str  # the same for the same words
    subject_mark: str
    depth: int  # how many prefixes stand before the Subject
    is_prompt: bool = False  # it followed an automatic answer of ours as quickly as a machine's would


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """How many automatic answers to incoming mail were queued lately; what the limits are held against."""

    to_sender_by_template_day: Mapping[str, int] = field(default_factory=dict)
    to_sender_day: int = 0
    to_sender_week: int = 0
    to_domain_hour: int = 0  # unknown senders only
    in_all_hour: int = 0  # unknown senders only
    last_to_sender: datetime | None = None  # within a week
    all_hour: int = 0  # to anybody
    usual_hour: float = 0.0  # what the busiest hour of a day brings; asked only where all_hour is much
    is_stopped: bool = False  # there were so many that none leaves for an hour


@dataclass(frozen=True, slots=True)
class Said:
    """What a customer wrote into a ticket. `mail`: by which it came; None where its bytes can't be read now."""

    text: str
    mail: ParsedMail | None = None
    is_verified: bool = True


@dataclass(frozen=True, slots=True)
class Story:
    """What was said on a ticket of which no agent was told, oldest first, and for what its requester was asked."""

    said: tuple[Said, ...] = ()
    asked: tuple[str, ...] = ()  # what each request for something that is missing was owed for


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the decisions about one mail need from the store, read once."""

    now: datetime
    next_number: int
    tickets: Mapping[int, Ticket] = field(default_factory=dict)  # those that references name, by number
    duplicate_of: int | None = None  # the first copy of the very same mail
    copy_ticket: int = 0  # where that copy went
    is_copy_suspect: bool = False  # that copy is held because its sender was not believed: a proved one may follow
    is_copy_unseen: bool = False  # that copy ended as a robot's, a list's or a filter's mail: nobody has read it
    delivery: Delivery | None = None
    held: HeldMail | None = None  # the mail that a claim names
    is_written_to: bool = False  # we have sent this sender mail before
    has_verified_exchange: bool = False  # an earlier mail of theirs was accepted with proof
    own_tickets: tuple[Ticket, ...] = ()  # the sender's, not ended, newest first
    requests: tuple[Ticket, ...] = ()  # all of the sender's, newest first; read only where the mail asks for them
    answers: AnswerCounts = field(default_factory=AnswerCounts)
    rota: Rota = field(default_factory=Rota)  # of the agents' work
    earlier_tickets: int = 0  # of the sender's; counted only where a rule asks
    is_blocked: bool = False  # somebody has blocked the sender, or their domain
    lately: tuple[Arrival, ...] = ()  # the sender's mails of the hour before this one, newest first
    prompt_today: int = 0  # of the sender's mails of a day: those that followed an automatic answer at once
    refused_lately: int = 0  # commands of this sender that were answered or refused by mail within the hour
    who: Person | None = None  # the sender, as far as anybody knows them
    has_ticket: bool = False  # asked only where the sender would need an account
    notices: Mapping[tuple[int, int], Notice] = field(default_factory=dict)  # by ticket and slot of the agent
    is_own_message: bool = False  # the mail's own Message-ID is one that we signed
    first_words: Mapping[int, str] = field(default_factory=dict)  # of the sender's tickets that nobody has answered
    owner: Owner | None = None  # whose account the sender of a request for one names
    history: tuple[tuple[str, str], ...] = ()  # author and words of what is public, where an agent shows it to somebody
    last_messages: tuple[Entry, ...] = ()  # of the ticket, oldest first, where it changes hands
    opted_out: frozenset[str] = frozenset()  # of the sender's addresses: those without reminders; asked where one is
    found: Mapping[tuple[str, str], Found] = field(default_factory=dict)  # for an agent's questions: word, argument
    story: Story | None = None  # of the ticket that the mail goes into, where no agent was told of that one yet
    topics: TopicFacts = field(default_factory=TopicFacts)  # read only where an agent names a topic


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a mail may do, and why. `reason` is a slug shared by log, database, CLI and tests."""

    name: VerdictName
    reason: str
    ticket: Ticket | None = None  # the ticket it concerns, if any
    participant: Participant | None = None  # as whom the sender writes
    reference: Reference | None = None  # the one that counted
    proof: Proof = Proof.UNVERIFIED
