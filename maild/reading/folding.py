"""How are words found whatever their case and accents? The form that texts and tables of patterns are compared in."""

import re
import unicodedata
from collections.abc import Sequence

_ACCENTS = re.compile("[\u0300-\u036f]")
_LETTERS = (
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "\u2011": "-", "\u2010": "-"}
    | dict.fromkeys("’‘´ʼ", "'")
    | dict.fromkeys("\u00a0\u202f\u2009\u2007\u3000", " ")
    | dict.fromkeys("\u00ad\u200b\ufeff", "")
)
_LETTER = re.compile(f"[{''.join(_LETTERS)}]")


def folded(text: str) -> str:
    """Lower case, without accents, one form of each blank, apostrophe and hyphen; line ends stay."""
    plain = _LETTER.sub(lambda found: _LETTERS[found[0]], text.casefold())
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", plain))
    return unicodedata.normalize("NFC", plain)


def rows(text: str) -> tuple[str, ...]:
    """One pattern a line, which goes on in the next where it ends in |; a line that begins with # is a comment."""
    lines = (line.strip() for line in text.splitlines())
    joined = "\n".join(line for line in lines if line and not line.startswith("#")).replace("|\n", "|")
    return tuple(joined.split("\n"))


def words_of(text: str) -> frozenset[str]:
    """The words of a table, as they stand there."""
    return frozenset(text.split())


def any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    """Any of these rows, at the beginning of a word. Japanese, Chinese and Korean have no blanks between words.

    They are folded as texts are, so that \\S in one would be \\s.
    """
    return re.compile(rf"(?<![a-z0-9\u0370-\u04ff])(?:{'|'.join(map(folded, patterns))})")
