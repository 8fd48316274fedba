"""Does a mail ask for the list of its sender's own requests, and may they have it? By our link, or by the words alone.

The list goes to the sender's address, so a forger can only make somebody read their own requests; it needs proof all
the same. Words in an answer, or beside a reference, are words: only a whole Subject asks.
"""

import re
import unicodedata
from collections.abc import Iterable

from maild.judgement import Candidate, Carrier, Proof, Purpose
from maild.mail import Kind, ParsedMail
from maild.threading.case import Case

MOST_REQUESTS = 50  # that a list shows
_WORDS = frozenset({"mes demandes", "my requests"})


def asks_by_words(mail: ParsedMail) -> bool:
    """Whether the whole Subject says so, case, accents and punctuation apart, in a mail that answers nothing."""
    if mail.in_reply_to or mail.references or mail.is_reply or mail.is_forward:
        return False
    plain = unicodedata.normalize("NFKD", mail.subject[:200].casefold())
    return " ".join(re.findall(r"[^\W_]+", plain)) in _WORDS


def may_ask(mail: ParsedMail, candidates: Iterable[Candidate]) -> bool:
    """Whether the sender's requests have to be looked up: for nearly no mail."""
    return asks_by_words(mail) or any(c.purpose is Purpose.MY_REQUESTS for c in candidates)


def asks_for_requests(case: Case) -> str:
    """By what the sender asks for a list that they may have (`by-link`, `by-words`), or ''."""
    mail = case.mail
    if mail.sender is None or mail.kind is not Kind.MESSAGE or case.proof not in (Proof.PASS, Proof.UNVERIFIED):
        return ""
    if case.settings.person(mail.sender.address) is None and not case.facts.requests:
        return ""
    found = [r for r in case.counted if r.is_valid and r.participant is not None]
    if any(r.candidate.purpose is not Purpose.MY_REQUESTS for r in found):
        return ""
    for reference in found:
        is_link = reference.candidate.carrier in (Carrier.ADDRESS, Carrier.SUBJECT)
        if is_link and reference.participant is not None and reference.participant.key in case.own_keys:
            return "by-link"
    return "by-words" if asks_by_words(mail) else ""
