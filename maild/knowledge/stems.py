"""Which words has a text, whatever their accents and endings? Snowball's stems, without accents and small words."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from maild.knowledge.stop_words import STOP_WORDS

_SNOWBALL = {"fr": "french", "en": "english"}
_WORD = re.compile(r"[^\W_]+")
_LONGEST_WORD = 40  # characters: what is longer is no word, but a key or a link
_SHORTEST_STEM = 3  # whose last `e` may go
_SHORTEST_VERB = 4  # whose last `ent` may go: what is shorter is a noun, such as client


def stems(text: str, language: str, most: int | None = None) -> list[str]:
    """The stems of the first `most` telling words (all, if None), in the order of the text."""
    return list(islice(_telling(text, language), most))


def _telling(text: str, language: str) -> Iterator[str]:
    for found in _WORD.finditer(text):
        if stem := _stem(found[0].lower(), language):
            yield stem


@lru_cache(maxsize=20_000)
def _stem(word: str, language: str) -> str:
    """'' for a word that says nothing.

    Snowball reads accents before they go. Where somebody wrote none it leaves an `e` (expiree -> expire), which goes
    too; so does -ent (ils exportent), which it leaves on every French verb. y becomes i, as in envoyer and envoi.
    """
    plain = folded(word)
    if len(word) > _LONGEST_WORD or plain in STOP_WORDS[language] or (len(plain) < 2 and not plain.isdigit()):
        return ""
    if word.isdigit():
        return plain
    stem = folded(_snowball(word, language))
    if language == "fr" and len(stem) >= _SHORTEST_VERB + 3:
        stem = stem.removesuffix("ent")
    if len(stem) > _SHORTEST_STEM:
        stem = stem.rstrip("e") or stem
    return stem[:-1] + "i" if stem.endswith("y") else stem


def _snowball(word: str, language: str) -> str:
    import snowballstemmer  # ten megabytes: only where there are articles

    # Another one each time: they hold what they work on, and a search may run beside the reading of new articles.
    return str(snowballstemmer.stemmer(_SNOWBALL[language]).stemWord(word))


def folded(text: str) -> str:
    """Lower case, without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("œ", "oe").replace("æ", "ae")
    return plain if plain.isascii() else "".join(c for c in plain if not unicodedata.combining(c))
