"""Are the customers and organisations told apart: is each address one person's, each domain one organisation's?"""

from collections.abc import Iterator

from maild.mail import address_key
from maild.rules.finding import Finding, Path, Subject, hint
from maild.rules.lint_rules import conditions_of
from maild.rules.words import folded
from maild.settings import Customer, Settings
from maild.settings.directory import domain_key

# Where everybody may have an address: no organisation's own.
_MAIL_FOR_ALL = """
    aol.com bbox.fr free.fr gmail.com gmx.de gmx.fr googlemail.com hotmail.com hotmail.fr icloud.com laposte.net
    live.com live.fr mail.com me.com msn.com neuf.fr numericable.fr orange.fr outlook.com outlook.fr proton.me
    protonmail.com sfr.fr wanadoo.fr web.de yahoo.com yahoo.fr
"""
_EVERYBODYS = frozenset(_MAIL_FOR_ALL.split())


def rows(settings: Settings) -> Iterator[tuple[Path, Customer]]:
    """Every row with where it stands."""
    for key in ("customers", "organisations"):
        for i, row in enumerate(getattr(settings.people, key)):
            yield ("people", key, i), row


def addresses(settings: Settings) -> Iterator[tuple[Path, str, Path]]:
    """Every address of a customer: where it stands, the address, and the row that it belongs to."""
    for path, row in rows(settings):
        if row.address is not None:
            yield (*path, "address"), row.address, path
        for n, other in enumerate(row.also or ()):
            yield (*path, "also", n), other, path


def people_stand_once(desk: Subject) -> Iterator[Finding]:
    """People who are listed twice, and addresses of two people."""
    people = desk.settings.people
    agents: dict[str, int] = {}
    for i, agent in enumerate(people.agents):
        if agents.setdefault(address_key(agent.address), i) != i:
            path: Path = ("people", "agents", i, "address")
            yield Finding(path, f"'{agent.address}' is an agent twice; keep one, with all their teams")
    owners: dict[str, tuple[Path, Path]] = {}
    for path, address, row in addresses(desk.settings):
        key = address_key(address)
        first, owner = owners.setdefault(key, (path, row))
        if key in agents:
            yield Finding(path, f"'{address}' is an agent too; keep them in one of the two lists")
        elif owner != row and first[-1] == path[-1] == "address":
            yield Finding(path, f"'{address}' is a customer twice; keep one")
        elif owner != row:
            what = f"'{address}' belongs to two people; an address is one person's: keep it in one row"
            yield Finding(path, what)
        elif first != path:
            yield Finding(path, f"'{address}' stands twice in this row; keep one")
    domains: dict[str, Path] = {}
    for path, customer in rows(desk.settings):
        if customer.domain is not None and domains.setdefault(domain_key(customer.domain), path) != path:
            yield Finding((*path, "domain"), f"the domain '{customer.domain}' stands twice; keep one row for it")


def integrators_are_partners(desk: Subject) -> Iterator[Finding]:
    """Integrators who are nobody, and relations that contradict themselves."""
    known = desk.settings.customers
    partners = {p.address.address for p in known.values() if p.relation == "partner"}
    for path, row in rows(desk.settings):
        if row.integrator is None:
            if row.relation == "indirect" and not _of_domain(desk.settings, row):
                what = "an indirect customer without an `integrator`: nobody can say who serves them"
                yield Finding((*path, "relation"), what, "warning")
            continue
        at = (*path, "integrator")
        integrator = known.get(address_key(row.integrator))
        if row.relation in ("direct", "partner"):
            what = f"a {row.relation} customer has no integrator; write `relation: indirect`, or remove it"
            yield Finding(at, what)
        elif integrator is None:
            what = f"the integrator '{row.integrator}' is nobody's address; give them a row with `relation: partner`"
            yield Finding(at, what + (hint(row.integrator, partners) if partners else ""))
        elif integrator.relation != "partner":
            what = f"the integrator '{row.integrator}' is no partner; write `relation: partner` in their row"
            yield Finding(at, what)


def _of_domain(settings: Settings, row: Customer) -> bool:
    person = settings.who(row.address) if row.address is not None else None
    return person is not None and person.integrator != ""


def domains_are_a_customers_own(desk: Subject) -> Iterator[Finding]:
    """Domains at which everybody may have an address."""
    for path, row in rows(desk.settings):
        if row.domain is not None and domain_key(row.domain).removeprefix(".") in _EVERYBODYS:
            what = f"anybody may have an address at {row.domain}: list the persons, with their addresses"
            yield Finding((*path, "domain"), what, "warning")


def conditions_name_known_people(desk: Subject) -> Iterator[Finding]:
    """Plans and organisations that no customer has. Only a warning: tomorrow's list may have them."""
    plans: dict[str, str] = {}
    names: dict[str, str] = {}
    for _, row in rows(desk.settings):
        plans |= {folded(plan): plan for plan in row.plan or ()}
        names |= {folded(row.organisation): row.organisation} if row.organisation else {}
    for path, condition in conditions_of(desk.settings):
        for key, said, known in (("plan", condition.plan, plans), ("organisation", condition.organisation, names)):
            for n, word in enumerate(said or ()):
                if folded(word) not in known:
                    what = f"no customer has the {key} '{word}'{hint(word, list(known.values())[:1000])}"
                    yield Finding((*path, key, n), what, "warning")
