"""Does the same hold over Dovecot? `maild run` killed at the points, and a forked daemon at random moments."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from faults.daemon_process import MaildRun, until_done
from faults.desk import rules, rules_file
from faults.figures import lanes, logs_of, quick_folder, scaled, shown
from faults.fork_server import ForkServer
from faults.ledger import Ledger
from faults.life import Order
from faults.relay import Relay
from faults.test_kills import MAIL_POINTS, PASSES
from mail_servers import Account, Dovecot

AT_POINTS, AT_RANDOM, MAILS_AT_RANDOM = 500, 300, 500
POINTS = [point for point in MAIL_POINTS if point not in ("K11b", "K19")]  # Dovecot has MOVE, and the relay agrees
FOLDERS = ("Processed", "Held", "Duplicates")


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    if Dovecot.program() is None:
        pytest.skip("dovecot is not installed (apt-get install dovecot-imapd)")
    server = Dovecot().start()
    yield server
    server.stop()


@dataclass
class Lane:
    """One desk with its account and its relay."""

    folder: Path
    box: Account
    relay: Relay
    ledger: Ledger
    rules: Path
    said: dict[str, Any]
    received: int = 0
    kills: int = 0
    missed: int = 0
    by_point: Counter[str] = field(default_factory=Counter)
    in_data: Counter[str] = field(default_factory=Counter)

    async def deliver(self, number: int, *, size: int = 0) -> None:
        """New mails."""
        await self.box.append(*(self.ledger.new(size) for _ in range(number)))
        self.received += number

    def life(self, crash: str = "") -> MaildRun:
        """A start of the daemon."""
        return MaildRun(self.rules, self.folder / "maild.log", crash)

    def killed(self, point: str) -> None:
        """Note a kill."""
        self.kills += 1
        self.by_point[point] += 1
        if (self.folder / "maild.db").exists():
            self.in_data.update(self.ledger.in_data())

    async def recovers(self) -> None:
        """A life that may finish."""
        async with self.life() as run:
            assert await until_done(self.ledger, self.received, 120, run), "work is left after two minutes"

    async def check(self) -> None:
        """Everything that was ever delivered."""
        self.ledger.check({name: await self.box.mails(name) for name in FOLDERS})
        assert await self.box.mails() == []


@asynccontextmanager
async def a_lane(dovecot: Dovecot, mark: str) -> AsyncIterator[Lane]:
    with quick_folder() as name:
        async with Relay() as relay:
            folder, box = Path(name), dovecot.account()
            said = rules(folder, box.port, relay.port)
            said["mailboxes"]["support"]["imap"]["user"] = box.user
            yield Lane(
                folder, box, relay, Ledger(folder / "maild.db", relay, mark=mark), rules_file(folder, said), said
            )


async def killed_at_points(lane: Lane, kills: int, chance: random.Random) -> None:
    """Each point in turn, two kills before each recovery: a mail that was begun in three lives would be held."""
    points = POINTS * (kills // len(POINTS) + 2)
    chance.shuffle(points)
    while lane.kills < kills and lane.missed < kills + 10:
        for _ in range(2):
            point = points.pop()
            points.insert(0, point)
            await lane.deliver(2, size=300_000 if point in ("K03", "K04") else 0)
            async with lane.life(f"{point}:{chance.randint(1, PASSES.get(point, 1))}") as run:
                while run.is_alive and not await until_done(lane.ledger, lane.received, 1, run):
                    pass
                if await run.ends(0.2) is None:
                    lane.missed += 1
            if run.process.returncode == -9:
                lane.killed(point)
        await lane.recovers()


async def killed_at_random(lane: Lane, kills: int, mails: int, chance: random.Random) -> None:
    """Mails come all the time, and so do the kills: U(0, 1 s) after the start, which is a fork here to save hours."""
    before_each = Counter(chance.randrange(kills) for _ in range(mails))
    order = Order(lane.said)
    async with ForkServer(lane.folder / "forks.log") as forks:
        for number in range(kills):
            order.lasts, order.deadline = True, chance.uniform(0, 1)
            _, death = await asyncio.gather(lane.deliver(before_each[number]), forks.life(order))
            assert death.is_hung, f"it ended by itself: {death}"
            lane.killed("random")
            if number % 2 or number == kills - 1:
                order.lasts, order.deadline = False, 60
                death = await forks.life(order)
                assert (death.code, death.is_hung) == (0, False), death


async def in_lanes(dovecot: Dovecot, name: str, run: object, *numbers: int) -> None:
    """A share of it each, at the same time; then the figures and what must hold."""
    done: list[Lane] = []
    shares = [n // len(lanes()) for n in numbers]

    async def one(mark: str) -> None:
        async with a_lane(dovecot, f"{name[-1]}{mark}") as lane:
            done.append(lane)
            try:
                await run(lane, *shares, random.Random(mark))  # type: ignore[operator]
                await lane.check()
            except BaseException:
                print(logs_of(str(lane.folder)))
                raise

    await asyncio.gather(*(one("ab"[n]) for n in lanes()))
    totals = [lane.ledger.totals for lane in done]
    shown(
        name,
        kills=sum(lane.kills for lane in done),
        mails=sum(t.mails for t in totals),
        lost=sum(len(t.lost) for t in totals),
        tickets_doubled=sum(len(t.doubled_tickets) for t in totals),
        mails_in_data=sum(lane.in_data.total() for lane in done),
        mails_doubled=sum(t.doubled_copies for t in totals),
        of_them_unequal=sum(len(t.unequal_copies) for t in totals),
        unconfirmed=sum(len(t.unconfirmed) for t in totals),
        ends=dict(sum((t.ends for t in totals), Counter())),
        by_point=dict(sum((lane.by_point for lane in done), Counter())),
    )
    for lane in done:
        assert lane.ledger.totals.faults == []
        assert lane.kills >= shares[0]
        doubled = lane.ledger.totals.copies
        assert [name for name, more in doubled.items() if more > lane.in_data[name]] == []
        assert [name for name in lane.ledger.totals.unconfirmed if lane.in_data[name] < 2] == []


async def test_the_daemon_killed_at_points_over_dovecot_loses_nothing(dovecot: Dovecot) -> None:
    await in_lanes(dovecot, "process-kills-at-points", killed_at_points, scaled(AT_POINTS, least=2))


async def test_the_daemon_killed_at_random_while_mails_flow_loses_nothing(dovecot: Dovecot) -> None:
    kills, mails = scaled(AT_RANDOM, least=4), scaled(MAILS_AT_RANDOM, least=12)
    await in_lanes(dovecot, "process-kills-at-random", killed_at_random, kills, mails)
