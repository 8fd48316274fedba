"""What did the person newly write? Our own marker cuts first, then what mail programs put above a quote.

In doubt the text stays, and `is_sure` is False. The whole text is kept elsewhere; a cut is only a view of it.
"""

import re
from dataclasses import dataclass

import quotequail

from maild.reading.markers import (
    ATTRIBUTION_STARTS,
    ATTRIBUTIONS,
    FORWARDS,
    HEADER_ROWS,
    LIST_FOOTERS,
    MARKERS,
    SENT_FROM,
    SEPARATORS,
)
from maild.reading.markup import is_small, to_text

__all__ = ["MARKERS", "Cut", "cut", "cut_markup"]

LONGEST = 500_000  # characters; above it nothing is cut
MOST_LINES = 20_000
MOST_LOOKED_AT = 200  # lines that might introduce a quote, and lines that quotequail gets
MOST_WRAPPED = 4  # lines over which an attribution may be wrapped
MOST_SIGNATURE = 15  # lines below `-- ` that count as a signature

_QUOTED = re.compile(r"\s{0,3}(?:>|&gt;)")
_ATTRIBUTION = re.compile("|".join(f"(?:{pattern})" for pattern in ATTRIBUTIONS), re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_MARKER_CORES = tuple(marker.strip("— ") for marker in MARKERS.values())
_MOST_LETTERS = max(len(_LETTER.findall(core)) for core in _MARKER_CORES)
_COULD_INTRODUCE = re.compile(f"(?:{ATTRIBUTION_STARTS})|[:\uff1a]|-{{2,}}|>$", re.IGNORECASE)
_STARTS = re.compile(ATTRIBUTION_STARTS, re.IGNORECASE)
_ENDS = re.compile("[:\uff1a>\\])]$")
_FULL_DATE = re.compile(
    r"\d{1,4}\D{1,14}\d{2,4}.*\d{1,2}[:h.]\d{2}|\b\d{1,2}\b.*\b(?:19|20)\d\d\b|\d[/.-]\d{1,2}[/.-]\d"
)
_BEARS_A_DATE = re.compile(r"\d{1,2}\D.*\d|@|\d{4}")
_ROW = re.compile(r"[*\s]*([^\W\d][\w' -]{0,24}?)[ \xa0*]*[:：][*]?(?:\s|$)(.*)", re.DOTALL)
_ROW_NAMES = {name: row for row, names in HEADER_ROWS.items() for name in names}
_DASHES = re.compile(r"[\s*]*[-_—=]{2,}\s*([^-_=]{3,60}?)\s*[-_—=]{2,}[\s*]*")
_RULE = re.compile(r"\s*(?:_{10,}|-{20,}|\*{20,})\s*")
_SIGNATURE = re.compile(r"\s{0,2}(?:--|—|__|–)[ \xa0]?\s*")
_LIST_FOOTER = re.compile(LIST_FOOTERS, re.IGNORECASE)
_SENT_FROM = re.compile("|".join(f"(?:{pattern})" for pattern in SENT_FROM), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cut:
    """The new text, and whether the line between new and old is certain."""

    text: str
    is_sure: bool


def cut(text: str) -> Cut:
    """The new text of a plain body. Line feeds only, as charset.storable gives them."""
    lines = text.split("\n")
    if len(lines) > MOST_LINES or len(text) > LONGEST:
        return Cut(text.strip(), False)
    at = next((n for n, line in enumerate(lines) if _is_marker(line)), -1)
    if at >= 0:
        return _above(lines, _start_of_header(lines, at), at + 1, bool(_QUOTED.match(lines[at])))
    at = _find_quote(lines)
    if at >= 0:
        body = at + max(1, _attribution_length(lines, at))
        following = next((line for line in lines[body:] if line.strip()), "")
        return _above(lines, at, body, any(_QUOTED.match(line) for line in (lines[at], following)))
    if not any(_QUOTED.match(line) for line in lines):
        return Cut(_unsigned(lines), True) if not _second_opinion(text) else Cut(_unsigned(lines), False)
    first = next(n for n, line in enumerate(lines) if _QUOTED.match(line))
    found = _above(lines, first, first, True)  # quoted lines that nobody introduced: never sure
    return Cut(found.text or text.strip(), False)


def cut_markup(markup: str, text: str) -> Cut:
    """The new text of a mail that came as HTML alone; `text` is that HTML as text."""
    plain = cut(text)
    if plain.text != _unsigned(text.split("\n")) or any(_is_marker(line) for line in text.split("\n")):
        return plain
    if not is_small(markup) or "<blockquote" not in markup.lower():
        return plain
    try:
        found = quotequail.unwrap_html(markup) or {}
    except Exception:  # a structure that it does not expect: the text as a whole is always right
        found = {}
    top = _unsigned(to_text(found.get("html_top", "")).split("\n"))
    if found.get("type") not in ("reply", "quote") or not top:
        return plain
    below = to_text(found.get("html_bottom", "")).strip()
    return Cut(plain.text, False) if below else Cut(top, found.get("type") == "reply")


def _second_opinion(text: str) -> bool:
    """Whether quotequail sees a reply where our tables see nothing: then nothing is cut, and nothing is sure.

    It is asked only where a line could introduce a quote: a date or an address in it, a colon at its end.
    """
    lines = text[:10_000].split("\n")[:MOST_LOOKED_AT]
    if not any(line.rstrip().endswith((":", "\uff1a")) and _BEARS_A_DATE.search(line[:400]) for line in lines):
        return False
    try:
        found = quotequail.unwrap("\n".join(lines)) or {}
    except Exception:  # what it cannot read is in doubt
        return True
    return found.get("type") == "reply" and bool(found.get("text_top"))


def _is_marker(line: str) -> bool:
    """Whether the line is our marker; programs change its dashes and blanks and put `>` before it."""
    if len(line) > 120 or not any(core in " ".join(line.split()) for core in _MARKER_CORES):
        return False
    return len(_LETTER.findall(line)) <= _MOST_LETTERS


def _above(lines: list[str], start: int, body: int, is_marked: bool) -> Cut:
    """What stands above a quote whose header begins at line `start` and whose own words begin at `body`.

    `is_marked` says that the quote's lines bear `>`: then what stands among and below them is looked at too.
    """
    top = _unsigned(lines[:start])
    whole = Cut("\n".join(lines).strip(), False)
    if not is_marked:  # nothing tells old from new below the line
        return Cut(top, True) if top else whole
    below = lines[body:]
    new = [n for n, line in enumerate(below) if line.strip() and not _QUOTED.match(line) and not _is_wrapped(below, n)]
    rest = _unsigned([below[n] for n in new])
    if not rest:
        return Cut(top, True)  # also where nothing at all is new: an attachment was the answer
    last_quoted = max((n for n, line in enumerate(below) if _QUOTED.match(line)), default=-1)
    if new[0] > last_quoted:  # written below the quote, or above and below it
        return Cut(f"{top}\n\n{_unsigned(below[last_quoted + 1 :])}".strip(), False)
    return whole  # written between its lines


def _is_wrapped(lines: list[str], n: int) -> bool:
    """Whether a line without `>` is the rest of a quoted line or a quoted header that a program wrapped."""
    if n + 1 < len(lines) and n > 0 and _QUOTED.match(lines[n - 1]) and _QUOTED.match(lines[n + 1]):
        return len(lines[n - 1]) > 60 and len(lines[n]) < 40
    return _attribution_length(lines, n) > 0


def _find_quote(lines: list[str]) -> int:
    """The first line of what introduces a quote, or -1."""
    looked_at = 0
    for n, line in enumerate(lines):
        bare = line.lstrip("> \t\xa0")
        if not bare:
            continue
        if (dashes := _DASHES.fullmatch(line)) and dashes[1].strip().lower().rstrip(":") in SEPARATORS:
            return n
        if _names_forward(bare):
            return -1  # a mail passed on is what the person wants to show
        if not _COULD_INTRODUCE.search(bare[:400]):
            continue
        looked_at += 1
        if looked_at > MOST_LOOKED_AT:
            return -1
        if _is_header_block(lines, n):
            return n - 1 if n and _RULE.fullmatch(lines[n - 1]) else n
        length = _attribution_length(lines, n)
        if length and _introduces(lines, n, length):
            return n
    return -1


def _names_forward(line: str) -> bool:
    plain = line.strip("-_ >*:\t\xa0").lower()
    return plain in FORWARDS


def _attribution_length(lines: list[str], n: int) -> int:
    """How many lines, from `n` on, say "On .. wrote:"; 0 if they don't."""
    joined = ""
    for count, line in enumerate(lines[n : n + MOST_WRAPPED], 1):
        piece = line.strip("> \t\xa0") if count > 1 else line.lstrip("> \t\xa0-").rstrip()
        if line.rstrip().endswith(">") and count > 1:
            piece += ">"
        if not piece or len(piece) > 400 or (count == 1 and _is_marker(line)):
            return 0
        joined = f"{joined} {piece}" if joined and not joined.endswith("<") else joined + piece
        said = re.sub(r" -{2,}$", ":", joined)  # Zoho: "---- On .. wrote ----"
        if _ENDS.search(said) and _ATTRIBUTION.fullmatch(said) and _BEARS_A_DATE.search(said):
            return count
        if count == 1 and not _STARTS.match(piece):
            return 0
    return 0


def _introduces(lines: list[str], n: int, length: int) -> bool:
    """Whether a quote follows: marked lines, or anything at all below a line with an address or a full date in it."""
    joined = " ".join(line.strip() for line in lines[n : n + length])
    following = [line for line in lines[n + length : n + length + 4] if line.strip()]
    if not following or _QUOTED.match(lines[n]) or _QUOTED.match(following[0]):
        return True
    return "@" in joined or bool(_FULL_DATE.search(joined))


def _is_header_block(lines: list[str], n: int) -> bool:
    """From, sent, to, subject: three rows of it or more, from line `n` on, the first of them From."""
    seen: list[str] = []
    blanks = 0
    for line in lines[n : n + 12]:
        bare = line.lstrip("> \t\xa0")
        match = _ROW.fullmatch(bare)
        row = _ROW_NAMES.get(" ".join(match[1].lower().split()).strip("* ")) if match else None
        if row is not None:
            if not seen and row != "from" and not (_QUOTED.match(lines[n]) and row in ("subject", "sent")):
                return False
            seen.append(row)
        elif not bare.strip():
            blanks += 1
            if not seen or blanks > 4 or len(set(seen)) >= 3:
                break
        elif not seen:
            return False
    return "from" in seen and len(set(seen) - {"other"}) >= 3


def _start_of_header(lines: list[str], at: int) -> int:
    """Where the header that a program put above our marker begins, or `at`."""
    for n in range(max(0, at - 14), at):
        bare = lines[n].strip("> \t\xa0*")
        if not bare:
            continue
        dashes = _DASHES.fullmatch(lines[n])
        if dashes and dashes[1].strip().lower().rstrip(":") in SEPARATORS:
            return n
        if _is_header_block(lines, n):
            return n - 1 if n and _RULE.fullmatch(lines[n - 1]) else n
        length = _attribution_length(lines, n)
        if length and not any(line.strip("> \t\xa0") and not _is_marker(line) for line in lines[n + length : at]):
            return n
    while at > 0 and (not lines[at - 1].strip("> \t\xa0") or _RULE.fullmatch(lines[at - 1].strip("> "))):
        at -= 1
    return at


def _unsigned(lines: list[str]) -> str:
    """The text without the signature below `-- ` and without what a telephone adds."""
    end = len(lines)
    for n in range(max(0, len(lines) - MOST_SIGNATURE - 10), len(lines)):
        if _SIGNATURE.fullmatch(lines[n]) and sum(bool(line.strip()) for line in lines[n:]) <= MOST_SIGNATURE:
            end = n
            break
    kept = lines[:end]
    for n in range(max(0, len(kept) - 6), len(kept)):
        if _RULE.fullmatch(kept[n]) and _LIST_FOOTER.search("\n".join(kept[n:])):
            return _unsigned(kept[:n])
    filled = [n for n, line in enumerate(kept) if line.strip()]
    for n in filled[-3:]:
        if _SENT_FROM.fullmatch(kept[n].strip().strip("*_")):
            return _unsigned(kept[:n])
    while kept and (not kept[-1].strip() or _RULE.fullmatch(kept[-1])):
        kept.pop()
    return "\n".join(kept).strip()
