"""What does a mail that says that a request has come promise (D6, M15)? By when it is answered; and while the desk is
closed, when that is open and when work begins; and the closures that customers are to know of.
"""

from datetime import datetime
from typing import Any

from maild.plan.asking import in_language
from maild.plan.clocks import answer_due
from maild.plan.desk import Desk
from maild.sla.calendar import calendar_of
from maild.sla.closures import announced
from maild.ticket import Moment, Person, Spoke, Ticket
from maild.writing.opening_hours import hours_in_words


def promise(desk: Desk, ticket: Ticket, who: Person | None, language: str, now: datetime) -> dict[str, Any]:
    """The values of the mail: `due`, `hours` (in words) and `opens` while the desk is closed, `closures` (texts).
    `who`: the requester, as far as anybody knows
    them; `now`: when it is written. A desk that has said no hours promises none."""
    due = due_of(desk, ticket, who, now)
    found: dict[str, Any] = {"due": due.astimezone(desk.settings.site.zone) if due is not None and due > now else None}
    said, calendar = desk.settings.calendar_named(), calendar_of(desk.settings)
    if said is None:
        return found
    found["closures"] = tuple(in_language(c.says, language) for c in announced(said, calendar.zone, now))
    opens = calendar.next_open(now)
    if opens > now:
        found |= {"hours": hours_in_words(said.week, language), "opens": opens.astimezone(calendar.zone)}
    return found


def due_of(desk: Desk, ticket: Ticket, who: Person | None, now: datetime) -> datetime | None:
    """By when the first answer to a request is promised that nobody has answered yet; None where none is."""
    if not desk.settings.every_promise:
        return None
    opened = Moment(ticket.opened_at or now, ticket.status, Spoke.CUSTOMER)
    return answer_due(desk.settings, ticket, who, (opened,), now)
