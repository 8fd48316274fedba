"""What did the person newly write? Our own marker cuts first, then what mail programs put above a quote.

What a person may have written stays, with all that stands below it, and `is_sure` is False. It is False too where the
words above a quote are given that a program, but nobody known, or nobody at all introduced. The whole text is kept
elsewhere; a cut is only a view of it.
"""

import re
from dataclasses import dataclass, replace

from maild.mail import Address
from maild.reading.additions import is_added_alone, own_words
from maild.reading.forward import names_forward
from maild.reading.markers import MARKERS
from maild.reading.quote_header import (
    ALL_BELOW,
    BLANKS,
    BLOCKQUOTE,
    QUOTED,
    is_undated_attribution,
    parted,
)
from maild.reading.quote_proof import (
    UNKNOWN,
    Answer,
    Ground,
    only_greets,
    points_below,
    shows_mail,
)
from maild.reading.quote_search import MOST_HEADER, Quote, quotes
from maild.reading.quoted_markup import as_plain
from maild.reading.second_opinion import sees_reply, shows_quote

__all__ = ["MARKERS", "Cut", "cut", "cut_markup"]

LONGEST = 500_000  # characters; above it nothing is cut
MOST_LINES = 20_000
MOST_RESTS = 400  # lines that might be the rest of a quoted one
SHORTEST_WRAPPED = 60  # characters of a quoted line that a program wrapped
LONGEST_REST = 40  # characters of its rest
LONGEST_ALONE = 200  # characters of a line that is an address, with its name
_ENDS = ".!?…:;"
_ANSWERED_BESIDE = re.compile(r"[?:\uff1f\uff1a][ \xa0\u202f]+\S")  # "> Which version? 4.2"
_ADDRESS_ALONE = re.compile(r"[^@<>:]{0,100}<[^@<>\s]{1,64}@[^@<>\s]{1,100}>\W{0,5}")


@dataclass(frozen=True, slots=True)
class Cut:
    """The new text, and whether the line between new and old is certain."""

    text: str
    is_sure: bool


def cut(text: str, alternative: str = "", answer: Answer | None = UNKNOWN, writer: Address | None = None) -> Cut:
    """The new text of a plain body; `alternative` is the HTML that came with it, or nothing; `writer` is who sent it.

    `answer` is None where the mail claims to answer none: it may hold "On .. wrote:", rows, marked lines or our own
    marker even so, but its writer tells or shows them, and nothing is cut.

    Line feeds only, as charset.storable gives them.
    """
    lines = text.split("\n")
    if len(lines) > MOST_LINES or len(text) > LONGEST:
        return Cut(text.strip(), False)
    lines = parted(lines)
    passed_on = next((n for n, line in enumerate(lines) if names_forward(line)), len(lines))
    above = lines[:passed_on]
    while passed_on < len(lines) and above and above[-1].strip(BLANKS) in ("", ALL_BELOW, BLOCKQUOTE):
        above.pop()  # Gmail lays out what it forwards as it does a quote
    is_told = False  # a line that its writer may have written has been passed over
    for quote in quotes(above, answer or UNKNOWN):
        if answer is None:
            return Cut(text.strip(), False)
        if _is_inside(lines, quote.start):
            break  # the header of an older mail, within a quote that no header was found for
        if quote.ground is not Ground.PERSON:
            found = _above(lines, quote, writer)
            is_left = _names_alone(lines[max(0, quote.start - MOST_HEADER) : quote.start], answer)
            return replace(found, is_sure=found.is_sure and not (is_told or is_left))
        is_told = True
    if passed_on < len(lines) and not is_told:
        return Cut(*own_words(lines, writer))  # a mail passed on is what the person wants to show
    first = next((n for n, line in enumerate(lines) if QUOTED.match(line)), -1)
    if is_told or (first >= 0 and answer is None):
        return Cut(text.strip(), False)
    if first >= 0:
        return _without_header(lines, first, writer)
    own, is_sure = own_words(lines, writer)
    is_doubted = sees_reply(text) or shows_quote(alternative) or (answer is not None and _names_alone(lines, answer))
    return Cut(own, is_sure and not is_doubted)


def cut_markup(markup: str, text: str, answer: Answer | None = UNKNOWN, writer: Address | None = None) -> Cut:
    """The new text of a mail that came as HTML alone; `text` is that HTML as text."""
    marked = as_plain(markup)
    if marked is None:
        return cut(text, answer=answer, writer=writer)
    found = cut(marked, answer=answer, writer=writer)
    if "\n>" in f"\n{found.text}" or ALL_BELOW in found.text or BLOCKQUOTE in found.text:
        is_whole = (
            found.text == own_words(marked.split("\n"), writer)[0]
        )  # else it is the whole only because of its marks
        own, is_sure = own_words(text.split("\n"), writer)
        return Cut(own, is_sure and found.is_sure and is_whole)
    return found


def _names_alone(lines: list[str], answer: Answer) -> bool:
    """Whether a line is the address of whom the mail answers, and no more: of a header that no table knows."""
    found = (line for line in lines if "@" in line and len(line) <= LONGEST_ALONE and _ADDRESS_ALONE.fullmatch(line))
    return any(map(answer.names_recipient, found))


def _is_inside(lines: list[str], n: int) -> bool:
    """Whether line `n` goes on a quote: it bears `>`, and so do words right above it."""
    while n > 0 and QUOTED.match(lines[n]) and QUOTED.match(lines[n - 1]):
        n -= 1
        if lines[n].strip(BLANKS):
            return True
    return False


def _above(lines: list[str], quote: Quote, writer: Address | None) -> Cut:
    """What stands above a quote; and where its lines bear `>`, what stands among and below them.

    The whole where the words above show or point to what stands below; where they only greet too, but for a quote that
    a program marked and in which nobody can have filled anything in.
    """
    is_sure = quote.ground is Ground.PROGRAM
    start = quote.start
    while start and not lines[start - 1].strip(BLANKS):
        start -= 1  # a blank first line of a quote in HTML, which bears its mark
    top, is_own = own_words(lines[:start], writer)
    whole = Cut("\n".join(lines).strip(), False)
    greets, points = only_greets(top), points_below(top) or (not is_sure and shows_mail(top))
    if not (quote.is_marked and is_sure):
        points = points or greets
    if not quote.is_marked:  # nothing tells old from new below the line
        return Cut(top, is_sure and is_own) if top and not points else whole
    below = lines[quote.body :]
    new, rests = _unquoted(below)
    is_beside = (greets or not top) and any(map(_ANSWERED_BESIDE.search, below))
    if is_added_alone([below[n] for n in new]):  # also where nothing at all is new: an attachment was the answer
        return whole if points or is_beside else Cut(top, is_sure and is_own and not (rests or greets))
    last_quoted = max((n for n, line in enumerate(below) if QUOTED.match(line)), default=-1)
    if new[0] > last_quoted:  # written below the quote, or above and below it
        return Cut(f"{top}\n\n{own_words(below[last_quoted + 1 :], writer)[0]}".strip(), False)
    return Cut(own_words(lines, writer)[0], False)  # written between its lines


def _without_header(lines: list[str], first: int, writer: Address | None) -> Cut:
    """What stands above, or below, quoted lines in an answer that no program introduced: never sure."""
    head = max((n for n in range(max(0, first - 2), first) if lines[n].strip()), default=first)
    is_below_words = any(map(str.strip, lines[:head]))
    start = head if is_below_words and is_undated_attribution(lines[head]) else first
    found = _above(lines, Quote(start, first, True, Ground.LIKELY), writer)
    is_among = any(map(str.strip, lines[:start])) and found.text != own_words(lines[:start], writer)[0]
    return Cut("\n".join(lines).strip() if is_among or not found.text else found.text, False)


def _unquoted(lines: list[str]) -> tuple[list[int], int]:
    """The numbers of the lines that are no part of the marked quote; and how many others seem the rests of its lines.

    A program that wraps quoted lines leaves a rest without `>`: the line above it is filled and no sentence ends there,
    and both the rest and the quoted line below go on in lower case. Whatever else stands there is an answer.
    """
    loose = [n for n, line in enumerate(lines) if line.strip() and not QUOTED.match(line)]
    loose = [n for n in loose if lines[n] not in (ALL_BELOW, BLOCKQUOTE)]
    rests = {n for n in loose[:MOST_RESTS] if _may_be_rest(lines, n)}
    filled = max((len(lines[n - 1]) for n in rests), default=0)
    rests = {n for n in rests if len(lines[n - 1]) + len(lines[n].split()[0]) >= filled}
    return [n for n in loose if n not in rests], len(rests)


def _may_be_rest(lines: list[str], n: int) -> bool:
    if n == 0 or n + 1 >= len(lines) or not (QUOTED.match(lines[n - 1]) and QUOTED.match(lines[n + 1])):
        return False
    before, after = lines[n - 1].rstrip(), lines[n + 1].lstrip(BLANKS)
    goes_on = lines[n][0].islower() and after[:1].islower()
    return goes_on and len(before) >= SHORTEST_WRAPPED and len(lines[n]) < LONGEST_REST and before[-1] not in _ENDS
