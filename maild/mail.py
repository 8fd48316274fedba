"""What is read in a mail, as frozen values. Nothing here says what the mail means for a ticket."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

import idna


class Kind(StrEnum):
    """What sort of mail it is, before anybody asks what it is about."""

    MESSAGE = "message"  # a person wrote it, as far as can be seen
    AUTO_REPLY = "auto_reply"  # a vacation note, a receipt, a robot's acknowledgement
    BOUNCE = "bounce"  # a delivery report
    MAILING_LIST = "mailing_list"
    CALENDAR = "calendar"  # an invitation or the answer to one
    SPAM = "spam"  # marked by the configured filter


@lru_cache(maxsize=4096)
def address_key(address: str) -> str:
    """The form in which two addresses are compared: NFC, lower case, domain in IDNA (RFC 6532, RFC 5891).

    Any string goes in; what is no address comes back lower-cased, so that it equals only itself.
    """
    text = unicodedata.normalize("NFC", address.strip()).casefold()
    local, at, domain = text.rpartition("@")
    if not at:
        return text
    domain = domain.rstrip(".")
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError:
            return text
    return f"{local}@{domain}"


def domain_of(address: str) -> str:
    """The domain of an address in its compared form, or '' where there is none."""
    return address_key(address).rpartition("@")[2] if "@" in address else ""


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox as RFC 5322 3.4 has it: an address and perhaps a name to show."""

    address: str
    name: str = ""

    @property
    def key(self) -> str:
        """The form in which it is compared; see address_key."""
        return address_key(self.address)

    @property
    def shown(self) -> str:
        """The name, or the address where no name is known."""
        return self.name or self.address


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the text. The file name is only a label and never a path."""

    filename: str
    content_type: str
    data: bytes = field(repr=False)
    inline: bool = False
    content_id: str = ""

    @property
    def size(self) -> int:
        """Octets after decoding."""
        return len(self.data)


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a bounce says (RFC 3464, or what could be made out of an older form)."""

    recipients: tuple[str, ...]
    action: str  # failed, delayed, delivered, relayed, expanded
    status: str  # an enhanced code such as 5.1.1, or ''
    message_ids: tuple[str, ...] = ()  # ids of the mail that came back, without angle brackets
    diagnostic: str = ""

    @property
    def is_permanent(self) -> bool:
        """Whether the mail will not arrive however long one waits."""
        return self.action == "failed" and not self.status.startswith(("4.", "2."))


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail as read. Reading is total: hostile bytes give defects, never an exception.

    Message ids come without angle brackets. `sender` is the single From mailbox, or None where there is none,
    several, or none that can be trusted to be read right. `reply_text` is what was newly written, quotes and
    signature cut; `cut_is_sure` is False where the line between new and quoted is a guess.
    `unreadable` is '' or the slug of the reason why not even sender and text could be read safely.
    """

    sender: Address | None
    subject: str = ""
    text: str = ""
    reply_text: str = ""
    cut_is_sure: bool = True
    html: str | None = None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    return_path: str | None = None  # None: not stated; '': the null path of RFC 5321 4.5.5
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    date: datetime | None = None
    attachments: tuple[Attachment, ...] = ()
    kind: Kind = Kind.MESSAGE
    auto_respond: bool = True  # whether a machine may answer it at all (RFC 3834)
    bounce: DeliveryReport | None = None
    language: str = ""  # fr, en, or '' where it can't be told
    headers: tuple[tuple[str, str], ...] = ()  # all of the top level, in order, decoded and unfolded
    defects: tuple[str, ...] = ()
    unreadable: str = ""
    content_key: str = ""  # the same for the same mail in another copy; see reading/content_key
    size: int = 0  # octets as fetched

    def header(self, name: str) -> str:
        """The first header of that name (any case), or ''."""
        return next(self.all_headers(name), "")

    def all_headers(self, name: str) -> Iterator[str]:
        """Every header of that name (any case), from the top."""
        wanted = name.lower()
        return (value for key, value in self.headers if key.lower() == wanted)

    @property
    def recipients(self) -> tuple[Address, ...]:
        """To and Cc together."""
        return self.to + self.cc
