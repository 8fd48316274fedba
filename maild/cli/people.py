"""`maild people`: who is who, who gets an account, and what happens when an agent leaves?"""

import getpass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from maild.cli.options import RULES, Json, Rules
from maild.cli.output import one_line, say, show_fields, show_json, show_table

if TYPE_CHECKING:
    from pathlib import Path

    from maild.personal_effects import OptIn, OptOut
    from maild.settings import Settings
    from maild.ticket import Person, Ticket

app = typer.Typer(help="Customers, organisations, accounts and agents.", no_args_is_help=True)
Who = Annotated[str, typer.Argument(metavar="ADDRESS", help="A mail address.")]


@app.command("list")
def list_(rules: Rules = RULES, as_json: Json = False) -> None:
    """List agents, customers, whole domains and whoever was admitted, by address."""
    from maild.cli.place import opened_or_empty, settings_of
    from maild.people.accounts import person_of
    from maild.store.absences import absences
    from maild.store.accounts import all_admitted
    from maild.store.departures import departed

    settings = settings_of(rules)
    with opened_or_empty(settings) as database:
        admitted, gone = database.read_now(all_admitted), database.read_now(departed)
        settings = settings.with_absences(database.read_now(absences))
    keys = [*settings.agents, *settings.customers, *(row.key for row in admitted)]
    people: dict[str, Person] = {}
    for key in dict.fromkeys(keys):
        who = person_of(settings, key, admitted)
        if who is not None and not (key in gone and key in settings.agents):
            people.setdefault(who.keys[0], who)
    people |= {who.keys[0]: who for who in settings.directory.domains}
    lines = [_json(who, settings) for _, who in sorted(people.items())]
    if as_json:
        show_json(lines)
        return
    rows = [
        (
            *(line[key] for key in ("address", "name", "kind", "organisation")),
            ", ".join(line["plans"] or line["teams"]),
            "yes" if line["account"] else "no",
            ", ".join(line["also"]),
            line["away_until"] or "",
        )
        for line in lines
    ]
    show_table(("address", "name", "is", "organisation", "plans or teams", "account", "also", "away until"), rows)


@app.command()
def show(address: Who, rules: Rules = RULES, as_json: Json = False) -> None:
    """Say who has this address: organisation, plans, account, other addresses, open tickets."""
    from maild.cli.place import opened_or_empty, settings_of
    from maild.mail import address_key
    from maild.store.accounts import person_in
    from maild.store.departures import departed, open_tickets_with
    from maild.store.opt_outs import opted_out
    from maild.store.tickets import open_tickets_of

    settings, key = settings_of(rules), address_key(address)
    with opened_or_empty(settings) as database:
        gone = database.read_now(departed)
        settings = settings.without_agents(gone)
        who = database.read_now(partial(person_in, settings=settings, sender=key))
        keys = who.keys if who else (key,)
        asked = database.read_now(lambda session: open_tickets_of(session, *keys, limit=100))
        refused = sorted(database.read_now(partial(opted_out, keys=keys)))
        in_hand = database.read_now(partial(open_tickets_with, agent=key))
    fields: dict[str, Any] = (
        _json(who, settings) if who else {"address": address, "kind": "left" if key in gone else "unknown"}
    )
    fields["no_reminders"] = refused
    tickets = [_ticket(t, settings) for t in (*asked, *in_hand)]
    if as_json:
        show_json(fields | {"tickets": tickets})
        return
    show_fields([(name, ", ".join(v) if isinstance(v, list) else _shown(v)) for name, v in fields.items()])
    for line in tickets:
        say(f"  {line['reference']}, {line['status']}, {one_line(line['subject'])}")
    if who is None and key not in gone:
        say("Nobody of the rules has this address or its domain, and no agent has admitted it.")


@app.command()
def admit(
    address: Who,
    name: Annotated[str, typer.Option(metavar="NAME", help="How they are called.")] = "",
    same_as: Annotated[
        str, typer.Option("--same-as", metavar="ADDRESS", help="It is another address of this customer.")
    ] = "",
    rules: Rules = RULES,
    as_json: Json = False,
) -> None:
    """Give somebody an account. Their held messages go on at once."""
    from maild.cli.place import opened, present, settings_of
    from maild.errors import BadInput
    from maild.mail import Address, is_deliverable
    from maild.plan.accounts import admit_account
    from maild.store.accounts import person_in
    from maild.store.apply import apply

    settings = settings_of(rules)
    for given in filter(None, (address, same_as)):
        if not is_deliverable(given):
            raise BadInput(f"'{given}' is no mail address; write it like alice@example.com")

    def work(session: Any) -> None:
        owner = person_in(session, settings, same_as) if same_as else None
        first = owner.keys[0] if owner else same_as  # that address may itself have been joined to another
        effects = admit_account(settings, Address(address, " ".join(name.split())), by=_operator(), owner=first)
        apply(session, effects, present().now())

    with opened(settings, writes=True) as database:
        database.write_now(work)
    if as_json:
        show_json({"address": address, "same_as": same_as})
    else:
        say(f"{address} has an account" + (f": that of {same_as}." if same_as else "."))


@app.command("opt-out")
def opt_out(address: Who, rules: Rules = RULES) -> None:
    """Send somebody no more reminders and no more requests for a rating. All other mails go on."""
    from maild.errors import BadInput
    from maild.mail import address_key, is_deliverable
    from maild.personal_effects import OptOut

    if not is_deliverable(address):
        raise BadInput(f"'{address}' is no mail address; write it like alice@example.com")
    if not _refuse_or_allow(rules, OptOut(address_key(address), _operator())):
        raise BadInput(f"{address} gets no reminders already")
    say(f"{address} gets no more reminders and is asked for no rating.")


@app.command("opt-in")
def opt_in(address: Who, rules: Rules = RULES) -> None:
    """Send somebody reminders and requests for a rating again, who had refused them."""
    from maild.errors import BadInput
    from maild.mail import address_key
    from maild.personal_effects import OptIn

    if not _refuse_or_allow(rules, OptIn(address_key(address))):
        raise BadInput(f"{address} gets reminders already: nobody has refused them")
    say(f"{address} gets reminders again.")


def _refuse_or_allow(rules: "Path", effect: "OptOut | OptIn") -> bool:
    """Whether that changed anything."""
    from maild.cli.place import opened, present, settings_of
    from maild.personal_effects import OptIn
    from maild.store.apply import apply
    from maild.store.opt_outs import opted_out

    def work(session: Any) -> bool:
        is_needed = (effect.key in opted_out(session, [effect.key])) == isinstance(effect, OptIn)
        apply(session, [effect] if is_needed else [], present().now())
        return is_needed

    with opened(settings_of(rules), writes=True) as database:
        return database.write_now(work)


@app.command()
def leave(
    address: Who,
    to: Annotated[
        str, typer.Option("--to", metavar="ADDRESS|TEAM", help="Who takes over; else each queue's team.")
    ] = "",
    rules: Rules = RULES,
    as_json: Json = False,
) -> None:
    """An agent leaves: their references are dead at once, their open tickets are handed on."""
    from maild.cli.place import desk_of, opened, present, settings_of
    from maild.effects import ChangeTicket
    from maild.errors import BadInput
    from maild.mail import address_key
    from maild.plan.leaving import leave as plan
    from maild.plan.occasions import Cause
    from maild.store.apply import apply
    from maild.store.departures import departed, open_tickets_with, was_agent
    from maild.store.occasions import with_rules
    from maild.store.tickets import load_of_agents

    settings, key = settings_of(rules), address_key(address)
    desk = desk_of(settings)

    def work(session: Any) -> list[Any]:
        gone = departed(session) | {key}
        if key not in settings.agents and key not in gone - {key} and not was_agent(session, key):
            known = ", ".join(sorted(settings.agents))
            raise BadInput(f"no agent has the address {address}; agents are {known}")
        stay = settings.without_agents(gone)
        if key in stay.agents:
            raise BadInput(f"{address} is the last agent: name another one in rules.yaml first")
        if address_key(to) == key:
            raise BadInput(f"{address} can't take over from themselves; name somebody else")
        now = present().now()
        tickets = open_tickets_with(session, key)
        effects = plan(desk.with_settings(stay), key, tickets, load_of_agents(session), to, now)
        cause = Cause(f"leave:{key}:{now:%Y%m%d%H%M%S}", now)
        apply(session, with_rules(session, desk.with_settings(stay), tickets, effects, cause), now)
        return effects

    with opened(settings, writes=True) as database:
        effects = database.write_now(work)
    handed = {e.number: e.changes["assignee"] for e in effects if isinstance(e, ChangeTicket)}
    brand = settings.site.reference
    if as_json:
        show_json({"address": address, "tickets": {f"{brand}-{n}": taker for n, taker in handed.items()}})
        return
    say(f"{address} is an agent no longer: no reference of theirs counts any more.")
    for number, taker in handed.items():
        say(f"  {brand}-{number} goes to {taker}")
    if not handed:
        say("No open ticket was in their hands.")
    if key in settings.agents:
        say(f"Take their line out of {rules.name} when you next change it.")


def _json(who: "Person", settings: "Settings") -> dict[str, Any]:
    from maild.cli.place import present
    from maild.plan.handing_over import until as away_until

    key = who.keys[0]
    until = away_until(who, present().now().astimezone(settings.site.zone).date())
    return {
        "address": who.address.address,
        "name": who.address.name,
        "kind": "agent" if key in settings.agents else who.relation or "admitted",
        "organisation": who.organisation,
        "plans": list(who.plans),
        "teams": list(who.teams),
        "integrator": who.integrator,
        "contact": f"{who.contact.name} <{who.contact.address}>" if who.contact else "",
        "language": who.language,
        "account": who.has_account,
        "also": list(who.keys[1:]),
        "away_until": until.isoformat() if until else None,
    }


def _ticket(ticket: "Ticket", settings: "Settings") -> dict[str, Any]:
    reference = f"{settings.site.reference}-{ticket.number}"
    return {"reference": reference, "status": ticket.status.value, "subject": ticket.subject}


def _shown(value: object) -> str:
    return {True: "yes", False: "no"}.get(value, "") if isinstance(value, bool) else str(value)


def _operator() -> str:
    """Who gives the command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
