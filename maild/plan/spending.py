"""How much time have agents spent on a request, by their own word (#time)? It adds up on the ticket."""

from dataclasses import replace
from datetime import timedelta

from maild.effects import AddMessage, ChangeTicket
from maild.people.dates import take_length
from maild.plan.asked import Asked, Row
from maild.plan.move import Move
from maild.ticket import Ticket, Visibility

MOST = timedelta(hours=24)  # at once: a day has 24 hours here, and nobody who writes `2 days` means 48
_MINUTE = timedelta(minutes=1)


def _time(ticket: Ticket, asked: Asked) -> Move:
    found = take_length(asked.argument)
    if found is None or found[1] or found[0] > MOST:
        return Move(ticket, (), "unknown-length", asked.command.written)
    spent = found[0] // _MINUTE
    total = ticket.minutes + spent
    effects = (
        ChangeTicket(ticket.number, {"minutes": total}),
        AddMessage(
            ticket.number, Visibility.EVENT, asked.by, f"time spent: {in_hours(spent)}, {in_hours(total)} in all"
        ),
    )
    return Move(replace(ticket, minutes=total), effects, "", in_hours(total))


def in_hours(minutes: int) -> str:
    """Such as `1 h 05` or `25 min`."""
    return f"{minutes // 60} h {minutes % 60:02}" if minutes >= 60 else f"{minutes} min"


ROWS = {"time": Row(_time)}
