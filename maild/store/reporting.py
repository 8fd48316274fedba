"""The figures that due reports tell of. Read beside the writer: to count may take seconds, and no mail is to wait."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from maild.plan.figures import Summary, summary
from maild.plan.reporting import REPORT, named, opens_at, period
from maild.settings import Settings
from maild.store.history import cases_since
from maild.store.timers import due_timers


def figures_due(session: Session, settings: Settings, now: datetime, most: int) -> Mapping[int, Summary]:
    """Of each report that is due and may leave now, by the number of its timer; `most` timers are looked at."""
    found = {}
    for timer in due_timers(session, now, most) if opens_at(settings, now) <= now else ():
        if timer.policy == REPORT and (wanted := named(settings, timer.step)) is not None:
            since, until = period(settings, wanted[1], timer.round)
            cases = cases_since(session, settings, since)
            found[timer.id] = summary(settings, cases, since, until, now, wanted[1].by)
    return found
