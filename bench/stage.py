"""What stands around the daemon? Dovecot, a wire to it that is listened in on, an SMTP server that notes the time."""

import asyncio
import os
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from faults.daemon_process import MaildRun
from faults.desk import rules, rules_file
from faults.relay import Relay, Reply
from mail_servers import HOST, Account, Dovecot

from bench.mails import people

_EXISTS = re.compile(rb"^\* \d+ EXISTS\r?$", re.M)


class Wire:
    """Between the daemon and the IMAP server: notes when the server said that there is a mail."""

    def __init__(self, port: int) -> None:
        self._to = port
        self.exists_at: list[float] = []
        self.first_at = 0.0  # when the first connection came
        self.is_idle = 0  # connections that wait in IDLE

    async def __aenter__(self) -> "Wire":
        self._server = await asyncio.start_server(self._carry, HOST, 0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.first_at = self.first_at or time.perf_counter()
        there, thither = await asyncio.open_connection(HOST, self._to)
        with_end = asyncio.gather(
            self._pump(reader, thither, self._from_client), self._pump(there, writer, self._from_server)
        )
        await asyncio.gather(with_end, return_exceptions=True)

    @staticmethod
    async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter, look: Callable[[bytes], None]) -> None:
        try:
            while data := await source.read(65_536):
                look(data)
                target.write(data)
                await target.drain()
        finally:
            target.close()

    def _from_server(self, data: bytes) -> None:
        if _EXISTS.search(data):
            self.exists_at.append(time.perf_counter())

    def _from_client(self, data: bytes) -> None:
        self.is_idle += data.rstrip().endswith(b" IDLE")
        self.is_idle -= data.strip() == b"DONE"


class NotingRelay(Relay):
    """Takes all, and notes when for whom."""

    def __init__(self) -> None:
        super().__init__()
        self.came_at: dict[str, list[float]] = {}

    def take(self, mail: bytes, recipient: str) -> Reply:
        """A whole mail has come."""
        self.came_at.setdefault(recipient, []).append(time.perf_counter())
        return super().take(mail, recipient)

    def count(self, recipient: str) -> int:
        """How many mails came for somebody."""
        return len(self.came_at.get(recipient, ()))


@dataclass
class Stage:
    """Everything that a daemon needs, and the daemon's rules."""

    folder: Path
    dovecot: Dovecot
    wire: Wire
    relay: NotingRelay
    accounts: list[Account] = field(default_factory=list)

    def life(self, boxes: int = 1, **more: Any) -> MaildRun:
        """A daemon with so many mailboxes, each an account of its own."""
        while len(self.accounts) < boxes:
            self.accounts.append(self.dovecot.account())
        said = rules(self.folder, self.wire.port, self.relay.port, people=people(), **more)
        one = said["mailboxes"].pop("support")
        for n, account in enumerate(self.accounts[:boxes]):
            name = "support" if n == 0 else f"support{n}"
            imap = one["imap"] | {"user": account.user}
            said["mailboxes"][name] = one | {"address": f"{name}@isybuy.example", "imap": imap}
        return MaildRun(rules_file(self.folder, said), self.folder / "maild.log")

    async def until_idle(self, boxes: int = 1) -> None:
        """Until every mailbox waits for news."""
        while self.wire.is_idle < boxes:  # noqa: ASYNC110 -- another process has no event to wait for
            await asyncio.sleep(0.05)

    def fill(self, account: Account, mails: list[bytes]) -> None:
        """Put many mails into an account at once, as files."""
        new = self.dovecot.maildir(account) / "new"
        new.mkdir(parents=True, exist_ok=True)
        for path in (new.parent.parent, new.parent, new, new.parent / "cur", new.parent / "tmp"):
            path.mkdir(exist_ok=True)
            os.chown(path, *_owner(self.dovecot, account))
        for n, mail in enumerate(mails):
            path = new / f"{1_700_000_000 + n}.M{n}.bench"
            path.write_bytes(mail.replace(b"\r\n", b"\n"))
            os.chown(path, *_owner(self.dovecot, account))


def _owner(dovecot: Dovecot, account: Account) -> tuple[int, int]:
    state = dovecot.maildir(account).parents[1].stat()
    return state.st_uid, state.st_gid


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Set up, and taken away afterwards. The database lies on a real disk: fsync is part of what is measured."""
    dovecot = await asyncio.to_thread(Dovecot().start)
    try:
        with TemporaryDirectory(prefix="maild-bench-", dir="/var/tmp") as folder:
            async with Wire(dovecot.port) as wire, NotingRelay() as relay:
                yield Stage(Path(folder), dovecot, wire, relay)
    finally:
        await asyncio.to_thread(dovecot.stop)
