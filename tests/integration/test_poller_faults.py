"""Does the poller come back whatever happens, and lose nothing on the way?"""

import asyncio
from asyncio import StreamWriter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from inbound_in_memory import MemoryInbound, RecordingClock, becomes, by_subject, mail, polling
from mail_servers import Account, Dovecot
from spoilers import Proxy, ScriptedServer

from maild.clock import VirtualClock
from maild.ingest.ports import Fetched, State


async def test_a_lost_connection_is_made_anew(account: Account) -> None:
    inbound = MemoryInbound()
    clock = RecordingClock()
    async with (
        Proxy(account.port) as proxy,
        polling(account.settings(port=proxy.port), inbound, clock=clock) as poller,
    ):
        for number in range(3):
            await becomes(lambda: poller.status.state is State.IDLING)
            proxy.drop()
            await becomes(lambda wanted=number + 1: len(clock.slept) == wanted)  # type: ignore[misc]
            await account.append(mail(f"after {number}"))
            await inbound.until(lambda wanted=number + 1: len(inbound.kept) == wanted)  # type: ignore[misc]
        assert proxy.connections >= 4
    assert all(0.9 <= pause <= 1.1 for pause in clock.slept)  # a sweep in between: the pauses begin anew
    assert inbound.subjects == [b"after 0", b"after 1", b"after 2"]


async def test_a_refused_login_is_tried_again_ever_more_seldom(account: Account) -> None:
    clock = RecordingClock(enough=4)
    async with polling(account.settings(), MemoryInbound(), password="wrong", clock=clock) as poller:
        await asyncio.wait_for(clock.enough.wait(), 15)
        assert "LOGIN" in poller.status.last_error
    assert all(0.9 * p <= slept <= 1.1 * p for p, slept in zip([10, 20, 40, 80], clock.slept, strict=False))


async def test_the_pause_between_attempts_ends_at_five_minutes() -> None:
    clock = RecordingClock(enough=12)
    async with polling(Account(1, "user", "secret").settings(), MemoryInbound(), clock=clock):
        await asyncio.wait_for(clock.enough.wait(), 15)
    assert max(clock.slept) <= 330
    assert clock.slept[11] >= 270


async def test_a_folder_that_cannot_be_filled_holds_up_no_other(dovecot: Dovecot) -> None:
    inbound = MemoryInbound(by_subject)
    account = dovecot.account()
    await account.append(mail("one"), mail("held"))
    async with polling(account.settings(held="a//b"), inbound) as poller:
        await inbound.until(lambda: inbound.gone == {0})
        await becomes(lambda: "a//b" in poller.status.last_error)
    assert await account.mails() == [mail("held")]


async def test_a_store_that_fails_loses_nothing(account: Account) -> None:
    class Failing(MemoryInbound):
        failures = 2

        async def keep(self, batch: Sequence[Fetched]) -> Sequence[int]:
            if self.failures:
                self.failures -= 1
                raise OSError("the disk is full")
            return await super().keep(batch)

    inbound = Failing(by_subject)
    await account.append(mail("one"))
    async with polling(account.settings(), inbound, clock=RecordingClock()):
        await inbound.until(lambda: inbound.gone == {0})
    assert await account.mails("Processed") == [mail("one")]


async def test_a_mail_that_cannot_be_fetched_holds_up_no_other() -> None:
    """Whenever its turn comes the server breaks; the others come through, and it is left alone for an hour."""
    poison, healthy = 2, {1: mail("one"), 3: mail("three"), 4: mail("four")}

    def listed(tag: bytes, writer: StreamWriter) -> None:
        writer.write(b"* SEARCH 1 2 3 4\r\n" + tag + b" OK\r\n")

    def fetched(tag: bytes, writer: StreamWriter) -> None:
        asked = server.heard[-1]
        if b"RFC822.SIZE" in asked:
            lines = [b"* %d FETCH (UID %d RFC822.SIZE 99)\r\n" % (n, n) for n in range(1, 5)]
            writer.write(b"".join(lines) + tag + b" OK\r\n")
            return
        first, _, last = asked.split()[3].partition(b":")
        wanted = range(int(first), int(last or first) + 1)
        if poison in wanted:
            writer.write(b"* 2 FETCH (UID 2 BODY[] {99999999999}\r\n")
            return
        for uid in wanted:
            writer.write(b"* 1 FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (uid, len(healthy[uid]), healthy[uid]))
        writer.write(tag + b" OK\r\n")

    inbound = MemoryInbound()
    clock = VirtualClock(datetime(2026, 11, 23, tzinfo=UTC))
    async with (
        ScriptedServer({"SEARCH": listed, "FETCH": fetched}) as server,
        polling(server.settings(), inbound, clock=clock) as poller,
    ):
        await becomes(lambda: poller.status.unreadable == 1 and poller.status.state is State.IDLING)
    assert sorted(row.uid for row in inbound.kept) == [1, 3, 4]


async def test_under_a_new_uidvalidity_every_mail_is_kept_anew() -> None:
    """A UID means nothing without it (RFC 9051 2.3.1.1); what is the same is told by the content, elsewhere."""
    validity = 7

    def selected(tag: bytes, writer: StreamWriter) -> None:
        writer.write(b"* 1 EXISTS\r\n* OK [UIDVALIDITY %d] x\r\n" % validity + tag + b" OK\r\n")

    def fetched(tag: bytes, writer: StreamWriter) -> None:
        writer.write(b"* 1 FETCH (UID 5 RFC822.SIZE 3 BODY[] {3}\r\none)\r\n" + tag + b" OK\r\n")

    script: dict[str, Any] = {
        "SELECT": selected,
        "SEARCH": lambda tag, writer: writer.write(b"* SEARCH 5\r\n" + tag + b" OK\r\n"),
        "FETCH": fetched,
        "IDLE": lambda tag, writer: writer.write(b"* BYE the folder was rebuilt\r\n"),
    }
    inbound = MemoryInbound()
    async with ScriptedServer(script) as server, polling(server.settings(), inbound, clock=RecordingClock()):
        await inbound.until(lambda: len(inbound.kept) == 1)
        validity = 8
        await inbound.until(lambda: len(inbound.kept) == 2)
    assert [(row.uidvalidity, row.uid) for row in inbound.kept] == [(7, 5), (8, 5)]


async def test_a_mail_above_the_limit_stays_where_it_is_and_is_counted() -> None:
    answers: dict[str, Any] = {
        "SEARCH": lambda tag, writer: writer.write(b"* SEARCH 5\r\n" + tag + b" OK\r\n"),
        "FETCH": lambda tag, writer: writer.write(b"* 1 FETCH (UID 5 RFC822.SIZE 999999999)\r\n" + tag + b" OK\r\n"),
    }
    async with ScriptedServer(answers) as server, polling(server.settings(), MemoryInbound()) as poller:
        await becomes(lambda: poller.status.too_large == 1)
        assert not any(b"BODY" in line for line in server.heard)
