"""Does somebody pass another's mail on? The prefix of the Subject says so, or the line that programs put above it."""

import re

from maild.reading.markers import FORWARD_PREFIXES, FORWARDS

LONGEST = 200  # characters of a line or a Subject that are looked at

_PREFIX = re.compile(
    rf"(?:\s*+\[(?!fwd?\b)[^\[\]]{{1,60}}\])*\s*+\[?(?:{'|'.join(FORWARD_PREFIXES)})\s*+[:\uff1a]", re.IGNORECASE
)


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
