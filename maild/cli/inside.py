"""How does a scenario run a command line? Through the same commands, on the simulation's desk, store and clock."""

import asyncio
from collections.abc import Sequence

from typer.exceptions import TyperException

from maild.cli.output import captured
from maild.cli.place import Given, given
from maild.clock import Clock
from maild.errors import BadInput
from maild.plan.letters import Desk

_COMMANDS = frozenset(
    (
        *("check", "explain", "parse", "tickets", "references", "held", "block", "outbox", "people", "status"),
        *("due", "forecast", "stats", "topics"),
    )
)


async def run_inside(argv: Sequence[str], desk: Desk, clock: Clock) -> str:
    """What the command shows, on either output. BadInput for one that has no sense in a simulation or is mistyped."""
    if not argv or argv[0] not in _COMMANDS:
        raise BadInput(f"a scenario can run {', '.join(sorted(_COMMANDS))}; not '{' '.join(argv)}'")
    return await asyncio.to_thread(_run, list(argv), Given(desk, clock))


def _run(argv: list[str], world: Given) -> str:
    from maild.cli import dispatch

    token = given.set(world)
    try:
        with captured() as shown:
            dispatch(argv)
    except BadInput as error:
        return f"{shown.getvalue()}{error}\n"
    except TyperException as error:
        raise BadInput(f"`maild {' '.join(argv)}`: {error.format_message()}") from None
    finally:
        given.reset(token)
    return shown.getvalue()
