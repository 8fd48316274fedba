"""A reference with one byte changed, a signature used for another purpose (reliability S08, S10): is it accepted?"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import NamedTuple

from desk_values import ALICE, LEA, NOW, RING, mail, settings, ticket

from maild.judgement import ENDS, OF_ADDRESS, OF_HELD, OF_TOPIC, Candidate, HeldMail, Purpose, VerdictName
from maild.mail import Address, ParsedMail
from maild.threading import token
from maild.threading.references import find_references
from maild.threading.token import (
    SHORT,
    Token,
    account_for,
    address_for,
    claim_for,
    end_for,
    fold,
    joining_for,
    message_id_for,
    nonce_for,
    reference_for,
    return_path_for,
    topic_for,
)
from maild.ticket import Participant, Role

DESK = "support@isybuy.example"
SETTINGS = settings()
NONCE = nonce_for(RING, "doors")
# The held mail has the number of a participant's place, so that nothing but the signature tells the two apart.
HELD = HeldMail(1, "support", ALICE.key, VerdictName.PLAIN_REPLY, "c" * 64)
_OTHERS = tuple(Participant(n, f"p{n}@client-a.example", "", Role.CUSTOMER) for n in range(3, 10))
_NEIGHBOURS = {int(f"{'1042'[:at]}{digit}{'1042'[at + 1 :]}") for at in range(4) for digit in range(10)}
# Each number that one changed digit leads to is a ticket with the same people in the same places.
TICKETS = {n: ticket(n, participants=(ALICE, LEA, *_OTHERS)) for n in _NEIGHBOURS}
ALL = "".join(map(chr, range(0x20, 0x7F)))  # of which each path's alphabet is a part


class Path(NamedTuple):
    """One way for a reference to come: as minted, which part of it is changed, and the mail that bears it."""

    written: str
    bears: Callable[[str], ParsedMail]


def minted(purpose: Purpose) -> Token:
    """A reference for the purpose, as Alice (or the one who decides) was given it."""
    if purpose is Purpose.CLAIM:
        return claim_for(RING, HELD, 1042)
    if purpose is Purpose.ACCOUNT:
        return account_for(RING, HELD)
    if purpose is Purpose.JOIN:
        return joining_for(RING, HELD, ALICE.key)
    if purpose in OF_TOPIC:
        return topic_for(RING, 1, purpose, ALICE.key)
    if purpose in OF_ADDRESS:
        return address_for(RING, purpose, ALICE.key)
    if purpose in ENDS | {Purpose.SEND_ANYWAY}:
        return end_for(RING, HELD, 1042, purpose, ALICE.key)
    return reference_for(RING, 1042, ALICE, purpose)


def paths() -> Iterator[tuple[str, Path]]:
    """Every path of S08, and every link's purpose in both forms that a link has."""
    for purpose in Purpose:
        if purpose is Purpose.BOUNCE:
            address = return_path_for(RING, NONCE, DESK, "+")
        else:
            address = minted(purpose).in_address(DESK, "+")
            subject = minted(purpose).in_subject("ISY")
            yield f"Subject, {purpose.name}", Path(subject, lambda s: mail(subject=f"Re: Export {s}"))
        yield f"plus-address, {purpose.name}", Path(address, lambda s: mail(to=(Address(s),)))
    own = message_id_for(RING, NONCE, "isybuy.example", 1042, ALICE)
    no_ticket = message_id_for(RING, NONCE, "isybuy.example")
    yield "In-Reply-To", Path(own, lambda s: mail(in_reply_to=(s,)))
    yield "In-Reply-To, no ticket", Path(no_ticket, lambda s: mail(in_reply_to=(s,)))
    yield "References", Path(own, lambda s: mail(references=("m1@client-a.example", s)))
    reply = minted(Purpose.REPLY)
    yield "body", Path(reply.in_subject("ISY"), lambda s: mail(text=f"Oui.\n> Export {s}", reply_text="Oui."))
    yield (
        "body, address",
        Path(reply.in_address(DESK, "+"), lambda s: mail(text=f"Oui.\n> Écrire à {s} ici", reply_text="Oui.")),
    )


def _says(c: Candidate) -> tuple[object, ...]:
    return (c.purpose, c.ticket, c.slot, c.key_id, c.signature, c.nonce)


def _is_unread(written: str, at: int) -> bool:
    """Outside the reference: the brackets around it, and the host of a Message-ID, which nobody looks at."""
    is_host = "." in written.partition("@")[0] and at > written.find("@") >= 0
    return written[at] in "[]" or is_host


def changed_bytes(every: int = 1) -> tuple[dict[str, int], list[str]]:
    """Each byte of each path changed to each other character, or (`every`) one change in so many. Counts, and what was
    accepted: a valid reference, where the change is none of the look-alikes that are one character to the reader."""
    seen, accepted = Counter[str](), []
    for name, path in paths():
        [original] = {_says(c) for c in find_references(path.bears(path.written), SETTINGS)}
        for n, (at, letter) in enumerate(product(range(len(path.written)), ALL)):
            if letter == path.written[at] or n % every:
                continue
            text = path.written[:at] + letter + path.written[at + 1 :]
            seen["changes"] += 1
            valid = [
                c
                for c in find_references(path.bears(text), SETTINGS)
                if token.verify(RING, c, TICKETS, HELD, NOW, ALICE.key).is_valid
            ]
            if not valid:
                continue
            is_same = all(_says(c) == original for c in valid)
            is_alike = fold(letter) == fold(path.written[at])
            if is_same and (is_alike or _is_unread(path.written, at)):
                seen["look-alikes" if is_alike else "outside"] += 1
            else:
                accepted.append(f"{name}: {text}")
        seen["paths"] += 1
    return {**seen, "accepted": len(accepted)}, accepted


def _signatures() -> Iterator[tuple[str, Candidate]]:
    """A valid reference of each kind, as it is read; a Message-ID's signature too, cut to the length of the others."""
    for name, path in paths():
        if name.startswith(("plus-address", "In-Reply-To")):
            [candidate] = find_references(path.bears(path.written), SETTINGS)
            assert token.verify(RING, candidate, TICKETS, HELD, NOW, ALICE.key).is_valid, name
            yield name, candidate
            if len(candidate.signature) > SHORT:
                yield f"{name}, cut", replace(candidate, signature=candidate.signature[:SHORT])


def swapped_purposes() -> tuple[dict[str, int], list[str]]:
    """Each signature used for each other purpose, with each ticket, place and name of a mail that it could bear."""
    pairs, tried, accepted = 0, 0, []
    for name, candidate in _signatures():
        for purpose in Purpose:
            if purpose is candidate.purpose and not name.startswith("In-Reply-To"):
                continue
            pairs += 1
            for number, slot, nonce in product((0, 1042), (0, 1, 2), ("", NONCE)):
                used = replace(candidate, purpose=purpose, ticket=number, slot=slot, nonce=nonce)
                if _says(used) == _says(candidate):
                    continue
                tried += 1
                held = HELD if purpose in OF_HELD else None
                if token.verify(RING, used, TICKETS, held, NOW, ALICE.key).is_valid:
                    accepted.append(f"{name} as {purpose.name}, {number}-{slot} {nonce}")
    return {"pairs": pairs, "tried": tried, "accepted": len(accepted)}, accepted
