"""When the steps of a wait fall due (rules.yaml `waiting`): relances to the customer, then the end.

Each step is counted from the beginning of the wait and by itself moved to an open instant (policies.md, "J+2, J+5,
J+10"). Two that were meant for two days never meet on one, also where the desk was closed or maild was not there.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from maild.settings import Duration, WaitingStep
from maild.sla.calendar import BusinessCalendar, later

ONE_DAY = Duration(count=1, unit="day")


def schedule(steps: Sequence[WaitingStep], since: datetime, calendar: BusinessCalendar) -> tuple[datetime, ...]:
    """The instant of each step of a wait that began at `since`, in the steps' order."""
    found: list[datetime] = []
    said: list[datetime] = []  # as the file has it, before any was moved
    for step in steps:
        said.append(later(since, step.after, calendar))
        at = said[-1] if step.any_time else calendar.next_open(said[-1])
        is_apart = len(said) > 1 and calendar.day_of(said[-1]) > calendar.day_of(said[-2])
        found.append(_after(found[-1], at, step, calendar) if is_apart and found else at)
    return tuple(found)


def caught_up(
    steps: Sequence[WaitingStep], position: int, due: Sequence[datetime], now: datetime, calendar: BusinessCalendar
) -> Iterator[tuple[int, datetime]]:
    """The steps behind the one at `position`, which leaves now and not at its instant, that have to move: each by its
    number from 1, with its new instant. `due`: when each would have been due.

    What is still to come stays where it is, unless it would meet this one: the customer has the days that they were
    promised only where the end keeps its distance from the relance that announces it.
    """
    late = now - due[position]
    before = now
    for n in range(position + 1, len(steps)):
        at = due[n]
        if calendar.day_of(now) > calendar.day_of(due[position]):
            at = due[n] + late if steps[n].any_time else calendar.next_open(due[n] + late)
        if calendar.day_of(due[n]) > calendar.day_of(due[n - 1]):
            at = _after(before, at, steps[n], calendar)
        before = at
        if at != due[n]:
            yield n + 1, at


def _after(before: datetime, at: datetime, step: WaitingStep, calendar: BusinessCalendar) -> datetime:
    """That instant, or one on a later day than the step before it."""
    if calendar.day_of(at) > calendar.day_of(before):
        return at
    if step.any_time:
        local = datetime.combine(calendar.day_of(before), at.astimezone(calendar.zone).time(), calendar.zone)
        return later(local.astimezone(UTC), ONE_DAY, calendar)
    return calendar.opening_after(calendar.day_of(before)) or at
