"""`maild clock confirm`: the clock has jumped ahead, and it is right."""

import typer

from maild.cli.options import RULES, Json, Rules
from maild.cli.output import say, show_json

app = typer.Typer(help="The clock of this machine, where it has jumped.", no_args_is_help=True)


@app.command()
def confirm(rules: Rules = RULES, as_json: Json = False) -> None:
    """Say that the clock is right after a jump: what waited for that, like reminders, happens now."""
    from maild.cli.place import opened, settings_of
    from maild.store import clock_doubt

    with opened(settings_of(rules), writes=True) as database:
        was_doubted = database.write_now(clock_doubt.settle)
    if as_json:
        show_json({"confirmed": True, "changed": was_doubted})
    else:
        say("The clock is believed again." if was_doubted else "The clock was not in doubt.")
