"""Do the calendars and what is counted by them make sense?"""

from collections.abc import Iterator
from datetime import timedelta

from maild.rules.finding import Finding, Path, Subject, hint
from maild.settings import Settings
from maild.settings.calendars import MOST_CLOSED, Calendar
from maild.settings.duration import Duration


def calendars_exist(desk: Subject) -> Iterator[Finding]:
    """Names of calendars that are none."""
    known = desk.settings.calendars
    name = desk.settings.site.calendar
    if name is not None and name not in known:
        what = f"there is no calendar '{name}'" + hint(name, known, "add it under `calendars`")
        yield Finding(("site", "calendar"), what)


def calendars_open(desk: Subject) -> Iterator[Finding]:
    """Calendars that stay closed for a year and more by closures that follow each other."""
    for name, calendar in desk.settings.calendars.items():
        if (closed := _longest_closure(calendar)) >= MOST_CLOSED:
            what = f"no hour is open for {closed.days} days on end; a deadline would lie beyond them"
            yield Finding(("calendars", name, "closed"), what)


def _longest_closure(calendar: Calendar) -> timedelta:
    longest, first, last = timedelta(), None, None
    for closure in sorted(calendar.closed, key=lambda c: c.first):
        if first is None or last is None or closure.first > last + timedelta(days=1):
            first, last = closure.first, closure.last
        last = max(last, closure.last)
        longest = max(longest, last - first + timedelta(days=1))
    return longest


def business_time_is_known(desk: Subject) -> Iterator[Finding]:
    """Business hours of a desk that has not said when it is open."""
    if desk.settings.calendars:
        return
    for path, length in durations(desk.settings):
        if length.is_business:
            what = f"'{length}' counts while the desk is open, and nothing says when that is; add `calendars`"
            yield Finding(path, what)


def durations(settings: Settings) -> Iterator[tuple[Path, Duration]]:
    """Every length of time that may be counted in business time, with its path."""
    yield from ((("waiting", i, "after"), step.after) for i, step in enumerate(settings.waiting))
    yield ("held", "due"), settings.held.due
    if settings.rating is not None:
        yield ("rating", "after"), settings.rating.after
        yield ("rating", "change_within"), settings.rating.change_within
    if settings.closing.after is not None:
        yield ("closing", "after"), settings.closing.after
