"""What will happen to a ticket if nobody writes? The daemon's own sweeper on a copy, by a clock that runs ahead."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from maild.clock import VirtualClock
from maild.plan.letters import Desk
from maild.reader import Reader
from maild.store.ahead import NewMail, Now, hindrances, look
from maild.store.database import Database
from maild.store.departures import departed
from maild.store.inbound import InboundStore
from maild.store.schema import thrown_away
from maild.store.twin import copy_ticket
from maild.sweeper import Sweeper
from maild.ticket import Ticket

_SHOWN = ("status", "reason", "assignee", "queue", "priority", "type", "product", "impact", "urgency", "tags")


@dataclass(frozen=True, slots=True)
class Change:
    """Something on the ticket is otherwise from now on."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What will happen at an instant: a mail, a change, or a line in the ticket's story."""

    at: datetime
    what: NewMail | Change | str


@dataclass(frozen=True, slots=True)
class Forecast:
    """Of one ticket, in the order in which it will happen."""

    ticket: Ticket
    foreseen: tuple[Foreseen, ...]
    after: Ticket  # as it will be at the end
    hindrances: tuple[str, ...]  # slugs: why less happens than the rules say


async def forecast(live: Path, files: Path, desk: Desk, number: int, now: datetime, until: datetime) -> Forecast | None:
    """Up to and including `until`; None where there is no such ticket. `live` and `files`: the store, of which nothing
    is changed."""
    with TemporaryDirectory(prefix="maild-forecast-") as folder:
        own = Path(folder) / "maild.db"
        thrown_away(own).close_now()
        copy_ticket(live, own, number)
        database, reader = Database(own, is_durable=False), Reader()
        try:
            gone = await database.read(departed)
            staying = desk.with_settings(desk.settings.without_agents(gone))
            return await _run_ahead(database, files, staying, reader, number, now, until)
        finally:
            reader.close()
            await database.close()


async def _run_ahead(
    database: Database, files: Path, desk: Desk, reader: Reader, number: int, now: datetime, until: datetime
) -> Forecast | None:
    clock = VirtualClock(now)
    sweeper = Sweeper(database, InboundStore(database, files, clock), lambda: desk, clock, reader=reader)
    seen = await database.read(partial(look, number=number, mark=None))
    first = seen.ticket
    if first is None:
        return None
    why_less = await database.read(partial(hindrances, ticket=first))
    found: list[Foreseen] = []
    while True:
        await sweeper.sweep()  # the first time: what is due already, and what a change of the rules means
        later = await database.read(partial(look, number=number, mark=seen.mark))
        found += [Foreseen(clock.now(), what) for what in _news(seen, later)]
        seen = later
        if seen.next_at is None or seen.next_at > until:
            break
        clock.set(max(seen.next_at, clock.now()))
    return Forecast(first, tuple(found), seen.ticket or first, tuple(why_less))


def _news(before: Now, after: Now) -> Iterator[NewMail | Change | str]:
    yield from after.events
    if before.ticket is not None and after.ticket is not None:
        for name in _SHOWN:
            was, is_now = (_word(getattr(ticket, name)) for ticket in (before.ticket, after.ticket))
            if was != is_now:
                yield Change(name, was, is_now)
    yield from after.mails


def _word(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
