"""S12 and P03: whatever is done to tickets and people, no customer comes into another's ticket, and nobody reads what
was written before they came.

MAILD_DOOR_STEPS says how many steps are taken; -s shows the figure.
"""

import os
import random
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from breakages import Breakage, never_applied, replaced, without_row
from door_town import AGENTS, PEOPLE, Town

from maild.effects import ChangeParticipant
from maild.plan import letters, merging
from maild.threading import verdict

STEPS = int(os.environ.get("MAILD_DOOR_STEPS", "200"))
ALICE, BRUNO = PEOPLE[:2]
A_LIFE = 100  # steps of one town, so that many begin anew
COMMANDS = (
    *("Voici {word}.", "Voici {word}.", "#note\nEntre nous : {word}", "#pending", "Et {word} ?\n\n#pending"),
    *("#resolve", "C'est {word}.\n\n#resolve", "#open", "#split Partie {word}\nVoici {word}."),
    *("#add {person}", "#add {person}", "#add {person} with history", "Avec {word}.\n\n#add {person}"),
    *("#remove {person}", "#remove {person}", "Sans {word}.\n\n#remove {person}"),
    *("#merge {other}", "#merge {other} confirm", "#link {other}"),
)


async def _step(town: Town, chance: random.Random) -> None:
    what = chance.random()
    who = chance.choice(PEOPLE)
    if what < 0.12 or not town.tickets:
        await town.opens(who)
    elif what < 0.55:
        pick, carriers, subject = chance.randrange(10**6), chance.randrange(1, 8), chance.randrange(3)
        await town.writes(who, pick, carriers, subject, is_own=chance.random() < 0.7)
    elif what < 0.92:
        words = {"person": chance.choice(PEOPLE), "other": chance.choice(town.tickets), "word": "{word}"}
        command = chance.choice(COMMANDS).format(**words)
        await town.agent(chance.choice(AGENTS), chance.choice(town.tickets), command)
    elif what < 0.93:
        await town.revokes(who)
    else:
        await town.waits(chance.choice((1, 2, 4, 15)))


async def _live(folder: Path, seed: int) -> Town:
    """A whole life, or up to the first fault."""
    town, chance = Town(folder), random.Random(seed)
    while town.steps < A_LIFE and not town.faults:
        await _step(town, chance)
    return town


async def test_nobody_comes_into_anothers_ticket_and_nobody_reads_what_was_before(tmp_path: Path) -> None:
    steps = entries = refused = follow_ups = merged = 0
    began = time.monotonic()
    for life in range(max(1, STEPS // A_LIFE)):
        town = await _live(tmp_path / str(life), life)
        assert not town.faults, f"life {life}, step {town.steps}: {town.faults}"
        tickets = [await town.road.ticket(number) for number in town.tickets]
        follow_ups += sum(bool(t.follows) for t in tickets)
        merged += sum(bool(t.merged_into) for t in tickets)
        steps, entries, refused = steps + town.steps, entries + town.entries, refused + town.refused
        await town.road.database.close()
    print(
        f"\n{steps} steps in {time.monotonic() - began:.0f} s: {entries} mails came into a ticket that was there, "
        f"{refused} did not, {follow_ups} tickets follow another, {merged} were merged; 0 in another's ticket, "
        "0 words from before"
    )
    assert entries > steps / 20
    assert merged
    assert follow_ups


Script = Callable[[Town], Awaitable[None]]


async def _a_stranger_writes(town: Town) -> None:
    await town.opens(ALICE)
    await town.writes(BRUNO, 0, 7, 0, is_own=False)


async def _somebody_joins_a_wait(town: Town) -> None:
    await town.opens(ALICE)
    await town.agent(AGENTS[0], 1001, "Voici {word}.\n\n#pending")
    await town.agent(AGENTS[0], 1001, f"#add {BRUNO}")
    await town.waits(2)


async def _two_customers_are_merged(town: Town) -> None:
    await town.opens(ALICE)
    await town.opens(BRUNO)
    await town.agent(AGENTS[1], 1002, "#merge 1001")


async def _who_was_removed_writes(town: Town) -> None:
    await town.opens(ALICE)
    await town.agent(AGENTS[0], 1001, f"#add {BRUNO}")
    await town.agent(AGENTS[0], 1001, "Voici {word}.")
    await town.agent(AGENTS[0], 1001, f"#remove {BRUNO}")
    await town.writes(BRUNO, -1, 7, 0, is_own=True)


OPEN_DOORS: dict[str, tuple[Script, Breakage, str]] = {
    "strangers come in": (_a_stranger_writes, without_row(verdict._stranger), "came into"),
    "a reminder quotes what was before": (
        _somebody_joins_a_wait,
        replaced(letters, "answer_seen_by", lambda ticket, who: ticket.last_answer),
        "relance shows",
    ),
    "any two tickets are merged": (
        _two_customers_are_merged,
        replaced(merging, "_is_one_side", lambda *_: True),
        "nobody confirmed",
    ),
    "a removal is not written": (_who_was_removed_writes, never_applied(ChangeParticipant), "are ["),
}


@pytest.mark.parametrize("door", OPEN_DOORS)
@pytest.mark.parametrize("is_broken", [False, True])
async def test_the_ledger_sees_a_door_that_stands_open(
    tmp_path: Path, door: str, is_broken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    script, breakage, fault = OPEN_DOORS[door]
    if is_broken:
        breakage(monkeypatch)
    town = Town(tmp_path)
    await script(town)
    await town.road.database.close()
    assert any(fault in said for said in town.faults) is is_broken, town.faults
    assert is_broken or not town.faults
