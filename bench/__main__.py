"""`make bench`: measures what is named, or all. Dovecot must be there; figures go to build/bench."""

import asyncio
import sys
from importlib import import_module

ALL = ("latency", "road", "parts", "idle", "reading", "people", "rules", "knowledge", "timers")


def main(wanted: list[str]) -> int:
    """Exit code."""
    if unknown := set(wanted) - set(ALL):
        print(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(ALL)}")
        return 64
    for name in wanted or ALL:
        asyncio.run(import_module(f"bench.{name}").run())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
