"""People's mail clients: what a reply, a forward and a clicked link look like when they leave.

Pure: the bytes that came in and what the scenario says go in, a draft comes out (RFC 5322 3.6.4, RFC 6068).
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from html import escape
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from maild.mail import Address, domain_of
from maild.settings import Trust
from maild.simulate.carriers import renumbered, spoiled, without_carriers, without_plus, without_references
from maild.simulate.language import Mail, Way
from maild.simulate.look import Seen
from maild.simulate.mime import Draft, contents, with_header_on_top

SIGNATURES = "signatures.invalid"  # stands for the server where only the own check of signatures judges


class NoSuchLink(ValueError):
    """A URL that no mail client opens as a mail."""


def new_mail(mail: Mail, sender: Address, to: tuple[Address, ...], cc: tuple[Address, ...]) -> Draft:
    """A mail written from nothing."""
    return Draft(
        sender,
        to,
        mail.subject or "",
        cc,
        mail.text,
        mail.html,
        attachments=tuple(contents(e) for e in mail.attachments),
        headers=mail.headers,
    )


def reply(
    mail: Mail, sender: Address, to: tuple[Address, ...], cc: tuple[Address, ...], original: Seen, zone: ZoneInfo
) -> Draft:
    """A true Reply (or Reply to all, as the mail's way says), with the carriers that the mail client kept.

    `to`, where given, and a given subject take the place of what the client filled in; `cc` comes in addition.
    """
    people = to or original.reply_to or (original.sender,)
    if mail.way is Way.REPLIES_ALL:
        known = {sender.key, *(a.key for a in (*people, *cc))}
        others = [a for a in original.to if a.key not in known]
        copies = [a for a in original.cc if a.key not in known | {o.key for o in others}]
        people, cc = (*people, *others), (*cc, *copies)
    if "address" not in mail.keeps:
        people = tuple(replace(a, address=without_plus(a.address)) for a in people)
        cc = tuple(replace(a, address=without_plus(a.address)) for a in cc)
    subject = original.subject if "subject" in mail.keeps else without_references(original.subject)
    has_ids = "references" in mail.keeps and bool(original.message_id)
    draft = Draft(
        sender,
        people,
        mail.subject if mail.subject is not None else _prefixed("Re", subject),
        cc,
        in_reply_to=original.message_id if has_ids else "",
        references=(*original.references, original.message_id) if has_ids else (),
        attachments=tuple(contents(e) for e in mail.attachments),
        headers=mail.headers,
    )
    quote = _quote(original, zone) if mail.has_quote else ""
    if "body" not in mail.keeps:
        quote = without_carriers(quote)
    for change in _forgeries(mail):
        draft, quote = _carriers_changed(draft, change), change(quote)
    return _with_body(draft, mail, quote)


def _quote(original: Seen, zone: ZoneInfo) -> str:
    day = f"Le {_moment(original.date, zone)}, " if original.date else ""
    quoted = "\n".join(f"> {line}".rstrip() for line in original.text.rstrip("\n").split("\n"))
    return f"{day}{_shown(original.sender)} a écrit :\n\n{quoted}\n"


def _with_body(draft: Draft, mail: Mail, quote: str) -> Draft:
    """The new words above, the quote below, in each of the forms that the mail has."""
    html = mail.html
    if html is not None and quote:
        head, _, quoted = quote.partition("\n\n")
        lines = "<br>\n".join(escape(line.removeprefix(">").removeprefix(" ")) for line in quoted.strip().split("\n"))
        html = f"{html}\n<p>{escape(head)}</p>\n<blockquote>{lines}</blockquote>\n"
    text = mail.text if mail.text is not None or mail.html is not None else ""
    if text is not None and quote:
        text = f"{text}\n\n{quote}" if text else quote
    return replace(draft, text=text, html=html)


def _forgeries(mail: Mail) -> list[Callable[[str], str]]:
    """What the sender does to every reference that the mail carries."""
    found: list[Callable[[str], str]] = [spoiled] if mail.is_spoiled else []
    return [*found, partial(renumbered, number=mail.renumbered)] if mail.renumbered else found


def _carriers_changed(draft: Draft, change: Callable[[str], str]) -> Draft:
    return replace(
        draft,
        to=tuple(replace(a, address=change(a.address)) for a in draft.to),
        cc=tuple(replace(a, address=change(a.address)) for a in draft.cc),
        subject=change(draft.subject),
        in_reply_to=change(draft.in_reply_to),
        references=tuple(change(i) for i in draft.references),
    )


def forward(
    mail: Mail, sender: Address, to: tuple[Address, ...], cc: tuple[Address, ...], original: Seen, zone: ZoneInfo
) -> Draft:
    """An inline forward: the new words above, the head and text of the original below, its attachments with it."""
    head = [f"De : {_shown(original.sender)}"]
    if original.date:
        head.append(f"Date : {_moment(original.date, zone)}")
    head.append(f"Objet : {original.subject}")
    head.append(f"À : {', '.join(_shown(a) for a in original.to)}")
    below = "\n".join(("---------- Message transféré ---------", *head, "", original.text.rstrip("\n"), ""))
    draft = new_mail(mail, sender, to, cc)
    above = mail.text or ""
    html = mail.html
    if html is not None:
        html = f"{html}\n<div>{escape(below).replace(chr(10), '<br>' + chr(10))}</div>\n"
    return replace(
        draft,
        subject=mail.subject if mail.subject is not None else _prefixed("Fwd", original.subject),
        text=f"{above}\n\n{below}" if above else below,
        html=html,
        attachments=(*draft.attachments, *original.attachments),
    )


def click(mail: Mail, sender: Address, url: str) -> Draft:
    """What a mailto link offers, sent as it is; the mail's text stands below. Raises NoSuchLink for another URL."""
    scheme, _, rest = url.partition(":")
    path, _, query = rest.partition("?")
    fields = [(k.lower(), unquote(v)) for k, _, v in (pair.partition("=") for pair in query.split("&") if pair)]
    to = [unquote(a) for a in path.split(",") if a]
    to += [a.strip() for k, v in fields if k == "to" for a in v.split(",") if a.strip()]
    if scheme.lower() != "mailto" or not to:
        raise NoSuchLink(url)
    offered = "\n".join(v for k, v in fields if k == "body").replace("\r\n", "\n").rstrip("\n")
    draft = Draft(
        sender,
        tuple(Address(a) for a in to),
        mail.subject if mail.subject is not None else next((v for k, v in fields if k == "subject"), ""),
        tuple(Address(a.strip()) for k, v in fields if k == "cc" for a in v.split(",") if a.strip()),
        "\n".join(filter(None, (offered, mail.text))),
        attachments=tuple(contents(e) for e in mail.attachments),
        headers=mail.headers,
    )
    for change in _forgeries(mail):
        draft = _carriers_changed(draft, change)
    return draft


def judged(raw: bytes, authentication: str | None, trust: Trust, sender: Address) -> bytes:
    """The mail as the receiving server hands it on: with what it says of the sender on top (RFC 8601).

    `authentication` is one of the words of the language, a whole value, or None for the default. Where the mailbox
    names no server nobody judges; a whole value stands all the same, since the scenario wrote it itself.
    """
    if authentication is not None and ";" in authentication:
        return with_header_on_top(raw, "Authentication-Results", authentication)
    if authentication == "unverified" or not trust.judge:
        return raw
    server = {"google": "mx.google.com", "microsoft": "compauth=none"}.get(trust.provider or "", trust.authserv_id)
    server = (f"mx{server}" if server.startswith(".") else server) if server else SIGNATURES
    result = f"{server}; dmarc={authentication or 'pass'} header.from={domain_of(sender.address)}"
    return with_header_on_top(raw, "Authentication-Results", result)


def _prefixed(prefix: str, subject: str) -> str:
    """The subject with `Re: ` or `Fwd: ` before it, never twice."""
    return subject if re.match(rf"{prefix}\s*:", subject, re.I) else f"{prefix}: {subject}"


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%d/%m/%Y à %H:%M}"


def _shown(address: Address) -> str:
    return f"{address.name} <{address.address}>" if address.name else address.address
