"""Which mails does no machine answer? What the catalogue asks for in kinds (L01-L04, L13, L19), put on real mails."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from maild.mail import Kind
from maild.reading import read

FIXTURES = Path(__file__).parents[1] / "fixtures"
# How programs, and servers on the way, have written that no person did (RFC 3834 5; the field's name has any case).
_WORDS = ("auto-replied", "auto-generated", "auto-notified")
AUTO_SUBMITTED = (
    *(f"Auto-Submitted: {word}" for word in _WORDS),
    *(f"auto-submitted: {word}" for word in _WORDS),
    *(f"AUTO-SUBMITTED: {word.upper()}" for word in _WORDS),
    *(f"Auto-submitted:{word}" for word in _WORDS),
    *(f"Auto-Submitted:  {word.capitalize()} " for word in _WORDS),
    *(f"Auto-Submitted:\r\n {word}" for word in _WORDS),
    *(f"Auto-Submitted:\t{word}" for word in _WORDS),
    *(f"Auto-Submitted: {word}; owner-email=a@b.example" for word in _WORDS),
    *(f'Auto-Submitted: {word} ; owner-token="x y"' for word in _WORDS),
    *(f"Auto-Submitted: {word} (vacation)" for word in _WORDS),
    *(f"Auto-Submitted: (by sieve) {word}" for word in _WORDS),
    *(f'Auto-Submitted: "{word}"' for word in _WORDS),
    *(f"Auto-Submitted: {word};" for word in _WORDS),
    "Auto-Submitted: auto-replied (rejected)",
    "Auto-Submitted: auto-answered",
    "Auto-Submitted: yes",
    "Auto-Submitted: auto-forwarded",
)
MACHINES = (
    *(f"Precedence: {word}" for word in ("bulk", "junk", "list", "auto_reply", "Bulk", "JUNK")),
    *(
        f"X-Auto-Response-Suppress: {word}"
        for word in ("All", "OOF", "AutoReply", "DR, RN, NRN, OOF, AutoReply", "oof")
    ),
    *(f"{name}: yes" for name in ("X-Autoreply", "X-Autorespond", "X-AutoReply-From", "X-Auto-Reply")),
    *("X-Loop: support@isybuy.example", "X-Loop: alice@client-a.example", "Feedback-ID: 1:2:3:x"),
)
LISTS = (
    *("List-Id: <groupe.example>", "List-ID: Groupe <groupe.example>", "List-Unsubscribe: <mailto:x@y.example>"),
    *("List-Unsubscribe: <https://y.example/u>", "List-Help: <mailto:x@y.example>", "List-Post: <mailto:x@y.example>"),
    *("List-Post: NO", "List-Owner: <mailto:x@y.example>", "List-Archive: <https://y.example/a>"),
    *("List-Subscribe: <mailto:x@y.example>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"),
)
NOBODIES = (
    *("mailer-daemon", "MAILER-DAEMON", "postmaster", "no-reply", "noreply", "do-not-reply", "donotreply", "no_reply"),
    *("ne-pas-repondre", "nepasrepondre", "boutique-noreply", "noreply+123", "bounces", "list-request", "owner-list"),
)
_OWN = re.compile(
    rb"^(?:from|sender|reply-to|return-path|message-id|to|cc|delivered-to|authentication-results):.*\r?\n"
    rb"(?:[ \t].*\r?\n)*",
    re.I | re.M,
)


@cache
def raw(name: str) -> bytes:
    """A mail of tests/fixtures/eml."""
    return (FIXTURES / "eml" / f"{name}.eml").read_bytes()


@cache
def table(name: str) -> dict[str, dict[str, object]]:
    """A table of tests/fixtures."""
    found: dict[str, dict[str, object]] = YAML(typ="safe", pure=True).load(
        (FIXTURES / f"{name}.yaml").read_text("utf-8")
    )
    return found


def people(many: int) -> list[bytes]:
    """Mails that people wrote, each of another form; a machine would answer each."""
    found = []
    for path in sorted((FIXTURES / "eml").glob("*.eml")):
        data = path.read_bytes()
        mail = read(data)
        if mail.kind is Kind.MESSAGE and mail.auto_respond and mail.sender is not None and not mail.unreadable:
            found.append(data)
    return found[:: max(1, len(found) // many)][:many]


def of_kind(*prefixes: str, kind: str = "", answered: bool | None = None) -> list[bytes]:
    """The mails of kinds.yaml whose name begins so, or that are of that kind."""
    return [
        raw(name)
        for name, said in table("kinds").items()
        if (name.startswith(prefixes) if prefixes else said["kind"] == kind)
        and (answered is None or said["auto_respond"] is answered)
    ]


def notes() -> list[tuple[str, str, str, str]]:
    """Vacation notes that no header marks: language (or collection), Subject, text, and by which header they name what
    they answer, if they do."""
    found: Any = table("notes_and_requests")["notes"]
    return [
        (language, subject, text, "" if "new" in how else "In-Reply-To: <20261123.1@isybuy.example>")
        for language, mails in found.items()
        for subject, text, *how in mails
    ]


def from_somebody(
    data: bytes,
    number: int,
    *fields: str,
    sender: str = "",
    to: str = "support@isybuy.example",
    is_nobody: bool = False,
) -> bytes:
    """The same mail as somebody else's, proved, to the desk, with these fields on top. `is_nobody`: Return-Path: <>"""
    head, blank, body = data.partition(b"\r\n\r\n" if b"\r\n\r\n" in data else b"\n\n")
    sender = sender or f"p{number}@d{number}.example"
    domain = sender.rpartition("@")[2]
    own = (
        f"Return-Path: <{'' if is_nobody else sender}>",
        *fields,
        f"Authentication-Results: mx.isybuy.example; dmarc=pass header.from={domain}",
        f"From: <{sender}>",
        f"To: {to}",
        f"Message-ID: <s{number}@{domain}>",
    )
    # What a server writes stands on top; the fields under test stand among the sender's, or on top as a server's.
    rest = _OWN.sub(b"", head + b"\n")
    lines = "\r\n".join((own[0], own[1 + len(fields)], *fields, *own[2 + len(fields) :])).encode()
    return lines + b"\r\n" + rest.rstrip(b"\r\n") + blank + body
