"""Lists and notices by the clock, over the real store: once each, whatever restarts, downtime and reloads do."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from desk_values import RING, settings
from road import ALICE, LEA, Road, letter
from sqlalchemy import insert

from maild.config.desk import open_desk
from maild.plan.closures import AT_ONCE
from maild.plan.desk import Desk
from maild.plan.worklists import Waiting
from maild.store import queries
from maild.store.standing import known_of_customers, tickets_to_do
from maild.store.tables import RESTORATION
from maild.sweeper import Sweeper

BASE = open_desk(settings(), RING)
HOURS = {"mon-fri": "09:00-18:00"}
FRIDAY = datetime(2026, 11, 27, 9, tzinfo=UTC)  # 10 h in Paris


def desk(*closed: dict[str, Any], customers: int = 0, **changes: Any) -> Desk:
    people = {
        "agents": [{"name": "Léa Martin", "address": LEA, "teams": ["n1"]}],
        "customers": [{"address": ALICE, "name": "Alice"}, *({"address": f"c{n}@x.example"} for n in range(customers))],
    }
    office = {"hours": HOURS, "closed": list(closed)}
    return BASE.with_settings(settings(calendars={"office": office}, people=people, **changes))


def road_of(folder: Path, at: Desk, now: datetime = FRIDAY) -> Road:
    standing = [at]
    road = Road(folder, lambda: standing[0], now)
    road.desk = lambda: standing[0]
    return road


def restarted(road: Road) -> None:
    road.sweeper = Sweeper(road.database, road.inbound, lambda: road.desk(), road.clock)


async def until(road: Road, at: datetime) -> None:
    """From instant to instant at which something is due, as the sweeper's loop does."""
    while (due := await road.sweeper.next_due()) is not None and due <= at:
        road.clock.set(max(due, road.clock.now()))
        await road.sweeper.sweep()
    road.clock.set(at)


async def written(road: Road, template: str) -> list[tuple[str, str]]:
    return [(m.recipient, f"{m.created_at:%m-%d %H:%M}") for m in await road.queued() if m.template == template]


async def test_a_list_leaves_once_a_day_over_restarts(tmp_path: Path) -> None:
    road = road_of(tmp_path, desk(worklists=[{"to": "n1"}]))
    await road.receive(letter(ALICE))
    for day in (30, 31, 32):  # Monday to Wednesday
        await until(road, FRIDAY + timedelta(days=day - 27))
        restarted(road)
        await road.sweeper.sweep()
    assert await written(road, "worklist") == [(LEA, "11-30 08:00"), (LEA, "12-01 08:00"), (LEA, "12-02 08:00")]


async def test_after_a_downtime_the_day_has_its_list_later_and_the_days_before_have_none(tmp_path: Path) -> None:
    road = road_of(tmp_path, desk(worklists=[{"to": "n1"}]))
    await road.receive(letter(ALICE))
    await road.sweeper.sweep()
    road.clock.set(datetime(2026, 12, 2, 10, tzinfo=UTC))  # Monday's, Tuesday's and Wednesday's time has passed
    restarted(road)
    await road.sweeper.sweep()
    await road.sweeper.sweep()
    await until(road, datetime(2026, 12, 3, 8, tzinfo=UTC))
    assert await written(road, "worklist") == [(LEA, "12-02 10:00"), (LEA, "12-03 08:00")]


async def to_do(road: Road) -> list[Waiting]:
    return await road.database.read(partial(tickets_to_do, desk=road.desk(), now=road.clock.now()))


async def test_a_request_waits_since_the_first_words_that_nobody_has_answered(tmp_path: Path) -> None:
    road = road_of(tmp_path, desk())
    await road.receive(letter(ALICE))
    [first] = await to_do(road)
    assert first.since == FRIDAY
    answer_to = str((await road.last(LEA))["Reply-To"].addresses[0].addr_spec)
    road.clock.set(FRIDAY + timedelta(hours=1))
    await road.receive(letter(LEA, "Laquelle ?", to=answer_to))
    [answered] = await to_do(road)
    assert answered.since == FRIDAY  # open still: nobody has set it to wait
    again = str((await road.last(ALICE))["Reply-To"].addresses[0].addr_spec)
    for hour in (2, 3):
        road.clock.set(FRIDAY + timedelta(hours=hour))
        await road.receive(letter(ALICE, f"Celle-ci, {hour}.", to=again))
    [waiting] = await to_do(road)
    assert waiting.since == FRIDAY + timedelta(hours=2)


CLOSURE = {"from": "2026-12-24", "to": "2027-01-01", "notice": "7 days"}
BEFORE, DUE = datetime(2026, 12, 16, 9, tzinfo=UTC), datetime(2026, 12, 17, 8, tzinfo=UTC)


async def test_each_customer_is_told_once_though_maild_restarts_in_between(tmp_path: Path) -> None:
    road = road_of(tmp_path, desk(CLOSURE, customers=250), BEFORE)
    await until(road, DUE)
    assert len(await written(road, "closure_notice")) == AT_ONCE
    restarted(road)
    await until(road, DUE + timedelta(minutes=1))
    restarted(road)
    await until(road, DUE + timedelta(days=30))
    told = [who for who, _ in await written(road, "closure_notice")]
    assert len(told) == len(set(told)) == 251


async def test_after_a_restore_no_notice_leaves_that_may_have_left(tmp_path: Path) -> None:
    """The database is that of the evening before; all hundreds that follow are held, not the first alone."""
    road = road_of(tmp_path, desk(CLOSURE, customers=150), BEFORE)
    await road.sweeper.sweep()
    found = {"found_at": DUE + timedelta(minutes=1), "first_number": 1001, "pending": []}
    await road.database.write(lambda session: session.connection().execute(insert(RESTORATION), found))
    await until(road, DUE + timedelta(hours=1))
    mails = await road.database.read(queries.outbox)
    assert len(mails) == 151
    assert {(mail.state, mail.reason) for mail in mails} == {("held", "restored")}


async def test_a_closure_that_is_added_or_moved_or_taken_back_is_told_of_as_the_file_has_it(tmp_path: Path) -> None:
    road = road_of(tmp_path, desk(), BEFORE)
    await until(road, DUE + timedelta(hours=1))
    assert await written(road, "closure_notice") == []
    road.desk = lambda: desk(CLOSURE)  # added later than it should have been: told of at once
    await until(road, DUE + timedelta(hours=2))
    assert await written(road, "closure_notice") == [(ALICE, "12-17 09:00")]
    inventory = {"on": "2027-02-05", "notice": "1 week"}
    road.desk = lambda: desk(CLOSURE, inventory)
    await until(road, datetime(2027, 1, 27, 12, tzinfo=UTC))
    road.desk = lambda: desk(CLOSURE)  # taken back, and given again when it was due already
    await until(road, datetime(2027, 1, 30, 12, tzinfo=UTC))
    assert len(await written(road, "closure_notice")) == 1
    road.desk = lambda: desk(CLOSURE, {**inventory, "notice": "3 days"})
    await until(road, datetime(2027, 2, 10, 12, tzinfo=UTC))
    assert await written(road, "closure_notice") == [(ALICE, "12-17 09:00"), (ALICE, "02-02 08:00")]


@pytest.mark.parametrize("has_mailboxes", [True, False])
async def test_what_is_known_of_customers(tmp_path: Path, has_mailboxes: bool) -> None:
    road = road_of(tmp_path, desk(CLOSURE), BEFORE)
    await road.receive(letter(ALICE))
    await until(road, DUE)

    def known(owed_for: str) -> Any:
        return road.database.read(lambda session: known_of_customers(session, owed_for, has_mailboxes=has_mailboxes))

    told = await known("closure_notice:2026-12-24:2027-01-01:")
    assert (told.told, told.mailboxes) == ({ALICE}, {ALICE: "support"} if has_mailboxes else {})
    assert (await known("closure_notice:2026-12-24:2027-01-02:")).told == frozenset()
