"""One mail and all that is known about it when it is judged: who wrote it, as whom, by which reference, and where does
it lead?
"""

from dataclasses import dataclass

from maild.agent_words import AgentWords
from maild.judgement import (
    Arrival,
    Facts,
    Proof,
    Purpose,
    Reference,
)
from maild.lifecycle import ENDED, Status
from maild.mail import ParsedMail
from maild.settings import Mailbox, Settings
from maild.threading.counting import counted, first_valid, is_own_request
from maild.threading.ends import end_in, may_decide
from maild.threading.subject import is_another
from maild.ticket import Participant, Role, Ticket

_OF_ITS_OWN = frozenset({Purpose.SOLVED, Purpose.RATE_GOOD, Purpose.RATE_BAD, Purpose.NO_REMINDERS})
_NOTHING_SAID = AgentWords("")


@dataclass(frozen=True, slots=True)
class Case:
    """One mail and all that is known about it when it is judged."""

    mail: ParsedMail
    references: tuple[Reference, ...]  # strongest first, checked
    facts: Facts
    settings: Settings
    mailbox: Mailbox
    proof: Proof
    words: AgentWords = _NOTHING_SAID  # the mail taken apart, if it is an agent's
    is_form: bool = False  # a web form of ours wrote it for whoever filled it in
    legacy: str = ""  # by what it belongs to the system before this one
    is_returned: bool = False  # we passed it on there before
    arrival: Arrival | None = None  # how it came; none: not counted
    is_thanks: bool = False  # nothing but a word of thanks to a closed ticket
    is_another_subject: bool = False  # a new Subject was typed over that of the ticket

    @property
    def valid(self) -> Reference | None:
        """The reference that counts: the first valid one that lets write into a ticket."""
        return first_valid(self.counted)

    @property
    def counted(self) -> tuple[Reference, ...]:
        """The references that count at all, in the mode that the desk is in."""
        return counted(self.references, self.mail.sender, self.settings)

    @property
    def own(self) -> Reference | None:
        """The reference that counts, if the sender is on its ticket."""
        return self.valid if self.sender_on_ticket is not None else None

    @property
    def own_keys(self) -> tuple[str, ...]:
        """The sender's address, and the others of the same person unless nothing vouches for this one."""
        assert self.mail.sender is not None
        others = self.facts.who.keys if self.facts.who and self.proof in (Proof.PASS, Proof.UNVERIFIED) else ()
        return (self.mail.sender.key, *others)

    def on(self, ticket: Ticket) -> Participant | None:
        """The sender as a participant of a ticket: by this address, else by another one of theirs."""
        assert self.mail.sender is not None
        return ticket.by_address(self.mail.sender.address) or ticket.by_any(self.own_keys)

    def led_to(self, number: int) -> Ticket | None:
        """The ticket of that number, or the one in which it goes on."""
        ticket = self.facts.tickets.get(number)
        while ticket is not None and ticket.merged_into in self.facts.tickets:
            ticket = self.facts.tickets[ticket.merged_into]
        return ticket

    @property
    def ticket(self) -> Ticket | None:
        """The ticket that the valid reference leads to: of a closed one the customer's own follow-up on the
        same matter, while it is open.

        A click on "it is solved", or a rating, speaks of no other ticket than its own.
        """
        found = self.led_to(self.valid.candidate.ticket) if self.valid else None
        if found is None or self.valid is None or found.status is not Status.CLOSED or self.mail.sender is None:
            return found
        if self.valid.candidate.purpose in _OF_ITS_OWN or (self.is_proved_agent and not self.is_own_request):
            return found
        linked = (self.facts.tickets.get(number) for number in reversed(found.linked_to))
        # A part that was split off, or another subject, follows too and is another matter.
        brand, subject = self.settings.site.reference, found.subject
        alike = (t for t in linked if t and not is_another(t.subject, subject, (), brand))
        mine = (t for t in alike if t.follows == found.number and t.status not in ENDED)
        return next((t for t in mine if (who := self.on(t)) is not None and who.role is Role.CUSTOMER), found)

    @property
    def sender_on_ticket(self) -> Participant | None:
        """The sender as a participant of the ticket that the valid reference leads to."""
        if self.ticket is None or self.mail.sender is None:
            return None
        return self.on(self.ticket)

    @property
    def is_agents_address(self) -> bool:
        """Whether the sender claims to be one of the agents."""
        return self.mail.sender is not None and self.mail.sender.key in self.settings.agents

    @property
    def is_proved_agent(self) -> bool:
        """An agent, with the proof that the mailbox's `trust` asks for (Decisions, Sender proof)."""
        return self.is_agents_address and self.is_proved

    @property
    def is_proved(self) -> bool:
        """Whether the sender has the proof that is asked of agents."""
        if self.proof is Proof.PASS or self.mail.sender is None:
            return self.mail.sender is not None
        if self.mailbox.trust.agents != "token" or self.proof is not Proof.UNVERIFIED:
            return False
        holder = self.valid.participant if self.valid else None
        is_own = holder is not None and holder.role is Role.AGENT and holder.key == self.mail.sender.key
        return is_own or self.end is not None

    @property
    def end(self) -> Reference | None:
        """The valid reference by which the sender decides on a held mail."""
        end, sender = end_in(self.references), self.mail.sender
        may = sender is not None and may_decide(sender.key, self.settings)
        return end if may and end is not None and end.is_valid else None

    @property
    def is_own_request(self) -> bool:
        """An agent who asked something themselves, by the reference that they got as the one who asks."""
        return is_own_request(self.valid, self.mail.sender)
