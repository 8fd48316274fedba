"""Turns a letter into the bytes of a mail: canonical MIME, written by hand (RFC 5322, RFC 2045-2049, RFC 3834).

Promise: the same letter gives the same bytes; one header set whatever the words hold; every line ends by CRLF and is at
most 998 octets long. The standard EmailMessage does the same in thirty times the time and lets a line feed through.
"""

import hashlib
import re
from binascii import b2a_base64, b2a_qp
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache

from maild.mail import Address, Attachment
from maild.writing.headers import (
    BadHeader,
    addresses,
    clean,
    is_message_id,
    message_ids,
    parameters,
    unstructured,
    urls,
)

LONGEST_LINE = 998  # octets before CRLF, RFC 5322 2.1.1
_LONGEST_FILENAME = 120  # characters: 24 segments of RFC 2231 at most; readers stop at 32
_BREAK = re.compile(r"\r\n?")
_BREAK_OCTETS = re.compile(rb"\r\n|\r|\n")
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")
_CONTENT_ID = re.compile(r"[!-;=?-~]{1,200}")
_ANY = "application/octet-stream"
_OWN_FIELDS = frozenset(
    {"from", "to", "cc", "bcc", "reply-to", "sender", "subject", "date"}
    | {"message-id", "in-reply-to", "references", "auto-submitted", "mime-version"}
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it is bytes. Message ids come without angle brackets; `html` is '' for a mail of plain text alone.

    `auto_submitted` is 'auto-replied', 'auto-generated', or '' for a person's words (RFC 3834 5). `headers` are further
    fields of free text, written as they are given.
    """

    from_: Address
    to: Address
    subject: str
    message_id: str
    date: datetime
    text: str = field(repr=False)
    html: str = field(default="", repr=False)
    reply_to: Address | None = None
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    auto_submitted: str = ""
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    unsubscribe: str = ""  # a mailto URL: the receiver may refuse mails of this kind (RFC 2369)


@dataclass(frozen=True, slots=True)
class _Part:
    """A MIME entity: header lines and body, no line end after the last line."""

    head: bytes
    body: bytes
    is_raw: bool = False  # a mail within stands in it, not encoded
    is_8bit: bool = False  # octets above 127 stand in it


def compose(letter: Letter) -> bytes:
    """The mail, ready for DATA but for the dots.

    Subject, names and file names are cleaned (no controls, nothing invisible). Ids in `references` and `in_reply_to`
    come from others: one that could not stand in a header is left out. Raises BadHeader where an address, the
    Message-ID or one of `headers` can't be written, and ValueError for a date without a zone.
    """
    root = _body(letter)
    return b"".join((*_head(letter), b"MIME-Version: 1.0\r\n", root.head, b"\r\n", root.body, b"\r\n"))


def _head(letter: Letter) -> list[bytes]:
    if letter.date.tzinfo is None:
        raise ValueError("the date of a letter needs a zone")
    fields = [_people("From", letter.from_), _people("To", letter.to)]
    if letter.reply_to:
        fields.append(_people("Reply-To", letter.reply_to))
    fields.append(unstructured("Subject", clean(letter.subject)))
    fields.append(message_ids("Message-ID", [letter.message_id]))
    if is_message_id(letter.in_reply_to):
        fields.append(message_ids("In-Reply-To", [letter.in_reply_to]))
    references = [r for r in letter.references if is_message_id(r)]
    if references:
        fields.append(message_ids("References", references))
    fields.append(_date(letter.date, letter.date.utcoffset()))
    if letter.auto_submitted:
        fields.append(unstructured("Auto-Submitted", letter.auto_submitted))
    if letter.unsubscribe:
        fields.append(urls("List-Unsubscribe", [letter.unsubscribe]))
    for name, value in letter.headers:
        if name.lower() in _OWN_FIELDS or name.lower().startswith("content-"):
            raise BadHeader(f"{name} has its own place in a letter")
        fields.append(unstructured(name, value))
    return fields


@lru_cache(maxsize=64)
def _date(when: datetime, offset: timedelta | None) -> bytes:
    """The offset is part of the key, since the same instant in two zones is equal."""
    return unstructured("Date", format_datetime(when))


def _people(name: str, who: Address) -> bytes:
    return addresses(name, (Address(who.address, clean(who.name)),))


def _body(letter: Letter) -> _Part:
    text, html = _BREAK.sub("\n", letter.text), _BREAK.sub("\n", letter.html)
    shown = tuple(a for a in letter.attachments if _is_shown_in(html, a))
    files = tuple(a for a in letter.attachments if a not in shown) if shown else letter.attachments
    seed = _digest("\0".join((letter.message_id, text, html)))
    part = _text("plain", text)
    if html:
        page = _text("html", html)
        if shown:
            page = _multipart("related", "c" + seed, [page, *map(_file, shown)], ("type", "text/html"))
        part = _multipart("alternative", "b" + seed, [part, page])
    return _multipart("mixed", "a" + seed, [part, *map(_file, files)]) if files else part


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _is_shown_in(html: str, attachment: Attachment) -> bool:
    return bool(_CONTENT_ID.fullmatch(attachment.content_id)) and f"cid:{attachment.content_id}" in html


def _text(subtype: str, text: str) -> _Part:
    """Quoted-printable where most of it is ASCII, so that a raw mail can be read; base64 for other scripts."""
    octets = text.encode("utf-8", "replace")
    if len(octets) - len(text) < len(octets) / 6:
        # The head of a page is the same in every mail and longer than its words: it is encoded once. Lines are apart.
        start = octets.find(b"\n<body") + 1
        coding, body = b"quoted-printable", _page_head(octets[:start]) + _quoted_printable(octets[start:])
    else:
        coding, body = b"base64", _base64(octets.replace(b"\n", b"\r\n"))
    head = b"Content-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: %s\r\n" % (subtype.encode(), coding)
    return _Part(head, body)


def _quoted_printable(octets: bytes) -> bytes:
    return b2a_qp(octets, istext=True).replace(b"\n", b"\r\n")


@lru_cache(maxsize=16)
def _page_head(octets: bytes) -> bytes:
    return _quoted_printable(octets)


def _base64(data: bytes) -> bytes:
    return b"\r\n".join([b2a_base64(data[i : i + 57], newline=False) for i in range(0, len(data), 57)])


def _file(attachment: Attachment) -> _Part:
    kind = attachment.content_type.strip().lower()
    if not _TYPE.fullmatch(kind) or kind.startswith("multipart/"):
        kind = _ANY
    is_raw, is_8bit, coding, body = False, False, "base64", b""
    if kind.startswith("message/"):
        # RFC 2046 5.2.1: a mail within a mail must not be encoded; one that would break a line limit goes as a file.
        body = _BREAK_OCTETS.sub(b"\r\n", attachment.data)
        if kind == "message/rfc822" and b"\0" not in body and max(map(len, body.split(b"\r\n"))) <= LONGEST_LINE:
            is_raw, is_8bit = True, not body.isascii()
            coding = "8bit" if is_8bit else "7bit"
        else:
            kind = _ANY
    name = _filename(attachment.filename)
    # The full name by RFC 2231 in one place, a plain one for old readers in the other: never two values in one field.
    lines = [
        parameters("Content-Type", kind, [("name", _ascii(name))]),
        parameters("Content-Disposition", "inline" if attachment.inline else "attachment", [("filename", name)]),
        unstructured("Content-Transfer-Encoding", coding),
    ]
    if _CONTENT_ID.fullmatch(attachment.content_id):
        lines.append(message_ids("Content-ID", [attachment.content_id]))
    return _Part(b"".join(lines), _base64(attachment.data) if coding == "base64" else body, is_raw, is_8bit)


def _filename(name: str) -> str:
    """Only a label: no folders, no controls, not endless; the extension survives."""
    name = clean(name).replace("/", "_").replace("\\", "_")
    if len(name) > _LONGEST_FILENAME:
        stem, dot, extension = name.rpartition(".")
        tail = dot + extension if stem and len(extension) <= 12 else ""
        name = name[: _LONGEST_FILENAME - len(tail)] + tail
    return name or "file"


def _ascii(name: str) -> str:
    return "".join(c if c.isascii() and c not in '"\\?' else "_" for c in name)[-60:]


def _multipart(subtype: str, boundary: str, parts: Sequence[_Part], *pairs: tuple[str, str]) -> _Part:
    boundary = "=_" + boundary  # '=_' occurs neither in quoted-printable nor in base64; only a mail within can hold it
    while any(boundary.encode() in p.body for p in parts if p.is_raw):
        boundary = f"=_{boundary[2]}{_digest(boundary)}"
    is_8bit = any(p.is_8bit for p in parts)
    head = parameters("Content-Type", f"multipart/{subtype}", [("boundary", boundary), *pairs])
    if is_8bit:
        head += b"Content-Transfer-Encoding: 8bit\r\n"
    mark = b"--" + boundary.encode()
    pieces: list[bytes] = []
    for part in parts:
        pieces += (mark, b"\r\n", part.head, b"\r\n", part.body, b"\r\n")
    return _Part(head, b"".join((*pieces, mark, b"--")), any(p.is_raw for p in parts), is_8bit)
