"""SMTP servers for tests: a strict one (aiosmtpd), and a scripted one that is lax, rude or mute as told."""

import asyncio
import re
import ssl
import subprocess
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"


class Fault(Enum):
    """What a scripted server may do instead of replying."""

    CLOSE = "close the connection"
    SILENT = "say nothing any more"
    DRIP = "a byte now and then, for ever"


Reply = str | bytes | Fault | asyncio.Event  # an event: the usual reply, once it is set
_EHLO = "250-scripted\r\n250-8BITMIME\r\n250-SIZE 1000000\r\n250 SMTPUTF8"
_USUAL = {"greet": "220 ready", "ehlo": _EHLO, "data": "354 go on", "dot": "250 2.0.0 taken", "quit": "221 bye"}


class ScriptedServer:
    """Answers as it is told: `on` maps greet, ehlo, mail, rcpt, data, body, dot, rset, quit, auth to replies.

    A list of replies is used one a time, the last one for ever; what is not told is answered as usual. `body` is a
    fault at the first line of a mail. Lax: any of CRLF, LF and CR ends a line, so that a smuggled mail would be taken.
    """

    def __init__(self, **on: Reply | Sequence[Reply]) -> None:
        self._on = on
        self._seen: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.connections = 0
        self.commands: list[str] = []
        self.mails: list[bytes] = []  # dots undone, each line ended by LF
        self.received = bytearray()
        self._heard: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def __aenter__(self) -> "ScriptedServer":
        self._server = await asyncio.start_server(self._session, HOST, 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def verbs(self) -> list[str]:
        """The first word of each command, in order."""
        return [command.split(" ")[0].upper() for command in self.commands]

    async def hears(self, what: str) -> None:
        """Wait for that command (`dot`: the end of a mail), at most five seconds."""
        await asyncio.wait_for(self._heard[what].wait(), 5)

    async def ended(self) -> None:
        """Wait until every connection has ended, at most five seconds."""
        async with asyncio.timeout(5):
            await asyncio.gather(*self._tasks)

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            if await self._answer(writer, "greet"):
                await self._talk(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass  # the client has gone, or the test is over
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        mail: list[bytes] | None = None
        async for line in self._lines(reader):
            if mail is None:
                command = line.decode("utf-8", "replace")
                self.commands.append(command)
                verb = command.split(" ")[0].lower()
                self._heard[verb].set()
                reply = await self._answer(writer, verb)
                if not reply:
                    return
                if verb == "data" and reply.startswith(b"354"):
                    mail = []
            elif line == b".":
                self.mails.append(b"\n".join(mail) + b"\n")
                mail = None
                self._heard["dot"].set()
                if not await self._answer(writer, "dot"):
                    return
            else:
                if not mail and "body" in self._on and not await self._answer(writer, "body"):
                    return
                mail.append(line.removeprefix(b"."))

    async def _lines(self, reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
        rest = b""
        while chunk := await reader.read(65536):
            self.received += chunk
            # a CR at the end may be half of a CRLF
            *lines, rest = re.split(rb"\r\n|\n|\r(?!\n|\Z)", rest + chunk)
            for line in lines:
                yield line

    async def _answer(self, writer: asyncio.StreamWriter, what: str) -> bytes:
        """Send the reply told for it; b'' where the connection is over."""
        usual = _USUAL.get(what, "250 ok")
        told: Any = self._on.get(what, usual)
        if isinstance(told, list):
            n = self._seen[what] = self._seen.get(what, -1) + 1
            told = told[min(n, len(told) - 1)]
        if isinstance(told, asyncio.Event):
            await told.wait()
            told = usual
        if told is Fault.CLOSE:
            return b""
        if told is Fault.SILENT:
            await asyncio.sleep(3600)
        while told is Fault.DRIP:
            writer.write(b"2")
            await writer.drain()
            await asyncio.sleep(0.02)
        reply = told if isinstance(told, bytes) else told.encode() + b"\r\n"
        writer.write(reply)
        await writer.drain()
        return b"" if reply.startswith(b"421") else reply


@dataclass
class StrictSink:
    """aiosmtpd, which keeps to the RFC; what it took, and over how many connections."""

    port: int = 0
    connections: int = 0
    mails: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    options: list[str] = field(default_factory=list)  # of MAIL
    was_tls: list[bool] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    password: bytes = b"secret"
    refuse: Callable[[str], str | None] = lambda _: None  # a reply to RCPT for that address
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # fmt: skip  # noqa: E501
        """Take any sender."""
        envelope.mail_from = address
        self.options = options
        return "250 ok"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # fmt: skip  # noqa: E501
        """Take any recipient that is not refused."""
        refusal = self.refuse(address)
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take it."""
        content: Any = envelope.original_content
        self.mails.append((envelope.mail_from or "", list(envelope.rcpt_tos), bytes(content)))
        assert server.transport is not None
        self.was_tls.append(server.transport.get_extra_info("sslcontext") is not None)
        self.arrived.set()
        return f"250 queued as {len(self.mails)}"

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword) -> AuthResult:  # fmt: skip  # noqa: E501
        """One password for all."""
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == self.password, handled=data.password == self.password)


@asynccontextmanager
async def strict_sink(
    *, starttls: ssl.SSLContext | None = None, implicit: ssl.SSLContext | None = None, **options: Any
) -> AsyncIterator[StrictSink]:
    """A running StrictSink; further options are aiosmtpd's."""
    sink = StrictSink()
    transports: list[asyncio.BaseTransport] = []

    class Counted(SMTP):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            is_upgrade = starttls is not None and transport.get_extra_info("sslcontext") is not None
            sink.connections += not is_upgrade
            transports.append(transport)
            super().connection_made(transport)

    def protocol() -> SMTP:
        return Counted(
            sink, hostname="sink", tls_context=starttls, authenticator=sink.authenticate, auth_require_tls=False,
            loop=asyncio.get_running_loop(), **options,
        )  # fmt: skip

    server = await asyncio.get_running_loop().create_server(protocol, HOST, 0, ssl=implicit)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()
        for transport in transports:
            if isinstance(transport, asyncio.WriteTransport) and not transport.is_closing():
                transport.abort()
        await asyncio.sleep(0)


def self_signed(folder: Path, name: str = f"IP:{HOST}") -> tuple[Path, ssl.SSLContext]:
    """A certificate for that name, which is its own authority: its file, and a server's context. Needs openssl."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    try:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=sink",
             "-addext", f"subjectAltName={name}", "-keyout", str(key), "-out", str(certificate)],
            check=True, capture_output=True,
        )  # fmt: skip
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return certificate, context
