"""What does an article say where no Markdown is shown? Its text without marks, and its first words."""

import re

LONGEST_LINE = 200  # characters of what is shown beside a link
LONGEST_PARAGRAPH = 700  # and where there is none
_LOOKED_AT = 10_000  # characters in which the first paragraph is looked for
_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*$")
_RULE = re.compile(r"^ {0,3}([-*_][ \t]*){3,}$")
_ITEM = re.compile(r"^[ \t]*([-*+]|\d{1,3}[.)])[ \t]+(.*)$")
_QUOTE = re.compile(r"^ {0,3}>[ \t]?")
_INLINE = (
    (re.compile(r"!\[([^\[\]]*)\]\([^()\s]*\)"), r"\1"),
    (re.compile(r"\[([^\[\]]+)\]\(([^()\s]+)\)"), r"\1 (\2)"),
    (re.compile(r"<(https?://[^<>\s]+)>"), r"\1"),
    (re.compile(r"`+([^`]+)`+"), r"\1"),
    (re.compile(r"(?<!\\)(\*\*|__)(?=\S)([^*_\n]+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*\\])([*_])(?=[^\s*_])([^*_\n]+?)(?<=\S)\1(?![\w*])"), r"\2"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!-])"), r"\1"),
)


def plain(markdown: str) -> str:
    """The text, paragraphs on one line each, lists as they are; headings are paragraphs, code keeps its lines."""
    blocks: list[str] = []
    is_open, is_code = False, False  # a paragraph, or an item, that the next line goes on with
    for line in markdown.split("\n"):
        if _FENCE.match(line):
            is_code, is_open = not is_code, False
        elif is_code:
            blocks.append(line)
        elif not line.strip() or _RULE.match(line):
            blocks.append("")
            is_open = False
        elif heading := _HEADING.match(line):
            blocks += ["", _inline(heading[1]), ""]
            is_open = False
        elif item := _ITEM.match(line):
            blocks.append(f"{'-' if item[1] in '-*+' else item[1]} {_inline(item[2])}")
            is_open = True
        else:
            words = _inline(_QUOTE.sub("", line).strip())
            if is_open:
                blocks[-1] += f" {words}"
            else:
                blocks.append(words)
            is_open = True
    return re.sub(r"\n{3,}", "\n\n", "\n".join(blocks)).strip("\n")


def first_words(markdown: str, longest: int = LONGEST_LINE) -> str:
    """The first paragraph: as many of its sentences as there is room for, else what fits of the first one and …"""
    paragraph = " ".join(_first_paragraph(markdown[:_LOOKED_AT]).split())
    if len(paragraph) <= longest:
        return paragraph
    cut = max((m.end() for m in re.finditer(r"[.!?…](?=\s)", paragraph[: longest + 1])), default=0)
    if cut >= longest // 4:
        return paragraph[:cut]
    return f"{paragraph[: longest - 1].rpartition(' ')[0] or paragraph[: longest - 1]}…"


def _first_paragraph(markdown: str) -> str:
    headings = {_inline(found[1]) for line in markdown.split("\n") if (found := _HEADING.match(line))}
    paragraphs = [block for block in plain(markdown).split("\n\n") if block.strip()]
    return next((block for block in paragraphs if block not in headings), paragraphs[0] if paragraphs else "")


def _inline(text: str) -> str:
    for pattern, instead in _INLINE:
        text = pattern.sub(instead, text)
    return text
