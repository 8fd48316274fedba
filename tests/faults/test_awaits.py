"""Does the road hold if any await fails? Each chain of awaits is hit in turn by a fault, in many scenes (I03).

A life without a fault shows which chains there are: who awaits whom, down to where a task waits. Then each fails in a
life of its own, at one of its passes; and what is awaited only after a fault fails in a life with two. A life without
faults follows each time, and the ledger must be exact. An await counts as hit when a fault went through it.
"""

import asyncio
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from faults.figures import SCALE, lanes, logs_of, quick_folder, shown
from faults.fork_server import Death, ForkServer
from faults.ledger import Ledger
from faults.life import STALLED
from faults.mailbox_server import MailboxServer
from faults.relay import Relay
from faults.scenes import BARE, SCENES, Ground, Scene, chance_of
from faults.steps import Chain, Place, Report, await_at, awaits, read_report

LOOKS = 2  # lives without a fault before: the first makes folders, the second finds them
IN_SMOKE = 1  # faults of a kind in a scene at the smallest scale
RECOVERIES = 8  # lives in which all work must be done, half an hour between them
# Why some awaits can't be made to fail here. Where the innermost coroutine can't wait, no fault can be thrown.
NEVER = {
    "async with asyncio.timeout": "entering and leaving it never waits",
    "async with self._turn": "a connection belongs to one task, so the lock is never taken",
    "_workers[0].poll(never)": "drain() is the simulator's",
    "self._database.read(next_due)": "next_due() of the sweeper is the simulator's",
    "ingest/listing.py": "the audit's, which changes nothing",
    "outbox/hook.py": "the admin's own command, beside the mails; tests/integration has its faults",
}


@dataclass
class Found:
    """What all scenes saw."""

    lives: int = 0
    survived: int = 0  # the daemon went on by itself
    ended: int = 0  # it ended with an error, and the next life did the rest
    stalled: int = 0  # a part of it ended alone, and the next life did the rest
    missed: int = 0  # lives in which the chosen chain was not passed often enough
    twice: int = 0  # lives with a second fault, in what followed the first
    seen: set[Place] = field(default_factory=set)
    hit: dict[str, set[Place]] = field(default_factory=dict)  # by kind of fault
    doubled: int = 0
    held: int = 0  # mails in and out that wait for a person
    faults: list[str] = field(default_factory=list)
    ends: set[str] = field(default_factory=set)  # where a fault ended the daemon


class Play:
    """A scene, life after life."""

    def __init__(self, scene: Scene, ground: Ground, found: Found, share: float) -> None:
        self._scene = scene
        self._ground = ground
        self._found = found
        self._share = share
        self._chance = chance_of(scene)
        self._through_outbox = 0

    async def run(self) -> None:
        """Look, then let one after the other fail; last the sums."""
        self._scene.set_up(self._ground)
        self._ground.ledger.is_read_again = self._ground.order.rescans
        passes: dict[Chain, int] = {}
        for _ in range(LOOKS if self._share >= 1 else 1):
            passes |= (await self._life([], "")).passes
        is_smoke = self._share * len(passes) < 1 and self._scene is not SCENES[0]
        for kind in self._scene.faults[: 1 if is_smoke else None]:
            await self._all(kind, passes)
        totals, found = self._ground.ledger.totals, self._found
        found.held += totals.ends["held"] + totals.held_out
        found.doubled += totals.doubled_copies
        found.faults += [f"{self._scene.name}: {fault}" for fault in totals.faults]
        most = self._through_outbox + self._ground.in_data.total() + self._ground.unanswered
        assert totals.doubled_copies <= most, f"{self._scene.name}: {totals.doubled_copies} copies, {most} explained"

    async def _all(self, kind: str, passes: dict[Chain, int]) -> None:
        hit = self._found.hit.setdefault(kind, set())
        todo = sorted(passes)
        self._chance.shuffle(todo)
        for chain in todo[: max(IN_SMOKE, round(len(todo) * self._share))]:
            if self._scene is not SCENES[0] and hit.issuperset(chain):
                continue  # all of them failed in another scene
            report = await self._life([(chain, self._chance.randint(1, passes[chain]))], kind)
            if not report.hits:
                report = await self._life([(chain, 1)], kind)
            if report.hits:
                for after in self._only_after(report, passes, hit):
                    await self._life([(chain, 1), (after, 1)], kind)

    def _only_after(self, report: Report, passes: dict[Chain, int], hit: set[Place]) -> Iterator[Chain]:
        """Chains that were passed because of the fault, with an await that none has hit."""
        for chain in sorted(report.passes.keys() - passes.keys()):
            if self._share >= 1 and not hit.issuperset(chain):
                yield chain

    async def _life(self, aims: list[tuple[Chain, int]], kind: str) -> Report:
        ground, found = self._ground, self._found
        await self._scene.before(ground)
        ground.lives += 1
        ground.order.fail_at, ground.order.fail_as = aims, kind
        death = await ground.forks.life(ground.order)
        report = read_report(ground.order.report)
        found.seen.update(itertools.chain(*report.passes))
        ground.in_data.update(ground.ledger.in_data())
        if aims:
            self._note(aims[: report.hits], kind, death)
        await self._recover(death)
        keeps_inbox = self._scene.capabilities == BARE
        ground.ledger.check({f: ground.box.mails(f) for f in ground.box.folders if f != "INBOX" or keeps_inbox})
        for name, mails in ground.box.folders.items():
            if name != "INBOX" or keeps_inbox:
                mails.clear()
        return report

    def _note(self, hits: list[tuple[Chain, int]], kind: str, death: Death) -> None:
        found = self._found
        if not hits:
            found.missed += 1
            return
        found.lives += 1
        found.twice += len(hits) == 2
        found.survived += death.code == 0
        found.ended += death.code == 1
        found.stalled += death.code == STALLED or death.is_hung
        for chain, _ in hits:
            found.hit[kind].update(chain)
            self._through_outbox += any(file.startswith("outbox") for file, _ in chain)
        if death.code != 0:
            file, line = hits[-1][0][-1]
            found.ends.add(f"{kind} at {file}:{line}: {'ended' if death.code == 1 else 'stalled'}")

    async def _recover(self, death: Death) -> None:
        """Lives without a fault until nothing is left to do; the clock goes on for what was put off."""
        ground = self._ground
        plain = replace(ground.order, fail_at=[], report="", stops=False)
        for _ in range(RECOVERIES):
            # A mail asked for in vain three times waits in INBOX for its next turn: the next life asks at once.
            is_left = self._scene.capabilities != BARE and ground.box.mails("INBOX")
            if death.code == 0 and not ground.ledger.unsent() and not is_left:
                ground.order.ahead = plain.ahead
                return
            death = await ground.forks.life(plain)
            assert not death.is_hung, f"{self._scene.name}: a life without a fault hung"
            plain.ahead += 1800
        raise AssertionError(f"{self._scene.name}: after {RECOVERIES} lives there is work left: {death}")


def _why(file: str, source: str) -> str:
    return next((f"  [{why}]" for words, why in NEVER.items() if words in source or words == file), "")


async def play(scene: Scene, forks: ForkServer, found: Found, share: float) -> None:
    """On servers and a desk of its own."""
    with quick_folder() as name:
        async with MailboxServer(scene.capabilities) as box, Relay() as relay:
            mark = str(SCENES.index(scene))
            ledger = Ledger(Path(name) / "maild.db", relay, mark=mark, may_hold=True)
            await Play(scene, Ground(Path(name), box, relay, ledger, forks), found, share).run()


async def test_a_fault_at_any_await_loses_and_doubles_nothing() -> None:
    found, todo = Found(), list(SCENES)
    with quick_folder() as logs:

        async def lane(number: int) -> None:
            async with ForkServer(Path(logs) / f"lane{number}.log") as forks:
                while todo:
                    await play(todo.pop(0), forks, found, SCALE)

        try:
            await asyncio.gather(*map(lane, lanes()))
        finally:
            said = logs_of(logs)[-4000:]
            print(said if found.faults else "")
    known = awaits()

    def lines(places: set[Place]) -> set[Place]:
        return {at for place in places if (at := await_at(place, known)) is not None}

    hit = lines(set().union(*found.hit.values()))
    seen = lines(found.seen) | hit
    shown(
        "awaits",
        faults=found.lives,
        twice=found.twice,
        missed=found.missed,
        lost=len(found.faults),
        mails_doubled=found.doubled,
        held=found.held,
        survived=found.survived,
        ended=found.ended,
        stalled=found.stalled,
        awaits=len(known),
        suspending=len(seen),
        hit=len(hit),
        not_hit=sorted(f"{f}:{n}: {known[f, n][1]}" for f, n in seen - hit),
        never_suspended=sorted(f"{f}:{n}: {known[f, n][1]}{_why(f, known[f, n][1])}" for f, n in set(known) - seen),
        ends=sorted(found.ends),
    )
    assert found.faults == [], f"{found.faults}\n{said}"
    assert found.lives >= len(SCENES)
    if SCALE >= 1:  # one that suspends only now and then may have been quick when its turn came
        assert len(hit) >= 0.95 * len(seen), sorted(seen - hit)
