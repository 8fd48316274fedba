"""What do planned effects do to a ticket, in the words that rules are tried at?"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from maild.decision import Deadline, Occasion
from maild.effects import AddMessage, ChangeTicket, Effect, OpenTicket
from maild.lifecycle import ENDED, Status
from maild.mail import address_key
from maild.plan.foreseen import foreseen
from maild.settings import Settings
from maild.ticket import Ticket, Visibility

BY_CUSTOMER = frozenset({Occasion.CUSTOMER_REPLIED, Occasion.RATED})


@dataclass(frozen=True, slots=True)
class Happened:
    """A ticket as it will be, and what has happened to it, what tells most last."""

    ticket: Ticket
    occasions: tuple[Occasion, ...]
    text: str = ""  # what was newly written in it, for everybody to read
    deadline: Deadline | None = None  # what the clock tells of


def happened(settings: Settings, tickets: Iterable[Ticket], effects: Sequence[Effect]) -> list[Happened]:
    """What these effects do to each of these tickets, where any rule is tried at it."""
    wanted = settings.asks.occasions - {Occasion.OPENED}
    if not wanted:
        return []
    found = []
    for before in tickets:
        after = foreseen(before, effects)
        said = written(before.number, effects)
        ratings = _ratings(before.number, effects)
        occasions = [*(_of_words(settings, before, e.author) for e in said), *_of_status(before, after)]
        occasions += [Occasion.RATED] * bool(ratings)
        occasions += [Occasion.ESCALATION_ASKED] * (after.escalation > before.escalation)
        if is_awaited(after) and Occasion.AGENT_REPLIED not in occasions:
            # it is not yet whole, and nobody is to hear of it; but whoever heard that it ended hears that it came back
            occasions = [occasion for occasion in occasions if occasion is Occasion.REOPENED]
        if not wanted.isdisjoint(occasions):
            text = "\n\n".join(filter(None, (*(e.text for e in said), *ratings)))
            found.append(Happened(after, tuple(dict.fromkeys(occasions)), text))
    return [*found, *_gone_up_at_once(wanted, effects)]


def _gone_up_at_once(wanted: Collection[Occasion], effects: Sequence[Effect]) -> list[Happened]:
    """Requests that open by a click that asks for somebody above. Rules were tried at the opening already."""
    opened = [e.ticket for e in effects if isinstance(e, OpenTicket)] if Occasion.ESCALATION_ASKED in wanted else []
    others = [e for e in effects if not isinstance(e, AddMessage)]  # whose words the opened ticket has already
    gone = [after for ticket in opened if (after := foreseen(ticket, others)).escalation]
    return [
        Happened(after, (Occasion.ESCALATION_ASKED,), "\n\n".join(e.text for e in written(after.number, effects)))
        for after in gone
    ]


def is_awaited(ticket: Ticket) -> bool:
    """Whether it waits for what the rules require, so that no agent is to work on it yet."""
    return bool(ticket.missing) and ticket.status is Status.PENDING


def written(number: int, effects: Iterable[Effect]) -> list[AddMessage]:
    """What is added to that ticket for everybody to read."""
    added = [e for e in effects if isinstance(e, AddMessage) and e.number == number]
    return [e for e in added if e.visibility is Visibility.PUBLIC]


def _ratings(number: int, effects: Iterable[Effect]) -> list[str]:
    """The words of each rating that is kept of that ticket."""
    changed = [e.changes for e in effects if isinstance(e, ChangeTicket) and e.number == number]
    return [changes["rating_comment"] for changes in changed if "rating" in changes]


def _of_words(settings: Settings, ticket: Ticket, author: str) -> Occasion:
    is_agent = address_key(author) in settings.agents and not ticket.has_customer(author)
    return Occasion.AGENT_REPLIED if is_agent else Occasion.CUSTOMER_REPLIED


def _of_status(before: Ticket, after: Ticket) -> list[Occasion]:
    if before.status is after.status:
        return []
    found = [Occasion.REOPENED] if before.status in ENDED and after.status not in ENDED else []
    return [*found, _BY_STATUS[after.status]] if after.status in _BY_STATUS else found


_BY_STATUS = {
    Status.PENDING: Occasion.PENDING,
    Status.ON_HOLD: Occasion.ON_HOLD,
    Status.RESOLVED: Occasion.RESOLVED,
}
