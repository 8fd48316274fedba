"""Where may a test kill this process, to show that nothing is lost? At named points, K01 to K22, along the road.

`MAILD_CRASH=K07` in the environment kills at the first pass of K07, `K07:3` at the third; the process then ends by
SIGKILL, as it would by a power switch or the kernel's hand. Without it a point is one look at an empty table.
"""

import os
import signal

_passes_left: dict[str, int] = {}


def arm(order: str) -> None:
    """Kill this process at a pass of a point: `K07`, or `K07:3` for the third."""
    name, _, nth = order.partition(":")
    _passes_left[name] = int(nth or 1)


def point(name: str) -> None:
    """The process may end here. Every step before it must already be safe, or not have begun."""
    if name in _passes_left:
        _passes_left[name] -= 1
        if _passes_left[name] == 0:
            os.kill(os.getpid(), signal.SIGKILL)


if order := os.environ.get("MAILD_CRASH"):
    arm(order)
