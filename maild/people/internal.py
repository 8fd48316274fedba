"""What in a text is meant for the team alone: phrases of ours, and the agents' addresses. Mail programs change both.

Blanks, dashes, case, accents and line ends are not looked at in a phrase; an address may be wrapped or escaped.
"""

import html
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from urllib.parse import unquote

from maild.mail import address_key

MOST_LOCAL = 100  # characters before the @ that are looked at
MOST_FOUND = 10  # a mail that goes back names no more than that
INVISIBLE = (  # the inside of a character class: what takes no room and separates nothing
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
)

_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_NOT_LETTERS = re.compile(r"[\W_]+")
_LOCAL = re.compile(rf"[\w.+'=-]{{1,{MOST_LOCAL}}}$")  # of the characters before an @
_DOMAIN = re.compile(r"[\w.-]{1,255}")


def plain(text: str) -> str:
    """The text in lower case, without accents, full-width forms and invisible characters."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text)).casefold()
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def unescaped(text: str) -> str:
    """The text as a reader sees it: `%2B` and `&#43;` are a plus, and nothing invisible stands between letters."""
    return _INVISIBLE.sub("", html.unescape(unquote(text)))


def phrases_in(text: str, phrases: Iterable[str]) -> list[str]:
    """Those of the phrases that stand in the text, as letters and digits alone."""
    core = _core(text)
    return [phrase for phrase in phrases if _core(phrase) and _core(phrase) in core]


def _core(text: str) -> str:
    return _NOT_LETTERS.sub("", plain(text))


def addresses_like(text: str) -> Iterator[tuple[str, str]]:
    """Everything around an @ in the text, as local part and domain; blanks and line ends beside the @ are left out."""
    for before, after in pairwise(text.split("@")):
        left, right = _LOCAL.search(before.rstrip()[-MOST_LOCAL:]), _DOMAIN.match(after.lstrip()[:255])
        if left is not None and right is not None:
            yield left[0], right[0]


def addresses_in(text: str, addresses: Collection[str]) -> list[str]:
    """Those of the addresses (compared form) that stand in the text, each once, plus-addresses of theirs too."""
    found: dict[str, None] = {}
    for written, domain in addresses_like(text):
        local, labels = written.lstrip("_-.+'="), domain.split(".")
        for known in (local, local.partition("+")[0]):
            for count in range(2, min(len(labels), 8) + 1):  # "lea@isybuy.example.Voici" is hers too
                key = address_key(f"{known}@{'.'.join(labels[:count])}")
                if key in addresses:
                    found[key] = None
        if len(found) >= MOST_FOUND:
            break
    return list(found)
