"""A million armed timers: what does it cost to ask what is due, and how late do reminders leave? (T07)

The true sweeper on a durable database, with the true clock; twenty reminders a second fall due.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from desk_values import RING, settings
from road import ALICE, LEA, Road, letter
from sqlmodel import Session

from bench.measuring import shown, spread
from maild.clock import SystemClock
from maild.config.desk import open_desk
from maild.store.database import Database
from maild.store.inbound import InboundStore
from maild.store.timers import due_timers, next_due
from maild.sweeper import MOST_AT_ONCE, Sweeper

ARMED = 1_000_000
DUE = 600  # of them, one after the other
EACH_SECOND = 20
ASKED = 300  # times
_LATER = "INSERT INTO timer (ticket, policy, step, round, due_at, state) VALUES (?, 'waiting', 1, 1, ?, 'armed')"


async def _filled(folder: Path) -> None:
    """A database in which DUE tickets wait for their customer, and all other timers are armed for later."""
    road = Road(folder, now=datetime.now(UTC))
    await road.receive(letter(ALICE))
    to = str((await road.last(LEA))["Reply-To"].addresses[0].addr_spec)
    await road.receive(letter(LEA, "Quelle version ?\n\n#pending", to=to))

    def fill(session: Session) -> None:
        rows = session.connection()
        rows.exec_driver_sql("DELETE FROM timer")
        for table, key in (("ticket", "number"), ("participant", "ticket")):
            names = [row[1] for row in rows.exec_driver_sql(f"PRAGMA table_info({table})") if row[1] not in (key, "id")]
            copied = ", ".join(f'"{name}"' for name in names)
            copy = f"INSERT INTO {table} ({key}, {copied}) SELECT ?, {copied} FROM {table} WHERE {key} = 1001"
            rows.exec_driver_sql(copy, [(1001 + n,) for n in range(1, DUE)])
        begins = datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1)
        later = ((9_000 + n, _text(begins + timedelta(seconds=n * 8))) for n in range(ARMED - DUE))
        while some := [row for _, row in zip(range(50_000), later, strict=False)]:
            rows.exec_driver_sql(_LATER, some)

    await road.database.write(fill)
    await road.database.close()


def _text(at: datetime) -> str:
    return at.isoformat(" ", "microseconds")


def _asked(database: Database, work: Callable[[Session], object]) -> list[float]:
    """How long it takes, in ms."""
    found = []
    for _ in range(ASKED):
        began = time.perf_counter()
        database.read_now(work)
        found.append((time.perf_counter() - began) * 1000)
    return found


class Watched:
    """A database that notes when the timers of tickets were done, their transaction included."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.done: dict[int, datetime] = {}
        self.are_all = asyncio.Event()

    async def write(self, work: Callable[[Session], Any]) -> Any:
        """As the database does."""
        told = await self._database.write(work)
        for line in told if isinstance(told, list) else ():
            self.done[int(line.rpartition(" ")[2])] = datetime.now(UTC)
        if len(self.done) == DUE:
            self.are_all.set()
        return told

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)


async def run() -> None:
    """Show it."""
    with TemporaryDirectory(prefix="maild-bench-") as name:
        folder, desk = Path(name), open_desk(settings(), RING)
        await _filled(folder)
        database = Database(folder / "maild.db")
        clock = SystemClock()
        far = datetime.now(UTC) + timedelta(days=30)
        figures: dict[str, object] = {
            "armed": database.read_now(lambda s: s.connection().exec_driver_sql("SELECT count(*) FROM timer").scalar()),
            "database, MiB": (folder / "maild.db").stat().st_size >> 20,
            "nothing is due, ms": spread(_asked(database, partial(due_timers, now=clock.now(), limit=MOST_AT_ONCE))),
            "many are due, ms": spread(_asked(database, partial(due_timers, now=far, limit=MOST_AT_ONCE))),
            "the next instant, ms": spread(_asked(database, next_due)),
        }
        begins = datetime.now(UTC) + timedelta(seconds=2)
        due = {1001 + n: begins + timedelta(seconds=n / EACH_SECOND) for n in range(DUE)}
        rows = [(number, _text(at.replace(tzinfo=None))) for number, at in due.items()]
        await database.write(lambda session: session.connection().exec_driver_sql(_LATER, rows).close())
        watched, stop = Watched(database), asyncio.Event()
        inbound = InboundStore(database, folder / "mails", clock)
        sweeper = Sweeper(cast("Database", watched), inbound, lambda: desk, clock)
        running = asyncio.create_task(sweeper.run(stop))
        async with asyncio.timeout(DUE / EACH_SECOND + 120):
            await watched.are_all.wait()
        stop.set()
        sweeper.wake()
        await running
        lags = sorted((watched.done[number] - at).total_seconds() for number, at in due.items())
        figures["reminders a second"] = EACH_SECOND
        figures["lag, s"] = spread(lags) | {"p99": round(lags[int(len(lags) * 0.99)], 2)}
        await database.close()
    shown("timers", figures)
