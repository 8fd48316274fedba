"""A 5xx that may be meant for one mail or for all: whom it fails, and when. The real store, real connections."""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from desk_values import NOW, RING, settings, ticket
from integration.smtp_servers import Fault, ScriptedServer, strict_sink
from outbox_road import AMPLE, Hasty, becomes, key_of, line, outbox_road, owed
from sqlalchemy import update

from maild.clock import VirtualClock
from maild.config.desk import open_desk
from maild.effects import OpenTicket
from maild.errors import Temporary
from maild.outbox.doubt import MOST_AT_ONCE, MOST_IN_A_ROW
from maild.plan.undelivered import undelivered
from maild.store.apply import apply
from maild.store.tables import Outbox

NO = "554 5.7.1 rejected"


@pytest.mark.parametrize("at", ["rcpt", "data", "dot"])
async def test_a_mail_refused_just_before_the_server_takes_mail_again_is_no_failure(tmp_path: Path, at: str) -> None:
    yes = {"data": "354 go"}.get(at, "250 ok")
    async with ScriptedServer(**{at: [NO, yes]}) as server, outbox_road(tmp_path, Hasty()) as road:
        await road.queue([owed("first", "a@x.example"), owed("second", "b@x.example")])
        async with road.sending(line(server.port, AMPLE)):
            await road.until(lambda counts: counts == {"sent": 2})
        assert [(row.attempts, row.reason) for row in await road.lines()] == [(2, ""), (1, "")]


@pytest.mark.parametrize("others", [0, 3])
async def test_a_mail_refused_twice_while_others_are_taken_has_failed_within_minutes(
    tmp_path: Path, others: int
) -> None:
    """And its agent hears of it; the same where there is no other mail at all."""
    desk, clock = open_desk(settings(), RING), VirtualClock(NOW)
    async with strict_sink() as sink, outbox_road(tmp_path, clock, lambda *lost: undelivered(desk, *lost)) as road:
        sink.refuse = lambda address: NO if address.startswith("alice") else None
        await road.database.write(lambda s: apply(s, [OpenTicket(ticket())], NOW))
        await road.queue([owed("answer", number=1042), *(owed(f"k{n}", f"c{n}@x.example") for n in range(others))])
        sender = road.sender(line(sink.port, AMPLE))
        await sender.drain()
        [answer, *rest] = await road.lines()
        assert (answer.state, answer.reason, answer.detail) == ("queued", "refused-once", NO)
        assert [row.state for row in rest] == ["sent"] * others
        clock.set(answer.next_at)
        await sender.drain()
        [answer, *rest] = await road.lines()
        assert (answer.state, answer.reason, answer.detail) == ("refused", "refused", NO)
        assert clock.now() - NOW <= timedelta(minutes=3)
        assert [(row.template, row.state) for row in rest[others:]] == [("agent_notice", "sent")]


async def test_the_first_refusal_is_remembered_over_a_kill(tmp_path: Path) -> None:
    clock = VirtualClock(NOW)
    async with ScriptedServer(rcpt=NO) as server:
        async with outbox_road(tmp_path, clock) as road:
            await road.queue([owed("k")])
            await road.sender(line(server.port, AMPLE)).drain()
            clock.set((await road.lines())[0].next_at)
            assert [mail.was_refused for mail in await road.rows.claim(clock.now(), 1)] == [True]
        async with outbox_road(tmp_path, clock) as road:  # killed with the row in hand
            await road.rows.recover(clock.now())
            await road.sender(line(server.port, AMPLE)).drain()
            assert (await road.rows.counts()) == {"refused": 1}


async def test_a_second_refusal_is_not_believed_while_the_server_refuses_all(tmp_path: Path) -> None:
    """One is marked from before; then an outage: whatever it says of that one counts for nothing."""
    clock, number = VirtualClock(NOW), MOST_IN_A_ROW
    async with ScriptedServer(rcpt=NO) as server, outbox_road(tmp_path, clock) as road:
        await road.queue([owed("marked", "a@x.example")])
        sender = road.sender(line(server.port, AMPLE))
        await sender.drain()
        await road.queue([owed(f"k{n}", f"c{n}@x.example") for n in range(number)])
        clock.set((await road.lines())[0].next_at)
        async with road.sending(line(server.port, AMPLE)) as sender:
            await road.until(lambda c: sender.status.failing_since is not None and c == {"queued": number + 1})
            await becomes(lambda: server.commands.count("RCPT TO:<a@x.example>") == 2)
        marked, *rows = await road.lines()
        assert (marked.state, marked.reason, marked.attempts) == ("queued", "refused-once", 1), "the mark stays"
        assert {row.state for row in rows} == {"queued"} and {row.attempts for row in rows} == {0}
        assert {row.reason for row in rows} <= {"server-refuses-all", "stopped"}
        assert len({row.next_at for row in rows}) == len(rows), "each is tried again by itself"


class Orderly(Hasty):
    """A hasty clock on which time passes only while both connections rest, and who wakes first is awake first."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[datetime] = []

    async def sleep(self, seconds: float) -> None:
        end = self.now() + timedelta(seconds=seconds)
        self.ends.append(end)
        try:
            await asyncio.sleep(0)
            while len(self.ends) < 2 or min(self.ends) < end:  # noqa: ASYNC110 -- the others have no event
                await asyncio.sleep(0)
            self.time = max(self.time, end)
        finally:
            self.ends.remove(end)


@dataclass
class Lived:
    """What became of dead addresses: how many were still tried, and how often the server was asked."""

    took: timedelta
    ends: Counter[tuple[str, str]]
    notices: int
    asked: list[datetime]


async def lives(
    tmp_path: Path,
    dead: int,
    *,
    has_tickets: bool,
    at_most: timedelta,
    alive_each: int = 0,
    age: timedelta = timedelta(0),
) -> Lived:
    """Dead addresses, and the admin's alert once the server seems to refuse all; two connections, for so long.

    `alive_each`: after so many of them comes a mail that is taken. `age`: how long they have waited already.
    """
    desk, clock, asked = open_desk(settings(), RING), Orderly(), list[datetime]()

    def answers(address: str) -> str | None:
        asked.extend([clock.now()] * address.startswith("dead"))
        return NO if address.startswith("dead") else None

    async with strict_sink() as sink, outbox_road(tmp_path, clock, lambda *lost: undelivered(desk, *lost)) as road:
        sink.refuse = answers
        if has_tickets:
            await road.database.write(
                lambda s: apply(s, [OpenTicket(replace(ticket(), number=n)) for n in range(dead)], NOW)
            )
        mails = []
        for n in range(dead):
            mails.append(owed(f"k{n}", f"dead{n}@x{n}.example", number=n if has_tickets else None))
            if alive_each and n % alive_each == 0:
                mails.append(owed(f"alive{n}", f"alive{n}@x.example"))
        await road.queue(mails)
        await road.order(lambda session: session.connection().execute(update(Outbox).values(owed_from=NOW - age)))
        async with road.sending(line(sink.port, AMPLE), line(sink.port, AMPLE)) as sender:
            if not alive_each:
                await becomes(lambda: bool(sender.status.concerns))
                await road.queue([owed("admin", "admin@desk.example", template="admin_alert")])

            def is_over(counts: dict[str, int]) -> bool:
                return set(counts) == {"sent", "refused"} or clock.now() - NOW > at_most

            await road.until(is_over)
        rows = await road.lines()
        ends = Counter((row.state, row.reason) for row in rows if row.recipient.startswith("dead"))
        return Lived(clock.now() - NOW, ends, sum(row.template == "agent_notice" for row in rows), asked)


@pytest.mark.parametrize("dead", [6, 9, 12])
async def test_dead_addresses_in_a_row_are_told_from_a_server_that_refuses_all(tmp_path: Path, dead: int) -> None:
    """The admin's alert is taken; from then on each is judged alone, and the notice to its agent is taken too."""
    lived = await lives(tmp_path, dead, has_tickets=True, at_most=timedelta(hours=6))
    assert lived.ends == {("refused", "refused"): dead} and lived.notices == dead
    assert lived.took < timedelta(hours=2)


@pytest.mark.parametrize("dead", [6, 9, 12])
async def test_dead_addresses_and_nothing_else_to_send_end_when_they_expire(tmp_path: Path, dead: int) -> None:
    lived = await lives(tmp_path, dead, has_tickets=False, at_most=timedelta(days=1), age=timedelta(days=4, hours=12))
    assert lived.ends["refused", "expired"] > 0 and sum(lived.ends.values()) == dead
    assert timedelta(hours=12) <= lived.took < timedelta(hours=14)
    hours = Counter((at - NOW) // timedelta(hours=1) for at in lived.asked)
    assert max(n for hour, n in hours.items() if hour > 0) <= 2 * 12, "one attempt each five minutes and connection"


async def test_dead_addresses_among_live_ones_end_within_minutes(tmp_path: Path) -> None:
    """They come back together, two minutes later: what was refused alone already speaks against no server."""
    lived = await lives(tmp_path, 8, has_tickets=False, at_most=timedelta(hours=6), alive_each=1)
    assert lived.ends == {("refused", "refused"): 8}
    assert lived.took < timedelta(minutes=10)


async def test_a_server_that_refuses_all_for_a_day_fails_no_mail(tmp_path: Path) -> None:
    """O06, on two connections; and all have left two hours after its end."""
    number, clock, ends_at = 300, Orderly(), NOW + timedelta(days=1)
    async with strict_sink() as sink, outbox_road(tmp_path, clock) as road:
        sink.refuse = lambda _: NO if clock.now() < ends_at else None
        await road.queue([owed(f"k{n}", f"c{n}@x{n}.example", number=n) for n in range(number)])
        async with road.sending(line(sink.port, AMPLE), line(sink.port, AMPLE)):
            await road.until(lambda counts: "refused" in counts or counts == {"sent": number})
        assert (await road.rows.counts()) == {"sent": number} and len(sink.mails) == number
        assert clock.now() - ends_at < timedelta(hours=2)


async def test_where_one_of_two_servers_refuses_all_no_mail_fails(tmp_path: Path) -> None:
    """Behind one name: what one server takes does not prove that the other one's refusals were meant."""
    number = 60
    async with (
        ScriptedServer(rcpt=NO) as bad,
        ScriptedServer() as good,
        outbox_road(tmp_path, Hasty()) as road,
    ):
        await road.queue([owed(f"k{n}", f"c{n}@x.example") for n in range(number)])
        async with road.sending(line(bad.port, AMPLE), line(good.port, AMPLE)):
            await road.until(lambda counts: "refused" in counts or counts == {"sent": number})
        assert (await road.rows.counts()) == {"sent": number} and bad.mails == []
    assert sorted(map(key_of, good.mails)) == sorted(f"k{n}" for n in range(number))


async def test_many_mails_to_one_dead_address_speak_against_it_and_not_against_the_server(tmp_path: Path) -> None:
    number = MOST_AT_ONCE + 10
    async with strict_sink() as sink, outbox_road(tmp_path, Hasty()) as road:
        sink.refuse = lambda address: NO if address.startswith("dead") else None
        await road.queue([owed(f"k{n}", "dead@x.example", number=n) for n in range(number)])
        await road.queue([owed("other", "alive@x.example")])
        async with road.sending(line(sink.port, AMPLE)) as sender:
            await road.until(lambda counts: counts == {"sent": 1, "refused": number})
            assert sender.status.concerns == ()


async def test_five_dead_addresses_in_a_row_hold_up_nobody_and_their_mails_end(tmp_path: Path) -> None:
    """They look like a server that refuses all, until it takes another mail; then each is tried by itself."""
    desk, clock = open_desk(settings(), RING), Hasty()
    async with strict_sink() as sink, outbox_road(tmp_path, clock, lambda *lost: undelivered(desk, *lost)) as road:
        sink.refuse = lambda address: NO if address.startswith("dead") else None
        await road.database.write(lambda s: apply(s, [OpenTicket(ticket())], NOW))
        await road.queue([owed(f"k{n}", f"dead{n}@x.example", number=1042) for n in range(MOST_IN_A_ROW)])
        await road.queue([owed("other", "alive@x.example")])
        async with road.sending(line(sink.port, AMPLE)):
            await road.until(lambda counts: counts == {"refused": MOST_IN_A_ROW, "sent": 1 + MOST_IN_A_ROW})
        rows = await road.lines()
        assert [row.template for row in rows[MOST_IN_A_ROW + 1 :]] == ["agent_notice"] * MOST_IN_A_ROW


async def test_a_stop_leaves_no_row_in_doubt(tmp_path: Path) -> None:
    """Refused, and nothing known yet: the row waits again, and nothing is held against it."""
    thinks = asyncio.Event()
    async with ScriptedServer(rcpt=[NO, thinks]) as server, outbox_road(tmp_path) as road:
        await road.queue([owed("a", "a@x.example"), owed("b", "b@x.example")])
        async with road.sending(line(server.port, AMPLE)):
            await becomes(lambda: server.verbs().count("RCPT") == 2)
        assert [(row.state, row.reason) for row in await road.lines()] == [
            ("queued", "refused-unclear"),
            ("queued", "stopped"),
        ]


async def test_a_refusal_before_the_server_went_away_counts_for_nothing(tmp_path: Path) -> None:
    """O06: else it would be taken for the first of two, and one more at the end of an outage would fail the mail."""
    rcpt: list[str | Fault] = [NO, Fault.CLOSE, "250 ok", "250 ok", NO, "250 ok"]
    async with (
        ScriptedServer(greet=["220 ready", "421 later", "220 ready"], rcpt=rcpt) as server,
        outbox_road(tmp_path, Hasty()) as road,
    ):
        await road.queue([owed(name, f"{name}@x.example") for name in "abc"])
        async with road.sending(line(server.port, AMPLE)):
            await road.until(lambda counts: counts.get("sent") == 3 or "refused" in counts)
        assert await road.rows.counts() == {"sent": 3}
    heard = [command for command in server.commands if command.startswith("RCPT")]
    assert heard[0] == heard[4] == heard[5] == "RCPT TO:<a@x.example>", "the same mail was refused before and after"


async def test_a_mail_whose_time_is_over_ends_when_the_server_goes_away(tmp_path: Path) -> None:
    clock = VirtualClock(NOW)
    async with (
        ScriptedServer(greet=["220 ready", "421 later"], rcpt=[NO, Fault.CLOSE]) as server,
        outbox_road(tmp_path, clock) as road,
    ):
        await road.queue([owed(name, f"{name}@x.example") for name in "abc"])
        await road.order(
            lambda session: session.connection().execute(update(Outbox).values(owed_from=NOW - timedelta(days=5)))
        )
        with suppress(Temporary):
            await road.sender(line(server.port, AMPLE)).drain()
        first = (await road.lines())[0]
        assert (first.state, first.reason, first.detail) == ("refused", "expired", NO)
