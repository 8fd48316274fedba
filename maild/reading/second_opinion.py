"""What does quotequail make of a reply? Asked where our own tables see no quote; the only place that knows it.

Its patterns need time that grows with the square of a line, and with the cube where `<` and `@` abound in it: so it
gets short lines only. What it cannot be asked about is in doubt.
"""

import html
import re
from dataclasses import dataclass

import quotequail

from maild.reading.markup import bare, is_small

LONGEST_PLAIN = 400  # characters of a line of text
LONGEST_BLOCK = 1_000  # characters of a line of HTML
MOST_LINES = 200
MOST_OCTETS = 10_000  # characters of a text
MOST_BRACKETS = 50  # `<` among the words of HTML

_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*+)[^<>]*+>")
# Elements that begin no new line there.
_INLINE = frozenset(
    ("a", "b", "em", "i", "strong", "span", "font", "q", "object", "bdo", "sub", "sup", "center", "td", "th")
)
_BEARS_A_DATE = re.compile(r"\d{1,2}\D.*\d|@|\d{4}")


@dataclass(frozen=True, slots=True)
class Split:
    """HTML above a quote and below it. `is_reply`: something introduces the quote. `is_read`: False beyond limits."""

    above: str = ""
    below: str = ""
    is_reply: bool = False
    is_read: bool = True


def sees_reply(text: str) -> bool:
    """Whether a plain text seems to hold a reply's quote after all.

    It is asked only where a line could introduce a quote: a date or an address in it, a colon at its end.
    """
    lines = [line[:LONGEST_PLAIN] for line in text[:MOST_OCTETS].split("\n")[:MOST_LINES]]
    if not any(line.rstrip().endswith((":", "\uff1a")) and _BEARS_A_DATE.search(line) for line in lines):
        return False
    try:
        found = quotequail.unwrap("\n".join(lines)) or {}
    except Exception:  # what it cannot read is in doubt
        return True
    return found.get("type") == "reply" and bool(found.get("text_top"))


def split_markup(markup: str) -> Split | None:
    """The parts of HTML that holds a blockquote; None where there is none, or nobody can tell where it begins."""
    if not is_small(markup) or "<blockquote" not in markup.lower():
        return None
    try:
        plain = bare(markup)
        words = html.unescape(_TAG.sub(_line_end, " ".join(plain.split())))
        if max(map(len, words.split("\n"))) > LONGEST_BLOCK or words.count("<") > MOST_BRACKETS:
            return Split(is_read=False)
        found = quotequail.unwrap_html(plain) or {}
    except Exception:  # a structure that it does not expect: the text as a whole is always right
        return None
    if found.get("type") not in ("reply", "quote"):
        return None
    return Split(found.get("html_top", ""), found.get("html_bottom", ""), found["type"] == "reply")


def _line_end(tag: re.Match[str]) -> str:
    return "" if tag[1].lower() in _INLINE else "\n"
