"""What mail clients do to the carriers of a reference: which of them survive, and what one wrong character looks like.

The forms are those of threading/token: `[ISY-1042-1-70A5Q-EHX3-YV63]`, `support+1042-1-70a5qehx3yv63@host`, and in
Message-IDs `nonce.1042-1-7.26letters@host`. They are matched by their shape: a mail client knows no brand and no key.
"""

import re
from collections.abc import Callable

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base32
_SIGNED = r"[0-9A-Z]{5}-[0-9A-Z]{4}-[0-9A-Z]{4}"
_REFERENCE = re.compile(rf"(?:\b|(?<=%[0-9A-F][0-9A-F]))([A-Z]{{1,8}}-[A-Z]?\d{{1,12}}-\d{{1,9}}-)({_SIGNED})\b", re.I)
_IN_BRACKETS = re.compile(rf"\[\s*{_REFERENCE.pattern}\s*\]", re.I)
_PLUS = re.compile(r"((?:[+\-_=.]|%2B)[a-z]?\d{1,12}-\d{1,9}-)([0-9a-z]{13})(?=@|%40)", re.I)
_MESSAGE_ID = re.compile(r"\b([0-9a-z]{16}\.\d{1,12}-\d{1,9}-[0-9a-z]\.)([0-9a-z]{26})(?=@)", re.I)
_NUMBER = re.compile(
    r"\d{1,12}(?=-\d{1,9}(?:-|-[0-9a-z]\.)$)", re.I
)  # of the ticket, in what stands before a signature
_MAILTO = re.compile(r"<?mailto:[^\s<>\"]*>?", re.I)
_BLANKS = re.compile(r"[ \t]{2,}")


def without_references(text: str) -> str:
    """The text without any reference in the Subject's form; the blanks around it become one."""
    return _BLANKS.sub(" ", _REFERENCE.sub("", _IN_BRACKETS.sub("", text))).strip()


def without_plus(address: str) -> str:
    """The address, or a text with addresses, without the part that carries a reference."""
    return _PLUS.sub("", address)


def without_carriers(body: str) -> str:
    """A quoted text without references, plus-addresses and mailto links; its lines stay where they are."""
    bare = without_plus(_MAILTO.sub("", body))
    return "\n".join(_REFERENCE.sub("", _IN_BRACKETS.sub("", line)).rstrip() for line in bare.split("\n"))


def spoiled(text: str) -> str:
    """The text with the last character of each signature changed to the next Crockford letter, its case kept."""
    change: Callable[[re.Match[str]], str] = lambda match: match[1] + match[2][:-1] + _next(match[2][-1])  # noqa: E731
    for form in (_REFERENCE, _PLUS, _MESSAGE_ID):
        text = form.sub(change, text)
    return text


def renumbered(text: str, number: int) -> str:
    """The text with another ticket's number in each reference; its signature stays."""
    change: Callable[[re.Match[str]], str] = lambda match: _NUMBER.sub(str(number), match[1]) + match[2]  # noqa: E731
    for form in (_REFERENCE, _PLUS, _MESSAGE_ID):
        text = form.sub(change, text)
    return text


def _next(letter: str) -> str:
    """Another letter that no reader takes for the same one: the alphabet has no look-alikes."""
    place = _ALPHABET.find(letter.upper())
    other = _ALPHABET[(place + 1) % len(_ALPHABET)]
    return other.lower() if letter.islower() else other
