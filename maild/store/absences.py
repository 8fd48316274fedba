"""Which agents have said by mail that they are away? The desk as it is with them."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from maild.plan.letters import Desk
from maild.store.absence_tables import ABSENCE

Absences = Mapping[str, tuple[date, date]]  # by address in compared form: first and last day
_ALL = select(ABSENCE.c.key, ABSENCE.c.first, ABSENCE.c.last)
_last: tuple[Desk, Absences, Desk] | None = None  # the desk that was made last: it is asked for with each mail


def absences(session: Session) -> Absences:
    """Those that are over too: they mean nothing any more, and the next word of that agent takes their place."""
    return {key: (first, last) for key, first, last in session.connection().execute(_ALL)}


def with_absences(session: Session, desk: Desk) -> Desk:
    """The same desk, with its agents' own absences beside those of the rules."""
    global _last
    found = absences(session)
    if not found:
        return desk
    if _last is not None and _last[0] is desk and _last[1] == found:
        return _last[2]
    made = desk.with_settings(desk.settings.with_absences(found))
    _last = (desk, found, made)
    return made
