"""Which headers did our own servers write? Those above the border: the first Received line of another server.

Servers put their lines on top of what they were given (RFC 5321 section 4.4), so whatever stands below that line was in
the hands of the sender. The host behind `by` tells whose line it is; a host of ours that comes twice is a pretender.
Of two providers it is known what they write; others are described by `internal` (docs/rules.md).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from maild.mail import ParsedMail
from maild.settings import Trust

PRIVATE = "private"  # in `internal`: a line that names none but private addresses as where the mail came from

_LONGEST = 10_000  # characters of a header that are read
_BY = re.compile(r"\bby\s+([^\s;()]+)", re.I)
_IPV4 = re.compile(r"(?<![\w.:-])\d{1,3}(?:\.\d{1,3}){3}(?![\w.-])")
_IPV6 = re.compile(r"(?:IPv6:|(?<=[\[(]))([0-9a-f]{0,4}(?::[0-9a-f.]{0,15}){2,8})(?=[\])%])", re.I)
_OWN_NETS = tuple(
    ip_network(net)  # RFC 1918, RFC 1122 3.2.1.3, RFC 4193, RFC 4291 2.5.3 and 2.5.6; not the ranges for examples
    for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "::1/128", "fe80::/10")
)
_AS_USER = re.compile(
    r"\bby\s+\S+\s.*?\bwith\s+(?:utf8)?(?:e?smtps?a|lmtps?a)\b", re.I | re.S
)  # RFC 3848, RFC 6531 4.3
_LOGIN = re.compile(r"\(Authenticated sender: ([^\s()]{1,320})\)")


@dataclass(frozen=True, slots=True)
class Received:
    """A Received line taken apart: who wrote it, and what it says of whom the mail came from."""

    by: str  # the host behind `by`, in lower case; '' where there is none
    origin: str  # what stands before it: the name that was given, the address that was seen
    is_from_user: bool = False  # it was handed in by somebody who had logged in
    login: str = ""  # as whom, where the line says so

    @property
    def is_private(self) -> bool:
        """Whether it came from an address that no stranger can have. The sender chooses the name beside it, never the
        address: one foreign address anywhere, or none at all, and it is not."""
        found = [*_IPV4.findall(self.origin), *_IPV6.findall(self.origin)]
        return bool(found) and all(map(_is_own, found))


def received(value: str) -> Received:
    """Any text in."""
    text = value[:_LONGEST]
    by = _BY.search(text)
    if by is None:
        return Received("", text)
    origin = text[: by.start()]
    logins = _LOGIN.findall(origin)  # the server's own comment is the last: before it stands what the client said
    is_from_user = _AS_USER.match(text, by.start()) is not None
    return Received(by[1].lower().rstrip("."), origin, is_from_user, logins[-1] if logins else "")


def door(mail: ParsedMail) -> str | None:
    """The host that took the mail in: the first line that does not come from private addresses alone; None where no
    line does."""
    lines = map(received, mail.all_headers("received"))
    return next((line.by for line in lines if not line.is_private), None)


def _is_own(written: str) -> bool:
    try:
        address = ip_address(written)
    except ValueError:
        return False
    return any(address in net for net in _OWN_NETS)


def above_border(mail: ParsedMail, trust: Trust) -> Iterator[tuple[str, str]]:
    """The headers above the border, from the top, names in lower case."""
    crosses = _CROSSES[trust.provider](trust)
    for name, value in mail.headers:
        if name.lower() != "received":
            yield name.lower(), value
        elif not crosses.passes(received(value)):
            return


class _Described:
    """The lines of `internal`: a host counts once, and so does all below a `.domain`; then the next is the border."""

    def __init__(self, trust: Trust) -> None:
        self._hosts = {host.lower() for host in trust.internal if not host.startswith(".")} - {PRIVATE}
        self._domains = {host.lower() for host in trust.internal if host.startswith(".")}
        self._takes_private = PRIVATE in trust.internal

    def passes(self, line: Received) -> bool:
        """Whether what stands below that line was written by our servers too."""
        if self._takes_private and line.is_private:
            return True
        self._takes_private = False  # it came from outside: below, anybody can write a private address
        if line.by in self._hosts:
            self._hosts.remove(line.by)
            return True
        domain = next((d for d in self._domains if line.by.endswith(d)), None)
        self._domains.discard(domain or "")
        return domain is not None


class _Google:
    """Gmail and Workspace: lines without `from`, `by` an address of their own; then that of mx.google.com, and what it
    found stands below it (seen in mails of 2009 to 2026)."""

    def __init__(self, trust: Trust) -> None:
        self._is_inside = True

    def passes(self, line: Received) -> bool:
        """Whether what stands below that line was written by Google too."""
        if not self._is_inside:
            return False
        if line.by == "mx.google.com":
            self._is_inside = False
            return True
        return not line.origin.strip() and _is_address(line.by)


class _Microsoft:
    """Exchange Online: hosts of outlook.com down to the one that took the mail in, which writes what it found above its
    own line (seen in mails of 2018 to 2026)."""

    def __init__(self, trust: Trust) -> None:
        pass

    def passes(self, line: Received) -> bool:
        """Whether what stands below that line was written by Microsoft too."""
        return is_within_microsoft(line)


def is_within_microsoft(line: Received) -> bool:
    """Whether a server of Exchange Online wrote it that got the mail from another; the one that took it in did not."""
    is_theirs = line.by.endswith((".outlook.com", ".outlook.office365.com"))
    return is_theirs and not line.by.endswith(".mail.protection.outlook.com")


_CROSSES: dict[str | None, Callable[[Trust], _Described | _Google | _Microsoft]] = {
    None: _Described,
    "google": _Google,
    "microsoft": _Microsoft,
}


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
