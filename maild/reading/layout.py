"""How does HTML read as lines of text? One pass over its tags, no tree, no columns: linear in time and in length.

A block begins a line, a paragraph stands between blank lines, the cells of a row stand side by side as long as each is
one line. Nothing that a style says of sizes is obeyed; at most some characters of indentation are put before a line.
"""

import html
import re

from maild.reading.tags import CLOSED_BY_NEXT, VOID, Tag, attributes, hides, tags

MOST_INDENTED = 4  # lists in lists that are set in; a line bears 16 characters of it at most
MOST_REGIONS = 20  # stretches in stretches that keep their blanks

# fmt: off
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr",
    "html", "layer", "legend", "li", "listing", "main", "nav", "ol", "option", "p", "plaintext", "pre", "section",
    "summary", "table", "tr", "ul", "xmp",
))
# fmt: on
_SPACED = frozenset(("p", "figure", "h1", "h2", "h3", "h4", "h5", "h6"))  # with a blank line before and after
_PRE = frozenset(("pre", "xmp", "listing", "plaintext"))
_BULLETS = ("* ", "+ ", "o ", "- ")
_GAP = "  "  # between two cells of a row

_BLANKS = re.compile(r"[ \t\n\r\f]+")
_HARD_BLANKS = re.compile(r" ?\xa0[ \xa0]*+")
_LONG_NUMBER = re.compile(r"&#(?:[0-9]{8,}+|[xX][0-9a-fA-F]{8,}+);?")  # no character; int() refuses 4,300 digits
_KEEPS_BLANKS = re.compile(r"white-space\s*+:\s*+pre", re.IGNORECASE)
_MARGIN = re.compile(r"margin-(top|bottom)\s*+:\s*+-?([0-9]{0,9}\.?[0-9]{0,9})\s*+([a-z]*)", re.IGNORECASE)
_SAYS = re.compile(r"style|alt|title", re.IGNORECASE)


def lay_out(markup: str) -> str:
    """The text of the markup, in lines. What is hidden is left out."""
    page = _Page()
    for tag in tags(markup):
        page.take(tag)
    return "".join(page.pieces)


def characters(text: str) -> str:
    """Entities as the characters that they stand for."""
    return html.unescape(_LONG_NUMBER.sub("\ufffd", text)) if "&" in text else text


class _Page:
    """What is written so far, and what is owed before the next words."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._down = 0  # line ends owed: 1 for a new line, 2 for a blank one between
        self._gap = ""  # blanks owed within the line
        self._bullet = ""
        self._lines = 0  # line ends written
        self._row = -1  # the line on which the row of a table has begun
        self._starts_cell = False
        self._lists: list[int | str] = []  # of each list its bullet, or its next number
        self._kept: list[tuple[str, int]] = []  # elements that keep their blanks, and how many of the name are inside
        self._below: dict[str, int] = {}  # the line ends below a paragraph
        self._open: dict[str, int] = {}  # how many of each name are open
        self._hidden = ""  # the name of the element that hides what follows
        self._inside: dict[str, int] = {}  # how many of each name are open within it

    def take(self, tag: Tag) -> None:
        """The text before the tag, and what the tag does."""
        if self._hidden:
            is_own_end = tag.is_end and tag.name == self._hidden and not self._inside.get(tag.name)
            if not is_own_end and not self._shows_again(tag):
                return
            self._hidden = ""
            if is_own_end:
                return
        elif tag.before:
            self._write(tag.before)
        if tag.is_end:
            self._end(tag.name)
        elif tag.name:
            self._start(tag)

    def _shows_again(self, tag: Tag) -> bool:
        """Whether the hidden element ends here with its parent, or by the next of its kind."""
        name, inside = tag.name, self._inside
        if tag.is_end:
            if not inside.get(name):
                return bool(self._open.get(name))
            inside[name] -= 1
            return False
        if self._hidden in CLOSED_BY_NEXT.get(name, ()) and not any(map(inside.get, ("table", "ul", "ol", "dl"))):
            return True
        if name not in VOID:
            inside[name] = inside.get(name, 0) + 1
        return self._hidden == "p" and name in BLOCKS

    def _start(self, tag: Tag) -> None:
        name = tag.name
        said = attributes(tag.whole) if "=" in tag.whole and _SAYS.search(tag.whole) else {}
        style = characters(said.get("style", ""))
        if style and name not in VOID and hides(style):
            self._break(name, 1)
            self._hidden, self._inside = name, {}
        elif name == "br":
            self._down = 0 if self._starts_cell else min(2, self._down + 1)
        elif name == "img":
            if words := said.get("alt", "").strip() or said.get("title", "").strip():
                self._write(f"[{words}]")
        elif name not in VOID or name == "hr":
            self._open[name] = self._open.get(name, 0) + 1
            self._nest(name, style)

    def _nest(self, name: str, style: str) -> None:
        above, below = _margins(name, style)
        self._break(name, above)
        if name in _SPACED:
            self._below[name] = below
        elif name in ("td", "th"):
            self._cell()
        elif name in ("table", "tr"):
            self._row, self._starts_cell = -1, False
        elif name == "ul":
            self._lists.append(_BULLETS[len(self._lists) % len(_BULLETS)])
        elif name == "ol":
            self._lists.append(1)
        elif name == "li":
            self._bullet = self._next_bullet()
        elif name == "q":
            self._write('"')
        if self._kept and self._kept[-1][0] == name:
            self._kept[-1] = (name, self._kept[-1][1] + 1)
        elif (name in _PRE or (style and _KEEPS_BLANKS.search(style))) and len(self._kept) < MOST_REGIONS:
            self._kept.append((name, 0))

    def _end(self, name: str) -> None:
        if not self._open.get(name):
            return
        self._open[name] -= 1
        if name in ("td", "th"):
            self._starts_cell = False
            self._down = 0 if self._row == self._lines else self._down
        elif name == "table":
            self._row, self._starts_cell = -1, False
        elif name in ("ul", "ol"):
            self._bullet = ""
            if self._lists:
                self._lists.pop()
        elif name == "q":
            self._write('"')
        self._break(name, self._below.get(name, 1))
        if self._kept and self._kept[-1][0] == name:
            _, inside = self._kept.pop()
            if inside:
                self._kept.append((name, inside - 1))

    def _break(self, name: str, lines: int) -> None:
        if name in BLOCKS and not self._starts_cell:
            self._down = max(self._down, lines)

    def _cell(self) -> None:
        """The next cell: beside the one before if nothing in this row has taken a second line yet."""
        self._starts_cell = True
        if self._row >= 0 and self._row == self._lines:
            self._down, self._gap = 0, _GAP
        elif self._row >= 0:
            self._down = max(self._down, 1)

    def _next_bullet(self) -> str:
        bullet = self._lists[-1] if self._lists else _BULLETS[0]
        if isinstance(bullet, int):
            self._lists[-1] = bullet + 1
            return f"{bullet}. "
        return bullet

    def _write(self, text: str) -> None:
        """The words, after what is owed. Blanks are one, but where they are kept."""
        text = characters(text)
        if self._kept:
            first, *others = text.split("\n")
            self._put(first)
            for line in others:
                self._down = min(2, self._down + 1)
                self._put(line)
            return
        text = _HARD_BLANKS.sub("\xa0", _BLANKS.sub(" ", text))
        words = text.strip(" ")
        if text.startswith(" "):
            self._gap = self._gap or " "
        if words:
            self._put(words)
            self._gap = " " if text.endswith(" ") else ""

    def _put(self, text: str) -> None:
        if not text.strip(" \t\r\f"):
            self._gap = self._gap or text[:1]
            return
        if self._down or not self.pieces:
            indent, bullet, self._bullet = 4 * min(len(self._lists), MOST_INDENTED), self._bullet, ""
            line_end = "\n" * self._down if self.pieces else ""
            self._lines += len(line_end)
            self.pieces.append(line_end + " " * (indent - len(bullet)) + bullet)
        elif self._gap:
            self.pieces.append(self._gap)
        self.pieces.append(text)
        self._down, self._gap, self._starts_cell = 0, "", False
        if self._row < 0:
            self._row = self._lines


def _margins(name: str, style: str) -> tuple[int, int]:
    """The line ends above and below: of a paragraph's margins it counts alone whether they are half a line or more."""
    if name not in _SPACED:
        return 1, 1
    lines = {"top": 2, "bottom": 2}
    if "margin-" in style:
        for side, number, unit in _MARGIN.findall(style):
            high = float(number) if number.strip(".") else 0.0
            lines[side.lower()] = 2 if high >= (0.5 if unit.lower() in ("em", "rem") else 4) else 1
    return lines["top"], lines["bottom"]
