"""What the admin said in rules.yaml, as frozen values. The schema of the file is these classes.

A key stands here only if some code obeys it (tests/unit/test_every_key_matters.py).
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import cached_property
from ipaddress import IPv6Address
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    model_validator,
)

from maild.mail import Address, address_key, domain_of
from maild.ticket import Person


class Strict(BaseModel):
    """No unknown keys, no changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _a_text(value: str) -> str:
    """One line with something on it: control characters would break headers and logs."""
    if not value.strip():
        raise ValueError("an empty text")
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in value):
        raise ValueError("a line break or another control character in a text of one line")
    return value


def _a_text_or_nothing(value: str) -> str:
    return _a_text(value) if value else value


def _an_address(value: str) -> str:
    if not re.fullmatch(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+", _a_text(value)):
        raise ValueError(f"'{value}' is not a mail address; write it like support@example.com")
    return value


def _a_domain(value: str) -> str:
    if not re.fullmatch(r"\.?[^\W_][^@\s<>,;:*\"()\[\]\\]*", _a_text(value)) or ".." in value:
        raise ValueError(f"'{value}' is not a domain; write it like example.com, or .example.com for all below it")
    return value


def _an_address_or_domain(value: str) -> str:
    return _an_address(value) if "@" in value else _a_domain(value)


def _a_host(value: str) -> str:
    if re.fullmatch(r"[^\W_]([\w.-]*\w)?\.?", value) and ".." not in value:
        return value
    try:
        return str(IPv6Address(value))
    except ValueError:
        raise ValueError(
            f"'{value}' is not the name of a host; write it like imap.example.com, and a port under the key port"
        ) from None


def _a_path(value: Path) -> Path:
    text = str(value)
    if text == ".":
        raise ValueError("an empty path")
    if text.startswith("~"):
        raise ValueError("'~' is not replaced here; write the whole path, or one relative to the folder of this file")
    _a_text(text)
    return value


def _a_prefix(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{1,8}", value):
        raise ValueError(f"'{value}' can't start a reference; write one to eight capital letters, like ISY")
    return value


def _a_delimiter(value: str) -> str:
    if value != "none" and not re.fullmatch(r"[+\-_=.]", value):
        raise ValueError(f"'{value}' is not a delimiter; write one of + - _ = . or none, in quotes")
    return value


def _a_variable(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):  # the value is not repeated: it may be the secret itself
        raise ValueError("not the name of a variable; the secret itself must not stand in this file")
    return value


def _a_credential(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.@-]*", value):
        raise ValueError("not the name of a credential; the secret itself must not stand in this file")
    return value


def _a_beginning(value: str) -> str:
    if value not in ("now", "all"):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            raise ValueError(f"'{value}' is no beginning; write now, all, or a day like 2026-11-01") from None
    return value


def _a_timezone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (KeyError, ValueError, OSError):  # unknown, a path out of the folder, a folder
        raise ValueError(f"'{value}' is not a time zone; write it like Europe/Paris") from None


def _version_1(value: Any) -> Any:
    if type(value) is not int or value != 1:
        raise ValueError("this maild reads version 1 of the file; write: version: 1")
    return value


def _a_header(value: str) -> str:
    if not re.fullmatch(r"[!-9;-~]{1,200}", value):
        raise ValueError(f"'{value}' is not the name of a header; write it without the colon, like X-Spam-Flag")
    return value


def _a_list(value: Any) -> Any:
    """A single word may stand where a list of one is meant."""
    return [value] if isinstance(value, str) else value


Text = Annotated[str, AfterValidator(_a_text)]
MailAddress = Annotated[str, AfterValidator(_an_address)]
Host = Annotated[str, AfterValidator(_a_host)]
Port = Annotated[int, Field(strict=True, ge=1, le=65535)]
Number = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
FilePath = Annotated[Path, AfterValidator(_a_path)]
Words = Annotated[tuple[Text, ...], BeforeValidator(_a_list), Field(min_length=1)]
Addresses = Annotated[tuple[MailAddress, ...], BeforeValidator(_a_list), Field(min_length=1)]
Domains = Annotated[
    tuple[Annotated[str, AfterValidator(_a_domain)], ...], BeforeValidator(_a_list), Field(min_length=1)
]
Receivers = Annotated[
    tuple[Annotated[str, AfterValidator(_an_address_or_domain)], ...], BeforeValidator(_a_list), Field(min_length=1)
]
Language = Literal["fr", "en"]
Tls = Literal["implicit", "starttls", "none"]
Priority = Literal["low", "normal", "high", "critical"]
SpamFilter = Literal["spamassassin", "rspamd", "microsoft", "ovh", "gandi", "ses", "bogofilter"]

_DURATION = re.compile(r"([0-9]{1,9}) (minute|hour|day|week)s?")
_LONGEST = timedelta(weeks=520)
_UNIT = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}


class Duration(BaseModel):
    """A length of time such as `2 days`. Days and weeks are calendar days: the same time by the clock on the wall."""

    model_config = ConfigDict(frozen=True)
    count: int
    unit: str

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, dict) and info.context is None:
            return value  # Duration(count=2, unit="day") in code; a file has only the words
        shown = value if isinstance(value, str | int | float) else "this"
        match = _DURATION.fullmatch(str(shown).strip())
        if not match:
            raise ValueError(f"'{shown}' is not a length of time; write it like '2 days', '4 hours' or '30 minutes'")
        if not 0 < int(match[1]) * _UNIT[match[2]].total_seconds() <= _LONGEST.total_seconds():
            raise ValueError(f"'{shown}' is no useful length of time; write one between '1 minute' and '520 weeks'")
        return {"count": int(match[1]), "unit": match[2]}

    @property
    def delta(self) -> timedelta:
        """The same as a timedelta; for days and weeks add it to a local time."""
        return self.count * _UNIT[self.unit]

    @property
    def is_calendar(self) -> bool:
        """Whether it counts days by the calendar rather than elapsed time."""
        return self.unit in ("day", "week")


class Secret(Strict):
    """Where a secret is found; the file itself never holds one. Exactly one of the three."""

    env: Annotated[str, AfterValidator(_a_variable)] | None = None
    file: FilePath | None = None
    credential: Annotated[str, AfterValidator(_a_credential)] | None = None  # systemd's LoadCredential=

    _written_at: tuple[str, int, int] | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(v is not None for v in (self.env, self.file, self.credential)) != 1:
            raise ValueError("say where the secret is found: one of {env: NAME}, {file: PATH}, {credential: NAME}")
        return self

    @property
    def written_at(self) -> tuple[str, int, int] | None:
        """File, line and column of rules.yaml; None if it did not come from a file."""
        return self._written_at


class Site(Strict):
    """The desk as a whole."""

    name: Text
    language: Language = "fr"
    timezone: Annotated[str, AfterValidator(_a_timezone)] = "Europe/Paris"
    reference: Annotated[str, AfterValidator(_a_prefix)]
    key: Secret
    reference_at: Literal["end", "start"] = "end"  # where in the Subject the reference stands
    templates: FilePath = Path("templates")  # the desk's own templates, beside rules.yaml

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone in which people read the clock."""
        return ZoneInfo(self.timezone)


class Imap(Strict):
    """Where a mailbox is read."""

    host: Host
    port: Port | None = None
    tls: Tls = "implicit"
    ca: FilePath | None = None  # a private authority's certificate
    user: Text
    password: Secret
    folder: Text = "INBOX"
    processed: Text = "Processed"
    held: Text = "Held"
    duplicates: Text = "Duplicates"
    poll: Duration = Field(default_factory=lambda: Duration(count=4, unit="minute"))

    @property
    def effective_port(self) -> int:
        """The port said, or the usual one."""
        return self.port or (993 if self.tls == "implicit" else 143)


class SpamMark(Strict):
    """By what is a mail known as spam: by a filter's own headers, which it is named for, or by one header."""

    filter: SpamFilter | None = None
    header: Annotated[str, AfterValidator(_a_header)] | None = None
    value: Words | None = None  # how the header's value begins
    at_least: Annotated[float, Field(strict=True, gt=0, le=1_000_000)] | None = None  # the score in it
    anywhere: bool = False  # the last header of that name counts, wherever it stands; else those above the border

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        return {"filter": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.filter is None) == (self.header is None):
            raise ValueError("write the name of a filter, or a header: {header: X-Spam-Flag, value: yes}")
        if self.filter is not None and self.model_fields_set != {"filter"}:
            raise ValueError("a filter's headers and values are known; write its name alone, or a header without it")
        if self.header is not None and (self.value is None) == (self.at_least is None):
            raise ValueError("say what stands in the header on spam: value: yes, or at_least: 5 for a score")
        return self


class Trust(Strict):
    """Whose word counts on who the sender is, and on what is spam."""

    authserv_id: Text | None = None
    internal: tuple[Text, ...] = ()  # our own relays: their Received lines are above the border
    agents: Literal["proof", "token"] = "proof"
    spam: Annotated[tuple[SpamMark, ...], BeforeValidator(_a_list)] = ()  # what the filter of our own server writes


class Mailbox(Strict):
    """An address that customers write to."""

    address: MailAddress
    name: Text | None = None  # shown in From; default: the site's name
    imap: Imap | None = None  # none: only for `maild simulate`
    aliases: tuple[MailAddress, ...] = ()
    delimiter: Annotated[str, AfterValidator(_a_delimiter)] = "+"
    trust: Trust = Trust()
    queue: Text | None = None
    from_: Annotated[str, AfterValidator(_a_beginning)] = Field("now", alias="from")

    def begins_at(self, zone: ZoneInfo) -> Literal["now", "all"] | datetime:
        """What the first start takes: new mail, everything, or what came since the beginning of that day."""
        if self.from_ == "now":
            return "now"
        if self.from_ == "all":
            return "all"
        return datetime.combine(date.fromisoformat(self.from_), time(), zone)


class Store(Strict):
    """Where everything is kept."""

    database: FilePath = Path("maild.db")
    files: FilePath = Path("mails")  # raw mails above 256 KiB


class Smtp(Strict):
    """By which server mails leave."""

    host: Host
    port: Port | None = None
    tls: Tls = "starttls"
    ca: FilePath | None = None
    user: Text | None = None
    password: Secret | None = None
    connections: Annotated[int, Field(strict=True, ge=1, le=8)] = 2
    send_only_to: Receivers | None = None  # for trials: all other mail is held

    def may_send_to(self, address: str) -> bool:
        """Whether mail to that address may leave: always, but for a trial with `send_only_to`."""
        if self.send_only_to is None:
            return True
        key, domain = address_key(address), domain_of(address)
        for entry in self.send_only_to:
            wanted = domain_of(f"any@{entry.lstrip('.')}")
            if "@" in entry and key == address_key(entry):
                return True
            if "@" not in entry and (domain.endswith(f".{wanted}") if entry.startswith(".") else domain == wanted):
                return True
        return False

    @property
    def effective_port(self) -> int:
        """The port said, or the usual one."""
        return self.port or {"implicit": 465, "starttls": 587, "none": 25}[self.tls]

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password go together: write both or none")
        return self


class Agent(Strict):
    """Somebody who answers."""

    name: Text
    address: MailAddress
    teams: tuple[Text, ...] = ()
    language: Language | None = None


class Customer(Strict):
    """Somebody who asks and is known."""

    address: MailAddress
    name: Annotated[str, AfterValidator(_a_text_or_nothing)] = ""
    organisation: Annotated[str, AfterValidator(_a_text_or_nothing)] = ""
    language: Language | None = None


class People(Strict):
    """Who is who. `customers` may be a list or {file: customers.csv}; the loader turns a file into the list."""

    agents: Annotated[tuple[Agent, ...], Field(min_length=1)]
    customers: tuple[Customer, ...] = ()


class Queue(Strict):
    """A basket of tickets and the team that empties it."""

    team: Text | None = None  # none: every agent


class TextTest(Strict):
    """A test of a text, without regard to case and accents. `contains` looks for whole words, whatever their ending."""

    contains: Words | None = None
    matches: Annotated[str, Field(min_length=1)] | None = None  # a regular expression (RE2)
    is_: Words | None = Field(None, alias="is")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("an empty test; say one of: contains, matches, is")
        return self


class SenderTest(Strict):
    """A test of who wrote."""

    address: Addresses | None = None
    domain: Domains | None = None  # .example.com: whatever is below it
    name: TextTest | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("an empty test; say one of: address, domain, name")
        return self


class Condition(Strict):
    """Holds if each of its tests holds. An empty one always holds."""

    from_: SenderTest | None = Field(None, alias="from")
    subject: TextTest | None = None
    body: TextTest | None = None
    header: Annotated[dict[str, TextTest], Field(min_length=1)] | None = None
    mailbox: Words | None = None
    any_: "Annotated[tuple[Condition, ...], Field(min_length=1)] | None" = Field(None, alias="any")
    all_: "Annotated[tuple[Condition, ...], Field(min_length=1)] | None" = Field(None, alias="all")
    not_: "Condition | None" = Field(None, alias="not")


class Actions(Strict):
    """What a rule does to the ticket that opens."""

    queue: Text | None = None
    type: Text | None = None
    priority: Priority | None = None
    tags: Words | None = None
    assign: Text | None = (
        None  # an agent's address, or least_loaded: the one of the queue's team with fewest open tickets
    )
    send: Words | None = None  # templates to the requester, besides the acknowledgement
    stop: bool = False  # no later rule is tried


class Rule(Strict):
    """If this, then that. `line` is where it stands in the file."""

    name: Text
    if_: Condition = Field(Condition(), alias="if")
    then: Actions

    _line: int = PrivateAttr(0)

    @property
    def line(self) -> int:
        """Its line in rules.yaml, from 1; 0 if it did not come from a file."""
        return self._line


class WaitingStep(Strict):
    """What happens when a ticket has waited for the customer so long: a mail, or its end."""

    after: Duration
    send: Text | None = None
    resolve: Literal["no_answer"] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.send is None) == (self.resolve is None):
            raise ValueError("a step either sends a template (send: relance) or ends the ticket (resolve: no_answer)")
        return self


class Limits(Strict):
    """How many automatic answers incoming mail may draw (reliability 6.3 and Decisions)."""

    known_per_day: Number = 20
    refusals_per_day: Number = 1  # of each kind, for known and unknown senders
    unknown_per_day: Number = 1  # of each kind
    unknown_per_week: Number = 3
    unknown_per_domain_hour: Number = 20
    unknown_per_hour: Number = 100


class Settings(Strict):
    """All of rules.yaml."""

    version: Annotated[Literal[1], BeforeValidator(_version_1)]
    site: Site
    mailboxes: Annotated[dict[Text, Mailbox], Field(min_length=1)]
    store: Store = Store()
    smtp: Smtp | None = None  # none: only for `maild simulate`
    admin: MailAddress
    alert_command: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None  # the program, its arguments
    limits: Limits = Limits()
    people: People
    queues: Annotated[dict[Text, Queue], Field(min_length=1)]
    rules: tuple[Rule, ...] = ()
    waiting: tuple[WaitingStep, ...] = ()

    _digest: str = PrivateAttr("")
    _command_at: tuple[str, int, int] = PrivateAttr(("rules.yaml", 1, 1))

    @property
    def command_at(self) -> tuple[str, int, int]:
        """File, line and column of the program of `alert_command`."""
        return self._command_at

    @property
    def digest(self) -> str:
        """Names this version of all that was read, in decisions and in the log; '' if it did not come from a file."""
        return self._digest

    @cached_property
    def agents(self) -> dict[str, Person]:
        """Agents by address in its compared form."""
        return {
            address_key(a.address): Person(Address(a.address, a.name), a.language or "", teams=a.teams)
            for a in self.people.agents
        }

    @cached_property
    def customers(self) -> dict[str, Person]:
        """Known customers by address in its compared form."""
        return {
            address_key(c.address): Person(Address(c.address, c.name), c.language or "", c.organisation)
            for c in self.people.customers
        }

    def person(self, address: str) -> Person | None:
        """Whoever has that address, agent or customer."""
        key = address_key(address)
        return self.agents.get(key) or self.customers.get(key)

    @cached_property
    def own_addresses(self) -> frozenset[str]:
        """Every address that leads back to us, in its compared form."""
        return frozenset(address_key(a) for m in self.mailboxes.values() for a in (m.address, *m.aliases))

    def mailbox_of(self, address: str) -> str | None:
        """The name of the mailbox that an address leads to, plus-address or not; None if it is not ours."""
        key = address_key(address)
        for name, box in self.mailboxes.items():
            for own in (box.address, *box.aliases):
                local, _, domain = address_key(own).partition("@")
                if domain != domain_of(key):
                    continue
                got = key.rpartition("@")[0]
                if got == local or (box.delimiter != "none" and got.startswith(local + box.delimiter)):
                    return name
        return None

    def team_of(self, queue: str) -> tuple[Person, ...]:
        """The agents who empty a queue, by name; everybody where it names no team."""
        wanted = self.queues[queue].team if queue in self.queues else None
        members = (a for a in self.agents.values() if wanted is None or wanted in a.teams)
        return tuple(sorted(members, key=lambda a: a.address.name))
