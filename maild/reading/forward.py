"""Does somebody pass another's mail on, or answer one? The Subject's prefix, or the line above what is passed on."""

import re

from maild.reading.markers import FORWARD_PREFIXES, FORWARDS, REPLY_PREFIXES

LONGEST = 200  # characters of a line or a Subject that are looked at

# What gateways and lists put before a prefix: `[EXT]`, `***SPAM***`.
_TAG = r"\[(?!fwd?\b)[^\[\]]{1,60}\]|\*{1,3}[^\W_]{1,20}\*{1,3}"
_TAGS = rf"(?:\s*+(?:{_TAG})){{0,5}}\s*+"
_COUNT = r"\s{0,3}(?:\[\d{1,4}\]|\(\d{1,4}\)|\d{1,3})?\s{0,3}[:\uff1a]"
_FORWARD = rf"\[?(?:{'|'.join(FORWARD_PREFIXES)})\s*+[:\uff1a]"
_REPLY = rf"(?:{'|'.join(REPLY_PREFIXES)}){_COUNT}"
_PREFIX = re.compile(rf"{_TAGS}{_FORWARD}", re.IGNORECASE)
_REPLY_PREFIX = re.compile(rf"{_TAGS}{_REPLY}", re.IGNORECASE)
_PREFIXES = re.compile(rf"(?:\s*+(?:{_TAG}|{_FORWARD}|{_REPLY}))+\s*+", re.IGNORECASE)

_LONGEST_BARE = max(map(len, FORWARDS)) + 10  # without dashes before it
_BRACKETS = re.compile(r"\[[^\[\]]{1,60}+\]")


def names_forward(line: str) -> bool:
    """Whether the line is the one above a mail that is passed on, such as `---- Message transféré ----`."""
    if len(line) > _LONGEST_BARE and (len(line) > LONGEST or line[0].isalpha()):  # asked for every line
        return False
    return line.strip("-_ >*:\t\xa0").lower() in FORWARDS


def is_forward(subject: str, new_text: str) -> bool:
    """Whether this mail passes one on. `new_text` has no reply's quote: a mail passed on earlier, and quoted, is none.

    A Subject counts by its first prefix alone: `Re: TR: Facture` answers a mail that was passed on.
    """
    return bool(_PREFIX.match(subject[:LONGEST])) or any(
        names_forward(line) for line in new_text.split("\n") if not line.startswith(">")
    )


def is_reply(subject: str) -> bool:
    """Whether the Subject says that the mail answers another."""
    return bool(_REPLY_PREFIX.match(subject[:LONGEST]))


def without_prefixes(subject: str) -> str:
    """The Subject without what programs, lists and gateways put before it, once or more."""
    prefixes = _PREFIXES.match(subject[:LONGEST])
    return subject[prefixes.end() if prefixes else 0 :].strip()


def topic(subject: str) -> str:
    """The Subject without prefixes and tags, in the form in which two are compared."""
    return " ".join(_BRACKETS.sub(" ", without_prefixes(subject[:LONGEST])).split()).casefold()
