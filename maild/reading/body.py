"""Which part is the text, and what is attached? An attached mail is one attachment: its words are not this mail's."""

import re
from dataclasses import dataclass, field

from maild.mail import Attachment
from maild.reading import tnef, uuencode
from maild.reading.charset import decode, storable, storable_line
from maild.reading.markup import LONGEST, LONGEST_READ, MOST_LAID_OUT, MOST_LINES, clean, to_text
from maild.reading.mime_field import MimeField, read_mime_field
from maild.reading.prescan import Part, Scan
from maild.reading.transfer import payload

LONGEST_TEXT = 2_000_000  # octets of plain text that become text; what is beyond is attached
LONGEST_UNPACKED = 4 * LONGEST_TEXT  # octets of a text in which uuencoded files are looked for
MOST_BLOCKS = 50  # pieces of text that are joined; further ones are attachments
LONGEST_STUB = 1_000  # characters of a plain text that may be there in the place of one
MUCH_MORE = 300  # letters that the HTML has beyond four times those of a plain text which only seems to be one
_STUB = re.compile(r"\bHTML\b|\bMIME\b", re.IGNORECASE)
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_NO_WORDS = frozenset({"text/calendar", "text/vcard", "text/x-vcard", "text/directory", "text/rfc822-headers"})
_SUFFIX = {"message/rfc822": ".eml", "text/calendar": ".ics"}
_TYPES = {
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "gif": "image/gif",
    "ics": "text/calendar",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "pdf": "application/pdf",
    "png": "image/png",
    "rtf": "application/rtf",
    "txt": "text/plain",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
_TEXTS = frozenset(
    {"text/plain", "text/html", "text/markdown", "text/x-markdown", "text/enriched", "text/x-web-markdown"}
)
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_SEALED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"})
_SEALS = {"signed-data": "sealed", "certs-only": ""}  # the text is within the signature (RFC 8551 3.5.2)
_PGP = re.compile(r"^-----BEGIN PGP MESSAGE-----$", re.MULTILINE)
_META = re.compile(rb"<meta\b[^<>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9._:-]{2,40})", re.IGNORECASE)
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


@dataclass(slots=True)
class _Block:
    """One stretch of text: in plain, in HTML, or the same in both (multipart/alternative)."""

    plain: str = ""
    markup: str = ""


@dataclass(slots=True)
class Body:
    """What was found. `markup` is the HTML as sent, for whoever must look at its structure; never to be shown."""

    text: str = ""
    html: str | None = None
    markup: str = ""  # only where the text was made from it
    alternative: str = ""  # the HTML of a text that came as plain and as HTML
    sealed: _Block | None = None  # what a winmail.dat has as text
    attachments: list[Attachment] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    room: dict[str, int] = field(default_factory=lambda: {"text/plain": LONGEST_TEXT, "text/html": LONGEST_READ})

    def note(self, defect: str) -> None:
        """A defect once, '' never."""
        if defect and defect not in self.defects:
            self.defects.append(defect)


def read_body(scan: Scan) -> Body:
    """The text in the order of the mail, the clean HTML, and all other parts."""
    body = Body()
    blocks: list[_Block] = []
    _gather(scan, scan.root, body, blocks, None)
    shown = _shown(blocks)
    if not any(map(_says, shown)) and (other := body.sealed or _next_best(scan)):
        blocks = [other, *(block for block, text in zip(blocks, shown, strict=True) if text.strip())]
        shown = _shown(blocks)
    if len(blocks) == 1 and shown[0] is blocks[0].plain:
        body.alternative = blocks[0].markup
    elif len(blocks) == 1:
        body.markup = blocks[0].markup
    body.text = "\n\n".join(text.strip("\n") for text in shown if text.strip())
    if _has_markup(blocks):
        body.html = _cleaned(blocks)
        if body.html is None:
            body.defects.append("html-limits")
    return body


def _cleaned(blocks: list[_Block]) -> str | None:
    """The HTML of all blocks, safe to show; None beyond the limits."""
    if sum(len(block.markup or block.plain) for block in blocks) > LONGEST:
        return None
    html = clean("\n".join(block.markup or f"<pre>{_escaped(block.plain)}</pre>" for block in blocks))
    return None if html is None else storable(html)


def _shown(blocks: list[_Block]) -> list[str]:
    """The text of each block; of all HTML together no more tags are laid out than of one."""
    texts = []
    tags = MOST_LAID_OUT
    for block in blocks:
        better = _better(block.plain, block.markup, tags) if block.markup else ""
        texts.append(storable(better) if better else block.plain)
        tags -= block.markup.count("<")
    return texts


def _better(plain: str, markup: str, tags: int) -> str:
    """The text of the HTML where the plain text beside it says nothing, or only that there is HTML; else ''.

    A short plain text is in the place of one as well if the HTML says far more: whatever that is, it is not lost.
    """
    if len(plain) > LONGEST_STUB:
        return ""
    said = "".join(filter(str.isalnum, plain))
    may_be_stub = len(plain) < MUCH_MORE and bool(_STUB.search(plain))
    if said and not may_be_stub and len(markup) <= MUCH_MORE + 4 * len(said):
        return ""
    shown = to_text(markup, tags)
    letters = "".join(filter(str.isalnum, shown))
    if not said:
        return shown if letters or not plain.strip() else ""
    is_stub = may_be_stub and letters and said not in letters
    return shown if is_stub or len(letters) > MUCH_MORE + 4 * len(said) else ""


def _says(text: str) -> bool:
    """Whether there is a word above the signature."""
    signature = _SIGNATURE.search(text)
    return any(map(str.isalnum, text[: signature.start()] if signature else text))


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
    disposition = part.disposition.value
    filename = (
        _in_charset(scan, part, "content-disposition", part.disposition).get("filename")
        or _in_charset(scan, part, "content-type", part.type).get("name")
    )  # fmt: skip
    kind = part.type.value
    is_text = kind in body.room and disposition != "attachment" and not filename
    has_room = len(blocks) <= MOST_BLOCKS and body.room.get(kind, 0) > 0
    if not is_text or not has_room:
        if is_text:
            body.note("text-limits")
        attachment = _attachment(scan, part, kind, filename, disposition)
        body.attachments.append(attachment)
        if kind in _TNEF or attachment.filename.lower() == "winmail.dat":
            _unpack_winmail(attachment.data, body)
        elif kind in _SEALED:
            body.note(_SEALS.get(part.type.get("smime-type").lower(), "encrypted"))
        return
    text = _text(scan, part, body)
    block = pair
    if block is None or (block.plain if kind == "text/plain" else block.markup):
        block = _Block()
        blocks.append(block)
    if kind == "text/plain":
        block.plain = text
        if _PGP.search(text):
            body.note("encrypted")
    else:
        block.markup = text


def _in_charset(scan: Scan, part: Part, name: str, found: MimeField) -> MimeField:
    """The field, which was read before anybody knew in which charset its octets are."""
    stated = part.field(name)
    return found if stated.isascii() else read_mime_field(stated, scan.charset)


def _text(scan: Scan, part: Part, body: Body) -> str:
    """A part's text, as far as there is room for it; where there is not, all of it is attached too.

    What HTML says of its charset is only a hint: servers translate mails.
    """
    is_html = part.type.value == "text/html"
    octets, defect = payload(scan, part)
    body.note(defect)
    if part.type.value == "text/plain" and len(octets) <= LONGEST_UNPACKED:
        octets, files = uuencode.unpack(octets)
        for title, data in files:
            name = _label(decode(title, part.type.get("charset"), scan.charset))
            body.attachments.append(Attachment(name, _type_of(name), data))
    room = "text/html" if is_html else "text/plain"
    if len(octets) > body.room[room]:
        body.note("text-limits")
        body.attachments.append(Attachment("text.html" if is_html else "text.txt", part.type.value, octets))
        octets = _beginning(octets, body.room[room])
    body.room[room] -= len(octets)
    meta = _META.search(octets[:4_000]) if is_html else None
    hint = meta[1].decode("ascii", "replace") if meta else scan.charset
    text = storable(decode(octets, part.type.get("charset"), hint)).removeprefix("\ufeff")
    if not is_html and part.type.get("format").lower() == "flowed" and text.count("\n") <= MOST_LINES:
        text = unflowed(text, part.type.get("delsp").lower() == "yes")
    return text


def _beginning(octets: bytes, most: int) -> bytes:
    """Whole lines as far as they go, so that no character is cut; in UTF-16 and UTF-32 a line feed has four octets."""
    end = octets.rfind(b"\n", 0, most) + 1 or most
    return octets[: end + -end % 4 if b"\0" in octets[:1_000] else end]


def _next_best(scan: Scan) -> _Block | None:
    """The first text with words that is an attachment by its name or type alone, or is all the mail."""
    looked_at, tags = Body(), MOST_LAID_OUT
    for part in scan.root.walk():
        kind = part.type.value
        is_all = part is scan.root and kind.startswith("text/") and kind not in _NO_WORDS
        if is_all or (kind in _TEXTS and part.disposition.value != "attachment"):
            text = _text(scan, part, looked_at)
            if _says(to_text(text, tags) if kind == "text/html" else text):
                return _Block(markup=text) if kind == "text/html" else _Block(plain=text)
            tags -= text.count("<")
            looked_at.attachments.clear()  # it is one already
    return None


def _unpack_winmail(octets: bytes, body: Body) -> None:
    """The files of a winmail.dat beside it, and its text for a mail that has none."""
    found = tnef.unpack(octets)
    if not found.is_whole:
        body.note("tnef")
    for file in found.files:
        kind = file.content_type.lower() or _type_of(file.name)
        body.attachments.append(
            Attachment(_label(file.name), _label(kind), file.data, bool(file.content_id), _label(file.content_id))
        )
    if body.sealed is None and (found.text.strip() or found.markup.strip()):
        body.sealed = _Block(storable(found.text[:LONGEST_TEXT]), storable(found.markup[:LONGEST_READ]))


def _label(text: str) -> str:
    return storable_line(text).strip()[:255]


def _type_of(name: str) -> str:
    """By the end of the name, for files whose program states no type."""
    return _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def _attachment(scan: Scan, part: Part, kind: str, filename: str, disposition: str) -> Attachment:
    octets, _ = payload(scan, part)
    content_id = storable_line(decode(part.field("content-id")[:1_000])).replace("\ufffd", "").strip("<> ")
    if not filename and kind in _SUFFIX:
        filename = "message.eml" if kind == "message/rfc822" else "invite.ics"
    is_inline = disposition == "inline" or (not disposition and bool(content_id)) or kind in _REPORTS
    return Attachment(filename.strip()[:255], storable_line(kind)[:255], octets, is_inline, content_id[:255])


def unflowed(text: str, delete_space: bool = False) -> str:
    """format=flowed put together again (RFC 3676): a line that ends in a space goes on in the next of its depth."""
    pieces: list[str] = []
    open_depth = -1  # of the paragraph that still goes on
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        if not (open_depth == depth and content != "-- "):
            pieces.append(f"\n{'>' * depth} " if depth else "\n")
        pieces.append(content[:-1] if flows and delete_space else content)
        open_depth = depth if flows else -1
    return "".join(pieces)[1:]
