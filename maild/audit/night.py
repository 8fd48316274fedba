"""When is the next audit? Once a day, while few people write."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

AT = time(3, 30)  # by the clock of the site
NOT_AGAIN_WITHIN = timedelta(hours=20)
AGAIN_AFTER = timedelta(hours=1)  # one that failed: a server was away
OVERDUE = timedelta(hours=48)  # a machine that sleeps at night has its audit by day


def next_audit(now: datetime, last: datetime | None, failed_at: datetime | None, zone: ZoneInfo) -> datetime:
    """The instant, in UTC or the zone's own; jitter is for the caller. `last`: the last one that was whole."""
    if failed_at is not None and (last is None or failed_at > last):
        return failed_at + AGAIN_AFTER
    if last is not None and last < now - OVERDUE:
        return now
    earliest = now if last is None else max(now, last + NOT_AGAIN_WITHIN)
    local = earliest.astimezone(zone)
    tonight = datetime.combine(local.date(), AT, zone)
    return tonight if tonight >= local else datetime.combine(local.date() + timedelta(days=1), AT, zone)
