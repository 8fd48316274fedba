"""Is what stands below dashes a signature, or does somebody go on there?

`-- ` is a signature's own mark (RFC 3676 section 4.3), so that it needs only not to be contradicted. Other dashes are a
rule between two thoughts as often: there what follows must show a name, and by what that person is reached.
"""

import re

from maild.reading.added_lines import RULE, bare, is_added, is_sent_from
from maild.reading.notices import is_notice, is_notice_head, says_what_notices_say
from maild.reading.signature_words import (
    CLOSINGS,
    CONTACTS,
    HOUSES,
    LABELS,
    NO_MOTTO,
    PARTICLES,
    PLEAS,
    POSTSCRIPTS,
    REACHED_BY,
    SENTENCE_ENDS,
    SENTENCE_WORDS,
)

LONGEST_LINE = 70  # characters of a line without a contact in it
MOST_WORDS = 8  # of the same
MOST_BESIDE = 5  # words beside a contact
MOST_OF_A_NAME = 5  # words of it that have a capital

_CLOSING = re.compile(CLOSINGS, re.IGNORECASE)
_LABEL = re.compile(LABELS, re.IGNORECASE)
_CONTACT = re.compile(CONTACTS, re.IGNORECASE)
_REACHED_BY = re.compile(f"{REACHED_BY}|{HOUSES}", re.IGNORECASE)
_POSTSCRIPT = re.compile(POSTSCRIPTS, re.IGNORECASE)
_NO_MOTTO = re.compile(NO_MOTTO, re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_VERB = re.compile(SENTENCE_ENDS)
_CITED = re.compile(r"[\"«“„'‘].{0,200}[\"»”“'’][.!]?(?: ?[-–—(] ?.{0,40})?")
_PARTS = re.compile(r"[|,·•/]| [-–—] ")
_PICTURE = re.compile(r"\[(?:image|cid|photo|logo)\b.{0,200}\]", re.IGNORECASE)


def is_card(block: list[str], is_marked: bool) -> bool:
    """Whether the lines below dashes are a signature; `is_marked`: the dashes are `-- `."""
    paragraphs = _paragraphs(block)
    lines = [line for paragraph in paragraphs for line in paragraph]
    if not lines:
        return True
    name, *below = [line for line in lines if not _CLOSING.fullmatch(bare(line))] or lines[:1]
    is_named, is_apart = _is_name(name), not block[0].strip()
    is_reached = any(map(_REACHED_BY.search, lines))
    told = [words for n, paragraph in enumerate(paragraphs) if (words := _told(paragraph, n == 0 and is_reached))]
    if told and not (any(is_notice(words, 2) for words in told) and all(map(says_what_notices_say, told))):
        return False
    is_more = is_reached or bool(_PARTS.search(bare(name)))
    if is_marked:
        return not is_apart or is_named or is_more or bool(told)
    return is_named and (is_more or not (is_apart or below or len(_WORD.findall(name)) < 2))


def _paragraphs(block: list[str]) -> list[list[str]]:
    """The filled lines, parted at blank lines and rules."""
    found: list[list[str]] = [[]]
    for line in block:
        if not line.strip() or RULE.fullmatch(line):
            found.append([])
        else:
            found[-1].append(line.strip())
    return [paragraph for paragraph in found if paragraph]


def _told(paragraph: list[str], is_full_card: bool) -> str:
    """The sentences of a paragraph, from the first line that is one to the last; '' where there are none.

    The motto of a house is none where it stands right below a name and what that is reached by.
    """
    has_mottos = is_full_card and _is_name(paragraph[0])
    numbers = [
        n for n, line in enumerate(paragraph) if _is_told(line) and not (has_mottos and not _NO_MOTTO.search(line))
    ]
    return " ".join(paragraph[numbers[0] : numbers[-1] + 1]) if numbers else ""


def _is_told(line: str) -> bool:
    """Whether the line is a sentence of somebody's, or a piece of one."""
    said = bare(line)
    if any(known(line) for known in (is_sent_from, is_added, is_notice_head)) or _CLOSING.fullmatch(said):
        return False
    if said.endswith(("?", "!")) or _POSTSCRIPT.match(said):
        return True
    if _PICTURE.fullmatch(said) or (_CITED.fullmatch(said) and "?" not in said):
        return False
    beside = _LABEL.sub(" ", _CONTACT.sub(" ", said))
    words = _WORD.findall(beside)
    if _make_sentence(words):
        return True
    if beside != said:
        return len(words) > MOST_BESIDE and not _is_name(beside)
    if said.endswith(":") or (said.endswith(".") and len(words) > 4):
        return True
    return (len(said) > LONGEST_LINE or len(words) > MOST_WORDS) and not _is_name(said)


def _make_sentence(words: list[str]) -> bool:
    """Whether one of the words stands in sentences alone: in small letters, as "it" is no house; so does a first word
    with a capital if a small one follows.
    """
    if len(words) > 1 and words[0].istitle() and words[1].islower():
        words = [words[0].lower(), *words[1:]]
    return any(
        word.lower() in PLEAS or word == "I" or (word.islower() and (word in SENTENCE_WORDS or _VERB.fullmatch(word)))
        for word in words
    )


def _is_name(line: str) -> bool:
    """Whether the line begins with the name of a person or a house: each word but the small ones has a capital."""
    said = bare(line)
    first = next((part for part in _PARTS.split(said) if part.strip()), "")
    large = [word for word in _WORD.findall(_CONTACT.sub(" ", first)) if word.lower() not in PARTICLES]
    is_short = 0 < len(large) <= MOST_OF_A_NAME
    return is_short and all(word[0].isupper() for word in large) and not said.endswith((":", "?", "!"))
