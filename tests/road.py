"""The road without sockets, for tests: mails are handed in, what is owed is read from the outbox."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from desk_values import NOW, RING, settings

from maild.clock import VirtualClock
from maild.config.desk import open_desk
from maild.intake import Intake
from maild.plan.letters import Desk
from maild.store import queries
from maild.store.inbound import InboundStore
from maild.store.schema import thrown_away
from maild.store.tickets import load_tickets
from maild.store.watching import Ending, QueuedMail, ending_of, queued_mails
from maild.sweeper import Sweeper
from maild.ticket import Ticket

ALICE, BRUNO, LEA, EVE = "alice@client-a.example", "bruno@client-b.example", "lea@isybuy.example", "eve@evil.example"


@dataclass(frozen=True)
class Arrived:
    """A mail in the desk's mailbox."""

    uid: int
    raw: bytes
    mailbox: str = "support"
    folder: str = "INBOX"
    uidvalidity: int = 1


@cache
def present() -> Desk:
    """The desk of policies.md's cast: made once, since its templates take time and nothing in it ever changes."""
    return open_desk(settings(), RING)


class Road:
    """A desk, its store and its loops; `desk` may be replaced by a callable that misbehaves.

    It begins at `now`: where a server's own dates matter, let that be the server's.
    """

    def __init__(self, folder: Path, desk: Callable[[], Desk] | None = None, now: datetime = NOW) -> None:
        self.desk = desk or present
        self.clock = VirtualClock(now)
        self.database = thrown_away(folder / "maild.db")
        self.inbound = InboundStore(self.database, folder / "mails", self.clock)
        self.intake = Intake(self.database, self.inbound, lambda: self.desk(), self.clock)
        self.sweeper = Sweeper(self.database, self.inbound, lambda: self.desk(), self.clock)
        self._uid = 0

    async def keep(self, *raws: bytes) -> list[int]:
        """Kept, not worked."""
        self._uid += len(raws)
        first = self._uid - len(raws) + 1
        return await self.inbound.keep([Arrived(first + n, raw) for n, raw in enumerate(raws)])

    async def receive(self, raw: bytes) -> Ending:
        """Kept and worked."""
        [number] = await self.keep(raw)
        await self.intake.drain()
        return await self.ending(number)

    async def ending(self, inbound_id: int) -> Ending:
        return await self.database.read(lambda session: ending_of(session, inbound_id))

    async def queued(self) -> list[QueuedMail]:
        return await self.database.read(queued_mails)

    async def last(self, to: str) -> EmailMessage:
        """The last mail to somebody, as a mail program reads it."""
        mail = [m for m in await self.queued() if m.recipient == to][-1]
        return message_from_bytes(mail.data, policy=policy.default)

    async def ticket(self, number: int = 1001) -> Ticket:
        return (await self.database.read(lambda session: load_tickets(session, [number])))[number]

    async def held(self) -> list[str]:
        return [line.verdict for line in await self.database.read(queries.held)]

    async def after(self, **time: float) -> None:
        """Time goes on, and what is due happens."""
        self.clock.set(self.clock.now() + timedelta(**time))
        await self.sweeper.sweep()


def letter(
    sender: str,
    text: str = "Bonjour",
    *,
    subject: str = "Impossible d'exporter",
    to: str = "support@isybuy.example",
    name: str = "",
    proof: str = "pass",
    head: str = "",
) -> bytes:
    """A mail as the mailbox's server stored it."""
    domain = sender.rpartition("@")[2]
    name = name or str(abs(hash((sender, text, subject, to, head))))
    fields = [
        f"Authentication-Results: mx.isybuy.example; dmarc={proof} header.from={domain}",
        f"From: <{sender}>",
        f"To: {to}",
        f"Subject: {subject}",
        f"Message-ID: <{name}@{domain}>",
        "Content-Type: text/plain; charset=utf-8",
    ]
    return ("\n".join([*fields, *filter(None, [head]), "", text]) + "\n").replace("\n", "\r\n").encode()


def links(mail: EmailMessage) -> list[str]:
    """The addresses of the signed links of a mail."""
    body = mail.get_body(("html",))
    assert body is not None
    return re.findall(r'href="mailto:([^"?]+)', body.get_content())
