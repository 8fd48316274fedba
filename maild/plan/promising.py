"""What does a mail that says that a request has come promise (D6, M15)? By when it is answered; and while the desk is
closed, when that is open and when work begins; and the closures that customers are to know of.
"""

from datetime import datetime
from typing import Any

from maild.plan.asking import in_language
from maild.plan.desk import Desk
from maild.sla.calendar import calendar_of
from maild.sla.closures import announced
from maild.ticket import Ticket
from maild.writing.opening_hours import hours_in_words


def promise(desk: Desk, ticket: Ticket, language: str, now: datetime) -> dict[str, Any]:
    """The values of the mail: `due`, `hours` (in words) and `opens` while the desk is closed, `closures` (texts).
    `now`: when it is written. A desk that has said no hours promises none."""
    due = due_of(desk, ticket)
    found: dict[str, Any] = {"due": due.astimezone(desk.settings.site.zone) if due is not None and due > now else None}
    said, calendar = desk.settings.calendar_named(), calendar_of(desk.settings)
    if said is None:
        return found
    found["closures"] = tuple(in_language(c.says, language) for c in announced(said, calendar.zone, now))
    opens = calendar.next_open(now)
    if opens > now:
        found |= {"hours": hours_in_words(said.week, language), "opens": opens.astimezone(calendar.zone)}
    return found


def due_of(desk: Desk, ticket: Ticket) -> datetime | None:
    """By when the ticket's next answer is promised; None where the rules promise none, as all do while they know no
    targets."""
    return None
