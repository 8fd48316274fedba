"""Does somebody pass another's mail on, or answer one? The Subject's prefix, or the line above what is passed on."""

import re

from maild.reading.markers import FORWARD_PREFIXES, FORWARDS, REPLY_PREFIXES

LONGEST = 200  # characters of a line or a Subject that are looked at

_TAGS = r"(?:\s*+\[(?!fwd?\b)[^\[\]]{1,60}\])*\s*+"
_PREFIX = re.compile(rf"{_TAGS}\[?(?:{'|'.join(FORWARD_PREFIXES)})\s*+[:\uff1a]", re.IGNORECASE)
_REPLY_PREFIX = re.compile(
    rf"{_TAGS}(?:{'|'.join(REPLY_PREFIXES)})\s?(?:\[\d{{1,4}}\]|\(\d{{1,4}}\)|\d{{1,3}})?\s?[:\uff1a]", re.IGNORECASE
)

_TAG = re.compile(r"\[[^\[\]]{1,60}+\]")
MOST_PREFIXES = 20


def names_forward(line: str) -> bool:
    """Whether the line is the one above a mail that is passed on, such as `---- Message transféré ----`."""
    return len(line) <= LONGEST and line.strip("-_ >*:\t\xa0").lower() in FORWARDS


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


def topic(subject: str) -> str:
    """The Subject without prefixes and tags, in the form in which two are compared."""
    rest = subject[:LONGEST]
    for _ in range(MOST_PREFIXES):
        found = _REPLY_PREFIX.match(rest) or _PREFIX.match(rest) or _TAG.match(rest)
        if found is None:
            break
        rest = rest[found.end() :].lstrip()
    return " ".join(_TAG.sub(" ", rest).split()).casefold()
