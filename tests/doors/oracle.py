"""Do our explanatory mails tell whether a ticket exists (reliability S20)? The same mails go to two desks, of which one
has the ticket that they name.
"""

import re
import time
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple

from loops.desks import this_desk
from road import ALICE, Road, letter
from sqlalchemy import select

from doors.guesses import letters
from maild.store.database import Session
from maild.store.tables import OUTBOX

# Ids: signed references, Message-IDs of ours, the boundaries made from them.
_IDS = re.compile(
    rb"(?:[a-z]?\d{1,12}-\d{1,9}-[0-9a-z]{13}(?=@))|(?:[0-9a-z]{16}\.\d+-\d+-[0-9a-z]\.[0-9a-z]{26}(?=@))"
    rb"|(?:[=-]{2,}[=_0-9A-Za-z.-]{10,})|(?:boundary=\"[^\"]*\")|(?:b[0-9a-z]{16}-[0-9a-z]{13})"
)


class Compared(NamedTuple):
    """Pairs of answers, and how long the two desks took for a mail (the median, seconds)."""

    pairs: int
    answered: int
    unequal: int
    verdicts: dict[str, int]
    existing: float
    unknown: float

    @property
    def apart(self) -> float:
        """By which share the two differ."""
        return abs(self.existing - self.unknown) / max(self.existing, self.unknown)


def bare(data: bytes) -> bytes:
    """A mail of ours without its ids; soft line breaks, which fall elsewhere with another id, undone."""
    return _IDS.sub(b"#", data.replace(b"=\r\n", b"").replace(b"=2B", b"+"))


async def compared(folder: Path, pairs: int, tickets: int = 50) -> Compared:
    """So many mails with a faulty reference to an existing ticket at one desk and to none at the
    other; half of the senders are unknown, the others one known customer."""
    roads: list[Road] = [this_desk(folder / "existing"), this_desk(folder / "unknown")]
    for road in roads:
        await road.keep(*(letter(f"c{n}@client-{n}.example", f"Bonjour {n}", name=f"o{n}") for n in range(tickets)))
        await road.keep(letter(ALICE, "Une question à moi.", name="own"))
        await road.intake.drain()
        road.clock.set(road.clock.now() + timedelta(days=1))
    seen, chance = Counter[str](), Random(20)
    last = [await road.database.read(_newest) for road in roads]
    took: tuple[list[float], list[float]] = ([], [])
    unequal = answered = 0
    for n in range(pairs):
        s = f"7{letters(chance, 12)}"
        sender = ALICE if n % 4 == 3 else f"p{n}@ailleurs-{n}.example"
        answers: list[list[bytes]] = []
        for side in (0, 1) if n % 2 else (1, 0):
            road, number = roads[side], (1001, 9001)[side] + n % tickets
            form = f"[ISY-{number}-1-{s[:5]}-{s[5:9]}-{s[9:] if n % 3 else s[9:12]}]"  # wrong, or cut short
            raw = letter(sender, f"Oui, {n}.", subject=f"Re: Export {form}", name=f"q{n}")
            began = time.perf_counter()
            ending = await road.receive(raw)
            took[side].append(time.perf_counter() - began)
            seen[str(ending.verdict)] += 1
            fresh = await road.database.read(partial(_after, last=last[side]))
            last[side] = max((number for number, _ in fresh), default=last[side])
            answers.append(sorted(bare(data) for _, data in fresh))
            road.clock.set(road.clock.now() + timedelta(hours=25 if sender == ALICE else 0, minutes=2))
        answered += bool(answers[0])
        unequal += answers[0] != answers[1]
    for road in roads:
        await road.database.close()
    return Compared(pairs, answered, unequal, dict(seen), median(took[0]), median(took[1]))


def _newest(session: Session) -> int:
    return max((number for number, _ in _after(session, 0)), default=0)


def _after(session: Session, last: int) -> list[tuple[int, bytes]]:
    rows = session.connection().execute(select(OUTBOX.c.id, OUTBOX.c.data).where(OUTBOX.c.id > last))
    return [(row.id, row.data) for row in rows]
