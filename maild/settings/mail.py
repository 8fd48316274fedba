"""Where mail comes in and goes out: mailboxes, whose word counts there, the relay."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, model_validator

from maild.mail import address_key, domain_of
from maild.settings.duration import Duration, Elapsed
from maild.settings.secret import Secret
from maild.settings.values import (
    Beginning,
    Delimiter,
    FilePath,
    HeaderName,
    Host,
    Lists,
    MailAddress,
    Port,
    Provider,
    Receivers,
    Servers,
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
    poll: Elapsed = Field(default_factory=lambda: Duration(count=4, unit="minute"))

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

    provider: Provider | None = None  # whose server the mailbox is on, where what it writes is known
    authserv_id: Text | None = None  # with a dot before it: any server below that domain
    internal: tuple[Text, ...] = ()  # our own relays, `.domain`, `private`: see threading/border.py
    submission: Servers = ()  # relays at which only our own people log in
    arc: Servers = ()  # sealers whose word on what they forwarded is a hint (RFC 8617)
    dkim: bool = False  # signatures are checked here too
    agents: Literal["proof", "token"] = "proof"
    spam: Annotated[tuple[SpamMark, ...], BeforeValidator(a_list)] = ()  # what the filter of our own server writes

    @property
    def judge(self) -> str:
        """Who says whether a sender is proved, in a word for people; '' where nobody does."""
        return self.provider or self.authserv_id or ("maild's own check" if self.dkim else "")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.provider and (self.authserv_id or self.internal or self.submission):
            raise ValueError(
                "what the servers of a provider write is known: write `provider` alone, or `authserv_id`, `internal` "
                "and `submission` without it"
            )
        if self.arc and not (self.provider or self.authserv_id):
            raise ValueError("`arc` needs a server that checks the seals: write `provider` or `authserv_id` too")
        return self


class Mailbox(Strict):
    """An address that customers write to."""

    address: MailAddress
    name: Text | None = None  # shown in From; default: that of its brand, or the site's
    brand: Text | None = None  # under which of the desk's names its mails leave
    imap: Imap | None = None  # none: only for `maild simulate`
    aliases: tuple[MailAddress, ...] = ()
    forms: Annotated[tuple[MailAddress, ...], BeforeValidator(a_list)] = ()  # web forms: Reply-To is the requester
    via_list: Lists = ()  # lists and groups that lead here: List-Id or address
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
