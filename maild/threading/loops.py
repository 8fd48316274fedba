"""Does an address write to us in a loop? By how its mails come and what they are like, whatever their headers say.

A machine that answers our mails may strip all marks of it, and change Subject and Message-ID each time. What it can't
hide: it writes the same words again and again, or prefixes pile up in the Subject, or more mails come than a person
writes, or each of our automatic answers brings one at once. Twenty different mails in an hour are a person's.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from zlib import crc32

from maild.judgement import Arrival, Facts, Proof, Reference
from maild.mail import Kind, ParsedMail
from maild.settings import Limits, Settings

WINDOW = timedelta(hours=1)
PROMPT = timedelta(minutes=2)  # a person reads, thinks and types; a machine that answers has done so by then
GROWN = 3  # mails before this one, each with more prefixes than the one before it
MOST_LATELY = 200
_FEWEST_WORDS = 3  # fewer say nothing by themselves: "merci" may well come often
_TAG, _SHORT = r"\s*+(?:\[[^\]\n]{0,60}\]\s*+)?", r"[^\W\d_]{1,15}"
_PREFIX = re.compile(_TAG + rf"{_SHORT}(?:[ \u00a0]{_SHORT}){{0,2}}(?:[\[(](\d{{1,2}})[\])])?[ \u00a0]?[:\uff1a]")
_LONGEST = 20_000  # characters of a text


def arrival_of(mail: ParsedMail, facts: Facts, proof: Proof) -> Arrival:
    """How this mail came, and what it is like; into which ticket it goes is not known yet."""
    came, last = came_at(mail, facts.now), facts.answers.last_to_sender
    is_prompt = last is not None and timedelta(0) < came - last <= PROMPT
    subject, depth = _without_prefixes(mail.subject[:500])
    words = _words(mail.reply_text or mail.text)
    files = [f"{a.size}:{crc32(a.data):x}" for a in mail.attachments]  # two screenshots are never alike
    marked = [*words, "", *files] if len(words) >= _FEWEST_WORDS else [*words, "", *_words(subject), "", *files]
    return Arrival(came, proof is Proof.PASS, None, _mark(marked), _mark(_words(subject)), depth, is_prompt)


def is_counted(mail: ParsedMail, proof: Proof) -> bool:
    """Whether a mail counts at all: machines that say what they are draw no answer anyway, and of a forger's mails
    nobody knows who wrote them."""
    return mail.sender is not None and mail.kind in (Kind.MESSAGE, Kind.CALENDAR) and proof is not Proof.FAIL


def is_over_budget(arrival: Arrival | None, reference: Reference | None, facts: Facts, settings: Settings) -> bool:
    """Whether a mail with this reference of its sender's own, if any, is one too many; `arrival`: how it came."""
    if arrival is None:
        return False
    number = reference.candidate.ticket if reference is not None else None
    return bool(over_budget(replace(arrival, number=number), facts.lately, settings.limits))


def over_budget(this: Arrival, lately: Sequence[Arrival], limits: Limits) -> str:
    """By what the sender is known to write in a loop (`same-text`, `growing-subject`, `too-many`), or ''.

    `this.number` is the ticket that its reference names, None for a mail without one. What is said on one ticket is
    looked at by itself: thanks on twenty tickets are twenty thanks. A proved sender's mails are compared with proved
    ones alone, so that nobody can use up a budget in another's name.
    """
    alike = [a for a in lately if a.is_proved or not this.is_proved]
    here = [a for a in alike if a.number == this.number] if this.number is not None else alike
    same = [a for a in here if a.text_mark == this.text_mark]
    if len(same) >= limits.same_text_per_hour:
        return "same-text"
    if len(here) >= limits.mails_per_hour:
        return "too-many"
    depths = [this.depth, *(a.depth for a in here if a.subject_mark == this.subject_mark)][: GROWN + 1]
    is_growing = len(depths) > GROWN and all(new > old for new, old in pairwise(depths))
    return "growing-subject" if is_growing else ""


def came_at(mail: ParsedMail, now: datetime) -> datetime:
    """When the server that stands on top took it (RFC 5321 4.4): our own, whose clock the sender can't turn. Mails that
    waited for us, or lie in a mailbox that is read for the first time, keep the time between them."""
    received = mail.header("received")[:2_000].rpartition(";")[2].strip()[:100]
    try:
        at = parsedate_to_datetime(received)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return min(at.astimezone(UTC), now)
    except (ValueError, TypeError, OverflowError):
        return now


def _without_prefixes(subject: str) -> tuple[str, int]:
    depth = 0
    while match := _PREFIX.match(subject):
        subject = subject[match.end() :]
        depth += max(int(match[1] or 1), 1)
    return subject, depth


def _words(text: str) -> list[str]:
    """The words alone, without those that hold a digit: numbers, dates and references change from mail to mail."""
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()
    return [word for word in re.findall(r"[^\W_]+", plain) if word.isalpha()]


def _mark(words: Sequence[str]) -> str:
    return hashlib.sha256(" ".join(words).encode("utf-8", "surrogatepass")).hexdigest()[:16]
