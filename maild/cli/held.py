"""`maild held`: which mails wait for a person, why, and what becomes of them?"""

import asyncio
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from maild.cli.options import RULES, Json, Observed, Rules
from maild.cli.output import iso, local, operator, say, show_fields, show_json, show_table
from maild.cli.words import ENGLISH, VERDICTS, explained, number_in

if TYPE_CHECKING:
    from maild.store.lines import HeldLine

app = typer.Typer(help="Mails that wait for a person, each with verdict and reason.", no_args_is_help=True)
Id = Annotated[int, number_in("maild held list")]


@app.command("list")
def list_(rules: Rules = RULES, as_json: Json = False, observed: Observed = False) -> None:
    """List held mails, oldest first."""
    from maild.cli.place import opened, present, settings_of
    from maild.plan.digest import due_of
    from maild.store import queries

    settings = settings_of(rules, observed=observed)
    with opened(settings) as database:
        lines = [replace(e, due_at=due_of(settings, e.kept_at)) for e in database.read_now(queries.held)]
    zone = settings.site.zone
    if as_json:
        show_json([_json(line, zone) for line in lines])
    elif not lines:
        say("No mail is held.")
    else:
        rows = [
            (
                e.id,
                local(e.kept_at, zone),
                _due(e, zone, present().now()),
                e.verdict,
                e.reason,
                e.sender or "?",
                e.ticket or "",
                e.subject,
            )
            for e in lines
        ]
        show_table(("id", "arrived", "due", "verdict", "reason", "from", "ticket", "subject"), rows)


@app.command()
def show(number: Id, rules: Rules = RULES, as_json: Json = False, observed: Observed = False) -> None:
    """Show one held mail: verdict, reason, and what it says."""
    from maild.cli.place import opened, present, settings_of
    from maild.errors import BadInput
    from maild.reading import as_json as mail_json
    from maild.reading import read
    from maild.reading.hiding import as_shown
    from maild.store import queries
    from maild.store.inbound import InboundStore
    from maild.writing.wording import word

    settings = settings_of(rules, observed=observed)
    with opened(settings) as database:
        lines = database.read_now(partial(queries.held, inbound_id=number))
        if not lines:
            raise BadInput(f"no mail with the number {number} is held; `maild held list` shows those that are")
        inbound = InboundStore(database, settings.store.files, present())
        mail = as_shown(read(database.read_now(partial(inbound.raw_in, inbound_id=number))), settings.secrecy)
    line, zone = lines[0], settings.site.zone
    if as_json:
        show_json({**_json(line, zone), "mail": mail_json(mail)})
        return
    show_fields(
        [
            ("held mail", line.id),
            ("arrived", f"{local(line.kept_at, zone)} in {line.mailbox}"),
            ("verdict", explained(line.verdict, VERDICTS.get(line.verdict, ""))),
            ("reason", explained(line.reason, word(line.reason, ENGLISH))),
            ("ticket", line.ticket),
            ("from", f"{mail.sender.name} <{mail.sender.address}>" if mail.sender else "nobody who can be told"),
            ("subject", mail.subject),
            ("attachments", ", ".join(a.filename for a in mail.attachments)),
        ]
    )
    if not observed:
        say(f"\nTo let it in: maild held release {line.id} (with --into REF into a ticket, with --new as a new one).")
        if line.verdict == "stranger":
            say(f"To make its sender a participant of the ticket, too: maild held admit {line.id}.")
        say(f"If it is to lead to nothing: maild held discard {line.id}.")
    say(f"\n{mail.text}")


@app.command()
def release(
    number: Id,
    into: Annotated[str | None, typer.Option(metavar="REF", help="Into this ticket.")] = None,
    new: Annotated[bool, typer.Option("--new", help="As a new ticket.")] = False,
    rules: Rules = RULES,
    as_json: Json = False,
) -> None:
    """Let a held mail in: as what it would have been, into a ticket, or as a new one."""
    from maild.cli.place import desk_of, intake_on, opened, settings_of, ticket_number

    if into is not None and new:
        raise typer.BadParameter("--into and --new do not go together")
    settings = settings_of(rules)
    target = ticket_number(into, settings) if into is not None else None
    with opened(settings, writes=True) as database:
        _log_quietly()
        intake = intake_on(database, desk_of(settings))
        done = asyncio.run(intake.release(number, into=target, new=new, by=operator()))
    _say_end("released", number, done.verdict.value, done.number, as_json=as_json)


@app.command()
def admit(
    number: Id,
    same_as: Annotated[
        str, typer.Option("--same-as", metavar="ADDRESS", help="It is another address of this customer.")
    ] = "",
    rules: Rules = RULES,
    as_json: Json = False,
) -> None:
    """Make the sender a participant of the ticket that a held mail names, and let it in; or give them the account that
    it waits for, or that of the customer named."""
    from maild.cli.place import desk_of, intake_on, opened, settings_of

    settings = settings_of(rules)
    with opened(settings, writes=True) as database:
        _log_quietly()
        done = asyncio.run(intake_on(database, desk_of(settings)).admit(number, by=operator(), same_as=same_as))
    if done.done == "account" and not as_json:
        say(f"The sender of held mail {number} has an account now, and what they wrote is worked.")
    elif done.done == "joined" and not as_json:
        say(f"The sender of held mail {number} is {same_as} from now on, and what they wrote is worked.")
    else:
        _say_end("admitted", number, done.verdict.value, done.number, as_json=as_json)


@app.command()
def discard(number: Id, rules: Rules = RULES, as_json: Json = False) -> None:
    """Say that a held mail leads to nothing. It stays kept."""
    from maild.cli.place import desk_of, intake_on, opened, settings_of

    settings = settings_of(rules)
    with opened(settings, writes=True) as database:
        _log_quietly()
        intake = intake_on(database, desk_of(settings))
        asyncio.run(intake.discard(number, by=operator()))
    if as_json:
        show_json({"id": number, "verdict": "discarded", "ticket": None})
    else:
        say(f"Held mail {number} is discarded.")


def _say_end(end: str, number: int, verdict: str, ticket: int | None, *, as_json: bool) -> None:
    if as_json:
        show_json({"id": number, "verdict": verdict, "ticket": ticket})
    else:
        say(f"Held mail {number} is {end}: {verdict}" + (f", ticket {ticket}" if ticket else ""))


def _log_quietly() -> None:
    import logging

    from maild.cli.logs import log_to_stderr

    log_to_stderr(logging.WARNING)


def _json(line: "HeldLine", zone: ZoneInfo) -> dict[str, Any]:
    return asdict(line) | {"kept_at": iso(line.kept_at, zone), "due_at": iso(line.due_at, zone)}


def _due(line: "HeldLine", zone: ZoneInfo, now: datetime) -> str:
    mark = " overdue" if line.due_at is not None and line.due_at <= now else ""
    return local(line.due_at, zone) + mark
