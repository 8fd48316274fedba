"""The sender when its own tasks end, or its own store has a bug: it goes on, and no mail is lost. The real store."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk_values import NOW, RING, settings, ticket
from integration.smtp_servers import Fault, ScriptedServer
from outbox_road import AMPLE, Hasty, OutboxRoad, key_of, line, outbox_road, owed

from maild.clock import VirtualClock
from maild.config.desk import open_desk
from maild.effects import NEVER_TWICE, OpenTicket
from maild.errors import BadInput, DiskFailed
from maild.outbox.settling import MOST_OF_OURS
from maild.outbox.worker import IN_HAND
from maild.plan.undelivered import undelivered
from maild.store import orders, queries
from maild.store.apply import apply
from maild.store.database import Database
from maild.store.deliveries import OutboxRows, Tell

DESK = open_desk(settings(), RING)


def tell(*lost: Any) -> Any:
    return undelivered(DESK, *lost)


def tasks_of(what: str) -> Iterator[asyncio.Task[Any]]:
    """The tasks that run a method of that qualified name."""
    return (task for task in asyncio.all_tasks() if getattr(task.get_coro(), "__qualname__", "") == what)


async def waits_for(what: str) -> asyncio.Task[Any]:
    async with asyncio.timeout(10):
        while (task := next(tasks_of(what), None)) is None:  # noqa: ASYNC110 -- tasks have no event for their begin
            await asyncio.sleep(0)
    return task


async def test_a_connections_task_that_is_cancelled_begins_again_and_no_mail_is_lost(tmp_path: Path) -> None:
    """Cancelled in DATA, and idle: the rows are recovered, what may have left is sent once more with the same bytes."""
    thinks, number = asyncio.Event(), 30
    async with ScriptedServer(dot=[thinks, "250 ok"]) as server, outbox_road(tmp_path, Hasty()) as road:
        await road.queue([owed(f"k{n}", f"c{n}@x.example") for n in range(number)])
        async with road.sending(line(server.port, AMPLE)) as sender:
            await server.hears("dot")
            (await waits_for("Worker.run")).cancel()
            await road.until(lambda counts: counts == {"sent": number})
            (await waits_for("Worker.run")).cancel()
            await road.queue([owed("late", "late@x.example")])
            sender.wake()
            await road.until(lambda counts: counts == {"sent": number + 1})
        copies = [key_of(mail) for mail in server.mails]
        assert set(copies) == {f"k{n}" for n in range(number)} | {"late"} and len(copies) <= number + 2


async def test_a_settling_task_that_is_cancelled_leaves_no_row_behind(tmp_path: Path) -> None:
    async with ScriptedServer() as server, outbox_road(tmp_path, Hasty()) as road:
        await road.queue([owed(f"k{n}", f"c{n}@x.example") for n in range(10)])
        async with road.sending(line(server.port, AMPLE)):
            (await waits_for("Settling.settle")).cancel()
            await road.until(lambda counts: counts == {"sent": 10})
        assert sorted(map(key_of, server.mails)) == sorted(f"k{n}" for n in range(10)), "each once"


class _Buggy(OutboxRows):
    """Can't settle one row."""

    def __init__(self, database: Database, tell: Tell | None, poison: int, error: BaseException) -> None:
        super().__init__(database, tell)
        self.poison, self.error, self.tries = poison, error, 0

    async def settle(self, id: int, **values: Any) -> None:
        if id == self.poison:
            self.tries += 1
            raise self.error
        await super().settle(id, **values)


async def test_a_row_that_a_bug_keeps_from_being_settled_holds_up_no_other(tmp_path: Path) -> None:
    """And blames none: the mail after it is not held. The row is recovered without a restart, like after a crash."""
    async with ScriptedServer() as server, outbox_road(tmp_path, Hasty()) as road:
        await road.queue([owed(f"k{n}", f"c{n}@x.example") for n in range(10)])
        road.rows = buggy = _Buggy(road.database, None, 3, ZeroDivisionError("a bug"))
        async with road.sending(line(server.port, AMPLE)):
            await road.until(lambda counts: counts == {"sent": 10})
        assert buggy.tries == 2 * MOST_OF_OURS
        assert server.mails.count(server.mails[2]) == 2, "in doubt: sent again, with the same bytes"
        assert [row.reason for row in await road.lines()] == ["", "", "unconfirmed"] + [""] * 7


async def test_a_recipient_about_whom_the_server_thinks_holds_up_one_connection(tmp_path: Path) -> None:
    """Many mails to it, of as many tickets: the others leave by the second connection meanwhile."""
    thinks, others = asyncio.Event(), 30
    async with ScriptedServer(rcpt=[thinks, "250 ok"]) as server, outbox_road(tmp_path, Hasty()) as road:
        await road.queue([owed(f"m{n}", "mute@x.example", number=n) for n in range(IN_HAND)])
        async with road.sending(line(server.port, AMPLE), line(server.port, AMPLE)) as sender:
            await server.hears("rcpt")
            await road.queue([owed(f"k{n}", f"c{n}@x.example", is_personal=True) for n in range(others)])
            sender.wake()
            await road.until(lambda counts: counts.get("sent") == others)
            assert server.commands.count("RCPT TO:<mute@x.example>") == 1
            thinks.set()
            await road.until(lambda counts: counts == {"sent": others + IN_HAND})


async def test_a_disk_that_has_lost_what_it_took_ends_the_sender(tmp_path: Path) -> None:
    async with ScriptedServer() as server, outbox_road(tmp_path, Hasty()) as road:
        await road.queue([owed(f"k{n}", f"c{n}@x.example") for n in range(10)])
        road.rows = _Buggy(road.database, None, 3, DiskFailed("gone"))
        with pytest.raises(DiskFailed):
            await asyncio.wait_for(road.sender(line(server.port, AMPLE)).run(asyncio.Event()), 10)


async def test_a_bug_after_data_has_begun_is_a_doubt_and_no_certainty(tmp_path: Path) -> None:
    """Bytes may have left: it is sent again once, like after a crash, and not said to be kept from leaving."""

    class Breaks:
        async def send(self, sender: str, recipient: str, data: bytes, *, before_data: Any) -> Any:
            await before_data()
            raise ZeroDivisionError("a bug")

        async def close(self) -> None: ...

    async with outbox_road(tmp_path, Hasty()) as road:
        await road.queue([owed("k")])
        async with road.sending(Breaks()):
            await road.until(lambda counts: counts == {"sent": 1})
        [row] = await road.lines()
        assert (row.reason, row.attempts) == ("unconfirmed", 2)


# -- what nobody confirmed


async def with_ticket(road: OutboxRoad, template: str) -> None:
    await road.database.write(lambda s: apply(s, [OpenTicket(ticket())], NOW))
    await road.queue([owed("a", number=1042, template=template)])


async def events(road: OutboxRoad) -> list[str]:
    story = await road.database.read(lambda s: queries.messages(s, 1042))
    return [entry.text for entry in story if entry.visibility == "event"]


async def test_of_a_mail_that_nobody_confirmed_twice_the_agent_is_told_once(tmp_path: Path) -> None:
    script: list[Any] = [Fault.CLOSE, Fault.CLOSE, "250 ok"]
    async with ScriptedServer(dot=script) as server, outbox_road(tmp_path, Hasty(), tell) as road:
        await with_ticket(road, "agent_reply")
        async with road.sending(line(server.port, AMPLE)):
            await road.until(lambda counts: counts == {"sent": 2})
        answer, notice = await road.lines()
        assert (answer.state, answer.reason) == ("sent", "unconfirmed")
        assert (notice.template, notice.recipient) == ("agent_notice", "lea@isybuy.example")
        [event] = await events(road)
        assert event.startswith("unconfirmed: alice@client-a.example: after DATA")
        # the operator knows better
        assert await road.order(orders.retry, number=1, now=NOW) == "sent"
        async with road.sending(line(server.port, AMPLE)):
            await road.until(lambda counts: counts == {"sent": 2})
        assert (await road.lines())[0].reason == "" and len(server.mails) == 4
        with pytest.raises(BadInput, match="mail 1 is sent"):
            await road.order(orders.retry, number=1, now=NOW)


@pytest.mark.parametrize("fails", [False, True])
async def test_a_second_kill_in_data_tells_the_agent_in_the_recovery_and_recovers_even_if_it_cannot(
    tmp_path: Path, fails: bool
) -> None:
    def telling(*lost: Any) -> Any:
        if fails:
            raise ZeroDivisionError("a bug in a template")
        return tell(*lost)

    async with outbox_road(tmp_path, VirtualClock(NOW), telling) as road:
        await with_ticket(road, "agent_reply")
        for _ in range(2):  # killed in DATA
            [mail] = await road.rows.claim(NOW, 1)
            assert await road.rows.in_data(mail.id, NOW)
            if not mail.was_uncertain:
                await road.rows.recover(NOW)
        if fails:
            with pytest.raises(ZeroDivisionError):
                await road.rows.recover(NOW)
            assert (await road.rows.counts()) == {"sending": 1}, "all or nothing"
        async with ScriptedServer() as server, road.sending(line(server.port, AMPLE)):
            await road.until(lambda counts: counts == {"sent": 2 - fails})
        answer, *notices = await road.lines()
        assert (answer.state, answer.reason) == ("sent", "unconfirmed")
        assert [notice.template for notice in notices] == ["agent_notice"] * (not fails)
        assert len(await events(road)) == 1 - fails


@pytest.mark.parametrize("template", sorted(NEVER_TWICE))
async def test_what_is_never_sent_twice_ends_unconfirmed_and_quiet(tmp_path: Path, template: str) -> None:
    async with ScriptedServer(dot=Fault.CLOSE) as server, outbox_road(tmp_path, Hasty(), tell) as road:
        await with_ticket(road, template)
        async with road.sending(line(server.port, AMPLE)):
            await road.until(lambda counts: counts == {"sent": 1})
        assert [row.reason for row in await road.lines()] == ["unconfirmed"] and await events(road) == []
    assert len(server.mails) == 1
