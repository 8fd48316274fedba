"""Which octets does a part hold? Its transfer encoding taken off (RFC 2045 section 6), whatever is wrong with it."""

import binascii
import re
from collections.abc import Iterator
from io import BytesIO

from maild.reading.mime_field import read_mime_field
from maild.reading.prescan import Part, Scan

LOOKED_AT = 4_000  # octets that tell whether base64 is what it says

BLOCK = 65_536  # octets that are decoded at a time, so that no second copy of a large part is made

_AS_IT_IS = frozenset({"", "7bit", "8bit", "binary", "8-bit", "7-bit", "8bits", "7bits", "none", "utf-8", "utf8"})

_NO_LETTER = re.compile(rb"[^A-Za-z0-9+/=]")
_UU_BEGIN = re.compile(rb"(?m)^begin [0-7]{3,4} [^\r\n]*+\r?\n")
_KNOWN = _AS_IT_IS | {"base64", "quoted-printable"}


def payload(scan: Scan, part: Part) -> tuple[bytes, str]:
    """The octets of a leaf after its transfer encoding (RFC 2045 section 6), and '' or the slug of a defect.

    Junk within base64 is skipped; an encoding that nobody knows leaves the octets as they are.
    """
    encoding = _encoding(part)
    octets = memoryview(scan.octets)[part.start : part.end]
    if encoding == "base64":
        padding = scan.octets.find(b"=", part.start, part.end)
        return _base64(octets, padding >= 0 and _goes_on(octets[padding - part.start :]))
    if encoding == "quoted-printable":
        return _quoted(octets), ""
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uuencoded(octets)
    return bytes(octets), "" if encoding in _AS_IT_IS else "transfer-encoding"


def is_encoded(part: Part) -> bool:
    """Whether the octets of the part say nothing of how many lines or tags are in it."""
    return _encoding(part) not in _AS_IT_IS


def _encoding(part: Part) -> str:
    stated = part.field("content-transfer-encoding")
    encoding = stated.strip().lower().decode("ascii", "replace")
    return encoding if encoding in _KNOWN else read_mime_field(stated).value  # with a comment, a parameter, quotes


def _blocks(octets: memoryview) -> Iterator[bytes]:
    """The octets in blocks that end with a line, where lines are shorter than a block."""
    position = 0
    while position < len(octets):
        block = bytes(octets[position : position + BLOCK])
        if position + BLOCK < len(octets):
            end = block.rfind(b"\n") + 1 or block.rfind(b"\r") + 1
            if not end:
                end = block.find(b"=", BLOCK - 2) if b"=" in block[-2:] else BLOCK  # no `=C3` is cut in two
            block = block[:end]
        position += len(block)
        yield block


def _goes_on(octets: memoryview) -> bool:
    """Whether letters follow a padding."""
    return any(block.strip(b"= \t\r\n") for block in _blocks(octets))


def _quoted(octets: memoryview) -> bytes:
    found = BytesIO()
    for block in _blocks(octets):
        found.write(binascii.a2b_qp(block))
    return found.getvalue()


def _base64(octets: memoryview, goes_on: bool) -> tuple[bytes, str]:
    """`goes_on` says that letters follow a padding."""
    if _has_words(bytes(octets[:LOOKED_AT])):
        return bytes(octets), "base64"  # words, and no base64 at all
    end = bytes(octets[-LOOKED_AT:]).split(b"\n")
    if not goes_on and not any(b" " in line.strip() for line in end):
        try:
            return binascii.a2b_base64(octets), ""
        except binascii.Error:
            pass
    found, rest = BytesIO(), b""
    for block in _blocks(octets):
        if b" " in block:  # words: a list's footer
            block = b"".join(line for line in block.split(b"\n") if b" " not in line.strip())
        *ended, rest = (rest + _NO_LETTER.sub(b"", block)).replace(b"==", b"=").split(b"=")
        for piece in ended:
            found.write(_piece(piece))
        whole = len(rest) // 4 * 4
        found.write(binascii.a2b_base64(rest[:whole]))
        rest = rest[whole:]
    found.write(_piece(rest))
    return found.getvalue(), "base64"


def _has_words(sample: bytes) -> bool:
    lines = [line.strip() for line in sample.split(b"\n")[:-1] or [sample]]
    return 2 * sum(b" " in line for line in lines) > sum(bool(line) for line in lines)


def _piece(letters: bytes) -> bytes:
    """What stands before a padding: some programs join texts that were encoded one by one."""
    letters = letters[:-1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _uuencoded(octets: memoryview) -> tuple[bytes, str]:
    begin = _UU_BEGIN.search(octets)
    found = BytesIO()
    for block in _blocks(octets[begin.end() if begin else 0 :]):
        for line in block.splitlines():
            if line in (b"end", b"`", b" "):
                return found.getvalue(), ""
            try:
                found.write(binascii.a2b_uu(line))
            except binascii.Error:
                return bytes(octets), "uuencode"
    return found.getvalue(), ""
