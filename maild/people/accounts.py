"""Who writes, and have they an account? All addresses of one person are one account (P1).

The rules' word wins. What an agent admitted, or an owner joined, counts for those of whom the rules say nothing: an
account of their own, or a further address of somebody. Nobody is joined by a like name.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from maild.mail import Address, address_key
from maild.people.internal import addresses_like
from maild.settings import Settings
from maild.ticket import Person

LONGEST_WORDS = 10_000  # characters of a request for an account in which an address is looked for


@dataclass(frozen=True, slots=True)
class Admitted:
    """An address that was admitted. `person`: the first address of whom it belongs to; '' for themselves."""

    key: str
    address: str
    name: str = ""
    person: str = ""


def person_of(settings: Settings, address: str, admitted: Collection[Admitted] = ()) -> Person | None:
    """The person with that address, with all their addresses; None if nothing is known of them.

    `admitted`: the rows of that address, of whom it belongs to, and of all that belongs to them.
    """
    key = address_key(address)
    known = settings.who(address)
    if known is not None and key in settings.agents:
        return known
    mine = next((row for row in admitted if row.key == key), None)
    if mine is not None and mine.person and (known is None or not known.is_listed):
        owner = next((row for row in admitted if row.key == mine.person), None)
        known = settings.person(mine.person) or Person(
            Address(owner.address if owner else mine.person, owner.name if owner else ""),
            keys=(mine.person,),
            has_account=True,
        )
    elif mine is not None and (known is None or not known.is_listed):
        base = known or Person(Address(address), keys=(key,))
        known = replace(base, address=Address(base.address.address, mine.name), has_account=True, is_listed=True)
    elif known is None and any(row.person == key for row in admitted):
        known = Person(Address(address), keys=(key,), has_account=True)  # known by their tickets alone
    if known is None:
        return None
    joined = (row.key for row in admitted if row.person in known.keys and settings.person(row.key) is None)
    return replace(known, keys=tuple(dict.fromkeys((*known.keys, *joined))))


def why_not_admitted(settings: Settings, address: str, owner: str = "") -> tuple[str, str] | None:
    """None if that address may get an account, or (`owner`) be joined to that person's; else what forbids it, as a slug
    and in words."""
    known = settings.person(address)
    if settings.mailbox_of(address):
        return "own-mailbox", f"{address} is an address of ours"
    if known is not None and address_key(address) in settings.agents:
        return "agents-are-not-admitted", f"{address} is an agent"
    if address_key(address) in settings.directory.explicitly_without:
        why = f"the list of customers says that {address} has no account; change `account` in their row"
        return "no-account-allowed", why
    if owner and known is not None:
        return "is-somebody", f"{address} is {known.address.shown} already; an address is one person's"
    if owner and address_key(owner) in settings.agents:
        return "agents-are-not-admitted", f"{owner} is an agent"
    return None


def address_in(text: str, own: str, settings: Settings) -> str:
    """The one address that somebody names as theirs, beside the one that they write from (`own`, compared form) and
    ours; '' where they name none, or two."""
    found = {address_key(f"{local}@{domain.rstrip('.-_')}") for local, domain in addresses_like(text[:LONGEST_WORDS])}
    others = {key for key in found if key != own and settings.mailbox_of(key) is None}
    return others.pop() if len(others) == 1 else ""
