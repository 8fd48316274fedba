"""What does a person see in a mail? Read with the standard library: maild's own reading is what scenarios test."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime
from html.parser import HTMLParser

from maild.mail import Address, Attachment

_ID = re.compile(r"<\s*([^<>\s]+)\s*>")
_IN_LINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "code",
        "em",
        "font",
        "i",
        "kbd",
        "mark",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
    }
)
_UNSEEN = frozenset({"head", "script", "style", "title"})


@dataclass(frozen=True, slots=True)
class Seen:
    """A mail as a mail client shows it, headers decoded; message ids without angle brackets."""

    sender: Address
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[Address, ...]
    subject: str
    date: datetime | None
    message_id: str
    references: tuple[str, ...]
    text: str  # the text part, or what the HTML part says
    html: str  # the markup, or ''
    attachments: tuple[Attachment, ...]

    @property
    def html_text(self) -> str:
        """What the HTML part says, without markup."""
        return html_text(self.html)


def look(raw: bytes) -> Seen:
    """The mail as shown. What can't be decoded is shown as far as it can; nothing is raised."""
    message = message_from_bytes(raw, policy=compat32)
    text, html, attachments = _parts(message)
    return Seen(
        sender=next(iter(_addresses(message, "From")), Address("")),
        reply_to=_addresses(message, "Reply-To"),
        to=_addresses(message, "To"),
        cc=_addresses(message, "Cc"),
        delivered_to=_addresses(message, "Delivered-To") + _addresses(message, "X-Original-To"),
        subject=_decoded(message["Subject"]),
        date=_date(message["Date"]),
        message_id=next(iter(_ids(message["Message-ID"])), ""),
        references=tuple(_ids(message["References"])) or tuple(_ids(message["In-Reply-To"])),
        text=text if text is not None else html_text(html),
        html=html,
        attachments=attachments,
    )


def html_text(markup: str) -> str:
    """The text of an HTML part: entities decoded, a line's end where a block ends."""
    reader = _Words()
    reader.feed(markup)
    reader.close()
    lines = (re.sub(r"[ \t\r\f]+", " ", line).strip() for line in "".join(reader.found).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        if tag not in _IN_LINE:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        if tag not in _IN_LINE:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.found.append(data.replace("\n", " "))


def _parts(message: Message) -> tuple[str | None, str, tuple[Attachment, ...]]:
    text: str | None = None
    html, attachments = "", []
    for part in message.walk():
        if part.is_multipart():
            continue
        kind, is_attached = part.get_content_type(), part.get_content_disposition() == "attachment"
        if kind == "text/plain" and text is None and not is_attached:
            text = _content(part)
        elif kind == "text/html" and not html and not is_attached:
            html = _content(part)
        else:
            name = _decoded(part.get_filename()) or "sans-nom"
            attachments.append(Attachment(name, kind, _octets(part)))
    return text, html, tuple(attachments)


def _octets(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _content(part: Message) -> str:
    try:
        text = _octets(part).decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):
        text = _octets(part).decode("latin-1")
    return text.replace("\r\n", "\n")


def _decoded(value: object) -> str:
    """A header decoded and unfolded."""
    if value is None:
        return ""
    try:
        text = str(make_header(decode_header(str(value))))
    except (HeaderParseError, LookupError, ValueError):
        text = str(value)
    return re.sub(r"\r?\n[ \t]?", " ", text).strip()


def _addresses(message: Message, name: str) -> tuple[Address, ...]:
    values = [re.sub(r"\r?\n", "", str(v)) for v in message.get_all(name, [])]
    return tuple(Address(address, _decoded(shown)) for shown, address in getaddresses(values) if address)


def _ids(value: object) -> list[str]:
    return _ID.findall(str(value)) if value is not None else []


def _date(value: object) -> datetime | None:
    try:
        return parsedate_to_datetime(str(value)) if value is not None else None
    except ValueError:
        return None
