"""Which octets does a part hold? Its transfer encoding taken off (RFC 2045 section 6), whatever is wrong with it."""

import binascii
import re

from maild.reading.mime_field import read_mime_field
from maild.reading.prescan import Part, Scan

LOOKED_AT = 4_000  # octets that tell whether base64 is what it says

_AS_IT_IS = frozenset({"", "7bit", "8bit", "binary", "8-bit", "7-bit", "8bits", "7bits", "none", "utf-8", "utf8"})

_NO_LETTER = re.compile(rb"[^A-Za-z0-9+/=]")
_KNOWN = _AS_IT_IS | {"base64", "quoted-printable"}


def payload(scan: Scan, part: Part) -> tuple[bytes, str]:
    """The octets of a leaf after its transfer encoding (RFC 2045 section 6), and '' or the slug of a defect.

    Junk within base64 is skipped; an encoding that nobody knows leaves the octets as they are.
    """
    stated = part.field("content-transfer-encoding")
    encoding = stated.strip().lower().decode("ascii", "replace")
    if encoding not in _KNOWN:
        encoding = read_mime_field(stated).value  # with a comment, a parameter, quotes
    octets = memoryview(scan.octets)[part.start : part.end]
    if encoding == "base64":
        padding = scan.octets.find(b"=", part.start, part.end)
        return _base64(octets, padding >= 0 and bool(scan.octets[padding : part.end].strip(b"= \t\r\n")))
    if encoding == "quoted-printable":
        return binascii.a2b_qp(octets), ""
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uuencoded(bytes(octets))
    return bytes(octets), "" if encoding in _AS_IT_IS else "transfer-encoding"


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
    lines = (line for line in bytes(octets).split(b"\n") if b" " not in line.strip())  # words: a list's footer
    letters = _NO_LETTER.sub(b"", b"".join(lines))
    return b"".join(_piece(piece) for piece in letters.replace(b"==", b"=").split(b"=")), "base64"


def _has_words(sample: bytes) -> bool:
    lines = [line.strip() for line in sample.split(b"\n")[:-1] or [sample]]
    return 2 * sum(b" " in line for line in lines) > sum(bool(line) for line in lines)


def _piece(letters: bytes) -> bytes:
    """What stands before a padding: some programs join texts that were encoded one by one."""
    letters = letters[:-1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


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
