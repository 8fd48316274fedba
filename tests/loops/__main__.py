"""`python -m loops [table] [SHARE]`: loops and floods as large as the catalogue asks (times SHARE), with what was sent.

First the table of samples, in some minutes; with `table` nothing else.
"""

import asyncio
import itertools
import sys
import time
from collections.abc import Awaitable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog

from loops.desks import an_hour_between
from loops.floods import breaker, canaries, challenges, hostile, strangers, victim
from loops.table import lines


async def main(share: float, *, is_table_alone: bool) -> int:
    """Prints a line for each; how many goals were missed."""
    missed = 0
    with TemporaryDirectory(prefix="maild-loops-") as name:
        async for line in lines(Path(name), max(1, int(100 * share))):
            print(line.shown(), flush=True)
            missed += not line.is_kept
    if is_table_alone:
        return missed

    async def told(what: str, work: Awaitable[Any], limit: Any) -> None:
        nonlocal missed
        began = time.monotonic()
        seen = await work
        is_kept = limit(seen)
        missed += not is_kept
        print(f"{'ok  ' if is_kept else 'MISS'} {what}: {seen} ({time.monotonic() - began:.0f} s)", flush=True)

    with TemporaryDirectory(prefix="maild-loops-") as name:
        folder = (Path(name) / str(n) for n in itertools.count())
        for start in ("mail", "agent", "vacation"):
            for strips in ((), ("here",), ("there",), ("here", "there")):
                what = f"L05 two desks, {start}, stripped: {' and '.join(strips) or 'nobody'}"
                await told(what, an_hour_between(next(folder), start, frozenset(strips)), lambda n: n <= 2)
        rounds, many = int(10_000 * share), int(100_000 * share)
        for sender in ("bureau@hostile.example", "alice@client-a.example"):
            for is_reply in (False, True):
                work = hostile(next(folder), rounds, sender=sender, is_reply=is_reply)
                await told(f"L06 {rounds} rounds of {sender}, replies {is_reply}", work, lambda r: r["mails"] <= 3)
        await told(f"L14 {many} mails", victim(next(folder), many, proof="none"), lambda r: r["mails"] <= 1)
        await told(f"L15 {many} fail", strangers(next(folder), many, proof="fail"), lambda r: r["mails"] == 0)
        await told(f"L15 {many} none", strangers(next(folder), many, proof="none"), lambda r: r["mails"] <= 100)
        await told("L16 (acknowledgements, octets)", canaries(next(folder), int(1_000 * share)), lambda r: r[1] == 0)
        await told("L17", breaker(next(folder), 300), _is_tripped)
        await told("L18 mails to a challenger", challenges(next(folder), 100), lambda n: n <= 1)
    return missed


def _is_tripped(seen: dict[str, Any]) -> bool:
    return bool(seen["answers"] == 100 and seen["seconds_to_alarm"] <= 10 and seen["agents_mails"] == 1)


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    said = [word for word in sys.argv[1:] if word != "table"]
    sys.exit(asyncio.run(main(float(said[0]) if said else 1.0, is_table_alone="table" in sys.argv)) > 0)
