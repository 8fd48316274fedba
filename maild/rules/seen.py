"""What do the rules see of a matter? Each text taken apart once, and the ticket as the rules above have said."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from maild.decision import Matter
from maild.mail import ParsedMail
from maild.rules.fields import fields_of
from maild.rules.words import Searched
from maild.settings import Settings

Answer = tuple[bool, str]  # whether a test holds, and why or why not
_NOBODY = ParsedMail(None)


class Seen:
    """A matter in the hands of the rules."""

    def __init__(self, settings: Settings, matter: Matter) -> None:
        self.settings = settings
        self.matter = matter
        self.mail = matter.mail or _NOBODY
        self.said: dict[str, Sequence[str]] = {}  # queue, type, ...: the present values
        self._headers: dict[str, list[Searched]] = {}

    @cached_property
    def subject(self) -> Searched:
        """The subject: that of the ticket, where there is one."""
        return Searched(self.matter.ticket.subject if self.matter.ticket else self.mail.subject)

    @cached_property
    def body(self) -> Searched:
        """What was newly written, or all where that is empty."""
        return Searched(body_of(self.mail))

    @cached_property
    def text(self) -> Searched:
        """The whole text."""
        return Searched(self.mail.text)

    @cached_property
    def stated(self) -> Mapping[str, str]:
        """What the customer states by this mail; an agent's words on a ticket are none of theirs."""
        ticket, sender = self.matter.ticket, self.mail.sender
        is_agents = sender is not None and sender.key in self.settings.agents
        if ticket is not None and is_agents and sender is not None and not ticket.has_customer(sender.address):
            return {}
        return fields_of(self.settings, body_of(self.mail))

    @cached_property
    def fields(self) -> Mapping[str, str]:
        """What the customer stated, now or before."""
        return {**(self.matter.ticket.fields if self.matter.ticket else {}), **self.stated}

    def header(self, name: str) -> list[Searched]:
        """Each header of that name."""
        if name not in self._headers:
            self._headers[name] = [Searched(value) for value in self.mail.all_headers(name)]
        return self._headers[name]


def body_of(mail: ParsedMail) -> str:
    """The text that a body test looks at: what was newly written, or all where that is empty."""
    return mail.reply_text or mail.text
