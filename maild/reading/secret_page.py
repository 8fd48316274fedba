"""A text in which secrets are looked for: which word or quoted words stand at a place, and where they end.

Each look is bounded, so that many of them are linear; offsets are those of the text, which is folded letter by letter.
"""

import re
from dataclasses import dataclass

from maild.mail import HIDDEN
from maild.reading.secret_values import LONGEST, is_none, is_surely_chosen
from maild.reading.secret_words import BEGINS_A_SENTENCE

Span = tuple[int, int]

_TO_VALUE = re.compile(r"[ \t\xa0]{0,40}[*_]{0,2}[ \t]{0,3}(?:(?:\r?\n[ \t>]{0,40}){1,3}[*•-]{0,2}[ \t]{0,4})?")
WORD = re.compile(r"\S+")
SAME_LINE = re.compile(r"[^\r\n]{0,200}")
_QUOTES = {"«": "»", "“": "”", '"': '"', "'": "'", "`": "`", "‘": "’", "„": "“"}
AFTER_WEAK = re.compile(
    r"[ \t]{0,8}(?:[,;.!)\]|/(\"'»<]|- |$|\r|\n)"
    r"|[ \t]{1,8}(?:et|pour|and|for|login|user|identifiant|merci|thanks|svp|ne|par)\b"
)
_UNITS = re.compile(r"\d{1,3}")


@dataclass(frozen=True, slots=True)
class Found:
    """Where a secret stands; whether it may be looked for elsewhere too, since it can hardly be another word."""

    start: int
    end: int
    is_telling: bool = False


class Page:
    """One text. `text` and `folded` have the same length."""

    def __init__(self, text: str, folded: str) -> None:
        self.text = text
        self.folded = folded

    def value_at(self, position: int, ends: str = "") -> Span | None:
        """The word, or what stands in quotes, after the blanks there."""
        text = self.text
        position = _TO_VALUE.match(text, position).end()  # type: ignore[union-attr]
        opening = text[position : position + 1]
        if opening in ('"', "'") and text.startswith(opening, position + 1):
            return None  # nothing, in quotes
        if opening in _QUOTES and opening:
            end = text.find(_QUOTES[opening], position + 1, position + 120)
            if end > 0 and "\n" not in text[position:end] and text[position + 1 : end].strip():
                inner = text[position + 1 : end]
                return position + 1 + len(inner) - len(inner.lstrip()), position + 1 + len(inner.rstrip())
            position += 1
        word = WORD.match(text, position, position + LONGEST)
        if word is None:
            return None
        end = word.end()
        for c in ends:
            cut = text.find(c, position, end)
            end = cut if cut > position else end
        return self.trimmed(position, end)

    def until(self, position: int, sign: str) -> Span | None:
        end = self.text.find(sign, position, position + LONGEST)
        return (position, end) if end > position and self.text[position:end].strip() else None

    def trimmed(self, start: int, end: int) -> Span:
        """Without the signs of the sentence around it."""
        text = self.text
        if text[start] in "(<[" and end - start > 3:
            closing = {"(": ")", "<": ">", "[": "]"}[text[start]]
            if closing in text[start:end] or text[start] == "(":
                start, end = start + 1, min(end, (text.find(closing, start, end) + 1 or end + 1) - 1)
        while end - start > 1 and text[end - 1] in ",;.:)]>\"'»”`*_|":
            end -= 1
        return start, end

    def is_quoted(self, value: Span) -> bool:
        before = self.text[max(0, value[0] - 3) : value[0]].rstrip(" \xa0\u202f")
        return before[-1:] in _QUOTES and bool(before)

    def is_near(self, position: int, value: Span) -> bool:
        """On the line of its label, alone on one below, or what could be nothing else."""
        is_below = "\n" in self.text[position : value[0]]
        return not is_below or line_ends(self.folded, value[1]) or is_surely_chosen(*self.words(value))

    def few_words(self, value: Span) -> Span | None:
        """The rest of the line where it is two or three words with a number among them: a password with blanks."""
        rest = SAME_LINE.match(self.text, value[0])
        words = rest[0].split() if rest else []
        if not 2 <= len(words) <= 3 or not any(c.isdigit() for word in words for c in word):
            return None
        plains = [word.strip(",;.()").lower() for word in words]
        if any(is_none(w, p) or set(w) & set(',;:/()|<>"') for w, p in zip(words, plains, strict=True)):
            return None
        if _looks_counted(words):
            return None
        return value[0], value[0] + len(rest[0].rstrip()) if rest else value[1]

    def phrase(self, value: Span) -> Span | None:
        """The rest of the line, or what stands in quotes: a phrase of several words, or one that could be a secret."""
        rest = SAME_LINE.match(self.folded, value[0])
        words = rest[0].split() if rest else []
        if len(words) < 3 and is_none(*self.words(value)):
            return None
        if self.text.startswith(tuple(HIDDEN.values()), value[0]):
            return None
        if not words or words[0].strip(",.:") in BEGINS_A_SENTENCE:
            return None
        return value if self.is_quoted(value) else (value[0], value[0] + len(rest[0].rstrip())) if rest else None

    def words(self, value: Span) -> tuple[str, str]:
        return self.text[value[0] : value[1]], self.folded[value[0] : value[1]]

    def found(self, value: Span) -> Found:
        word, plain = self.words(value)
        return Found(*value, is_telling=len(word) >= 6 and is_surely_chosen(word, plain))


def _looks_counted(words: list[str]) -> bool:
    """`12 postes`: a number and what is counted."""
    return _UNITS.fullmatch(words[0]) is not None and words[1].isalpha()


def line_or_clause_ends(text: str, position: int) -> bool:
    """Whether a sign of the sentence or the end of the line stands there."""
    return line_ends(text, position) or text[position : position + 1] in tuple(",.;)")


def line_ends(text: str, position: int) -> bool:
    end = text.find("\n", position, position + 80)
    return not text[position : end if end >= 0 else position + 80].strip(" \t\r\"'»|*`.")
