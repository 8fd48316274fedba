"""Finds everything in a mail that looks like a reference, strongest carrier first, without believing any of it.

Carriers in their order: address, In-Reply-To, References (newest first), Subject, quoted body.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from maild.judgement import Candidate, Carrier, Purpose
from maild.mail import ParsedMail, address_key
from maild.settings import Settings
from maild.threading.token import LONG, NONCE, SHORT, fold

MOST_IDS = 100  # References beyond this are not read (H19)
MOST_CANDIDATES = 40
BODY_WINDOW = 5_000  # characters of the quoted part that are searched

_DIGITS, _GROUP = "[0-9OIL]", "[0-9A-Z]"
_GAP = r"\s{0,5}-{1,2}\s{0,5}"
_PURPOSES = "|".join(p.value.upper() for p in Purpose if p not in (Purpose.REPLY, Purpose.BOUNCE))
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_DASHES = re.compile("[\u2010-\u2015\u2212\u2043\u02d7\ufe58\ufe63\uff0d\u00af]")
_HEADS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
_MESSAGE_ID = re.compile(
    rf"([0-9a-z]{{{NONCE}}})\.([0-9]{{1,12}})-([0-9]{{1,9}})-([0-9a-z])\.([0-9a-z]{{{LONG}}})@", re.I | re.ASCII
)
_RETURN = re.compile(rf"b([0-9a-z]{{{NONCE}}})-([0-9a-z]{{{SHORT + 1}}})", re.I | re.ASCII)
_PLUS = re.compile(rf"({_PURPOSES}|)({_DIGITS}{{1,12}})-({_DIGITS}{{1,9}})-({_GROUP}{{4,40}})")


def find_references(mail: ParsedMail, settings: Settings) -> tuple[Candidate, ...]:
    """All candidates, strongest first, each written once; at most MOST_CANDIDATES.

    Links of a mail (claims, "it is solved") count only in the address or the Subject that the link itself made:
    quoted below a plain reply they are nobody's wish.
    """
    found: dict[tuple[object, ...], Candidate] = {}
    for candidate in _all(mail, settings):
        if len(found) >= MOST_CANDIDATES:
            break
        key = (
            candidate.purpose,
            candidate.ticket,
            candidate.slot,
            candidate.key_id,
            candidate.signature,
            candidate.nonce,
        )
        found.setdefault(key, candidate)
    return tuple(found.values())


def _all(mail: ParsedMail, settings: Settings) -> Iterator[Candidate]:
    addresses = [a.address for a in mail.recipients]
    for head in _HEADS:
        addresses.extend(mail.all_headers(head))
    for address in addresses[:200]:
        yield from in_address(address, settings, Carrier.ADDRESS)
    yield from in_message_ids(mail.in_reply_to, Carrier.IN_REPLY_TO)
    yield from in_message_ids(tuple(reversed(mail.references[-MOST_IDS:])), Carrier.REFERENCES)
    yield from in_text(mail.subject[:2_000], settings, Carrier.SUBJECT)
    quoted = mail.text[: len(mail.reply_text) + BODY_WINDOW]
    for candidate in in_text(quoted, settings, Carrier.BODY):
        if candidate.purpose is Purpose.REPLY:
            yield candidate
    for address in re.findall(r"[^\s<>\"'():;,]{1,64}@[^\s<>\"'():;,?]{1,255}", quoted)[:50]:
        for candidate in in_address(address, settings, Carrier.BODY):
            if candidate.purpose is Purpose.REPLY:
                yield candidate


def in_address(address: str, settings: Settings, carrier: Carrier) -> Iterator[Candidate]:
    """The reference in a plus-address of ours, if it has one."""
    name = settings.mailbox_of(address)
    delimiter = settings.mailboxes[name].delimiter if name else "none"
    if delimiter == "none":
        return
    local, _, domain = address_key(address).rpartition("@")
    own = (settings.mailboxes[name].address, *settings.mailboxes[name].aliases) if name else ()
    bases = (address_key(a).rpartition("@")[0] + delimiter for a in own if address_key(a).rpartition("@")[2] == domain)
    tag = next((local[len(base) :] for base in bases if local.startswith(base)), "")
    if not tag.isascii():  # upper() would make an S of a long s
        return
    back = _RETURN.fullmatch(tag)
    if back:
        signature = fold(back[2])
        yield Candidate(carrier, Purpose.BOUNCE, 0, 0, signature[0], signature[1:], back[1].lower(), address)
        return
    match = _PLUS.fullmatch(tag.upper())
    if match:
        yield _candidate(carrier, match[1], match[2], match[3], match[4], address)


def in_message_ids(ids: Iterable[str], carrier: Carrier) -> Iterator[Candidate]:
    """Message-IDs of ours. The host is not looked at: the signature tells."""
    for written in ids:
        match = _MESSAGE_ID.match(written)
        if match:
            nonce, ticket, slot, key_id, signature = match.groups()
            yield Candidate(
                carrier, Purpose.REPLY, int(ticket), int(slot), fold(key_id), fold(signature), nonce.lower(), written
            )


def in_text(text: str, settings: Settings, carrier: Carrier) -> Iterator[Candidate]:
    """References in the Subject's form, whatever mail programs and people did to case, dashes, blanks and brackets."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)))
    plain = _DASHES.sub("-", plain).upper()
    for match in _form(settings.site.reference).finditer(plain):
        yield _candidate(carrier, match[1], match[2], match[3], re.sub(r"[\s-]+", "", match[4]), match[0])


def number_named(text: str, settings: Settings) -> int:
    """The ticket that `1042`, `n° 1042`, `ISY-1042`, a whole reference or a plus-address names; 0 for anything else."""
    match = _plain_number(settings.site.reference).fullmatch(text.strip()[:200])
    if match:
        return int(match[1])
    found = (*in_text(text[:2_000], settings, Carrier.SUBJECT), *in_address(text.strip(), settings, Carrier.ADDRESS))
    return next((c.ticket for c in found if c.ticket), 0)


@lru_cache(maxsize=16)
def _plain_number(brand: str) -> re.Pattern[str]:
    return re.compile(rf"[\[#]?\s?(?:n\s?[°o]\s?)?(?:{brand}\s?-\s?)?([0-9]{{1,12}})\]?", re.IGNORECASE | re.ASCII)


def without_references(text: str, brand: str) -> str:
    """The text without what looks like a reference in the Subject's form, nor the brackets around it. Letters come back
    as NFKC has them."""
    plain = _DASHES.sub("-", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))
    return _bracketed(brand).sub(" ", plain).strip()


@lru_cache(maxsize=16)
def _bracketed(brand: str) -> re.Pattern[str]:
    return re.compile(rf"\[?\s{{0,5}}{_form(brand).pattern}\s{{0,5}}\]?", re.IGNORECASE)


@lru_cache(maxsize=16)
def _form(brand: str) -> re.Pattern[str]:
    """BRAND-purpose and number-slot-signature: signed as minted, run together, or of a wrong length."""
    minted = rf"{_GROUP}{{5}}{_GAP}{_GROUP}{{4}}{_GAP}{_GROUP}{{4}}(?!{_GROUP})"
    together = rf"{_GROUP}{{{SHORT + 1}}}(?!{_GROUP})"
    wrong = rf"{_GROUP}{{1,9}}(?:{_GAP}{_GROUP}{{1,9}}){{1,3}}(?!{_GROUP})"
    head = rf"(?<!{_GROUP}){brand}{_GAP}({_PURPOSES}|)({_DIGITS}{{1,12}}){_GAP}({_DIGITS}{{1,9}}){_GAP}"
    return re.compile(f"{head}({minted}|{together}|{wrong})")


def _candidate(carrier: Carrier, purpose: str, ticket: str, slot: str, signature: str, written: str) -> Candidate:
    code = fold(signature)
    whole = code if len(code) == SHORT + 1 else ""  # anything else was cut or mistyped
    return Candidate(
        carrier,
        Purpose(purpose.lower()),
        int(fold(ticket)),
        int(fold(slot)),
        whole[:1],
        whole[1:],
        written=written.strip(),
    )
