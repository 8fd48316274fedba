"""What goes wrong on the way? A proxy that spoils and drops, and an IMAP server that obeys a script."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from mail_servers import HOST, Account

from maild.settings import Imap


class Proxy:
    """Stands before a server; may replace words of the same length in what it says, and drop its connections."""

    def __init__(self, port: int, replace: Mapping[bytes, bytes] | None = None) -> None:
        self._to = port
        self._replace = replace or {}
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self.connections = 0
        self.cuts = 0  # how many connections are still to be cut
        self.cut_after: Callable[[], int] = lambda: 1  # octets from the server, drawn for each connection
        self._swallows: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, HOST, 0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self.drop()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def drop(self) -> None:
        """Reset every connection."""
        for writer in self._writers:
            writer.transport.abort()

    def swallow(self) -> None:
        """From now on nothing comes through the connections that stand, and they stand on: a black hole."""
        self._swallows |= self._writers

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        reader_there, writer_there = await asyncio.open_connection(HOST, self._to)
        self._writers |= {writer, writer_there}
        there = self._pump(reader, writer_there, {})
        limit = self.cut_after() if self.cuts else None
        back = self._pump(reader_there, writer, self._replace, limit)
        await asyncio.gather(there, back, return_exceptions=True)
        self._writers -= {writer, writer_there}

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        words: Mapping[bytes, bytes],
        limit: int | None = None,
    ) -> None:
        passed = 0
        try:
            while data := await reader.read(65536):
                if writer in self._swallows:
                    continue
                for old, new in words.items():
                    data = data.replace(old, new)
                if limit is not None and passed + len(data) >= limit:
                    writer.write(data[: limit - passed])
                    self.cuts = max(0, self.cuts - 1)
                    return
                passed += len(data)
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()


Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None] | None]


class ScriptedServer:
    """A polite IMAP server but for the commands that the script answers: by name, given the tag and where to write.

    The script may have a GREETING too, and "" is what it answers to DONE.
    """

    def __init__(self, script: Mapping[str, Answer], capabilities: str = "IMAP4rev1 IDLE UIDPLUS MOVE") -> None:
        self._script = script
        self._capabilities = capabilities
        self.heard: list[bytes] = []
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, HOST, 0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()

    def settings(self, **more: Any) -> Imap:
        """How maild would be told to read it."""
        return Account(self.port, "user", "secret").settings(**more)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with suppress(ConnectionError):
            if "GREETING" in self._script:
                await self._answers("GREETING", b"*", writer)
            else:
                writer.write(b"* OK hello\r\n")
            while line := await reader.readline():
                self.heard.append(line.rstrip())
                tag, *words = line.split() or [b"?"]
                name = b"".join(words[1:2] if words[:1] == [b"UID"] else words[:1]).decode().upper()
                if name in self._script:
                    await self._answers(name, tag, writer)
                else:
                    writer.write(self._polite(name) + tag + b" OK done\r\n")
                await writer.drain()
        writer.close()

    async def _answers(self, name: str, tag: bytes, writer: asyncio.StreamWriter) -> None:
        waiting = self._script[name](tag, writer)
        if waiting is not None:
            await waiting

    def _polite(self, name: str) -> bytes:
        if name == "CAPABILITY":
            return f"* CAPABILITY {self._capabilities}\r\n".encode()
        return b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n" if name == "SELECT" else b""
