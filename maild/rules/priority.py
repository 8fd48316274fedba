"""Which priority does a ticket get, and by whose word?

A rule's word counts, or the customer's where a rule takes it: of several the last, as of everything that rules say.
Where none has said a priority it follows from impact and urgency by the matrix; without a matrix it is the usual one.
What an agent has confirmed or changed stays, but for a rule that names a priority itself.
"""

from collections.abc import Mapping
from typing import Any

from maild.settings import Priorities
from maild.settings.actions import Actions
from maild.settings.priorities import MIDDLE, USUAL
from maild.ticket import Ticket

BY_MATRIX = "by the matrix"
OF_AGENTS = ("priority", "impact", "urgency")  # what the customer no longer sets once an agent has


def by_matrix(priorities: Priorities, impact: str, urgency: str) -> str:
    """The priority of this impact and urgency; '' where there is no matrix. What nobody has said is the middle."""
    return priorities.matrix.priority(impact, urgency) if priorities.matrix else ""


def priority_of(priorities: Priorities, found: Mapping[str, Any], ticket: Ticket | None) -> tuple[str, str]:
    """The priority as the rules have it so far, and by what; the second is '' where it stays as it was, or as usual.

    `found`: what the rules have said; `ticket`: as it stands, none where one is about to open.
    """
    if "priority" in found:
        return found["priority"], found.get("why_priority", "")
    impact, urgency = found.get("impact", ""), found.get("urgency", "")
    is_same = ticket is not None and (impact, urgency) == (ticket.impact, ticket.urgency)
    if ticket is not None and (is_same or ticket.qualified_by):
        return ticket.priority, ""
    said = by_matrix(priorities, impact, urgency)
    if not said:
        return (ticket.priority if ticket else USUAL), ""
    named = (
        f"{name} {value or f'{MIDDLE} (nobody said)'}" for name, value in (("impact", impact), ("urgency", urgency))
    )
    return said, f"{BY_MATRIX}: {', '.join(named)}"


def why(then: Actions, rule: str, line: int) -> str:
    """By what a rule has just given the priority: its own word, or the customer's that it takes."""
    named = f"by rule '{rule}' (line {line})"
    return named if then.priority is not None else f"{named}, which takes the customer's word"
