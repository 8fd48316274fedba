"""Which words stand in a text? Compared without regard to case and accents, with the endings of French and English.

A text is taken apart once, however many rules look at it: a phrase is then a look-up, not a search.
"""

import re
import unicodedata
from functools import cached_property, lru_cache

MOST_SHOWN = 80  # characters of a text that an explanation repeats
LONGEST = 100_000  # characters of a text that are looked at

_SAME = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-", "–": "-", "\u00ad": None, "\u200b": None})
_BLANKS = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f\u2002\u2003", " "))
_WORD = re.compile(r"[^\W_]+")
_NUMBERED = re.compile(r"^[ \t]{0,8}(?:\(?[0-9]{1,2}[.)\]/-]|[0-9]{1,2}°|étape [0-9]{1,2})[ \t]*\S", re.M | re.I)

Phrase = tuple[frozenset[str], ...]  # for each word of it the forms in which it may stand


def folded(text: str) -> str:
    """The form in which whole values are compared: no accents, one case, every run of blanks one blank."""
    plain = unicodedata.normalize("NFKD", text.translate(_SAME).casefold()).casefold()
    if not plain.isascii():
        plain = "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Cf"))
    return " ".join(plain.replace("œ", "oe").replace("æ", "ae").split())


def words_of(text: str) -> list[str]:
    """The words of a text in compared form; punctuation, apostrophes and hyphens only part them."""
    return _WORD.findall(folded(text[:LONGEST]))


class Searched:
    """A text that several rules look at. At most its first LONGEST characters count."""

    def __init__(self, text: str) -> None:
        self.text = text[:LONGEST]

    @cached_property
    def value(self) -> str:
        """The whole of it in compared form."""
        return folded(self.text)

    @cached_property
    def for_patterns(self) -> str:
        """As a pattern sees it: composed letters, plain blanks and apostrophes, no half characters."""
        composed = unicodedata.normalize("NFC", self.text).translate(_SAME).translate(_BLANKS)
        return composed.encode("utf-8", "replace").decode("utf-8")

    @cached_property
    def numbered_lines(self) -> int:
        """How many lines begin with a number, as the steps of a list do."""
        return sum(1 for _ in _NUMBERED.finditer(self.text))

    @cached_property
    def shown(self) -> str:
        """What explanations add where a test of it fails; nothing where it is no short text of one line."""
        is_short = 0 < len(self.text) <= MOST_SHOWN and "\n" not in self.text
        return f"; it is '{self.text}'" if is_short else "; it is empty" if not self.text else ""

    def contains(self, phrase: Phrase) -> bool:
        """Whether these words stand in it one after another, each in one of its forms."""
        if not phrase or any(forms.isdisjoint(self._known) for forms in phrase):
            return False
        first, *rest = phrase
        return not rest or any(self._goes_on(at + 1, rest) for form in first for at in self._places.get(form, ()))

    def _goes_on(self, at: int, rest: list[frozenset[str]]) -> bool:
        words = self._words[at : at + len(rest)]
        return len(words) == len(rest) and all(word in forms for word, forms in zip(words, rest, strict=True))

    @cached_property
    def _words(self) -> list[str]:
        return words_of(self.text)

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for at, word in enumerate(self._words):
            places.setdefault(word, []).append(at)
        return places

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self._words)


@lru_cache(maxsize=16_384)
def phrase_of(text: str) -> Phrase:
    """The words of a phrase, each with the endings of the plural and the feminine; () where it has none."""
    return tuple(map(_with_endings, words_of(text)))


@lru_cache(maxsize=4096)
def phrases_of(texts: tuple[str, ...]) -> tuple[Phrase, ...]:
    """Each of several."""
    return tuple(map(phrase_of, texts))


def _with_endings(word: str) -> frozenset[str]:
    """`bug` also finds bugs, `nouveau` nouveaux, `ancien` ancienne(s), `commercial` commerciale(s) and commerciaux."""
    if len(word) < 2 or not word.isalpha():
        return frozenset({word})
    endings = ["", "e", "s", "es", "x"]
    if word[-1] not in "aeiouy":
        endings += [word[-1] + "e", word[-1] + "es"]
    forms = {word + ending for ending in endings}
    return frozenset(forms | {word[:-1] + "ux"} if word.endswith("al") else forms)
