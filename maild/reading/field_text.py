"""How is a header field's value shown to a person? Unfolded, its encoded-words decoded (RFC 2047), 8-bit octets read.

A broken encoded-word is shown as it stands and never dropped.
"""

import binascii
import re

from maild.reading.charset import decode, storable_line

LONGEST = 20_000  # octets of one value that are looked at

# Some programs leave a question mark as it is (RFC 2047 4.2 forbids it): a few are borne.
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*+(?:\?(?![=?])[^?\s]*+){0,4}\??)\?=")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]*={0,3}")


def unfold(value: bytes) -> bytes:
    """The value on one line (RFC 5322 section 2.2.3), without the blanks at its ends, at most LONGEST octets."""
    if b"\n" not in value:
        return value[:LONGEST].strip(b" \t\r")
    return b" ".join([line.strip(b" \t\r") for line in value[:LONGEST].split(b"\n")]).strip()


def characters(value: bytes, hint: str = "") -> str:
    """The value unfolded and as characters, encoded-words untouched: what has a syntax is parsed in this form.

    `hint` is the charset of the mail's text: programs that write 8-bit octets into a field mean the same there.
    """
    return storable_line(decode(unfold(value), "", hint))


def shown(value: bytes, hint: str = "") -> str:
    """The value as a person reads it, on one line. CR, LF and NUL that come out of decoding are U+FFFD."""
    return decode_words(characters(value, hint))


def decode_words(text: str) -> str:
    """Text with its encoded-words decoded; those that touch or are parted by blanks alone flow into one another."""
    if "=?" not in text:
        return text
    pieces: list[str] = []
    octets, charset = b"", ""  # words of one charset are joined first: some programs part a character between two
    end = 0
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        word = _octets(match[2], match[3])
        name = match[1].partition("*")[0].lower()  # RFC 2231 section 5: charset*language
        if octets and (between.strip() or word is None or name != charset):
            pieces.append(decode(octets, charset))
            octets = b""
            between = between if between.strip() or word is None else ""
        elif octets:
            between = ""
        pieces.append(between)
        if word is None:
            pieces.append(match[0])
        else:
            octets, charset = octets + word, name
        end = match.end()
    if octets:
        pieces.append(decode(octets, charset))
    return storable_line("".join(pieces) + text[end:])


def _octets(encoding: str, text: str) -> bytes | None:
    if encoding in "qQ":
        if not text.isascii():
            return None
        return binascii.a2b_qp(text.encode("ascii"), header=True)
    packed = "".join(text.split())
    if not _BASE64.fullmatch(packed):
        return None
    packed = packed.rstrip("=").replace("-", "+").replace("_", "/")
    if len(packed) % 4 == 1:
        return None
    return binascii.a2b_base64(packed + "=" * (-len(packed) % 4))
