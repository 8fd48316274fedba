"""Does an address look like one of ours or an agent's without being it? It is never taken for it, and agents are told.

Two addresses look alike if they come down to one skeleton (UTS #39 section 4): decomposed, without accents, each letter
that looks like a plain one replaced by that, punycode undone. So do two domains.
"""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

import idna

from maild.mail import address_key, domain_of
from maild.settings import Settings
from maild.threading.look_alike_letters import LOOKS_LIKE

_LETTERS = str.maketrans({other: plain for plain, others in LOOKS_LIKE.items() for other in others})
_TO_THE_EYE = str.maketrans({"i": "l", "1": "l", "|": "l", "0": "o"})
_LONGEST = 320  # characters of an address


def look_alike_of(address: str, settings: Settings) -> str:
    """The address or domain of ours that this one imitates, '' where it imitates none. Any string may go in.

    Known people imitate nobody, whatever they are called.
    """
    key = address_key(address[:_LONGEST])
    domains, addresses = _own(tuple(sorted({*settings.own_addresses, *settings.agents})))
    if settings.person(key) is not None or settings.mailbox_of(key) is not None:
        return ""
    said = skeleton(key)
    if said in addresses:
        return addresses[said]
    return _domain_like(domain_of(key), domains)


def _domain_like(domain: str, domains: Mapping[str, str]) -> str:
    """Of the domain itself, or of one above it: whoever owns that chooses what stands before it."""
    labels = domain.split(".")
    for i in range(len(labels) - 1):
        part = ".".join(labels[i:])
        if part in domains.values():
            return ""
        if imitated := domains.get(skeleton(part)):
            return imitated
    return ""


@lru_cache(maxsize=8)
def _own(keys: tuple[str, ...]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Domains and addresses that can be imitated, by their skeleton."""
    domains = sorted({domain_of(key) for key in keys})
    return {skeleton(domain): domain for domain in domains}, {skeleton(key): key for key in keys}


def skeleton(text: str) -> str:
    """What is left of an address or a domain to a quick eye. Never shown; only compared with another skeleton."""
    local, at, domain = text[:_LONGEST].rpartition("@")
    shown = ".".join(_unpunycoded(label) for label in domain.split("."))
    plain = _folded(_folded(local + at + shown).translate(_LETTERS))
    return plain.translate(_TO_THE_EYE).replace("rn", "m").replace("vv", "w")


def _folded(text: str) -> str:
    """Decomposed, without marks and invisible characters, in small letters."""
    return "".join(
        c
        for c in unicodedata.normalize("NFKD", text.casefold()).casefold()
        if unicodedata.category(c) not in ("Mn", "Me", "Cf")
    )


def _unpunycoded(label: str) -> str:
    if not label.lower().startswith("xn--"):
        return label
    try:
        return idna.decode(label)
    except (idna.IDNAError, UnicodeError):  # made by a pretender, or by older rules: what a program would show
        try:
            return label[4:].encode("ascii", "ignore").decode("punycode")
        except UnicodeError:
            return label
