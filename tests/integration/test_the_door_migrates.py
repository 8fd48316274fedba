"""A database of an older maild: what had ended there gets its window, and nothing else changes."""

from pathlib import Path

from alembic import command

from maild.store.database import Database
from maild.store.schema import _config, differences, upgrade

_TICKET = (
    "INSERT INTO ticket (number, subject, mailbox, language, status, reason, queue, type, priority, tags, assignee,"
    " opened_at, changed_at, waiting_round, last_answer) VALUES ({}, 'Export', 'support', 'fr', '{}', '', '', '',"
    " 'normal', '[]', '', '2026-11-01 08:00:00.000000', '2026-11-02 08:00:00.000000', 0, 'Voici.')"
)


async def test_tickets_that_had_ended_are_closed_in_their_time(tmp_path: Path) -> None:
    database = Database(tmp_path / "maild.db")
    with database.connection() as connection:
        command.upgrade(_config(connection), "0004")
        for number, status in ((1001, "resolved"), (1002, "open"), (1003, "pending")):
            connection.exec_driver_sql(_TICKET.format(number, status))
    upgrade(database)
    with database.connection() as connection:
        timers = connection.exec_driver_sql("SELECT ticket, policy, round, state, due_at FROM timer").all()
        tickets = connection.exec_driver_sql("SELECT number, status, linked_to, merged_into FROM ticket").all()
    assert [tuple(t)[:4] for t in timers] == [(1001, "closing", 0, "armed")]
    assert timers[0].due_at.startswith("2026-11-16 08:00:00")
    assert [tuple(t) for t in tickets] == [
        (1001, "resolved", "[]", 0),
        (1002, "open", "[]", 0),
        (1003, "pending", "[]", 0),
    ]
    assert differences(database) == []
    await database.close()
