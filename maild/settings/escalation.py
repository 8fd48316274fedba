"""To whom a request goes when it is to be looked at by somebody above, step by step."""

from typing import Annotated

from pydantic import Field

from maild.settings.values import LocalText, Strict, Text


class EscalationStep(Strict):
    """Who takes it up: a team, an agent's address, or the address of somebody else."""

    to: Text
    called: LocalText  # what customers read
    assign: bool = False  # it is theirs from then on


class Escalation(Strict):
    """One step a request, and no more than the path has."""

    path: Annotated[tuple[EscalationStep, ...], Field(min_length=1)]
    customers: bool = False  # they may ask too, by a link in their mails, once a day

    def step_after(self, taken: int) -> EscalationStep | None:
        """The next step of a request that has gone so many; None where the path has come to its end."""
        return self.path[taken] if taken < len(self.path) else None

    def step_at(self, taken: int) -> EscalationStep | None:
        """The step at which such a request is; None where it is at none."""
        return self.path[min(taken, len(self.path)) - 1] if taken else None

    def is_offered(self, taken: int) -> bool:
        """Whether the customer of such a request may ask for the next step."""
        return self.customers and self.step_after(taken) is not None
