"""What does the HTML say, and what of it may be shown? Text by reading/layout.py, clean HTML by nh3.

nh3 needs time that grows with the square of the depth and of the attributes of a tag, and opens again in each block
what was never closed. So it gets the markup written anew: the tags and attributes that may stay, within limits.
"""

import re

import nh3

from maild.reading.layout import BLOCKS, characters, lay_out
from maild.reading.tags import CLOSED_BY_NEXT, VOID, attributes, hides, tags

LONGEST = 512_000  # characters that are cleaned and shown
LONGEST_LAID_OUT = 150_000  # characters in which quotes are looked for
MOST_TAGS = 3_000  # the same, counted in tags
MOST_AMPERSANDS = 20_000  # each one that is no entity costs some microseconds
LONGEST_READ = 2_000_000  # characters whose text is read
MOST_LAID_OUT = 40_000  # tags that are laid out, 8 microseconds each; beyond it they are simply taken out
MOST_LINES = 200_000  # lines of a text that is laid out
MOST_CLEANED = 20_000  # tags that are cleaned
MOST_DEEP = 200
MOST_WORK = 8_000_000  # what is open at each tag, added up over all tags; nh3 needs about 25 nanoseconds for each
LONGEST_VALUE = 4_000  # characters of an attribute

_UNSEEN = ("script", "style", "head", "title", "template")
_LINE = re.compile(r"(?i)<(?:br|/p|/div|/tr|/li|/h[1-6]|/blockquote|hr)\b[^<>]*+>")
_ANY_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*+>")
_BLANKS = re.compile(r"\n(?:[ \t]*\n){2,}")
# What is opened again in each block until it is closed (HTML 13.2.4.3).
_OPENED_AGAIN = frozenset(("a", "b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"))
_TABLE = frozenset(("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "td", "th"))
_CELLS = frozenset(("td", "th", "caption"))
_ATTRIBUTES = {
    **nh3.ALLOWED_ATTRIBUTES,
    "*": {"style"},
}  # of a style that which hides alone: text and HTML say the same


def is_small(markup: str) -> bool:
    """Whether quotes are looked for in the markup."""
    return len(markup) <= LONGEST_LAID_OUT and markup.count("<") <= MOST_TAGS and markup.count("&") <= MOST_AMPERSANDS


def to_text(markup: str, most_tags: int = MOST_LAID_OUT) -> str:
    """The text as a reader sees it. Never empty where the markup has words."""
    markup = markup[:LONGEST_READ]
    is_laid_out = markup.count("<") <= most_tags and markup.count("\n") <= MOST_LINES
    text = lay_out(markup) if is_laid_out else ""
    if not text.strip():
        text = without_tags(markup)
    lines = (line.rstrip() for line in text.replace("\xa0", " ").splitlines())
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip("\n")


def without_tags(markup: str) -> str:
    """The plain way: line ends for blocks, no tags, entities as characters."""
    markup = _without(markup, "<!--", "-->")
    for name in _UNSEEN:
        markup = _without(markup, f"<{name}", f"</{name}")
    return characters(_ANY_TAG.sub("", _LINE.sub("\n", markup)))


def _without(markup: str, opening: str, closing: str) -> str:
    """The markup without what stands from each opening to the next closing, in linear time."""
    folded = markup.lower()
    if opening not in folded or len(folded) != len(markup):
        return markup
    kept: list[str] = []
    position = 0
    while (start := folded.find(opening, position)) >= 0:
        end = folded.find(closing, start)
        if end < 0:
            break
        kept.append(markup[position:start])
        position = end + len(closing)
        if not closing.endswith(">"):
            position = folded.find(">", position) + 1 or len(markup)
    return "".join((*kept, markup[position:]))


def clean(markup: str) -> str | None:
    """HTML that is safe to show: no script, form or style, images only from the mail itself; None beyond limits."""
    if len(markup) > LONGEST or markup.count("<") > MOST_CLEANED or markup.count("&") > MOST_AMPERSANDS:
        return None
    bounded = _bounded(markup)
    if bounded is None:
        return None
    try:
        return nh3.clean(
            bounded,
            attributes=_ATTRIBUTES,
            url_schemes={"http", "https", "mailto", "tel", "cid"},
            attribute_filter=_attribute,
            link_rel="noopener noreferrer nofollow",
            strip_comments=True,
        )
    except Exception:  # what cannot be cleaned is not shown; the text is there
        return None


def _bounded(markup: str) -> str | None:
    """The markup with those tags and attributes alone that may stay; None where it would cost too much.

    An end tag closes the element opened last, or nothing: so more counts as open than is, and never less.
    """
    pieces: list[str] = []
    opened: list[tuple[str, int]] = []
    work = weight = tables = 0
    is_between = False  # in a table, and in no cell: what stands there is moved before it, past all its neighbours
    for number, (before, name, is_end, whole) in enumerate(tags(markup)):
        pieces.append(before.replace("<", "&lt;"))
        if is_between and (name not in _TABLE or before.strip()):
            work += number
        if name not in nh3.ALLOWED_TAGS:
            continue
        if name in _TABLE:
            tables = max(0, tables + (-1 if is_end else 1)) if name == "table" else tables
            is_between = tables > 0 and (is_end or name not in _CELLS)
        while opened and _ends(opened[-1][0], name, is_end):
            weight -= opened.pop()[1]
        if is_end:
            tag = f"</{name}>"
            if opened and opened[-1][0] == name:
                weight -= opened.pop()[1]
        else:
            tag = _opening(name, whole)
            if name not in VOID:
                opened.append((name, 20 + len(tag) if name in _OPENED_AGAIN else 1))
                weight += opened[-1][1]
        pieces.append(tag)
        work += weight
        if work > MOST_WORK or len(opened) > MOST_DEEP:
            return None
    return "".join(pieces)


def _ends(last: str, name: str, is_end: bool) -> bool:
    """Whether a paragraph, an item or a cell that nobody closed ends at this tag."""
    if is_end:
        return last != name and last in CLOSED_BY_NEXT and name in BLOCKS
    return last in CLOSED_BY_NEXT.get(name, ())


def _opening(name: str, whole: str) -> str:
    """The tag with the attributes that may stay."""
    if "=" not in whole:
        return f"<{name}>"
    allowed = _ATTRIBUTES.get(name, _ATTRIBUTES["*"])
    tag = f"<{name}"
    for attribute, value in attributes(whole).items():
        if attribute == "style":
            value = "display:none" if hides(characters(value)) else ""
        elif attribute not in allowed or len(value) > LONGEST_VALUE:
            continue
        if value or attribute == "alt":
            tag += f' {attribute}="{value.replace(chr(34), "&quot;")}"'
    return f"{tag}>"


def _attribute(element: str, attribute: str, value: str) -> str | None:
    """Remote images tell the sender who reads: only those inside the mail stay. nh3 lets any scheme into `cite`."""
    if attribute == "style":
        return value if value == "display:none" else None
    if attribute == "cite":
        return None
    if attribute in ("src", "background", "poster", "srcset"):
        return value if attribute == "src" and element == "img" and value.strip().lower().startswith("cid:") else None
    return value if not value.strip().lower().startswith("cid:") else None
