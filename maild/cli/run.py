"""`maild run`: the daemon."""

from maild.cli.codes import ALREADY_RUNNING
from maild.cli.options import RULES, Rules


def run(rules: Rules = RULES) -> int:
    """Run the daemon until SIGTERM or Ctrl-C. Logs go to standard error."""
    import asyncio

    from maild import daemon
    from maild.cli.logs import log_to_stderr
    from maild.cli.output import note

    log_to_stderr()
    try:
        return asyncio.run(daemon.run(rules))
    except daemon.AlreadyRunning as error:
        note(str(error))
        return ALREADY_RUNNING
