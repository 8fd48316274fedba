"""What IMAP server is quick enough for ten thousand restarts? One account in memory, which outlives the daemon.

It keeps what a real one promises: UIDs ascend and are never used twice, MOVE is all or nothing, what was moved is found
under a new UID in the other folder, a mail that comes between two commands is announced with the next one that may.
`capabilities` decides which road the mail takes: MOVE, UIDPLUS or neither.
"""

import asyncio
import re
import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
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
        self.taken_out = 0  # mails that a client moved to another folder
        self.tells_places = False  # COPYUID
        self.size_lies = 0  # octets by which RFC822.SIZE is wrong
        self.drops = 0  # how often from now on the connection is cut when a mail is asked for
        self.forgets = 0  # how often from now on a folder is said to be made and is not
        self.tls: ssl.SSLContext | None = None  # STARTTLS first, then AUTHENTICATE PLAIN

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

    @property
    def is_watched(self) -> bool:
        """Whether a client waits for news."""
        return any(session._idle_tag for session in self._sessions)

    def mails(self, folder: str) -> list[bytes]:
        """The mails of a folder."""
        return [mail.octets() for mail in self.folders.get(folder, {}).values()]


class _Session(asyncio.Protocol):
    """A client. Commands are answered in the order in which they come."""

    def __init__(self, server: MailboxServer) -> None:
        self._server = server
        self._rest = b""
        self._folder = "INBOX"
        self._told = 1  # a mail with this UID, or a higher one, was never announced here
        self._idle_tag = b""
        self._authenticating = b""
        self._upgrade: asyncio.Future[None] | None = None

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
            self._tell_what_is_new()

    def _tell_what_is_new(self) -> None:
        if self._told < self._server.uidnext(self._folder):
            self._told = self._server.uidnext(self._folder)
            self.transport.write(b"* %d EXISTS\r\n" % len(self._box))

    def _line(self, line: bytes) -> None:
        if line.upper() == b"DONE":
            self._say(self._idle_tag, b"OK idle is over")
            self._idle_tag = b""
            return
        if self._authenticating:
            self._say(self._authenticating, b"OK welcome")
            self._authenticating = b""
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
        more = "" if self._server.tls is None else " LOGINDISABLED " + ("AUTH=PLAIN" if self._upgrade else "STARTTLS")
        self._say(tag, b"OK", b"CAPABILITY " + (self._server.capabilities + more).encode())

    def _starttls_command(self, tag: bytes, _: str) -> None:
        self._say(tag, b"OK go on")
        self._upgrade = asyncio.ensure_future(self._starttls())

    async def _starttls(self) -> None:
        assert self._server.tls is not None
        with suppress(OSError):  # the client has gone
            start = asyncio.get_running_loop().start_tls
            self.transport = await start(self.transport, self, self._server.tls, server_side=True) or self.transport

    def _authenticate_command(self, tag: bytes, _: str) -> None:
        self._authenticating = tag
        self.transport.write(b"+ \r\n")

    def _login_command(self, tag: bytes, _: str) -> None:
        self._say(tag, b"OK welcome")

    def _noop_command(self, tag: bytes, _: str) -> None:
        self._tell_what_is_new()
        self._say(tag, b"OK")

    def _select_command(self, tag: bytes, name: str) -> None:
        folder = _name(name)
        if folder not in self._server.folders:
            self._say(tag, b"NO [NONEXISTENT] no such folder")
            return
        self._folder, self._told = folder, self._server.uidnext(folder)
        exists = b"%d EXISTS" % len(self._box)
        validity = b"OK [UIDVALIDITY %d] x" % self._server.uidvalidity
        uidnext = b"OK [UIDNEXT %d] x" % self._server.uidnext(folder)
        flags = rb"OK [PERMANENTFLAGS (\Deleted \*)] x"
        self._say(tag, b"OK [READ-WRITE] selected", exists, validity, uidnext, flags)

    _examine_command = _select_command

    def _create_command(self, tag: bytes, name: str) -> None:
        is_new = _name(name) not in self._server.folders
        if is_new and self._server.forgets:
            self._server.forgets -= 1
            self._say(tag, b"OK made")
            return
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
        if body is not None and self._server.drops:
            self._server.drops -= 1
            self.transport.abort()
            return
        out = []
        for uid in self._chosen(numbers):
            raw = self._box[uid].octets()
            out.append(b"* %d FETCH (UID %d" % (uid, uid))
            if b"RFC822.SIZE" in wanted:
                out.append(b" RFC822.SIZE %d" % (len(raw) + self._server.size_lies))
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
        elif (places := self._copy(tag, arguments)) is not None:
            self._remove(self._chosen(arguments.partition(" ")[0]))
            self._say(tag, b"OK moved", *([b"OK " + places] if places else []))

    def _copy_command(self, tag: bytes, arguments: str) -> None:
        if (places := self._copy(tag, arguments)) is not None:
            self._say(tag, b"OK " + (places or b"copied"))

    def _copy(self, tag: bytes, arguments: str) -> bytes | None:
        """COPYUID, or b'' where places are not told; None where it was refused."""
        numbers, _, name = arguments.partition(" ")
        if _name(name) not in self._server.folders:
            self._say(tag, b"NO [TRYCREATE] no such folder")
            return None
        chosen = self._chosen(numbers)
        placed = [self._server.deliver(self._box[uid].raw, _name(name)) for uid in chosen]
        if not chosen or not self._server.tells_places:
            return b""
        sets = (",".join(map(str, uids)) for uids in (chosen, placed))
        return b"[COPYUID %d %s]" % (self._server.uidvalidity, " ".join(sets).encode())

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
        self._tell_what_is_new()

    def _logout_command(self, tag: bytes, _: str) -> None:
        self._say(tag, b"OK", b"BYE")
        self.transport.close()

    def _remove(self, uids: Iterable[int]) -> None:
        for uid in list(uids):
            del self._box[uid]
            self._server.taken_out += 1

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
