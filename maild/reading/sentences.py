"""What does each sentence of a short text say: an absence, what notes alone say, what anybody says, or something else?

One sentence that none of the tables knows is what its writer wrote for; reads_like.py says what follows from it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from maild.reading.folding import any_of, folded
from maild.reading.note_words import ANSWERS, ASIDES, CASES, MOVES, NOTES, REACHES, UNREAD
from maild.reading.receipt_words import FIELDS, NUMBER_WORDS, PROMISES, RECEIPTS, RECEIPTS_GO_ON
from maild.reading.request_words import MATTERS, THINGS
from maild.reading.rests import is_case, is_place, is_thanks, without_said, words_left, words_left_of
from maild.reading.robot_words import (
    AUTOMATIC_LINES,
    AUTOMATICS,
    COMPLIMENTS,
    GREETINGS,
    REASONS,
    SIGN_OFFS,
    UNANSWERABLE,
)
from maild.reading.sentence_words import (
    ABBREVIATIONS,
    AFTER_ORDINALS,
    ANDS,
    CONSEQUENCES,
    DATE_WORDS,
    DESKS,
    MONTHS,
    MORE_OF_IT,
    STATEMENT_STARTS,
    STATEMENT_VERBS,
    TELEPHONE_WORDS,
)
from maild.reading.vacation_words import ABSENCES, ABSENT_LABELS, CLOSINGS, DEPARTURES, TITLES

LONGEST_NAME = 40  # characters of a line of a signature
LONGEST_COURTESY = 16  # characters of "unfortunately" and the like
LONGEST_DATE = 40  # characters of a piece of a sentence that is a date or a telephone number
MOST_WORDS_ASIDE = 1  # words beside "back on Monday" or a case that no table knows
MOST_WORDS_BEHIND = 2  # words of a name behind a sign-off
MOST_WORDS_BEFORE = 2  # such words before "I am away", or in what follows on "and"

_ABSENT_LABEL, _ABSENCE, _AUTOMATIC = any_of(ABSENT_LABELS), any_of(ABSENCES), any_of(AUTOMATICS)
_CLOSING, _DEPARTURE, _UNREAD = any_of((*ABSENCES, *CLOSINGS)), any_of(DEPARTURES), any_of(UNREAD)
_MOVE = any_of(MOVES)
_AUTOMATIC_LINE, _UNANSWERABLE = any_of(AUTOMATIC_LINES), any_of(UNANSWERABLE)
_NOTE, _ANSWER, _CASE = any_of(NOTES), any_of(ANSWERS), any_of(CASES)
_REACH, _ASIDE = any_of(REACHES), any_of(ASIDES)
_GREETING, _REASON, _MATTER = any_of(GREETINGS), any_of(REASONS), any_of(MATTERS)
_THING = any_of(THINGS)
_RECEIPT = re.compile(rf"(?:{any_of(RECEIPTS).pattern})\w*+")  # its rows end within a word
_PROMISE, _NUMBER = any_of(PROMISES), re.compile(r"\b[a-z]{1,8}-\d++")
_MORE_OF_A_RECEIPT, _FIELD = any_of(RECEIPTS_GO_ON), any_of(FIELDS)
_ALSO, _GOES_ON = any_of(MORE_OF_IT), any_of(CONSEQUENCES)
_TITLE = any_of(TITLES)
_STATES, _VERB, _DESK = any_of(STATEMENT_STARTS), any_of(STATEMENT_VERBS), any_of(DESKS)
_AND = re.compile(rf"\s(?:{'|'.join(ANDS)})\s")
_SIGN_OFF = re.compile(rf"^[ >*-]{{0,4}}(?:{'|'.join(map(folded, SIGN_OFFS))})", re.MULTILINE)
_COMPLIMENT = any_of(COMPLIMENTS)
# A point ends a sentence, but not in an address, nor behind a title or the day of a date.
_NOT_BEHIND = "".join(rf"(?<!\b{word}\.)" for word in ABBREVIATIONS)
_POINT = rf"\.(?=\s|$){_NOT_BEHIND}(?!(?<=\d\.)\s*(?:\d|{'|'.join(AFTER_ORDINALS)}))"
_SENTENCE_END = re.compile(rf"{_POINT}|[!?。！？\n]")
_PIECES = re.compile(rf"{_POINT}|[,!?:;()\n。！？，、：；–—]|\s-\s")
_WORD = re.compile(r"[^\W\d_]+")
_DATE_WORD = re.compile(rf"(?:{'|'.join((*DATE_WORDS, *MONTHS, *TELEPHONE_WORDS))})\Z")
_NUMBER_WORD = re.compile(rf"(?:{'|'.join((*NUMBER_WORDS, *DATE_WORDS))})\Z")
_HOUR = re.compile(r"\d ?(?:h|uhr|[ap]m)\b|\d:\d\d")  # a person's answer to "when?"
_ADDRESS = re.compile(r"\S@\S|\d\d[ ./-]?\d\d")
_MAILBOX = re.compile(r"[^\s@]{1,60}@[^\s@]{1,60}")
_AROUND = " \t\xa0()[]*_>|-–—."  # what programs put around a sentence of theirs


@dataclass(frozen=True, slots=True)
class Said:
    """The numbers of the sentences that say so, and how many say something that no table knows.

    `notes` say whom to turn to, or thank for the mail; `answers` when mails are read or answered; `unread` that nobody
    reads this one.
    """

    absences: frozenset[int]
    notes: frozenset[int]
    answers: frozenset[int]
    unread: frozenset[int]
    others: int

    @property
    def has_note_beside_absence(self) -> bool:
        """Whether what notes alone say stands in another sentence than an absence: two grounds, not one said twice."""
        return bool(self.answers) or any(self.absences - {note} for note in self.notes | self.unread)


def pieces_of(text: str) -> list[str]:
    """The text between its points, commas, colons and brackets."""
    return [piece.strip() for piece in _PIECES.split(text)]


def without_notes(text: str) -> str:
    """What is left of a text without the pieces of sentences that a note says of its own accord."""
    return " ".join(map(without_said, _PIECES.split(text)))


def says_it_is_automatic(text: str) -> bool:
    """Whether all that one of its sentences says is that a program wrote it."""
    return any(_AUTOMATIC_LINE.fullmatch(sentence.strip(_AROUND)) for sentence in _SENTENCE_END.split(text))


def says_it_is_unread(text: str) -> bool:
    """Whether all that one of its sentences says is that nobody reads the mail."""
    return any(_UNREAD.fullmatch(sentence.strip(_AROUND)) for sentence in _SENTENCE_END.split(text))


def what_it_says(text: str, names: frozenset[str], *, is_of_a_house: bool = False) -> Said:
    """What the sentences of a text say, up to the name below it. That of a house may say what else is closed."""
    absence, is_unread = _CLOSING if is_of_a_house else _ABSENCE, says_it_is_unread(text)
    absences, notes, answers, unread, others = set(), set(), set(), set(), 0
    for number, sentence in enumerate(_sentences(text)):
        told = sentence.strip(_AROUND)
        if _UNREAD.fullmatch(told):
            unread.add(number)
            continue
        if _AUTOMATIC_LINE.fullmatch(told) or (is_unread and _DEPARTURE.fullmatch(told)):
            continue
        if _MOVE.fullmatch(told):
            notes.add(number)
            continue
        pieces = pieces_of(sentence)
        is_answer = any(map(_ANSWER.search, pieces))
        is_note = any(map(_NOTE.search, pieces)) or _says_to_whom(sentence, pieces)
        if absence.search(sentence) or any(map(_ABSENT_LABEL.match, pieces)):
            absences.add(number)
        if is_answer:
            answers.add(number)
        if is_note:
            notes.add(number)
        is_known = _is_known_beside_a_note if is_note or is_answer else _is_of_a_note
        others += not all(is_known(piece, absence, names) for piece in pieces)
    return Said(frozenset(absences), frozenset(notes), frozenset(answers), frozenset(unread), others)


def says_only_receipts(text: str) -> bool:
    """Whether nothing is said but what the receipt of a request says."""
    return all(map(_is_of_a_receipt, _sentences(text)))


def says_only_dates(text: str) -> bool:
    """Whether a date is said, and nothing else: beside the label of a note, for when one is wanted."""
    is_more = any(not is_small_talk(piece) for sentence in _sentences(text) for piece in pieces_of(sentence))
    return any(map(is_date, pieces_of(text))) and not is_more


def names_a_matter(title: str) -> bool:
    """Whether the Subject of a mail that answers none says more than that somebody is away: then that is its matter."""
    rest = _TITLE.sub(" ", title)
    for said in (_ABSENT_LABEL, _CLOSING, _ANSWER, _GREETING):
        rest = said.sub(" ", rest)
    return _unknown(rest, _DATE_WORD) > 0


def says_only_when(text: str) -> bool:
    """Whether nothing is said but a date and an hour."""
    return not _unknown(text, _DATE_WORD)


def is_small_talk(piece: str) -> bool:
    """A greeting, thanks, a date, a telephone number, or nothing at all."""
    piece = piece.strip()
    if not any(map(str.isalnum, piece)) or is_date(piece):
        return True
    greeting = _GREETING.match(piece) if len(piece) <= LONGEST_NAME else None
    is_greeting = greeting and not _states(piece[greeting.end() :].partition(" ")[2])
    return bool(is_greeting or is_thanks(piece) or _is_automatic(piece)) or _is_unanswerable(piece)


def _is_automatic(piece: str) -> bool:
    """That a program wrote it, and little behind that."""
    told = _AUTOMATIC.search(piece)
    return told is not None and words_left(piece[told.end() :].partition(" ")[2]) <= MOST_WORDS_BEFORE


def _is_unanswerable(piece: str) -> bool:
    """A wish for no answer, and nothing behind it."""
    wish = _UNANSWERABLE.search(piece)
    return wish is not None and not _unknown(piece[wish.end() :].partition(" ")[2], _DATE_WORD)


def may_precede_absence(piece: str) -> bool:
    """Whether a note may say so before it says that its writer is away."""
    return bool(is_small_talk(piece) or _NOTE.match(piece) or _ANSWER.match(piece) or _REASON.match(piece))


def _sentences(text: str) -> Iterator[str]:
    """The sentences, without the words with which a mail ends, and the lines of a name, a firm, a telephone."""
    end = _SIGN_OFF.search(text)
    lines = (text[: end.start()] if end else text).rstrip().split("\n")
    while len(lines) > 1 and _is_of_a_signature(lines[-1]):
        lines.pop()
    is_below = False
    for sentence in _SENTENCE_END.split("\n".join((*lines, text[end.start() :] if end else ""))):
        if sign_off := _SIGN_OFF.match(sentence.lstrip()):
            is_below = True
            rest = sentence.lstrip()[sign_off.end() :]
            if not _COMPLIMENT.search(rest) and any(map(_goes_on_to_state, pieces_of(rest))):
                yield rest
        elif not is_below or _states(sentence.strip()):
            yield sentence


def _goes_on_to_state(piece: str) -> bool:
    """Behind a sign-off: more than a name of one or two words, and it states."""
    clause = _AND.split(f" {piece}", maxsplit=1)[-1].strip()
    return len(clause.split()) > MOST_WORDS_BEHIND and _states(clause)


def _is_of_a_signature(line: str) -> bool:
    line = line.strip()
    is_short = len(line) <= LONGEST_NAME and not line.endswith((".", "!", "。"))
    return is_short and not _states(line) and not _CASE.search(line)


def _states(words: str) -> bool:
    """Whether it is no name of a person, a firm or a desk: it begins as a statement does, or has the verb of one."""
    return bool((_STATES.match(words) and not _DESK.match(words)) or _VERB.search(words))


def _says_to_whom(sentence: str, pieces: Sequence[str]) -> bool:
    """ "In urgent cases", and whom to turn to: a verb, an address, or a number."""
    if not any(map(_CASE.search, pieces)):
        return False
    return bool(_REACH.search(sentence) or _ADDRESS.search(sentence))


def _is_known_beside_a_note(piece: str, absence: re.Pattern[str], names: frozenset[str]) -> bool:
    """A note names people, which no table can know, an address or a number; who says what they are to do wants it."""
    is_told = not (_REACH.search(piece) or _ADDRESS.search(piece)) and without_said(piece) == piece and _states(piece)
    is_known = not is_told and not words_left_of(piece, names)
    return is_known or is_case(piece) or _is_of_a_note(piece, absence, names)


def _is_of_a_note(piece: str, absences: re.Pattern[str], names: frozenset[str]) -> bool:
    is_courtesy = len(piece) <= LONGEST_COURTESY and bool(_REASON.match(piece))
    if is_courtesy or is_small_talk(piece) or _is_aside(piece):
        return True
    if _ANSWER.search(piece) and not words_left_of(piece, names):
        return True
    absence = _ABSENT_LABEL.match(piece) or absences.search(piece)
    if not absence:
        return False
    first, *more = _AND.split(piece[absence.end() :])
    goes_on = _GOES_ON.search(piece, absence.end())
    is_told = (goes_on and not _ANSWER.search(piece, goes_on.end())) or _THING.search(piece, absence.end())
    before = words_left(piece[: absence.start()], names)
    is_more = all(_is_more_of_it(clause, names) for clause in more)
    return not is_told and before <= MOST_WORDS_BEFORE and is_place(_ASIDE.sub(" ", first), names) and is_more


def _is_more_of_it(clause: str, names: frozenset[str]) -> bool:
    """Whether it may follow "I am away and": what a person adds there is what they write for."""
    is_absence = _ABSENT_LABEL.match(clause) or _ABSENCE.search(clause)
    is_known = _ALSO.match(clause) or is_absence or _ANSWER.search(clause)
    is_short = bool(is_known) and words_left_of(_ALSO.sub("\n", clause, count=1), names) <= MOST_WORDS_BEFORE
    return is_short or is_small_talk(clause) or _is_aside(clause) or not _unknown(clause, _DATE_WORD)


def _is_aside(piece: str) -> bool:
    rest, asides = _ASIDE.subn(" ", piece)
    return asides > 0 and words_left(rest) <= MOST_WORDS_ASIDE


def is_date(piece: str) -> bool:
    """Whether a piece is a date or a telephone number."""
    is_short = len(piece) <= LONGEST_DATE and any(map(str.isdigit, piece))
    return is_short and not (_MATTER.search(piece) or _HOUR.search(piece) or _unknown(piece, _DATE_WORD))


def _unknown(text: str, known: re.Pattern[str]) -> int:
    """How many words are not of these. Words in other letters than Latin ones are not looked at."""
    return sum(word.isascii() and not known.match(word) for word in _WORD.findall(text))


def _is_of_a_receipt(sentence: str) -> bool:
    if _FIELD.match(sentence.strip()):
        return True
    clauses = (
        clause for piece in _PIECES.split(_RECEIPT.sub(",", _NUMBER.sub("1", sentence))) for clause in _AND.split(piece)
    )
    return all(map(_is_clause_of_a_receipt, clauses))


def _is_clause_of_a_receipt(clause: str) -> bool:
    clause = clause.strip()
    if _GOES_ON.match(clause):
        return False
    is_known = _PROMISE.search(clause) or _MORE_OF_A_RECEIPT.search(clause) or _ANSWER.search(clause)
    return bool(is_known) or is_small_talk(clause) or not _unknown(clause, _NUMBER_WORD)
