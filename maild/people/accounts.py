"""Who writes, and have they an account? All addresses of one person are one account (P1).

The rules' word wins. What an agent admitted counts for those of whom the rules say nothing: an account of their own, or
a further address of somebody. Nobody is joined by a like name.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from maild.mail import Address, address_key
from maild.settings import Settings
from maild.ticket import Person


@dataclass(frozen=True, slots=True)
class Admitted:
    """An address that an agent admitted. `person`: the first address of whom it belongs to; '' for themselves."""

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
    if known is None:
        return None
    joined = (row.key for row in admitted if row.person in known.keys and settings.person(row.key) is None)
    return replace(known, keys=tuple(dict.fromkeys((*known.keys, *joined))))


def why_not_admitted(settings: Settings, address: str, owner: str = "") -> str:
    """'' if an agent may give that address an account, or (`owner`) join it to that person's; else what forbids it."""
    known = settings.person(address)
    if settings.mailbox_of(address):
        return f"{address} is an address of ours"
    if known is not None and address_key(address) in settings.agents:
        return f"{address} is an agent"
    if address_key(address) in settings.directory.explicitly_without:
        return f"the list of customers says that {address} has no account; change `account` in their row"
    if owner and known is not None:
        return f"{address} is {known.address.shown} already; an address is one person's"
    if owner and address_key(owner) in settings.agents:
        return f"{owner} is an agent"
    return ""
