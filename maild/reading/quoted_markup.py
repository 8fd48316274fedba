"""What does HTML look like as a plain mail? Blockquotes bear `>`, and a line says where a program's quote begins."""

import re

from maild.reading.markers import MARKUP_ALL_BELOW, MARKUP_BLOCKQUOTE, MARKUP_INDENT
from maild.reading.markup import is_small, to_text
from maild.reading.quote_header import ALL_BELOW, BLOCKQUOTE

_OPEN, _CLOSE = "\ue000", "\ue001"

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)([^<>]*+)>")
_ALL_BELOW = re.compile(MARKUP_ALL_BELOW, re.IGNORECASE)
_BLOCKQUOTE = re.compile(MARKUP_BLOCKQUOTE, re.IGNORECASE)
_SHOWS_QUOTE = re.compile(f"<blockquote|{MARKUP_ALL_BELOW}|{MARKUP_BLOCKQUOTE}", re.IGNORECASE)
_INDENT = re.compile(MARKUP_INDENT, re.IGNORECASE)
_NO_MARKS = {ord(mark): None for mark in (ALL_BELOW, BLOCKQUOTE, _OPEN, _CLOSE)}


def as_plain(markup: str) -> str | None:
    """The text with its quotes marked; None where the HTML shows none, or is beyond the limits of looking at it."""
    if not is_small(markup) or not _SHOWS_QUOTE.search(markup):
        return None
    opened: list[bool] = []  # for each blockquote whether it is a quote

    def marked(tag: re.Match[str]) -> str:
        closing, name, attributes = tag[1], tag[2].lower(), tag[3]
        if name == "blockquote":
            if closing:
                return f"<div>{_CLOSE}</div>{tag[0]}" if opened and opened.pop() else tag[0]
            opened.append(not _INDENT.search(attributes))
            return f"{tag[0]}<div>{_OPEN}</div>" if opened[-1] else tag[0]
        if closing or not attributes:
            return tag[0]
        if _ALL_BELOW.search(attributes):
            return f"<div>{ALL_BELOW}</div>{tag[0]}"
        return f"<div>{BLOCKQUOTE}</div>{tag[0]}" if _BLOCKQUOTE.search(attributes) else tag[0]

    depth = 0
    lines: list[str] = []
    for line in to_text(_TAG.sub(marked, markup.translate(_NO_MARKS))).split("\n"):
        depth += line.count(_OPEN)
        words = line.replace(_OPEN, "").replace(_CLOSE, "")
        if words.strip() or line == words:
            plain = f"{words.rstrip()} " if words.strip() == "--" else words  # to_text took the blank of a signature
            lines.append(f"{'>' * depth} {words.strip()}".rstrip() if depth > 0 else plain)
        depth = max(0, depth - line.count(_CLOSE))
    return "\n".join(lines)
