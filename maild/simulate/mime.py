"""Writes the bytes of a mail: headers by hand, parts by the standard library, boundaries made from the Message-ID.

The standard policies fold long message ids into encoded words, so the headers are written here.
"""

import hashlib
import re
from base64 import encodebytes
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr

from maild.mail import Address, Attachment
from maild.simulate.language import Enclosure

_WIRE = compat32.clone(linesep="\r\n", max_line_length=0)
_MAGIC = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "image/gif": b"GIF89a",
    "application/pdf": b"%PDF-1.7\n",
    "application/zip": b"PK\x03\x04",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail as its writer sees it before it is sent. Message ids come without angle brackets."""

    sender: Address
    to: tuple[Address, ...]
    subject: str
    cc: tuple[Address, ...] = ()
    text: str | None = None
    html: str | None = None
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()  # further ones; one of a usual name takes its place


def contents(enclosure: Enclosure) -> Attachment:
    """The attachment that a scenario asks for: always the same octets for the same name, type and size."""
    if enclosure.text is not None:
        return Attachment(enclosure.name, enclosure.content_type, enclosure.text.encode())
    magic = _MAGIC.get(enclosure.content_type.lower(), b"")
    filling = hashlib.shake_256(f"{enclosure.content_type}\0{enclosure.name}".encode()).digest(enclosure.size)
    return Attachment(enclosure.name, enclosure.content_type, (magic + filling)[: enclosure.size])


def write(draft: Draft, message_id: str, date: datetime) -> bytes:
    """The mail as it goes over the wire, lines ended by CRLF. The same arguments give the same bytes."""
    usual = [
        ("From", _addresses([draft.sender])),
        ("To", _addresses(draft.to)),
        ("Cc", _addresses(draft.cc)),
        ("Subject", _unstructured("Subject", draft.subject)),
        ("Date", format_datetime(date)),
        ("Message-ID", f"<{message_id}>"),
        ("In-Reply-To", f"<{draft.in_reply_to}>" if draft.in_reply_to else ""),
        ("References", "\r\n ".join(f"<{i}>" for i in draft.references)),
    ]
    given = {name.lower() for name, _ in draft.headers}
    lines = [f"{name}: {value}" for name, value in usual if value and name.lower() not in given]
    lines += [f"{name}: {_unstructured(name, value)}" for name, value in draft.headers]
    lines.append("MIME-Version: 1.0")
    head = "".join(line + "\r\n" for line in lines).encode("utf-8", "surrogateescape")
    return head + entity_bytes(_body(draft), message_id)


def entity_bytes(entity: Message, seed: str) -> bytes:
    """A MIME entity with its Content headers; boundaries follow from the seed."""
    del entity["MIME-Version"]
    for number, part in enumerate(entity.walk()):
        if part is not entity:
            del part["MIME-Version"]
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            part.set_boundary(f"=_{number}_{hashlib.sha256(seed.encode()).hexdigest()[:24]}")
    return entity.as_bytes(policy=_WIRE)


def with_header_on_top(raw: bytes, name: str, value: str) -> bytes:
    """The mail with one header more above all others, its line ended as the mail's own are."""
    end = b"\r\n" if b"\r\n" in raw[:1000] else b"\n"
    return f"{name}: {value}".encode() + end + raw


def text_part(text: str, subtype: str = "plain") -> MIMEText:
    """A text in UTF-8, quoted-printable."""
    charset = Charset("utf-8")
    charset.body_encoding = QP
    part = MIMEText("", subtype)
    del part["Content-Transfer-Encoding"]
    part.set_payload(text, charset)
    part.set_param("charset", "utf-8")
    return part


def _body(draft: Draft) -> Message:
    texts = [text_part(draft.text or "")] if draft.text is not None or draft.html is None else []
    if draft.html is not None:
        texts.append(text_part(draft.html, "html"))
    body: Message = texts[0] if len(texts) == 1 else _multipart("alternative", texts)
    return _multipart("mixed", [body, *map(_attached, draft.attachments)]) if draft.attachments else body


def _multipart(subtype: str, parts: Iterable[Message]) -> MIMEMultipart:
    whole = MIMEMultipart(subtype)
    for part in parts:
        whole.attach(part)
    return whole


def _attached(attachment: Attachment) -> Message:
    main, _, sub = attachment.content_type.partition("/")
    part = MIMEBase(main, sub)
    if main == "text":
        part.set_param("charset", "utf-8")
    part.set_payload(encodebytes(attachment.data).decode("ascii"))
    part["Content-Transfer-Encoding"] = "base64"
    name: str | tuple[str, str, str] = attachment.filename
    if not attachment.filename.isascii():
        name = ("utf-8", "", attachment.filename)
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part


def _addresses(addresses: Iterable[Address]) -> str:
    return ",\r\n ".join(formataddr((a.name, a.address)) if a.address.isascii() else _utf8(a) for a in addresses)


def _utf8(address: Address) -> str:
    """An address beyond ASCII as SMTPUTF8 has it (RFC 6532)."""
    return f'"{address.name}" <{address.address}>' if address.name else address.address


def _unstructured(name: str, value: str) -> str:
    """A header's text: ASCII as it is, else encoded words (RFC 2047)."""
    line = re.sub(r"[\r\n\0]+", " ", value)
    if line.isascii():
        return line
    return Header(line, "utf-8", header_name=name).encode(linesep="\r\n")
