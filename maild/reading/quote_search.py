"""Where may the quote of the mail that is answered begin? At our marker, or at a mail program's words above a quote."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, takewhile

from maild.reading.additions import RULE, own_words, plain
from maild.reading.quote_header import (
    ALL_BELOW,
    BLANKS,
    BLOCKQUOTE,
    COULD_INTRODUCE,
    LOOKED_AT,
    QUOTED,
    attribution_length,
    begins_with_address,
    introduces,
    is_separator,
    looks_like_header,
    marker_length,
    may_hold_marker,
    read_rows,
    says_reply_above,
    start_above,
)
from maild.reading.quote_proof import (
    Answer,
    Ground,
    ground_of_attribution,
    ground_of_rows,
    ground_of_separator,
    shows_line,
    shows_mail,
)

MOST_LOOKED_AT = 400  # lines that might introduce a quote
MOST_MARKERS = 20
MOST_HEADER = 16  # lines from a program's header to our marker, or to the first line that it marked


@dataclass(frozen=True, slots=True)
class Quote:
    """Where a quote's header begins, where its own words begin, whether its lines bear `>`, and whose its header is."""

    start: int
    body: int
    is_marked: bool
    ground: Ground = Ground.PROGRAM


def quotes(lines: list[str], answer: Answer) -> Iterator[Quote]:
    """What may be the quote of the mail that is answered: below our marker, or below a program's words; the first of
    these that no person wrote is it.
    """
    near = range(len(lines)) if may_hold_marker(lines) else ()
    for n in islice((n for n in near if marker_length(lines, n)), MOST_MARKERS):
        yield _at_marker(lines, n, answer)
    looked_at = following = 0
    for n, line in enumerate(lines):
        bare = plain(line).lstrip(BLANKS) if n >= following else ""
        if not bare:
            continue
        is_told = COULD_INTRODUCE.search(bare[:LOOKED_AT]) or is_separator(line)
        if not (is_told or begins_with_address(lines[n + 1 : n + 2])):  # that of this name
            continue
        looked_at += 1
        if looked_at > MOST_LOOKED_AT:
            yield Quote(0, 0, False, Ground.PERSON)  # too much to look at: the whole is kept, and in doubt
            return
        quote = _at_header(lines, n, answer)
        if quote:
            yield quote
            following = max(n + 1, quote.body)


def _at_marker(lines: list[str], n: int, answer: Answer) -> Quote:
    """The quote whose first line is our marker. A person who asks what that line is for has it bare among the words."""
    length = marker_length(lines, n)
    (start, ground), is_marked = _start_of_header(lines, n, answer), bool(QUOTED.match(lines[n]))
    if not is_marked and not any(map(_holds, lines[start:n])):
        ground = _ground_of_marker(lines, n, length)
    return Quote(start, n + length, is_marked, ground)


def _ground_of_marker(lines: list[str], n: int, length: int) -> Ground:
    """Of a marker without a header: no sentence goes on below it, and none above speaks of a line."""
    following = next((line for line in lines[n + length :] if line.strip(BLANKS)), "")
    first = "" if QUOTED.match(following) else following.lstrip(f"*{BLANKS}")[:1]
    goes_on = first.islower() or first in tuple("?!,;»)")
    return Ground.PERSON if goes_on or shows_line(own_words(lines[:n])[0]) else Ground.PROGRAM


def _at_header(lines: list[str], n: int, answer: Answer) -> Quote | None:
    """The quote that a program's words at line `n` introduce."""
    bare = plain(lines[n]).lstrip(BLANKS)
    if bare == ALL_BELOW:
        first = next((at for at in range(n, len(lines)) if lines[at].strip(ALL_BELOW + BLANKS)), n)
        author = read_rows(lines, first)[1].get("from", "")
        return Quote(n, n + 1, False, _doubted(Ground.PROGRAM, author, lines[:n], answer))
    if bare == BLOCKQUOTE or is_separator(lines[n]):
        return _below_separator(lines, n, answer)
    length, rows = read_rows(lines, n)
    if length:
        start, is_marked = start_above(lines, n), _is_marked(lines, n, length)
        if start < n and "sent" not in rows:
            rows = {**rows, "sent": lines[start]}  # "Message du 12/01/26 à 09h14", and the rows below it
        ground, author = ground_of_rows(rows, is_marked, start < n, answer), rows.get("from", "")
        return Quote(start, n + length, is_marked, _doubted(ground, author, lines[:start], answer, is_marked))
    length = attribution_length(lines, n)
    if length and introduces(lines, n, length):
        is_marked, header = _is_marked(lines, n, length), lines[n : n + length]
        ground = ground_of_attribution(header, is_marked, answer)
        return Quote(n, n + length, is_marked, _doubted(ground, " ".join(header), lines[:n], answer))
    return None


def _doubted(ground: Ground, author: str, above: list[str], answer: Answer, is_marked: bool = True) -> Ground:
    """The ground, but no certainty where the words above show a mail that, by its header, no recipient wrote."""
    is_anothers = answer.names_another(author) or not (is_marked or answer.names_recipient(author))
    is_shown = ground is Ground.PROGRAM and is_anothers and shows_mail("\n".join(above[-MOST_HEADER:]))
    return Ground.LIKELY if is_shown else ground


def _below_separator(lines: list[str], n: int, answer: Answer) -> Quote:
    """The quote below "original message", another desk's line, or a program's mark in HTML, at line `n`."""
    near = range(n + 1, min(len(lines), n + MOST_HEADER))
    body = next((at for at in near if QUOTED.match(lines[at])), 0)
    first = next((at for at in near if lines[at].strip(BLANKS) and lines[at] not in (ALL_BELOW, BLOCKQUOTE)), n)
    if says_reply_above(lines[n]):
        is_marked = QUOTED.match(lines[n]) or QUOTED.match(lines[first])
        ground = Ground.PROGRAM if is_marked else _ground_of_marker(lines, n, 1)
    else:
        ground = ground_of_separator(lines, n, first, answer)
    return Quote(n, body or n + 1, bool(body), ground)


def _is_marked(lines: list[str], n: int, length: int) -> bool:
    """Whether the header of this length at line `n`, or the first line below it, bears `>`."""
    following = next((at for at in range(n + length, len(lines)) if lines[at].strip()), n)
    return any(QUOTED.match(lines[at]) for at in (n, following))


def _start_of_header(lines: list[str], at: int, answer: Answer) -> tuple[int, Ground]:
    """Where the header that a program put above our marker begins, or `at`; and whose it is."""
    found = ((n, _ground_of_header(lines, n, at, answer)) for n in range(max(0, at - MOST_HEADER), at))
    headers = [(n, ground) for n, ground in found if ground is not None]
    for n, ground in headers:
        if ground is Ground.PROGRAM:
            return start_above(lines, n), ground
    if headers:
        return headers[0]
    while at > 0 and (not lines[at - 1].strip(BLANKS) or RULE.fullmatch(lines[at - 1].strip("> "))):
        at -= 1
    is_header = at > 0 and looks_like_header(lines[at - 1]) and answer.names_recipient(lines[at - 1])
    return at - is_header, Ground.PROGRAM


def _ground_of_header(lines: list[str], n: int, at: int, answer: Answer) -> Ground | None:
    """Whose the one header is that goes from line `n` to line `at`, where our marker stands; None where none does."""
    is_open = False  # below a separator or a mark in HTML the header may be in any language
    while n < at and (is_separator(lines[n]) or lines[n].strip(f"*{BLANKS}") in (ALL_BELOW, BLOCKQUOTE)):
        is_open, n = True, n + 1
        while n < at and not _holds(lines[n]):
            n += 1
    length, rows = read_rows(lines, n) if n < at else (0, {})
    is_ruled = is_open or (n < at and start_above(lines, n) < n)
    is_told = bool(rows) and not is_open and ground_of_rows(rows, False, is_ruled, answer) is Ground.PERSON
    length = length or (attribution_length(lines, n) if n < at and _holds(lines[n]) else 0)
    below = takewhile(_holds, lines[n + length : at]) if is_open else ()
    length += sum(1 for _ in takewhile(COULD_INTRODUCE.search, below))
    if not (is_open or length) or any(map(_holds, lines[n + length : at])):
        return None
    return Ground.PERSON if is_told else Ground.PROGRAM


def _holds(line: str) -> bool:
    """Whether there is more on the line than blanks or a rule."""
    bare = plain(line[:LOOKED_AT]).strip(f"*{BLANKS}\ufeff")
    return bool(bare) and not RULE.fullmatch(bare)
