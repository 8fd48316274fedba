"""What did the person newly write? Our own marker cuts first, then what mail programs put above a quote.

In doubt the text stays, and `is_sure` is False. The whole text is kept elsewhere; a cut is only a view of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from maild.reading.forward import names_forward
from maild.reading.markers import (
    ATTRIBUTION_STARTS,
    ATTRIBUTIONS,
    HEADER_ROWS,
    LIST_FOOTERS,
    MARKERS,
    POINTS_BELOW,
    SENT_FROM,
    SEPARATORS,
)
from maild.reading.markup import to_text
from maild.reading.second_opinion import sees_reply, split_markup

__all__ = ["MARKERS", "Cut", "cut", "cut_markup"]

LONGEST = 500_000  # characters; above it nothing is cut
MOST_LINES = 20_000
MOST_LOOKED_AT = 200  # lines that might introduce a quote, or be the rest of one
LOOKED_AT = 400  # characters of a line
MOST_WRAPPED = 4  # lines over which an attribution may be wrapped
LONGEST_ATTRIBUTION = 900  # characters
MOST_SIGNATURE = 15  # lines below `-- ` that count as a signature
MOST_POINTING = 6  # lines at the end of the new text in which people say that they go on below

_QUOTED = re.compile(r"\s{0,3}(?:>|&gt;)")
_ATTRIBUTION = re.compile("|".join(f"(?:{pattern})" for pattern in ATTRIBUTIONS), re.IGNORECASE)
_DASH = frozenset("-_—=")
_LETTER = re.compile(r"[^\W\d_]")
_MARKER_CORES = tuple(marker.strip("— ") for marker in MARKERS.values())
_MOST_LETTERS = max(len(_LETTER.findall(core)) for core in _MARKER_CORES)
_COULD_INTRODUCE = re.compile(f"(?:{ATTRIBUTION_STARTS})|[:\uff1a]|-{{2,}}|>$", re.IGNORECASE)
_STARTS = re.compile(ATTRIBUTION_STARTS, re.IGNORECASE)
_ENDS = re.compile("[:\uff1a>\\])]$")
_FULL_DATE = re.compile(
    r"\d{1,4}\D{1,14}\d{2,4}.{0,60}\d{1,2}[:h.]\d{2}|\b\d{1,2}\b.{0,60}\b(?:19|20)\d\d\b|\d[/.-]\d{1,2}[/.-]\d"
)
_BEARS_A_DATE = re.compile(r"\d{1,2}\D.*\d|@|\d{4}")
_ROW = re.compile(r"[*\s]*+([^\W\d][\w' -]{0,24}?)[ \xa0*]*[:：][*]?(?:\s|$)")
_ROW_NAMES = {name: row for row, names in HEADER_ROWS.items() for name in names}
_RULE = re.compile(r"\s*+(?:_{10,}+|-{20,}+|\*{20,}+)\s*+")
_SIGNATURE = re.compile(r"\s{0,2}(?:--|—|__|–)\s*+")
_UNSAID = re.compile(r" -{2,}+$")  # Zoho: "---- On .. wrote ----"
_LIST_FOOTER = re.compile(LIST_FOOTERS, re.IGNORECASE)
_SENT_FROM = re.compile("|".join(f"(?:{pattern})" for pattern in SENT_FROM), re.IGNORECASE)
_POINTS_BELOW = re.compile("|".join(POINTS_BELOW), re.IGNORECASE)


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
        return Cut(_unsigned(lines), not sees_reply(text))
    first = next(n for n, line in enumerate(lines) if _QUOTED.match(line))
    found = _above(lines, first, first, True)  # quoted lines that nobody introduced: never sure
    return Cut(found.text or text.strip(), False)


def cut_markup(markup: str, text: str) -> Cut:
    """The new text of a mail that came as HTML alone; `text` is that HTML as text."""
    plain = cut(text)
    lines = text.split("\n")
    if not plain.is_sure or plain.text != _unsigned(lines) or any(_is_marker(line) for line in lines):
        return plain
    split = split_markup(markup)
    if split is None:
        return plain
    if not split.is_read:
        return Cut(plain.text, False)
    top = _unsigned(to_text(split.above).split("\n"))
    if not top:
        return plain
    if to_text(split.below).strip():
        return Cut(plain.text, False)
    return Cut(top, split.is_reply and not _points_below(top))


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
    points = _points_below(top)
    if not is_marked:  # nothing tells old from new below the line
        return Cut(top, True) if top and not points else whole
    below = lines[body:]
    new = list(_unquoted(below))
    rest = _unsigned([below[n] for n in new])
    if not rest:
        return whole if points else Cut(top, True)  # also where nothing at all is new: an attachment was the answer
    last_quoted = max((n for n, line in enumerate(below) if _QUOTED.match(line)), default=-1)
    if new[0] > last_quoted:  # written below the quote, or above and below it
        return Cut(f"{top}\n\n{_unsigned(below[last_quoted + 1 :])}".strip(), False)
    return whole  # written between its lines


def _points_below(new: str) -> bool:
    """Whether the new text says, near its end, that more of it stands below: among the quoted lines, or in a colour."""
    filled = [line for line in new[-2_000:].split("\n") if line.strip()]
    return bool(_POINTS_BELOW.search(" ".join(" ".join(filled[-MOST_POINTING:]).split())))


def _unquoted(lines: list[str]) -> Iterator[int]:
    """The numbers of the lines that are no part of the marked quote."""
    looked_at = 0
    for n, line in enumerate(lines):
        if not line.strip() or _QUOTED.match(line):
            continue
        looked_at += 1
        if looked_at > MOST_LOOKED_AT or not _is_wrapped(lines, n):
            yield n


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
        if _is_separator(line):
            return n
        if names_forward(bare):
            return -1  # a mail passed on is what the person wants to show
        if not _COULD_INTRODUCE.search(bare[:LOOKED_AT]):
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


def _is_separator(line: str) -> bool:
    """Whether the line says "original message" between dashes."""
    bare = line.strip("* \t\xa0") if len(line) <= LOOKED_AT else ""
    if len(bare) < 4 or not set(bare[:2] + bare[-2:]) <= _DASH:
        return False
    return bare.strip("-_—= \t\xa0").lower().rstrip(": ") in SEPARATORS


def _attribution_length(lines: list[str], n: int) -> int:
    """How many lines, from `n` on, say "On .. wrote:"; 0 if they don't."""
    joined = ""
    for count, line in enumerate(lines[n : n + MOST_WRAPPED], 1):
        piece = line.strip("> \t\xa0") if count > 1 else line.lstrip("> \t\xa0-").rstrip()
        if line.rstrip().endswith(">") and count > 1:
            piece += ">"
        if not piece or len(piece) > LOOKED_AT or (count == 1 and _is_marker(line)):
            return 0
        joined = f"{joined} {piece}" if joined and not joined.endswith("<") else joined + piece
        said = _UNSAID.sub(":", " ".join(joined.split()))
        if len(said) > LONGEST_ATTRIBUTION:
            return 0
        if _ENDS.search(said) and _ATTRIBUTION.fullmatch(said) and _BEARS_A_DATE.search(said):
            return count
        if count == 1 and not _STARTS.match(piece):
            return 0
    return 0


def _introduces(lines: list[str], n: int, length: int) -> bool:
    """Whether a quote follows: marked lines, or anything at all below a line with an address or a full date in it."""
    joined = " ".join(line.strip("-> \t\xa0") for line in lines[n : n + length])
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
        match = _ROW.match(bare[:100])
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
        if _is_separator(lines[n]):
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
    """The text without the signature below `-- `, a list's footer, and what telephones add, however often."""
    end, shorter = len(lines) + 1, len(lines)
    while shorter < end:
        end, shorter = shorter, _without_addition(lines, shorter)
    return "\n".join(lines[:end]).strip()


def _without_addition(lines: list[str], end: int) -> int:
    """Where the first `end` lines really end: one addition less, and no blank line or rule; `end` where none is left.

    Only the last lines are looked at, so that a thousand additions cost a thousand times one.
    """
    while end and (not lines[end - 1].strip() or _RULE.fullmatch(lines[end - 1])):
        end -= 1
    for n in range(max(0, end - MOST_SIGNATURE - 10), end):
        if _SIGNATURE.fullmatch(lines[n]) and sum(bool(line.strip()) for line in lines[n:end]) <= MOST_SIGNATURE:
            return n
    for n in range(max(0, end - 6), end):
        if _RULE.fullmatch(lines[n]) and _LIST_FOOTER.search("\n".join(lines[n:end])):
            return n
    last = list(islice((n for n in range(end - 1, -1, -1) if lines[n].strip()), 3))
    for n in reversed(last):
        if _SENT_FROM.fullmatch(lines[n].strip().strip("*_")):
            return n
    return end
