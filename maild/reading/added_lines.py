"""Is this one line what a telephone, a mail program or a virus scanner wrote, and nothing else?"""

import re

from maild.reading.addition_words import ADDED_LINES, BELOW_A_NAME, BRACKETS, LINK, SENT_FROM

LONGEST = 400  # characters of a line that are looked at

_UNSEEN = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2063\u2066\u2067\u2068\u2069\ufeff"
_BLANKS = "\xa0\u2007\u2009\u202f"
_ODD = re.compile(f"[{_UNSEEN}{_BLANKS}]")
_PLAIN = dict.fromkeys(map(ord, _UNSEEN)) | dict.fromkeys(map(ord, _BLANKS), " ")
_TRADE_MARKS = dict.fromkeys(map(ord, "™®"))
RULE = re.compile(r"\s{0,40}(?:_{10,}+|-{20,}+|\*{20,}+|={20,}+|─{10,}+)\s*+")
_SENT_FROM = re.compile("|".join(f"(?:{pattern})" for pattern in SENT_FROM), re.IGNORECASE)
_LINK = re.compile(LINK, re.IGNORECASE)
_BRACKETS = re.compile(BRACKETS)
_ADDED_LINE = re.compile("|".join(f"(?:{pattern})" for pattern in ADDED_LINES), re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_]+(?:[ '-][^\W\d_]+){1,3}")
_BELOW_A_NAME = re.compile(BELOW_A_NAME, re.IGNORECASE)


def plain(line: str) -> str:
    """The line as patterns want it: marks of direction, which nobody sees, are gone, and typographers' blanks plain."""
    return line if line.isascii() or not _ODD.search(line) else line.translate(_PLAIN)


def bare(line: str) -> str:
    """The words of a line without the marks of layout around them."""
    return plain(line[:LONGEST]).strip().strip("*_").strip()


def is_sent_from(line: str) -> bool:
    """Whether the line says from which thing the mail was sent, and nothing more; nobody's shouting does."""
    if len(line) > LONGEST:
        return False
    said = _LINK.sub("", bare(line)) if "://" in line else bare(line)
    words = _BRACKETS.sub(r"\1", said).translate(_TRADE_MARKS).strip(" <>()[]*_")
    return not words.isupper() and bool(_SENT_FROM.fullmatch(words))


def bears_makers_link(line: str) -> bool:
    """Whether the link of a program's maker stands in the line."""
    return "://" in line and bool(_LINK.search(line[:LONGEST]))


def is_makers_link(line: str) -> bool:
    """Whether the line is such a link alone."""
    return bool(_LINK.fullmatch(bare(line)))


def is_added(line: str) -> bool:
    """Whether a virus scanner, or an employer who thinks of trees, wrote the line."""
    return len(line) <= LONGEST and bool(_ADDED_LINE.fullmatch(bare(line)))


def is_below_a_name(line: str, above: str) -> bool:
    """Whether the line says no more than "via mobile", with a name in it or above it."""
    found = _BELOW_A_NAME.fullmatch(bare(line))
    return bool(found and (found[1] or (_NAME.fullmatch(above) and above.istitle())))
