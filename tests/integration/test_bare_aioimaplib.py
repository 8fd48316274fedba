"""Is our subclass of aioimaplib still needed? Each of its nine faults, shown on the bare library over a real socket.

Where one of these fails the library was mended, and what answers it in ingest/imap_protocol.py may go. That ours does
not have them is shown in test_imap_faults.py under the same numbers, for faults 2 and 9 here. Of fault 9 we use nothing
but the capabilities after the login: no XOAUTH2 yet, and no IMAP4_SSL.
"""

import asyncio
import logging
from asyncio import StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aioimaplib import aioimaplib
from faults.figures import shown
from integration.test_imap_faults import body, connected, says
from mail_servers import HOST
from spoilers import Answer, ScriptedServer

TIME_LIMIT = 0.2  # seconds that the library is given for a command
FOR_EVER = 1.0  # five times as long
ENDLESS = (TimeoutError, asyncio.TimeoutError, aioimaplib.CommandTimeout)


@asynccontextmanager
async def bare(server: ScriptedServer, *, is_selected: bool = True) -> AsyncIterator[Any]:
    """The library as it comes."""
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)  # it lets them escape from its callbacks
    client: Any = aioimaplib.IMAP4(HOST, server.port, timeout=TIME_LIMIT)
    await client.wait_hello_from_server()
    await client.login("user", "secret")
    if is_selected:
        await client.select("INBOX")
    try:
        yield client
    finally:
        client.protocol.transport.abort()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            if "aioimaplib" in repr(task.get_coro()):
                task.cancel()


def found(number: int) -> None:
    """That fault is there."""
    shown("aioimaplib", str(number), faults_of_the_bare_library=1)


async def test_fault_1_many_short_lines_end_the_connection_and_the_command_waits_for_ever() -> None:
    lines = b"".join(b"* %d FETCH (UID %d RFC822.SIZE 10)\r\n" % (n, n) for n in range(1, 1201))
    async with ScriptedServer({"FETCH": says(lines + b"TAG OK done\r\n")}) as server, bare(server) as client:
        with pytest.raises(TimeoutError):  # its own time limit is gone too
            await asyncio.wait_for(client.uid("fetch", "1:1200", "(RFC822.SIZE)"), FOR_EVER)
    found(1)


async def test_fault_2_the_text_of_mails_is_written_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async with ScriptedServer({"FETCH": says(body(1, b"canary") + b"TAG OK x\r\n")}) as server:
        caplog.set_level(logging.DEBUG, "aioimaplib")
        box = await connected(server)
        await box.fetch([1])
        box.abort()
        assert "canary" not in caplog.text, "ours"
        async with bare(server) as client:
            await client.uid("fetch", "1", "(BODY.PEEK[])")
        assert "canary" in caplog.text
    found(2)


async def test_fault_3_a_bracket_in_a_subject_swallows_the_next_mails() -> None:
    smile = b'* 1 FETCH (UID 1 ENVELOPE (NIL "a :-( * b" NIL))\r\n'
    said = smile + body(1, b"one") + body(2, b"two") + b"TAG OK x\r\n"
    async with ScriptedServer({"FETCH": says(said)}) as server, bare(server) as client:
        try:
            answer = await asyncio.wait_for(client.uid("fetch", "1:2", "(BODY.PEEK[] ENVELOPE)"), FOR_EVER)
        except ENDLESS:
            lines: list[bytes] = []
        else:
            lines = [bytes(line) for line in answer.lines]
        assert lines[1:2] != [b"1 FETCH (UID 1 BODY[] {3}"], "each response a line, each literal one after it"
    found(3)


async def test_fault_4_a_connection_that_closes_ends_no_command() -> None:
    closed = says(b"", then_close=True)
    async with ScriptedServer({"MOVE": closed, "FETCH": closed, "IDLE": closed}) as server:
        async with bare(server) as client:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(client.uid("move", "1", "Processed"), FOR_EVER)
        async with bare(server) as client:
            with pytest.raises(aioimaplib.CommandTimeout):  # not that the connection is lost
                await client.uid("fetch", "1", "(BODY.PEEK[])")
    found(4)


async def test_fault_5_after_a_cancelled_command_the_next_one_of_its_kind_fails() -> None:
    answers = iter([says(b""), says(b"* 1 EXISTS\r\nTAG OK x\r\n")])

    def selected(tag: bytes, writer: StreamWriter) -> None:
        next(answers)(tag, writer)

    async with ScriptedServer({"SELECT": selected}) as server, bare(server, is_selected=False) as client:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.select("INBOX"), TIME_LIMIT / 4)
        with pytest.raises((*ENDLESS, aioimaplib.Abort)):
            await asyncio.wait_for(client.select("INBOX"), FOR_EVER)
    found(5)


async def test_fault_6_three_commands_of_one_kind_at_once_break_each_other() -> None:
    async with (
        ScriptedServer({"FETCH": says(body(1, b"one") + b"TAG OK x\r\n")}) as server,
        bare(server) as client,
    ):
        asked = [client.uid("fetch", "1", "(BODY.PEEK[])") for _ in range(3)]
        ends = await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), 3 * FOR_EVER)
        assert any(isinstance(end, BaseException) for end in ends)
    found(6)


async def test_fault_7_a_refused_authentication_is_never_ended() -> None:
    tags: list[bytes] = []

    def challenge(tag: bytes, writer: StreamWriter) -> None:
        tags.append(tag)
        writer.write(b"+ eyJzdGF0dXMiOiI0MDAifQ==\r\n")

    def refused(_: bytes, writer: StreamWriter) -> None:
        writer.write(tags[-1] + b" NO [AUTHENTICATIONFAILED] no\r\n")

    async with ScriptedServer({"AUTHENTICATE": challenge, "": refused}) as server:
        client = aioimaplib.IMAP4(HOST, server.port, timeout=TIME_LIMIT)
        await client.wait_hello_from_server()
        with pytest.raises(ENDLESS):
            await asyncio.wait_for(client.xoauth2("user", "token"), FOR_EVER)
        client.protocol.transport.abort()
        assert b"" not in server.heard, "the challenge was left without an answer"
    found(7)


def test_fault_8_there_is_no_starttls() -> None:
    assert not any(
        "starttls" in name.lower()
        for thing in (aioimaplib.IMAP4, aioimaplib.IMAP4ClientProtocol)
        for name in dir(thing)
    )
    found(8)


async def test_fault_9_what_the_server_can_do_after_the_login_is_not_asked_for() -> None:
    """Ours asks, and so finds MOVE and IDLE. A token given as bytes, as the signature says, is spoiled too."""
    has_logged_in = False

    def capability(tag: bytes, writer: StreamWriter) -> None:
        writer.write(b"* CAPABILITY IMAP4rev1" + b" IDLE MOVE" * has_logged_in + b"\r\n" + tag + b" OK x\r\n")

    def login(tag: bytes, writer: StreamWriter) -> None:
        nonlocal has_logged_in
        has_logged_in = True
        writer.write(tag + b" OK x\r\n")

    script: dict[str, Answer] = {"CAPABILITY": capability, "LOGIN": login, "AUTHENTICATE": login}
    async with ScriptedServer(script) as server:
        client = aioimaplib.IMAP4(HOST, server.port, timeout=TIME_LIMIT)
        await client.wait_hello_from_server()
        await client.xoauth2("user", "token")
        assert not client.has_capability("MOVE")
        client.protocol.transport.abort()
        has_logged_in = False
        box = await connected(server)
        await box.move([1], "Processed")
        assert any(b"UID MOVE" in line for line in server.heard)
        box.abort()
    found(9)
