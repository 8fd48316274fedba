"""Who is it that has this address? Agents, customers, and everybody at a customer's domain.

An exact address wins over a domain, a longer domain over a shorter one. Nobody is known by a like name or address:
only the same address in its compared form (mail.address_key) is the same.
"""

from collections.abc import Iterable, Mapping

from maild.mail import Address, address_key, domain_of
from maild.settings.people import Customer, People
from maild.ticket import Person


class Directory:
    """The people of the rules, indexed once. Where an address stands twice the first row has it; the lint says so."""

    def __init__(self, people: People) -> None:
        self.agents: Mapping[str, Person] = {
            address_key(a.address): Person(
                Address(a.address, a.name),
                a.language or "",
                teams=a.teams,
                keys=(address_key(a.address),),
                away=tuple((absence.first, absence.last) for absence in a.away),
            )
            for a in people.agents
        }
        rows = (*people.customers, *people.organisations)
        self._domains: dict[str, Customer] = {}
        for row in rows:
            if row.domain is not None:
                self._domains.setdefault(domain_key(row.domain), row)
        self.customers: Mapping[str, Person] = self._persons(rows)
        self.explicitly_without: frozenset[str] = frozenset(
            key for row in rows if row.account is False for key in _keys(row)
        )

    def person(self, address: str) -> Person | None:
        """Whoever has exactly that address, agent or customer."""
        key = address_key(address)
        return self.agents.get(key) or self.customers.get(key)

    def who(self, address: str) -> Person | None:
        """The same, or somebody of the organisation whose domain it is; None for a stranger."""
        known = self.person(address)
        if known is not None:
            return known
        row = self._row_of_domain(domain_of(address))
        if row is None:
            return None
        return _person(Address(address), (address_key(address),), row, None, is_listed=False)

    @property
    def domains(self) -> tuple[Person, ...]:
        """Everybody at a customer's domain, as one of theirs: by an address that stands for all."""
        found = ((Address(f"*@{'*' if key.startswith('.') else ''}{key}"), row) for key, row in self._domains.items())
        return tuple(_person(all_of, (all_of.address,), row, None, is_listed=False) for all_of, row in found)

    def _persons(self, rows: Iterable[Customer]) -> dict[str, Person]:
        found: dict[str, Person] = {}
        for row in rows:
            if row.address is None:
                continue
            keys = tuple(dict.fromkeys(key for key in _keys(row) if key not in found))
            if not keys:
                continue
            above = self._row_of_domain(domain_of(row.address))
            person = _person(Address(row.address, row.name), keys, row, above, is_listed=True)
            found |= dict.fromkeys(keys, person)
        return found

    def _row_of_domain(self, domain: str) -> Customer | None:
        """The row of the domain itself, else that of the longest one that it lies below."""
        if not domain or not self._domains:
            return None
        row = self._domains.get(domain)
        while row is None and domain:
            domain = domain.partition(".")[2]
            row = self._domains.get(f".{domain}")
        return row


def domain_key(written: str) -> str:
    """A domain of the rules in its compared form, the dot of `all below it` kept."""
    below = "." if written.startswith(".") else ""
    return below + domain_of(f"x@{written.removeprefix('.')}")


def _keys(row: Customer) -> list[str]:
    return [address_key(a) for a in (*([row.address] if row.address else []), *(row.also or ()))]


def _person(
    address: Address, keys: tuple[str, ...], row: Customer, above: Customer | None, *, is_listed: bool
) -> Person:
    """What the row of an address leaves out is taken from that of its domain. A listed person has an account unless
    their row says no; people of a domain have one only if its row says yes."""
    over = above or row
    integrator = row.integrator or (over.integrator if row.relation in (None, "indirect") else None) or ""
    return Person(
        address,
        row.language or over.language or "",
        row.organisation or over.organisation,
        plans=row.plan or over.plan or (),
        relation=row.relation or over.relation or ("indirect" if integrator else "direct"),
        integrator=integrator,
        contact=row.contact_address or over.contact_address,
        has_account=is_listed if row.account is None else row.account,
        keys=keys,
        is_listed=is_listed,
    )
