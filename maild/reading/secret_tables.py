"""Which cells of a table hold secrets? Those below a head such as `password`, between tabs, bars, commas.

A row is looked at once, and those of a table never begin another one: linear in the text.
"""

import re
from collections.abc import Iterator, Sequence

from maild.reading.secret_values import is_none, is_number
from maild.reading.secret_words import LABEL

Span = tuple[int, int]

_LONGEST_LINE = 2_000  # characters of a row
_LONGEST_HEAD = 40
_DELIMITERS = "\t|;,"
_RULE = re.compile(r"[\s|:+-]*")
_FRAME = " \t\r\n\"'*_"
_KINDS = frozenset({"password", "phrase", "code", "key"})
_SHORT = frozenset({"pass", "pw", "pin"})  # heads only beside that of a user
_USER = re.compile(r"(?:login|user|utilisateur|identifiant|compte|account|e-?mail|nom|name)\b.{0,20}")


def columns(text: str, folded: str, labels: Sequence[int]) -> Iterator[Span]:
    """The cells, without what frames them. `labels`: where the words for secrets stand, in order."""
    done = 0
    for position in labels:
        if position < done:
            continue
        start, done = _line_at(text, position)
        head = _head(folded[start:done])
        while head is not None and done < len(text):
            delimiter, count, wanted = head
            row, end = _line_at(text, done)
            cells = _cells(text[row:end], delimiter)
            if len(cells) != count or end - row > _LONGEST_LINE:
                break
            yield from _secrets(text, row, [cells[column] for column in wanted])
            done = end


def _line_at(text: str, position: int) -> Span:
    """The line there with its end; of one that is too long a piece."""
    start = text.rfind("\n", max(0, position - _LONGEST_LINE), position) + 1
    end = text.find("\n", position, position + _LONGEST_LINE)
    return start or max(0, position - _LONGEST_LINE), end + 1 if end >= 0 else min(len(text), position + _LONGEST_LINE)


def _head(line: str) -> tuple[str, int, list[int]] | None:
    """What parts its cells, how many they are, and which of them are heads of secrets."""
    for delimiter in _DELIMITERS:
        heads = [line[a:b].strip(_FRAME) for a, b in _cells(line, delimiter)] if delimiter in line else []
        if any(len(head) > _LONGEST_HEAD or set(head) & set("=:") for head in heads):
            continue
        wanted = [n for n, head in enumerate(heads) if (m := LABEL.fullmatch(head)) and m.lastgroup in _KINDS]
        if any(heads[n] not in _SHORT for n in wanted) or (wanted and any(map(_USER.fullmatch, heads))):
            return delimiter, len(heads), wanted
    return None


def _cells(line: str, delimiter: str) -> list[Span]:
    spans, position = [], 0
    for piece in line.rstrip("\r\n").split(delimiter):
        spans.append((position, position + len(piece)))
        position += len(piece) + 1
    return spans


def _secrets(text: str, start: int, cells: Sequence[Span]) -> Iterator[Span]:
    for a, b in cells:
        cell = text[start + a : start + b]
        word = cell.strip(_FRAME)
        if not word or _RULE.fullmatch(cell) or is_none(word, word.lower()) or (is_number(word) and len(word) < 3):
            continue
        offset = start + a + cell.index(word)
        yield offset, offset + len(word)
