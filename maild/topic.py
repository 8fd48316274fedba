"""A topic: a bug or a function that several customers ask about. What is known of it, and who asks. Frozen values."""

from dataclasses import dataclass
from datetime import datetime

LONGEST_NAME = 100  # characters
MOST = 10  # the highest importance, the highest effort; 1 is the lowest


@dataclass(frozen=True, slots=True)
class Topic:
    """What several tickets are about. `key`: its name in the compared form, which no other topic has."""

    number: int
    name: str
    key: str
    importance: int = 0  # 0: nobody has said it
    effort: int = 0
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asker:
    """The requester of a ticket: their first address in the compared form, so that one person counts once."""

    person: str
    organisation: str = ""  # '' where it is not known


@dataclass(frozen=True, slots=True)
class TopicFacts:
    """What a command on a topic needs from the store."""

    known: tuple[Topic, ...] = ()  # all topics, by number
    next_number: int = 1
    asking: tuple[Asker, ...] = ()  # of the tickets of the topic that is named
    own: Asker | None = None  # of the ticket that the command is about


def counted(asking: tuple[Asker, ...]) -> tuple[int, int]:
    """How many people ask, and how many organisations: each once, whatever number of tickets they have."""
    return len({a.person for a in asking}), len({a.organisation for a in asking} - {""})
