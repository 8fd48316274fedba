"""Where can a ticket stand, what moves it from one state to another, and why does it end? Closed lists and a table."""

from collections.abc import Mapping
from enum import StrEnum


class Status(StrEnum):
    """Where a ticket stands."""

    NEW = "new"  # nobody is assigned
    OPEN = "open"  # somebody works on it
    PENDING = "pending"  # waits for the customer: relances run
    ON_HOLD = "on_hold"  # waits for somebody else
    RESOLVED = "resolved"  # ended; a reply opens it again
    CLOSED = "closed"  # ended, and the reopening window has passed
    CANCELLED = "cancelled"  # ended without an answer, with a stated reason


class Event(StrEnum):
    """What can move a ticket from one state to another."""

    ASSIGNED = "assigned"
    WAIT = "wait"  # an agent waits for the customer
    HOLD = "hold"  # it waits for somebody else than the customer
    RESOLVE = "resolve"
    OPEN = "open"  # an agent takes it up again
    CUSTOMER_WROTE = "customer_wrote"
    SPAM = "spam"  # an agent says that nobody asked anything
    DECLINE = "decline"  # an agent, or a rule, says no
    CANCEL = "cancel"  # an agent, or a rule, ends it for a stated reason
    CUSTOMER_REOPENED = "customer_reopened"  # by the link that says so


ENDED = frozenset({Status.RESOLVED, Status.CLOSED, Status.CANCELLED})


_AT_AN_END = frozenset({Status.CLOSED, Status.CANCELLED})


# (state, event) -> state. A pair that is absent can't happen: whoever asks for it is told so.
TRANSITIONS: Mapping[tuple[Status, Event], Status] = {
    (Status.NEW, Event.ASSIGNED): Status.OPEN,
    (Status.NEW, Event.WAIT): Status.PENDING,
    (Status.NEW, Event.RESOLVE): Status.RESOLVED,
    (Status.NEW, Event.OPEN): Status.OPEN,
    (Status.NEW, Event.CUSTOMER_WROTE): Status.NEW,
    (Status.OPEN, Event.ASSIGNED): Status.OPEN,
    (Status.OPEN, Event.WAIT): Status.PENDING,
    (Status.OPEN, Event.RESOLVE): Status.RESOLVED,
    (Status.OPEN, Event.OPEN): Status.OPEN,
    (Status.OPEN, Event.CUSTOMER_WROTE): Status.OPEN,
    (Status.PENDING, Event.ASSIGNED): Status.PENDING,
    (Status.PENDING, Event.WAIT): Status.PENDING,
    (Status.PENDING, Event.RESOLVE): Status.RESOLVED,
    (Status.PENDING, Event.OPEN): Status.OPEN,
    (Status.PENDING, Event.CUSTOMER_WROTE): Status.OPEN,
    (Status.ON_HOLD, Event.ASSIGNED): Status.ON_HOLD,
    (Status.ON_HOLD, Event.WAIT): Status.PENDING,
    (Status.ON_HOLD, Event.RESOLVE): Status.RESOLVED,
    (Status.ON_HOLD, Event.OPEN): Status.OPEN,
    (Status.ON_HOLD, Event.CUSTOMER_WROTE): Status.OPEN,
    (Status.RESOLVED, Event.ASSIGNED): Status.RESOLVED,
    (Status.RESOLVED, Event.WAIT): Status.PENDING,
    (Status.RESOLVED, Event.RESOLVE): Status.RESOLVED,
    (Status.RESOLVED, Event.OPEN): Status.OPEN,
    (Status.RESOLVED, Event.CUSTOMER_WROTE): Status.OPEN,
    **{(status, Event.HOLD): Status.ON_HOLD for status in Status if status not in ENDED},
    (Status.NEW, Event.SPAM): Status.CANCELLED,
    (Status.OPEN, Event.SPAM): Status.CANCELLED,
    (Status.PENDING, Event.SPAM): Status.CANCELLED,
    (Status.ON_HOLD, Event.SPAM): Status.CANCELLED,
    (Status.RESOLVED, Event.SPAM): Status.CANCELLED,
    **{(status, Event.DECLINE): Status.RESOLVED for status in Status if status is not Status.CANCELLED},
    **{(status, Event.CANCEL): Status.CANCELLED for status in Status if status not in _AT_AN_END},
    (Status.CANCELLED, Event.ASSIGNED): Status.CANCELLED,
    (Status.CANCELLED, Event.OPEN): Status.OPEN,
    (Status.CANCELLED, Event.CUSTOMER_REOPENED): Status.OPEN,  # a mere answer does not
    (Status.CLOSED, Event.ASSIGNED): Status.CLOSED,
    (Status.CLOSED, Event.WAIT): Status.PENDING,
    (Status.CLOSED, Event.RESOLVE): Status.RESOLVED,
    (Status.CLOSED, Event.OPEN): Status.OPEN,
    (Status.CLOSED, Event.CUSTOMER_WROTE): Status.OPEN,  # only what an agent lets in: else it is a follow-up
}


class Reason(StrEnum):
    """Why a ticket ended."""

    SOLVED = "solved"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    DUPLICATE = "duplicate"
    CANCELLED = "cancelled"
