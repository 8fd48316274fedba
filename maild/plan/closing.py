"""The window in which an ended ticket can be opened again: it begins with each end, and closes the ticket, silently."""

from datetime import datetime

from maild.effects import CancelTimers, ChangeTicket, Effect, EndTimer, StartTimer
from maild.lifecycle import ENDED, Status
from maild.plan.letters import Desk
from maild.sla.calendar import calendar_of, later
from maild.ticket import DueTimer, Ticket

POLICY = "closing"
RATING = "rating"  # the policy of the timer by which the customer is asked for a rating (plan/rating.py)
HOLD = "hold"  # the policy of the timer by which a request that waits for somebody else comes back (plan/holds.py)
WAITS = ("waiting", HOLD)  # of timers that mean nothing once the wait is over
SINCE_THE_END = (POLICY, RATING)  # of timers that mean nothing once the ticket is open again
_OPENABLE = frozenset({Status.RESOLVED, Status.CANCELLED})


def begin_window(desk: Desk, ticket: Ticket, now: datetime) -> list[Effect]:
    """The ticket ends now: from now on its window counts, whatever was counted before. No window where the rules never
    close. An end that is only said once more keeps the rating that it has. `ticket`: as it was."""
    round_, after = ticket.ended_round + 1, desk.settings.closing.after
    changes = {"ended_round": round_}
    if ticket.status in ENDED and ticket.rating and ticket.rated_round == ticket.ended_round:
        changes["rated_round"] = round_
    begun: list[Effect] = [ChangeTicket(ticket.number, changes), CancelTimers(ticket.number, POLICY)]
    if after is not None:
        begun.append(StartTimer(ticket.number, POLICY, 1, round_, later(now, after, calendar_of(desk.settings))))
    return begun


def fire(desk: Desk, timer: DueTimer, ticket: Ticket) -> list[Effect]:
    """The window has passed. Nothing if the ticket was opened meanwhile, or if the rules no longer close any."""
    is_over = ticket.status not in _OPENABLE or timer.round != ticket.ended_round
    if is_over or ticket.merged_into or desk.settings.closing.after is None:
        return [EndTimer(timer.id, "stale")]
    return [EndTimer(timer.id, "fired"), ChangeTicket(ticket.number, {"status": Status.CLOSED.value})]
