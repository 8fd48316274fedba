"""When do customers hear of a closure: in acknowledgements, and by a mail beforehand? Instants come out in UTC."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maild.settings import Calendar, Duration, Settings
from maild.settings.calendars import MIDNIGHT, Closure
from maild.sla.calendar import BusinessCalendar


def begins_at(closure: Closure, zone: ZoneInfo) -> datetime:
    """The midnight before its first day, or the first of its hours."""
    return _on_the_wall(closure.first, closure.begins, zone)


def ends_at(closure: Closure, zone: ZoneInfo) -> datetime:
    """The midnight after its last day, or the end of its hours."""
    return _on_the_wall(closure.last, closure.ends, zone)


def announced(calendar: Calendar, zone: ZoneInfo, now: datetime) -> Iterator[Closure]:
    """Those whose text stands in acknowledgements now: from `announce` before their first day to the end of the last,
    the next one first."""
    for closure in sorted(calendar.closed, key=lambda c: (c.first, c.last)):
        if closure.says is not None and _before(closure, closure.announce, zone) <= now < ends_at(closure, zone):
            yield closure


def notice_at(closure: Closure, calendar: BusinessCalendar) -> datetime | None:
    """When customers are mailed: at an open instant, so long beforehand as the file says; None where they are not, or
    the desk does not open any more before the closure."""
    if closure.notice is None:
        return None
    at = calendar.next_open(_before(closure, closure.notice, calendar.zone))
    return at if at < begins_at(closure, calendar.zone) else None


def with_notice(settings: Settings) -> Iterator[tuple[str, Closure]]:
    """Every closure of which customers are to be mailed, each with the name of its calendar; the same days once."""
    seen = set()
    for name, calendar in settings.calendars.items():
        for closure in calendar.closed:
            days = closure.first, closure.last
            if closure.notice is not None and days not in seen:
                seen.add(days)
                yield name, closure


def _on_the_wall(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    days, minutes = divmod(minutes, MIDNIGHT)
    at = time(*divmod(minutes, 60))
    return datetime.combine(day + timedelta(days=days), at, zone).astimezone(UTC)


def _before(closure: Closure, length: Duration, zone: ZoneInfo) -> datetime:
    """So long before its first day; days and weeks by the calendar, also where the clocks change in between."""
    if not length.is_calendar:
        return begins_at(closure, zone) - length.delta
    return datetime.combine(closure.first - length.delta, time(), zone).astimezone(UTC)
