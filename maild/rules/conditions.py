"""Does a condition hold for this mail? And why, or why not, in a few words.

Texts are compared without regard to case and accents. Patterns are RE2 (google-re2): linear in the length of the text,
whatever the pattern; at most the first 100,000 characters of a text are looked at.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import Any

import re2

from maild.mail import HIDDEN, ParsedMail, address_key, domain_of
from maild.settings import Condition, SenderTest, TextTest
from maild.ticket import Person

LONGEST = 100_000  # characters of a text that are looked at

Answer = tuple[bool, str]


def holds(condition: Condition, mail: ParsedMail, mailbox: str, who: Person | None = None) -> Answer:
    """Whether each test of the condition holds, and why or why not.

    `mailbox` is the name of the mailbox it came by, `who` the sender as far as anybody knows them.
    """
    reasons = []
    for answer in _tests(condition, mail, mailbox, who):
        is_true, why = answer()
        if not is_true:
            return False, why
        reasons.append(why)
    return True, " and ".join(reasons) or "no condition"


def body_of(mail: ParsedMail) -> str:
    """The text that a body test looks at: what was newly written, or all where that is empty."""
    return mail.reply_text or mail.text


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern (RE2) is found anywhere in the text, in any case."""
    return _compiled(pattern).search(_searched(text)) is not None


def pattern_fault(pattern: str) -> str:
    """Why RE2 refuses a pattern, or ''."""
    try:
        _compiled(pattern)
    except UnicodeEncodeError:
        return "half a character (a lone surrogate)"
    except re2.error as error:
        said = error.args[0] if error.args else "no reason given"
        return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return ""


def folded(text: str) -> str:
    """The form in which whole values are compared: no accents, one case, every run of blanks one blank."""
    plain = unicodedata.normalize("NFKD", text.translate(_SAME).casefold()).casefold()
    if not plain.isascii():
        plain = "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Cf"))
    return " ".join(plain.replace("œ", "oe").replace("æ", "ae").split())


@lru_cache(maxsize=16)
def words_of(text: str) -> str:
    """The words of a text in compared form, one blank before, between and after them; '' where there is none."""
    found = " ".join(_WORD.findall(folded(text[:LONGEST])))
    return f" {found} " if found else ""


_SAME = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-", "–": "-", "\u00ad": None, "\u200b": None})
_WORD = re.compile(r"[^\W_]+")


def _tests(condition: Condition, mail: ParsedMail, mailbox: str, who: Person | None) -> Iterable[Callable[[], Answer]]:
    if condition.mailbox is not None:
        yield partial(_one_of, "mailbox", mailbox, condition.mailbox)
    if condition.from_ is not None:
        yield partial(_from, condition.from_, mail)
    if condition.subject is not None:
        yield partial(_text, condition.subject, "subject", mail.subject)
    if condition.body is not None:
        yield partial(_text, condition.body, "body", body_of(mail))
    for name, test in (condition.header or {}).items():
        yield partial(_header, test, name, mail)
    if condition.organisation is not None:
        yield partial(_known, "organisation", (who.organisation,) if who else (), condition.organisation)
    if condition.plan is not None:
        yield partial(_known, "plan", who.plans if who else (), condition.plan)
    if condition.relation is not None:
        yield partial(_known, "relation", (who.relation,) if who else (), condition.relation)
    if condition.account is not None:
        yield partial(_account, who is not None and who.has_account, condition.account)
    if condition.all_ is not None:
        yield partial(_all, condition.all_, mail, mailbox, who)
    if condition.any_ is not None:
        yield partial(_any, condition.any_, mail, mailbox, who)
    if condition.not_ is not None:
        yield partial(_not, condition.not_, mail, mailbox, who)


def _one_of(what: str, value: str, wanted: tuple[str, ...]) -> Answer:
    return (True, f"{what} is '{value}'") if value in wanted else (False, f"{what} is not {_listed(wanted)}")


def _known(what: str, values: tuple[str, ...], wanted: tuple[str, ...]) -> Answer:
    """What is known of the sender: names, compared without regard to case and accents."""
    mine = {folded(value) for value in values if value}
    found = next((word for word in wanted if folded(word) in mine), None)
    if found is not None:
        return True, f"the sender's {what} is '{found}'"
    known = _listed(tuple(value for value in values if value))
    return False, f"the sender's {what} is {known}, not {_listed(wanted)}" if known else f"the sender has no {what}"


def _account(has_one: bool, wanted: bool) -> Answer:
    return has_one == wanted, "the sender has an account" if has_one else "the sender has no account"


def _all(conditions: tuple[Condition, ...], mail: ParsedMail, mailbox: str, who: Person | None) -> Answer:
    answers = [holds(c, mail, mailbox, who) for c in conditions]
    failed = next((a for a in answers if not a[0]), None)
    return failed or (True, " and ".join(why for _, why in answers))


def _any(conditions: tuple[Condition, ...], mail: ParsedMail, mailbox: str, who: Person | None) -> Answer:
    answers = [holds(c, mail, mailbox, who) for c in conditions]
    found = next((a for a in answers if a[0]), None)
    return found or (False, " and ".join(why for _, why in answers))


def _not(condition: Condition, mail: ParsedMail, mailbox: str, who: Person | None) -> Answer:
    is_true, why = holds(condition, mail, mailbox, who)
    return not is_true, f"not: {why}" if is_true else why


def _from(test: SenderTest, mail: ParsedMail) -> Answer:
    if mail.sender is None:
        return False, "no single sender"
    reasons = []
    if test.address is not None:
        if mail.sender.key not in {address_key(a) for a in test.address}:
            return False, f"from.address is not {_listed(test.address)}"
        reasons.append(f"from.address is '{mail.sender.key}'")
    if test.domain is not None:
        found = next((d for d in test.domain if _is_in_domain(domain_of(mail.sender.address), d)), None)
        if found is None:
            return False, f"from.domain is not {_listed(test.domain)}"
        reasons.append(f"from.domain is '{found}'")
    if test.name is not None:
        is_true, why = _text(test.name, "from.name", mail.sender.name)
        if not is_true:
            return False, why
        reasons.append(why)
    return True, " and ".join(reasons)


def _is_in_domain(domain: str, written: str) -> bool:
    if written.startswith("."):
        return domain.endswith("." + domain_of("x@" + written[1:]))
    return domain == domain_of("x@" + written)


def _header(test: TextTest, name: str, mail: ParsedMail) -> Answer:
    """Holds if it does for one header of that name."""
    why = f"no header {name}"
    for value in mail.all_headers(name):
        is_true, why = _text(test, f"header {name}", value)
        if is_true:
            return True, why
    return False, why


def _text(test: TextTest, what: str, text: str) -> Answer:
    reasons = []
    if test.contains is not None:
        words = words_of(text)
        found = next((w for w in test.contains if _contains(words, w)), None)
        if found is None:
            return False, f"{what} contains no {_listed(test.contains)}"
        reasons.append(f"{what} contains '{found}'")
    if test.is_ is not None:
        value = folded(text[:LONGEST])
        found = next((w for w in test.is_ if folded(w) == value), None)
        if found is None:
            return False, f"{what} is not {_listed(test.is_)}"
        reasons.append(f"{what} is '{found}'")
    if test.matches is not None:
        if not matches(test.matches, text):
            return False, f"{what} does not match '{test.matches}'"
        reasons.append(f"{what} matches '{test.matches}'")
    if test.has_secret is not None:
        # The rules are asked of a mail whose secrets are hidden (decision 35).
        has_one = any(mask in text for mask in HIDDEN.values())
        reasons.append(f"{what} holds {'a' if has_one else 'no'} secret")
        if has_one != test.has_secret:
            return False, reasons[-1]
    return True, " and ".join(reasons)


def _listed(words: tuple[str, ...]) -> str:
    shown = ", ".join(f"'{w}'" for w in words[:3])
    return shown + (f" or {len(words) - 3} more" if len(words) > 3 else "")


def _contains(words: str, phrase: str) -> bool:
    pattern = _phrase(phrase)
    return pattern is not None and pattern.search(words) is not None


@lru_cache(maxsize=4096)
def _phrase(phrase: str) -> re.Pattern[str] | None:
    """The words of the phrase one after another, each with the endings of the plural and the feminine."""
    words = words_of(phrase).split()
    return re.compile(f" {' '.join(map(_with_endings, words))} ") if words else None


def _with_endings(word: str) -> str:
    """`bug` also finds bugs, `nouveau` nouveaux, `ancien` ancienne(s), `commercial` commerciale(s) and commerciaux."""
    if len(word) < 2 or not word.isalpha():
        return re.escape(word)
    endings = ["e", "s", "es", "x"]
    if word[-1] not in "aeiouy":
        endings += [word[-1] + "e", word[-1] + "es"]
    found = f"{re.escape(word)}(?:{'|'.join(map(re.escape, endings))})?"
    return f"(?:{found}|{re.escape(word[:-1])}ux)" if word.endswith("al") else found


def _searched(text: str) -> str:
    """The text as a pattern sees it: composed letters, plain blanks and apostrophes, no half characters."""
    composed = unicodedata.normalize("NFC", text[:LONGEST]).translate(_SAME).translate(_BLANKS)
    return composed.encode("utf-8", "replace").decode("utf-8")


_BLANKS = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f\u2002\u2003", " "))


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return re2.compile(unicodedata.normalize("NFC", pattern), options)
