"""What did the person newly write? Our own marker cuts first, then what mail programs put above a quote.

In doubt the text stays, and `is_sure` is False. The whole text is kept elsewhere; a cut is only a view of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from maild.reading.additions import RULE, is_added_alone, own_words, plain
from maild.reading.forward import names_forward
from maild.reading.markers import MARKERS, POINTS_BELOW
from maild.reading.quote_header import (
    ALL_BELOW,
    BLANKS,
    BLOCKQUOTE,
    COULD_INTRODUCE,
    LOOKED_AT,
    QUOTED,
    attribution_length,
    bears_proof,
    begins_with_address,
    header_length,
    introduces,
    is_separator,
    is_undated_attribution,
    looks_like_header,
    marker_length,
    start_above,
)
from maild.reading.quoted_markup import as_plain
from maild.reading.second_opinion import sees_reply, shows_quote

__all__ = ["MARKERS", "Cut", "cut", "cut_markup"]

LONGEST = 500_000  # characters; above it nothing is cut
MOST_LINES = 20_000
MOST_LOOKED_AT = 400  # lines that might introduce a quote, or be the rest of one
MOST_POINTING = 6  # lines at the end of the new text in which people say that they go on below
NARROWEST = 70  # columns at which a program wraps
SENTENCE_ENDS = (".", "!", "?", ":", ";", "…")
MOST_HEADER = 16  # lines from a program's header to our marker, or to the first line that it marked

_POINTS_BELOW = re.compile("|".join(POINTS_BELOW), re.IGNORECASE)
_SHOWS_BELOW = re.compile(r"[^\s:\uff1a][ \xa0\u202f]?[:\uff1a]$")


@dataclass(frozen=True, slots=True)
class Cut:
    """The new text, and whether the line between new and old is certain."""

    text: str
    is_sure: bool


@dataclass(frozen=True, slots=True)
class _Quote:
    """Where a quote's header begins, where its own words begin, and whether its lines bear `>`.

    `is_words_alone`: neither our marker nor a separator nor HTML tells of it, only words that a person may write too.
    `is_weak`: rows without an address or a time in them.
    """

    start: int
    body: int
    is_marked: bool
    is_words_alone: bool = False
    is_weak: bool = False


def cut(text: str, alternative: str = "", answers: bool = True) -> Cut:
    """The new text of a plain body; `alternative` is the HTML that came with it, or nothing.

    `answers` says whether the mail claims to answer another. One that does not may still hold "On .. X wrote:" or the
    rows of a header: its writer tells or shows them, so these alone cut nothing there.

    Line feeds only, as charset.storable gives them.
    """
    lines = text.split("\n")
    if len(lines) > MOST_LINES or len(text) > LONGEST:
        return Cut(text.strip(), False)
    passed_on = next((n for n, line in enumerate(lines) if names_forward(line)), len(lines))
    above = lines[:passed_on]
    while passed_on < len(lines) and above and above[-1].strip(BLANKS) in ("", ALL_BELOW, BLOCKQUOTE):
        above.pop()  # Gmail lays out what it forwards as it does a quote
    quote = _at_marker(above) or _at_header(above)
    if quote is not None and _is_inside(lines, quote.start):
        quote = None  # the header of an older mail, within a quote that no header was found for
    if quote is not None and (quote.is_weak or (quote.is_words_alone and not answers)):
        return Cut(text.strip(), False)
    if quote is not None:
        return _above(lines, quote)
    if passed_on < len(lines):
        return Cut(*own_words(lines))  # a mail passed on is what the person wants to show
    first = next((n for n, line in enumerate(lines) if QUOTED.match(line)), -1)
    if first < 0:
        own, is_sure = own_words(lines)
        return Cut(own, is_sure and not (sees_reply(text) or shows_quote(alternative)))
    head = max((n for n in range(max(0, first - 2), first) if lines[n].strip()), default=first)
    is_below_words = answers and any(map(str.strip, lines[:head]))
    start = head if is_below_words and is_undated_attribution(lines[head]) else first
    found = _above(lines, _Quote(start, first, True))  # quoted lines that nobody introduced: never sure
    is_among = any(map(str.strip, lines[:start])) and found.text != own_words(lines[:start])[0]
    return Cut(text.strip() if is_among or not found.text else found.text, False)


def cut_markup(markup: str, text: str, answers: bool = True) -> Cut:
    """The new text of a mail that came as HTML alone; `text` is that HTML as text."""
    marked = as_plain(markup)
    if marked is None:
        return cut(text, answers=answers)
    found = cut(marked, answers=answers)
    if "\n>" in f"\n{found.text}" or ALL_BELOW in found.text or BLOCKQUOTE in found.text:
        own, is_sure = own_words(text.split("\n"))
        return Cut(own, is_sure and found.is_sure)
    return found


def _at_marker(lines: list[str]) -> _Quote | None:
    """The quote whose first line is our marker."""
    for n in range(len(lines)):
        length = marker_length(lines, n)
        if length:
            return _Quote(_start_of_header(lines, n), n + length, bool(QUOTED.match(lines[n])))
    return None


def _at_header(lines: list[str]) -> _Quote | None:
    """The first quote that a program's words introduce."""
    looked_at = 0
    for n, line in enumerate(lines):
        bare = plain(line).lstrip(BLANKS)
        has_address_below = begins_with_address(lines[n + 1 : n + 2])  # and this is the name
        if not bare or not (has_address_below or COULD_INTRODUCE.search(bare[:LOOKED_AT]) or is_separator(line)):
            continue
        looked_at += 1
        if looked_at > MOST_LOOKED_AT:
            return _Quote(0, 0, False)  # too much to look at: the whole is kept, and in doubt
        if bare == ALL_BELOW:
            return _Quote(n, n + 1, False)
        if bare == BLOCKQUOTE or is_separator(line):
            return _quote_below(lines, n)
        length = header_length(lines, n)
        if length:
            found = _quote_below(lines, start_above(lines, n), n + length)
            return found if bears_proof(lines[n : n + length]) else replace(found, is_weak=True)
        length = attribution_length(lines, n)
        if length and introduces(lines, n, length):
            return _quote_below(lines, n, n + length)
    return None


def _is_inside(lines: list[str], n: int) -> bool:
    """Whether line `n` goes on a quote: it bears `>`, and so do words right above it."""
    while n > 0 and QUOTED.match(lines[n]) and QUOTED.match(lines[n - 1]):
        n -= 1
        if lines[n].strip(BLANKS):
            return True
    return False


def _quote_below(lines: list[str], start: int, body: int = 0) -> _Quote:
    """The quote whose header begins at `start`; where its end is unknown, the first marked line near it tells."""
    if body:
        following = next((n for n in range(body, len(lines)) if lines[n].strip()), start)
        is_marked = any(QUOTED.match(lines[n]) for n in (start, following))
        return _Quote(start, body, is_marked, not is_marked and lines[following] not in (ALL_BELOW, BLOCKQUOTE))
    near = range(start + 1, min(len(lines), start + MOST_HEADER))
    body = next((n for n in near if QUOTED.match(lines[n])), 0)
    return _Quote(start, body or start + 1, bool(body))


def _above(lines: list[str], quote: _Quote) -> Cut:
    """What stands above a quote; and where its lines bear `>`, what stands among and below them."""
    top, is_sure = own_words(lines[: quote.start])
    whole = Cut("\n".join(lines).strip(), False)
    points = _points_below(top)
    if not quote.is_marked:  # nothing tells old from new below the line
        return Cut(top, is_sure) if top and not points else whole
    below = lines[quote.body :]
    new = list(_unquoted(below))
    if is_added_alone([below[n] for n in new]):
        return whole if points else Cut(top, is_sure)  # also where nothing at all is new: an attachment was the answer
    last_quoted = max((n for n, line in enumerate(below) if QUOTED.match(line)), default=-1)
    if new[0] > last_quoted:  # written below the quote, or above and below it
        return Cut(f"{top}\n\n{own_words(below[last_quoted + 1 :])[0]}".strip(), False)
    return whole  # written between its lines


def _points_below(new: str) -> bool:
    """Whether the new text says, near its end, that more of it stands below: among the quoted lines, in a colour,
    or right there after a colon."""
    filled = [line for line in new[-2_000:].split("\n") if line.strip()]
    if filled and len(filled) > 1 and _SHOWS_BELOW.search(filled[-1].strip()):
        return True
    return bool(_POINTS_BELOW.search(" ".join(" ".join(filled[-MOST_POINTING:]).split())))


def _unquoted(lines: list[str]) -> Iterator[int]:
    """The numbers of the lines that are no part of the marked quote."""
    looked_at = 0
    for n, line in enumerate(lines):
        if not line.strip() or QUOTED.match(line) or line in (ALL_BELOW, BLOCKQUOTE):
            continue
        looked_at += 1
        if looked_at > MOST_LOOKED_AT or not _is_wrapped(lines, n):
            yield n


def _is_wrapped(lines: list[str], n: int) -> bool:
    """Whether a line without `>` is the rest of a quoted line or a quoted header that a program wrapped."""
    if n + 1 < len(lines) and n > 0 and QUOTED.match(lines[n - 1]) and QUOTED.match(lines[n + 1]):
        above, first_word = lines[n - 1].rstrip(), lines[n].split(maxsplit=1)[0]
        had_no_room = len(above) + 1 + len(first_word) > NARROWEST
        begins_anew = above.endswith(SENTENCE_ENDS) and not first_word[0].islower()
        return had_no_room and not begins_anew and len(lines[n]) < 40  # else it may be an answer
    return attribution_length(lines, n) > 0


def _start_of_header(lines: list[str], at: int) -> int:
    """Where the header that a program put above our marker begins, or `at`."""
    for n in range(max(0, at - MOST_HEADER), at):
        bare = lines[n].strip(f"*{BLANKS}")
        if not bare:
            continue
        if is_separator(lines[n]) or bare in (ALL_BELOW, BLOCKQUOTE):
            return n
        if header_length(lines, n):
            return start_above(lines, n)
        length = attribution_length(lines, n)
        if length and not any(plain(line).strip(BLANKS) for line in lines[n + length : at]):
            return n
    while at > 0 and (not lines[at - 1].strip(BLANKS) or RULE.fullmatch(lines[at - 1].strip("> "))):
        at -= 1
    return at - 1 if at > 0 and looks_like_header(lines[at - 1]) else at
