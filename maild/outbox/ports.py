"""What does the sender need of others? Rows to send, a store of them, ways out, a log.

Protocols, because the store must not know the outbox, and a test or the simulator may stand in for each.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from maild.outbox.outcome import Outcome


class Outgoing(Protocol):
    """A row that was claimed: one mail to one recipient."""

    @property
    def id(self) -> int:
        """Of the row."""
        ...

    @property
    def template(self) -> str:
        """What sort of mail."""
        ...

    @property
    def sender(self) -> str:
        """Of the envelope; '' is the null sender."""
        ...

    @property
    def recipient(self) -> str:
        """Exactly one."""
        ...

    @property
    def data(self) -> bytes:
        """The mail, final."""
        ...

    @property
    def attempts(self) -> int:
        """This one counted."""
        ...

    @property
    def queued_at(self) -> datetime:
        """From when on its time is counted."""
        ...

    @property
    def was_uncertain(self) -> bool:
        """Whether it may have been sent already."""
        ...

    @property
    def was_refused(self) -> bool:
        """Whether it was refused before, in words that may be meant for any mail."""
        ...


class OutboxStore(Protocol):
    """The rows. Each call is one durable transaction; Temporary where the database can't be used now."""

    async def recover(self, now: datetime, *, tells: bool = True) -> None:
        """While nobody sends: rows in `sending` become `queued` (before DATA) or `uncertain` (in DATA).

        `tells`: as for `settle`, of mails that were in doubt before and are not sent a third time.
        """

    async def claim(self, now: datetime, limit: int) -> Sequence[Outgoing]:
        """Due rows, the oldest unsent of each ticket and recipient; they are now `sending`, attempts + 1."""
        ...

    async def in_data(self, id: int, now: datetime) -> bool:
        """From here on bytes of the mail may have left. False: it must not leave now (paused, or cancelled)."""
        ...

    async def put_back(self, ids: Sequence[int], now: datetime) -> None:
        """Claimed rows that were not begun wait again, as if they had not been claimed."""

    async def settle(
        self,
        id: int,
        *,
        state: str,
        reason: str,
        detail: str,
        next_at: datetime | None,
        now: datetime,
        count_attempt: bool = True,
        tells: bool = True,
    ) -> None:
        """What became of the attempt; nothing for a row that is not `sending` any more. `next_at` None: as it was.

        `count_attempt` False: attempts - 1. `tells`: whoever has to know that a mail will not arrive is told with it.
        """

    async def next_due(self, now: datetime) -> datetime | None:
        """When the next row may be claimed; None if none waits, or none may leave."""
        ...

    async def is_paused(self) -> bool:
        """Whether somebody has pulled the brake."""
        ...


class Line(Protocol):
    """A way out, for one task: outbox.smtp.Transport."""

    async def send(
        self, sender: str, recipient: str, data: bytes, *, before_data: Callable[[], Awaitable[None]]
    ) -> Outcome:
        """Try once."""
        ...

    async def close(self) -> None:
        """Take leave."""


class Log(Protocol):
    """A structlog logger. Never given addresses or texts of mails."""

    def info(self, event: str, **values: Any) -> Any:
        """As expected."""

    def warning(self, event: str, **values: Any) -> Any:
        """The world's fault."""

    def error(self, event: str, **values: Any) -> Any:
        """Somebody has to do something."""
