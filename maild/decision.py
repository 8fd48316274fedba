"""What the rules look at, and what they answer. Frozen values.

A matter is an occasion with all that is known of it; the answer is a decision, with the rules that were tried.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from maild.mail import ParsedMail
from maild.ticket import Person, Ticket


class Occasion(StrEnum):
    """What has happened to a ticket; a rule names those at which it is tried."""

    OPENED = "opened"
    CUSTOMER_REPLIED = "customer_replied"
    AGENT_REPLIED = "agent_replied"
    PENDING = "pending"  # it waits for the customer from now on
    ON_HOLD = "on_hold"  # it waits for somebody else from now on
    RESOLVED = "resolved"
    REOPENED = "reopened"
    RATED = "rated"  # its customer says how it was dealt with
    ESCALATION_ASKED = "escalation_asked"  # it goes one step up the path of `escalation`
    SLA_WARNING = "sla_warning"  # so much of a promised time is over
    SLA_BREACHED = "sla_breached"
    UNASSIGNED = "unassigned"  # for so long


@dataclass(frozen=True, slots=True)
class Deadline:
    """What the clock tells of a ticket: how much of which promised time is over, or that nobody has it yet."""

    target: str  # first_response, next_response, resolution; or unassigned
    step: int  # the percentage that is over, 100 for a breach; for unassigned the length of time (Duration.code)
    due_at: datetime  # when the promised time is over, or since when nobody has it
    policy: str = ""  # by which it was promised
    ended_at: datetime | None = None  # when what was promised came about, too late; None: it has not
    is_answered: bool = False  # whether it ended with an agent's words


@dataclass(frozen=True, slots=True)
class Matter:
    """What has happened, on which ticket, by whose words. Where only time has passed there is no mail."""

    occasion: Occasion
    mailbox: str
    at: datetime  # on the desk's clock: rules speak of its days and hours
    mail: ParsedMail | None = None
    who: Person | None = None  # the requester, as far as anybody knows them
    ticket: Ticket | None = None  # none: one is about to open
    is_telling: bool = True  # whether the subject can name a matter
    earlier_tickets: int = 0  # that the requester had before this one
    silence: timedelta | None = None  # since anything public was written on it before
    deadline: Deadline | None = None
    besides: tuple[Occasion, ...] = ()  # what the same mail has made happen too

    @property
    def occasions(self) -> frozenset[Occasion]:
        """All that has happened at once; a rule that names any of it is tried, and once."""
        return frozenset((self.occasion, *self.besides))


@dataclass(frozen=True, slots=True)
class Rota:
    """What is known of the agents' work; whom a rule assigns depends on it. Addresses are in their compared form."""

    load: Mapping[str, int] = field(default_factory=dict)  # open tickets
    given: Mapping[str, int] = field(default_factory=dict)  # the last ticket that each was given
    former: str = ""  # who had the requester's last one
    of_organisation: str = ""  # who had the last one of anybody in the requester's organisation


@dataclass(frozen=True, slots=True)
class RuleTrial:
    """One rule tried on one occasion, for `maild explain` and the ticket's story."""

    rule: str
    line: int
    fired: bool
    why: str


@dataclass(frozen=True, slots=True)
class Redirection:
    """A request of this kind is somebody else's: its sender is told whose."""

    to: tuple[str, ...]  # integrator, contact, or addresses: the first that is known counts
    says: Mapping[str, str] = field(default_factory=dict)  # a sentence of the desk's own, by language


@dataclass(frozen=True, slots=True)
class Refusal:
    """A ticket ends as soon as it opens, and its requester is told why."""

    event: str  # refuse or cancel
    because: Mapping[str, str]  # by language
    article: Mapping[str, str] = field(default_factory=dict)  # of the desk's own rules, by language


@dataclass(frozen=True, slots=True)
class Decision:
    """The rules' answer: what the ticket is to be, and who is told besides."""

    queue: str
    type: str = ""
    product: str = ""
    priority: str = "normal"
    why_priority: str = ""  # by what it is that; '' where it stays as it was
    impact: str = ""
    urgency: str = ""
    tags: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)  # what the customer stated, by the name of the field
    unstated: tuple[str, ...] = ()  # fields that a rule takes, and of which the customer said nothing that can be taken
    assignee: str = ""  # compared form, or ''
    missing: tuple[str, ...] = ()  # needs without which the ticket waits
    invited: tuple[str, ...] = ()  # needs that are asked for and hold nothing
    unasked: tuple[str, ...] = ()  # needs that are missing and can't be asked for: the agents are told of them
    remarks: tuple[Mapping[str, str], ...] = ()  # what the acknowledgement says besides, each by language
    acknowledge: str = "acknowledgement"  # the template; '' for no acknowledgement
    sends: tuple[str, ...] = ()  # templates to send the requester besides
    forwards: tuple[str, ...] = ()  # addresses that get the request itself
    notifies: tuple[str, ...] = ()  # assignee, team, admin, a team's name or an address: they get a notice
    redirection: Redirection | None = None
    refusal: Refusal | None = None
    trials: tuple[RuleTrial, ...] = ()

    @property
    def fired(self) -> tuple[RuleTrial, ...]:
        """The rules that applied."""
        return tuple(trial for trial in self.trials if trial.fired)
