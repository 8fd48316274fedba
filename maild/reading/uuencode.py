"""Which files stand in the text itself? Between `begin 644 name` and `end`, as programs sent them before MIME.

Only what is whole and right is taken out; prose that begins like it, and yEnc, stay as they are.
"""

import binascii
import re
from io import BytesIO
from typing import NamedTuple

MOST_FILES = 20
MOST_LINES = 500_000
MOST_TRIED = 10_000  # lines that begin a file, or seem to

_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.MULTILINE)
_END = frozenset({b"end", b"===="})


class Unpacked(NamedTuple):
    """The text without the files, and each file's name and octets."""

    text: bytes
    files: list[tuple[bytes, bytes]]


def unpack(text: bytes) -> Unpacked:
    """A text before its charset is read: these files are of ASCII in any. Linear: each line is looked at once."""
    kept: list[bytes] = []
    files: list[tuple[bytes, bytes]] = []
    position = 0
    for _ in range(MOST_TRIED if b"begin" in text else 0):
        begin = _BEGIN.search(text, position)
        if begin is None or len(files) == MOST_FILES:
            break
        data, end = _file(text, begin.end(), begin[0].startswith(b"begin-base64"))
        if not data:
            kept.append(text[position:end])
        else:
            kept.append(text[position : begin.start()])
            files.append((begin[1].strip(), data))
        position = end
    return Unpacked(b"".join((*kept, text[position:])) if files else text, files)


def _file(text: bytes, start: int, is_base64: bool) -> tuple[bytes | None, int]:
    """The octets, and where the line after `end` begins; None where a line is none of a file, and where that is."""
    found = BytesIO()
    position = start
    for _ in range(MOST_LINES):
        line_end = text.find(b"\n", position)
        line_end = len(text) if line_end < 0 else line_end
        line = text[position:line_end].removesuffix(b"\r")
        if line.rstrip() in _END:
            return found.getvalue(), min(line_end + 1, len(text))
        piece = _octets(line, is_base64)
        if piece is None or line_end == len(text):
            return None, position
        found.write(piece)
        position = line_end + 1
    return None, position


def _octets(line: bytes, is_base64: bool) -> bytes | None:
    """The octets of one line, which has as many characters as it says, or one more: some programs add a sum."""
    try:
        if is_base64:
            return binascii.a2b_base64(line, strict_mode=True)
        length = (line[0] - 32) & 63 if line else 0
        least, most = 1 + (length * 4 + 2) // 3, 2 + (length + 2) // 3 * 4
        if not least <= len(line) <= most and line.strip():
            return None
        return binascii.a2b_uu(line[: most - 1]) if length else b""
    except (binascii.Error, ValueError):
        return None
