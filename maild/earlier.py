"""What if something can only be done with mails that came before? They are read again, and it is tried once more.

Only a transaction can tell which mails it needs, and none waits while a mail is read.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import structlog

from maild.errors import MailsWanted, StoreAway
from maild.mail import ParsedMail

T = TypeVar("T")
_log = structlog.get_logger("maild.earlier")


async def with_earlier(
    attempt: Callable[[Mapping[int, ParsedMail | None]], Awaitable[T]],
    read: Callable[[int], Awaitable[ParsedMail]],
) -> T:
    """What `attempt` gives once it has the mails that it asks for, by number; None: its bytes can't be read now.

    One that can't be read holds nothing up. Each is read once, so it ends.
    """
    found: dict[int, ParsedMail | None] = {}
    while True:
        try:
            return await attempt(found)
        except MailsWanted as wanted:
            if not (fresh := [number for number in wanted.numbers if number not in found]):
                raise
            for number in fresh:
                try:
                    found[number] = await read(number)
                except StoreAway:
                    raise
                except Exception:
                    _log.exception("an earlier mail could not be read again", inbound=number)
                    found[number] = None
