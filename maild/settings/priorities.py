"""Which priority follows from impact and urgency, and who hears what an agent makes of it."""

from typing import Annotated, Literal

from pydantic import Field

from maild.settings.values import Level, Priority, Strict

MIDDLE: Level = "medium"  # of what nobody has said
USUAL: Priority = "normal"  # where neither a rule nor the matrix says another


class Priorities(Strict):
    """`matrix`: by impact, then by urgency; where it says nothing the priority is `normal`."""

    matrix: (
        Annotated[dict[Level, Annotated[dict[Level, Priority], Field(min_length=1)]], Field(min_length=1)] | None
    ) = None
    tell: Literal["customer", "nobody"] = "nobody"  # of a priority that an agent confirms or changes
