"""The command line: which commands are there, and which exit code does each end have?

Imports here stay light: a command imports what it needs when it runs, so that `maild --help` is quick.
"""

from typing import Annotated

import typer
from typer.exceptions import TyperException

from maild import __version__
from maild.cli import (
    audit,
    block,
    check,
    clock,
    demo,
    due,
    explain,
    forecast,
    held,
    moves,
    outbox,
    parse,
    people,
    preview,
    run,
    schema,
    simulate,
    stats,
    status,
    tickets,
    topics,
)
from maild.cli.codes import BAD_CONFIG, BAD_INPUT, DISK_FAILED, DOES_NOT_HOLD, DONE, UNREACHABLE, USAGE
from maild.cli.output import note, say
from maild.errors import BadConfig, BadInput, DiskFailed, Temporary, Unreachable

app = typer.Typer(
    name="maild",
    help="A helpdesk that lives in the mail.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        say(f"maild {__version__}")
        raise typer.Exit


@app.callback()
def _maild(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say it and end.")
    ] = False,
) -> None:
    """A helpdesk that lives in the mail."""


app.command("run")(run.run)
app.command("demo")(demo.demo)
app.command("check")(check.check)
app.command("preview")(preview.preview)
app.command("schema")(schema.schema)
app.command("parse")(parse.parse)
app.command("explain")(explain.explain)
app.command("due")(due.due)
app.command("forecast")(forecast.forecast)
app.command("stats")(stats.stats)
app.command("simulate")(simulate.simulate)
app.add_typer(tickets.app, name="tickets")
app.add_typer(topics.app, name="topics")
app.add_typer(moves.references, name="references")
app.add_typer(held.app, name="held")
app.add_typer(people.app, name="people")
app.add_typer(block.app, name="block")
app.add_typer(outbox.app, name="outbox")
app.add_typer(clock.app, name="clock")
app.command("audit")(audit.audit)
app.command("status")(status.status)


def dispatch(argv: list[str] | None) -> int:
    """Run one command line; what is wrong is raised: TyperException (usage), BadConfig, BadInput, Unreachable, ..."""
    code = typer.main.get_command(app).main(args=argv, prog_name="maild", standalone_mode=False)
    return code if isinstance(code, int) else DONE


def main(argv: list[str] | None = None) -> int:
    """Run one command line (without the program's name; default: the process's). The exit code: see codes.py."""
    try:
        return dispatch(argv)
    except TyperException as error:
        return _refused(USAGE, error.format_message())
    except typer.Abort:
        return _refused(DOES_NOT_HOLD, "stopped")
    except BadConfig as error:
        return _refused(BAD_CONFIG, *map(str, error.problems))
    except BadInput as error:
        return _refused(BAD_INPUT, str(error))
    except DiskFailed as error:
        return _refused(DISK_FAILED, str(error))
    except (Temporary, Unreachable) as error:
        return _refused(UNREACHABLE, str(error))


def _refused(code: int, *lines: str) -> int:
    for line in lines:
        note(line)
    return code
