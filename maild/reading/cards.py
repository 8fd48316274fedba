"""Is what stands below dashes a signature, or does somebody go on there?

`-- ` is a signature's own mark (RFC 3676 section 4.3): a name, or by what somebody is reached, is ground enough, and so
are a few words. Other dashes are a rule between two thoughts as often: there a name must stand alone right below them,
or with by what that person is reached.
"""

import re

from maild.mail import Address, address_key
from maild.reading.added_lines import RULE, bare, is_added, is_sent_from
from maild.reading.folding import folded
from maild.reading.notices import is_notice, is_notice_head, says_what_notices_say
from maild.reading.signature_words import (
    CLOSINGS,
    CONTACTS,
    HOUSES,
    LABELS,
    NO_MOTTO,
    OF_MOTTOS,
    PARTICLES,
    PLACES,
    PLEAS,
    POSTSCRIPTS,
    REACHED_BY,
    SENTENCE_ENDS,
    SENTENCE_WORDS,
    TEAMS,
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
_PLACE = re.compile(PLACES, re.IGNORECASE)
_TEAM = re.compile(TEAMS, re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_FEW_WORDS = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+){0,3}\.?")
_VERB = re.compile(SENTENCE_ENDS)
_CITED = re.compile(r"[\"«“„'‘].{0,200}[\"»”“'’][.!]?(?: ?[-–—(] ?.{0,40})?")
_PARTS = re.compile(r"[|,·•/]| [-–—] ")
_ADDRESS = re.compile(r"[^\s<>@:,;()\[\]]{1,64}@[^\s<>@:,;()\[\]]{1,255}")
_PICTURE = re.compile(r"\[(?:image|cid|photo|logo)\b.{0,200}\]", re.IGNORECASE)


def is_card(block: list[str], is_marked: bool) -> bool:
    """Whether the lines below dashes are a signature; `is_marked`: the dashes are `-- `."""
    paragraphs = _paragraphs(block)
    lines = [line for paragraph in paragraphs for line in paragraph]
    if not lines:
        return True
    name, *below = [line for line in lines if not _is_around_a_name(line)] or lines[:1]
    is_named, is_apart = _is_name(name), not block[0].strip()
    is_reached = any(map(_REACHED_BY.search, lines))
    told = [words for n, paragraph in enumerate(paragraphs) if (words := _told(paragraph, n == 0, is_reached))]
    if told and not (any(is_notice(words, 2) for words in told) and all(map(says_what_notices_say, told))):
        return False
    if is_marked and (is_named or is_reached or told):
        return True
    if is_marked or (below and not is_reached):
        return is_marked and not is_apart and not below and bool(_FEW_WORDS.fullmatch(bare(name)))
    has_part = bool(_PARTS.search(bare(name)))
    is_list = sum("@" in line and _is_name(line) for line in lines) > 1
    is_whole_name = not is_apart and len(_WORD.findall(name)) > 1 and not _TEAM.fullmatch(bare(name))
    return is_named and not is_list and (is_reached or has_part or is_whole_name)


def is_anothers(block: list[str], writer: Address) -> bool:
    """Whether a card is that of somebody else, for whom the writer asks something: neither their address nor a word of
    their name stands on it. A writer without a first and last name is a service: who signs for it is one of its people.
    """
    names = [word for word in _WORD.findall(folded(writer.name)) if len(word) > 2]
    text = "\n".join(block)
    said = _WORD.findall(folded(_ADDRESS.sub(" ", text)))
    if len(names) < 2 or not said or not set(names).isdisjoint(said):
        return False
    addresses = _ADDRESS.findall(text)
    return bool(addresses) and writer.key not in map(address_key, addresses)


def _is_around_a_name(line: str) -> bool:
    said = bare(line)
    return bool(_CLOSING.fullmatch(said) or _PICTURE.fullmatch(said))


def _paragraphs(block: list[str]) -> list[list[str]]:
    """The filled lines, parted at blank lines and rules."""
    found: list[list[str]] = [[]]
    for line in block:
        if not line.strip() or RULE.fullmatch(line):
            found.append([])
        else:
            found[-1].append(line.strip())
    return [paragraph for paragraph in found if paragraph]


def _told(paragraph: list[str], is_first: bool, is_reached: bool) -> str:
    """The sentences of a paragraph, from the first line that is one to the last; '' where there are none.

    The motto of a house is none where it stands right below a name and what that is reached by. All of a later
    paragraph is told where nothing in it is of a card.
    """
    if not is_first and not any(_is_name(line) or _CONTACT.search(line) or line[0].isdigit() for line in paragraph):
        return " ".join(paragraph)
    has_mottos = is_first and is_reached and any(map(_is_name, paragraph[:2]))
    numbers = [n for n, line in enumerate(paragraph) if _is_told(line) and not (has_mottos and _is_motto(line))]
    return " ".join(paragraph[numbers[0] : numbers[-1] + 1]) if numbers else ""


def _is_motto(line: str) -> bool:
    return not _NO_MOTTO.search(line) and SENTENCE_WORDS.isdisjoint(set(_WORD.findall(line)) - OF_MOTTOS)


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
    if _PLACE.search(said) and any(map(str.isdigit, said)):
        return False
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
    if _TEAM.fullmatch(said) and not _make_sentence(_WORD.findall(said)):
        return True
    parts = [part.strip() for part in _PARTS.split(said) if part.strip()] or [""]
    large = [
        word for word in _WORD.findall(_LABEL.sub(" ", _CONTACT.sub(" ", parts[0]))) if word.lower() not in PARTICLES
    ]
    if not 0 < len(large) <= MOST_OF_A_NAME or said.endswith((":", "?", "!")):
        return False
    if len(large) == 1 and any(part[0].islower() for part in parts):
        return False  # "Oui, d'accord"
    return all(word[0].isupper() for word in large)
