"""What have a sender's connections in common? The rows that were claimed for all, and what each must know of others."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from maild.clock import Clock
from maild.errors import Temporary
from maild.outbox.health import Health
from maild.outbox.ports import Log, OutboxStore, Outgoing


@dataclass
class Shared:
    """One for each sender."""

    store: OutboxStore
    clock: Clock
    jitter: Callable[[float], float]
    log: Log
    drain_for: float
    may_send_to: Callable[[str], bool]
    health: Health
    hand: deque[Outgoing] = field(default_factory=deque)  # claimed and not begun
    claiming: asyncio.Lock = field(default_factory=asyncio.Lock)
    busy: set[str] = field(default_factory=set)  # recipients of what is on its way
    refused: set[str] = field(default_factory=set)  # recipients, since any connection took a mail; see doubt.py
    last_turn: datetime | None = None  # see retry.next_turn

    def next_in_hand(self) -> Outgoing | None:
        """The first to nobody to whom one is on its way: who keeps a server thinking holds up one connection."""
        for mail in self.hand:
            if mail.recipient not in self.busy:
                self.hand.remove(mail)
                self.busy.add(mail.recipient)
                return mail
        return None

    async def put_back(self) -> None:
        """What was claimed and not begun waits again. Where the store is away it stays in hand."""
        hand = list(self.hand)
        self.hand.clear()
        try:
            if hand:
                await self.store.put_back([mail.id for mail in hand], self.clock.now())
        except Temporary as error:
            self.log.warning("outbox-not-put-back", rows=len(hand), error=str(error))
            self.hand.extend(hand)
