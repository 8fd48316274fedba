"""Is anything left of a piece of a note, when what notes say is taken away? Names may be, and nothing that is wanted.

A name is known by its capital, which a text has lost once it is folded: so names are asked of the text as it came.
"""

import re
from itertools import pairwise

from maild.reading.beside_words import BEFORE_DEEDS, BESIDE, DEEDS, NEVER, PLACES, WITHIN_PLACES
from maild.reading.folding import any_of, folded
from maild.reading.note_words import ANSWERS, ASIDES, CASES, NOTES, REACHES
from maild.reading.request_words import THINGS
from maild.reading.robot_words import REASONS, THANKS
from maild.reading.sentence_words import ARTICLES, BEING, DATE_WORDS, DESKS, MONTHS, PEOPLE, TELEPHONE_WORDS
from maild.reading.vacation_words import ABSENCES, CLOSINGS

MOST_NAMES = 4  # in a row: two names with their surnames, or a firm
MOST_OF_A_PLACE = 3  # words that say for what or where somebody is away
MOST_WITHIN = 1  # words within "if ... is urgent" that no table knows
MOST_OF_THANKS = 1  # such words behind "thank you for your mail"

_WORD = re.compile(r"[^\W\d_]+")
_WORD_OR_NUMBER = re.compile(r"[^\W_]+")
_WITHIN_A_WORD = re.compile(r"\A\w+")
_ADDRESS = re.compile(r"[^\s@]{1,80}@[^\s@]{1,80}")
_KNOWN = re.compile(rf"(?:{'|'.join(map(folded, (*BESIDE, *DATE_WORDS, *MONTHS, *TELEPHONE_WORDS)))})\Z")
_NEVER = re.compile(rf"\b(?:{'|'.join(NEVER)})\b")
# What somebody tells of a thing, not of those whom to turn to.
_TELLS = re.compile(
    rf"\b(?!{any_of(DESKS).pattern})(?:{'|'.join(ARTICLES)})[ '](?!{'|'.join(PEOPLE)})"
    rf"\w+(?: \w+)? (?:{'|'.join(BEING)})\b"
)
_THING = any_of(THINGS)
_BEFORE_A_PLACE, _WITHIN_A_PLACE = (re.compile(rf"(?:{'|'.join(words)})\Z") for words in (PLACES, WITHIN_PLACES))
_FOR_A_DEED, _DEED = (re.compile(rf"(?:{'|'.join(words)})\Z") for words in (BEFORE_DEEDS, DEEDS))
# What a note says, each to the end of its last word.
_NOTE, _ANSWER, _ASIDE, _CASE, _ABSENCE, _REACH, _THANKS, _REASON = (
    re.compile(rf"(?:{any_of(words).pattern})(?:(?<=\w)\w*+)?")
    for words in (NOTES, ANSWERS, ASIDES, CASES, (*ABSENCES, *CLOSINGS), REACHES, THANKS, REASONS)
)


def names_in(text: str) -> frozenset[str]:
    """The words, folded, that the text writes with a capital and never without; none where it writes all so."""
    words = _WORD.findall(_ADDRESS.sub(" ", text))
    names = {folded(word) for word in words if word[0].isupper()}
    small = {folded(word) for word in words if not word[0].isupper()}
    return frozenset(names - small) if len(small) * 2 >= len(names) else frozenset()


def without_said(piece: str) -> str:
    """A piece of a sentence without what notes say of their own accord; what stands around that stays."""
    for said in (_NOTE, _ANSWER, _ASIDE, _CASE):
        piece = said.sub(_rest_of, piece)
    return piece


def _rest_of(said: re.Match[str]) -> str:
    """Nothing, unless somebody says more between "if" and "urgent", or "your mail" and "will be read"."""
    within = _NEVER.sub(" ", said[0].lstrip("- ").partition(" ")[2])
    is_open = said.re in (_ANSWER, _CASE)
    return said[0] if is_open and words_left(within) > MOST_WITHIN else "\n"


def words_left_of(piece: str, names: frozenset[str]) -> int:
    """How many words of a piece say something else than notes do."""
    rest = without_said(_ADDRESS.sub("x@1", piece))
    if _ANSWER.search(piece):
        rest = _NEVER.sub("\n", rest)
    tells = bool(_TELLS.search(rest))
    for said in (_ABSENCE, _REACH, _THANKS, _REASON):
        rest = said.sub("\n", rest)
    return words_left(rest, names) + tells


def is_thanks(piece: str) -> bool:
    """Thanks for the mail, and little behind them."""
    rest, thanks = _THANKS.subn("\n", piece)
    return thanks > 0 and words_left(rest) <= MOST_OF_THANKS


def is_case(piece: str) -> bool:
    """When to turn to somebody, and a word that says for what: "for urgent matters of ..."."""
    rest, cases = _CASE.subn(_rest_of, piece)
    return cases > 0 and len(_WORD.findall(rest)) <= 1 and not _THING.search(rest)


def words_left(rest: str, names: frozenset[str] = frozenset()) -> int:
    """How many words are neither names nor such as stand beside a note; letters other than Latin are not looked at."""
    unknown = in_a_row = 0
    for word in _WORD.findall(_ADDRESS.sub(" 1 ", rest)):
        is_known = not word.isascii() or bool(_KNOWN.match(word))
        in_a_row = 0 if is_known else in_a_row + 1
        is_name = word in names and in_a_row <= MOST_NAMES and not _THING.match(word)
        unknown += not (is_known or is_name)
    return unknown


def _is_known(word: str, names: frozenset[str]) -> bool:
    return not (word.isascii() and word.isalpha()) or bool(_KNOWN.match(word)) or word in names


def is_place(rest: str, names: frozenset[str]) -> bool:
    """Whether what stands behind "I am away" says no more than when, for what, or where."""
    words = _WORD_OR_NUMBER.findall(_WITHIN_A_WORD.sub("", rest, count=1))
    unknown = [at for at, word in enumerate(words) if not (_is_known(word, names) or _BEFORE_A_PLACE.match(word))]
    if any(_FOR_A_DEED.match(before) and _DEED.match(word) for before, word in pairwise(words)):
        return False
    if len(unknown) < 2:
        return True
    first = unknown[0]
    is_led = any(map(_BEFORE_A_PLACE.match, words[max(first - 2, 0) : first]))
    is_one = all(after == at + 1 or _WITHIN_A_PLACE.match(words[at + 1]) for at, after in pairwise(unknown))
    return is_led and is_one and len(unknown) <= MOST_OF_A_PLACE
