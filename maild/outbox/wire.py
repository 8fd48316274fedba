"""What do a mail and an address look like on the wire? Pure.

One mail in is one mail out: a lax server that takes bare CR or LF for a line end finds none (RFC 5321 2.3.8, 4.1.1.4).
"""

import re

from maild.mail import domain_of

_LINE_END = re.compile(rb"\r\n|\r|\n")
_FIRST_DOT = re.compile(rb"(?m)^\.")
_LOCAL = re.compile(r'[^\s<>()\[\]\\,;:@"\x00-\x1f\x7f]+|"(?:[^"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f])*"')
_DOMAIN = re.compile(r"[A-Za-z0-9._-]+|\[[A-Za-z0-9.:-]+\]")


def on_the_wire(data: bytes) -> bytes:
    """The mail as DATA carries it: every line end CRLF, dots doubled, the final dot (RFC 5321 4.5.2)."""
    lines = _LINE_END.sub(b"\r\n", data)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return _FIRST_DOT.sub(b"..", lines) + b".\r\n"


def path(address: str) -> str | None:
    """The address between the angle brackets, its domain in ASCII; '' is the null sender; None: it can't stand there.

    What is not plain ASCII afterwards has a local part that needs SMTPUTF8 (RFC 6531).
    """
    if not address:
        return ""
    local, _, domain = address.rpartition("@")
    if not domain.isascii():
        domain = domain_of(address)
    return f"{local}@{domain}" if _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain) else None
