"""What does the poller ask of the store, and what does it say of itself? The words of ingest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple, Protocol

from maild.concern import Concern
from maild.store.copies import Copy, Filed, Started
from maild.store.spool import Draft, Spooled

Begin = Literal["now", "all"] | datetime  # what the first start takes: new mail, everything, what came since then


class Folder(NamedTuple):
    """A folder under one UIDVALIDITY: UIDs mean something within it only (RFC 9051 2.3.1.1)."""

    mailbox: str
    name: str
    uidvalidity: int


class Fetched(NamedTuple):
    """A mail as the server gave it; the first four name it for ever."""

    mailbox: str
    folder: str
    uidvalidity: int
    uid: int
    raw: bytes


class Inbound(Protocol):
    """The store's side; store/inbound.py and store/copies.py say more."""

    async def started(self, mailbox: str, folder: str) -> Started | None:
        """How that folder was begun; None at the very first start."""
        ...

    async def left_alone(self, mailbox: str, folder: str, uidvalidity: int) -> set[int] | None:
        """What was left alone when it was seen first; None where it never was."""
        ...

    async def start(
        self, mailbox: str, folder: str, uidvalidity: int, since: datetime | None, left: str, highest: int
    ) -> None:
        """Remember it, and the highest UID that was given by then."""
        ...

    async def known(self, mailbox: str, folder: str, uidvalidity: int) -> set[int]:
        """The UIDs that were kept and may still lie in the folder."""
        ...

    async def places(self, mailbox: str, folder: str, uidvalidity: int) -> set[int]:
        """The UIDs that belong to a row, kept from there or filed there."""
        ...

    async def keep(self, batch: Sequence[Fetched]) -> Sequence[int]:
        """Keep the mails, durable when this returns. Keeping one again changes nothing. Ids, in order."""
        ...

    def draft(self) -> Draft:
        """A file for a mail that comes in pieces."""
        ...

    async def keep_spooled(self, mailbox: str, folder: str, uidvalidity: int, uid: int, mail: Spooled) -> int:
        """Keep a mail that is in a file already."""
        ...

    async def settled(self, mailbox: str, folder: str, uidvalidity: int) -> Sequence[Copy]:
        """The mails of the folder to be filed now."""
        ...

    async def astray(self, mailbox: str, folder: str, uidvalidity: int) -> Sequence[Copy]:
        """The mails elsewhere that do not lie where their disposition wants them."""
        ...

    async def unplaced(self, mailbox: str) -> Sequence[Copy]:
        """The mails of which nobody knows where they lie."""
        ...

    async def filed(self, copies: Sequence[Filed]) -> None:
        """They lie there now."""
        ...

    async def vanished(self, inbound_ids: Sequence[int]) -> None:
        """They are not where they were: somebody took them."""
        ...

    async def damaged(self, mailbox: str) -> Sequence[Copy]:
        """The mails whose bytes have to be fetched again."""
        ...

    async def mended(self, inbound_id: int, mail: Spooled) -> None:
        """They were."""
        ...

    async def lost(self, inbound_id: int) -> bool:
        """They can't be. False while they may yet be found, by reading a mailbox again."""
        ...

    async def lost_count(self, mailbox: str) -> int:
        """How many mails have lost their bytes for good."""
        ...


class State(StrEnum):
    """What a poller is doing."""

    STOPPED = "stopped"
    CONNECTING = "connecting"
    SWEEPING = "sweeping"
    IDLING = "idling"
    BACKING_OFF = "backing_off"  # something is wrong: see last_error


@dataclass(frozen=True, slots=True)
class PollerStatus:
    """For `maild status` and for whoever tells the admin. Counts are since the start."""

    state: State
    since: datetime
    last_error: str = ""
    failing_since: datetime | None = None  # the first of the failures without a whole sweep in between
    last_sweep_at: datetime | None = None
    kept: int = 0
    filed: int = 0
    moved_on: int = 0  # from one folder of ours to another, since their row was settled otherwise
    vanished: int = 0
    mended: int = 0  # files of mails that were fetched again
    left_alone: int = 0  # lie in the folder since before the first start
    too_large: int = 0  # lie in the folder and are not taken
    unreadable: int = 0  # could not be fetched several times, and wait
    lost: int = 0  # kept mails whose bytes are gone for good
    concerns: tuple[Concern, ...] = ()
