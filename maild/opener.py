"""What does a kept mail say, and whose signatures does it bear? Its bytes are read, nothing is decided."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from maild.crash import point
from maild.errors import Temporary
from maild.judgement import Signatures
from maild.mail import ParsedMail, domain_of
from maild.plan.letters import Desk
from maild.reader import Reader
from maild.store.inbound import InboundStore, Kept

_log = structlog.get_logger("maild.intake")


class Opener:
    """Reads kept mails, for the intake. `check` looks for signatures, and asks nobody where no mailbox wants it."""

    def __init__(
        self, inbound: InboundStore, reader: Reader, check: Callable[[bytes, str], Awaitable[Signatures]]
    ) -> None:
        self._inbound = inbound
        self._reader = reader
        self._check = check

    async def read(self, desk: Desk, kept: Kept) -> ParsedMail | str:
        """The mail, or the reason why it is held unread."""
        try:
            mail = await self.parsed(desk, kept.id)
        except Temporary:
            raise
        except Exception:  # ours, or its file is gone: the next one goes on
            _log.exception("a mail could not be read", inbound=kept.id)
            return "our-fault"
        point("K07")
        return mail

    async def parsed(self, desk: Desk, inbound_id: int) -> ParsedMail:
        """That mail; what goes wrong is raised."""
        return await self.understood(await self._inbound.raw_of(inbound_id), desk)

    async def understood(self, raw: bytes, desk: Desk) -> ParsedMail:
        """What these bytes say, with secrets hidden where the rules ask for it."""
        return await self._reader.read(raw, desk.settings.secrecy)

    async def signatures(
        self, desk: Desk, batch: Sequence[Kept], mails: Sequence[ParsedMail | str]
    ) -> list[Signatures | None]:
        """What an own check finds in each, where its mailbox asks for one; it takes no longer than a few seconds."""
        asking = {name for name, box in desk.settings.mailboxes.items() if box.trust.dkim}

        async def found(kept: Kept, mail: ParsedMail | str) -> Signatures | None:
            if kept.mailbox not in asking or isinstance(mail, str) or mail.sender is None:
                return None
            try:
                return await self._check(await self._inbound.raw_of(kept.id), domain_of(mail.sender.address))
            except Temporary:
                raise
            except Exception:  # ours: the mail is worked without
                _log.exception("the signatures of a mail could not be checked", inbound=kept.id)
                return Signatures(is_undecided=True)

        return await asyncio.gather(*(found(kept, mail) for kept, mail in zip(batch, mails, strict=True)))
