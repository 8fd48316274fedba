"""What if nobody looked at the clock for days, a holiday is made, or an answer comes as its reminder leaves? (T02, T05,
T06)
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from desk_values import NOW, RING, settings
from faults.figures import scaled, shown
from road import ALICE, LEA, Road, letter
from sqlmodel import Session

from maild.config.desk import open_desk
from maild.sla import calendar
from maild.sweeper import Sweeper

RACES = 10_000
OUTAGE = timedelta(hours=72)
RULES: list[dict[str, Any]] = [
    {"name": "all", "then": {"queue": "support", "assign": LEA}},
    {"name": "soon", "on": "sla_warning", "at": ["20%", "40%", "60%", "80%"], "then": {"notify": "assignee"}},
    {"name": "over", "on": "sla_breached", "then": {"notify": "assignee"}},
]
LIMITS = dict.fromkeys(
    ("known_per_day", "exchanges_per_day", "automatic_per_hour", "mails_per_hour", "same_text_per_hour"), 1_000_000
)
FRANCE = {"office": {"hours": {"mon-fri": "09:00-18:00"}, "holidays": "FR"}}


@pytest.fixture
async def road_of(tmp_path: Path) -> AsyncIterator[Callable[..., Road]]:
    """A desk by rules that have these keys besides."""
    made: list[Road] = []

    def make(**keys: Any) -> Road:
        desk = open_desk(settings(**keys), RING)
        made.append(Road(tmp_path, lambda: desk))
        return made[-1]

    yield make
    for road in made:
        await road.database.close()


async def _rows(road: Road, query: str) -> list[Any]:
    return await road.database.read(lambda session: list(session.connection().exec_driver_sql(query).all()))


async def test_after_72_hours_one_mail_a_ticket_tells_of_five_steps_and_the_story_has_their_instants(
    road_of: Callable[..., Road],
) -> None:
    road = road_of(rules=RULES, sla={"all": {"first_response": "50 hours"}}, limits=LIMITS)
    tickets = 20
    for n in range(tickets):
        await road.receive(letter(ALICE, f"Question {n}", subject=f"Demande {n} export{n}"))
        road.clock.set(road.clock.now() + timedelta(minutes=5))
    before = len(await road.queued())
    road.clock.set(road.clock.now() + OUTAGE)
    await road.sweeper.sweep()
    told = [m.template for m in (await road.queued())[before:] if m.recipient == LEA]
    stories = await _rows(road, "SELECT ticket, text FROM message WHERE visibility = 'event' ORDER BY ticket, id")
    wrong = 0
    for n in range(tickets):
        opened = (NOW + n * timedelta(minutes=5)).astimezone(road.desk().settings.site.zone)
        instants = [f"{opened + timedelta(hours=hours):%Y-%m-%d at %H:%M}" for hours in (10, 20, 30, 40, 50)]
        said = [text for number, text in stories if number == 1001 + n]
        wrong += not (len(said) == 5 and all(at in text for at, text in zip(instants, said, strict=True)))
    shown("t02", tickets=tickets, steps=tickets * 5, mails=len(told), wrong=wrong)
    assert told == ["agent_sla_breach"] * tickets
    assert wrong == 0


async def test_a_day_that_becomes_a_holiday_puts_promises_off_and_the_story_says_so(
    road_of: Callable[..., Road], monkeypatch: pytest.MonkeyPatch
) -> None:
    road = road_of(rules=RULES, sla={"all": {"first_response": "18 business hours"}}, calendars=FRANCE)
    await road.receive(letter(ALICE))
    await road.after(minutes=1)
    due = "SELECT due_at FROM timer WHERE policy = 'sla-first_response' AND step = 100 AND state = 'armed'"
    assert await _rows(road, due) == [("2026-11-24 17:00:00.000000",)]
    true = calendar._holidays.__wrapped__

    def by_a_later_release(code: str, year: int, language: str = "") -> dict[date, str]:
        return true(code, year, language) | {date(2026, 11, 24): "Jour férié nouveau"}

    monkeypatch.setattr(calendar, "_holidays", by_a_later_release)
    monkeypatch.setattr(calendar, "_made", calendar._made.__wrapped__)
    # As after a start with another release of the table: the file is the same.
    road.sweeper = Sweeper(road.database, road.inbound, lambda: road.desk(), road.clock)
    await road.after(minutes=1)
    assert await _rows(road, due) == [("2026-11-25 17:00:00.000000",)]
    story = await _rows(road, "SELECT text FROM message WHERE visibility = 'event'")
    assert story == [
        ("counted anew by the rules: first response due 2026-11-25 18:00 instead of 2026-11-24 18:00",),
    ]
    await road.after(minutes=1)
    assert await _rows(road, "SELECT count(*) FROM message WHERE visibility = 'event'") == [(1,)]


class Commits:
    """Watches every transaction of a desk, in their order: whether one wrote a reminder to a ticket that had ended its
    wait, or ended the wait in the same."""

    _STATE = (
        "SELECT (SELECT count(*) FROM outbox WHERE template = 'relance'),"
        " (SELECT status = 'pending' FROM ticket WHERE number = 1001)"
    )

    def __init__(self, road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
        self.after_an_answer = 0
        self._write = road.database.write
        monkeypatch.setattr(road.database, "write", self._watched)

    async def _watched(self, work: Callable[[Session], Any]) -> Any:
        def watched(session: Session) -> Any:
            before, was_pending = self._state(session)
            result = work(session)
            after, is_pending = self._state(session)
            self.after_an_answer += after > before and not (was_pending and is_pending)
            return result

        return await self._write(watched)

    def _state(self, session: Session) -> tuple[int, bool]:
        reminders, is_pending = session.connection().exec_driver_sql(self._STATE).one()
        return reminders, bool(is_pending)


async def test_no_reminder_follows_an_answer_that_comes_at_the_same_instant(
    road_of: Callable[..., Road], monkeypatch: pytest.MonkeyPatch
) -> None:
    road = road_of(limits=LIMITS, waiting=[{"after": "30 minutes", "send": "relance"}])  # references last for 400 days
    await road.receive(letter(ALICE))
    addresses = {who: str((await road.last(who))["Reply-To"].addresses[0].addr_spec) for who in (ALICE, LEA)}
    commits, chance = Commits(road, monkeypatch), random.Random(20261130)
    races, overtaken = scaled(RACES, least=30), 0

    async def written(who: str, text: str, name: str) -> None:
        await road.keep(letter(who, text, to=addresses[who], name=name, subject="Re: Impossible d'exporter"))

    async def late(begin: Callable[[], Any], most: float) -> None:
        await asyncio.sleep(chance.random() * most)
        await begin()

    for n in range(races):
        await written(LEA, f"Quelle version ? ({n})\n\n#pending", f"asks{n}")
        await road.intake.drain()
        assert (await road.ticket()).status == "pending"
        reminders = await _rows(road, "SELECT count(*) FROM outbox WHERE template = 'relance'")
        road.clock.set(road.clock.now() + timedelta(minutes=30))
        who, text = (ALICE, f"La 4.2 ({n})") if n % 3 else (LEA, f"Fait ({n})\n\n#resolve")
        await written(who, text, f"answers{n}")
        await asyncio.gather(late(road.intake.drain, 0.003), late(road.sweeper.sweep, 0.012))
        await road.sweeper.sweep()
        assert (await road.ticket()).status in ("open", "resolved")
        overtaken += await _rows(road, "SELECT count(*) FROM outbox WHERE template = 'relance'") == reminders
    shown("t06", races=races, answer_was_first=overtaken, reminders_after_an_answer=commits.after_an_answer)
    assert commits.after_an_answer == 0
    assert 0 < overtaken < races  # else there was no race
