"""The clock of the machine is set while maild runs: nobody is written to for that, and nothing happens twice (T03)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from desk_values import RING, settings
from faults.figures import shown
from road import ALICE, BRUNO, LEA, Road, letter

from maild.clock_watch import MOST
from maild.config.desk import open_desk
from maild.effects import QueueMail
from maild.store.apply import apply
from maild.store.clock_doubt import HOLDS_FOR, doubted_since, settle
from maild.store.deliveries import OutboxRows
from maild.sweeper import Sweeper

YEAR, HOUR, MINUTE = timedelta(days=365), timedelta(hours=1), timedelta(minutes=1)
PROMISED = {
    "sla": {"all": {"first_response": "30 hours"}},
    "rules": [
        {"name": "all", "then": {"queue": "support", "assign": LEA}},
        {"name": "over", "on": "sla_breached", "then": {"notify": "assignee"}},
    ],
}


@pytest.fixture
async def road(tmp_path: Path) -> AsyncIterator[Road]:
    """A ticket that waits for its customer, and one whose first answer is promised; the clock has been looked at."""
    desk = open_desk(settings(**PROMISED), RING)
    made = Road(tmp_path, lambda: desk)
    await made.receive(letter(ALICE))
    to = str((await made.last(LEA))["Reply-To"].addresses[0].addr_spec)
    await made.receive(letter(LEA, "Quelle version ?\n\n#pending", to=to))
    await made.receive(letter(ALICE, "Autre chose", subject="Tout autre sujet"))
    await made.sweeper.sweep()
    yield made
    await made.database.close()


def _sweeper_of_another_life(road: Road) -> Sweeper:
    return Sweeper(road.database, road.inbound, lambda: road.desk(), road.clock)


async def _written(road: Road) -> list[str]:
    """What the clock has written so far."""
    by_clock = ("relance", "resolved_no_answer", "agent_sla_breach", "held_digest")
    return [m.template for m in await road.queued() if m.template in by_clock]


def _told(road: Road) -> list[str]:
    return [concern.notice for concern in road.sweeper.watch.concerns()]


async def test_a_year_ahead_nothing_leaves_until_the_clock_is_back_and_then_all_comes_at_its_time(road: Road) -> None:
    road.clock.jump(YEAR)
    for _ in range(10):
        await road.after(minutes=5)
    assert await _written(road) == []
    assert _told(road) == ["clock-ahead"]
    road.sweeper = _sweeper_of_another_life(road)  # a start in between changes nothing
    await road.after(minutes=5)
    assert (await _written(road), _told(road)) == ([], ["clock-ahead"])
    road.clock.jump(-YEAR)
    await road.after(minutes=5)
    assert (await _written(road), _told(road)) == ([], [])
    for _ in range(15 * 24):
        await road.after(hours=1)
    shown("t03", jumps=1, wrong=int(await _written(road) != EXPECTED))
    assert await _written(road) == EXPECTED


EXPECTED = ["agent_sla_breach", "relance", "relance", "resolved_no_answer"]


@pytest.mark.parametrize("by", ["an admin", "time"])
async def test_a_clock_that_was_right_is_believed_again(road: Road, by: str) -> None:
    road.clock.jump(YEAR)
    await road.after(minutes=1)
    assert await _written(road) == []
    if by == "an admin":
        await road.database.write(settle)
        await road.after(minutes=1)
    else:
        road.clock.set(road.clock.now() + HOLDS_FOR - 2 * MINUTE)
        await road.after(seconds=1)
        assert await _written(road) == []
        await road.after(minutes=2)
    assert sorted(await _written(road)) == ["agent_sla_breach", "relance"]  # as after an outage: one of each
    assert _told(road) == []


@pytest.mark.parametrize("by", [-HOUR, 5 * MINUTE, MOST - HOUR, -YEAR])
async def test_a_small_step_or_one_back_holds_nothing_and_fires_nothing_twice(road: Road, by: timedelta) -> None:
    await road.after(days=2, hours=1)
    before = await _written(road)
    assert before == ["agent_sla_breach", "relance"]
    road.clock.jump(by)
    await road.after(minutes=1)
    assert _told(road) == []
    assert await _written(road) == before
    for _ in range(30):
        await road.after(hours=1)
    assert (await _written(road)).count("agent_sla_breach") == 1
    assert (await _written(road)).count("relance") == 1


async def test_a_machine_that_slept_has_not_jumped(road: Road) -> None:
    """Its own count goes on: what was due meanwhile is an outage's (T10)."""
    await road.after(days=2, hours=8)
    assert _told(road) == []
    assert sorted(await _written(road)) == ["agent_sla_breach", "relance"]


@pytest.mark.parametrize("is_jump", [True, False])
async def test_a_mail_for_later_waits_where_the_clock_has_jumped_over_its_instant(road: Road, is_jump: bool) -> None:
    now = road.clock.now()
    later = QueueMail("later", "agent_reply", ALICE, LEA, "Later", b"bytes", "later", not_before=now + 3 * HOUR)
    await road.database.write(lambda session: apply(session, [later], now))
    rows = OutboxRows(road.database, look=road.sweeper.watch.is_in_doubt)

    async def claimed() -> list[str]:
        found: list[str] = []
        while mails := await rows.claim(road.clock.now(), 10):
            for mail in mails:
                await rows.settle(mail.id, state="sent", reason="", detail="", next_at=None, now=road.clock.now())
            found += [mail.sender for mail in mails]
        return found

    assert len(await claimed()) > 1, "what people wrote leaves at once"
    if is_jump:
        road.clock.jump(YEAR)
        await road.receive(letter(BRUNO, "Une question", subject="Le planning"))
        assert await claimed() and await rows.next_due(road.clock.now()) is None, (
            "what is queued now leaves all the same"
        )
        await road.database.write(settle)
    else:
        await road.after(hours=3)
    assert LEA in await claimed()
    assert await road.database.read(doubted_since) is None
