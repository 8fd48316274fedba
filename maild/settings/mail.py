"""Where mail comes in and goes out: mailboxes, whose word counts there, the relay."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, model_validator

from maild.mail import address_key, domain_of
from maild.settings.values import (
    Beginning,
    Delimiter,
    Duration,
    FilePath,
    HeaderName,
    Host,
    MailAddress,
    Port,
    Receivers,
    Secret,
    SpamFilter,
    Strict,
    Text,
    Tls,
    Words,
    a_list,
)


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
    header: HeaderName | None = None
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
    spam: Annotated[tuple[SpamMark, ...], BeforeValidator(a_list)] = ()  # what the filter of our own server writes


class Mailbox(Strict):
    """An address that customers write to."""

    address: MailAddress
    name: Text | None = None  # shown in From; default: the site's name
    imap: Imap | None = None  # none: only for `maild simulate`
    aliases: tuple[MailAddress, ...] = ()
    delimiter: Delimiter = "+"
    trust: Trust = Trust()
    queue: Text | None = None
    from_: Beginning = Field("now", alias="from")

    def begins_at(self, zone: ZoneInfo) -> Literal["now", "all"] | datetime:
        """What the first start takes: new mail, everything, or what came since the beginning of that day."""
        if self.from_ == "now":
            return "now"
        if self.from_ == "all":
            return "all"
        return datetime.combine(date.fromisoformat(self.from_), time(), zone)


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
