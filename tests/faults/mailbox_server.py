"""What IMAP server is quick enough for ten thousand restarts? One account in memory, which outlives the daemon.

It keeps what a real one promises: UIDs ascend and are never used twice, MOVE is all or nothing, what was moved is found
under a new UID in the other folder. `capabilities` decides which road the mail takes: MOVE, UIDPLUS or neither.
"""

import asyncio
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Self

HOST = "127.0.0.1"
ALL = "IMAP4rev1 IDLE UIDPLUS MOVE LITERAL+"
_FETCH = re.compile(rb"BODY(?:\.PEEK)?\[([A-Z]*)\](?:<(\d+)\.(\d+)>)?")


@dataclass
class Stored:
    """A mail in a folder; `raw` may be made when it is asked for."""

    raw: bytes | Callable[[], bytes]
    flags: set[bytes] = field(default_factory=set)

    def octets(self) -> bytes:
        """The mail."""
        return self.raw if isinstance(self.raw, bytes) else self.raw()


class MailboxServer:
    """Folders by name, mails by UID. Any name and password is good."""

    def __init__(self, capabilities: str = ALL, *, uidvalidity: int = 7) -> None:
        self.capabilities = capabilities
        self.folders: dict[str, dict[int, Stored]] = {"INBOX": {}}
        self.uidvalidity = uidvalidity
        self._next: dict[str, int] = {}
        self._sessions: set[_Session] = set()
        self.commands = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(lambda: _Session(self), HOST, 0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.drop()

    def drop(self) -> None:
        """Reset every connection."""
        for session in tuple(self._sessions):
            session.transport.abort()

    def deliver(self, raw: bytes | Callable[[], bytes], folder: str = "INBOX") -> int:
        """Put a mail into a folder, which is made if need be; its UID."""
        box = self.folders.setdefault(folder, {})
        uid = self.uidnext(folder)
        self._next[folder] = uid + 1
        box[uid] = Stored(raw)
        for session in self._sessions:
            session.tell(folder)
        return uid

    def uidnext(self, folder: str) -> int:
        """The UID that the next mail there will have."""
        return self._next.get(folder, 1)

    def mails(self, folder: str) -> list[bytes]:
        """The mails of a folder."""
        return [mail.octets() for mail in self.folders.get(folder, {}).values()]


class _Session(asyncio.Protocol):
    """A client. Commands are answered in the order in which they come."""

    def __init__(self, server: MailboxServer) -> None:
        self._server = server
        self._rest = b""
        self._folder = "INBOX"
        self._idle_tag = b""
        self._removed: list[int] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._server._sessions.add(self)
        transport.write(b"* OK ready\r\n")

    def connection_lost(self, exc: Exception | None) -> None:
        self._server._sessions.discard(self)

    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\r\n")
        for line in lines:
            self._server.commands += 1
            self._line(line)

    def tell(self, folder: str) -> None:
        """There is a new mail in a folder."""
        if folder == self._folder and self._idle_tag:
            self.transport.write(b"* %d EXISTS\r\n" % len(self._server.folders[folder]))

    def _line(self, line: bytes) -> None:
        if line.upper() == b"DONE":
            self._say(self._idle_tag, b"OK idle is over")
            self._idle_tag = b""
            return
        tag, _, rest = line.partition(b" ")
        name, _, arguments = rest.partition(b" ")
        if name.upper() == b"UID":
            name, _, arguments = arguments.partition(b" ")
        act: Any = getattr(self, "_" + name.decode().lower() + "_command", None)
        if act is None:
            self._say(tag, b"BAD what is that")
        else:
            act(tag, arguments.decode())

    def _say(self, tag: bytes, words: bytes, *untagged: bytes) -> None:
        self.transport.writelines([*(b"* " + u + b"\r\n" for u in untagged), tag + b" " + words + b"\r\n"])

    @property
    def _box(self) -> dict[int, Stored]:
        return self._server.folders[self._folder]

    def _capability_command(self, tag: bytes, _: str) -> None:
        self._say(tag, b"OK", b"CAPABILITY " + self._server.capabilities.encode())

    def _login_command(self, tag: bytes, _: str) -> None:
        self._say(tag, b"OK welcome")

    def _noop_command(self, tag: bytes, _: str) -> None:
        self._say(tag, b"OK")

    def _select_command(self, tag: bytes, name: str) -> None:
        folder = _name(name)
        if folder not in self._server.folders:
            self._say(tag, b"NO [NONEXISTENT] no such folder")
            return
        self._folder = folder
        exists = b"%d EXISTS" % len(self._box)
        validity = b"OK [UIDVALIDITY %d] x" % self._server.uidvalidity
        uidnext = b"OK [UIDNEXT %d] x" % self._server.uidnext(folder)
        flags = rb"OK [PERMANENTFLAGS (\Deleted \*)] x"
        self._say(tag, b"OK [READ-WRITE] selected", exists, validity, uidnext, flags)

    _examine_command = _select_command

    def _create_command(self, tag: bytes, name: str) -> None:
        is_new = _name(name) not in self._server.folders
        self._server.folders.setdefault(_name(name), {})
        self._say(tag, b"OK made" if is_new else b"NO [ALREADYEXISTS] it is there")

    def _status_command(self, tag: bytes, arguments: str) -> None:
        folder = _name(arguments.partition(" (")[0])
        if folder not in self._server.folders:
            self._say(tag, b"NO [NONEXISTENT] no such folder")
        else:
            numbers = self._server.uidnext(folder), self._server.uidvalidity, len(self._server.folders[folder])
            self._say(tag, b"OK", b"STATUS x (UIDNEXT %d UIDVALIDITY %d MESSAGES %d)" % numbers)

    def _search_command(self, tag: bytes, criteria: str) -> None:
        without = criteria.split()[1].encode() if criteria.startswith("UNKEYWORD") else None
        found = (uid for uid, mail in self._box.items() if without is None or without not in mail.flags)
        self._say(tag, b"OK", b"SEARCH " + b" ".join(b"%d" % uid for uid in found))

    def _fetch_command(self, tag: bytes, arguments: str) -> None:
        numbers, _, items = arguments.partition(" ")
        wanted = items.upper().encode()
        body = _FETCH.search(wanted)
        out = []
        for uid in self._chosen(numbers):
            raw = self._box[uid].octets()
            out.append(b"* %d FETCH (UID %d" % (uid, uid))
            if b"RFC822.SIZE" in wanted:
                out.append(b" RFC822.SIZE %d" % len(raw))
            if b"FLAGS" in wanted:
                out.append(b" FLAGS (%s)" % b" ".join(self._box[uid].flags))
            if b"INTERNALDATE" in wanted:
                out.append(b' INTERNALDATE "23-Nov-2026 08:00:00 +0000"')
            if body is not None:
                part = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if body[1] == b"HEADER" else raw
                start = int(body[2] or 0)
                part = part[start : start + int(body[3] or len(part))]
                where = b"<%d>" % start if body[2] else b""
                out.append(b" BODY[%s]%s {%d}\r\n" % (body[1], where, len(part)) + part)
            out.append(b")\r\n")
        self.transport.write(b"".join(out))
        self._say(tag, b"OK")

    def _move_command(self, tag: bytes, arguments: str) -> None:
        if "MOVE" not in self._server.capabilities.split():
            self._say(tag, b"BAD no MOVE here")
        elif self._copy(tag, arguments):
            self._remove(self._chosen(arguments.partition(" ")[0]))
            self._say(tag, b"OK moved")

    def _copy_command(self, tag: bytes, arguments: str) -> None:
        if self._copy(tag, arguments):
            self._say(tag, b"OK copied")

    def _copy(self, tag: bytes, arguments: str) -> bool:
        numbers, _, name = arguments.partition(" ")
        if _name(name) not in self._server.folders:
            self._say(tag, b"NO [TRYCREATE] no such folder")
            return False
        for uid in self._chosen(numbers):
            self._server.deliver(self._box[uid].raw, _name(name))
        return True

    def _store_command(self, tag: bytes, arguments: str) -> None:
        numbers, _, how = arguments.partition(" ")
        for uid in self._chosen(numbers):
            self._box[uid].flags.update(how.partition("(")[2].rstrip(")").encode().split())
        self._say(tag, b"OK")

    def _expunge_command(self, tag: bytes, numbers: str) -> None:
        self._remove(uid for uid in self._chosen(numbers) if b"\\Deleted" in self._box[uid].flags)
        self._say(tag, b"OK")

    def _idle_command(self, tag: bytes, _: str) -> None:
        self._idle_tag = tag
        self.transport.write(b"+ idling\r\n")

    def _logout_command(self, tag: bytes, _: str) -> None:
        self._say(tag, b"OK", b"BYE")
        self.transport.close()

    def _remove(self, uids: Iterable[int]) -> None:
        for uid in list(uids):
            del self._box[uid]

    def _chosen(self, numbers: str) -> list[int]:
        found: list[int] = []
        for part in numbers.split(","):
            first, _, last = part.partition(":")
            if last:
                end = max(self._box, default=0) if last == "*" else int(last)
                found += [uid for uid in range(int(first), end + 1) if uid in self._box]
            elif int(first) in self._box:
                found.append(int(first))
        return found


def _name(word: str) -> str:
    return word.strip().strip('"')
