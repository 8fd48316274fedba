"""What comes of moving a ticket or its people: the effects, or why it is not done. What mail and command line share."""

from dataclasses import dataclass

from maild.effects import Effect
from maild.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Move:
    """`problem` is '' or the slug of why nothing is done, `what` whom or what it or the result is about; `ticket` is
    the one on which the work goes on, as it then is."""

    ticket: Ticket
    effects: tuple[Effect, ...] = ()
    problem: str = ""
    what: str = ""
    told: tuple[str, ...] = ()  # lines for the agent who asked, below what was done
