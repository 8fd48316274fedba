"""Makes effects on topics true: they begin, they change, and what happened is kept. Called by store/apply.py."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, update

from maild.effects import ChangeTopic, OpenTopic
from maild.store.topic_tables import TOPIC, TOPIC_EVENT


def _open_topic(rows: Connection, effect: OpenTopic, now: datetime) -> None:
    t = effect.topic
    row = {"number": t.number, "name": t.name, "key": t.key, "importance": t.importance, "effort": t.effort}
    rows.execute(insert(TOPIC), {**row, "opened_at": now})
    _event(rows, t.number, 0, effect.by, "opened", now)


def _change_topic(rows: Connection, effect: ChangeTopic, now: datetime) -> None:
    if effect.changes:
        done = rows.execute(update(TOPIC).where(TOPIC.c.number == effect.number).values(**effect.changes))
        if done.rowcount != 1:
            raise LookupError(f"topic {effect.number} is not there to be changed")
    _event(rows, effect.number, effect.ticket, effect.by, effect.text, now)


def _event(rows: Connection, topic: int, ticket: int, by: str, text: str, now: datetime) -> None:
    rows.execute(insert(TOPIC_EVENT), {"topic": topic, "ticket": ticket, "by": by, "text": text, "at": now})


OF_TOPICS: dict[type, Callable[[Connection, Any, datetime], None]] = {
    OpenTopic: _open_topic,
    ChangeTopic: _change_topic,
}
