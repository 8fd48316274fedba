"""How can a mailbox be read with no way to change it? Every command is compared with a list before it leaves.

EXAMINE instead of SELECT (RFC 9051 6.3.3): then the server changes nothing either, not even which mails are recent.
What is not on the list is never sent: a mistake in the code above ends in an exception, and not in a moved mail.
"""

import re
from collections.abc import Sequence
from typing import NoReturn

from maild.ingest.filing import Filer
from maild.ingest.imap_protocol import Command, Protocol
from maild.ingest.mailbox import Mailbox
from maild.ingest.ports import Folder

_TALK = ("CAPABILITY", "STARTTLS", "LOGIN", "AUTHENTICATE", "NOOP", "IDLE", "LOGOUT")
READS = frozenset((*_TALK, "EXAMINE", "SEARCH", "FETCH"))
_ITEM = r"(?:UID|FLAGS|INTERNALDATE|RFC822\.SIZE|BODY\.PEEK\[[A-Z0-9.]*\](?:<\d+\.\d+>)?)"
_ITEMS = re.compile(rf"[\d:,*]+ (?:{_ITEM}|\({_ITEM}(?: {_ITEM})*\))", re.ASCII)  # none that marks a mail as seen


class WouldChange(Exception):
    """Something that would change the mailbox was asked of a connection that only reads: a bug of ours."""


class ReadOnlyProtocol(Protocol):
    """A connection on which only the commands of READS leave, and FETCH for items that change nothing."""

    def _send(self, command: Command) -> None:
        arguments = " ".join(map(str, command.args))
        if command.name not in READS or (command.name == "FETCH" and not _ITEMS.fullmatch(arguments)):
            raise WouldChange(f"{command.name} on a mailbox that is only looked at")
        super()._send(command)


class ReadOnlyMailbox(Mailbox):
    """A mailbox that is looked at. `ensure_folder` and `move` raise WouldChange; all else is as with any mailbox."""

    PROTOCOL = ReadOnlyProtocol
    OPENS_WITH = "EXAMINE"

    async def ensure_folder(self, folder: str) -> NoReturn:
        """Never."""
        raise WouldChange(f"a folder {folder} was to be made")

    async def move(self, uids: Sequence[int], folder: str) -> NoReturn:
        """Never."""
        raise WouldChange(f"{len(uids)} mails were to be moved to {folder}")


class Onlooker(Filer):
    """Files nothing: what is settled stays where it lies."""

    async def file(self, box: Mailbox, home: Folder, present: set[int]) -> None:
        """Leave it there."""

    async def move_on(self, box: Mailbox, home: Folder) -> None:
        """Leave it there."""
