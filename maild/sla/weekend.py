"""What counts as the weekend that has just ended (M6): from the last closing before it to the next opening."""

from datetime import date, datetime, timedelta

from maild.sla.calendar import MOST_DAYS, BusinessCalendar, Interval

_SATURDAY = 5


def weekend_before(day: date, calendar: BusinessCalendar) -> Interval | None:
    """The weekend that ends as the desk opens on that day: a holiday on Monday moves its end to Tuesday, and a closure
    around it is part of it. None where the desk does not open on that day, or closed days before it are none of the
    weekend's."""
    opens = calendar.intervals(day)
    if not opens:
        return None
    is_weekend = False
    for n in range(1, MOST_DAYS):
        before = day - timedelta(days=n)
        if found := calendar.intervals(before):
            return (found[-1][1], opens[0][0]) if is_weekend else None
        is_weekend = is_weekend or before.weekday() >= _SATURDAY
    return None


def is_of(weekend: Interval | None, at: datetime) -> bool:
    """Whether that instant lies in it: what comes as the desk closes does, what comes as it opens does not."""
    return weekend is not None and weekend[0] <= at < weekend[1]
