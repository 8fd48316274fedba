"""Is a 5xx meant for one mail, or does the server take nothing from us at all? What comes next tells.

"554 5.7.1 rejected" may be said of one mail or of every one. So a refusal whose code names neither address nor mail is
kept in doubt until the server takes another mail (it was meant for that one) or has refused MOST_IN_A_ROW different
recipients (then none of them has failed: the transport is at fault). Nothing here is stored: after a crash the rows are
tried again and get the same answers.
"""

from dataclasses import dataclass

from maild.outbox.outcome import Refused, is_of_this_mail
from maild.outbox.ports import Outgoing

MOST_IN_A_ROW = 5


@dataclass(frozen=True, slots=True)
class InDoubt:
    """A refused mail whose row is not settled yet."""

    mail: Outgoing
    refusal: Refused


class Doubt:
    """The refusals since the server took a mail last. One for all connections to a server."""

    def __init__(self) -> None:
        self._recipients: set[str] = set()
        self._waiting: list[InDoubt] = []

    @property
    def is_down(self) -> bool:
        """Whether the server must be taken to refuse everything."""
        return len(self._recipients) >= MOST_IN_A_ROW

    def add(self, mail: Outgoing, refusal: Refused) -> bool:
        """Note a refusal; False if it is no matter of doubt."""
        if is_of_this_mail(refusal):
            return False
        self._recipients.add(mail.recipient)
        self._waiting.append(InDoubt(mail, refusal))
        return True

    def accepted(self) -> None:
        """The server took a mail: those before it were refused for themselves."""
        self._recipients.clear()

    def take(self) -> list[InDoubt]:
        """The refusals whose rows are to be settled now."""
        taken, self._waiting = self._waiting, []
        return taken
