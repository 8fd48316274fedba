"""What did the relay take, and how often? An SMTP server that counts by Message-ID and outlives the daemon."""

import asyncio
import hashlib
import re
import ssl
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import Self

HOST = "127.0.0.1"
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]*>)", re.M | re.I)
Reply = bytes | None  # None: the connection is closed without a word


class Relay:
    """Takes everything, unless `at` says otherwise for `rcpt` and `dot`: a reply for that Message-ID or address.

    A mail counts as taken when its final dot came and `at` does not refuse it; a reply of None closes the connection,
    and at the dot the mail was taken nevertheless: that is RFC 1047's uncertainty.
    """

    def __init__(self, at: Callable[[str, str], Reply] = lambda _, __: b"250 ok\r\n") -> None:
        self._at = at
        self.busy = 0  # how many connections from now on are greeted with 421
        self.is_old = False  # it knows HELO only
        self.tls: ssl.SSLContext | None = None  # STARTTLS first, then AUTH PLAIN
        self.taken: defaultdict[str, list[str]] = defaultdict(list)  # Message-ID: digest of each copy
        self.recipients: defaultdict[str, int] = defaultdict(int)
        self.connections = 0
        self._sessions: set[_Session] = set()

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

    def doubled(self) -> dict[str, list[str]]:
        """What came more than once."""
        return {name: copies for name, copies in self.taken.items() if len(copies) > 1}

    def take(self, mail: bytes, recipient: str) -> Reply:
        """A whole mail has come; the reply to its dot."""
        match = _MESSAGE_ID.search(mail)
        name = match[1].decode() if match else ""
        reply = self._at("dot", name)
        if reply is None or reply.startswith(b"2"):
            self.taken[name].append(hashlib.sha256(mail).hexdigest())
            self.recipients[recipient] += 1
        return reply


class _Session(asyncio.Protocol):
    """A client."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._rest = b""
        self._mail: list[bytes] | None = None
        self._recipient = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._relay._sessions.add(self)
        self._relay.connections += 1
        self._upgrade: asyncio.Future[None] | None = None
        if self._relay.busy:
            self._relay.busy -= 1
            transport.write(b"421 busy\r\n")
            transport.close()
        else:
            transport.write(b"220 relay\r\n")

    async def _starttls(self) -> None:
        assert self._relay.tls is not None
        with suppress(OSError):  # the client has gone
            start = asyncio.get_running_loop().start_tls
            self.transport = await start(self.transport, self, self._relay.tls, server_side=True) or self.transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._relay._sessions.discard(self)

    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\r\n")
        for line in lines:
            if self.transport.is_closing():
                return
            if self._mail is None:
                self._command(line)
            elif line == b".":
                mail, self._mail = b"\r\n".join(self._mail), None
                self._answer(self._relay.take(mail, self._recipient))
            else:
                self._mail.append(line)

    def _command(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"EHLO" and self._relay.is_old:
            self.transport.write(b"502 what is that\r\n")
        elif verb == b"EHLO":
            more = b"" if self._relay.tls is None else b"250-AUTH PLAIN\r\n" if self._upgrade else b"250-STARTTLS\r\n"
            self.transport.write(b"250-relay\r\n" + more + b"250-8BITMIME\r\n250 SMTPUTF8\r\n")
        elif verb == b"STAR":
            self.transport.write(b"220 go on\r\n")
            self._upgrade = asyncio.ensure_future(self._starttls())
        elif verb == b"AUTH":
            self.transport.write(b"235 welcome\r\n")
        elif verb == b"DATA":
            self._mail = []
            self.transport.write(b"354 go on\r\n")
        elif verb == b"RCPT":
            self._recipient = line.partition(b"<")[2].partition(b">")[0].decode()
            self._answer(self._relay._at("rcpt", self._recipient))
        elif verb == b"QUIT":
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
        else:
            self.transport.write(b"250 ok\r\n")

    def _answer(self, reply: Reply) -> None:
        if reply is None:
            self.transport.abort()
        else:
            self.transport.write(reply)
