"""What does a receiving server write on a mail that it takes? Return-Path, Authentication-Results, Received; pure."""

import re
from collections.abc import Collection
from datetime import datetime
from email.utils import format_datetime

from maild.mail import address_key

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:((?:[^\n]++|\n[ \t])*)(?:\n|\Z)")
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]\\@]+@[^\s<>,;:\"()\[\]\\@]+")


def base_address(address: str) -> str:
    """The account behind a plus-address, in its compared form: `support+x@...` is `support@...`."""
    local, _, domain = address_key(address).rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def stamped(
    raw: bytes,
    *,
    authserv_id: str,
    mail_from: str,
    recipient: str,
    helo: str,
    account: str | None,
    hosted: Collection[str],
    at: datetime,
) -> bytes:
    """The mail as it comes to lie in the mailbox.

    Foreign `Authentication-Results` in our name and `Return-Path` are taken off (RFC 8601 5, RFC 5321 4.4); ours go on
    top. `account` is who logged in at the SMTP session, if anybody; `hosted` are the domains this server answers for.
    """
    kept, foreign_from = _without_forged(raw, authserv_id)
    result = _dmarc(foreign_from, account, hosted)
    protocol = "ESMTPA" if account else "ESMTP"
    head = [
        f"Return-Path: <{_plain(mail_from)}>",
        f"Authentication-Results: {authserv_id}; {result}",
        f"Received: from {_plain(helo)} (127.0.0.1)",
        f" by {authserv_id} with {protocol}" + (f" for <{_plain(recipient)}>" if recipient else "") + ";",
        f" {format_datetime(at)}",
    ]
    return "".join(f"{line}\r\n" for line in head).encode() + kept


def _without_forged(raw: bytes, authserv_id: str) -> tuple[bytes, list[str]]:
    """The mail without what only the receiving server may say, and the values of its From fields."""
    position = 0
    kept: list[bytes] = []
    senders: list[str] = []
    while match := _FIELD.match(raw, position):
        position = match.end()
        name = match[1].lower()
        if name == b"return-path":
            continue
        if name == b"authentication-results" and _names_us(match[2], authserv_id):
            continue
        if name == b"from":
            senders.append(re.sub(rb"\r?\n", b"", match[2]).decode("utf-8", "replace"))
        kept.append(match[0])
    return b"".join(kept) + raw[position:], senders


def _names_us(value: bytes, authserv_id: str) -> bool:
    """Whether an Authentication-Results value claims our authserv-id, whatever comments and quotes stand around it."""
    text = re.sub(r"\([^()]*\)", " ", value.decode("utf-8", "replace"))
    words = text.partition(";")[0].replace('"', " ").split()
    return bool(words) and words[0].casefold() == authserv_id.casefold()


def _dmarc(senders: list[str], account: str | None, hosted: Collection[str]) -> str:
    """pass: the owner of the one From address logged in; fail: a hosted domain, but not so; none: we can't judge."""
    addresses = [address_key(found) for value in senders for found in _addresses(value)]
    domains = [address.rpartition("@")[2] for address in addresses]
    named = f" header.from={_plain(domains[0])}" if domains else ""
    if len(senders) == 1 and len(addresses) == 1 and account == base_address(addresses[0]):
        return "dmarc=pass" + named
    return ("dmarc=fail" if any(domain in hosted for domain in domains) else "dmarc=none") + named


def _addresses(value: str) -> list[str]:
    """The addresses of a From value: those in angle brackets, or where there are none, all that look like one.

    A name in quotes may look like an address too, which is how senders are forged: it does not count.
    """
    text = re.sub(r'"(?:[^"\\]|\\.)*"', " ", value)
    bracketed = re.findall(r"<\s*([^<>]*?)\s*>", text)
    return [found for part in bracketed or [text] for found in _ADDRESS.findall(part)]


def _plain(text: str) -> str:
    """Only what can't end a header or a comment."""
    return re.sub(r"[^!#-'*+\-./0-9=?A-Z^_`a-z{|}~@]", "", text)
