"""Turns the source of one mail, Jinja in light Markdown, into two Jinja sources that say the same: text and HTML.

Light Markdown: paragraphs, `- ` lists, `[label](target)` links, `> ` quotes, `**bold**` within a line, which is plain
in the text form; a line's end is a line's end. A link alone on its line is a button. `| a | b |` is a row of a table,
`| a |` one over its whole width; in the text form each cell, and each of several links, has its line. A `{% %}` alone
on its line stands outside paragraphs, and inside a list or a table if it touches an item or a row. Nothing else of
Markdown is understood, so that no character means more in HTML than in text. What Jinja puts in is never read as
Markdown: while the source is converted a private-use character stands for it.
"""

import re

from jinja2 import Environment
from markdown_it import MarkdownIt

_FIRST, _LAST = 0xE000, 0xF8FF  # the private use area of the basic plane
_PRIVATE = f"[{chr(_FIRST)}-{chr(_LAST)}]"
_LINK = re.compile(r"\[([^\[\]\n]*)\]\(([^()\s]*)\)")
_BOLD = re.compile(r"\*\*(?! )([^*\n]+?)(?<! )\*\*")
_BUTTONS = re.compile(r'<p>((?:<a href="[^"\n]*">[^<\n]*</a>(?:<br>\n)?)+)</p>')
_ANCHOR = re.compile(r"<a ([^>]*>[^<]*</a>)(?:<br>\n)?")
_ROW = re.compile(r"\| (.+) \|")
_BETWEEN_LINKS = re.compile(r"(?<=\)) +(?=\[)")
_FEED = '{{ "\\n" }}'  # a line's end that the source has not
_ITEM = re.compile(r"(?:[-*+]|\d+[.)]) ")
_LIST = "(ul|ol)"
_KEYWORD = re.compile(r"\{%[-+]?\s*(\w+)")
_OPENING = frozenset({"if", "for", "raw", "filter", "with", "macro", "call", "block", "autoescape"})
# What must survive where a mail program drops the style sheet of the page.
_BUTTON = (
    '<p class="maild-button"><a style="display:inline-block;padding:9px 16px;border-radius:6px;'
    'background:#1d5fa6;color:#ffffff;text-decoration:none" '
)
_TABLE = (
    '<table class="maild-table" style="width:100%;border-collapse:collapse;margin:0 0 16px;font:inherit;color:inherit">'
)
_CELL = "padding:10px 12px 0 0;vertical-align:top;word-break:normal"
_WIDE = "padding:4px 0 10px;border-bottom:1px solid #e1e5ea"


def _reader() -> MarkdownIt:
    reader = MarkdownIt("zero", {"html": False, "breaks": True})
    reader.enable(["list", "blockquote", "link", "newline"])
    # Targets are Jinja expressions, given by us: they are not to be escaped before they have a value.
    reader.normalizeLink = lambda url: url  # type: ignore[method-assign]
    reader.validateLink = lambda url: True  # type: ignore[method-assign]
    return reader


_MARKDOWN = _reader()
_LEXER = Environment(autoescape=True, keep_trailing_newline=True)  # only cuts sources up


class _Protected:
    """A source in which a private-use character stands for each Jinja tag."""

    def __init__(self, source: str) -> None:
        self.tags: list[str] = []
        pieces: list[str] = []
        tag: list[str] = []
        for _, kind, value in _LEXER.lex(source):
            if kind == "data" and not tag:
                pieces.append(value)
                continue
            tag.append(value)
            if kind.endswith("_end") or kind == "raw_begin":
                pieces.append(chr(_FIRST + len(self.tags)))
                self.tags.append("".join(tag))
                tag = []
        self.text = "".join(pieces)

    def is_statement(self, line: str) -> bool:
        """Whether the line holds tags alone, and none of them writes anything."""
        line = line.strip()
        return bool(line) and all(_is_private(c) and not self.tags[ord(c) - _FIRST].startswith("{{") for c in line)

    def standing_for(self, html: str) -> str:
        """A stand-in for what is HTML already, and stands outside paragraphs."""
        self.tags.append(self.restored(html))
        return chr(_FIRST + len(self.tags) - 1)

    def keyword(self, char: str) -> str:
        """The first word of a statement, or '' for an expression or a comment."""
        found = _KEYWORD.match(self.tags[ord(char) - _FIRST])
        return found[1] if found else ""

    def restored(self, text: str) -> str:
        """The tags in place of their stand-ins."""
        return re.sub(_PRIVATE, lambda m: self.tags[ord(m[0]) - _FIRST], text)


def _is_private(char: str) -> bool:
    return _FIRST <= ord(char) <= _LAST


def has_private(source: str) -> int:
    """The line of the first private-use character, which a template can't hold, or 0."""
    found = re.search(_PRIVATE, source)
    return source.count("\n", 0, found.start()) + 1 if found else 0


def to_text(source: str, colon: str) -> str:
    """The source of the text form: a link is written `label: target`. Lines keep their numbers."""
    protected = _Protected(source)
    plain = _BOLD.sub(r"\1", "\n".join(map(_row_in_text, protected.text.split("\n"))))
    written = _LINK.sub(lambda m: f"{m[1]}{colon}{m[2]}" if m[1] != m[2] else m[1], plain)
    lines = written.split("\n")
    for i, line in enumerate(lines):
        if not protected.is_statement(line):
            lines[i] = protected.restored(line) + "\n"
        else:
            # A tag alone on its line leaves no line: the line feed moves into the tag.
            lines[i] = re.sub(r"(-?[%#]\})$", r"\n\1", protected.restored(line.strip()))
    return "".join(lines)


def to_html(source: str) -> str:
    """The source of the HTML form, to be placed in a layout. Its tags are those of `source`, in the same order."""
    protected = _Protected(source)
    lines = _with_tables(protected, protected.text.split("\n"))
    alone = [protected.is_statement(line) for line in lines]
    within = _within_lists(protected, lines, alone)
    # Blank lines make a paragraph of each tag that stands alone; the paragraph is then taken away.
    html = _MARKDOWN.render("\n".join(f"\n{x.strip()}\n" if alone[i] else x for i, x in enumerate(lines)))
    html = _BOLD.sub(r"<strong>\1</strong>", html)
    html = re.sub(rf"<p>({_PRIVATE}+)</p>", lambda m: m[1] if _is_block(protected, m[1]) else m[0], html)
    if within:
        tags = f"((?:[{''.join(within)}]+\n)+)"
        html = re.sub(rf"{tags}<{_LIST}>\n", r"<\2>\n\1", html)
        html = re.sub(rf"</{_LIST}>\n{tags}", r"\2</\1>\n", html)
        html = re.sub(rf"</{_LIST}>\n<\1>\n", "", html)
    html = _BUTTONS.sub(lambda m: "\n".join(f"{_BUTTON}{a}</p>" for a in _ANCHOR.findall(m[1])), html)
    return protected.restored(html)


def _cells(line: str) -> list[str] | None:
    """What stands in the row of a table; None for any other line."""
    found = _ROW.fullmatch(line)
    return [cell.strip() for cell in found[1].split(" | ")] if found else None


def _row_in_text(line: str) -> str:
    """The row of a table, or any other line as it is. Cells have a line each, and so have links that stand in a row,
    though the row stays one line of the source; one over the whole width goes on the row above it."""
    cells = _cells(line)
    if cells is None:
        return line
    cells = [part for cell in cells for part in _BETWEEN_LINKS.split(cell)]
    return ("- " if line.count(" | ") else "  ") + f"{_FEED}  ".join(cells)


def _with_tables(protected: _Protected, lines: list[str]) -> list[str]:
    """The same lines, those of tables as HTML. A table is as long as no line is blank or says anything but a row: a
    blank line keeps an `if` outside."""
    found: list[str] = []
    table: list[str] = []
    for line in [*lines, ""]:
        if _cells(line) is not None or (line and protected.is_statement(line)):
            table.append(line)
            continue
        found += _table(protected, table)
        table = []
        found.append(line)
    return found[:-1]


def _table(protected: _Protected, lines: list[str]) -> list[str]:
    if all(_cells(line) is None for line in lines):
        return lines
    columns = max(len(_cells(line) or ()) for line in lines)
    rows = [line if (cells := _cells(line)) is None else _row(protected, cells, columns) for line in lines]
    return [protected.standing_for(_TABLE), *rows, protected.standing_for("</table>")]


def _row(protected: _Protected, cells: list[str], columns: int) -> str:
    written = [_BOLD.sub(r"<strong>\1</strong>", _MARKDOWN.renderInline(cell)) for cell in cells]
    if len(cells) == 1:
        apart = written[0].replace("</a> <a", "</a> &nbsp; <a")
        return protected.standing_for(f'<tr><td colspan="{columns}" style="{_WIDE}">{apart}</td></tr>')
    return protected.standing_for("".join(["<tr>", *(f'<td style="{_CELL}">{cell}</td>' for cell in written), "</tr>"]))


def _within_lists(protected: _Protected, lines: list[str], alone: list[bool]) -> set[str]:
    """The tags that go inside a list: of `for` and the like about items, all of a pair or none.

    An `if` around a whole list stays outside, so that no empty list is left.
    """
    found: set[str] = set()
    for tags, parents in _pairs(protected, lines):
        first, last = tags[0][0], tags[-1][0]
        if any(not line.strip() for line in lines[first : last + 1]):
            continue
        if not all(alone[i] and (_is_item(lines, alone, i, -1) or _is_item(lines, alone, i, 1)) for i, _ in tags):
            continue
        is_part = _is_item(lines, alone, first, -1) or _is_item(lines, alone, last, 1)
        if is_part or protected.keyword(tags[0][1]) == "for" or parents & found:
            found.update(char for _, char in tags)
    return found


def _pairs(protected: _Protected, lines: list[str]) -> list[tuple[list[tuple[int, str]], set[str]]]:
    """Tags that belong together (if, else, endif), each with its line, and the tags that open around them."""
    pairs: list[tuple[list[tuple[int, str]], set[str]]] = []
    stack: list[list[tuple[int, str]]] = []
    for i, line in enumerate(lines):
        for char in filter(_is_private, line):
            keyword = protected.keyword(char)
            if keyword.startswith(("end", "el")):
                stack[-1].append((i, char))
                if keyword.startswith("end"):
                    stack.pop()
            elif keyword:
                pairs.append(([(i, char)], {c for tags in stack for _, c in tags}))
                if keyword in _OPENING or (keyword == "set" and "=" not in protected.restored(char)):
                    stack.append(pairs[-1][0])
    return pairs


def _is_item(lines: list[str], alone: list[bool], i: int, step: int) -> bool:
    """Whether the next line in that direction which says something is an item, with no blank line before it."""
    i += step
    while 0 <= i < len(lines) and alone[i]:
        i += step
    return 0 <= i < len(lines) and _ITEM.match(lines[i]) is not None


def _is_block(protected: _Protected, tags: str) -> bool:
    """Whether these tags write no text, or a block of their own (the filters `quoted` and `table`)."""
    source = protected.restored(tags)
    return (
        protected.is_statement(tags) or re.fullmatch(r"\{\{.*\|\s*(?:quoted|table)\s*-?\}\}", source, re.S) is not None
    )
