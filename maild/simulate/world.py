"""The helpdesk as a scenario drives it: what can be done to it, and what can be asked of it?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from maild.decision import RuleTrial
from maild.settings import Settings
from maild.ticket import Ticket


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail that was queued. `links` are the (name, url) of its links, in the order of the mail."""

    outbox_id: int
    template: str
    to: str
    envelope_from: str
    raw: bytes = field(repr=False)
    queued_at: datetime
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a received mail. `ticket`: the one it is on, or that its reference names."""

    verdict: str
    reason: str
    disposition: str
    ticket: int | None
    proof: str
    trials: tuple[RuleTrial, ...]
    inbound_id: int


class World(Protocol):
    """A helpdesk in memory with a virtual clock. Instants are aware."""

    @property
    def settings(self) -> Settings:
        """The rules as they are now."""
        ...

    async def receive(self, raw: bytes, mailbox: str) -> Outcome:
        """A mail arrives in the mailbox of that name and is worked."""
        ...

    async def advance(self, until: datetime) -> list[tuple[datetime, str]]:
        """Time goes on; all that is due up to and including that instant happens. Says when what fired, in order."""
        ...

    def now(self) -> datetime:
        """The virtual present."""
        ...

    async def sent(self) -> list[SentMail]:
        """All mails queued so far, in order."""
        ...

    async def ticket(self, number: int) -> Ticket | None:
        """The ticket of that number."""
        ...

    async def ticket_messages(self, number: int) -> int:
        """How many public messages it has."""
        ...

    async def waiting(self, number: int) -> tuple[datetime, int] | None:
        """When its next waiting step is due, and which one that is, from 1."""
        ...

    async def promised(self, number: int) -> Mapping[str, tuple[str, datetime]]:
        """Where each promised time of a ticket stands, and when it is over."""
        ...

    async def topic(self, number: int) -> str:
        """What the topic of that number is called."""
        ...

    async def ticket_count(self) -> int:
        """How many tickets there are."""
        ...

    async def held(self) -> list[tuple[str, str]]:
        """The held mails: verdict and sender."""
        ...

    async def outbox_counts(self) -> dict[str, int]:
        """How many mails are in each state of the outbox."""
        ...

    async def fail_smtp(self, code: int, times: int) -> None:
        """The next deliveries are refused with that reply code."""
        ...

    async def change_rules(self, path: Path) -> None:
        """Another rules file takes the place of the present one. Raises BadConfig."""
        ...

    async def command(self, argv: list[str]) -> str:
        """A command line without the leading `maild`; its output."""
        ...

    async def close(self) -> None:
        """Nothing more will be asked."""
        ...


class WorldFactory(Protocol):
    """Makes a world. A `start` without offset is in the time zone of the rules' site, which only the factory knows."""

    async def __call__(self, rules: Path, start: datetime) -> World:
        """A fresh helpdesk under these rules. Raises BadConfig."""
        ...
