"""Where do the tags of HTML begin and end? One pass from left to right, linear in its length whatever stands in it.

What no reader sees (comments, scripts, styles, the title) is left out. What never ends is text: words are never lost.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

# What no end tag closes, and what the next of its kind closes.
VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
CLOSED_BY_NEXT = {
    "p": frozenset(("p",)),
    "li": frozenset(("li",)),
    "dt": frozenset(("dt", "dd")),
    "dd": frozenset(("dt", "dd")),
    "td": frozenset(("td", "th")),
    "th": frozenset(("td", "th")),
    "tr": frozenset(("td", "th", "tr")),
}
_LONGEST_STYLE = 2_000  # characters of a style that are looked at

_OPENING = re.compile(r"<(?:(/?)([a-zA-Z][a-zA-Z0-9:._-]*+)(?=[\s/>])|(!--|[!?]|/(?=[\s>])))")
_STOP = re.compile(r"""[<>]|=\s*+(["'])""")  # in a tag: its end, no tag after all, or a value in quotes
_CLOSING = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in ("script", "style", "title", "template")
}
_COMMENT_END = re.compile("--!?>")
_ATTRIBUTE = re.compile(
    r"""(?<![a-zA-Z0-9:_-])([a-zA-Z][a-zA-Z0-9:_-]*+)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))"""
)
_NO_DISPLAY = re.compile(r"display\s*+:\s*+none|visibility\s*+:\s*+hidden", re.IGNORECASE)
_NO_HEIGHT = re.compile(r"max-height\s*+:\s*+0(?![.\d])", re.IGNORECASE)
_NO_OVERFLOW = re.compile(r"overflow\s*+:\s*+hidden", re.IGNORECASE)


class Tag(NamedTuple):
    """The text since the tag before, and the tag: its name in small letters, and all of it as it stands.

    After the last tag comes the rest of the text, with no name.
    """

    before: str
    name: str
    is_end: bool
    whole: str


def tags(markup: str) -> Iterator[Tag]:
    """Every tag in order. As in a browser, a value in quotes may hold `>`; a `<` outside of quotes ends no tag."""
    position = text_start = 0
    patience = len(markup)  # characters that may be read in vain; then quotes count no more
    endless: set[str] = set()  # what has been looked for and is not there
    while opening := _OPENING.search(markup, position):
        start, name = opening.start(), (opening[2] or "").lower()
        if opening[3] == "!--":
            end = _end_of_comment(markup, start, endless)
        elif name and not opening[1]:
            end = _end_of_tag(markup, opening.end(), patience > 0)
            if end <= 0:
                patience -= start - end
        else:
            end = markup.find(">", opening.end()) + 1
            if not end:
                break  # nothing can be a tag any more
        if end <= 0:
            position = opening.end()
            continue
        if not opening[1] and name in _CLOSING and name not in endless:
            closing = _CLOSING[name].search(markup, end)
            closed_at = markup.find(">", closing.end()) if closing else -1
            if closed_at >= 0:
                end, name = closed_at + 1, ""
            else:
                endless.add(name)
        before = markup[text_start:start]
        if name:
            yield Tag(before, name, bool(opening[1]), markup[start:end])
        elif before:
            yield Tag(before, "!", False, "")
        position = text_start = end
    yield Tag(markup[text_start:], "", False, "")


def _end_of_tag(markup: str, position: int, quotes: bool) -> int:
    """Where the tag ends; if it never does, how far was read, as a negative number."""
    while stop := _STOP.search(markup, position):
        if stop[0] == ">":
            return stop.end()
        if stop[0] == "<":
            return -stop.end()
        closing = markup.find(stop[1], stop.end()) if quotes else stop.end() - 1
        position = closing + 1 if closing >= 0 else stop.end()
    return -len(markup)


def _end_of_comment(markup: str, start: int, endless: set[str]) -> int:
    if markup.startswith((">", "->"), start + 4):
        return markup.index(">", start) + 1
    if "!--" not in endless and (end := _COMMENT_END.search(markup, start + 4)):
        return end.end()
    endless.add("!--")
    return 0


def attributes(tag: str) -> dict[str, str]:
    """Those that have a value, the first of each name, as it stands."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(tag):
        found.setdefault(name.lower(), double or single or bare)
    return found


def hides(style: str) -> bool:
    """Whether what bears this style is not shown. Each search is linear, and the style is bounded."""
    style = style[:_LONGEST_STYLE]
    return bool(_NO_DISPLAY.search(style) or (_NO_HEIGHT.search(style) and _NO_OVERFLOW.search(style)))
