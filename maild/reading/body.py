"""Which part is the text, and what is attached? An attached mail is one attachment: its words are not this mail's."""

import binascii
import re
from dataclasses import dataclass, field

from maild.mail import Attachment
from maild.reading.charset import decode, storable, storable_line
from maild.reading.markup import clean, to_text
from maild.reading.mime_field import read_mime_field
from maild.reading.prescan import Part, Scan

LONGEST_TEXT = 2_000_000  # characters of text that are kept; the raw mail holds the rest
MOST_BLOCKS = 50  # pieces of text that are joined; further ones are attachments
_SUFFIX = {"message/rfc822": ".eml", "text/calendar": ".ics"}
_REPORTS = frozenset(
    {
        "message/delivery-status",
        "message/disposition-notification",
        "message/global-delivery-status",
        "message/feedback-report",
        "text/rfc822-headers",
        "message/global-headers",
    }
)
_AS_IT_IS = frozenset({"", "7bit", "8bit", "binary", "8-bit", "7-bit", "8bits", "7bits", "none", "utf-8", "utf8"})


@dataclass(slots=True)
class Body:
    """What was found. `markup` is the HTML as sent, for whoever must look at its structure; never to be shown."""

    text: str = ""
    html: str | None = None
    markup: str = ""  # only where the text was made from it
    alternative: str = ""  # the HTML of a text that came as plain and as HTML
    attachments: list[Attachment] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Block:
    """One stretch of text: in plain, in HTML, or the same in both (multipart/alternative)."""

    plain: str = ""
    markup: str = ""


def read_body(scan: Scan) -> Body:
    """The text in the order of the mail, the clean HTML, and all other parts."""
    body = Body()
    blocks: list[_Block] = []
    _gather(scan, scan.root, body, blocks, None)
    html = [block.markup or f"<pre>{_escaped(block.plain)}</pre>" for block in blocks] if _has_markup(blocks) else []
    texts: list[str] = []
    for block in blocks:
        text = block.plain
        if not text.strip() and block.markup:
            text = storable(to_text(block.markup))
            body.markup = block.markup if len(blocks) == 1 else ""
        elif len(blocks) == 1:
            body.alternative = block.markup
        if text.strip():
            texts.append(text.strip("\n"))
    body.text = "\n\n".join(texts)[:LONGEST_TEXT]
    if html:
        body.html = clean("\n".join(html))
        if body.html is None:
            body.defects.append("html-limits")
        else:
            body.html = storable(body.html)
    return body


def _has_markup(blocks: list[_Block]) -> bool:
    return any(block.markup.strip() for block in blocks)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _gather(scan: Scan, part: Part, body: Body, blocks: list[_Block], pair: _Block | None) -> None:
    """Depth first. `pair` is the block that the parts of a multipart/alternative share."""
    if part.children:
        if part.type.value == "multipart/alternative" and pair is None:
            pair = _Block()
            blocks.append(pair)
        for child in part.children:
            _gather(scan, child, body, blocks, pair)
        return
    if part.type.value.startswith("multipart/"):
        return  # its inside is beyond our limits
    disposition = read_mime_field(part.field("content-disposition"))
    filename = disposition.get("filename") or part.type.get("name")
    kind = part.type.value
    is_text = kind in ("text/plain", "text/html") and disposition.value != "attachment" and not filename
    if not is_text or len(blocks) > MOST_BLOCKS:
        body.attachments.append(_attachment(scan, part, kind, filename, disposition.value))
        return
    octets, defect = payload(scan, part)
    if defect and defect not in body.defects:
        body.defects.append(defect)
    text = storable(decode(octets[: 4 * LONGEST_TEXT], part.type.get("charset")))
    if kind == "text/plain" and part.type.get("format").lower() == "flowed":
        text = unflowed(text, part.type.get("delsp").lower() == "yes")
    block = pair
    if block is None or (block.plain if kind == "text/plain" else block.markup):
        block = _Block()
        blocks.append(block)
    if kind == "text/plain":
        block.plain = text.removeprefix("\ufeff")
    else:
        block.markup = text.removeprefix("\ufeff")


def _attachment(scan: Scan, part: Part, kind: str, filename: str, disposition: str) -> Attachment:
    octets, _ = payload(scan, part)
    content_id = storable_line(decode(part.field("content-id")[:1_000])).replace("\ufffd", "").strip("<> ")
    if not filename and kind in _SUFFIX:
        filename = "message.eml" if kind == "message/rfc822" else "invite.ics"
    is_inline = disposition == "inline" or (not disposition and bool(content_id)) or kind in _REPORTS
    return Attachment(filename.strip()[:255], storable_line(kind)[:255], octets, is_inline, content_id[:255])


def payload(scan: Scan, part: Part) -> tuple[bytes, str]:
    """The octets of a leaf after its transfer encoding (RFC 2045 section 6), and '' or the slug of a defect.

    Junk within base64 is skipped; an encoding that nobody knows leaves the octets as they are.
    """
    encoding = read_mime_field(part.field("content-transfer-encoding")).value
    octets = memoryview(scan.octets)[part.start : part.end]
    if encoding == "base64":
        return _base64(octets)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(octets), ""
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uuencoded(bytes(octets))
    return bytes(octets), "" if encoding in _AS_IT_IS else "transfer-encoding"


def _base64(octets: memoryview) -> tuple[bytes, str]:
    try:
        return binascii.a2b_base64(octets), ""
    except binascii.Error:
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", octets)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4)), "base64"


def _uuencoded(octets: bytes) -> tuple[bytes, str]:
    found: list[bytes] = []
    begin = re.search(rb"(?m)^begin [0-7]{3,4} [^\r\n]*\r?\n", octets)
    for line in octets[begin.end() if begin else 0 :].splitlines():
        if line in (b"end", b"`", b" "):
            break
        try:
            found.append(binascii.a2b_uu(line))
        except binascii.Error:
            return octets, "uuencode"
    return b"".join(found), ""


def unflowed(text: str, delete_space: bool = False) -> str:
    """format=flowed put together again (RFC 3676): a line that ends in a space goes on in the next of its depth."""
    paragraphs: list[list[str]] = []
    open_depth = -1  # of the paragraph that still goes on
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        if not (open_depth == depth and content != "-- "):
            paragraphs.append([">" * depth + " " if depth else ""])
        paragraphs[-1].append(content[:-1] if flows and delete_space else content)
        open_depth = depth if flows else -1
    return "\n".join("".join(pieces) for pieces in paragraphs)
