"""`python -m doors [SHARE]`: the door of a ticket as often as the catalogue asks (times SHARE), a line a row."""

import asyncio
import itertools
import sys
import time
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog

from doors.changes import changed_bytes, swapped_purposes
from doors.clients import KEPT_NOTHING, TAG_LOST, threaded
from doors.commands import matrix
from doors.forged import forged_copies_first
from doors.guesses import at_the_desk, bare_numbers, random_references, random_signatures
from doors.hands import first_replies, replays, strangers, ticket_trick
from doors.inert import inert_words
from doors.keys import keys_of_all_ages, two_at_once
from doors.oracle import compared
from doors.roles import other_roles, unproved_agents
from doors.subjects import subjects_survive


def main(share: float) -> int:
    """Prints a line for each; how many goals were missed."""
    missed = 0

    def told(what: str, work: Callable[[], Any], is_kept: Callable[[Any], bool]) -> None:
        nonlocal missed
        began = time.monotonic()
        seen = work()
        if isinstance(seen, Coroutine):
            seen = asyncio.run(seen)
        missed += not is_kept(seen)
        words = ", ".join(map(str, seen)) if type(seen) is tuple else seen
        print(f"{'ok  ' if is_kept(seen) else 'MISS'} {what}: {words} ({time.monotonic() - began:.0f} s)", flush=True)

    def times(many: int) -> int:
        return max(1, int(many * share))

    every = max(1, round(1 / share))
    with TemporaryDirectory(prefix="maild-doors-") as name:
        folder = (Path(name) / str(n) for n in itertools.count())
        told("S01 numbers without signature", lambda: bare_numbers(times(1_000_000)), lambda r: r["threaded"] == 0)
        for is_signed in (False, True):
            told(
                f"S0{1 + is_signed} at the desk",
                partial(at_the_desk, next(folder), times(2_000), is_signed=is_signed),
                lambda r: r.entered == 0 and r.most_refusals_a_day <= 1,
            )
        told("S02 signatures by chance", lambda: random_signatures(times(10_000_000)), lambda r: r["accepted"] == 0)
        told("S02 mails judged", lambda: random_references(times(10_000)), lambda r: r["accepted"] == 0)
        some = times(20)
        told("S03 references of others", lambda: strangers(next(folder), some), lambda r: r.is_kept)
        told("S04 another's name", lambda: replays(next(folder), some), lambda r: r[0].is_kept and r[1] == 0)
        told("S05 fifty services", lambda: ticket_trick(next(folder)), lambda r: r.is_kept)
        told("S06 unproved agents", lambda: unproved_agents(next(folder), every), lambda r: r[0].is_kept and r[1] <= 1)
        told("S07 other roles", lambda: other_roles(next(folder), every), lambda r: r[0].is_kept and r[1] == 3)
        told("S08 each byte changed", lambda: changed_bytes(every), lambda r: not r[1])
        told("S09 two references", lambda: two_at_once(next(folder)), lambda r: r[0].is_kept and r[1] == 0)
        told("S10 purposes swapped", swapped_purposes, lambda r: not r[1])
        told("S11 keys", lambda: keys_of_all_ages(next(folder), min(90, 10 * every)), lambda r: not (r.wrong or r.lost))
        told("S21 a stranger's first reply", lambda: first_replies(next(folder), some), lambda r: r.is_kept)
        told("I24 a forged copy first", lambda: forged_copies_first(next(folder), times(1_000)), _each_is_applied)
        told("G20 commands", lambda: matrix(every), lambda r: not r.breaches and r.ran > 0)
        told("S18 words that command nothing", lambda: inert_words(next(folder), times(10_000)), lambda r: not r[1])
        told("S13 Subjects", lambda: subjects_survive(times(2_000)), lambda r: r[0]["lost"] == 0)
        for mode in ("reference", "link"):
            ways = asyncio.run(threaded(next(folder), mode))
            for kind, seen in ways.items():
                is_kept = all(_may_be_lost(mode, kind, name) for name in seen.others) and not seen.unheard
                missed += not is_kept
                print(f"{'ok  ' if is_kept else 'MISS'} S14 {mode} mode, {kind}: {seen}", flush=True)
        told(
            "S20 answers compared",
            lambda: compared(next(folder), times(1_000)),
            lambda r: not r.unequal and r.answered == r.pairs and (r.pairs < 500 or r.apart <= 0.1),
        )
    return missed


def _each_is_applied(seen: dict[str, int]) -> bool:
    return seen["true"] == seen["closed"] == seen["pairs"] and not seen["astray"] and not seen["left"]


def _may_be_lost(mode: str, kind: str, name: str) -> bool:
    """What has lost all that could be known; in link mode each answer that no link has written."""
    if kind == "link":
        return name in TAG_LOST
    return mode == "link" or name in KEPT_NOTHING


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0) > 0)
