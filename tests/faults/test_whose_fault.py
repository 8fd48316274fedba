"""A full disk, a log that nobody can write, a bug in a timer: is each taken for what it is?"""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from faults.daemon_process import ROOT
from faults.desk import rules, settings
from faults.mailbox_server import MailboxServer
from faults.relay import Relay
from road import ALICE, Road, letter
from sqlmodel import Session, col, select

from maild.clock import SystemClock
from maild.daemon import build
from maild.effects import StartTimer
from maild.errors import Temporary
from maild.intake import Intake
from maild.plan.letters import Desk
from maild.store.apply import apply
from maild.store.inbound_tables import Inbound
from maild.store.timer_tables import Timer

LOGS = """
import structlog
from maild.cli.logs import log_to_stderr
log_to_stderr()
structlog.get_logger().info("x")
print("on")
"""
LIVES = 5  # more than make a mail poison


def _limit(pages: int) -> Callable[[Session], int]:
    """The database may have so many pages: SQLite then says that the disk is full, in the middle of a statement."""
    return lambda session: int(session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages}").scalar_one())


async def _attempts(road: Road) -> list[int]:
    return await road.database.read(lambda s: list(s.exec(select(Inbound.attempts).order_by(col(Inbound.id)))))


async def test_a_full_disk_is_no_fault_of_the_mail_however_often_it_is_tried(tmp_path: Path) -> None:
    road = Road(tmp_path)
    [number] = await road.keep(letter(ALICE, "Bonjour " * 5000))
    await road.database.write(_limit(1))  # as many as there are
    for _ in range(LIVES):
        with pytest.raises(Temporary):
            await road.intake.drain()
        assert (await road.ending(number)).disposition == "kept"
    await road.database.write(_limit(2**30))
    await road.intake.drain()
    assert (await road.ending(number)).disposition == "applied"
    assert await _attempts(road) == [1], "one life, one attempt"
    await road.database.close()


async def test_the_neighbours_of_a_mail_that_killed_the_process_are_worked_alone(tmp_path: Path) -> None:
    road = Road(tmp_path)
    numbers = await road.keep(*(letter(ALICE, f"n° {n}", subject=f"Sujet {n}") for n in range(3)))
    await road.inbound.count_attempt(numbers)  # a batch that was begun, and the process died
    seen: list[list[int]] = []
    present = road.desk

    def desk() -> Desk:
        with Session(road.database._reading) as session:
            seen.append([row.attempts for row in session.exec(select(Inbound).order_by(col(Inbound.id)))])
        return present()

    await Intake(road.database, road.inbound, desk, road.clock).drain()
    assert [attempts for n, attempts in enumerate(seen) if attempts not in seen[:n]] == [
        [1, 1, 1],  # whether a mail waits for an account is asked before any is begun
        [2, 1, 1],
        [2, 2, 1],
        [2, 2, 2],
    ]
    await road.database.close()


async def test_a_timer_that_fails_by_a_bug_waits_for_the_mend(tmp_path: Path) -> None:
    road = Road(tmp_path)
    await road.receive(letter(ALICE))
    now, good = road.clock.now(), road.desk
    timers = [StartTimer(1001, "waiting", step, 1, now + timedelta(minutes=step)) for step in (1, 2)]
    await road.database.write(lambda session: apply(session, timers, now))

    road.desk = lambda: cast(Desk, object())  # whatever is asked of it is a bug
    await road.after(minutes=10)
    states = await road.database.read(lambda s: list(s.exec(select(Timer.state).where(Timer.policy == "waiting"))))
    assert states == ["armed", "armed"]
    road.desk = good
    await road.after(hours=2)
    states = await road.database.read(lambda s: list(s.exec(select(Timer.state).where(Timer.policy == "waiting"))))
    assert states == ["stale", "stale"], "the ticket does not wait, so that they mean nothing"
    await road.database.close()


async def test_a_status_that_can_not_be_written_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "maild.db.status.new").symlink_to("/dev/full")
    async with MailboxServer() as box, Relay() as relay:
        daemon, stop = build(settings(rules(tmp_path, box.port, relay.port)), SystemClock()), asyncio.Event()
        running = asyncio.create_task(daemon.run(stop))
        box.deliver(letter(ALICE))
        while not box.folders.get("Processed"):
            assert not running.done(), running.exception()
            await asyncio.sleep(0.05)
        stop.set()
        await running
        await daemon.database.close()


def test_a_log_line_that_can_not_be_written_is_lost_alone() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", LOGS], stdout=subprocess.PIPE, stderr=full, cwd=ROOT, check=False, text=True
        )
    assert done.stdout == "on\n"


async def test_the_daily_limit_of_answers_to_a_known_customer_holds_in_the_store(tmp_path: Path) -> None:
    road = Road(tmp_path)
    await road.keep(*(letter(ALICE, f"Ma question est {chr(97 + n)}.", subject=f"Sujet {n}") for n in range(25)))
    await road.intake.drain()
    assert sum(mail.recipient == ALICE for mail in await road.queued()) == 20
    await road.database.close()
