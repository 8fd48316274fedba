"""`maild tickets`: which tickets are there, and where does each stand?"""

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from maild.cli.options import RULES, Json, Observed, Rules
from maild.cli.output import iso, local, one_line, say, show_fields, show_json, show_table

if TYPE_CHECKING:
    from maild.settings import Settings
    from maild.store.lines import MessageLine, TicketLine, TimerLine
    from maild.ticket import Ticket

app = typer.Typer(help="Tickets, for the admin and for scripts.", no_args_is_help=True)
Ref = Annotated[str, typer.Argument(metavar="REF", help="1042, ISY-1042 or a whole reference.")]


@app.command("list")
def list_(
    status: Annotated[str | None, typer.Option(help="new, open, pending, on_hold, resolved, closed, cancelled")] = None,
    queue: Annotated[str | None, typer.Option(help="One of the rules file's queues.")] = None,
    assignee: Annotated[str | None, typer.Option(metavar="ADDRESS", help="An agent's address, or `nobody`.")] = None,
    rules: Rules = RULES,
    as_json: Json = False,
    observed: Observed = False,
) -> None:
    """List tickets by number."""
    from maild.cli.place import opened, settings_of
    from maild.lifecycle import Status
    from maild.mail import address_key
    from maild.store import queries

    if status is not None and status not in list(Status):
        raise typer.BadParameter(f"'{status}' is no status; one of {', '.join(Status)}")
    settings = settings_of(rules, observed=observed)
    if queue is not None and queue not in settings.queues:
        raise typer.BadParameter(f"'{queue}' is no queue of the rules file; one of {', '.join(settings.queues)}")
    who = "" if assignee == "nobody" else address_key(assignee) if assignee is not None else None
    with opened(settings) as database:
        lines = database.read_now(partial(queries.tickets, status=status, queue=queue, assignee=who))
    if as_json:
        show_json([_line_json(line, settings) for line in lines])
    elif not lines:
        say(
            "There are no such tickets."
            if (status, queue, assignee) != (None, None, None)
            else "There are no tickets yet."
        )
    else:
        _show_lines(lines, settings)


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="All of them must be found, in any order.")],
    limit: Annotated[int, typer.Option(min=1, help="How many tickets are shown at most.")] = 50,
    rules: Rules = RULES,
    as_json: Json = False,
    observed: Observed = False,
) -> None:
    """Find tickets by words of their subject, of what was written in them, or of who is on them; the newest first."""
    from maild.cli.place import opened, settings_of
    from maild.store import queries
    from maild.store.search import search as found_by

    settings = settings_of(rules, observed=observed)
    with opened(settings) as database:
        numbers, is_more = database.read_now(partial(found_by, written=" ".join(words), limit=limit))
        known = {line.number: line for line in database.read_now(partial(queries.tickets, numbers=numbers))}
    lines = [known[number] for number in numbers]
    if as_json:
        show_json([_line_json(line, settings) for line in lines])
    elif not lines:
        say(f"No ticket holds '{one_line(' '.join(words))}'.")
    else:
        _show_lines(lines, settings)
        if is_more:
            say("There are more; name further words, or a higher --limit.")


@app.command()
def show(ref: Ref, rules: Rules = RULES, as_json: Json = False, observed: Observed = False) -> None:
    """Show a ticket: its fields, who is on it, what was written, what comes next."""
    from maild.cli.place import opened, settings_of, ticket_number
    from maild.errors import BadInput
    from maild.store import queries
    from maild.store.tickets import load_tickets
    from maild.store.topics import name_of

    settings = settings_of(rules, observed=observed)
    number = ticket_number(ref, settings)
    with opened(settings) as database:
        ticket = database.read_now(partial(load_tickets, numbers=[number])).get(number)
        messages = database.read_now(partial(queries.messages, number=number))
        timers = database.read_now(partial(queries.timers, ticket=number))
        topic = database.read_now(partial(name_of, number=ticket.topic)) if ticket and ticket.topic else ""
    if ticket is None:
        raise BadInput(f"there is no ticket {number}; `maild tickets list` shows them")
    armed = [timer for timer in timers if timer.state == "armed"]
    if as_json:
        show_json(_json(ticket, messages, armed, settings) | {"topic": topic or None})
    else:
        _show(ticket, messages, armed, settings, topic)


def _show_lines(lines: "list[TicketLine]", settings: "Settings") -> None:
    rows = [
        (
            f"{settings.site.reference}-{line.number}",
            line.status,
            line.priority,
            line.queue,
            line.assignee or "-",
            line.requester,
            local(line.changed_at, settings.site.zone),
            line.subject,
        )
        for line in lines
    ]
    show_table(("ticket", "status", "priority", "queue", "assignee", "requester", "changed", "subject"), rows)


def _line_json(line: "TicketLine", settings: "Settings") -> dict[str, Any]:
    zone = settings.site.zone
    instants = {"opened_at": iso(line.opened_at, zone), "changed_at": iso(line.changed_at, zone)}
    return {"reference": f"{settings.site.reference}-{line.number}"} | asdict(line) | instants


def _json(
    ticket: "Ticket", messages: "list[MessageLine]", armed: "list[TimerLine]", settings: "Settings"
) -> dict[str, Any]:
    zone = settings.site.zone
    return {
        "reference": f"{settings.site.reference}-{ticket.number}",
        "number": ticket.number,
        "status": ticket.status.value,
        "reason": ticket.reason.value if ticket.reason else "",
        "priority": ticket.priority,
        "asked": _asked(ticket),
        "qualified_by": ticket.qualified_by,
        "escalation": ticket.escalation,
        "queue": ticket.queue,
        "type": ticket.type,
        "product": ticket.product,
        "channel": ticket.channel,
        "impact": ticket.impact,
        "urgency": ticket.urgency,
        "fields": dict(ticket.fields),
        "missing": list(ticket.missing),
        "tags": list(ticket.tags),
        "assignee": ticket.assignee,
        "subject": ticket.subject,
        "mailbox": ticket.mailbox,
        "language": ticket.language,
        "opened_at": iso(ticket.opened_at, zone),
        "waiting_since": iso(ticket.waiting_since, zone),
        "minutes": ticket.minutes,
        "rating": ticket.rating,
        "rating_comment": ticket.rating_comment,
        "rated_at": iso(ticket.rated_at, zone),
        "is_rating_past": ticket.is_rating_past,
        "follows": ticket.follows or None,
        "merged_into": ticket.merged_into or None,
        "linked_to": list(ticket.linked_to),
        "participants": [
            {
                "address": p.address,
                "name": p.name,
                "role": p.role.value,
                "removed": p.is_removed,
                "undeliverable": p.is_undeliverable,
            }
            for p in ticket.participants
        ],
        "messages": [asdict(m) | {"at": iso(m.at, zone)} for m in messages],
        "next": [{"policy": t.policy, "step": t.step, "due_at": iso(t.due_at, zone)} for t in armed],
    }


def _show(
    ticket: "Ticket", messages: "list[MessageLine]", armed: "list[TimerLine]", settings: "Settings", topic: str
) -> None:
    from maild.plan.spending import in_hours

    zone = settings.site.zone
    show_fields(
        [
            ("ticket", f"{settings.site.reference}-{ticket.number}"),
            ("subject", ticket.subject),
            ("status", f"{ticket.status.value}{f' ({ticket.reason.value})' if ticket.reason else ''}"),
            ("priority", ticket.priority),
            ("asked", ", ".join(f"{name} {value}" for name, value in _asked(ticket).items() if value)),
            ("qualified", ticket.qualified_by),
            ("escalated", _escalated(ticket, settings)),
            ("queue", ticket.queue),
            ("type", ticket.type),
            ("product", ticket.product),
            ("channel", ticket.channel),
            ("topic", topic),
            ("impact", ticket.impact),
            ("urgency", ticket.urgency),
            ("missing", ", ".join(ticket.missing)),
            ("tags", ", ".join(ticket.tags)),
            ("assignee", ticket.assignee or "nobody"),
            ("mailbox", ticket.mailbox),
            ("time spent", in_hours(ticket.minutes) if ticket.minutes else ""),
            ("rating", _rating(ticket, zone)),
            ("follows", _named(settings, *[ticket.follows] * bool(ticket.follows))),
            ("merged into", _named(settings, *[ticket.merged_into] * bool(ticket.merged_into))),
            ("linked to", _named(settings, *ticket.linked_to)),
            ("opened", local(ticket.opened_at, zone)),
            ("waits since", local(ticket.waiting_since, zone)),
            *(("next", f"{t.policy} step {t.step}, {local(t.due_at, zone)}") for t in armed),
        ]
    )
    for p in ticket.participants:
        remarks = [word for word, holds in (("removed", p.is_removed), ("undeliverable", p.is_undeliverable)) if holds]
        name = f"{p.name} <{p.address}>" if p.name else p.address
        say(f"  {one_line(name)}, {', '.join([p.role.value, *remarks])}")
    for message in messages:
        say(f"\n{_head(message, zone)}")
        say("\n".join(f"  {line}" for line in message.text.splitlines()))


def _asked(ticket: "Ticket") -> dict[str, str]:
    """What the customer asked for, beside what was given."""
    return {"priority": ticket.asked_priority, "impact": ticket.asked_impact, "urgency": ticket.asked_urgency}


def _rating(ticket: "Ticket", zone: ZoneInfo) -> str:
    past = ", before it was opened again" if ticket.is_rating_past else ""
    return f"{ticket.rating}, {local(ticket.rated_at, zone)}{past}" if ticket.rating else ""


def _escalated(ticket: "Ticket", settings: "Settings") -> str:
    steps = len(settings.escalation.path) if settings.escalation else ticket.escalation
    return f"{ticket.escalation} of {steps} steps" if ticket.escalation else ""


def _named(settings: "Settings", *numbers: int) -> str:
    return ", ".join(f"{settings.site.reference}-{number}" for number in numbers)


def _head(message: "MessageLine", zone: ZoneInfo) -> str:
    remark = "" if message.is_verified else ", sender not verified"
    return f"{local(message.at, zone)}  {message.visibility}  {one_line(message.author) or 'maild'}{remark}"
