"""What does the HTML say, and what of it may be shown? Text by inscriptis, clean HTML by nh3, both within limits.

nh3 needs time that grows with the square of the depth, and inscriptis gives nothing at all from depth 255 on:
so the depth is counted first, and beyond it the tags are simply taken out.
"""

import html
import re

import inscriptis
import nh3
from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.html_properties import Display
from inscriptis.model.config import ParserConfig
from inscriptis.model.html_element import HtmlElement

LONGEST = 512_000  # characters that are cleaned and shown
LONGEST_LAID_OUT = 150_000  # characters that are laid out by inscriptis or searched by quotequail
MOST_TAGS = 3_000  # the same, counted in tags: these two need 30 to 60 microseconds for each
MOST_AMPERSANDS = 20_000  # each one that is no entity costs all three libraries some microseconds
MOST_DEEP = 200

# Possessive, so that no tag that never ends is tried twice.
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*+)[^<>]*+>")
_UNSEEN = ("script", "style", "head", "title", "template")
_LINE = re.compile(r"(?i)<(?:br|/p|/div|/tr|/li|/h[1-6]|/blockquote|hr)\b[^<>]*+>")
_ANY_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*+>")
_LONG_NUMBER = re.compile(r"&#(?:[0-9]{8,}+|[xX][0-9a-fA-F]{8,}+);?")  # no character; int() refuses 4,300 digits
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr")
)
_CLOSED_BY_NEXT = frozenset(("p", "li", "tr", "td", "th", "dt", "dd", "option"))
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
_BLANKS = re.compile(r"\n(?:[ \t]*\n){2,}")
_STYLE = re.compile(r"""\bstyle\s{0,9}=\s{0,9}(?:"([^"<>]{0,2000})"|'([^'<>]{0,2000})')""", re.IGNORECASE)
_UNSEEN_STYLE = re.compile(
    r"visibility\s*+:\s*+hidden|max-height\s*+:\s*+0(?![.\d])(?=.*overflow\s{0,9}:\s{0,9}hidden)", re.IGNORECASE
)
_NO_DISPLAY = re.compile(r"display\s*+:\s*+none", re.IGNORECASE)
_ATTRIBUTES = {
    **nh3.ALLOWED_ATTRIBUTES,
    "*": {"style"},
}  # of a style that which hides alone: text and HTML say the same
_END = re.compile(r"</(?:body|html)\s*+>", re.IGNORECASE)  # servers add their words below it; lxml leaves them out
# Elements that begin a line of their own, and that the library does not know.
_BLOCKS = (
    "center",
    "section",
    "dl",
    "dt",
    "dd",
    "details",
    "summary",
    "fieldset",
    "legend",
    "form",
    "caption",
    "option",
)
_CSS = STRICT_CSS_PROFILE | {name: HtmlElement(display=Display.block) for name in _BLOCKS}
_CONFIG = ParserConfig(css=_CSS | {"template": HtmlElement(display=Display.none)}, display_links=False)


def is_too_deep(markup: str) -> bool:
    """Whether elements are nested beyond what the libraries bear. Counts tags, in linear time."""
    depth = deepest = 0
    for match in _TAG.finditer(markup):
        name = match[2].lower()
        if name in _VOID or name in _CLOSED_BY_NEXT or match[0].endswith("/>"):
            continue
        depth = depth - 1 if match[1] else depth + 1
        depth = max(depth, 0)
        deepest = max(deepest, depth)
        if deepest > MOST_DEEP:
            return True
    return markup.lower().count("<p") + markup.count("<li") > 20_000


def is_small(markup: str) -> bool:
    """Whether the markup may be given to a library that builds a tree of it."""
    return (
        len(markup) <= LONGEST_LAID_OUT
        and markup.count("<") <= MOST_TAGS
        and markup.count("&") <= MOST_AMPERSANDS
        and not is_too_deep(markup)
    )


def to_text(markup: str) -> str:
    """The text as a reader sees it. Never empty where the markup has words, and never an exception."""
    markup = _END.sub("", _DECLARATION.sub("", markup[:2_000_000]))
    text = ""
    if is_small(markup):
        try:
            text = inscriptis.get_text(_STYLE.sub(_hidden, markup), _CONFIG)
        except Exception:  # lxml refuses what is no document
            text = ""
    if not text.strip():
        text = without_tags(markup)
    lines = (line.rstrip() for line in text.replace("\xa0", " ").splitlines())
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip("\n")


def _hidden(style: re.Match[str]) -> str:
    """A style that hides in another way than the library knows, as one that it knows."""
    return 'style="display:none"' if _UNSEEN_STYLE.search(style[1] or style[2] or "") else style[0]


def without_tags(markup: str) -> str:
    """The plain way: line ends for blocks, no tags, entities as characters."""
    markup = _without(markup, "<!--", "-->")
    for name in _UNSEEN:
        markup = _without(markup, f"<{name}", f"</{name}")
    return html.unescape(_LONG_NUMBER.sub("\ufffd", _ANY_TAG.sub("", _LINE.sub("\n", markup))))


def bare(markup: str) -> str:
    """Small markup (is_small) that all libraries read alike: no scripts or comments, no attributes that do not hide."""
    return nh3.clean(
        markup, attributes={"*": {"style"}}, attribute_filter=_hiding_alone, strip_comments=True, link_rel=None
    )


def _hiding_alone(element: str, attribute: str, value: str) -> str | None:
    return "display:none" if _NO_DISPLAY.search(value) or _UNSEEN_STYLE.search(value) else None


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
    if len(markup) > LONGEST or markup.count("&") > MOST_AMPERSANDS or is_too_deep(markup):
        return None
    try:
        return nh3.clean(
            markup,
            attributes=_ATTRIBUTES,
            clean_content_tags={"script", "style", "title", "template"},
            url_schemes={"http", "https", "mailto", "tel", "cid"},
            attribute_filter=_attribute,
            link_rel="noopener noreferrer nofollow",
            strip_comments=True,
        )
    except Exception:  # what cannot be cleaned is not shown; the text is there
        return None


def _attribute(element: str, attribute: str, value: str) -> str | None:
    """Remote images tell the sender who reads: only those inside the mail stay. nh3 lets any scheme into `cite`."""
    if attribute == "style":
        return _hiding_alone(element, attribute, value)
    if attribute == "cite":
        return None
    if attribute in ("src", "background", "poster", "srcset"):
        return value if attribute == "src" and element == "img" and value.strip().lower().startswith("cid:") else None
    return value if not value.strip().lower().startswith("cid:") else None
