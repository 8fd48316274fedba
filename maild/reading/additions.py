"""Which lines did a telephone, a list, an employer or a gateway add to what the person wrote?

Only forms that programs write are taken away, and only where they stand last or first. A block signature with a name
and a telephone number stays: nobody can tell it from an answer to "what is your number?". Where only a greeting would
be left, what stands below it is all that the person said, and it stays.
"""

import re

from maild.mail import Address
from maild.reading.added_lines import (
    LONGEST,
    RULE,
    bare,
    bears_makers_link,
    is_added,
    is_below_a_name,
    is_makers_link,
    is_sent_from,
    plain,
)
from maild.reading.addition_words import GREETINGS, LIST_FOOTERS, SHOWN
from maild.reading.cards import is_anothers, is_card
from maild.reading.markers import CLOSINGS
from maild.reading.notices import banner_length, is_notice, is_notice_head

__all__ = ["RULE", "is_added_alone", "own_words", "plain"]

MOST_SIGNATURE = 15  # filled lines below `-- ` that count as a signature
MOST_FOOTER = 6  # lines of a list's footer
MOST_NOTICE = 25  # lines of a paragraph of a notice
MOST_BELOW = 8  # lines in which people go on below what a program added

_DASHES = re.compile(r"\s{0,2}(?:--|—|__|–)\s*+")
_LIST_FOOTER = re.compile(LIST_FOOTERS, re.IGNORECASE | re.MULTILINE)
_SHOWN = re.compile(SHOWN, re.IGNORECASE)
_FOOTERS_END = re.compile(r"(?:[^\s@]{1,100}@[^\s@]{1,255}|(?:https?://|www\.)\S{1,400})\s*$")
_SPEAKS = re.compile(r"\?|\b(?:je|j['’]|me|moi|i|my|ich|mich|mir|svp|merci|please)\b", re.IGNORECASE)
_GREETING = re.compile(GREETINGS, re.IGNORECASE)
_CLOSING = re.compile(CLOSINGS, re.IGNORECASE)


def own_words(lines: list[str], writer: Address | None = None) -> tuple[str, bool]:
    """The text without what stands above and below it by no will of the person, and whether that is sure.

    It is not where dashes stand above words that are no card, or another's than the writer's, or where nothing else
    would be left: those stay.
    """
    start, end = _bounds(lines, writer)
    near = max(start, end - MOST_BELOW)
    kept = [line for n, line in enumerate(lines[near:end], near) if not _stands_alone(lines, n)]
    whole = "\n".join(lines).strip()
    words = "\n".join((*lines[start:near], *kept)).strip()
    if words != whole and (not words or _GREETING.fullmatch(words) or (start and _takes_leave(words))):
        return whole, False
    return words, not any(_is_dashes(lines, n) for n in _where_dashes_count(lines, end))


def _takes_leave(words: str) -> bool:
    """Whether nothing is said but "Regards, Alice": then what stood above, warning or not, is what was meant."""
    return words.count("\n") < 3 and len(words) < 100 and bool(_CLOSING.match(words))


def is_added_alone(lines: list[str]) -> bool:
    """Whether nothing of the lines is a person's."""
    start, end = _bounds(lines)
    return not any(line.strip() for line in lines[start:end])


def _bounds(lines: list[str], writer: Address | None = None) -> tuple[int, int]:
    """Where the person's words begin and end: additions go, however many."""
    end, shorter = len(lines) + 1, len(lines)
    while shorter < end:
        end, shorter = shorter, _without_addition(lines, shorter, writer)
    start = banner_length(lines[:end])
    return (start if any(line.strip() for line in lines[start:end]) else 0), end


def _stands_alone(lines: list[str], n: int) -> bool:
    """Whether line `n` is a program's with its maker's link, parted from what the person wrote above and below it."""
    if not bears_makers_link(lines[n]) or not is_sent_from(lines[n]):
        return False
    return 0 < n < len(lines) - 1 and not lines[n - 1].strip() and not lines[n + 1].strip()


def _without_addition(lines: list[str], end: int, writer: Address | None) -> int:
    """Where the first `end` lines really end: one addition less, and no blank line or rule; `end` where none is left.

    Only the last lines are looked at, so that a thousand additions cost a thousand times one.
    """
    while end and (not lines[end - 1].strip() or RULE.fullmatch(lines[end - 1])):
        end -= 1
    for above in (_above_line, _above_footer, _above_notice):
        start = above(lines, end) if end else end
        if start < end:
            return start
    return _above_signature(lines, end, writer)


def _above_line(lines: list[str], end: int) -> int:
    """Where a last line that a program added begins, with the link of its maker below it."""
    n = end - 1
    if n and is_makers_link(lines[n]):
        n -= 1
    above = _filled_above(lines, n)
    is_programs = is_sent_from(lines[n]) or (above and n == end - 1 and is_added(lines[n]))
    if not (is_programs or is_below_a_name(lines[n], above)) or _is_shown(above):
        return end
    return n


def _above_footer(lines: list[str], end: int) -> int:
    """Where the footer of a list begins: at a rule, with its link or address at the end."""
    for n in range(max(0, end - MOST_FOOTER), end):
        if not RULE.fullmatch(lines[n]):
            continue
        footer = "\n".join(line[:LONGEST].strip() for line in lines[n + 1 : end])
        if _LIST_FOOTER.search(footer) and _FOOTERS_END.search(footer[-500:]) and not _SPEAKS.search(footer):
            return n
    return end


def _above_notice(lines: list[str], end: int) -> int:
    """Where the last paragraph begins, and the title above it, if it is an employer's notice below other words."""
    start = end
    while start and lines[start - 1].strip() and end - start <= MOST_NOTICE:
        if RULE.fullmatch(lines[start - 1]) or _is_dashes(lines, start - 1):
            break
        start -= 1
    paragraph = " ".join(line.strip() for line in lines[start:end])
    above = [line for line in lines[max(0, start - MOST_NOTICE) : start] if line.strip()]
    if not above or end - start > MOST_NOTICE:
        return end
    is_below_head = RULE.fullmatch(above[-1]) or _DASHES.fullmatch(above[-1]) or any(map(is_notice_head, above))
    is_one_of_many = any(line.strip() for line in lines[end : end + 4])  # what stood there was an addition too
    if not is_notice(paragraph, 2 if is_below_head or is_one_of_many else 3):
        return end
    if not is_notice_head(above[-1]):
        return end if _is_shown(bare(above[-1])) else start
    while not is_notice_head(lines[start]):
        start -= 1
    return start


def _above_signature(lines: list[str], end: int, writer: Address | None) -> int:
    """Where the dashes stand above a last block that reads like a signature, and not like somebody else's."""
    for n in _where_dashes_count(lines, end):
        block = lines[n + 1 : end]
        if _is_dashes(lines, n) and is_card(block, is_marked=lines[n] == "-- "):
            if writer is not None and is_anothers(block, writer):
                return end
            above = _filled_above(lines, n)
            return end if above.endswith(":") and not is_sent_from(above) else n
    return end


def _where_dashes_count(lines: list[str], end: int) -> range:
    """The lines at which a signature may begin: no more than MOST_SIGNATURE filled ones stand below it."""
    start, filled = end, 0
    while start and end - start < MOST_SIGNATURE + 10:
        filled += bool(lines[start - 1].strip())
        if filled > MOST_SIGNATURE:
            break
        start -= 1
        if lines[start].startswith("--"):
            break  # several are code, or signatures one below the other
    return range(start, end)


def _is_dashes(lines: list[str], n: int) -> bool:
    """Whether line `n` is `-- ` (RFC 3676 section 4.3), or what is left of it below a blank line."""
    return lines[n] == "-- " or bool(_DASHES.fullmatch(lines[n]) and (n == 0 or not lines[n - 1].strip()))


def _is_shown(above: str) -> bool:
    """Whether the words above lines of a program or a house say that somebody shows them."""
    if _GREETING.fullmatch(above) or is_sent_from(above) or is_added(above):
        return False
    return above.endswith(":") or bool(_SHOWN.search(above))


def _filled_above(lines: list[str], n: int) -> str:
    """The last words above line `n`, from near by; '' where there are none."""
    return next((bare(line) for line in reversed(lines[max(0, n - 4) : n]) if line.strip()), "")
