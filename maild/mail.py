"""What is read in a mail, as frozen values. Nothing here says what the mail means for a ticket."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

import idna

# RFC 5321 4.1.2 and 4.1.3; an underscore in a domain is no letter of a host name, but mail servers take it.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++"
_LOCAL = re.compile(rf'{_ATOM}(?:\.{_ATOM})*|"(?:[ !#-\[\]-~]|\\[ -~])*"')
_LABEL = "(?!-)[A-Za-z0-9_-]{1,63}+(?<!-)"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*|\[(?:[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}}|IPv6:[0-9A-Fa-f:.]{{2,45}})\]")
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_LONGEST_LOCAL, _LONGEST_DOMAIN, _LONGEST_ADDRESS = 64, 255, 254  # octets, RFC 5321 4.5.3.1 (a path has two brackets)


# What stands where a secret stood, by language. Always the same: it tells nothing of the length nor of a letter.
HIDDEN = {"fr": "[masqué par sécurité]", "en": "[hidden for security]"}


class Kind(StrEnum):
    """What sort of mail it is, before anybody asks what it is about."""

    MESSAGE = "message"  # a person wrote it, as far as can be seen
    AUTO_REPLY = "auto_reply"  # a vacation note, a receipt, a robot's acknowledgement
    BOUNCE = "bounce"  # a delivery report
    MAILING_LIST = "mailing_list"
    CALENDAR = "calendar"  # an invitation or the answer to one
    SPAM = "spam"  # marked by the configured filter


@lru_cache(maxsize=1024)
def address_key(address: str) -> str:
    """The form in which two addresses are compared: NFC, lower case, domain in IDNA (RFC 6532, RFC 5891).

    Any string goes in; what is no address comes back lower-cased, so that it equals only itself. Letters that only
    stand for plain ones (the Kelvin sign, full width) stay what they are: nobody is taken for another by them.
    """
    text = address.strip()
    local, at, domain = text.rpartition("@")
    if not at:
        return _small(text)
    domain = _ascii_domain(domain.rstrip("."))
    return f"{_small(local)}@{domain}" if domain else _small(text)


def _small(text: str) -> str:
    """NFC, in small letters: not casefold, ß is a letter of its own (RFC 5891)."""
    small = unicodedata.normalize("NFC", text).lower()
    return text if small.isascii() and not text.isascii() else small


def _ascii_domain(domain: str) -> str:
    """A domain in small letters, labels beyond ASCII as IDNA 2008 has them; '' where it allows none such."""
    if domain.isascii():
        return domain.lower()
    small = _small(domain)
    if small.isascii() or len(small) > _LONGEST_DOMAIN:
        return ""
    try:
        return idna.encode(small).decode("ascii")
    except idna.IDNAError:
        return ""


@lru_cache(maxsize=1024)
def written_form(address: str) -> str:
    """The address as it stands in an envelope or a header, its domain in IDNA; '' where no mail can be written to it.

    A local part beyond ASCII would need SMTPUTF8 (RFC 6531), which is not spoken here. Any string may go in.
    """
    local, _, domain = address.rpartition("@")
    if not domain.isascii():
        domain = _ascii_domain(domain)
    if len(local) > _LONGEST_LOCAL or len(domain) > _LONGEST_DOMAIN or len(local) + 1 + len(domain) > _LONGEST_ADDRESS:
        return ""
    return f"{local}@{domain}" if _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain) else ""


def is_deliverable(address: str) -> bool:
    """Whether a mail can be written to that address at all; a From may be readable and still be none of these."""
    return written_form(address) != ""


def domain_of(address: str) -> str:
    """The domain of an address in its compared form, or '' where there is none."""
    return address_key(address).rpartition("@")[2] if "@" in address else ""


def auto_submitted(value: str) -> str:
    """What Auto-Submitted says (RFC 3834 5.2): its keyword in lower case, without comments, quotes and parameters; ''
    where it says that a person wrote, in whatever word of no, or says nothing."""
    words = _COMMENT.sub(" ", value[:1_000].lower()).replace('"', " ").replace(";", " ; ").split()
    keyword = words[0] if words else ""
    return "" if keyword in ("no", "none", "false", "0", ";") else keyword


@dataclass(frozen=True, slots=True)
class Secrecy:
    """In which language secrets are hidden if a mail shows none, '' where they are not; and whether from everybody."""

    language: str = ""
    is_for_rules_alone: bool = False


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
        """Whether the mail will not arrive however long one waits. Also where the server has given up after a 4.x: that
        says only that another mail may fare better (RFC 3464 2.3.3, RFC 3463 3.1)."""
        return self.action == "failed" and not self.status.startswith("2.")


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail as read. Reading is total: hostile bytes give defects, never an exception.

    Message ids come without angle brackets. `sender` is the single From mailbox, or None where there is none,
    several, or none that can be trusted to be read right. `reply_text` is what was newly written, quotes and
    signature cut; `cut_is_sure` is False where the line between new and quoted is a guess. `is_forward` says that
    somebody passes another's words on: by the Subject's prefix, or by the line that programs put above such a mail;
    `is_reply` that the Subject's first prefix is one of an answer; `title` is the Subject without what programs, lists
    and gateways put before it.
    `unreadable` is '' or the slug of the reason why not even sender and text could be read safely.
    """

    sender: Address | None
    subject: str = ""
    text: str = ""
    reply_text: str = ""
    cut_is_sure: bool = True
    is_forward: bool = False
    is_reply: bool = False
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
    title: str = ""
    passed_on: "ParsedMail | None" = None  # the one mail that is attached to a person's mail, read likewise
    # Each of its texts as the rules may see it, where their secrets are hidden for the rules alone.
    for_rules: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

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
