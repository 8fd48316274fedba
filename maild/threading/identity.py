"""Who wrote, where another's address stands in From: a web form of ours, or a list in front of the mailbox.

What the form or the list says of the writer was typed in or passed on: it is never a proof. Such a mail asks as anybody
may; it is never an agent's, and what a form brings opens a ticket and continues none.
"""

import re
from dataclasses import dataclass, replace

from maild.judgement import Proof
from maild.mail import Address, Kind, ParsedMail, address_key, auto_submitted, is_deliverable
from maild.settings import Mailbox

_LONGEST = 10_000  # characters of a header that are read
_LIST_ID = re.compile(r"<([^<>]{1,500})>|^\s*([^\s<>]{1,500})\s*$")
_MAILTO = re.compile(r"<?\s*mailto:([^\s<>?,]{1,320})|\blist\s+([^\s<>;,]{1,320}@[^\s<>;,]{1,320})", re.I)
_BRACKETED = re.compile(r"<\s*([^\s<>]{1,320}@[^\s<>]{1,320})\s*>\s*$|^\s*([^\s<>\"']{1,320}@[^\s<>\"']{1,320})\s*$")
_SUPPRESSED = frozenset({"all", "oof", "autoreply"})


@dataclass(frozen=True, slots=True)
class Identified:
    """The mail as its true writer's, as far as that is said, and what it proves of them."""

    mail: ParsedMail
    proof: Proof
    is_form: bool = False


def identify(mail: ParsedMail, mailbox: Mailbox, proof: Proof) -> Identified:
    """`proof` is that of the From address. A form or a list whose own mail failed says nothing of anybody."""
    if mail.sender is None or mail.kind in (Kind.BOUNCE, Kind.SPAM):
        return Identified(mail, proof)
    is_form = mail.sender.key in {address_key(form) for form in mailbox.forms}
    if is_form and proof is not Proof.FAIL:
        requester = _only(tuple(a for a in mail.reply_to if not _is_ours(a, mailbox)))
        return Identified(_written_by(mail, requester, "form-without-requester"), Proof.NONE, True)
    lists = {entry.lower() if "@" not in entry else address_key(entry) for entry in mailbox.via_list}
    if not lists or (is_form and proof is Proof.FAIL):
        return Identified(mail, proof)
    if mail.sender.key in lists:  # the list has put itself into From, as lists do for DMARC's sake
        if proof is Proof.FAIL:
            return Identified(mail, proof)
        author = _only((*mail.reply_to, *_original_from(mail)), lists)
        return Identified(_as_a_message(_written_by(mail, author, "list-without-author")), Proof.NONE)
    if mail.kind is Kind.MAILING_LIST and lists & _lists_of(mail):
        return Identified(_as_a_message(mail), proof)
    return Identified(mail, proof)


def _written_by(mail: ParsedMail, who: Address | None, fault: str) -> ParsedMail:
    """The mail as theirs. Where nobody, or more than one, is named a person has to look."""
    if who is None:
        return replace(mail, sender=None, unreadable=mail.unreadable or fault)
    # A program of ours sent it: that it says so, and its return path, tell nothing of the one who wrote.
    return replace(mail, sender=who, kind=Kind.MESSAGE, auto_respond=True, return_path=None)


def _only(found: tuple[Address, ...], besides: frozenset[str] | set[str] = frozenset()) -> Address | None:
    """The one mailbox that is named, once or several times; None for several, or for one that can't be answered."""
    named = {a.key: a for a in reversed(found) if a.key not in besides}
    who = next(iter(named.values()), None)
    return who if len(named) == 1 and who is not None and is_deliverable(who.address) else None


def _is_ours(address: Address, mailbox: Mailbox) -> bool:
    own = (mailbox.address, *mailbox.aliases, *mailbox.forms)
    return address.key in {address_key(a) for a in own}


def _original_from(mail: ParsedMail) -> tuple[Address, ...]:
    """What lists note when they rewrite From: Google Groups, Mailman."""
    values = (v for name in ("x-original-from", "x-google-original-from") for v in mail.all_headers(name))
    found = (_BRACKETED.search(value[:_LONGEST]) for value in values)
    return tuple(Address(match[1] or match[2]) for match in found if match)


def _lists_of(mail: ParsedMail) -> set[str]:
    """The lists that it says it came through: ids in lower case, addresses in their compared form."""
    named = {
        (match[1] or match[2]).lower()
        for value in mail.all_headers("list-id")
        if (match := _LIST_ID.search(value[:_LONGEST]))
    }
    for name in ("list-post", "mailing-list", "x-beenthere"):
        for value in mail.all_headers(name):
            match = _MAILTO.search(value[:_LONGEST])
            named.add(address_key(match[1] or match[2] if match else value[:_LONGEST]))
    return named | {a.key for a in mail.recipients}


def _as_a_message(mail: ParsedMail) -> ParsedMail:
    """What it would be without the list's fields; what forbids an answer by itself still does."""
    if mail.kind not in (Kind.MAILING_LIST, Kind.MESSAGE):
        return mail
    suppressed = {word.strip().lower() for word in mail.header("x-auto-response-suppress").split(",")}
    is_silent = (
        bool(auto_submitted(mail.header("auto-submitted"))) or mail.return_path == "" or suppressed & _SUPPRESSED
    )
    return replace(mail, kind=Kind.MESSAGE, auto_respond=not is_silent)
