"""Is there a quote after all, where our own tables see none? Asked of quotequail, and of the HTML beside a plain text.

This is the only place that knows quotequail. Its patterns need time that grows with the square of a line, and with the
cube where `<` and `@` abound in it: so it gets short lines only. What it cannot be asked about is in doubt.
"""

import re

import quotequail

from maild.reading.markers import MARKUP_ALL_BELOW, MARKUP_STEMS
from maild.reading.quote_header import BEARS_A_DATE

LONGEST_PLAIN = 400  # characters of a line of text
MOST_LINES = 200
MOST_OCTETS = 10_000  # characters of a text

LONGEST_MARKUP = 150_000  # characters of HTML

_ALL_BELOW = re.compile(MARKUP_ALL_BELOW, re.IGNORECASE)


def sees_reply(text: str) -> bool:
    """Whether a plain text seems to hold a reply's quote after all.

    It is asked only where a line could introduce a quote: a date or an address in it, a colon at its end.
    """
    lines = [line[:LONGEST_PLAIN] for line in text[:MOST_OCTETS].split("\n")[:MOST_LINES]]
    if not any(line.rstrip().endswith((":", "\uff1a")) and BEARS_A_DATE.search(line) for line in lines):
        return False
    try:
        found = quotequail.unwrap("\n".join(lines)) or {}
    except Exception:  # what it cannot read is in doubt
        return True
    return found.get("type") == "reply" and bool(found.get("text_top"))


def shows_quote(markup: str) -> bool:
    """Whether HTML bears a mark of those programs whose quotes bear no `>` in the plain text beside it."""
    small = markup[:LONGEST_MARKUP].lower()
    return any(map(small.__contains__, MARKUP_STEMS)) and bool(_ALL_BELOW.search(markup[:LONGEST_MARKUP]))
