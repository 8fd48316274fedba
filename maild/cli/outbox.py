"""`maild outbox`: which mails are to be sent, and what became of them?"""

import sys
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from maild.cli.options import RULES, Json, Rules
from maild.cli.output import iso, local, say, show_fields, show_json, show_table, stdout

if TYPE_CHECKING:
    from maild.store.queries import OutboxLine

app = typer.Typer(help="Mails to send, and what became of them.", no_args_is_help=True)


@app.command("list")
def list_(
    state: Annotated[
        str | None, typer.Option(help="queued, sending, uncertain, sent, refused, held, cancelled")
    ] = None,
    rules: Rules = RULES,
    as_json: Json = False,
) -> None:
    """List mails, oldest first."""
    from maild.cli.place import opened, settings_of
    from maild.store import queries
    from maild.store.tables import OUTBOX_STATES

    if state is not None and state not in OUTBOX_STATES:
        raise typer.BadParameter(f"'{state}' is no state; one of {', '.join(OUTBOX_STATES)}")
    settings = settings_of(rules)
    with opened(settings) as database:
        lines = database.read_now(partial(queries.outbox, state=state))
    zone = settings.site.zone
    if as_json:
        show_json([_json(line, zone) for line in lines])
    elif not lines:
        say("There are no such mails." if state else "No mail has been written yet.")
    else:
        heads = ("id", "state", "written", "template", "ticket", "to", "tries", "reason", "subject")
        show_table(
            heads,
            [
                (
                    line.id,
                    line.state,
                    local(line.created_at, zone),
                    line.template,
                    line.ticket or "",
                    line.recipient,
                    line.attempts,
                    line.reason,
                    line.subject,
                )
                for line in lines
            ],
        )


@app.command()
def show(
    number: Annotated[int, typer.Argument(metavar="ID", help="As `maild outbox list` shows it.")],
    rules: Rules = RULES,
    as_json: Json = False,
    raw: Annotated[bool, typer.Option("--raw", help="The mail byte by byte, as it leaves.")] = False,
) -> None:
    """Show one mail and what became of it."""
    from maild.cli.place import opened, settings_of
    from maild.errors import BadInput
    from maild.reading import read
    from maild.store import queries

    if raw and as_json:
        raise typer.BadParameter("--raw and --json do not go together")
    settings = settings_of(rules)
    with opened(settings) as database:
        lines = database.read_now(partial(queries.outbox, outbox_id=number))
        data = database.read_now(partial(queries.outbox_bytes, outbox_id=number))
    if not lines or data is None:
        raise BadInput(f"there is no mail {number} in the outbox; `maild outbox list` shows them")
    line, zone = lines[0], settings.site.zone
    if raw:
        stream = stdout()
        if stream is sys.stdout:
            stream.flush()
            sys.stdout.buffer.write(data)
        else:
            stream.write(data.decode("utf-8", "replace"))
        return
    text = read(data).text
    if as_json:
        show_json({**_json(line, zone), "text": text})
        return
    show_fields(
        [
            ("mail", line.id),
            ("state", line.state),
            ("template", line.template),
            ("ticket", line.ticket),
            ("to", line.recipient),
            ("subject", line.subject),
            ("written", local(line.created_at, zone)),
            ("ended", local(line.ended_at, zone)),
            ("next try", "" if line.ended_at else local(line.next_at, zone)),
            ("tries", line.attempts),
            ("reason", line.reason),
            ("server said", line.detail),
            ("message id", line.message_id),
        ]
    )
    say(f"\n{text}")


def _json(line: "OutboxLine", zone: ZoneInfo) -> dict[str, Any]:
    instants = {name: iso(getattr(line, name), zone) for name in ("created_at", "next_at", "ended_at")}
    return asdict(line) | instants
