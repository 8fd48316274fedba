"""Is a 5xx meant for one mail, or does the server take nothing from us at all? What comes before and after it tells.

"554 5.7.1 rejected" may be said of one mail or of every one. So a refusal whose code names neither address nor mail is
kept in doubt, its row still `sending`, until the connection on which it came has told more:

- MOST_IN_A_ROW different recipients refused in a row, here or on all connections together: the server refuses all, and
  does so until it takes a mail. None of them has failed. Each is tried again by itself, five minutes after the one
  before it (retry.next_turn): the server is not asked all the time, and once it has taken a mail each is judged alone.
- A mail taken after it, or nothing left to send: it seems to have been meant alone. Only seems: the server may have
  begun to take mail just then. So the row is marked `refused-once` and tried again in two minutes, and the mail has
  failed only when the same is found a second time: refused twice, and each time alone among mails that were taken.
  What the server says of a marked one was to be expected, and is no sign that it refuses all.
- The connection goes, or maild is stopped, before either: nothing is known, so nothing is marked (`refused-unclear`),
  and it is tried again in two minutes. A mark made in an outage would be believed at its end.

A mark outlives the time in which the server refuses all. Dead addresses and nothing else to send look like such a
server until something is taken (the notice to an agent, say); if nothing is, their mails end when their kind expires.

By connection, because behind one name may stand several servers of which one refuses all: what its neighbour takes says
nothing of it. The mark stands in the row; the doubt lives in memory, so that a crash costs a refused mail one more try.
"""

from dataclasses import dataclass

from maild.outbox.outcome import Refused, is_of_this_mail
from maild.outbox.ports import Outgoing

MOST_IN_A_ROW = 5
MOST_AT_ONCE = 20  # rows in doubt on one connection: few recipients may have many mails


@dataclass(frozen=True, slots=True)
class InDoubt:
    """A refused mail whose row is not settled yet."""

    mail: Outgoing
    refusal: Refused


class Doubt:
    """The refusals on one connection since it took a mail last. `everyone` is common to all connections to a server:
    who was refused since any of them took a mail."""

    def __init__(self, everyone: set[str]) -> None:
        self._everyone = everyone
        self._here: set[str] = set()
        self._waiting: list[InDoubt] = []

    def __bool__(self) -> bool:
        """Whether a row waits for more to be known."""
        return bool(self._waiting)

    @property
    def is_down(self) -> bool:
        """Whether the server must be taken to refuse everything."""
        return max(len(self._everyone), len(self._here)) >= MOST_IN_A_ROW

    @property
    def is_full(self) -> bool:
        """Whether no more can be kept."""
        return len(self._waiting) >= MOST_AT_ONCE

    def add(self, mail: Outgoing, refusal: Refused) -> bool:
        """Note a refusal; False if it is no matter of doubt."""
        if is_of_this_mail(refusal):
            return False
        # a connection that is refused everything says nothing more of the others
        if not mail.was_refused and len(self._here) < MOST_IN_A_ROW:
            self._here.add(mail.recipient)
            self._everyone.add(mail.recipient)
        self._waiting.append(InDoubt(mail, refusal))
        return True

    def accepted(self) -> None:
        """The server took a mail on this connection."""
        self._here.clear()
        self._everyone.clear()

    def take(self) -> list[InDoubt]:
        """The refusals whose rows are to be settled now."""
        taken, self._waiting = self._waiting, []
        return taken
