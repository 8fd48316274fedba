"""What do the bytes of an IMAP server say? Responses out of a stream, what a FETCH holds, names and UID sets; no I/O.

Limits first: a server that sends an endless line or announces a huge literal is refused before it costs memory.
"""

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone

from maild.errors import Temporary

LONGEST_LINE = 8 * 1024 * 1024  # octets; UID SEARCH answers in one line: half a million UIDs fit
LARGEST_LITERAL = 8 * 1024 * 1024  # octets; a larger mail is asked for in pieces
LONGEST_SET = 900  # characters of a UID set: RFC 7162 4 would have whole command lines below 8192, RFC 2683 below 1000

Parts = list[bytes]  # of one response: text, literal, text, literal, ..., text

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE_TIME = re.compile(r"(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
_LITERAL = re.compile(rb"\{(\d+)\}$")
_NO_LITERAL = re.compile(rb"\* (?:OK|NO|BAD|BYE|PREAUTH)\b", re.IGNORECASE)
_TOKEN = re.compile(rb'[ ]+|\(|\)|"((?:[^"\\]|\\.)*)"|~?\{\d+\}|[^ ()"{]+')
_COPYUID = re.compile(rb"(?:\* )?OK \[COPYUID (\d{1,10}) ([\d:,]+) ([\d:,]+)\]", re.IGNORECASE)
_FETCH = re.compile(rb"\* \d+ FETCH \(", re.IGNORECASE)


class Garbled(Temporary):
    """The server's bytes are not IMAP, or exceed a limit; the connection is of no more use."""


class ResponseReader:
    """Cuts the stream into responses (RFC 9051 2.2.2, 4.3), however the network cuts it.

    A line goes on only after a literal; brackets do not count. The text for people in a status response may end like a
    literal and is none.
    """

    def __init__(self, longest_line: int = LONGEST_LINE, largest_literal: int = LARGEST_LITERAL) -> None:
        self._longest_line = longest_line
        self._largest_literal = largest_literal
        self._buffer = bytearray()
        self._searched = 0  # of the buffer, without an end of line
        self._parts: Parts = []
        self._literal: bytearray | None = None
        self._missing = 0

    @property
    def is_between_responses(self) -> bool:
        """Whether nothing has been begun that is not complete."""
        return not self._buffer and not self._parts

    def feed(self, data: bytes) -> list[Parts]:
        """The responses that these bytes complete. Garbled: read no further."""
        self._buffer += data
        complete: list[Parts] = []
        while self._fill_literal():
            line = self._next_line()
            if line is None:
                break
            self._parts.append(line)
            size = self._announced()
            if size is not None:
                self._literal, self._missing = bytearray(), size
            else:
                complete.append(self._parts)
                self._parts = []
        return complete

    def _fill_literal(self) -> bool:
        """Whether no literal is under way any more."""
        if self._literal is None:
            return True
        self._literal += self._buffer[: self._missing]
        taken = min(len(self._buffer), self._missing)
        del self._buffer[:taken]
        self._missing -= taken
        if self._missing:
            return False
        self._parts.append(bytes(self._literal))
        self._literal = None
        return True

    def _next_line(self) -> bytes | None:
        end = self._buffer.find(b"\r\n", self._searched)
        if end < 0:
            self._searched = max(0, len(self._buffer) - 1)
            if len(self._buffer) > self._longest_line:
                raise Garbled(f"a line of more than {self._longest_line} octets")
            return None
        if end > self._longest_line:
            raise Garbled(f"a line of {end} octets")
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        self._searched = 0
        return line

    def _announced(self) -> int | None:
        """The size of the literal that follows the last text, if one does."""
        match = _LITERAL.search(self._parts[-1])
        if match is None or not self._parts[0].startswith(b"* ") or _NO_LITERAL.match(self._parts[0]):
            return None
        if len(match[1]) > 12 or int(match[1]) > self._largest_literal:
            raise Garbled(f"a literal of {match[1][:24].decode()} octets")
        return int(match[1])


def fetch_items(response: Sequence[bytes]) -> dict[bytes, bytes | None] | None:
    """What a FETCH response says, by upper-case name: `UID`, `BODY[]`, ...; None for another response.

    Lists come as None, NIL as None. Garbled where it does not follow RFC 9051 7.5.2.
    """
    if not response or not _FETCH.match(response[0]):
        return None
    tokens = _tokens(response)
    items: dict[bytes, bytes | None] = {}
    for name in tokens:
        value = next(tokens, None)
        if value is None:
            raise Garbled("a FETCH response with a name and no value")
        items[name[1].upper()] = value[1] if value[0] else _nil(value[1])
    return items


def _nil(atom: bytes) -> bytes | None:
    return None if atom.upper() in (b"NIL", b"(") else atom


def _tokens(response: Sequence[bytes]) -> Iterator[tuple[bool, bytes]]:
    """(is it a string, its text) for all that stands directly in the outer brackets; a list counts as one `(`."""
    depth = 0
    head = _FETCH.match(response[0])
    start = head.end() - 1 if head else 0
    for index in range(0, len(response), 2):
        text, literal = response[index], response[index + 1] if index + 1 < len(response) else None
        while start < len(text):
            match = _TOKEN.match(text, start)
            if match is None:
                raise Garbled("a FETCH response that can't be read")
            token, start = match[0], match.end()
            if token == b"(":
                depth += 1
                if depth == 2:
                    yield False, token
            elif token == b")":
                depth -= 1
            elif depth == 1 and not token.startswith(b" "):
                if token.startswith(b'"'):
                    yield True, re.sub(rb"\\(.)", rb"\1", match[1], flags=re.DOTALL)
                elif token.endswith(b"}") and literal is not None and start == len(text):
                    yield True, literal
                else:
                    yield False, token
        start = 0
    if depth:
        raise Garbled("a FETCH response whose brackets do not close")


def numbers(texts: Iterable[bytes]) -> list[int]:
    """The UIDs of SEARCH responses (`* SEARCH 2 84 882`), ascending, each once. Garbled where they are no UIDs."""
    found: set[int] = set()
    for text in texts:
        for word in text.split()[2:]:
            if not (word.isdigit() and 0 < len(word) <= 10):
                raise Garbled("a SEARCH response with something else than numbers")
            found.add(int(word))
    return sorted(found)


def copied(texts: Iterable[bytes], asked: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Where the mails lie now, by their UID before: (UIDVALIDITY, UID). Nothing for those of which nothing is said.

    RFC 4315 3: COPYUID pairs two sets in their order. A pair of sets that do not fit together says nothing.
    """
    found: dict[int, tuple[int, int]] = {}
    wanted = set(asked)
    for said in filter(None, map(_COPYUID.match, texts)):
        before, after = (_expanded(uid_set, len(wanted)) for uid_set in said.group(2, 3))
        if len(before) == len(after):
            validity = int(said[1])
            found.update((uid, (validity, new)) for uid, new in zip(before, after, strict=True) if uid in wanted)
    return found


def _expanded(uid_set: bytes, most: int) -> list[int]:
    """The members of a UID set in its order; nothing where it has more, or is none."""
    members: list[int] = []
    for word in uid_set.split(b","):
        ends = word.split(b":")
        if len(ends) > 2 or not all(end.isdigit() and len(end) <= 10 for end in ends):
            return []
        first, last = int(ends[0]), int(ends[-1])
        if abs(last - first) >= most - len(members):
            return []
        members.extend(range(first, last + 1) if first <= last else range(first, last - 1, -1))
    return members


def instant(internal_date: bytes) -> datetime | None:
    """An INTERNALDATE (RFC 9051 9, date-time), such as ` 1-Nov-2026 10:00:00 +0100`; None for what is none."""
    match = _DATE_TIME.fullmatch(internal_date.decode("ascii", "replace").strip())
    if match is None or match[2].title() not in _MONTHS:
        return None
    day, _, year, hour, minute, second, sign, zone_hours, zone_minutes = match.groups()
    away = timedelta(hours=int(zone_hours), minutes=int(zone_minutes))
    try:
        zone = timezone(-away if sign == "-" else away)
        month = _MONTHS.index(match[2].title()) + 1
        return datetime(int(year), month, int(day), int(hour), int(minute), min(int(second), 59), tzinfo=zone)
    except ValueError:
        return None


def uid_sets(uids: Iterable[int], longest: int = LONGEST_SET) -> Iterator[tuple[str, list[int]]]:
    """UID sets such as `1:4,9`, at most `longest` characters each, with the UIDs they stand for; none but the given."""
    words: list[str] = []
    members: list[int] = []
    for first, last in _runs(sorted(set(uids))):
        word = f"{first}:{last}" if last > first else str(first)
        if words and len(",".join(words)) + 1 + len(word) > longest:
            yield ",".join(words), members
            words, members = [], []
        words.append(word)
        members.extend(range(first, last + 1))
    if words:
        yield ",".join(words), members


def _runs(uids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Runs of neighbours."""
    start = 0
    for index, uid in enumerate(uids):
        if index + 1 == len(uids) or uids[index + 1] != uid + 1:
            yield uids[start], uid
            start = index + 1


def quoted(text: str) -> str:
    """A quoted string (RFC 9051 9). ValueError for what one can't hold: control characters and all beyond ASCII."""
    if not (text.isascii() and text.isprintable()):
        raise ValueError("a quoted string holds printable ASCII only")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def folder_name(name: str) -> str:
    """A folder's name as the server wants it: modified UTF-7 (RFC 3501 5.1.3), then quoted."""
    pieces = []
    for plain, other in re.findall(r"([ -~]+)|([^ -~]+)", name):
        if plain:
            pieces.append(plain.replace("&", "&-"))
        else:
            octets = base64.b64encode(other.encode("utf-16-be")).decode("ascii")
            pieces.append(f"&{octets.rstrip('=').replace('/', ',')}-")
    return quoted("".join(pieces))
