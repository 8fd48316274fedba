"""Does a mail that no header marks read as if a program wrote it in a person's name? By its Subject and new words.

A note that is missed costs one answer; a request that is taken for a note would wait for nobody. So each ground needs
two things that agree, and whatever asks for something, or tells of a fault, is a person's.
"""

import re

from maild.reading.folding import any_of, folded
from maild.reading.note_words import NOTES, UNREAD
from maild.reading.request_words import ASKS, MATTERS
from maild.reading.robot_words import (
    AUTOMATIC_LINES,
    AUTOMATIC_STEMS,
    AUTOMATICS,
    CHALLENGE_DEEDS,
    CHALLENGE_GROUNDS,
    CHALLENGE_MAILS,
    CHALLENGE_STEMS,
    CHALLENGES,
    GREETINGS,
    PROMISES,
    READ_LABELS,
    READS,
    REASONS,
    RECEIPT_LABELS,
    RECEIPTS,
    SIGN_OFFS,
    THANKS,
    TICKETS,
    UNANSWERABLE,
)
from maild.reading.sentence_words import (
    ABBREVIATIONS,
    AFTER_ORDINALS,
    ANDS,
    CONDITIONS,
    CONSEQUENCES,
    DATE_WORDS,
    FIRST_PERSON,
    MORE_OF_IT,
)
from maild.reading.vacation_words import ABSENCES, ABSENT_LABELS, CLOSINGS, LABELS

LONGEST = 2_000  # characters of new text that are looked at; a request stands among them, or the note is no short one
OPENING = 400  # characters within which a note has said what it is
LONGEST_NAME = 40  # characters of a line of a signature
LONGEST_COURTESY = 16  # characters of "unfortunately" and the like
LONGEST_DATE = 30  # characters of a piece of a sentence that is a date or a telephone number

_LABEL, _ABSENT_LABEL = any_of(LABELS), any_of(ABSENT_LABELS)
_ABSENCE, _CLOSING, _AUTOMATIC, _NOTE = map(any_of, (ABSENCES, CLOSINGS, AUTOMATICS, NOTES))
_AUTOMATIC_LINE, _UNANSWERABLE, _UNREAD = any_of(AUTOMATIC_LINES), any_of(UNANSWERABLE), any_of(UNREAD)
_GREETING, _THANKS, _REASON = any_of(GREETINGS), any_of(THANKS), any_of(REASONS)
_ASKS, _MATTER = any_of(ASKS), any_of(MATTERS)
_RECEIPT_LABEL, _RECEIPT, _TICKET = any_of(RECEIPT_LABELS), any_of(RECEIPTS), any_of(TICKETS)
_PROMISE = any_of(PROMISES)
_CHALLENGE_PARTS = tuple(map(any_of, (CHALLENGE_MAILS, CHALLENGE_GROUNDS, CHALLENGE_DEEDS)))
_CHALLENGE, _READ_LABEL, _READ = any_of(CHALLENGES), any_of(READ_LABELS), any_of(READS)

_SIGN_OFF = re.compile(rf"^[ >*-]{{0,4}}(?:{'|'.join(map(folded, SIGN_OFFS))})", re.MULTILINE)
_WRAPPED = re.compile(r"\n(?=[^\n])(?<=[^\n]{55}\n)")
_PARAGRAPH = re.compile(r"\n *+\n")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>]*+")
# What another wrote, in the marks of the languages.
_QUOTED = re.compile(r"«[^«»\n]{1,300}»|“[^“”\n]{1,300}”|„[^„“\n]{1,300}“|\"[^\"\n]{1,300}\"")
_TAG = re.compile(r"\[[^\[\]\n]{1,60}\]")
# A point ends a sentence, but not in an address, nor behind a title or the day of a date.
_NOT_BEHIND = "".join(rf"(?<!\b{word}\.)" for word in ABBREVIATIONS)
_POINT = (
    rf"\.(?=\s|$){_NOT_BEHIND}"
    rf"(?!(?<=\d\.)\s*(?:\d|{'|'.join(AFTER_ORDINALS)}))"
)
_SENTENCE_END = re.compile(rf"{_POINT}|[!?。！？\n]")
_PIECES = re.compile(rf"{_POINT}|[,!?:;()\n。！？，、：；–—]|\s-\s")
_FIRST_PERSON = re.compile(FIRST_PERSON)
_IF, _ALSO, _GOES_ON = any_of(CONDITIONS), any_of(MORE_OF_IT), any_of(CONSEQUENCES)
_AROUND = " \t\xa0()[]*_>|-–—."  # what programs put around a sentence of theirs
_AND = re.compile(rf"\s(?:{'|'.join(ANDS)})\s")
# What may stand behind a label that a program wrote: nothing, a sign, or the dates of the absence.
_AFTER_LABEL = re.compile(r"\s*+(?:$|[:：|–—()\[\]<>.!,;/】「-]|(?:re|aw|tr) ?:)")
_DATES = re.compile(rf"[\s:(–—-]*+(?:(?:{'|'.join(DATE_WORDS)})[\s.]{{1,3}}){{0,4}}\d")


def says_automatic(new_text: str) -> bool:
    """Whether it says that a program wrote it. Then none answers it, whatever else it is."""
    text = folded(_QUOTED.sub(" ", new_text[:LONGEST]))
    return _is_automatic(text) or bool(_UNANSWERABLE.search(_flat(text)))


def has_request(new_text: str) -> bool:
    """Whether it asks for something, or complains, as a person does."""
    return _has_request(folded(new_text[:LONGEST]))


def has_label(subject: str) -> bool:
    """Whether the Subject, without Re: and the like, begins as programs begin it that answer for a person."""
    return _begins(_LABEL, _flat(_TAG.sub(" ", folded(subject[:300]))))


def _is_automatic(text: str) -> bool:
    flat = _flat(text)
    if not any(stem in flat for stem in AUTOMATIC_STEMS):
        return False
    return bool(_AUTOMATIC.search(flat)) or _has_sentence(_AUTOMATIC_LINE, text)


def _is_of_a_house(text: str) -> bool:
    """Whether it says what notes say, and nobody in it says "I"."""
    return bool(_NOTE.search(text)) and not _FIRST_PERSON.search(text)


def _has_sentence(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a sentence says this and no more."""
    return any(pattern.fullmatch(sentence.strip(_AROUND)) for sentence in _SENTENCE_END.split(text))


def reads_like_a_robot(subject: str, new_text: str, *, is_threaded: bool, is_titled_re: bool) -> bool:
    """Whether it is an automatic answer. `subject` comes without Re: and the like; a forward is never asked about.

    `is_threaded` says that it answers a mail, by its headers or its null path; `is_titled_re` that its Subject had Re:.
    """
    title = _flat(_TAG.sub(" ", folded(subject[:300])))
    text = _LINK.sub(" ", _WRAPPED.sub(" ", folded(new_text[: LONGEST + 1].strip()).replace("(e)", "e")))
    told = _QUOTED.sub(" ", text)  # what another wrote is no ground
    is_label, is_absent_label = _begins(_LABEL, title), _begins(_ABSENT_LABEL, title)
    is_automatic = _is_automatic(told)
    is_absent = _opens_with(_ABSENCE, told) or (_opens_with(_CLOSING, told) and _is_of_a_house(told))
    is_unread = _has_sentence(_UNREAD, told)
    if not (is_label or is_absent_label or is_automatic or is_absent or is_unread):
        return _confirms(title, told, is_titled_re) and not _has_request(text)
    asks = len(new_text) > LONGEST or _has_request(text)
    is_titled_by_robot = is_threaded and not is_titled_re  # a person's program writes Re:
    if is_label and is_titled_by_robot and (not asks or ":" in title):
        return True  # a program that answers names the mail it answers
    if asks:
        return is_absent and is_automatic
    if is_label and _is_dated(_LABEL, title):
        return True
    is_answer = is_threaded or is_titled_re
    if is_automatic and (is_absent or is_label or (is_answer and _opens_with(_AUTOMATIC, told))):
        return True  # below a person's words it may be what they quote
    if is_answer and (is_automatic or is_unread) and _says_no_more(text):
        return True
    if is_absent_label and is_titled_by_robot and not _ABSENT_LABEL.sub("", title).strip(" !."):
        return True
    if is_absent_label and (_is_dated(_ABSENT_LABEL, title) or _ABSENCE.match(title)):
        is_absent = True  # the Subject says so
    if is_label or is_absent:
        return _says_no_more(text) and (
            is_label or is_threaded or is_titled_re or is_absent_label or bool(_NOTE.search(text))
        )
    return _confirms(title, told, is_titled_re)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _begins(pattern: re.Pattern[str], title: str) -> bool:
    label = pattern.match(title)
    return bool(label and _AFTER_LABEL.match(title, label.end())) or _is_dated(pattern, title)


def _is_dated(pattern: re.Pattern[str], title: str) -> bool:
    label = pattern.match(title)
    return bool(label and _DATES.match(title, label.end()))


def _opens_with(pattern: re.Pattern[str], text: str) -> bool:
    """Whether the text begins so, after a greeting and thanks: whoever first says something else is a person."""
    flat = "\n".join(map(_flat, _PARAGRAPH.split(text[:OPENING])))
    found = pattern.search(flat)
    if not found:
        return False
    *before, rest = (piece.strip() for piece in _PIECES.split(flat[: found.start()]))
    is_plan = bool(_IF.search(rest))
    return not is_plan and all(_is_small_talk(piece) or _NOTE.match(piece) or _REASON.match(piece) for piece in before)


def _has_request(text: str) -> bool:
    """Whether anything is asked or complained of, apart from what a note says of its own accord."""
    start, left = 0, []
    for note in _NOTE.finditer(text):
        if note.start() >= start:
            left.append(text[start : note.start()])
            end = _SENTENCE_END.search(text, note.end())
            start = end.start() if end else len(text)
    rest = " ".join([*left, text[start:]])
    return "?" in text or "？" in text or bool(_ASKS.search(rest))


def _says_no_more(text: str) -> bool:
    """Whether nothing is said but what notes say. Of other sentences it may have fewer than of those."""
    head = text[: end.start()] if (end := _SIGN_OFF.search(text)) else text
    lines = head.rstrip().split("\n")
    while len(lines) > 1 and len(lines[-1]) <= LONGEST_NAME and not lines[-1].rstrip().endswith((".", "!", "。")):
        lines.pop()  # a name, a firm, a telephone number
    notes = other = 0
    for sentence in _SENTENCE_END.split("\n".join(lines)):
        if _SIGN_OFF.match(sentence.lstrip()):
            break
        if _NOTE.search(sentence) or _UNREAD.fullmatch(sentence.strip(_AROUND)):
            notes += 1
        elif not all(map(_is_of_a_note, _PIECES.split(sentence))):
            other += 1
    return other < max(notes, 1)


def _is_of_a_note(piece: str) -> bool:
    piece = piece.strip()
    absence = _ABSENT_LABEL.match(piece) or _ABSENCE.search(piece) or _CLOSING.match(piece)
    is_courtesy = len(piece) <= LONGEST_COURTESY and bool(_REASON.match(piece))
    if is_courtesy or _is_small_talk(piece):
        return True
    if not absence or _GOES_ON.search(piece, absence.end()):
        return False
    return all(map(_is_more_of_it, _AND.split(piece[absence.end() :])[1:]))


def _is_more_of_it(clause: str) -> bool:
    """Whether it may follow "I am away and": what a person adds there is what they write for."""
    return bool(_ALSO.match(clause) or _ABSENT_LABEL.match(clause) or _ABSENCE.search(clause)) or _is_small_talk(clause)


def _is_small_talk(piece: str) -> bool:
    piece = piece.strip()
    return (
        not any(map(str.isalnum, piece))
        or bool((len(piece) <= LONGEST_NAME and _GREETING.match(piece)) or _THANKS.search(piece))
        or bool(
            _AUTOMATIC.search(piece) or _UNANSWERABLE.search(piece) or _AUTOMATIC_LINE.fullmatch(piece.strip(_AROUND))
        )
        or (len(piece) <= LONGEST_DATE and any(map(str.isdigit, piece)) and not _MATTER.search(piece))
    )


def _confirms(title: str, text: str, is_titled_re: bool) -> bool:
    """A receipt: of a request, of a mail that was read, or of one that waits for a proof of its sender."""
    flat = _flat(text)
    if _begins(_READ_LABEL, title) and (not flat or _READ.search(flat[:OPENING])):
        return True
    is_titled = not is_titled_re and (_begins(_RECEIPT_LABEL, title) or bool(_RECEIPT.match(title)))
    is_receipt = _opens_with(_RECEIPT, text) or (_begins(_RECEIPT_LABEL, title) and bool(_RECEIPT.search(flat)))
    is_receipt = is_receipt or is_titled
    is_known = is_receipt and bool(
        (not is_titled_re and _TICKET.search(title))  # behind Re: it is the number of ours
        or (is_titled and _RECEIPT.search(flat))
        or _TICKET.search(flat)
        or _is_automatic(text)
        or _UNANSWERABLE.search(flat)
        or (not is_titled_re and _PROMISE.search(flat))
    )
    of_mail, grounds, deeds = (bool(part.search(flat)) for part in _CHALLENGE_PARTS)
    is_held = any(stem in flat for stem in CHALLENGE_STEMS) and bool(_CHALLENGE.search(flat))
    is_challenge = of_mail and deeds and (grounds or is_held)
    return (is_known and not _has_more_to_say(flat)) or is_challenge


def _has_more_to_say(flat: str) -> bool:
    """Whether a receipt is where somebody begins: "I have received your letter, but"."""
    found = _RECEIPT.search(flat)
    return bool(found and _GOES_ON.search(flat[found.end() : found.end() + LONGEST_NAME]))
