"""Can what the rules ask for be given: is each need and field known, and does an answer decide on it?"""

from collections.abc import Iterator

from maild.rules.finding import Finding, Path, Subject, hint
from maild.rules.lint_rules import conditions_of
from maild.settings import Condition
from maild.settings.actions import INTEGRATOR

# What a customer's words can change.
_WRITTEN = ("subject", "body", "text", "field", "attachment", "has")


def needs_exist(desk: Subject) -> Iterator[Finding]:
    """Needs that rules require, invite to, or look for."""
    needs = desk.settings.every_need
    named: list[tuple[Path, str]] = []
    for i, rule in enumerate(desk.settings.rules):
        for key in ("require", "invite"):
            named += [(("rules", i, "then", key, n), need) for n, need in enumerate(getattr(rule.then, key) or ())]
    named += [
        ((*path, "has", n), need) for path, c in conditions_of(desk.settings) for n, need in enumerate(c.has or ())
    ]
    for path, need in named:
        if need not in needs:
            yield Finding(path, f"there is no need '{need}'{hint(need, needs, 'say under `needs` how it is known')}")


def fields_exist(desk: Subject) -> Iterator[Finding]:
    """Fields that conditions look at, and fields of which nothing says how customers write them."""
    fields = desk.settings.every_field
    for path, condition in conditions_of(desk.settings):
        for name in condition.field or ():
            if name not in fields:
                what = f"there is no field '{name}'{hint(name, fields, 'say under `fields` how customers write it')}"
                yield Finding((*path, "field", name), what)
    for name, said in desk.settings.fields.items():
        if not fields[name].names:
            what = f"nothing says how customers write '{name}'; add its names, such as names: [Numéro de facture]"
            yield Finding(("fields", name), what)
        elif not said.model_fields_set:
            yield Finding(("fields", name), f"'{name}' is known without a word; remove it, or say more", "warning")


def needs_can_be_given(desk: Subject) -> Iterator[Finding]:
    """Needs that are always there, and needs on which nothing decides that a customer writes."""
    for name, need in desk.settings.needs.items():
        if need.if_ == Condition():
            yield Finding(("needs", name, "if"), f"'{name}' is always there; say by what it is known")
        elif not any(getattr(c, test) is not None for c in need.if_.within() for test in _WRITTEN):
            what = f"no answer could ever give '{name}'; let it look at one of: {', '.join(_WRITTEN)}"
            yield Finding(("needs", name, "if"), what)
        elif name in (need.if_.has or ()):
            yield Finding(("needs", name, "if", "has"), f"'{name}' is known by itself; say by what else")


def redirections_reach_somebody(desk: Subject) -> Iterator[Finding]:
    """Redirections to an integrator where nobody has one."""
    people = desk.settings.people
    has_one = any(row.integrator for row in (*people.customers, *people.organisations))
    for i, rule in enumerate(desk.settings.rules):
        to = rule.then.redirect.to if rule.then.redirect else ()
        if tuple(to) == (INTEGRATOR,) and not has_one:
            what = "no customer has an integrator, so this redirects nobody; name one in their row, or write an address"
            yield Finding(("rules", i, "then", "redirect", "to"), what, "warning")


def requests_are_not_forgotten(desk: Subject) -> Iterator[Finding]:
    """Requests that wait for something and of which nobody is ever reminded."""
    if desk.settings.waiting:
        return
    for i, rule in enumerate(desk.settings.rules):
        if rule.then.require:
            what = "a request that lacks this waits, and without steps under `waiting` nobody is reminded of it"
            yield Finding(("rules", i, "then", "require"), f"{what}; add a step such as after: 2 days", "warning")
            return
