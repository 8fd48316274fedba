"""Which timers of no ticket should be armed? Those of the daily list, the worklists, and the closures that are told of.

Keys make each one once; what the rules no longer want ends as nothing when it falls due.
"""

from datetime import datetime

from maild.effects import Effect, StartTimer
from maild.plan import closures, digest, reporting, worklists
from maild.settings import Settings


def standing_timers(settings: Settings, now: datetime) -> list[Effect]:
    """Those that come next after now; the same answer as before means that nothing is to be done."""
    due = digest.next_digest(settings, now)
    day = due.astimezone(settings.site.zone).toordinal()
    daily = StartTimer(0, digest.DIGEST, digest.minutes_of(settings), day, due)
    lists, notices = worklists.next_worklists(settings, now), closures.next_notices(settings, now)
    return [daily, *lists, *notices, *reporting.upcoming(settings, now)]
