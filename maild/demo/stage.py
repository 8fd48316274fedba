"""What does the story ask of its world? Who got which mail, what became of a mail, what lies where.

Each question is asked again until it is answered or patience ends.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from maild.daemon import Daemon
from maild.demo.cast import SUPPORT
from maild.demo.moving_clock import MovingClock
from maild.demo.people import MailClient, Received, Sent, plain
from maild.demo.server import DemoServer
from maild.mail import Address
from maild.settings import Settings
from maild.store.inbound_tables import Inbound
from maild.store.tickets import load_tickets
from maild.ticket import Disposition, Ticket

T = TypeVar("T")
_LOOK_EACH = 0.05  # seconds


class Unmet(Exception):
    """Something did not come about: what was expected and what was seen."""

    def __init__(self, expected: str, seen: str) -> None:
        super().__init__(f"expected {expected}; seen: {seen}")
        self.expected = expected
        self.seen = seen


@dataclass(frozen=True, slots=True)
class Worked:
    """What became of a received mail, as the database says."""

    id: int
    message_id: str
    disposition: Disposition
    verdict: str
    reason: str
    ticket: int


@dataclass
class Stage:
    """Everything that the story needs. `patience`: seconds after which something is taken not to happen."""

    server: DemoServer
    settings: Settings
    daemon: Daemon
    running: asyncio.Task[None]
    clock: MovingClock
    people: dict[str, MailClient]
    folder: Path
    patience: float

    def person(self, who: Address) -> MailClient:
        """That person's mail client."""
        return self.people[who.address]

    async def until(
        self, look: Callable[[], Awaitable[T | None]], expected: str, seen: Callable[[], Awaitable[str]]
    ) -> T:
        """Look again and again until there is something; Unmet when patience ends, or the daemon."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.patience
        while True:
            found = await look()
            if found is not None:
                return found
            if self.running.done():
                raise Unmet(expected, f"the daemon has ended: {_why_ended(self.running)}")
            if loop.time() > deadline:
                raise Unmet(expected, await seen())
            await asyncio.sleep(_LOOK_EACH)

    # -- people's mailboxes

    async def gets(self, who: Address, what: str, *contains: str) -> Received:
        """The next mail in that mailbox with all of these words in it; it is read then. Unmet if none comes."""
        client = self.person(who)

        async def look() -> Received | None:
            await client.look()
            for mail in client.unread:
                if all(plain(words) in mail.words for words in contains):
                    client.unread.remove(mail)
                    return mail
            return None

        async def seen() -> str:
            return _listed(client.unread) or "no new mail"

        words = ", ".join(f"« {words} »" for words in contains)
        return await self.until(look, f"{client.name} gets {what} ({words})", seen)

    async def nobody_else_gets_anything(self) -> None:
        """Everything is worked and sent, and nobody has an unread mail. Unmet if somebody has."""

        async def is_idle() -> bool | None:
            kept = (await self.daemon.inbound.counts())[Disposition.KEPT]
            return True if not kept and not await self.unsent() else None

        async def seen() -> str:
            return f"{await self.daemon.inbound.counts()}, still to send: {await self.unsent()}"

        await self.until(is_idle, "everything is worked and sent", seen)
        unread = []
        for client in self.people.values():
            if not client.has_mailbox or client.who == SUPPORT:
                continue
            await client.look()
            unread += [f"{client.name}: {_listed(client.unread)}"] if client.unread else []
        if unread:
            raise Unmet("nobody gets anything else", "; ".join(unread))

    async def forget_unread(self) -> None:
        """What a step that failed has left behind is not the next one's matter."""
        with suppress(Unmet):
            await self.nobody_else_gets_anything()
        for client in self.people.values():
            client.unread.clear()

    # -- the database

    async def rows(self) -> list[Worked]:
        """All received mails, oldest first. Rows are never deleted, so their ids have no gaps."""
        total = sum((await self.daemon.inbound.counts()).values())
        found = await self.daemon.database.read(lambda s: [s.get(Inbound, n) for n in range(1, total + 1)])
        return [
            Worked(r.id or 0, r.message_id, Disposition(r.disposition), r.verdict, r.reason, r.ticket or 0)
            for r in found
            if r is not None
        ]

    async def becomes(self, mail: Sent, verdict: str, *, copy: int = 1) -> Worked:
        """What became of that mail (of its first or further copy). Unmet unless the verdict is this one."""

        async def look() -> Worked | None:
            copies = [r for r in await self.rows() if r.message_id == mail.message_id]
            done = len(copies) >= copy and copies[copy - 1].disposition is not Disposition.KEPT
            return copies[copy - 1] if done else None

        async def seen() -> str:
            return f"not worked yet; {await self.daemon.inbound.counts()}"

        row = await self.until(look, f"the mail is judged: {verdict}", seen)
        if row.verdict != verdict:
            raise Unmet(f"the verdict {verdict}", f"{row.verdict} ({row.reason})")
        return row

    async def ticket(self, number: int) -> Ticket:
        """The ticket as it stands. Unmet if there is none."""
        found = await self.daemon.database.read(lambda session: load_tickets(session, [number]))
        if number not in found:
            raise Unmet(f"a ticket with the number {number}", "none")
        return found[number]

    async def unsent(self) -> int:
        """How many mails are still to be sent, or may have to be sent again."""
        counts = await self.daemon.outbox.counts()
        return sum(counts.get(state, 0) for state in ("queued", "sending", "uncertain"))

    # -- the folders of support@

    async def in_folders(self) -> Counter[str]:
        """How many mails lie in each folder of the desk."""
        client, imap = self.person(SUPPORT), self.settings.mailboxes["support"].imap
        assert imap is not None
        names = (imap.folder, imap.processed, imap.held, imap.duplicates)
        return Counter({name: len(await client.folder(name)) for name in names})

    async def lies_in(self, mail: Sent, folder: str) -> None:
        """That mail of a person's lies in that folder of the desk. Unmet if it does not come there."""
        client = self.person(SUPPORT)

        async def look() -> bool | None:
            return any(m.seen.message_id == mail.message_id for m in await client.folder(folder)) or None

        async def seen() -> str:
            return str(dict(await self.in_folders()))

        await self.until(look, f"the mail lies in {folder}", seen)


def _why_ended(task: asyncio.Task[None]) -> str:
    """The first error within, whatever groups it came in."""
    error = None if task.cancelled() else task.exception()
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}" if error is not None else "without an error"


def _listed(mails: list[Received]) -> str:
    return ", ".join(f"« {m.seen.subject} » ({m.words[:160]}…)" for m in mails)
