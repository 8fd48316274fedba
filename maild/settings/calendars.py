"""When the desk is open: the hours of each weekday, public holidays, days that are closed or open besides."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache, cached_property
from itertools import pairwise
from typing import Annotated, Any, Self

import holidays
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from maild.settings.duration import Duration, Elapsed
from maild.settings.values import DAYS, Day, LocalText, Strict, Timezone, a_list, days

Span = tuple[int, int]  # minutes from midnight by the clock on the wall; the end is no part of it
MIDNIGHT = 24 * 60
MOST_CLOSED = timedelta(days=366)
_SPAN = re.compile(
    r"([01]?[0-9]|2[0-3])(?:[:h]([0-5][0-9]))?\s*[-\u2013]\s*(24|[01]?[0-9]|2[0-3])(?:[:h]([0-5][0-9]))?"
)


def spans(value: Any) -> tuple[Span, ...]:
    """`09:00-12:30, 14:00-18:00` as minutes, in order and apart. ValueError in words for whoever wrote it."""
    found: list[Span] = []
    for said in _parts(value):
        match = _SPAN.fullmatch(said)
        start = int(match[1]) * 60 + int(match[2] or 0) if match else 0
        end = int(match[3]) * 60 + int(match[4] or 0) if match else 0
        if match is None or end > MIDNIGHT:
            raise ValueError(f"'{said}' are no hours; write them in quotes, like \"09:00-12:30, 14:00-18:00\"")
        if start >= end:
            night = f'write the night in two: "{said.partition("-")[0].strip()}-24:00", and the rest on the next day'
            raise ValueError(f"'{said}' ends before it begins; {night}")
        found.append((start, end))
    found.sort()
    for (_, end), (start, _) in pairwise(found):
        if start < end:
            raise ValueError(f"hours that overlap at {start // 60:02}:{start % 60:02}")
    return tuple(found)


def _parts(value: Any) -> list[str]:
    said = [value] if isinstance(value, str) else value
    if not isinstance(said, list | tuple) or not all(isinstance(part, str) for part in said):
        raise ValueError('no hours; write them in quotes, like "09:00-12:30, 14:00-18:00"')
    parts = [part.strip() for text in said for part in text.split(",")]
    if not any(parts):
        raise ValueError("no hours; leave a day out on which nobody is there")
    return parts


def _by_day(said: dict[str, tuple[Span, ...]]) -> dict[str, tuple[Span, ...]]:
    """The hours of each weekday by its name, in the order of the week; `mon-fri` is short for five."""
    found: dict[str, tuple[Span, ...]] = {}
    for some, hours in said.items():
        for day in days([part.strip() for part in some.split(",")]):
            if day in found:
                raise ValueError(f"{day} stands twice in this week")
            found[day] = hours
    return {day: found[day] for day in DAYS if day in found}


@cache
def _supported() -> Mapping[str, list[str]]:
    return holidays.list_supported_countries(include_aliases=False)


def _a_holiday_code(value: str) -> str:
    """FR, or FR-57. Codes that the library only keeps for old files are none."""
    country, dash, subdivision = value.partition("-")
    known = _supported().get(country)
    if known is None:
        nearest = country.upper() if country.upper() in _supported() else "FR"
        raise ValueError(
            f"'{value}' is no country with holidays; write its code in two capital letters, like {nearest}"
        )
    if dash and subdivision not in known:
        listed = ", ".join(f"{country}-{one}" for one in known)
        raise ValueError(
            f"'{value}' names no part of {country} with holidays of its own; "
            + (f"write {country}, or one of: {listed}" if known else f"write {country}")
        )
    return value


Hours = Annotated[tuple[Span, ...], BeforeValidator(spans)]
Week = Annotated[dict[str, Hours], Field(min_length=1), AfterValidator(_by_day)]
HolidayCodes = Annotated[
    tuple[Annotated[str, AfterValidator(_a_holiday_code)], ...], BeforeValidator(a_list), Field(min_length=1)
]


class Closure(Strict):
    """When the desk is closed besides: on one day, at some hours of it, or on all days from one to another; and how
    customers hear of it."""

    on: Day | None = None
    hours: Hours | None = None  # of that one day; none: all of it
    from_: Day | None = Field(None, alias="from")
    to: Day | None = None
    says: LocalText | None = None  # stands in acknowledgements
    announce: Elapsed = Duration(count=14, unit="day")  # from so long before the first day
    notice: Elapsed | None = None  # so long before the first day it is mailed to each customer; none: it is not

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.on is None) == (self.from_ is None) or (self.from_ is None) != (self.to is None):
            raise ValueError("say which days: `on` one day, or `from` one `to` another")
        if self.hours is not None and self.on is None:
            raise ValueError("`hours` are those of one day; write it under `on`")
        if self.last < self.first:
            raise ValueError(f"it ends on {self.last}, before it begins on {self.first}")
        if self.last - self.first >= MOST_CLOSED:
            raise ValueError("closed for more than a year; a desk that opens no more has no calendar")
        if "announce" in self.model_fields_set and self.says is None:
            raise ValueError("`announce` says from when on the text stands in acknowledgements; write it under `says`")
        return self

    @property
    def first(self) -> date:
        """The first day."""
        day = self.on or self.from_
        assert day is not None
        return day

    @property
    def begins(self) -> int:
        """On the first day: minutes from midnight."""
        return self.hours[0][0] if self.hours else 0

    @property
    def ends(self) -> int:
        """The same on the last day, from which on it is over."""
        return self.hours[-1][1] if self.hours else MIDNIGHT

    @property
    def last(self) -> date:
        """The last day, closed too."""
        day = self.on or self.to
        assert day is not None
        return day


class Opening(Strict):
    """A day with other hours than its weekday's, and open even on a holiday or within a closure."""

    on: Day
    hours: Hours


def _once(openings: tuple[Opening, ...]) -> tuple[Opening, ...]:
    for n, opening in enumerate(openings):
        if any(opening.on == other.on for other in openings[:n]):
            raise ValueError(f"{opening.on} stands twice under `open`")
    return openings


class Calendar(Strict):
    """When somebody is there."""

    hours: Week
    timezone: Timezone | None = None  # the site's
    holidays: HolidayCodes | None = None
    closed: tuple[Closure, ...] = ()
    open: Annotated[tuple[Opening, ...], AfterValidator(_once)] = ()

    @cached_property
    def week(self) -> tuple[tuple[Span, ...], ...]:
        """The hours of each weekday, Monday first."""
        return tuple(self.hours.get(day, ()) for day in DAYS)
