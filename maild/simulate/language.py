"""The words of the scenario language as frozen values: steps, mails, expectations, and the closed lists of names.

Names that are fixed but have no code yet stand in the `LATER` lists, so that a scenario that uses one is told so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

ROLES = ("assignee", "requester")  # stand for an address wherever one is asked for
CARRIERS = ("address", "subject", "references", "body")
AUTHENTICATION = ("pass", "none", "fail", "unverified")
PRIORITIES = ("low", "normal", "high", "critical")
LEVELS = ("low", "medium", "high")

LINKS = (
    "answer",
    "note",
    "take",
    "wait",
    "resolve",
    "confirm",
    "solved",
    "reopen",
    "escalate",
    "my_requests",
    "add_to_request",
    "new_request",
    "request_account",
    "release",
    "admit",
    "discard",
    "confirm_address",
    "same_person",
    "rate_good",
    "rate_bad",
    "no_reminders",
)
LINKS_LATER = (
    *("add_file", "contact_sales"),
    *("send_anyway", "accept", "refuse"),
)
TICKET_FIELDS = (
    *("status", "reason", "queue", "type", "priority", "assignee", "requester", "tags", "participants", "messages"),
    *("waiting", "sla", "linked_to", "product", "impact", "urgency"),
    *("rating", "rating_comment", "topic"),
)
TICKET_FIELDS_LATER: tuple[str, ...] = ()
TEMPLATES = (
    *("acknowledgement", "agent_reply", "agent_new_ticket", "agent_customer_reply", "agent_assigned"),
    *("agent_sla_warning", "agent_sla_breach", "agent_held_message", "command_result", "command_refused"),
    *("plain_reply_refused", "bad_reference_refused", "follow_up_opened", "repeat_joined", "incomplete_request"),
    *("relance", "resolved", "declined", "resolved_no_answer", "rating_request", "rating_thanks", "reopened"),
    *("my_tickets", "account_required", "wrong_channel", "redirected", "password_warning", "priority_changed"),
    *("priority_confirmed", "cancelled", "escalation_received", "appointment", "topic_update"),
    *("release_announcement", "weekly_digest", "worklist", "sla_report", "held_digest", "admin_alert"),
    *("closure_notice", "product_rules", "newsletter", "forwarded", "agent_notice", "account_confirmation"),
    "reminders_stopped",
)


class Way(StrEnum):
    """How a mail comes to be."""

    NEW = "new"
    EML = "eml"  # a whole message from a file
    AGAIN = "again"  # the very same message once more
    ANSWERS = "answers"
    REPLIES_ALL = "replies_all"
    FORWARDS = "forwards"
    CLICKS = "clicks"  # what a mailto link of ours offers


@dataclass(frozen=True, slots=True)
class Selector:
    """Which mail is meant: one of the scenario by its name, or the last of ours to somebody (of one template)."""

    name: str = ""
    template: str = ""
    to: str = ""  # an address, or one of ROLES

    def __str__(self) -> str:
        if self.name:
            return self.name
        return " ".join(filter(None, ("last", self.template, "to", self.to)))


@dataclass(frozen=True, slots=True)
class Enclosure:
    """An attachment as the scenario asks for it: its text, or so many deterministic octets."""

    name: str
    content_type: str
    size: int = 0
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that arrives. Addresses are as written: `Name <address>`, an address, or one of ROLES."""

    name: str  # its `as`, or one made from the step's number
    way: Way = Way.NEW
    sender: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    subject: str | None = None
    text: str | None = None
    html: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    attachments: tuple[Enclosure, ...] = ()
    authentication: str | None = None  # None: not said
    eml: Path | None = None
    selector: Selector | None = None  # whom `answers`, `forwards`, `clicks`, `again` speak of
    link: str = ""
    link_number: int = 1
    keeps: frozenset[str] = frozenset(CARRIERS)
    is_spoiled: bool = False
    renumbered: int = 0  # the ticket that every reference names in place of its own; 0: its own
    has_quote: bool = True
    lines: Mapping[str, int] = field(default_factory=dict)  # where each key stands


@dataclass(frozen=True, slots=True)
class Wait:
    """Time passes. Days and weeks go by the clock on the wall, minutes and hours by elapsed time."""

    days: int
    elapsed: timedelta


@dataclass(frozen=True, slots=True)
class Until:
    """Time passes up to an instant; in the site's time zone where it names no offset."""

    instant: datetime


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A command of the operator, without the leading `maild`."""

    argv: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RulesChange:
    """The rules file is replaced while the daemon runs."""

    file: Path


@dataclass(frozen=True, slots=True)
class SmtpFault:
    """The next deliveries are refused with this reply code."""

    code: int
    times: int


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report on a mail of ours comes back."""

    selector: Selector
    status: str  # an enhanced status code, RFC 3463
    sender: str = ""  # who reports; else the recipient's server
    to: str = ""  # where the report goes; else to the mail's return address


Action = Mail | Wait | Until | CommandLine | RulesChange | SmtpFault | Bounce


@dataclass(frozen=True, slots=True)
class Wanted:
    """A mail that is expected (or not): each field that is given must fit."""

    line: int
    template: str = ""
    to: str = ""
    sender: str = ""
    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    in_order: tuple[str, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TicketField:
    """One field of a ticket and its expected value; lists are compared without regard to order."""

    line: int
    name: str
    value: str | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """When the next waiting step of a ticket is due, and which one it is."""

    line: int
    next: datetime | None
    step: int | None


@dataclass(frozen=True, slots=True)
class PromisedTime:
    """Where one promised time of a ticket stands, and when it is over."""

    line: int
    target: str
    state: str
    due: datetime | None


@dataclass(frozen=True, slots=True)
class TicketCheck:
    """What is expected of a ticket: that of the last mail, or of the mail with this name."""

    line: int
    mail: str
    fields: tuple[TicketField | Waiting | PromisedTime, ...]


@dataclass(frozen=True, slots=True)
class HeldEntry:
    """A held mail that is expected."""

    line: int
    verdict: str = ""
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Expect:
    """What must be seen after a step. None: not asked."""

    line: int
    verdict: tuple[int, str] | None = None  # with its line, as below
    reason: tuple[int, str] | None = None
    tickets: tuple[TicketCheck, ...] = ()
    sent: tuple[int, tuple[Wanted, ...]] | None = None
    includes: tuple[Wanted, ...] = ()
    excludes: tuple[Wanted, ...] = ()
    ticket_count: tuple[int, int] | None = None
    held: tuple[int, tuple[HeldEntry, ...]] | None = None
    outbox_empty: int = 0  # its line; 0: not asked
    output: tuple[tuple[int, str], ...] = ()
    output_lacks: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens, and what is expected after it."""

    line: int
    action: Action
    expect: Expect | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole story. `start` is naive where the file names no offset: it is then in the site's time zone."""

    file: Path
    title: str
    start: datetime
    steps: tuple[Step, ...]
    rules: Path | None = None  # as the `rules:` key says
    rules_line: int = 0
    own_templates: tuple[tuple[int, str], ...] = ()  # names that maild does not ship, with their lines
