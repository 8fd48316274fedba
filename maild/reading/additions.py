"""Which lines did a telephone, a list, an employer or a gateway add to what the person wrote?

Only forms that programs write are taken away. A block signature with a name and a telephone number stays: nobody can
tell it from an answer to "what is your number?".
"""

import re

from maild.reading.addition_words import (
    ADDED_LINES,
    BANNERS,
    DISCLAIMER_HEADS,
    DISCLAIMERS,
    EXCUSES,
    FIRST_PERSON,
    LINK_ONLY,
    LIST_FOOTERS,
    NOTICE_STEMS,
    SENT_FROM,
)

MOST_SIGNATURE = 15  # lines below `-- ` that count as a signature
MOST_FOOTER = 6  # lines of a list's footer
MOST_NOTICE = 25  # lines of a paragraph of a notice
MOST_BELOW = 8  # lines in which people go on below what a telephone added
MOST_BANNER = 6  # lines at the top
LONGEST = 400  # characters of a line that are looked at; of a notice, which is one line in HTML, more
LONGEST_NOTICE = 3_000

_UNSEEN = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2063\u2066\u2067\u2068\u2069\ufeff"
_BLANKS = "\xa0\u2007\u2009\u202f"
_ODD = re.compile(f"[{_UNSEEN}{_BLANKS}]")
_PLAIN = dict.fromkeys(map(ord, _UNSEEN)) | dict.fromkeys(map(ord, _BLANKS), " ")
RULE = re.compile(r"\s*+(?:_{10,}+|-{20,}+|\*{20,}+|={20,}+|─{10,}+)\s*+")
_SIGNATURE = re.compile(r"\s{0,2}(?:--|—|__|–)\s*+")
_LIST_FOOTER = re.compile(LIST_FOOTERS, re.IGNORECASE)
_SENT_FROM = re.compile("|".join(f"(?:{pattern})" for pattern in SENT_FROM), re.IGNORECASE)
_EXCUSE = re.compile(EXCUSES, re.IGNORECASE)
_LINK_ONLY = re.compile(LINK_ONLY, re.IGNORECASE)
_ADDED_LINE = re.compile(ADDED_LINES, re.IGNORECASE)
_NOTICE_HEAD = re.compile(DISCLAIMER_HEADS, re.IGNORECASE)
_NOTICES = [re.compile(pattern, re.IGNORECASE) for pattern in DISCLAIMERS]
_FIRST_PERSON = re.compile(FIRST_PERSON, re.IGNORECASE)
_BANNER = re.compile("|".join(f"(?:{pattern})" for pattern in BANNERS), re.IGNORECASE)


def plain(line: str) -> str:
    """The line as patterns want it: marks of direction, which nobody sees, are gone, and typographers' blanks plain."""
    return line.translate(_PLAIN) if _ODD.search(line) else line


def own_words(lines: list[str]) -> str:
    """The text without what stands above and below it by no will of the person, however often."""
    end, shorter = len(lines) + 1, len(lines)
    while shorter < end:
        end, shorter = shorter, _without_addition(lines, shorter)
    start = _below_banner(lines, end)
    near = max(start, end - MOST_BELOW)
    kept = [
        line for n, line in enumerate(lines[near:end], near) if not (_is_sent_from(line) and _stands_alone(lines, n))
    ]
    return "\n".join((*lines[start:near], *kept)).strip()


def _is_sent_from(line: str) -> bool:
    """Whether the line is what a program adds, and no sentence that begins like it: that asks, or goes on."""
    bare = _bare(line)
    goes_on = bare.partition(",")[2]
    is_sentence = "? " in f"{bare} " or (goes_on and not _EXCUSE.search(goes_on))
    return bool(_SENT_FROM.fullmatch(bare)) and not is_sentence


def _stands_alone(lines: list[str], n: int) -> bool:
    """Whether a blank line parts this one from the words above it."""
    return n > 0 and not lines[n - 1].strip()


def _without_addition(lines: list[str], end: int) -> int:
    """Where the first `end` lines really end: one addition less, and no blank line or rule; `end` where none is left.

    Only the last lines are looked at, so that a thousand additions cost a thousand times one.
    """
    while end and (not lines[end - 1].strip() or RULE.fullmatch(lines[end - 1])):
        end -= 1
    for n in range(max(0, end - MOST_SIGNATURE - 10), end):
        if not _is_signature(lines, n) or any(line.startswith("--") for line in lines[n + 1 : end]):
            continue  # several are code, or signatures one below the other
        if sum(bool(line.strip()) for line in lines[n:end]) <= MOST_SIGNATURE:
            return n
    for n in range(max(0, end - MOST_FOOTER), end):
        footer = "\n".join(line[:LONGEST] for line in lines[n:end]) if RULE.fullmatch(lines[n]) else ""
        if _LIST_FOOTER.search(footer) and ("@" in footer or "://" in footer or "www." in footer):
            return n
    if not end:
        return 0
    n = end - 1
    if n and _LINK_ONLY.fullmatch(_bare(lines[n])):
        n -= 1
    if _is_sent_from(lines[n]):
        return n
    last = _bare(lines[end - 1])
    has_more_below = any(line.strip() for line in lines[end : end + 4])  # what stood there was an addition too
    if any(line.strip() for line in lines[max(0, end - 6) : end - 1]) and (
        _ADDED_LINE.fullmatch(last) or (has_more_below and _NOTICE_HEAD.fullmatch(last))
    ):
        return end - 1
    return _above_notice(lines, end)


def _is_signature(lines: list[str], n: int) -> bool:
    """Whether line `n` is `-- ` (RFC 3676 section 4.3), or what is left of it below a blank line."""
    return lines[n] == "-- " or bool(_SIGNATURE.fullmatch(lines[n]) and (n == 0 or not lines[n - 1].strip()))


def _bare(line: str) -> str:
    return plain(line[:LONGEST]).strip().strip("*_").strip()


def _above_notice(lines: list[str], end: int) -> int:
    """Where the last paragraph begins, if it is a notice of confidentiality below other words; else `end`."""
    start = end
    while start and lines[start - 1].strip() and end - start <= MOST_NOTICE:
        start -= 1
    paragraph = " ".join(line.strip() for line in lines[start:end])
    if start == 0 or end - start > MOST_NOTICE or not 60 < len(paragraph) <= LONGEST_NOTICE:
        return end
    folded = paragraph.casefold()
    if not any(stem in folded for stem in NOTICE_STEMS) or _FIRST_PERSON.search(paragraph):
        return end
    above = [line for line in lines[max(0, start - MOST_NOTICE) : start] if line.strip()]
    if above and above[-1].rstrip().endswith(":") and not _NOTICE_HEAD.fullmatch(above[-1]):
        return end  # somebody shows it
    is_below_head = bool(above) and (RULE.fullmatch(above[-1]) or any(map(_NOTICE_HEAD.fullmatch, above)))
    is_one_of_many = any(line.strip() for line in lines[end : end + 4])  # what stood below it was an addition too
    enough = 2 if is_below_head or is_one_of_many else 3
    return start if sum(bool(pattern.search(paragraph)) for pattern in _NOTICES) >= enough else end


def _below_banner(lines: list[str], end: int) -> int:
    """The first line below a gateway's warning; 0 where there is none, or nothing below it."""
    start = 0
    for n, line in enumerate(lines[: min(end, MOST_BANNER + 4)]):
        if _BANNER.search(line[:LONGEST]):
            start = n + 1
        elif line.strip() and not RULE.fullmatch(line):
            return start
    return 0
