"""A received mail with all that was found out and decided about it: what every plan starts from."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from maild.agent_words import AgentWords
from maild.decision import Decision
from maild.effects import Effect
from maild.judgement import (
    Arrival,
    Facts,
    Purpose,
    Verdict,
)
from maild.mail import Address, Attachment, ParsedMail
from maild.plan.recording import Recorded
from maild.plan.whole import Whole
from maild.ticket import Disposition


@dataclass(frozen=True, slots=True)
class Incoming:
    """A received mail with all that was found out and decided about it."""

    inbound_id: int
    mailbox: str
    mail: ParsedMail
    facts: Facts
    verdict: Verdict
    words: AgentWords
    decision: Decision | None = None  # the rules' answer, where a ticket opens
    held_mail: ParsedMail | None = None  # the mail that a claim brings in
    named: tuple[int, ...] = ()  # the tickets that the valid references name
    arrived_at: datetime | None = None  # when it was received, where that is not now
    raw: bytes = field(default=b"", repr=False)  # its own bytes, where they are passed on
    arrival: Arrival | None = None  # how it came; none: not counted
    recorded: Recorded | None = None  # where an agent sent it for the customer who stands in it as its sender
    whole: Whole | None = None  # all that was written on a ticket of which no agent was told yet

    @property
    def now(self) -> datetime:
        """The instant at which all of this happens."""
        return self.facts.now

    @property
    def sender(self) -> Address:
        """Who wrote; a mail that needs this and has none was quarantined before."""
        assert self.mail.sender is not None
        return self.mail.sender

    @property
    def as_it_came(self) -> ParsedMail:
        """The mail as whoever sent it did: an agent who records it for a customer is its sender."""
        return replace(self.mail, sender=self.recorded.by) if self.recorded else self.mail

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """What came with it, and before that with the held mail that it brings in."""
        return (*(self.held_mail.attachments if self.held_mail else ()), *self.mail.attachments)

    @property
    def number(self) -> int | None:
        """The ticket that it concerns."""
        return self.verdict.ticket.number if self.verdict.ticket else None

    @property
    def purpose(self) -> Purpose:
        """What the reference that counted is for."""
        return self.verdict.reference.candidate.purpose if self.verdict.reference else Purpose.REPLY


Plan = tuple[list[Effect], Disposition, int | None]  # what becomes true, how the mail ends, and on which ticket
