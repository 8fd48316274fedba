"""The command line: which commands are there, and which exit code does each end have?

Imports here stay light: a command imports what it needs when it runs, so that `maild --help` is quick.
"""

import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from maild import __version__
from maild.cli import check, demo, explain, held, outbox, parse, run, simulate, status, tickets
from maild.cli.codes import BAD_CONFIG, BAD_INPUT, UNREACHABLE, USAGE
from maild.errors import BadConfig, BadInput, Temporary, Unreachable

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
        print(f"maild {__version__}")
        raise typer.Exit


@app.callback()
def _maild(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say it and end.")] = False,
) -> None:
    """A helpdesk that lives in the mail."""


app.command("run")(run.run)
app.command("demo")(demo.demo)
app.command("check")(check.check)
app.command("parse")(parse.parse)
app.command("explain")(explain.explain)
app.command("simulate")(simulate.simulate)
app.add_typer(tickets.app, name="tickets")
app.add_typer(held.app, name="held")
app.add_typer(outbox.app, name="outbox")
app.command("status")(status.status)


def main(argv: list[str] | None = None) -> int:
    """Run one command line (without the program's name; default: the process's). The exit code: see codes.py."""
    try:
        code = typer.main.get_command(app).main(args=argv, prog_name="maild", standalone_mode=False)
    except TyperException as error:
        print(f"maild: {error.format_message()}", file=sys.stderr)
        return USAGE
    except typer.Abort:
        return 1
    except BadConfig as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return BAD_CONFIG
    except BadInput as error:
        print(f"maild: {error}", file=sys.stderr)
        return BAD_INPUT
    except (Temporary, Unreachable) as error:
        print(f"maild: {error}", file=sys.stderr)
        return UNREACHABLE
    return code if isinstance(code, int) else 0
