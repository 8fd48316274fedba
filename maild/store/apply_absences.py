"""Makes effects on agents' absences true. Called by store/apply.py."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete
from sqlalchemy.dialects.sqlite import insert as insert_new

from maild.personal_effects import EndAbsence, SetAbsence
from maild.store.absence_tables import ABSENCE


def _set(rows: Connection, effect: SetAbsence, now: datetime) -> None:
    said = {"first": effect.first, "last": effect.last, "at": now}
    row = insert_new(ABSENCE).values(key=effect.key, **said)
    rows.execute(row.on_conflict_do_update(index_elements=["key"], set_=said))


def _end(rows: Connection, effect: EndAbsence, now: datetime) -> None:
    rows.execute(delete(ABSENCE).where(ABSENCE.c.key == effect.key))


OF_ABSENCES: Mapping[type, Callable[[Connection, Any, datetime], None]] = {SetAbsence: _set, EndAbsence: _end}
