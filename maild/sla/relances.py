"""When the steps of a wait fall due (rules.yaml `waiting`): relances to the customer, then the end."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from maild.settings import Duration, WaitingStep


def later(since: datetime, after: Duration, zone: ZoneInfo) -> datetime:
    """`since` moved on. Days and weeks keep the time on the wall, also over a change of the clocks; comes back in UTC.

    A time on the wall that the clocks skip is read as if they had not been moved yet (PEP 495, fold=0).
    """
    if not after.is_calendar:
        return since.astimezone(UTC) + after.delta
    local = since.astimezone(zone).replace(tzinfo=None) + after.delta
    return local.replace(tzinfo=zone).astimezone(UTC)


def schedule(steps: Sequence[WaitingStep], since: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The instant of each step of a wait that began at `since`, in the steps' order."""
    return tuple(later(since, step.after, zone) for step in steps)


def announced_end(steps: Sequence[WaitingStep], position: int, since: datetime, zone: ZoneInfo) -> datetime | None:
    """The date that the relance at `position` has to announce: the end, if it is the last relance before one."""
    following = steps[position + 1 : position + 2]
    return later(since, following[0].after, zone) if following and following[0].resolve else None


def announced_on(steps: Sequence[WaitingStep], position: int, since: datetime, zone: ZoneInfo) -> datetime | None:
    """When the relance left that announced the end at `position`; None if none did."""
    before = steps[position - 1] if position else None
    return later(since, before.after, zone) if before is not None and before.send else None
