"""What is promised to whom: how soon a request is answered, how soon it is solved, and what stops these clocks."""

from functools import cached_property
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from maild.settings.conditions import Condition
from maild.settings.duration import Duration
from maild.settings.values import Strict, Text, a_list

Target = Literal["first_response", "next_response", "resolution"]
TARGETS: tuple[Target, ...] = get_args(Target)
Stopping = Literal["pending", "on_hold"]


def or_nothing(value: Any) -> Any:
    """`nothing` is written for none of the states."""
    return () if value == "nothing" else a_list(value)


class Promise(Strict):
    """Lengths of time that count from when the customer wrote; one that is left out is not promised."""

    first_response: Duration | None = None  # to the first public answer of a person
    next_response: Duration | None = None  # to the answer to each later message
    resolution: Duration | None = None  # to the end
    calendar: Text | None = None  # the desk's
    pauses: Annotated[tuple[Stopping, ...], BeforeValidator(or_nothing)] = ("pending", "on_hold")  # of the resolution
    any_time: bool = False  # its warnings are told while the desk is closed too

    _line: int = PrivateAttr(0)

    @property
    def line(self) -> int:
        """Its line in rules.yaml, from 1; 0 if it did not come from a file."""
        return self._line

    @cached_property
    def lengths(self) -> tuple[tuple[Target, Duration], ...]:
        """What is promised, by the name of the target."""
        found = ((name, getattr(self, name)) for name in TARGETS)
        return tuple((name, length) for name, length in found if length is not None)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.lengths:
            raise ValueError(f"nothing is promised; say one of: {', '.join(TARGETS)}")
        return self


class Policy(Promise):
    """The same to those tickets to which the condition applies."""

    if_: Condition = Field(Condition(), alias="if")
