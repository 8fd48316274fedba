"""Where in a text do secrets stand, and how does it read with them hidden? Passwords, codes, keys, cards, IBAN.

What is stated by a word for it is found by secret_pairs and secret_tables, what is known by its form by secret_formats.
Linear in the text, whatever it is; a text with more words for secrets than any person writes is hidden from there on.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from maild.mail import HIDDEN
from maild.reading.secret_formats import by_form
from maild.reading.secret_pairs import Finder
from maild.reading.secret_tables import columns
from maild.reading.secret_words import LABELS_IN

Span = tuple[int, int]

MOST_LABELS = 3_000  # words for secrets in one mail; each costs some ten microseconds
MOST_TELLING = 50  # different secrets that are looked for again where no word stands before them
_LONGEST_TELLING = 128


def _table() -> dict[int, str]:
    """Letters with an accent as their plain one, blanks as blanks, apostrophes as one: each stays one character."""
    table = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u2002\u2003\u3000"), " ") | {0xFF1A: ":"}
    table |= dict.fromkeys(map(ord, "’‘ʼ´"), "'") | dict.fromkeys(map(ord, "‐‑–—"), "-") | {0x0130: "i"}
    for code in range(0xC0, 0x250):
        plain = unicodedata.normalize("NFD", chr(code))[0]
        if plain.isascii():
            table[code] = plain.lower()
    return table


_FOLD = _table()


def folded(text: str) -> str:
    """The form in which words are compared, of the same length."""
    return text.lower() if text.isascii() else text.translate(_FOLD).lower()


@dataclass(frozen=True, slots=True)
class Secrets:
    """Where they stand, in order and apart; `telling` are those that can't be taken for another word elsewhere."""

    spans: tuple[Span, ...]
    telling: frozenset[str] = frozenset()
    labels: int = 0  # how many words for secrets were looked at


def find(text: str, known: frozenset[str] = frozenset(), most: int = MOST_LABELS) -> Secrets:
    """All secrets of a text. `known`: those of the same mail's other parts, which are hidden here too. What stands
    behind `most` words for secrets counts as one."""
    plain = folded(text)
    spans: list[Span] = list(by_form(text, plain))
    telling: set[str] = set(known)
    finder = Finder(text, plain)
    found = list(finder.alone())
    labels, done = list[int](), 0
    for match in LABELS_IN.finditer(plain.encode("ascii", "replace")):  # one octet a letter
        labels.append(match.start())
        if len(labels) > most:
            spans.append((match.start(), len(text)))
            break
        if match.start() >= done:  # else it stands within a secret
            found += finder.at(match.lastgroup.decode(), *match.span())
            done = max(done, found[-1].end if found else 0)
    for one in found:
        spans.append((one.start, one.end))
        if one.is_telling and len(telling) < MOST_TELLING:
            telling.add(text[one.start : one.end][:_LONGEST_TELLING])
    spans += columns(text, plain, labels)
    for word in telling:
        spans += _again(text, word)
    return Secrets(_apart(spans), frozenset(telling), len(labels))


def hidden(text: str, language: str, known: frozenset[str] = frozenset()) -> str:
    """The text with each secret replaced by the same few words, which tell nothing of it. Twice is as once."""
    return replaced(text, find(text, known).spans, HIDDEN.get(language, HIDDEN["en"]))


def replaced(text: str, spans: Iterable[Span], words: str) -> str:
    """The text with these words in place of each span; the spans are in order and apart."""
    pieces, position = list[str](), 0
    for start, end in spans:
        pieces += (text[position:start], words)
        position = end
    return "".join((*pieces, text[position:]))


def _again(text: str, word: str) -> Iterable[Span]:
    """Where the same word stands by itself."""
    position = text.find(word)
    while position >= 0:
        end = position + len(word)
        if not (text[position - 1 : position].isalnum() or text[end : end + 1].isalnum()):
            yield position, end
        position = text.find(word, end)


def _apart(spans: Iterable[Span]) -> tuple[Span, ...]:
    """In order, those that touch or overlap as one."""
    found: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)
