"""Lengths of time as an admin writes them: `2 days`, `72 business hours`."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo, model_validator

DURATION = "([0-9]{1,9}) (business )?(minute|hour|day|week)s?"
_DURATION = re.compile(DURATION)
_LONGEST = timedelta(weeks=520)
_UNIT = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}


class Duration(BaseModel):
    """A length of time such as `2 days` or `72 business hours`. Days and weeks are calendar days: the same time by the
    clock on the wall. What is `business` counts while the desk is open (`calendars`)."""

    model_config = ConfigDict(frozen=True)
    count: int
    unit: str
    is_business: bool = False

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, dict) and info.context is None:
            return value  # Duration(count=2, unit="day") in code; a file has only the words
        shown = value if isinstance(value, str | int | float) else "this"
        match = _DURATION.fullmatch(str(shown).strip())
        if not match:
            raise ValueError(
                f"'{shown}' is not a length of time; write it like '2 days', '4 business hours' or '30 minutes'"
            )
        if match[2] and match[3] == "week":
            raise ValueError(f"'{shown}' is not a length of time; a business week is '5 business days'")
        if not 0 < int(match[1]) * _UNIT[match[3]].total_seconds() <= _LONGEST.total_seconds():
            raise ValueError(f"'{shown}' is no useful length of time; write one between '1 minute' and '520 weeks'")
        return {"count": int(match[1]), "unit": match[3], "is_business": match[2] is not None}

    @property
    def delta(self) -> timedelta:
        """The same as a timedelta; for days and weeks add it to a local time."""
        return self.count * _UNIT[self.unit]

    @property
    def is_calendar(self) -> bool:
        """Whether it counts days by the calendar rather than elapsed time."""
        return self.unit in ("day", "week") and not self.is_business

    @property
    def code(self) -> int:
        """A number that no other length has."""
        return int(self.delta.total_seconds()) * 4 + 2 * self.is_business + (self.unit == "day")

    def __str__(self) -> str:
        return f"{self.count} {'business ' if self.is_business else ''}{self.unit}{'s' if self.count > 1 else ''}"


def _elapsed(value: Duration) -> Duration:
    if value.is_business:
        raise ValueError(f"'{value}' can't be counted here; write it without `business`")
    return value


Elapsed = Annotated[Duration, AfterValidator(_elapsed)]
