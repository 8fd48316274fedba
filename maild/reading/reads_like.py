"""Does a mail that no header marks read as if a program wrote it in a person's name? By its Subject and new words.

A note that is missed costs one answer; a request that is taken for a note would wait for nobody. So each ground needs
two things that agree, in two places, and one sentence that asks, tells of a fault, or is unknown makes it a person's.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from maild.reading.folding import any_of, folded
from maild.reading.receipt_words import PROMISES, RECEIPT_LABELS, RECEIPTS, TICKETS
from maild.reading.request_words import ASKS
from maild.reading.rests import names_in
from maild.reading.robot_words import (
    AUTOMATIC_STEMS,
    AUTOMATICS,
    CHALLENGE_DEEDS,
    CHALLENGE_ELSEWHERE,
    CHALLENGE_GROUNDS,
    CHALLENGE_MAILS,
    CHALLENGE_PROOFS,
    CHALLENGE_STEMS,
    CHALLENGES,
    READ_LABELS,
    READS,
    RETURN_RECEIPTS,
    UNANSWERABLE,
)
from maild.reading.sentence_words import CONDITIONS, DATE_WORDS, FIRST_PERSON
from maild.reading.sentences import (
    is_date,
    may_precede_absence,
    names_a_matter,
    pieces_of,
    says_it_is_automatic,
    says_it_is_unread,
    says_only_dates,
    says_only_receipts,
    says_only_when,
    what_it_says,
    without_notes,
)
from maild.reading.vacation_words import ABSENCES, ABSENT_LABELS, CLOSINGS, LABELS

LONGEST = 2_000  # characters of new text that are looked at; a request stands among them, or the note is no short one
OPENING = 400  # characters within which a note has said what it is

_LABEL, _ABSENT_LABEL = any_of(LABELS), any_of(ABSENT_LABELS)
_ABSENCE, _CLOSING, _AUTOMATIC, _ASKS = map(any_of, (ABSENCES, CLOSINGS, AUTOMATICS, ASKS))
_UNANSWERABLE, _FIRST_PERSON = any_of(UNANSWERABLE), re.compile(FIRST_PERSON)
_RECEIPT_LABEL, _RECEIPT, _TICKET = any_of(RECEIPT_LABELS), any_of(RECEIPTS), any_of(TICKETS)
_PROMISE = any_of(PROMISES)
_OF_MAIL, _GROUND, _DEED = map(any_of, (CHALLENGE_MAILS, CHALLENGE_GROUNDS, CHALLENGE_DEEDS))
_PROOF, _ELSEWHERE = any_of(CHALLENGE_PROOFS), any_of(CHALLENGE_ELSEWHERE)
_CHALLENGE, _READ_LABEL, _READ = any_of(CHALLENGES), any_of(READ_LABELS), any_of(READS)
_RETURN_RECEIPT, _TIME_ZONE = (
    any_of(RETURN_RECEIPTS),
    re.compile(r"\((?:utc|gmt)[^()\n]{0,9}\)(?: [^\W\d_]{3,20}(?:, [^\W\d_]{3,20}){0,5})?"),
)

_WRAPPED = re.compile(r"\n(?=[^\n])(?<=[^\n]{54}[^\n.!?]\n)")
_PARAGRAPH = re.compile(r"\n *+\n")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>]*+")
# What another wrote, in the marks of the languages.
_QUOTED = re.compile(r"«[^«»\n]{1,300}»|“[^“”\n]{1,300}”|„[^„“\n]{1,300}“|\"[^\"\n]{1,300}\"")
_TAG = re.compile(r"\[[^\[\]\n]{1,60}\]")
_IF = any_of(CONDITIONS)
# What may stand behind a label that a program wrote: nothing, a sign, or the dates of the absence.
_AFTER_LABEL = re.compile(r"\s*+(?:$|[:：|–—()\[\]<>.!,;/】「-]|(?:re|aw|tr) ?:)")
_DATES = re.compile(rf"[\s:(–—-]*+(?:(?:{'|'.join(DATE_WORDS)})[\s.]{{1,3}}){{0,4}}\d")


def says_automatic(new_text: str) -> bool:
    """Whether it says that a program wrote it, or wants no answer. Then none answers it, whatever else it is."""
    _, text, flat = _texts(new_text[: LONGEST + 1])
    return _is_automatic(flat) or says_it_is_automatic(text) or bool(_UNANSWERABLE.search(flat))


def has_request(new_text: str) -> bool:
    """Whether it asks for something, or complains, as a person does."""
    return _has_request(folded(new_text[:LONGEST]))


def has_label(subject: str) -> bool:
    """Whether the Subject, without Re: and the like, begins as programs begin it that answer for a person."""
    return _begins(_LABEL, _flat(_TAG.sub(" ", folded(subject[:300]))))


def is_titled_like_a_note(subject: str) -> bool:
    """Whether the Subject begins as that of an absence, a receipt or an automatic answer does, whoever wrote it."""
    title = _flat(_TAG.sub(" ", folded(subject[:300])))
    return any(_begins(label, title) for label in (_LABEL, _ABSENT_LABEL, _RECEIPT_LABEL))


def _is_automatic(flat: str) -> bool:
    return any(stem in flat for stem in AUTOMATIC_STEMS) and bool(_AUTOMATIC.search(flat))


def reads_like_a_robot(
    subject: str,
    new_text: str,
    *,
    is_threaded: bool,
    is_titled_re: bool,
    is_from_nobody: bool = False,
    is_quoting: Callable[[], bool] = lambda: False,
) -> bool:
    """Whether it is an automatic answer. `subject` comes without Re: and the like; a forward is never asked about.

    `is_threaded` says that its headers name the mail it answers; `is_titled_re` that its Subject had Re:, which the
    programs of people write; `is_from_nobody` that its path is the null one, which no person's mail has; `is_quoting`
    that the mail it answers stands below. That it is an answer is no ground: people answer too.
    """
    title = _flat(_TAG.sub(" ", folded(subject[:300])))
    whole, text, flat = _texts(new_text[: LONGEST + 1])
    is_label = not is_titled_re and _begins(_LABEL, title)  # behind Re: it is that of the mail that is answered
    is_absent_label = _begins(_ABSENT_LABEL, title)
    is_new = not (is_threaded or is_titled_re or is_from_nobody)
    is_automatic = _is_automatic(flat)
    is_absent = _opens_with(_ABSENCE, text)
    is_closed = not is_absent and _opens_with(_CLOSING, text) and not _FIRST_PERSON.search(text)
    is_told, is_unread = is_automatic or says_it_is_automatic(text), says_it_is_unread(text)
    is_answer, is_titled_by_robot = is_threaded or is_from_nobody, (is_threaded and not is_titled_re) or is_from_nobody
    first, *more = text.split("\n", 1)
    if more and not is_label and is_date(first):
        return False  # what was asked for, above a text that no sign shows to be quoted
    if not (is_label or is_absent_label or is_told or is_absent or is_closed or is_unread):
        return _confirms(title, text, flat, is_titled_re=is_titled_re, is_quoting=is_quoting)
    asks = len(new_text) > LONGEST or _has_request(whole)
    if is_label and is_titled_by_robot and (not asks or ":" in title):
        return True  # a program that answers names the mail it answers
    if asks or (is_automatic and is_absent):
        return is_automatic and is_absent
    if is_automatic and (is_label or ((is_answer or is_titled_re) and _opens_with(_AUTOMATIC, text))):
        return True  # below a person's words it may be what they quote
    said = what_it_says(text, names_in(new_text), is_of_a_house=is_closed)
    notes = said.notes | said.answers | said.unread
    if is_told and not said.others and (is_absent or (notes and (is_answer or is_titled_re))):
        return True
    if is_unread and not said.others and notes - said.unread and (is_answer or is_titled_re) and not is_quoting():
        return True
    if not (is_label or is_absent_label or is_absent or is_closed):
        return _confirms(title, text, flat, is_titled_re=is_titled_re, is_quoting=is_quoting)
    if is_label:
        is_wanted = not said.absences and says_only_dates(text)  # a date alone tells when a note is to be set
        return said.others < max(len(notes), 1) and not is_wanted
    if said.others or (is_new and names_a_matter(title)):
        return False
    if is_titled_by_robot and (is_absent_label or (is_from_nobody and is_absent)):
        return True
    if is_quoting():
        return False  # programs that answer rarely quote, people's programs do
    if is_absent_label and (is_absent or _is_dated(_ABSENT_LABEL, title) or _ABSENCE.match(title)):
        return bool(notes)
    if is_closed:  # of their own house, or another's, people tell too
        return bool(said.answers) and (len(notes) > 1 or bool(_OF_MAIL.search(flat)))
    return is_absent and said.has_note_beside_absence


@lru_cache(maxsize=1)  # two questions are asked of each mail
def _texts(new_text: str) -> tuple[str, str, str]:
    """The text as the patterns want it, the same without what it cites, and that in one line."""
    whole = _LINK.sub(" ", _WRAPPED.sub(" ", folded(new_text.strip()).replace("(e)", "e")))
    text = _QUOTED.sub(" ", whole)
    return whole, text, _flat(text)


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
    *before, rest = pieces_of(flat[: found.start()])
    return not _IF.search(rest) and all(map(may_precede_absence, before))


def _has_request(text: str) -> bool:
    """Whether anything is asked or complained of, apart from what a note says of its own accord."""
    return "?" in text or "？" in text or bool(_ASKS.search(without_notes(text)))


def _confirms(title: str, text: str, flat: str, *, is_titled_re: bool, is_quoting: Callable[[], bool]) -> bool:
    """A receipt: of a request, of a mail that was read, or of one that waits for a proof of its sender."""
    if _begins(_READ_LABEL, title) and (not flat or _says_it_was_read(flat)):
        return True
    is_held = any(stem in flat for stem in CHALLENGE_STEMS) and bool(_CHALLENGE.search(flat))
    if _OF_MAIL.search(flat) and _DEED.search(flat) and (is_held or _GROUND.search(flat)):
        return bool(_PROOF.search(flat)) and not _ELSEWHERE.search(flat) and not _has_request(text)
    is_titled = not is_titled_re and (_begins(_RECEIPT_LABEL, title) or bool(_RECEIPT.match(title)))
    if not (is_titled or _opens_with(_RECEIPT, text)) or _has_request(text):
        return False
    if _AUTOMATIC.search(flat):
        return True
    is_known = (is_titled and _RECEIPT.search(flat)) or _TICKET.search(flat) or _PROMISE.search(flat)
    is_told = _UNANSWERABLE.search(flat) or says_it_is_automatic(text)
    return bool(is_known or is_told) and not is_quoting() and says_only_receipts(text)


def _says_it_was_read(flat: str) -> bool:
    """Whether it says so, when, and nothing else."""
    found = _READ.search(flat[:OPENING])
    is_read = found is not None and says_only_when(_TIME_ZONE.sub(" ", flat[found.end() :]))
    return is_read or bool(_RETURN_RECEIPT.search(flat[:OPENING]))


def says_away(subject: str, text: str) -> bool:
    """Whether an automatic mail says that its writer is away: its text in words, or its Subject before all else."""
    said = _ABSENCE.search(folded(text[:LONGEST])) or _ABSENT_LABEL.match(folded(subject[:LONGEST]))
    return said is not None
