"""`maild demo`: an embedded mail server, the daemon beside it, and a story told live."""

from typing import Annotated

import typer


def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the story; exit 1 if a step did not hold.")] = False,
    pace: Annotated[float, typer.Option(min=0, metavar="SECONDS", help="To read each thing, on a terminal.")] = 1.2,
) -> int:
    """See maild work: customers, an agent and the desk on an embedded mail server."""
    import asyncio
    import logging

    from maild.cli.logs import log_to_stderr
    from maild.errors import Unreachable

    try:
        from maild.demo.story import run
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] not in ("aiosmtpd", "pymap"):
            raise
        raise Unreachable("the demo's mail server is not installed; `pip install 'maild[demo]'` brings it") from None
    log_to_stderr(logging.ERROR)
    return asyncio.run(run(once=once, pace=pace))
