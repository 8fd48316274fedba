"""Does the connection stay in step with a server that misbehaves? The numbers are those of ingest/imap_protocol.py.

Each test of a numbered fault hangs, fails or gives wrong mails on aioimaplib 2.0.3 alone.
"""

import asyncio
from asyncio import StreamWriter

import pytest
from spoilers import Answer, ScriptedServer

from maild.errors import Temporary
from maild.ingest.imap_protocol import ConnectionLost, Refused
from maild.ingest.mailbox import LoginRefused, Mailbox
from maild.ingest.wire import Garbled


async def connected(server: ScriptedServer, timeout: float = 5, **settings: object) -> Mailbox:
    box = await Mailbox.connect("support", server.settings(**settings), "secret", timeout=timeout)
    await box.select("INBOX")
    return box


def says(text: bytes, *, then_close: bool = False) -> Answer:
    """Write this; `TAG` stands for the command's tag."""

    def answer(tag: bytes, writer: StreamWriter) -> None:
        writer.write(text.replace(b"TAG", tag))
        if then_close:
            writer.close()

    return answer


def body(uid: int, raw: bytes) -> bytes:
    return b"* 1 FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (uid, len(raw), raw)


async def test_fault_1_many_short_lines_in_one_read() -> None:
    """One recursion a line: RecursionError above about 985 of them."""
    lines = b"".join(b"* %d FETCH (UID %d RFC822.SIZE 10)\r\n" % (n, n) for n in range(1, 1201))
    async with ScriptedServer({"FETCH": says(lines + b"TAG OK done\r\n")}) as server:
        box = await connected(server)
        assert len(await box.sizes(range(1, 1201))) == 1200
        box.abort()


async def test_fault_3_brackets_in_a_subject_continue_nothing() -> None:
    """Brackets that do not balance glue the next lines to theirs, and `* ` is cut out of texts."""
    smile = b'* 1 FETCH (UID 1 ENVELOPE (NIL "a :-( * b \\" {3}" NIL))\r\n'
    async with ScriptedServer({"FETCH": says(smile + body(1, b"one") + body(2, b"* 2") + b"TAG OK x\r\n")}) as server:
        box = await connected(server)
        assert await box.fetch([1, 2]) == {1: b"one", 2: b"* 2"}
        box.abort()


@pytest.mark.parametrize("command", ["FETCH", "MOVE", "SEARCH", "IDLE", "SELECT", "NOOP"])
async def test_fault_4_a_connection_that_closes_ends_the_command_at_once(command: str) -> None:
    """FETCH ends after its whole time limit; MOVE and IDLE wait for ever."""
    async with ScriptedServer({command: says(b"", then_close=True)}) as server:
        with pytest.raises(ConnectionLost):
            async with asyncio.timeout(3):
                await everything(await connected(server, timeout=30))


async def everything(box: Mailbox) -> None:
    try:
        await box.uids()
        await box.fetch([1])
        await box.move([1], "Processed")
        await box.idle(60)
    finally:
        box.abort()


async def test_fault_4_a_connection_that_closes_while_idling() -> None:
    """Unnoticed until the IDLE is over."""
    async with ScriptedServer({"IDLE": says(b"+ idling\r\n", then_close=True)}) as server:
        box = await connected(server, timeout=30)
        with pytest.raises(ConnectionLost):
            await asyncio.wait_for(box.idle(600), 3)


async def test_a_connection_cut_within_a_mail_gives_no_part_of_it() -> None:
    cut = body(1, b"whole") + b"* 2 FETCH (UID 2 BODY[] {5000}\r\nabc"
    async with ScriptedServer({"FETCH": says(cut, then_close=True)}) as server:
        box = await connected(server)
        with pytest.raises(ConnectionLost):
            await box.fetch([1, 2])


@pytest.mark.parametrize("command", ["FETCH", "MOVE", "SEARCH", "IDLE"])
async def test_fault_4_silence_ends_after_the_time_limit(command: str) -> None:
    """No time limit on UID MOVE, STORE, COPY, EXPUNGE."""
    async with ScriptedServer({command: says(b"")}) as server:
        with pytest.raises(ConnectionLost, match="no answer within"):
            async with asyncio.timeout(5):
                await everything(await connected(server, timeout=0.2))


async def test_a_mail_that_comes_slowly_is_not_given_up() -> None:
    """The time limit is on silence: the whole takes longer than it."""

    async def trickle(tag: bytes, writer: StreamWriter) -> None:
        for piece in [b"* 1 FETCH (UID 1 BODY[] {8}\r\n", *[b"x"] * 8, b")\r\n" + tag + b" OK\r\n"]:
            writer.write(piece)
            await asyncio.sleep(0.1)

    async with ScriptedServer({"FETCH": trickle}) as server:
        box = await connected(server, timeout=0.5)
        assert await box.fetch([1]) == {1: b"xxxxxxxx"}
        box.abort()


async def test_fault_5_a_cancelled_command_ends_the_connection_and_nothing_waits_for_it() -> None:
    """It stays pending, and the next one of its kind waits for ever."""
    async with ScriptedServer({"FETCH": says(b"")}) as server:
        box = await connected(server, timeout=30)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(box.fetch([1]), 0.1)
        with pytest.raises(ConnectionLost, match="given up"):
            await asyncio.wait_for(box.fetch([1]), 3)


async def test_fault_6_commands_given_at_once_are_sent_one_after_the_other() -> None:
    """Three of one kind: `unexpected tagged response`, and the others wait until they time out."""
    async with ScriptedServer({"FETCH": says(body(1, b"one") + b"TAG OK x\r\n")}) as server:
        box = await connected(server)
        assert await asyncio.gather(*[box.fetch([1]) for _ in range(5)]) == [{1: b"one"}] * 5
        box.abort()


async def test_fault_7_a_refused_authentication_says_no() -> None:
    """The error challenge is never answered, so the NO never comes."""

    class Challenging(ScriptedServer):
        async def _serve(self, reader: asyncio.StreamReader, writer: StreamWriter) -> None:
            writer.write(b"* OK hello\r\n")
            writer.write(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n" + (await reader.readline()).split()[0] + b" OK\r\n")
            tag = (await reader.readline()).split()[0]
            for _ in range(2):
                writer.write(b"+ eyJzdGF0dXMiOiI0MDAifQ==\r\n")
                self.heard.append(await reader.readline())
            writer.write(tag + b" NO [AUTHENTICATIONFAILED] no\r\n")

    async with Challenging({}) as server:
        with pytest.raises(LoginRefused):
            await Mailbox.connect("support", server.settings(), "clé", timeout=5)
        assert server.heard[1] == b"\r\n"


async def test_fault_8_no_starttls_no_login() -> None:
    async with ScriptedServer({}) as server:
        with pytest.raises(Temporary, match="offers no STARTTLS"):
            await Mailbox.connect("support", server.settings(tls="starttls"), "secret", timeout=5)
        assert not any(b"secret" in line for line in server.heard)


async def test_fault_8_words_slipped_in_before_tls_end_the_connection() -> None:
    injected = says(b"TAG OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n")
    async with ScriptedServer({"STARTTLS": injected}, "IMAP4rev1 STARTTLS") as server:
        with pytest.raises(Temporary, match="in clear after STARTTLS"):
            await Mailbox.connect("support", server.settings(tls="starttls"), "secret", timeout=5)
        assert not any(b"secret" in line for line in server.heard)


async def test_a_server_that_forbids_login_is_not_told_the_password() -> None:
    async with ScriptedServer({}, "IMAP4rev1 LOGINDISABLED") as server:
        with pytest.raises(LoginRefused, match="LOGINDISABLED"):
            await Mailbox.connect("support", server.settings(), "secret", timeout=5)
        assert not any(b"secret" in line for line in server.heard)


async def test_a_server_that_is_unavailable_has_not_refused_the_password() -> None:
    async with ScriptedServer({"LOGIN": says(b"TAG NO [UNAVAILABLE] later\r\n")}) as server:
        with pytest.raises(Refused):
            await Mailbox.connect("support", server.settings(), "secret", timeout=5)


@pytest.mark.parametrize(
    "garbage",
    [
        b"* 1 FETCH (UID 1 BODY[] {1099511627776}\r\n",
        b"* 1 FETCH (UID 1 BODY[] {" + b"9" * 5000 + b"}\r\n",
        b"* 1 FETCH (UID 1 BODY[\r\nTAG OK x\r\n",
        b"* 1 FETCH (UID)\r\nTAG OK x\r\n",
        b"X1 OK done\r\n",
        b"TAG HELLO\r\n",
        b"+ and now?\r\n+ and now?\r\nNONE OK\r\n",
        b"* BYE see you\r\n",
    ],
    ids=["2^40 octets", "5,000 digits", "torn", "no value", "another's tag", "no status", "continue", "bye"],
)
async def test_garbage_ends_the_connection_at_once(garbage: bytes) -> None:
    async with ScriptedServer({"FETCH": says(garbage)}) as server:
        box = await connected(server, timeout=30)
        with pytest.raises((ConnectionLost, Garbled)):
            await asyncio.wait_for(box.fetch([1]), 3)


async def test_a_line_without_end_ends_the_connection() -> None:
    async def flood(tag: bytes, writer: StreamWriter) -> None:
        for _ in range(200):
            writer.write(b"x" * 65536)
            await writer.drain()

    async with ScriptedServer({"FETCH": flood}) as server:
        box = await connected(server, timeout=30)
        with pytest.raises(ConnectionLost, match="a line of more than"):
            await asyncio.wait_for(box.fetch([1]), 5)


async def test_what_was_not_asked_for_is_left_out() -> None:
    said = (
        b"* 2 FETCH (FLAGS (\\Seen) UID 2)\r\n" + body(7, b"another's") + b"* 5 EXPUNGE\r\n* 9 EXISTS\r\n"
        b"* 1 FETCH (FLAGS (\\Seen $x) BODY[] {3}\r\none UID 1)\r\n* 3 FETCH (UID 3 BODY[] NIL)\r\n"
        b'* 4 FETCH (UID 4 BODY[] "short \\"one\\"")\r\n* OK ends like {4}\r\nTAG OK too {4}\r\n'
    )
    async with ScriptedServer({"FETCH": says(said)}) as server:
        box = await connected(server)
        assert await box.fetch([1, 2, 3, 4]) == {1: b"one", 4: b'short "one"'}
        box.abort()


async def test_a_fetch_that_ends_with_no_gives_nothing() -> None:
    async with ScriptedServer({"FETCH": says(body(1, b"one") + b"TAG NO can't\r\n")}) as server:
        box = await connected(server)
        with pytest.raises(Refused):
            await box.fetch([1])
        box.abort()


async def test_idle_that_is_refused_becomes_polling() -> None:
    refusing = {"IDLE": says(b"TAG NO not today\r\n"), "NOOP": says(b"* 2 EXISTS\r\nTAG OK\r\n")}
    async with ScriptedServer(refusing) as server:
        box = await connected(server, timeout=30)
        assert await asyncio.wait_for(box.idle(0.1), 5) is True
        box.abort()


async def test_a_server_that_only_says_goodbye_is_temporary() -> None:
    class Closed(ScriptedServer):
        async def _serve(self, reader: asyncio.StreamReader, writer: StreamWriter) -> None:
            writer.write(b"* BYE too busy\r\n")
            writer.close()

    async with Closed({}) as server:
        with pytest.raises(Temporary, match="too busy"):
            await Mailbox.connect("support", server.settings(), "secret", timeout=5)
