"""Whose is a line above quoted words: a mail program's, or a person's who tells of another mail or shows one?

Two grounds are asked for: the form that programs write, and that it names whom this mail is written to, or its Subject.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto
from itertools import takewhile

from maild.mail import Address, address_key
from maild.reading.additions import plain
from maild.reading.folding import folded
from maild.reading.forward import topic
from maild.reading.markers import (
    CLOSINGS,
    GREETINGS,
    OWN_WORDS,
    POINTS_BELOW,
    POSSESSIVES,
    SAYS,
    SHOWS_LINE,
    SHOWS_MAIL,
    TOLD,
)
from maild.reading.quote_header import (
    BLANKS,
    FULL_DATE,
    LOOKED_AT,
    MOST_ROWS,
    QUOTED,
    TIME,
    attribution_length,
    looks_like_row,
    read_rows,
)

SHORTEST_NAME = 4  # characters of a name to be known by
MOST_POINTING = 6  # lines at the end of the new text in which people say that they go on below, or show a mail

_FOUND = re.compile(r"[^<>()\[\]@\s:;,\"'\xa0]{1,64}+@[^<>()\[\]@\s:;,\"']{1,255}+")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_SAYS = re.compile(SAYS, re.IGNORECASE)
_OWN = re.compile(rf"{TOLD}|{OWN_WORDS}", re.IGNORECASE)
_POSSESSIVE = re.compile(POSSESSIVES, re.IGNORECASE)
_SHOWS_MAIL = re.compile(SHOWS_MAIL, re.IGNORECASE)
_SHOWS_LINE = re.compile(SHOWS_LINE, re.IGNORECASE)
_GREETING = re.compile(GREETINGS, re.IGNORECASE)
_CLOSING = re.compile(CLOSINGS, re.IGNORECASE)
_POINTS_BELOW = re.compile("|".join(POINTS_BELOW), re.IGNORECASE)
_SHOWS_BELOW = re.compile(r"[^\s:\uff1a][ \xa0\u202f]?[:\uff1a]$")
_LONG_RULES = re.compile(r"-{4} ?[^-]{4,60}-{4}")  # people write two dashes or three
_SHORTCODE = re.compile(r"(?<!\S):[\w+-]{1,40}+:$")  # :+1:


class Ground(Enum):
    """How much speaks for a mail program."""

    PROGRAM = auto()  # what stands above is new, and that is certain
    LIKELY = auto()  # a program's form, but of a mail that nobody here is known to have written: never certain
    PERSON = auto()  # somebody may have written the line: it stays, and so does what it introduces


@dataclass(frozen=True, slots=True)
class Answer:
    """What a mail that answers another says of that one: who it is written to (To, Cc), and its Subject."""

    recipients: tuple[Address, ...] = ()
    subject: str = ""

    def names_recipient(self, words: str) -> bool:
        """Whether an address or, where none is, a name of one of them is among the words."""
        addresses = [address_key(found.removeprefix("mailto:")) for found in _FOUND.findall(words)]
        if addresses:
            return any(_is_same(found, one.key) for found in addresses for one in self.recipients)
        said = " ".join(words.split())
        return any(len(one.name) >= SHORTEST_NAME and one.name in said for one in self.recipients)

    def names_another(self, words: str) -> bool:
        """Whether the addresses among the words are all of others."""
        return "@" in words and bool(self.recipients) and not self.names_recipient(words)

    def is_about(self, subject: str) -> bool:
        """Whether a Subject is this one, prefixes and tags apart."""
        return bool(topic(subject)) and topic(subject) == topic(self.subject)

    def is_another(self, subject: str) -> bool:
        """Whether a Subject is stated, and shares no beginning of a word with this one: people shorten and add."""
        stems = _stems(subject)
        return bool(stems) and bool(mine := _stems(self.subject)) and stems.isdisjoint(mine)

    def is_answered(self, sender: str, subject: str) -> bool:
        """Whether rows with this sender and Subject are of the mail that is answered, as far as they tell."""
        if self.names_recipient(sender):
            return not self.is_another(subject)
        return self.is_about(subject) and self.is_of_the_house(sender)

    def is_of_the_house(self, words: str) -> bool:
        """Whether all addresses among the words are at a domain of a recipient."""
        houses = {one.key.rpartition("@")[2] for one in self.recipients}
        return all(address_key(found).rpartition("@")[2] in houses for found in _FOUND.findall(words))


def _stems(subject: str) -> set[str]:
    return {word[:4] for word in _LETTERS.findall(folded(topic(subject)))}


UNKNOWN = Answer()  # a mail that answers another, and no more is known


def _is_same(found: str, recipient: str) -> bool:
    """Whether two addresses are one, but for the tag by which we know an answer: support+12-x@.. is support@.."""
    name, _, domain = found.rpartition("@")
    other, _, other_domain = recipient.rpartition("@")
    shorter, longer = sorted((name.partition("+")[0], other.partition("+")[0]), key=len)
    is_tagged = longer.startswith(shorter) and not longer[len(shorter) : len(shorter) + 1].isalnum()
    return domain == other_domain and is_tagged


def ground_of_attribution(lines: list[str], is_marked: bool, answer: Answer) -> Ground:
    """Of "On .. wrote:". Without `>` below, a person who tells of a mail may write the very same."""
    said = " ".join(" ".join(line.strip(f"-{BLANKS}") for line in map(plain, lines)).split())
    names, words = answer.names_recipient(said), _FOUND.sub("", said)
    is_dated, says = bool(FULL_DATE.search(words)), _SAYS.search(said)
    if _OWN.search(words) or not says or (_POSSESSIVE.search(words) and not names):
        return Ground.PERSON
    is_name_first = not FULL_DATE.search(said[: says.end()])  # such as those programs write that mark what they quote
    if is_name_first and "@" not in said and not (is_marked or names):
        return Ground.PERSON
    if (names and is_dated and TIME.search(said)) or (is_marked and (names or is_dated)):
        return Ground.PROGRAM
    return Ground.LIKELY


def ground_of_rows(rows: dict[str, str], is_marked: bool, is_ruled: bool, answer: Answer) -> Ground:
    """Of From, Sent, To, Subject. A form, a journey and a mail that somebody shows have such rows too.

    `is_ruled`: a program's line or rule stands right above them.
    """
    sender, sent = rows.get("from", ""), plain(rows.get("sent", ""))
    joined = " ".join(rows.values())
    is_ruled_and_dated = is_ruled and answer.names_recipient(sender) and FULL_DATE.search(sent)
    if not (TIME.search(sent) or is_ruled_and_dated):
        return Ground.PERSON
    if answer.is_answered(sender, rows.get("subject", "")):
        return Ground.PROGRAM
    is_programs = (is_marked and "@" in joined) or (is_ruled and "@" not in sender)
    if is_programs and not answer.is_another(rows.get("subject", "")):
        return Ground.PROGRAM
    return Ground.LIKELY if "@" in joined else Ground.PERSON


def ground_of_separator(lines: list[str], at: int, first: int, answer: Answer) -> Ground:
    """Of "original message" or a program's mark in HTML at line `at`, by the header that begins at line `first`."""
    length, rows = read_rows(lines, first)
    if length:
        sender, subject = rows.get("from", ""), rows.get("subject", "")
        is_answered = answer.is_answered(sender, subject) or ("@" not in sender and not answer.is_another(subject))
        return Ground.PROGRAM if is_answered else Ground.LIKELY
    length = attribution_length(lines, first)
    if length:
        return ground_of_attribution(lines[first : first + length], True, answer)
    header = takewhile(lambda line: line.strip() and not QUOTED.match(line), lines[first : first + MOST_ROWS])
    block = " ".join(line[:LOOKED_AT] for line in header)
    if answer.names_recipient(f"{lines[at][:LOOKED_AT]} {block}"):
        return Ground.PROGRAM
    is_long = _LONG_RULES.search(lines[at]) and not lines[first].lstrip(BLANKS)[:1].islower()
    return Ground.LIKELY if is_long or looks_like_row(lines[first]) else Ground.PERSON


def points_below(new: str) -> bool:
    """Whether the new text says, near its end, that more of it stands below: among the quoted lines, in a colour,
    or right there after a colon."""
    last = _last_lines(new)
    opens = bool(last) and bool(_SHOWS_BELOW.search(last[-1].strip())) and not _SHORTCODE.search(last[-1].strip())
    return opens or bool(_POINTS_BELOW.search(_flat(last)))


def shows_mail(new: str) -> bool:
    """Whether the new text speaks, near its end, of a mail or of words that it shows."""
    return bool(_SHOWS_MAIL.search(_flat(_last_lines(new))))


def shows_line(new: str) -> bool:
    """Whether the new text speaks, near its end, of a line, which may be our own marker."""
    return bool(_SHOWS_LINE.search(_flat(_last_lines(new))))


def only_greets(new: str) -> bool:
    """Whether the new text is a greeting alone: what its writer has to say can only stand below."""
    filled = [line.strip() for line in new[:200].split("\n") if line.strip()]
    if len(filled) != 1 or len(new) >= 200:
        return False
    opens = filled[0].endswith(",") and not _CLOSING.match(filled[0])
    return opens or bool(_GREETING.fullmatch(filled[0]))


def _last_lines(text: str) -> list[str]:
    return [line for line in text[-2_000:].split("\n") if line.strip()][-MOST_POINTING:]


def _flat(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())
