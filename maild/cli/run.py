"""`maild run`: the daemon; or with `--observe` one that only looks on."""

from pathlib import Path
from typing import Annotated

import typer

from maild.cli.codes import ALREADY_RUNNING
from maild.cli.options import RULES, Rules


def run(
    rules: Rules = RULES,
    observe: Annotated[
        bool, typer.Option("--observe", help="Read, decide and explain; move and send nothing. For the first day.")
    ] = False,
    restored: Annotated[
        bool,
        typer.Option(
            "--restored",
            help="The database was restored where maild can't see it: with the whole machine, for instance.",
        ),
    ] = False,
) -> int:
    """Run the daemon until SIGTERM or Ctrl-C. Logs go to standard error."""
    import asyncio

    from maild import daemon
    from maild.cli.logs import log_to_stderr
    from maild.cli.output import note
    from maild.memory import keep_level

    keep_level()
    log_to_stderr()
    try:
        return _observe(rules) if observe else asyncio.run(daemon.run(rules, is_restored=restored))
    except daemon.AlreadyRunning as error:
        note(str(error))
        return ALREADY_RUNNING


def _observe(rules: Path) -> int:
    import asyncio

    from maild import observe
    from maild.cli.observed import farewell
    from maild.cli.output import say
    from maild.cli.place import settings_of

    code = asyncio.run(observe.run(rules))
    for line in farewell(settings_of(rules)):
        say(line)
    return code
