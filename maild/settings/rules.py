"""What the desk decides by itself: rules, and the steps of a wait."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from maild.decision import Occasion
from maild.settings.actions import Actions
from maild.settings.conditions import Condition
from maild.settings.duration import Duration
from maild.settings.values import Strict, Text, a_list

Occasions = Annotated[tuple[Occasion, ...], BeforeValidator(a_list), Field(min_length=1)]

_EXAMPLES = {"at": "at: [50%, 80%]", "after": "after: 30 business minutes"}


def a_percentage(value: Any) -> Any:
    """80% as a number; ValueError in words."""
    text = str(value).strip().removesuffix("%").strip()
    if not text.isdigit() or not 0 < int(text) < 100:
        raise ValueError(f"'{value}' is no part of a time; write it like 80%, between 1% and 99%")
    return int(text)


def one_or_several(value: Any) -> Any:
    """One value may stand where a list of one is meant."""
    return value if isinstance(value, list | tuple) else [value]


Percents = Annotated[
    tuple[Annotated[int, BeforeValidator(a_percentage)], ...], BeforeValidator(one_or_several), Field(min_length=1)
]


class Rule(Strict):
    """If this, then that. `line` is where it stands in the file."""

    name: Text
    on: Occasions = (Occasion.OPENED,)
    at: Percents | None = None  # of sla_warning: when so much of a promised time is over
    after: Duration | None = None  # of unassigned
    if_: Condition = Field(Condition(), alias="if")
    then: Actions

    _line: int = PrivateAttr(0)

    @model_validator(mode="after")
    def _when(self) -> Self:
        for key, occasion in (("at", Occasion.SLA_WARNING), ("after", Occasion.UNASSIGNED)):
            is_said, is_needed = getattr(self, key) is not None, occasion in self.on
            if is_needed and not is_said:
                raise ValueError(f"say when: `on: {occasion}` needs `{_EXAMPLES[key]}`")
            if is_said and not is_needed:
                raise ValueError(f"`{key}` has a meaning only with `on: {occasion}`")
        return self

    @property
    def line(self) -> int:
        """Its line in rules.yaml, from 1; 0 if it did not come from a file."""
        return self._line


def or_never(value: Any) -> Any:
    """`never` is written for no length of time."""
    if isinstance(value, str) and value != "never" and not any(c.isdigit() for c in value):
        raise ValueError(f"'{value[:40]}' is not a length of time; write it like '14 days', or 'never'")
    return None if value == "never" else value


class Closing(Strict):
    """How long an ended ticket may be opened again by its customer."""

    after: Annotated[Duration | None, BeforeValidator(or_never)] = Duration(count=14, unit="day")  # None: for ever


class WaitingStep(Strict):
    """What happens when a ticket has waited for the customer so long: a mail, or its end."""

    after: Duration
    send: Text | None = None
    resolve: Literal["no_answer"] | None = None
    any_time: bool = False  # also while the desk is closed

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.send is None) == (self.resolve is None):
            raise ValueError("a step either sends a template (send: relance) or ends the ticket (resolve: no_answer)")
        return self
