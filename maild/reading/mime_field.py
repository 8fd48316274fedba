"""What do a Content-Type and a Content-Disposition say? Value and parameters, RFC 2045 and RFC 2231, in linear time.

Total: any octets give an answer; what is broken is read as far as it goes.
"""

import re
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import unquote_to_bytes

from maild.reading.charset import decode, storable_line
from maild.reading.field_text import characters, decode_words

LONGEST = 8_000  # characters of a field that are looked at
MOST_PIECES = 100  # parameters, or pieces of them
MOST_SEGMENTS = 32  # of one parameter in pieces (CVE-2026-27859 of Dovecot)

# The two alternatives begin with different characters, so that nothing is tried twice.
_PIECE = re.compile(r'(?:[^;"]|"(?:\\.|[^"\\])*"?)+')
_NAME = re.compile(r"([^*\s]{1,60})(?:\*(\d{1,3}))?(\*)?")
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class MimeField:
    """The value before the first semicolon, lower case, and the parameters, names lower case, decoded."""

    value: str
    parameters: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """A parameter, or ''."""
        return self.parameters.get(name, "")


def read_mime_field(raw: bytes, hint: str = "") -> MimeField:
    """A field's body as it stands in the mail, folded or not. `hint` is the charset of undeclared 8-bit octets."""
    if not raw:
        return MimeField("")
    found = _PIECE.finditer(characters(raw, hint)[:LONGEST])
    pieces = [match[0].strip() for match in islice(found, 1 + MOST_PIECES)]
    if not pieces:
        return MimeField("")
    value = "" if "=" in pieces[0] else pieces[0].partition(" ")[0].lower()
    plain: dict[str, str] = {}
    split: dict[str, dict[int, tuple[str, bool]]] = {}
    for piece in pieces[0 if not value else 1 :]:
        name, equals, content = piece.partition("=")
        match = _NAME.fullmatch(name.strip().lower())
        if not equals or match is None:
            continue
        content = _unquoted(content.strip())
        if match[2] is None and match[3] is None:
            plain.setdefault(match[1], storable_line(decode_words(content)))
        elif len(segments := split.setdefault(match[1], {})) < MOST_SEGMENTS:
            segments.setdefault(int(match[2] or 0), (content, match[3] is not None))
    return MimeField(value, plain | {name: _joined(segments) for name, segments in split.items()})


def _unquoted(text: str) -> str:
    if text[:1] != '"':
        return text.partition(" (")[0] if text[-1:] == ")" else text  # a comment
    return _ESCAPED.sub(r"\1", text[1:-1] if text[-1:] == '"' and len(text) > 1 else text[1:])


def _joined(segments: dict[int, tuple[str, bool]]) -> str:
    """RFC 2231: the charset stands before the first segment; only segments marked with `*` are percent-encoded.

    Where none is, some programs part an encoded-word over the segments.
    """
    if not any(is_encoded for _, is_encoded in segments.values()):
        return storable_line(decode_words("".join(segments[number][0] for number in sorted(segments))))
    charset, octets = "", b""
    for position, number in enumerate(sorted(segments)):
        text, is_encoded = segments[number]
        if is_encoded and position == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        octets += unquote_to_bytes(text) if is_encoded else text.encode("utf-8", "replace")
    return storable_line(decode(octets, charset))
