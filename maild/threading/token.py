"""Signs references and checks signatures: the one place where a token is made or believed (reliability 6).

A token is a capability bound to a ticket, a participant (address, role and epoch) and a purpose; or to a held mail, a
topic or nothing, and the address of whom it was given to. It proves nothing about who sends it. Subject form
`[ISY-1042-1-70A5Q-EHX3-YV63]`: brand, ticket, slot, then the key's letter and 60 bits of HMAC-SHA256 in Crockford
base32; Message-IDs carry 130 bits.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from maild.judgement import ENDS, OF_ADDRESS, OF_HELD, OF_TOPIC, Candidate, HeldMail, Purpose, Reference
from maild.ticket import Participant, Ticket

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
SHORT, LONG = 12, 26  # letters of a signature: 60 bits where people see it, 130 in a Message-ID
NONCE = 16
MINTED_FOR = timedelta(days=90)  # a key signs new references so long
VERIFIED_FOR = timedelta(days=400)  # and what it signed is believed so long after that
_FOLD = str.maketrans("OIL", "011")
_VERSION = "maild-ref-v1"


def fold(text: str) -> str:
    """Letters as Crockford reads them: case does not matter, O is 0, I and L are 1."""
    return text.upper().translate(_FOLD)


@dataclass(frozen=True, slots=True)
class Key:
    """A key to sign with; `id` is one letter of ALPHABET."""

    id: str
    secret: bytes = field(repr=False)
    created_at: datetime
    is_revoked: bool = False


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys of an installation, oldest first. `instance` is part of what is signed."""

    instance: str
    keys: tuple[Key, ...]

    @property
    def newest(self) -> Key:
        """The key that signs."""
        return max((k for k in self.keys if not k.is_revoked), key=lambda k: k.created_at)

    def fault_of(self, key_id: str, now: datetime) -> str:
        """Why a key can't vouch for anything now, as a slug, or ''."""
        key = self.get(key_id)
        if key is None:
            return "unknown-key"
        if key.is_revoked:
            return "revoked-key"
        return "retired-key" if now > key.created_at + MINTED_FOR + VERIFIED_FOR else ""

    def get(self, key_id: str) -> Key | None:
        """The key with that letter."""
        return next((k for k in self.keys if k.id == key_id), None)


def _letters(digest: bytes, count: int) -> str:
    number = int.from_bytes(digest, "big") >> (len(digest) * 8 - count * 5)
    return "".join(ALPHABET[(number >> 5 * i) & 31] for i in reversed(range(count)))


def _sign(ring: Keyring, key: Key, length: int, *fields: str) -> str:
    parts = [_VERSION, ring.instance, key.id, str(length), *fields]
    message = b"".join(len(b).to_bytes(4, "big") + b for b in (p.encode("utf-8", "surrogatepass") for p in parts))
    return _letters(hmac.digest(key.secret, message, "sha256"), length)


def _for_participant(purpose: Purpose, ticket: int, who: Participant, nonce: str) -> tuple[str, ...]:
    return ("reference", purpose.name, str(ticket), str(who.slot), who.role, who.key, str(who.epoch), nonce)


def _for_claim(held: HeldMail, ticket: int) -> tuple[str, ...]:
    return ("claim", str(ticket), str(held.inbound_id), held.sender, held.content_key)


def _for_account(held: HeldMail) -> tuple[str, ...]:
    return ("account", str(held.inbound_id), held.sender, held.content_key)


def _for_joining(held: HeldMail, owner: str) -> tuple[str, ...]:
    return ("join", str(held.inbound_id), held.sender, held.content_key, owner)


def _for_end(purpose: Purpose, held: HeldMail, ticket: int, decider: str) -> tuple[str, ...]:
    return ("end", purpose.name, str(ticket), str(held.inbound_id), held.content_key, decider)


def _for_topic(purpose: Purpose, topic: int, decider: str) -> tuple[str, ...]:
    return ("topic", purpose.name, str(topic), decider)


def _for_address(purpose: Purpose, key: str) -> tuple[str, ...]:
    return ("address", purpose.name, key)


@dataclass(frozen=True, slots=True)
class Token:
    """A signed reference, ready to be written in any of its forms."""

    purpose: Purpose
    ticket: int
    slot: int
    signature: str  # the key's letter, then SHORT letters

    def in_subject(self, brand: str) -> str:
        """`[ISY-1042-1-70A5Q-EHX3-YV63]`"""
        s = self.signature
        return f"[{brand}-{self.purpose.value.upper()}{self.ticket}-{self.slot}-{s[:5]}-{s[5:9]}-{s[9:]}]"

    def in_address(self, address: str, delimiter: str) -> str:
        """`support+1042-1-70a5qehx3yv63@...`; the plain address where the delimiter is `none`."""
        local, _, domain = address.rpartition("@")
        if delimiter == "none":
            return address
        return f"{local}{delimiter}{self.purpose.value}{self.ticket}-{self.slot}-{self.signature.lower()}@{domain}"


def reference_for(ring: Keyring, ticket: int, who: Participant, purpose: Purpose = Purpose.REPLY) -> Token:
    """The reference by which `who` writes into the ticket, or does with it what the purpose says."""
    key = ring.newest
    return Token(
        purpose, ticket, who.slot, key.id + _sign(ring, key, SHORT, *_for_participant(purpose, ticket, who, ""))
    )


def claim_for(ring: Keyring, held: HeldMail, ticket: int) -> Token:
    """The reference by which a held mail's sender puts it into a ticket of theirs, or (ticket 0) opens one with it."""
    key = ring.newest
    return Token(Purpose.CLAIM, ticket, held.inbound_id, key.id + _sign(ring, key, SHORT, *_for_claim(held, ticket)))


def account_for(ring: Keyring, held: HeldMail) -> Token:
    """The reference by which the sender of a held mail asks for an account."""
    key = ring.newest
    return Token(Purpose.ACCOUNT, 0, held.inbound_id, key.id + _sign(ring, key, SHORT, *_for_account(held)))


def joining_for(ring: Keyring, held: HeldMail, owner: str) -> Token:
    """The reference by which the owner of an account says that the sender of a held mail is they. `owner`: the address
    that is asked, in its compared form."""
    key = ring.newest
    return Token(Purpose.JOIN, 0, held.inbound_id, key.id + _sign(ring, key, SHORT, *_for_joining(held, owner)))


def end_for(ring: Keyring, held: HeldMail, ticket: int, purpose: Purpose, decider: str) -> Token:
    """The reference by which one person decides on a held mail. `decider`: their address in its compared form."""
    key = ring.newest
    signature = key.id + _sign(ring, key, SHORT, *_for_end(purpose, held, ticket, decider))
    return Token(purpose, ticket, held.inbound_id, signature)


def topic_for(ring: Keyring, topic: int, purpose: Purpose, decider: str) -> Token:
    """The reference by which one person decides on a topic. `decider`: their address in its compared form."""
    key = ring.newest
    return Token(purpose, 0, topic, key.id + _sign(ring, key, SHORT, *_for_topic(purpose, topic, decider)))


def address_for(ring: Keyring, purpose: Purpose, address: str) -> Token:
    """The reference by which whoever has that address (compared form) says something for it alone."""
    key = ring.newest
    return Token(purpose, 0, 0, key.id + _sign(ring, key, SHORT, *_for_address(purpose, address)))


def nonce_for(ring: Keyring, owed_for: str) -> str:
    """The name of a mail, from what it is owed for: the same after a crash, a repeat, a restore."""
    digest = hashlib.sha256(f"{_VERSION}\0{ring.instance}\0{owed_for}".encode("utf-8", "surrogatepass")).digest()
    return _letters(digest, NONCE).lower()


def message_id_for(ring: Keyring, nonce: str, host: str, ticket: int = 0, who: Participant | None = None) -> str:
    """A signed Message-ID without angle brackets: `nonce.1042-1-7.signature@host`; 0-0 where there is no ticket."""
    key = ring.newest
    fields = _for_participant(Purpose.REPLY, ticket, who, nonce) if who else ("mail", nonce)
    slot = who.slot if who else 0
    return f"{nonce}.{ticket if who else 0}-{slot}-{key.id.lower()}.{_sign(ring, key, LONG, *fields).lower()}@{host}"


def return_path_for(ring: Keyring, nonce: str, address: str, delimiter: str) -> str:
    """The envelope sender of a mail of ours: a bounce that comes to it proves itself (VERP)."""
    if delimiter == "none":
        return address
    key = ring.newest
    local, _, domain = address.rpartition("@")
    signature = key.id + _sign(ring, key, SHORT, "bounce", nonce)
    return f"{local}{delimiter}{Purpose.BOUNCE.value}{nonce}-{signature.lower()}@{domain}"


def _names_too_much(candidate: Candidate) -> bool:
    """Whether it bears a number that nothing of its kind signs: minted as 0, anything else was written over it."""
    if candidate.purpose in OF_ADDRESS:
        return candidate.ticket != 0 or candidate.slot != 0
    if candidate.purpose in OF_TOPIC | {Purpose.ACCOUNT, Purpose.JOIN}:
        return candidate.ticket != 0
    is_bare = candidate.ticket == 0 and candidate.purpose not in OF_HELD | {Purpose.BOUNCE}
    return is_bare and (candidate.slot != 0 or candidate.purpose is not Purpose.REPLY)


def _of_held(candidate: Candidate, held: HeldMail, sender: str) -> tuple[str, ...]:
    match candidate.purpose:
        case Purpose.CLAIM:
            return _for_claim(held, candidate.ticket)
        case Purpose.ACCOUNT:
            return _for_account(held)
        case Purpose.JOIN:
            return _for_joining(held, sender)
        case purpose:
            return _for_end(purpose, held, candidate.ticket, sender)


def verify(
    ring: Keyring,
    candidate: Candidate,
    tickets: Mapping[int, Ticket],
    held: HeldMail | None,
    now: datetime,
    sender: str = "",
) -> Reference:
    """Whether a candidate is what it claims to be. Every carrier and every purpose comes through here.

    A valid one names the participant to whom it was given (None for claims, ends of held mail, topics, addresses,
    bounces and mails without ticket). `sender`: the address in its compared form, to which the end of a held mail, the
    decision on a topic, a word for an address, or the question whether another address is theirs, must have been
    given.
    """
    if not candidate.signature:
        return Reference(candidate, "malformed")
    fault = ring.fault_of(candidate.key_id, now)
    key = ring.get(candidate.key_id)
    if fault or key is None:
        return Reference(candidate, fault)
    who = None
    if _names_too_much(candidate):
        return Reference(candidate, "wrong-signature")
    if candidate.purpose in OF_HELD:
        if held is None or held.inbound_id != candidate.slot:
            return Reference(candidate, "unknown-held" if candidate.purpose in ENDS else "unknown-claim")
        fields = _of_held(candidate, held, sender)
    elif candidate.purpose in OF_TOPIC:
        fields = _for_topic(candidate.purpose, candidate.slot, sender)
    elif candidate.purpose in OF_ADDRESS:
        fields = _for_address(candidate.purpose, sender)
    elif candidate.purpose is Purpose.BOUNCE:
        fields = ("bounce", candidate.nonce)
    elif candidate.ticket == 0:
        fields = ("mail", candidate.nonce)
    else:
        ticket = tickets.get(candidate.ticket)
        who = ticket.by_slot(candidate.slot) if ticket else None
        if who is None:
            return Reference(candidate, "unknown-ticket" if ticket is None else "unknown-participant")
        fields = _for_participant(candidate.purpose, candidate.ticket, who, candidate.nonce)
    good = _sign(ring, key, len(candidate.signature), *fields)
    if not hmac.compare_digest(good.encode(), candidate.signature.encode("utf-8", "replace")):
        return Reference(candidate, "wrong-signature")
    if who is not None and who.is_removed:
        return Reference(candidate, "revoked")
    return Reference(candidate, "", who)
