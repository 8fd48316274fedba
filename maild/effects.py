"""What must become true. A plan is a list of these; store/apply.py makes all true in one transaction, or none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from maild.decision import RuleTrial
from maild.judgement import Arrival, VerdictName
from maild.personal_effects import AddAccount, Block, EndAbsence, EndAgent, OptIn, OptOut, SetAbsence, Unblock
from maild.ticket import Disposition, Moment, Participant, Ticket, Visibility
from maild.topic import Topic


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A ticket begins, with its participants."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class ChangeTicket:
    """Fields of a ticket get new values; the names are those of Ticket."""

    number: int
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AddParticipant:
    """Somebody joins a ticket."""

    number: int
    participant: Participant


@dataclass(frozen=True, slots=True)
class ChangeParticipant:
    """Fields of somebody on a ticket get new values; the names are those of Participant."""

    number: int
    slot: int
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LinkTickets:
    """Two tickets have to do with each other; said twice it changes nothing."""

    number: int
    other: int


@dataclass(frozen=True, slots=True)
class MarkUndeliverable:
    """A permanent bounce came back from a participant; or (False) they wrote again, so that mail may reach them."""

    number: int
    slot: int
    is_undeliverable: bool = True


@dataclass(frozen=True, slots=True)
class AddMessage:
    """An entry in a ticket's story."""

    number: int
    visibility: Visibility
    author: str  # address, or '' for maild itself
    text: str
    inbound_id: int | None = None
    message_id: str = ""  # of the mail it came by, for References
    is_verified: bool = True  # False: accepted though nobody vouches for the sender


@dataclass(frozen=True, slots=True)
class QueueMail:
    """A mail that is owed. The bytes are final: a repeat is the same mail."""

    key: str  # what it is owed for; unique, so that a thing is owed once
    template: str
    recipient: str
    sender: str  # envelope: where a bounce goes
    message_id: str
    data: bytes = field(repr=False)
    subject: str = ""
    number: int | None = None  # ticket
    slot: int | None = None
    is_answer: bool = False  # an automatic answer to incoming mail: counted by the limits
    to_unknown: bool = False  # its receiver was nobody we know: counted by the caps for such
    is_personal: bool = False  # a person's words: it leaves before what machines write
    not_before: datetime | None = None
    held_for: str = ""  # it waits for a person, for this reason


PASSED_ON = "forwarded"  # the template of mails that leave as they came, for another system
# Templates of mails that annoy more twice than they are missed once: one that may have left is not sent again, and
# nobody has to know. Every other is sent again once.
NEVER_TWICE = frozenset({"relance", "rating_request", "weekly_digest", "held_digest", "sla_report"})


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Something will be looked at again at `due_at`; the key (ticket, policy, step, round) is unique."""

    number: int
    policy: str
    step: int
    round: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class MoveTimer:
    """A timer that is still armed is looked at at another instant."""

    number: int
    policy: str
    step: int
    round: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ArmTimers:
    """The timers of that policy of a ticket are these from now on, by step, and no others. One that has fired stays so,
    unless its instant has moved to a later one. `untold`: rounds and steps that stay if they are armed; none of these
    begins. `in_force_since`: what was over by then, and begins now, counts as told."""

    number: int
    policy: str
    round: int
    due: Mapping[int, datetime]
    untold: frozenset[tuple[int, int]] = frozenset()
    in_force_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoteMoment:
    """Something that promised times count by happened to a ticket."""

    number: int
    moment: Moment


@dataclass(frozen=True, slots=True)
class CancelTimers:
    """The timers of one policy of a ticket no longer matter."""

    number: int
    policy: str


@dataclass(frozen=True, slots=True)
class EndTimer:
    """A timer that was due has been looked at: `fired`, or `stale` when what it waited for no longer holds."""

    timer_id: int
    outcome: str


@dataclass(frozen=True, slots=True)
class NoteArrival:
    """How a mail came and what it was like, for those of the same sender that follow."""

    inbound_id: int
    sender: str  # compared form
    arrival: Arrival


@dataclass(frozen=True, slots=True)
class StopAnswers:
    """No automatic answer to incoming mail leaves for an hour; people's words do."""


@dataclass(frozen=True, slots=True)
class RecordDecision:
    """Why it was decided so, for `maild explain --ticket` and the log."""

    number: int | None
    inbound_id: int | None
    occasion: str
    verdict: str
    reason: str
    trials: tuple[RuleTrial, ...] = ()
    rules_version: str = ""
    proof: str = ""
    rules_text: str = field(default="", repr=False)  # that version, where its rules were tried


@dataclass(frozen=True, slots=True)
class Settle:
    """A received mail has come to its end, or is held."""

    inbound_id: int
    disposition: Disposition
    verdict: VerdictName
    reason: str
    number: int | None = None
    duplicate_of: int | None = None
    is_verified: bool = False  # the sender was proved: counts as an earlier exchange
    decided: str = ""  # released, admitted, discarded, claimed: what a person made of a held mail
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class OpenTopic:
    """A topic begins."""

    topic: Topic
    by: str


@dataclass(frozen=True, slots=True)
class ChangeTopic:
    """Something happened to a topic, said in `text`; fields that change have the names of Topic."""

    number: int
    by: str
    text: str
    ticket: int = 0  # the one that it is about; 0 for none
    changes: Mapping[str, Any] = field(default_factory=dict)


Effect = (
    OpenTicket
    | ChangeTicket
    | AddParticipant
    | ChangeParticipant
    | LinkTickets
    | MarkUndeliverable
    | AddMessage
    | QueueMail
    | StartTimer
    | MoveTimer
    | ArmTimers
    | NoteMoment
    | CancelTimers
    | EndTimer
    | NoteArrival
    | StopAnswers
    | RecordDecision
    | AddAccount
    | OptOut
    | OptIn
    | EndAgent
    | SetAbsence
    | EndAbsence
    | Settle
    | Block
    | Unblock
    | OpenTopic
    | ChangeTopic
)
