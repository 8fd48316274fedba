"""Which reports leave by themselves: to whom, how often, when, and by what their figures are told apart."""

from typing import Annotated, Literal, Self, get_args

from pydantic import BeforeValidator, model_validator

from maild.settings.values import Addresses, Strict, TimeOfDay, a_list

Group = Literal["queue", "agent", "organisation", "priority"]
GROUPS: tuple[Group, ...] = get_args(Group)
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Report(Strict):
    """The figures of the last whole week or month, by mail."""

    to: Addresses
    every: Literal["week", "month"]
    on: Weekday | None = None  # of a weekly one; none: Monday. A monthly one leaves on the first of the month
    at: TimeOfDay = "08:00"  # or at the next opening
    by: Annotated[tuple[Group, ...], BeforeValidator(a_list)] = ("queue",)

    @model_validator(mode="after")
    def _day(self) -> Self:
        if self.every == "month" and self.on is not None:
            raise ValueError("a monthly report leaves when the desk first opens in the month; take `on` away")
        return self
