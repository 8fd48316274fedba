"""Does the road hold if any await fails? Each suspension of the pipelines is hit in turn by a fault (I03).

As SQLite tests itself: the first fails, then the second, and so on, until none is left; each time a life without faults
follows, and the ledger must be exact. An await counts as hit when a fault went through it.
"""

import asyncio
import itertools
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faults.desk import rules
from faults.figures import SCALE, logs_of, quick_folder, shown
from faults.fork_server import ForkServer
from faults.ledger import Ledger
from faults.life import STALLED, Order
from faults.mailbox_server import ALL, MailboxServer
from faults.relay import Relay
from faults.steps import Place, await_at, awaits, read_report

BARE = "IMAP4rev1"
LOOPS = (
    (ALL, "RuntimeError"),
    (ALL, "Temporary"),
    (ALL, "CancelledError"),
    ("IMAP4rev1 IDLE UIDPLUS", "RuntimeError"),
    (BARE, "RuntimeError"),
)
IN_SMOKE = 8  # faults of each loop at the smallest scale
MOST = 600  # suspensions of a life; more means that one never comes to rest


@dataclass
class Loop:
    """One sort of fault at one sort of server, at each suspension in turn."""

    capabilities: str
    fault: str
    lives: int = 0
    survived: int = 0  # the daemon went on by itself
    ended: int = 0  # it ended with an error, and the next life did the rest
    stalled: int = 0  # a part of it ended alone, and the next life did the rest
    seen: set[Place] = field(default_factory=set)
    hit: set[Place] = field(default_factory=set)
    through_outbox: int = 0
    in_data: Counter[str] = field(default_factory=Counter)
    doubled: int = 0
    held: int = 0  # mails in and out that wait for a person
    faults: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)  # where a fault ended the daemon

    async def run(self, forks: ForkServer, every: float) -> None:
        """`every`: the share of the suspensions that is tried."""
        with quick_folder() as name:
            async with MailboxServer(self.capabilities) as box, Relay() as relay:
                folder = Path(name)
                order = Order(rules(folder, box.port, relay.port), report=str(folder / "steps.json"), hurry=0.05)
                ledger = Ledger(folder / "maild.db", relay, mark=self.fault.lower(), may_hold=True)
                chance = random.Random(self.fault + self.capabilities)
                count = (await self._life(forks, order, box, ledger))["count"]
                for number in itertools.count(1):
                    if every < 1 and number > count:
                        break
                    if chance.random() >= every:
                        continue
                    order.fail_at, order.fail_as = number, self.fault
                    if not (await self._life(forks, order, box, ledger))["hit"] and number > count:
                        break  # a whole life went by before its turn came
                    assert number < MOST, "a life never comes to rest"
                self.held = ledger.totals.ends["held"] + ledger.totals.held_out
                self.doubled = ledger.totals.doubled_copies
                self.faults += ledger.totals.faults

    async def _life(self, forks: ForkServer, order: Order, box: MailboxServer, ledger: Ledger) -> dict[str, Any]:
        box.deliver(ledger.new())
        box.deliver(ledger.new(300_000 if self.lives % 5 == 0 else 0))
        death = await forks.life(order)
        report: dict[str, Any] = read_report(order.report)
        self.in_data.update(ledger.in_data())
        self.seen.update((file, line) for chain in report["chains"] for file, line in chain)
        hit = [(file, line) for file, line in report["hit"]]
        if hit:
            self.lives += 1
            self.hit.update(hit)
            self.through_outbox += any(file.startswith("outbox") for file, _ in hit)
            self.survived += death.code == 0
            self.ended += death.code == 1
            self.stalled += death.code == STALLED or death.is_hung
            if death.code != 0:
                how = "ended" if death.code == 1 else "stalled"
                self.ends.append(f"{self.fault} at {hit[-1][0]}:{hit[-1][1]}: {how}")
        await self._recover(forks, order, ledger)
        ledger.check({name: box.mails(name) for name in box.folders if name != "INBOX" or self.capabilities == BARE})
        for name, mails in box.folders.items():
            if name != "INBOX" or self.capabilities == BARE:
                mails.clear()
        return report

    @staticmethod
    async def _recover(forks: ForkServer, order: Order, ledger: Ledger) -> None:
        plain = Order(order.rules, ahead=order.ahead)
        for _ in range(8):
            death = await forks.life(plain)
            assert not death.is_hung, "a life without a fault hung"
            if death.code == 0 and not ledger.unsent():
                break
            plain.ahead += 1800
        order.ahead = plain.ahead


async def test_a_fault_at_any_await_loses_and_doubles_nothing() -> None:
    loops = [Loop(*loop) for loop in LOOPS]
    todo = list(loops)
    every = 1.0 if SCALE >= 1 else max(SCALE, IN_SMOKE / 300)
    with quick_folder() as logs:

        async def lane(number: int) -> None:
            async with ForkServer(Path(logs) / f"lane{number}.log") as forks:
                while todo:
                    await todo.pop(0).run(forks, every)

        await asyncio.gather(lane(1), lane(2))
        said = logs_of(logs)
    known = awaits()

    def lines(places: set[Place]) -> set[Place]:
        return {found for place in places if (found := await_at(place, known)) is not None}

    seen, hit = (lines({p for loop in loops for p in getattr(loop, name)}) for name in ("seen", "hit"))
    seen |= hit
    shown(
        "awaits",
        faults=sum(loop.lives for loop in loops),
        lost=sum(len(loop.faults) for loop in loops),
        mails_doubled=sum(loop.doubled for loop in loops),
        held=sum(loop.held for loop in loops),
        survived=sum(loop.survived for loop in loops),
        ended=sum(loop.ended for loop in loops),
        stalled=sum(loop.stalled for loop in loops),
        awaits=len(known),
        suspending=len(seen),
        hit=len(hit),
        not_hit=sorted(f"{f}:{n}: {known[f, n][1]}" for f, n in seen - hit),
        never_suspended=sorted(f"{f}:{n}: {known[f, n][1]}" for f, n in set(known) - seen),
        ends=sorted(set(itertools.chain(*(loop.ends for loop in loops)))),
    )
    for loop in loops:
        assert loop.faults == [], f"{loop.fault}: {loop.faults}\n{said[-4000:]}"
        assert loop.lives > 0, loop.fault
        assert loop.doubled <= loop.through_outbox + loop.in_data.total(), loop.fault
    if SCALE >= 1:  # one that suspends only now and then may have been quick when its turn came
        assert len(hit) >= 0.95 * len(seen), sorted(seen - hit)
