"""Could this word be a secret? By its letters alone: what says that it stands for one is asked elsewhere.

A word is strong where people write such a thing for nothing but a password, a key or a number, plain where it could be
any. Look-ups on a bounded word.
"""

import re

from maild.mail import HIDDEN
from maild.reading.secret_words import DESCRIBES, NO_SECRETS, PRODUCT

LONGEST = 256  # characters of a word
_LOOKED_AT = 48  # those that tell what it is made of

_ADDRESS = re.compile(r"(?:mailto:)?[^\s@<>]{1,80}@[^\s@<>]{1,80}\.[a-z]{2,24}", re.IGNORECASE)
_LINK = re.compile(r"(?:https?|ftps?|mailto|tel|file)://?|www\.", re.IGNORECASE)
_REFERENCE = re.compile(r"[a-z]{1,8}-\d{1,12}(?:-\d{1,9}-[0-9a-z]{4,6}(?:-[0-9a-z]{3,5}){1,3})?", re.IGNORECASE)
_FILE = re.compile(r".{1,80}\.(?:docx?|xlsx?|pptx?|pdf|txt|csv|zip|png|jpe?g|msg|eml|exe|html?|pub)", re.IGNORECASE)
_DOTS = re.compile(r"[*\u2022\u25cf\u00b7._x?#\u2026\u2013\u2014+=-]{1,}", re.IGNORECASE)
_BLANK = re.compile(r"<[^<>]*>?|\$\{.*|\$[a-z_(].*|\{\{?.*|%[a-z_]+%|%s|\[.{0,40}|@[a-z_]+@|__[a-z_]+__", re.IGNORECASE)
_NUMBER = re.compile(r"[\d ./:-]+")
_PATH = re.compile(r"[a-z]:\\|\\\\|/[a-z]+/|~/", re.IGNORECASE)
_VERSION = re.compile(r"v?\d{1,3}(?:\.\d{1,5}){1,3}", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+|00)?\d{1,3}(?:[ .-]\d{2}){4}")
_SIGNS = frozenset("!@#$%^&*+=?§£€~|\\{}[]µ¤°")
_JOINS = frozenset("-_/.,;:'’()<>\"")


def is_none(word: str, folded: str) -> bool:
    """Whether it is surely no secret: a placeholder, an address, a link, a file, a reference, a word of the table."""
    return (
        not word
        or folded in NO_SECRETS
        or any(mask in word or word.startswith(mask.split()[0]) for mask in HIDDEN.values())
        or any(p.fullmatch(word) for p in (_DOTS, _BLANK, _ADDRESS, _FILE))
        or _LINK.match(word) is not None
        or (_REFERENCE.fullmatch(word.strip("[]()")) is not None and word.count("-") >= 3)
    )


def _made_of(word: str) -> tuple[int, int]:
    """How many digits and letters, as far as it is looked at."""
    start = word[:_LOOKED_AT]
    return sum(map(str.isdigit, start)), sum(map(str.isalpha, start))


def is_strong(word: str, folded: str) -> bool:
    """Whether hardly anything but a secret looks so: letters with digits or signs, capitals within, four digits."""
    core = word.rstrip("!?.")
    digits, letters = _made_of(word)
    if PRODUCT.fullmatch(folded.strip("()!?.")):
        return False
    if digits and not letters:
        return digits >= 4 or (digits >= 2 and bool(set(core) & _SIGNS))
    if len(core) < 3 or not letters:
        return len(set(word) & _SIGNS) >= 2 and len(word) >= 4
    if digits:
        return len(word) >= 4
    if set(core[1:]) & _SIGNS or (core != word and len(core) >= 4 and "!" in word and core[0].isupper()):
        return True
    within = core[1:]
    return core.isalpha() and len(core) >= 6 and any(c.isupper() for c in within) and any(c.islower() for c in core)


def is_surely_chosen(word: str, folded: str) -> bool:
    """Strong, and in a shape that no number, version, date, machine or path has: it is believed with less around it."""
    digits, letters = _made_of(word)
    if _NUMBER.fullmatch(word) or _VERSION.fullmatch(word) or _PATH.match(word) or _PHONE.match(word):
        return False
    if not is_strong(word, folded) or len(word) < 5 or is_none(word, folded):
        return False
    if word.isupper() and letters <= 4 and not set(word) & _SIGNS:
        return False  # PC-4512, B4521
    return bool(digits and letters) or bool(set(word[1:]) & _SIGNS)


def is_plain(word: str, folded: str) -> bool:
    """A word that could be any, but is none of those that say how a password is."""
    letters = word.strip("-'")
    if len(letters) < 3 or folded in NO_SECRETS or letters[-1] in "éÉ" or letters.endswith(("ée", "és", "ées")):
        return False
    return all(c.isalnum() or c in "-'_." for c in word) and not DESCRIBES.search(folded)


def is_number(word: str) -> bool:
    """Digits, and what stands between them in a date, a time or a telephone number."""
    return _NUMBER.fullmatch(word) is not None
