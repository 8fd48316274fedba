"""How is the mail built, and is it within our limits? Looks at the octets alone, once, before anything is decoded.

A level costs one search for its boundary; depth, parts, fields and sizes are bounded, so that hostile mail is cheap
(the limits are mostly those of Postfix). What lies beyond a limit is left out, and the limit is named.
An attached mail (message/rfc822) is a leaf: what is in it is not this mail's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from maild.reading.mime_field import MimeField, read_mime_field

HEADER_BLOCK = 100_000  # octets
HEADER_FIELDS = 1_000
PART_BLOCK, PART_FIELDS = 20_000, 200  # of the header of one part
PART_BLOCKS = 500_000  # octets of the headers of all parts together
PARTS = 1_000
DEPTH = 50
BOUNDARY = 2_048  # octets; RFC 2046 allows 70, Postfix looks at 2,048
NEAR_MISSES = 10_000  # lines that begin like a boundary and go on otherwise

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_GUESS = re.compile(rb"(?:\A|\n)--([^\s]{1,200})[ \t]*\r?\n(?=Content-)", re.IGNORECASE)
_ENDS = re.compile(rb"\n\r*\n")
_FROM = re.compile(rb"^from[ \t]*:", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the mail: its fields as they stand, the span of its body in the octets, and the parts inside.

    Type and disposition are read before anybody knows in which charset undeclared 8-bit octets are.
    """

    fields: tuple[tuple[str, bytes], ...]
    type: MimeField
    disposition: MimeField
    start: int
    end: int
    children: tuple["Part", ...] = ()

    def field(self, name: str) -> bytes:
        """The first field of that name (lower case), or b''."""
        return _first(self.fields, name)

    def walk(self) -> Iterator["Part"]:
        """This part and all inside, in the order of the mail."""
        yield self
        for child in self.children:
            yield from child.walk()


def _first(fields: tuple[tuple[str, bytes], ...], name: str) -> bytes:
    return next((value for key, value in fields if key.lower() == name), b"")


@dataclass(slots=True)
class Scan:
    """The built mail. `octets` is what the spans count in: the raw mail, or a copy where its line ends were odd."""

    octets: bytes
    root: Part
    body_start: int  # where the first octet after the header block stands
    from_count: int  # From fields in the whole block, also beyond the limits
    defects: list[str] = field(default_factory=list)
    beyond: str = ""  # the first limit that was exceeded, or ''
    charset: str = ""  # of the first text: a hint for octets of which nobody says what they mean


def prescan(raw: bytes) -> Scan:
    """Any octets in; out comes how they are built. Recursion is bounded by DEPTH."""
    octets = raw
    if b"\r" in raw[:1_000] and b"\n" not in raw[:HEADER_BLOCK]:
        octets = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")  # a mail of bare CR
    start = _skip_envelope_line(octets)
    reader = _Reader(octets)
    fields, body = reader.fields(start, len(octets), HEADER_BLOCK, HEADER_FIELDS, "header")
    from_count = sum(name.lower() == "from" for name, _ in fields)
    if reader.beyond:
        from_count = len(_FROM.findall(octets, start, body))
    root = reader.part(fields, body, len(octets), 0, "text/plain")
    charset = next((stated for part in root.walk() if (stated := part.type.get("charset"))), "")
    return Scan(octets, root, body, from_count, reader.defects, reader.beyond, charset)


def _skip_envelope_line(octets: bytes) -> int:
    """Past a byte order mark, blank lines and the `From ` line of an mbox."""
    start = 3 if octets.startswith(b"\xef\xbb\xbf") else 0
    while octets[start : start + 1] in (b"\r", b"\n") and start < 100:
        start += 1
    if octets[start : start + 6].lstrip(b">").startswith(b"From "):
        end = octets.find(b"\n", start, start + 1_000)
        start = end + 1 if end >= 0 else start
    return start


class _Reader:
    """Carries the counts of one mail."""

    def __init__(self, octets: bytes) -> None:
        self.octets = octets
        self.parts = 0
        self.header_room = PART_BLOCKS
        self.near_misses = 0
        self.defects: list[str] = []
        self.beyond = ""

    def excess(self, slug: str) -> None:
        """Notes a limit that was passed."""
        self.beyond = self.beyond or slug
        self.fault(slug)

    def fault(self, slug: str) -> None:
        """Notes a defect once."""
        if slug not in self.defects:
            self.defects.append(slug)

    def fields(
        self, start: int, end: int, most: int, count: int, what: str
    ) -> tuple[tuple[tuple[str, bytes], ...], int]:
        """The fields of a header block and where the body begins."""
        octets, position = self.octets, start
        found: list[tuple[str, bytes]] = []
        name, value_start = "", 0
        stop = min(end, start + most)
        body = -1
        while position < stop:
            line_end = octets.find(b"\n", position, end)
            line_end = end if line_end < 0 else line_end + 1
            if octets[position:line_end].strip(b"\r\n") == b"":
                body = line_end
                break
            if octets[position] not in b" \t" or not name:
                match = _FIELD.match(octets, position, line_end)
                if match is None:
                    if not _FIELD.match(octets, line_end, min(end, line_end + 300)):
                        self.fault(f"{what}-unfinished")
                        body = position
                        break
                    self.fault(f"{what}-line")
                if name:
                    found.append((name, octets[value_start : min(position, stop)]))
                name = match[1].decode("ascii") if match else ""
                value_start = match.end() if match else 0
                if len(found) >= count:
                    self.excess(f"{what}-fields")
                    name = ""
                    break
            position = line_end
        if name:
            found.append((name, octets[value_start : min(position, stop)]))
        if body < 0:
            if position < end and not self.beyond:
                self.excess(f"{what}-size")
            match = _ENDS.search(octets, max(start, min(position, end) - 2), end)
            body = match.end() if match else end
        return tuple(found), body

    def part(self, fields: tuple[tuple[str, bytes], ...], start: int, end: int, depth: int, default: str) -> Part:
        """A part whose header is read, with all that is inside."""
        self.parts += 1
        kind = read_mime_field(_first(fields, "content-type"))
        disposition = read_mime_field(_first(fields, "content-disposition"))
        if "/" not in kind.value:
            if kind.value:
                self.fault("content-type")
            kind = MimeField(default if not kind.value.startswith("text") else "text/plain", kind.parameters)
        if not kind.value.startswith("multipart/"):
            return Part(fields, kind, disposition, start, end)
        spans = self.spans(kind.get("boundary"), start, end)
        if not spans:
            self.fault("mime-boundary")
            return Part(fields, MimeField("text/plain", kind.parameters), disposition, start, end)
        if depth >= DEPTH:
            self.excess("mime-depth")
            return Part(fields, kind, disposition, start, end)
        inner = "message/rfc822" if kind.value == "multipart/digest" else "text/plain"
        children: list[Part] = []
        for span_start, span_end in spans:
            if self.parts >= PARTS or self.header_room <= 0:
                self.excess("mime-parts" if self.header_room > 0 else "part-header-size")
                break
            most = min(PART_BLOCK, self.header_room)
            child_fields, body = self.fields(span_start, span_end, most, PART_FIELDS, "part-header")
            self.header_room -= min(body - span_start, most)
            if child_fields or body < span_end:
                children.append(self.part(child_fields, body, span_end, depth + 1, inner))
        return Part(fields, kind, disposition, start, end, tuple(children))

    def spans(self, boundary: str, start: int, end: int) -> list[tuple[int, int]]:
        """Where the parts between the boundary's lines stand; a boundary that is not stated or wrong is guessed."""
        found: list[tuple[int, int]] = []
        if len(boundary) > BOUNDARY:
            self.excess("boundary-size")
        elif boundary:
            found = self.between(boundary.rstrip().encode("utf-8", "replace"), start, end)
        if not found and (guess := _GUESS.search(self.octets, max(0, start - 1), min(end, start + 20_000))):
            self.fault("mime-boundary")
            found = self.between(guess[1], start, end)
        return found

    def between(self, boundary: bytes, start: int, end: int) -> list[tuple[int, int]]:
        """The spans that the lines `--boundary` part, up to `--boundary--` or the end (RFC 2046 section 5.1.1)."""
        octets, line = self.octets, b"--" + boundary
        spans: list[tuple[int, int]] = []
        open_at = -1
        hit = start if octets.startswith(line, start, end) else self._next(line, start, end)
        while hit >= 0:
            after = hit + len(line)
            line_end = octets.find(b"\n", after, min(end, after + 300))
            rest = octets[after : line_end if line_end >= 0 else min(end, after + 300)].strip(b" \t\r")
            if rest in (b"", b"--"):
                if open_at >= 0:
                    spans.append((open_at, max(open_at, self._before_line_end(hit))))
                open_at = line_end + 1 if rest == b"" and line_end >= 0 else -1
                if rest == b"--" or line_end < 0:
                    break
                if len(spans) > PARTS:
                    self.excess("mime-parts")
                    open_at = -1
                    break
            else:
                self.near_misses += 1
                if self.near_misses > NEAR_MISSES:
                    self.excess("mime-parts")
                    break
            hit = self._next(line, after, end)
        if open_at >= 0:
            self.fault("mime-unclosed")
            spans.append((open_at, end))
        return spans

    def _next(self, line: bytes, start: int, end: int) -> int:
        found = self.octets.find(b"\n" + line, max(0, start - 1), end)
        return found + 1 if found >= 0 else -1

    def _before_line_end(self, position: int) -> int:
        """The line end before a boundary belongs to the boundary."""
        position -= 1
        return position - 1 if self.octets[position - 1 : position] == b"\r" else position
