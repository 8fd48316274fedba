"""The report by mail over the real store: a downtime, another sweep and another timetable send nothing twice."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

from rules_files import ROOT

from maild.cli.inside import run_inside
from maild.config.load import load
from maild.simulate.in_memory import InMemoryWorld

RULES = ROOT / "tests" / "scenarios" / "delais" / "rapport.yaml"
FRIDAY = datetime(2026, 11, 20, 10, 0)  # noqa: DTZ001 in the zone of the rules


def within(rules: Path, story: Callable[[InMemoryWorld], Awaitable[None]]) -> None:
    async def work() -> None:
        world = InMemoryWorld(load(rules), FRIDAY, run_inside)
        try:
            await story(world)
        finally:
            await world.close()

    asyncio.run(work())


async def reports(world: InMemoryWorld) -> list[tuple[str, str]]:
    zone = world.settings.site.zone
    sent = [mail for mail in await world.sent() if mail.template == "sla_report"]
    return [(f"{mail.queued_at.astimezone(zone):%a %m-%d %H:%M}", mail.to.partition("@")[0]) for mail in sent]


async def until(world: InMemoryWorld, instant: str) -> None:
    await world.advance(datetime.fromisoformat(instant).replace(tzinfo=world.settings.site.zone))


def test_after_a_downtime_it_leaves_at_the_next_opening_and_once() -> None:
    async def story(world: InMemoryWorld) -> None:
        await until(world, "2026-11-20 12:00")
        away = datetime.fromisoformat("2026-11-24 20:00").replace(tzinfo=world.settings.site.zone)
        world._clock.set(away)  # nothing was done meanwhile
        await world._sweeper.sweep()
        assert await reports(world) == []
        await until(world, "2026-11-25 09:00")
        for _ in range(3):
            await world._sweeper.sweep()
        assert await reports(world) == [("Wed 11-25 09:00", "nora"), ("Wed 11-25 09:00", "direction")]
        await until(world, "2026-11-30 09:00")
        assert (await reports(world))[2:] == [("Mon 11-30 09:00", "nora"), ("Mon 11-30 09:00", "direction")]

    within(RULES, story)


def test_another_timetable_counts_at_once_and_sends_no_week_twice(tmp_path: Path) -> None:
    later = tmp_path / "rules.yaml"
    later.write_text(RULES.read_text("utf-8").replace("every: week", "every: week\n    on: wed"), "utf-8")

    async def story(world: InMemoryWorld) -> None:
        await until(world, "2026-11-23 09:00")
        assert len(await reports(world)) == 2
        await world.change_rules(later)
        await until(world, "2026-11-25 18:00")
        assert len(await reports(world)) == 2  # of that week they have been told
        await until(world, "2026-12-02 09:00")
        assert [at for at, _ in (await reports(world))[2:]] == ["Tue 12-01 14:00", "Wed 12-02 09:00", "Wed 12-02 09:00"]

    within(RULES, story)
