"""What may become of one attempt to send, and which of these does a server's reply mean? Pure.

A 4xx is about now, a 5xx about this mail or this recipient, unless it says that the server will not take mail from us
at all (RFC 5321 4.2.1, 4.2.2, 4.2.3; RFC 4954 6): that is the transport's trouble, and no mail should fail for it.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """The server has taken it."""

    response: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Never this mail to this recipient. What we saw ourselves (no SMTPUTF8, too large) has the code it would get."""

    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """Surely not sent; later, perhaps. The code is 0 where no reply came."""

    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Bytes of the mail left and no reply came: it may have been taken (RFC 1047)."""

    text: str


@dataclass(frozen=True, slots=True)
class TransportDown:
    """Surely not sent, and no fault of this mail: the server can't be reached or will not have us.

    `is_configuration`: time alone will not mend it (password, certificate, relaying denied).
    `is_said_of_mail`: it was said of this mail's envelope, so that another one may fare better.
    """

    text: str
    is_configuration: bool
    is_said_of_mail: bool = False


Outcome = Sent | Refused | Deferred | Uncertain | TransportDown

AUTH_CODES = frozenset({530, 534, 535, 538})  # RFC 4954 6, RFC 3207 4
_ADDRESS = re.compile(r"<[^>]*>|\S+@\S+")
_NOT_US = re.compile(
    r"""\brelay(ing)?\s(access\s)?(is\s)?(denied|prohibited|not\s(permitted|allowed))
      | \b(unable|not\s(permitted|allowed|authori[sz]ed))\sto\srelay | \bnot\srelay\b | \brcpthosts\b
      | \bauthentication\s(is\s)?required | \bmust\s(first\s)?authenticate | \bnot\sauthenticated
      | \bcredentials\sfor\srelay | \bsend\s?as\b | \bsendas
      | \bclient\shost\srejected | \bhost\b.{0,80}\bblocked\b""",
    re.VERBOSE | re.IGNORECASE,
)
# RFC 3463, RFC 7505: the receiver's address (5.1.7 and 5.1.8 are ours), the mailbox, size and form of the content
_OF_THIS_MAIL = re.compile(r"5\.(1\.([1-6]|10)\b|2\.|3\.4|6\.)")
_OF_THIS_CODE = frozenset({551, 552, 553, 556})  # RFC 5321 4.2.3: not local, too much, bad name; RFC 7504: no mail
_TOO_LARGE = re.compile(r"\b5\.(3\.4|2\.3)\b")  # RFC 3463: message too big for system, message length exceeds limit


def is_of_this_mail(refusal: Refused) -> bool:
    """Whether a refusal says by its code that this address or this mail is meant, and so nothing about the next one.

    550 and 554 alone may be either: servers say them of an unknown user and of a client they will not hear.
    """
    return refusal.code in _OF_THIS_CODE or _OF_THIS_MAIL.match(refusal.text.lstrip("(#")) is not None


def clean(text: str) -> str:
    """A server's words as one line of at most 500 characters that any database can keep: no controls, no surrogates."""
    line = " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
    return "".join(c for c in line if c.isprintable())[:500]


def judge(command: str, code: int, text: str) -> Refused | Deferred | TransportDown:
    """What a reply to MAIL, RCPT, DATA or the final dot (command "dot") means that is not the one hoped for."""
    text = clean(text)
    if not 500 <= code <= 599:
        return Deferred(code, text)
    is_size = code == 552 or _TOO_LARGE.search(text) is not None
    is_about_us = code in AUTH_CODES or _NOT_US.search(_ADDRESS.sub("", text)) is not None
    # MAIL names nobody but us: whoever is refused there is our own sender address
    if is_about_us or (command == "MAIL" and not is_size):
        return TransportDown(f"{command}: {code} {text}", is_configuration=True, is_said_of_mail=True)
    return Refused(code, text)
