"""Which priority follows from impact and urgency, and who hears what an agent makes of it."""

from typing import Literal

from maild.settings.values import Level, Priority, Strict

MIDDLE: Level = "medium"  # of what nobody has said
USUAL: Priority = "normal"  # where neither a rule nor the matrix says another


class MatrixRow(Strict):
    """The priorities of one impact, by urgency."""

    low: Priority = USUAL
    medium: Priority = USUAL
    high: Priority = USUAL


class Matrix(Strict):
    """The priorities by impact, then by urgency; where it says nothing the priority is `normal`."""

    low: MatrixRow = MatrixRow()
    medium: MatrixRow = MatrixRow()
    high: MatrixRow = MatrixRow()

    def priority(self, impact: str, urgency: str) -> str:
        """Of that impact and urgency; what nobody has said is the middle."""
        row: MatrixRow = getattr(self, impact or MIDDLE)
        said: str = getattr(row, urgency or MIDDLE)
        return said

    @property
    def said(self) -> frozenset[tuple[str, str]]:
        """The pairs of impact and urgency that stand in the file."""
        rows = {impact: getattr(self, impact) for impact in self.model_fields_set}
        return frozenset((impact, urgency) for impact, row in rows.items() for urgency in row.model_fields_set)


class Priorities(Strict):
    """Without a matrix impact and urgency say nothing of the priority."""

    matrix: Matrix | None = None
    tell: Literal["customer", "nobody"] = "nobody"  # of a priority that an agent confirms or changes
