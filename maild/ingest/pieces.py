"""How is a large mail read without holding it in memory? In pieces, to whoever takes them one after the other."""

import asyncio
import hashlib
from collections.abc import AsyncIterator

from maild.errors import Temporary
from maild.ingest.mailbox import Mailbox
from maild.store.spool import Draft

PIECE = 1024 * 1024  # octets asked for at a time
MOST_PIECES = 1024  # a server may send less than it was asked for, within reason
LARGEST_MAIL = 128 * 1024 * 1024  # octets; a larger one stays where it is, and the admin is told


class Gone(Exception):
    """The mail is not there any more."""


class TooLarge(Exception):
    """The mail is above LARGEST_MAIL, whatever its announced size."""


async def pieces(box: Mailbox, uid: int) -> AsyncIterator[bytes]:
    """The octets of a mail of the selected folder. Gone, TooLarge; Temporary where the server makes no sense of it.

    It ends where the server has no more to give, not at a short piece: a server may cut pieces as it likes.
    """
    offset = 0
    for _ in range(MOST_PIECES):
        piece = await box.piece(uid, offset, PIECE)
        if piece is None:
            raise Gone
        if not piece:
            return
        offset += len(piece)
        if offset > LARGEST_MAIL:
            raise TooLarge
        yield piece
    raise Temporary(f"a mail that comes in more than {MOST_PIECES} pieces")


async def spool(box: Mailbox, uid: int, draft: Draft, announced: int | None) -> None:
    """The whole mail into a draft. Where it is not as long as the server announced it is read a second time, and
    both must be the same to the last octet: some servers only guess at sizes, but a mail cut short must not pass."""
    async for piece in pieces(box, uid):
        await asyncio.to_thread(draft.write, piece)
    if draft.size == 0 or (draft.size != announced and await digest(box, uid) != draft.sha256):
        raise Temporary(f"a mail announced with {announced} octets came with {draft.size}, and otherwise each time")


async def digest(box: Mailbox, uid: int) -> str:
    """The SHA-256 of a mail on the server, in hex."""
    found = hashlib.sha256()
    async for piece in pieces(box, uid):
        found.update(piece)
    return found.hexdigest()
