"""Writes header fields, and refuses whatever could become a second one (RFC 5322 2.2, RFC 2047, RFC 2231).

Promise: each function gives exactly one field, in ASCII, folded at 78 columns, no line above 998, ended by CRLF.
"""

import base64
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote

from maild.mail import Address, written_form

WIDTH = 78
_ENCODED_WORD = 75  # RFC 2047 2
_MARKS = len("=?utf-8?q??=")
_LONGEST_PLAIN = 70  # a longer word could not be folded: it is encoded, which can
_SEGMENT = 50  # octets of a file name in one RFC 2231 segment
_BLANK = re.compile(r"[\s\x1c-\x1f\x85\u2028\u2029]+")
# Controls, bidi and other format characters, zero width, surrogates, non-characters. NBSP is a blank and becomes one.
_NOT_SHOWN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u070f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,75}")
_PLAIN = re.compile(r"[!-~]+")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_MESSAGE_ID = re.compile(r"[!-;=?-~]{1,900}")
_URL = re.compile(r"[a-z]{2,10}:[!-;=?-~]{1,900}")
_Q_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!*+-/")
_Q = [chr(b) if b in _Q_PLAIN else "_" if b == 32 else f"={b:02X}" for b in range(256)]


class BadHeader(ValueError):
    """A value that must not go into a header: it holds a control character, or is no address where one is due."""


def clean(text: str) -> str:
    """A subject or a name as it may be shown: one line, single blanks, nothing invisible, no bidi marks."""
    if text.isprintable() and "  " not in text and not _NOT_SHOWN.search(text):
        return text.strip(" ")
    return _BLANK.sub(" ", _NOT_SHOWN.sub("", _BLANK.sub(" ", text))).strip(" ")


def is_message_id(text: str) -> bool:
    """Whether it can stand between angle brackets and be found again (RFC 5322 3.6.4, and laxer: no @ is asked for)."""
    return _MESSAGE_ID.fullmatch(text) is not None


def unstructured(name: str, value: str) -> bytes:
    """A field of free text, such as Subject. Only words that need it are encoded: a reference stays as it is.

    Runs of blanks become one. Raises BadHeader for a control character in the value, or a name that is none.
    """
    line = " ".join(_checked(name, value).split())
    if line.isascii() and len(name) + len(line) < WIDTH - 2 and "=?" not in line:
        return f"{name}: {line}\r\n".encode("ascii")
    return _field(name, _words(line))


@lru_cache(maxsize=1024)
def addresses(name: str, people: tuple[Address, ...]) -> bytes:
    """An address field, such as From. The domain leaves in IDNA.

    Raises BadHeader for a control character and for an address that mail.is_deliverable refuses.
    """
    pieces: list[str] = []
    for i, person in enumerate(people):
        spec, comma = _addr_spec(person.address), "," if i + 1 < len(people) else ""
        label = _checked(name, person.name)
        pieces += [*_phrase(label), f"<{spec}>{comma}"] if label else [spec + comma]
    return _field(name, pieces)


def message_ids(name: str, ids: Iterable[str]) -> bytes:
    """A field of message ids, given without angle brackets. Raises BadHeader for what is none."""
    found = list(ids)
    for one in found:
        if not is_message_id(one):
            raise BadHeader(f"{name}: {one!r} is no message id")
    return _field(name, [f"<{one}>" for one in found])


def urls(name: str, found: Iterable[str]) -> bytes:
    """A field of URLs, such as List-Unsubscribe (RFC 2369): none is broken or encoded. Raises BadHeader for what has a
    blank, a bracket or a character beyond ASCII in it."""
    pieces = list(found)
    for one in pieces:
        if not _URL.fullmatch(one):
            raise BadHeader(f"{name}: {one!r} can't stand in a header")
    return _field(name, [f"<{one}>" for one in pieces])


def parameters(name: str, value: str, pairs: Iterable[tuple[str, str]]) -> bytes:
    """A field with parameters, such as Content-Disposition. Those beyond ASCII, or long, go by RFC 2231."""
    pieces = [_checked(name, value)]
    for key, text in pairs:
        pieces[-1] += ";"
        pieces += _parameter(key, _checked(name, text))
    return _field(name, pieces)


def _checked(name: str, value: str) -> str:
    if not _NAME.fullmatch(name):
        raise BadHeader(f"{name!r} is no name of a header")
    bad = _CONTROL.search(value)
    if bad:
        raise BadHeader(f"{name}: the value holds the control character U+{ord(bad[0]):04X}")
    return value


def _addr_spec(address: str) -> str:
    spec = written_form(address)
    if not spec:
        raise BadHeader(f"{address!r} is no address that can be written to")
    return spec


def _phrase(name: str) -> list[str]:
    """A display name: atoms, a quoted string, or encoded-words (which never stand inside quotes, RFC 2047 5)."""
    if name.isascii() and "=?" not in name and len(name) <= _LONGEST_PLAIN:
        if _ATOMS.fullmatch(name):
            return name.split()
        return ['"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"']
    return [_Encoded(" ".join(name.split()))]


class _Encoded(str):
    """Words that must be encoded together, so that the blanks between them are not lost (RFC 2047 6.2)."""


def _words(value: str) -> list[str]:
    pieces: list[str] = []
    for word in value.split():
        if _PLAIN.fullmatch(word) and "=?" not in word and len(word) <= _LONGEST_PLAIN:
            pieces.append(word)
        elif pieces and isinstance(pieces[-1], _Encoded):
            pieces[-1] = _Encoded(f"{pieces[-1]} {word}")
        else:
            pieces.append(_Encoded(word))
    return pieces


def _encoded_words(text: str, room: int) -> Iterator[str]:
    """Encoded-words of at most 75 characters, the first of at most `room`; no character is split between two."""
    octets = text.encode("utf-8", "replace")
    is_q = sum(len(_Q[b]) for b in octets) <= 2 * len(octets)  # readable in a raw mail while it is mostly ASCII
    room = min(room, _ENCODED_WORD) - _MARKS
    chunk: list[bytes] = []
    used = 0
    for char in text:
        data = char.encode("utf-8", "replace")
        cost = sum(len(_Q[b]) for b in data) if is_q else len(data)
        if used + cost > (room if is_q else room // 4 * 3):
            yield _encoded_word(b"".join(chunk), is_q)
            chunk, used, room = [], 0, _ENCODED_WORD - _MARKS
        chunk.append(data)
        used += cost
    if chunk:
        yield _encoded_word(b"".join(chunk), is_q)


def _encoded_word(data: bytes, is_q: bool) -> str:
    return f"=?utf-8?q?{''.join(_Q[b] for b in data)}?=" if is_q else f"=?utf-8?b?{base64.b64encode(data).decode()}?="


def _parameter(key: str, text: str) -> list[str]:
    if text.isascii() and "=?" not in text and len(key) + len(text) < 65:  # else programs decode it (RFC 2047)
        return [f'{key}="' + text.replace("\\", "\\\\").replace('"', '\\"') + '"']
    segments = [""]
    for char in text:
        octets = quote(char.encode("utf-8", "replace"), safe="")
        if len(segments[-1]) + len(octets) > _SEGMENT:
            segments.append("")
        segments[-1] += octets
    segments[0] = "utf-8''" + segments[0]
    if len(segments) == 1:
        return [f"{key}*={segments[0]}"]
    return [f"{key}*{i}*={s}" + (";" if i + 1 < len(segments) else "") for i, s in enumerate(segments)]


def _field(name: str, pieces: Iterable[str]) -> bytes:
    """Name and pieces, one blank between them, folded so that no line passes WIDTH where a piece allows it."""
    out, column, is_first = [f"{name}:"], len(name) + 1, True
    for piece in pieces:
        parts: Iterable[str] = (piece,)
        if isinstance(piece, _Encoded):
            room = WIDTH - column - 1
            parts = _encoded_words(piece, room if room >= _MARKS + 12 else _ENCODED_WORD)
        for part in parts:
            # A first line of the name alone is legal, but some servers take it for an empty field.
            if column + 1 + len(part) > WIDTH and not is_first:
                out.append("\r\n")
                column = 0
            out.append(" " + part)
            column += 1 + len(part)
            is_first = False
    out.append("\r\n")
    return "".join(out).encode("ascii")
