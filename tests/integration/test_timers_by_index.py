"""However many timers are armed: those of a ticket are found by the ticket, and what is due by its instant."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from desk_values import NOW
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlmodel import Session

from maild.effects import CancelTimers
from maild.store.apply import apply
from maild.store.moments import armed
from maild.store.schema import thrown_away
from maild.store.timers import due_timers, has_later_due, next_due, next_of_ticket
from maild.ticket import DueTimer

TIMER = DueTimer(1, 1001, "waiting", 1, 1, datetime(2026, 11, 1, tzinfo=UTC))
OF_TICKET: dict[str, Callable[[Session], Any]] = {
    "armed": lambda session: armed(session, 1001, ("sla-first_response", "sla-resolution")),
    "next_of_ticket": lambda session: next_of_ticket(session, 1001, "waiting"),
    "has_later_due": lambda session: has_later_due(session, TIMER, ("waiting", "closing"), NOW),
    "cancelled": lambda session: apply(session, [CancelTimers(1001, "waiting")], NOW),
}
BY_INSTANT: dict[str, Callable[[Session], Any]] = {
    "due": lambda session: due_timers(session, NOW, 50),
    "next_due": next_due,
}


@contextmanager
def _statements() -> Iterator[list[tuple[str, Any]]]:
    said: list[tuple[str, Any]] = []

    def note(*, statement: str, parameters: Any, **_: object) -> None:
        said.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note, named=True)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("name", [*OF_TICKET, *BY_INSTANT])
async def test_the_right_index_is_taken(tmp_path: Path, name: str) -> None:
    database = thrown_away(tmp_path / "maild.db")
    with _statements() as said:
        await database.write((OF_TICKET | BY_INSTANT)[name])
    [(statement, values)] = [(text, values) for text, values in said if " timer" in text]

    def plan(session: Session) -> str:
        rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return "; ".join(row[3] for row in rows)

    wanted = "(ticket=?" if name in OF_TICKET else "INDEX ix_timer_due (state=?"
    assert wanted in await database.read(plan)
    await database.close()
