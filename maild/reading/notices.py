"""Is a paragraph an employer's notice, and do the first lines hold a gateway's warning?

Both are told by their sentences: each of them must say what such texts say. One that says anything else is a person's.
"""

import re
from collections.abc import Sequence

from maild.reading.added_lines import LONGEST, RULE, bare, plain
from maild.reading.notice_words import (
    BANNER_STEMS,
    BEWARE,
    FIRST_CONTACT,
    FROM_OUTSIDE,
    HAS_HAPPENED,
    HEARTS,
    ITSELF,
    MARKS,
    NOTICE_HEADS,
    NOTICE_STEMS,
    OF_SENDERS,
    RULES,
    SAYINGS,
    SMALL_TALK,
    SOMEBODY_SPEAKS,
    SUPPOSES,
    TOLD_WHY,
    WARNINGS,
)

LONGEST_NOTICE = 3_000  # characters; in HTML it is one line
MOST_BANNER = 10  # lines at the top, blank ones among them


def _any_of(rows: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{row})" for row in rows), re.IGNORECASE)


_HEAD = re.compile(NOTICE_HEADS, re.IGNORECASE)
_ITSELF = re.compile(ITSELF, re.IGNORECASE)
_SAYINGS = [re.compile(row, re.IGNORECASE) for row in SAYINGS]
_SMALL_TALK = re.compile(SMALL_TALK, re.IGNORECASE)
_HEARTS = re.compile(HEARTS, re.IGNORECASE)
_RULES = re.compile(RULES, re.IGNORECASE)
_SOMEBODY = re.compile(SOMEBODY_SPEAKS, re.IGNORECASE)
_TOLD_WHY = re.compile(TOLD_WHY, re.IGNORECASE)
_HAPPENED = re.compile(HAS_HAPPENED, re.IGNORECASE)
_SUPPOSES = re.compile(SUPPOSES, re.IGNORECASE)
_MARK = re.compile(MARKS, re.IGNORECASE)
_OF_SENDERS = re.compile(OF_SENDERS, re.IGNORECASE)
_WARNING = re.compile(WARNINGS, re.IGNORECASE)
_FROM_OUTSIDE = _any_of(FROM_OUTSIDE)
_BEWARE = _any_of(BEWARE)
_FIRST_CONTACT = _any_of(FIRST_CONTACT)
_CITED = ("«", '"', "“", "„", "‹")  # somebody shows it
_SENTENCE_END = re.compile(r"[.!]\s+")


def is_notice_head(line: str) -> bool:
    """Whether the line is the title of a notice, and no more."""
    return len(line) <= LONGEST and bool(_HEAD.fullmatch(line))


def is_notice(paragraph: str, least: int) -> bool:
    """Whether the paragraph is a notice: it speaks of the mail that it stands in, of secrets or mishaps, lays down a
    rule for its reader, and says `least` things that notices say, and nothing else. A report of a mishap is none.
    """
    if (
        not 60 < len(paragraph) <= LONGEST_NOTICE
        or paragraph.startswith(_CITED)
        or not says_what_notices_say(paragraph)
    ):
        return False
    said = sum(bool(saying.search(paragraph)) for saying in _SAYINGS)
    grounds = (_ITSELF.match(paragraph), _HEARTS.search(paragraph), _RULES.search(paragraph))
    return said >= least and all(grounds)


def says_what_notices_say(paragraph: str) -> bool:
    """Whether each sentence of a paragraph says what stands in notices, and none that something happened."""
    folded = paragraph.casefold()
    if len(paragraph) > LONGEST_NOTICE or not any(stem in folded for stem in NOTICE_STEMS):
        return False
    if _SOMEBODY.search(paragraph):
        return False
    return all(map(_is_of_a_notice, _sentences(paragraph)))


def banner_length(lines: list[str]) -> int:
    """How many of the first lines are a gateway's warning: those that are nothing else, taken together."""
    joined, length = "", 0
    top = plain(" ".join(line[:LONGEST] for line in lines[:MOST_BANNER])).lower()
    if not any(stem in top for stem in BANNER_STEMS):
        return 0
    for n, line in enumerate(lines[:MOST_BANNER]):
        words = "" if RULE.fullmatch(line) else plain(line[:LONGEST]).strip()
        joined = f"{joined} {words}".strip()
        if len(joined) > 2 * LONGEST:
            break
        if words and _is_banner(joined):
            length = n + 1
        elif len(sentences := _sentences(joined)) > 1 and not _may_begin_a_banner(sentences[0]):
            break
    return length


def _may_begin_a_banner(sentence: str) -> bool:
    """Whether a gateway's warning may begin with this sentence, which is whole."""
    if _MARK.match(sentence) or _WARNING.match(sentence):
        return True
    return any(pattern.fullmatch(sentence) for pattern in (_FIRST_CONTACT, _FROM_OUTSIDE, _BEWARE))


def _sentences(paragraph: str) -> list[str]:
    return [bare(sentence).rstrip(".! ") for sentence in _SENTENCE_END.split(paragraph) if sentence.strip(" .!*_-")]


def _is_of_a_notice(sentence: str) -> bool:
    if _HAPPENED.search(sentence) and not _SUPPOSES.search(sentence):
        return False
    return any(saying.search(sentence) for saying in _SAYINGS) or bool(_SMALL_TALK.fullmatch(sentence))


def _is_banner(text: str) -> bool:
    """Whether the text is a mark between brackets, or a gateway's sentences: at least two grounds of a warning word or
    mark, a sentence that says whence the mail comes, and one that says to beware of senders.
    """
    mark = _MARK.match(text)
    warning = mark or _WARNING.match(text)
    sentences = _sentences(text[warning.end() :] if warning else text)
    if not sentences:
        return mark is not None
    if all(map(_FIRST_CONTACT.fullmatch, sentences)):
        return True
    names_source = bool(_FROM_OUTSIDE.fullmatch(sentences[0]))
    beware = sentences[1:] if names_source else sentences
    if not all(map(_BEWARE.fullmatch, beware)) or _SOMEBODY.search(text) or any(map(_TOLD_WHY.search, beware)):
        return False
    names_sender = any(map(_OF_SENDERS.search, beware))
    return (warning is not None) + names_source + names_sender >= 2
