"""How is an IMAP connection kept in step? aioimaplib's protocol, made fit for a daemon; nobody else imports aioimaplib.

Faults of aioimaplib 2.0.3 that this subclass answers (upstream issue in brackets):
 1 one recursion a response line, so about 985 short lines in one read end the connection (118): read in a loop
 2 every chunk formatted for the debug log, mail text and all: nothing that was read or sent is logged
 3 a FETCH held to be complete when its brackets balance, so a smiley swallows the next lines: only literals continue
 4 a lost connection fails no command, which then wait for ever (58, 110): all are failed at once
 5 a cancelled or late command stays pending and the next one waits for it: the connection is given up
 6 several commands at once mix up their answers: one at a time
 7 the error challenge of a refused AUTHENTICATE is never answered, so NO never comes: answered with an empty line
 8 no STARTTLS (1): here, with nothing read in clear carried over
"""

import asyncio
import logging
import re
import ssl

from aioimaplib import aioimaplib

from maild.crash import point
from maild.errors import Temporary
from maild.ingest.wire import LARGEST_LITERAL, Garbled, ResponseReader

OVERALL = 15  # a command may take so many times the time limit in all, as long as something comes in
HEAVIEST = 2 * LARGEST_LITERAL  # octets of memory for the answer to one command

logging.getLogger("aioimaplib").setLevel(logging.WARNING)

_NEWS = re.compile(rb"\* \d+ (?:EXISTS|RECENT)", re.IGNORECASE)
_TAGGED = re.compile(rb"[^ ]+ (OK|NO|BAD)(?: (.*))?$", re.IGNORECASE | re.DOTALL)


class ConnectionLost(Temporary):
    """The connection is gone or out of step; connect again."""


class Refused(Temporary):
    """The server answered NO or BAD; the connection is as good as before."""


def said(text: bytes) -> str:
    """What a server said, fit for a log: short, one line, no whole address."""
    shown = re.sub(rb"[^\s<>@]+@", b"...@", text[:200]).decode("utf-8", "replace")
    return "".join(c if c.isprintable() else " " for c in shown)


class Command(aioimaplib.Command):  # type: ignore[misc] # aioimaplib ships no types
    """A command under way; its untagged responses are kept whole, literals apart."""

    def __init__(self, name: str, tag: str, *arguments: str, prefix: str | None = None) -> None:
        super().__init__(name, tag, *arguments, prefix=prefix)
        self.responses: list[list[bytes]] = []
        self.weight = 0  # octets of memory that they take, roughly
        self.status = b""
        self.text = b""
        self.answers: list[bytes] = []  # to be given to continuation requests


class Protocol(aioimaplib.IMAP4ClientProtocol):  # type: ignore[misc]
    """One connection. `news` is set when the server says that there may be new mail; `alert` gets its ALERT texts."""

    transport: asyncio.Transport | None
    capabilities: set[str]

    def __init__(self, timeout: float) -> None:
        self._loop = asyncio.get_running_loop()
        super().__init__(self._loop)
        self.timeout = timeout
        self.news = asyncio.Event()
        self.alerts: list[str] = []
        self.lost: ConnectionLost | None = None
        self._greeting: asyncio.Future[list[bytes]] = self._loop.create_future()
        self._reader = ResponseReader()
        self._turn = asyncio.Lock()
        self._under_way: Command | None = None
        self._continued = asyncio.Event()
        self._timer: asyncio.Timeout | None = None
        self._deadline = 0.0

    @property
    def is_lost(self) -> bool:
        """Whether the connection is of no more use; `lost` says why."""
        return self.lost is not None

    # -- what comes in

    def data_received(self, data: bytes) -> None:
        """Faults 1, 2, 3: a loop over whole responses."""
        self._put_off_timer()
        try:
            responses = self._reader.feed(data)
        except Garbled as error:
            self.give_up(f"the server sent {error}")
            return
        for index, response in enumerate(responses):
            if self.is_lost:
                return
            self._take(response, is_last=index + 1 == len(responses) and self._reader.is_between_responses)

    def connection_lost(self, exc: Exception | None) -> None:
        """Fault 4."""
        self._fail(f"the connection was lost: {exc or 'closed by the server'}")
        super().connection_lost(exc)

    def _take(self, response: list[bytes], is_last: bool) -> None:
        head = response[0]
        command = self._under_way
        if not self._greeting.done():
            self._greeting.set_result(response)
        elif head.startswith(b"* "):
            self._untagged(response, command)
        elif head.startswith(b"+"):
            self._continue(command)
        elif command is not None and head.startswith(command.tag.encode() + b" "):
            self._end(command, head, is_last)
        elif head:
            self.give_up(f"an answer that belongs to no command: {said(head)}")

    def _untagged(self, response: list[bytes], command: Command | None) -> None:
        head = response[0]
        if _NEWS.match(head):
            self.news.set()
        self._hear_alert(head)
        if head[:5].upper() == b"* BYE" and (command is None or command.name != "LOGOUT"):
            self.give_up(f"the server said goodbye: {said(head[5:].strip())}")
        elif command is not None and command.name != "IDLE":
            command.responses.append(response)
            command.weight += sum(map(len, response)) + 500
            if command.weight > HEAVIEST:
                self.give_up(f"{command.name}: the answer has no end")

    def _hear_alert(self, head: bytes) -> None:
        if b"[ALERT]" in head[:60].upper() and len(self.alerts) < 20:
            self.alerts.append(said(head))

    def _continue(self, command: Command | None) -> None:
        if command is None or self.transport is None:
            self.give_up("the server asks for something that nobody offered")
        elif command.name == "IDLE":
            self._continued.set()
        else:
            self.transport.write((command.answers.pop(0) if command.answers else b"") + b"\r\n")  # fault 7

    def _end(self, command: Command, head: bytes, is_last: bool) -> None:
        match = _TAGGED.match(head)
        if match is None:
            self.give_up(f"an answer that is none: {said(head)}")
            return
        if command.name == "STARTTLS" and self.transport is not None:
            if not is_last:  # whatever was slipped in before TLS must not be taken for its first words
                self.give_up("the server sent more in clear after STARTTLS")
                return
            self.transport.pause_reading()
        self._under_way = None
        command.text = match[2] or b""
        self._hear_alert(head)
        command.status = match[1].upper()
        command._event.set()
        self._continued.set()  # IDLE may be refused

    # -- failing

    def give_up(self, why: str) -> None:
        """End the connection now; whoever waits is told why."""
        self._fail(why)
        if self.transport is not None:
            self.transport.abort()

    def _fail(self, why: str) -> None:
        if self.lost is None:
            self.lost = ConnectionLost(why)
        if not self._greeting.done():
            self._greeting.set_exception(self.lost)
            self._greeting.exception()  # nobody may be waiting for it
        command, self._under_way = self._under_way, None
        if command is not None:
            command._exception = self.lost
            command._event.set()
        self._continued.set()
        self.news.set()

    def _put_off_timer(self) -> None:
        """Something came in: the time limit runs anew, within the overall one."""
        if self._timer is not None and not self._timer.expired():
            self._timer.reschedule(min(self._loop.time() + self.timeout, self._deadline))

    # -- commands

    async def greeting(self) -> None:
        """Wait for the server's first word. PREAUTH, which would skip STARTTLS and login, is not accepted."""
        async with asyncio.timeout(self.timeout):
            head = (await self._greeting)[0]
        if not head.upper().startswith(b"* OK"):
            self.give_up("unwelcome")
            raise ConnectionLost(f"the server did not greet with OK: {said(head)}")

    async def run(
        self, name: str, *arguments: str, prefix: str | None = None, answers: tuple[bytes, ...] = ()
    ) -> list[list[bytes]]:
        """Send a command and give its responses, the tagged OK as the last. Refused on NO and BAD; ConnectionLost on
        all else."""
        command = Command(name, self.new_tag(), *arguments, prefix=prefix)
        command.answers.extend(answers)
        await self.execute(command)
        if command.status != b"OK":
            raise Refused(f"{name}: {said(command.status + b' ' + command.text)}")
        return [*command.responses, [b"OK " + command.text]]

    async def execute(self, command: Command, scrub: str | None = None) -> None:
        """One command at a time (fault 6), each with an end (faults 4 and 5)."""
        async with self._turn:
            self._send(command)
            if command.name == "MOVE":
                point("K11")
            try:
                async with asyncio.timeout(self.timeout) as self._timer:
                    self._deadline = self._loop.time() + OVERALL * self.timeout
                    await command.wait()
            except TimeoutError:
                self.give_up(f"{command.name}: no answer within {self.timeout:g} s")
                raise ConnectionLost(str(self.lost)) from None
            except asyncio.CancelledError:
                self.give_up(f"{command.name} was given up")
                raise
            finally:
                self._timer = None

    def _send(self, command: Command) -> None:
        if self.lost is not None:
            raise ConnectionLost(str(self.lost))
        if self.transport is None:
            raise ConnectionLost("not connected")
        self._under_way = command
        self.transport.write(f"{command}\r\n".encode("ascii"))

    async def capability(self) -> None:
        """Ask anew what the server can do."""
        responses = await self.run("CAPABILITY")
        words = [r[0].upper().split() for r in responses]
        self.capabilities = {w.decode("ascii", "replace") for r in words if r[1:2] == [b"CAPABILITY"] for w in r[2:]}

    async def starttls(self, context: ssl.SSLContext, host: str) -> None:
        """Fault 8. Before the login; ConnectionLost where the server can't or its certificate is not trusted."""
        if "STARTTLS" not in self.capabilities:
            raise ConnectionLost("the server offers no STARTTLS, and nothing is sent in clear")
        await self.run("STARTTLS")
        assert self.transport is not None
        async with asyncio.timeout(self.timeout):
            self.transport = await self._loop.start_tls(self.transport, self, context, server_hostname=host)
        if self.transport is None:
            raise ConnectionLost("the connection was lost during STARTTLS")
        await self.capability()  # what was said in clear counts for nothing

    async def idle(self, seconds: float, wake: asyncio.Event) -> None:
        """IDLE (RFC 2177) until the server has news, `wake` is set or the time is up."""
        command = Command("IDLE", self.new_tag())
        async with self._turn:
            self._continued.clear()
            self._send(command)
            try:
                async with asyncio.timeout(self.timeout):
                    await self._continued.wait()
                await first_of(self.news, wake, command._event, seconds=seconds)
                if self.transport is not None and not command._event.is_set():
                    self.transport.write(b"DONE\r\n")
                async with asyncio.timeout(self.timeout):
                    await command.wait()
            except TimeoutError:
                self.give_up(f"IDLE: no answer within {self.timeout:g} s")
                raise ConnectionLost(str(self.lost)) from None
            except asyncio.CancelledError:
                self.give_up("IDLE was given up")
                raise
        if command.status != b"OK":
            raise Refused(f"IDLE: {said(command.status + b' ' + command.text)}")


async def first_of(*events: asyncio.Event, seconds: float | None = None) -> bool:
    """Wait until one of them is set (True) or the time is up (False)."""
    waiting = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        done, _ = await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        return bool(done)
    finally:
        for task in waiting:
            task.cancel()
