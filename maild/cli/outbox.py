"""`maild outbox`: which mails are to be sent, and what became of them?"""

import sys
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from maild.cli.options import RULES, Json, Observed, Rules
from maild.cli.output import iso, local, note, say, show_fields, show_json, show_table, stdout
from maild.cli.words import OUTBOX_REASONS, explained, number_in

if TYPE_CHECKING:
    from maild.store.database import Database
    from maild.store.lines import OutboxLine

app = typer.Typer(help="Mails to send, and what became of them.", no_args_is_help=True)


@app.command("list")
def list_(
    state: Annotated[
        str | None, typer.Option(help="queued, sending, uncertain, sent, refused, held, cancelled")
    ] = None,
    rules: Rules = RULES,
    as_json: Json = False,
    observed: Observed = False,
) -> None:
    """List mails, oldest first."""
    from maild.cli.place import opened, settings_of
    from maild.store import orders, queries
    from maild.store.tables import OUTBOX_STATES

    if state is not None and state not in OUTBOX_STATES:
        raise typer.BadParameter(f"'{state}' is no state; one of {', '.join(OUTBOX_STATES)}")
    settings = settings_of(rules, observed=observed)
    with opened(settings) as database:
        lines = database.read_now(partial(queries.outbox, state=state))
        since = database.read_now(orders.paused_since)
    zone = settings.site.zone
    if since is not None:
        note(f"The outbox is paused since {local(since, zone)}; `maild outbox resume` lets mails leave again.")
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
    number: Annotated[int, number_in("maild outbox list")],
    rules: Rules = RULES,
    as_json: Json = False,
    observed: Observed = False,
    raw: Annotated[bool, typer.Option("--raw", help="The mail byte by byte, as it leaves.")] = False,
) -> None:
    """Show one mail and what became of it."""
    from maild.cli.place import opened, settings_of
    from maild.errors import BadInput
    from maild.reading import read
    from maild.store import queries

    if raw and as_json:
        raise typer.BadParameter("--raw and --json do not go together")
    settings = settings_of(rules, observed=observed)
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
            ("reason", explained(line.reason, OUTBOX_REASONS.get(line.reason, ""))),
            ("server said", line.detail),
            ("message id", line.message_id),
        ]
    )
    say(f"\n{text}")


@app.command()
def pause(rules: Rules = RULES, as_json: Json = False) -> None:
    """Pull the brake: from now on no mail begins to leave. What is on its way at this moment arrives."""
    from maild.cli.place import opened, present, settings_of
    from maild.store import orders

    settings = settings_of(rules)
    with opened(settings, writes=True) as database:
        is_new = database.write_now(partial(orders.pause, now=present().now()))
    if as_json:
        show_json({"paused": True, "changed": is_new})
    else:
        say("The outbox is paused." if is_new else "The outbox was paused already.")


@app.command()
def resume(rules: Rules = RULES, as_json: Json = False) -> None:
    """Release the brake: mails leave again, also if the server is only to be tried later."""
    from maild.cli.place import opened, present, settings_of
    from maild.store import orders

    settings = settings_of(rules)
    with opened(settings, writes=True) as database:
        is_new = database.write_now(orders.resume)
        database.write_now(partial(orders.try_now, now=present().now()))
    if as_json:
        show_json({"paused": False, "changed": is_new})
    else:
        say("Mails leave again." if is_new else "The outbox was not paused.")


One = Annotated[int | None, number_in("maild outbox list")]
AllHeld = Annotated[
    str | None, typer.Option("--held", metavar="REASON", help="Every mail that is held for this reason.")
]


def _must_say_which(number: int | None, held: str | None) -> None:
    if (number is None) == (held is None):
        raise typer.BadParameter("say which: an ID, or --held REASON")


@app.command()
def retry(
    number: One = None,
    held: AllHeld = None,
    rules: Rules = RULES,
    as_json: Json = False,
) -> None:
    """Try a mail again that was refused, held, is uncertain, unconfirmed or waits: now, and with the same bytes."""
    from maild.cli.place import opened, present, settings_of
    from maild.store import orders

    _must_say_which(number, held)
    settings, now = settings_of(rules), present().now()
    with opened(settings, writes=True) as database:
        if number is not None:
            was = database.write_now(partial(orders.retry, number=number, now=now))
            shown: dict[str, Any] = {"id": number, "was": was, "state": "queued"}
            text = f"Mail {number} was {was}; it is tried again now."
            if was in ("sent", "uncertain"):
                text = f"Nobody can tell whether mail {number} arrived; it is sent again now, and may arrive twice."
        else:
            many = database.write_now(partial(orders.retry_held, reason=held or "", now=now))
            _must_be_some(many, held or "", database)
            shown = {"held": held, "retried": many}
            text = f"{many} held {'mail is' if many == 1 else 'mails are'} tried again now."
        database.write_now(partial(orders.try_now, now=now))
    if as_json:
        show_json(shown)
    else:
        say(text)


@app.command()
def cancel(
    number: One = None,
    held: AllHeld = None,
    rules: Rules = RULES,
    as_json: Json = False,
) -> None:
    """Keep a mail that has not left from leaving."""
    from maild.cli.place import opened, present, settings_of
    from maild.store import orders

    _must_say_which(number, held)
    settings, now = settings_of(rules), present().now()
    with opened(settings, writes=True) as database:
        if number is not None:
            was = database.write_now(partial(orders.cancel, number=number, now=now))
            shown: dict[str, Any] = {"id": number, "was": was, "state": "cancelled"}
            text = f"Mail {number} will not leave."
        else:
            many = database.write_now(partial(orders.cancel_held, reason=held or "", now=now))
            _must_be_some(many, held or "", database)
            shown = {"held": held, "cancelled": many}
            text = f"{many} held {'mail' if many == 1 else 'mails'} will not leave."
    if as_json:
        show_json(shown)
    else:
        say(text)


def _must_be_some(many: int, reason: str, database: "Database") -> None:
    """BadInput where no mail is held for that reason: it may be mistyped."""
    from maild.errors import BadInput
    from maild.store import orders

    if not many:
        held = [f"{number} for '{why}'" for why, number in database.read_now(orders.held_for).items()]
        raise BadInput(f"no mail is held for '{reason}'; held are: {', '.join(held) or 'none at all'}")


def _json(line: "OutboxLine", zone: ZoneInfo) -> dict[str, Any]:
    instants = {name: iso(getattr(line, name), zone) for name in ("created_at", "next_at", "ended_at")}
    return asdict(line) | instants
