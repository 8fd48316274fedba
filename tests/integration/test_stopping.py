"""Does a stop come through, however much there is to do? Each loop looks at it between two pieces of work."""

import asyncio
import threading
from functools import partial
from pathlib import Path

from desk_values import settings
from road import ALICE, Road, letter

from maild.clock import SystemClock
from maild.errors import Temporary
from maild.intake import BATCH
from maild.nightly import Nightly
from maild.store.database import Database
from maild.store.schema import upgrade


async def test_the_intake_ends_after_the_batch_that_it_works_on(tmp_path: Path) -> None:
    road, stop = Road(tmp_path), asyncio.Event()
    road.intake._on_settled = stop.set  # the stop comes while the first batch is worked
    await road.keep(*(letter(ALICE, f"Bonjour {n}") for n in range(3 * BATCH)))
    await asyncio.wait_for(road.intake.run(stop), 60)
    assert len(await road.inbound.kept(3 * BATCH)) == 2 * BATCH
    await road.database.close()


def noted(ran: list[int], number: int, _: object) -> None:
    ran.append(number)


async def test_what_nobody_waits_for_any_more_is_not_written(tmp_path: Path) -> None:
    """A stop that could wait no longer cancels; else each of these would wait for a lock that another process holds."""
    database = Database(tmp_path / "maild.db", is_durable=False)
    upgrade(database)
    goes_on, begun = threading.Event(), threading.Event()

    def slow(_: object) -> None:
        begun.set()
        goes_on.wait(20)

    first = asyncio.ensure_future(database.write(slow))
    await asyncio.to_thread(begun.wait, 20)
    ran: list[int] = []
    late = [asyncio.ensure_future(database.write(partial(noted, ran, n))) for n in range(5)]
    await asyncio.sleep(0)
    for each in late[:4]:
        each.cancel()
    await asyncio.sleep(0)
    goes_on.set()
    await asyncio.wait({first, *late})
    await database.close()
    assert ran == [4]


async def test_an_audit_that_can_not_read_the_database_rests_before_it_looks_again(tmp_path: Path) -> None:
    class Away(Database):
        reads = 0

        async def read(self, work: object) -> object:  # type: ignore[override]
            self.reads += 1
            raise Temporary("out of reach")

    database, stop = Away(tmp_path / "maild.db", is_durable=False), asyncio.Event()
    running = asyncio.create_task(Nightly(settings, database, SystemClock(), lambda _: None).run(stop))
    for _ in range(200):
        await asyncio.sleep(0)
    assert database.reads == 1
    stop.set()
    await asyncio.wait_for(running, 20)
    await database.close()
