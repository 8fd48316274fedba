"""The queue goes out: order, retries, doubt, pauses, stops. Real connections; the rows are a dict."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from integration.smtp_servers import HOST, Fault, ScriptedServer, strict_sink

from maild.clock import Clock, SystemClock
from maild.errors import Temporary
from maild.outbox.outcome import Outcome, Sent
from maild.outbox.ports import Line
from maild.outbox.sender import Sender
from maild.outbox.smtp import Timeouts, Transport
from maild.settings import Secret, Smtp

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SHORT = Timeouts(greeting=0.3, mail=0.3, rcpt=0.3, data=0.3, block=0.1, dot=0.2, quit=0.3)


@dataclass(frozen=True)
class Mail:
    """What the sender is given of a row."""

    id: int
    template: str
    sender: str
    recipient: str
    data: bytes
    attempts: int = 0
    queued_at: datetime = START
    was_uncertain: bool = False
    was_refused: bool = False


@dataclass(frozen=True)
class Row:
    """A row of the outbox, as far as the sender can see."""

    mail: Mail
    ticket: int
    next_at: datetime
    state: str = "queued"
    reason: str = ""
    detail: str = ""
    is_in_data: bool = False


class Rows:
    """The other side of the sender's protocol. `fails[method]`: how often that call fails first."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at  # when rows are queued
        self.rows: dict[int, Row] = {}
        self.history: list[tuple[int, str, str]] = []
        self.fails: dict[str, int] = {}
        self.looks = 0  # how often nothing was found to claim
        self.changed = asyncio.Condition()

    def add(self, recipient: str = "alice@c.example", template: str = "agent_reply", **more: Any) -> int:
        id = len(self.rows) + 1
        data = f"Subject: {id}\r\nMessage-ID: <{id}@desk.example>\r\n\r\nBonjour.\r\n".encode()
        mail = Mail(id, template, "support@desk.example", recipient, data, queued_at=self.at)
        self.rows[id] = Row(mail, more.pop("ticket", id), self.at, **more)
        return id

    def seen(self, id: int) -> tuple[str, str, int]:
        """State, reason, attempts."""
        row = self.rows[id]
        return row.state, row.reason, row.mail.attempts

    async def until(self, *states: str, id: int | None = None) -> None:
        """Wait until every row (or that one) is in one of these states, at most ten seconds."""
        chosen = [id] if id else list(self.rows)
        await self.when(lambda: all(self.rows[i].state in states for i in chosen))

    async def when(self, predicate: Callable[[], bool]) -> None:
        """Wait until that holds, looked at after each call of the sender's; at most ten seconds."""
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(predicate)

    async def _set(self, row: Row) -> None:
        self.rows[row.mail.id] = row
        self.history.append((row.mail.id, row.state, row.reason))
        async with self.changed:
            self.changed.notify_all()

    async def _may_fail(self, method: str) -> None:
        await asyncio.sleep(0)
        if self.fails.get(method, 0):
            self.fails[method] -= 1
            async with self.changed:
                self.changed.notify_all()
            raise Temporary(f"{method}: the disk is full")

    async def recover(self, now: datetime, *, tells: bool = True) -> None:
        await self._may_fail("recover")
        for row in [r for r in self.rows.values() if r.state == "sending"]:
            state = "uncertain" if row.is_in_data else "queued"
            await self._set(replace(row, state=state, next_at=now, is_in_data=False))

    async def claim(self, now: datetime, limit: int) -> Sequence[Mail]:
        await self._may_fail("claim")
        claimed: list[Mail] = []
        pairs: set[tuple[int, str]] = set()
        for row in [r for r in self.rows.values() if r.state in ("queued", "sending", "uncertain")]:
            pair = row.ticket, row.mail.recipient
            if pair not in pairs and row.state != "sending" and row.next_at <= now and len(claimed) < limit:
                doubt = row.mail.was_uncertain or row.state == "uncertain"
                mail = replace(
                    row.mail,
                    attempts=row.mail.attempts + 1,
                    was_uncertain=doubt,
                    was_refused=row.reason == "refused-once",
                )
                await self._set(replace(row, mail=mail, state="sending"))
                claimed.append(mail)
            pairs.add(pair)
        return claimed

    async def in_data(self, id: int, now: datetime) -> bool:
        await self._may_fail("in_data")
        await self._set(replace(self.rows[id], is_in_data=True))
        return True

    async def put_back(self, ids: Sequence[int], now: datetime) -> None:
        for row in [self.rows[id] for id in ids]:
            state = "uncertain" if row.mail.was_uncertain else "queued"
            await self._set(replace(row, mail=replace(row.mail, attempts=row.mail.attempts - 1), state=state))

    async def settle(
        self,
        id: int,
        *,
        state: str,
        reason: str,
        detail: str,
        next_at: datetime | None,
        now: datetime,
        count_attempt: bool = True,
        tells: bool = True,
    ) -> None:
        await self._may_fail("settle")
        row = self.rows[id]
        assert row.state == "sending"
        mail = replace(row.mail, attempts=row.mail.attempts - (not count_attempt))
        at = next_at or row.next_at
        await self._set(
            replace(row, mail=mail, state=state, reason=reason, detail=detail, next_at=at, is_in_data=False)
        )

    async def next_due(self, now: datetime) -> datetime | None:
        await self._may_fail("next_due")
        self.looks += 1
        async with self.changed:
            self.changed.notify_all()
        return min((r.next_at for r in self.rows.values() if r.state in ("queued", "uncertain")), default=None)

    async def is_paused(self) -> bool:
        return False


class FastClock:
    """Whoever sleeps has slept at once, and the time has passed."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.time += timedelta(seconds=seconds)


class Log:
    """Keeps what was logged."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str, dict[str, Any]]] = []

    def info(self, event: str, **values: Any) -> None:
        self.lines.append(("info", event, values))

    def warning(self, event: str, **values: Any) -> None:
        self.lines.append(("warning", event, values))

    def error(self, event: str, **values: Any) -> None:
        self.lines.append(("error", event, values))

    def events(self, level: str) -> list[str]:
        return [event for at, event, _ in self.lines if at == level]


def line(port: int, **more: Any) -> Transport:
    return Transport(Smtp(host=HOST, port=port, tls="none", **more), lambda: "wrong", "desk.example", SHORT)


@asynccontextmanager
async def sending(
    rows: Rows,
    *lines: Line,
    clock: Clock | None = None,
    log: Log | None = None,
    drain_for: float = 5,
    jitter: Callable[[float], float] = float,
) -> AsyncIterator[tuple[Sender, asyncio.Event, asyncio.Task[None]]]:
    """A running sender; stopped at the end, and whatever it raised is raised here."""
    sender = Sender(rows, lines, clock=clock or FastClock(), jitter=jitter, log=log or Log(), drain_for=drain_for)
    stop = asyncio.Event()
    task = asyncio.create_task(sender.run(stop))
    try:
        yield sender, stop, task
    finally:
        stop.set()
        if not task.cancelled():
            await asyncio.wait_for(task, 10)


# -- the usual day


async def test_each_queued_mail_leaves_once_over_connections_that_stay_open() -> None:
    rows = Rows()
    for n in range(60):
        rows.add(f"c{n}@client.example")
    async with strict_sink() as sink, sending(rows, line(sink.port), line(sink.port)):
        await rows.until("sent")
    assert sink.connections == 2
    assert sorted(mail for _, _, mail in sink.mails) == sorted(row.mail.data for row in rows.rows.values())
    assert {rows.seen(id) for id in rows.rows} == {("sent", "", 1)}


async def test_a_queued_mail_leaves_when_the_sender_is_woken_and_not_at_the_next_look() -> None:
    rows = Rows(SystemClock().now())
    async with strict_sink() as sink, sending(rows, line(sink.port), clock=SystemClock()) as (sender, *_):
        for n in range(3):
            await rows.when(lambda n=n: rows.looks > n)  # type: ignore[misc]
            rows.add()
            sender.wake()
            await rows.until("sent")  # gives up after ten seconds; the next look would be after sixty
        await asyncio.sleep(0.05)
        assert rows.looks == 4, "it rests again after each"
    assert len(sink.mails) == 3


async def test_the_order_of_a_ticket_and_recipient_is_kept_whatever_is_deferred() -> None:
    rows = Rows()
    for n in range(40):
        rows.add(f"c{n % 4}@client.example", ticket=n % 2)
    replies = [["450 later", "250 ok"][n % 3 > 0] for n in range(200)]
    async with ScriptedServer(rcpt=replies) as server, sending(rows, *(line(server.port) for _ in range(3))):
        await rows.until("sent")
    order = [int(mail.split(b"\n")[0].removeprefix(b"Subject: ")) for mail in server.mails]
    assert sorted(order) == list(rows.rows)
    for recipient in {row.mail.recipient for row in rows.rows.values()}:
        ids = [id for id in order if rows.rows[id].mail.recipient == recipient]
        assert ids == sorted(ids)
    assert any(attempts > 1 for _, _, attempts in map(rows.seen, rows.rows))


# -- later, never, perhaps


async def test_a_greylisted_mail_is_tried_again_until_it_is_taken() -> None:
    rows, clock = Rows(), FastClock()
    id = rows.add()
    async with (
        ScriptedServer(rcpt=["450 4.2.0 greylisted"] * 3 + ["250 ok"]) as server,
        sending(rows, line(server.port), clock=clock),
    ):
        await rows.until("sent")
    assert rows.seen(id) == ("sent", "", 4) and len(server.mails) == 1
    assert clock.now() - START >= timedelta(minutes=1 + 2 + 5)


async def test_after_five_days_of_later_a_mail_has_expired() -> None:
    rows, clock = Rows(), FastClock()
    id = rows.add()
    async with ScriptedServer(rcpt="450 4.2.2 full") as server, sending(rows, line(server.port), clock=clock):
        await rows.until("refused")
    assert rows.seen(id)[:2] == ("refused", "expired") and rows.rows[id].detail == "450 4.2.2 full"
    assert timedelta(days=5) <= clock.now() - START < timedelta(days=5, hours=3)


async def test_a_refused_recipient_ends_that_delivery_alone() -> None:
    rows = Rows()
    ids = [rows.add(f"{name}@client.example", ticket=1) for name in ("alice", "nobody", "bob")]
    async with strict_sink() as sink:
        sink.refuse = lambda address: "550 5.1.1 no such user" if address.startswith("nobody") else None
        async with sending(rows, line(sink.port)):
            await rows.until("sent", "refused")
    assert [rows.seen(id)[:2] for id in ids] == [("sent", ""), ("refused", "refused"), ("sent", "")]
    assert rows.rows[ids[1]].detail == "550 5.1.1 no such user"


async def test_a_mail_without_a_last_reply_is_sent_again_once_with_the_same_bytes() -> None:
    rows, clock = Rows(), FastClock()
    id = rows.add()
    async with ScriptedServer(dot=[Fault.CLOSE, "250 ok"]) as server, sending(rows, line(server.port), clock=clock):
        await rows.until("sent")
    assert rows.seen(id) == ("sent", "", 2) and clock.now() - START >= timedelta(seconds=120)
    assert len(server.mails) == 2 and server.mails[0] == server.mails[1]
    assert (id, "uncertain", "no-reply-after-data") in rows.history


@pytest.mark.parametrize(("template", "copies"), [("agent_reply", 2), ("relance", 1), ("held_digest", 1)])
async def test_doubt_that_stays_ends_as_sent_without_confirmation(template: str, copies: int) -> None:
    rows = Rows()
    id = rows.add(template=template)
    async with ScriptedServer(dot=Fault.CLOSE) as server, sending(rows, line(server.port)):
        await rows.until("sent")
    assert rows.seen(id)[:2] == ("sent", "unconfirmed") and len(server.mails) == copies


async def test_what_a_crash_left_half_done_is_taken_up_again() -> None:
    rows = Rows()
    before = rows.add("a@c.example", state="sending")
    within = rows.add("b@c.example", state="sending", is_in_data=True)
    relance = rows.add("c@c.example", template="relance", state="sending", is_in_data=True)
    async with strict_sink() as sink, sending(rows, line(sink.port)):
        await rows.until("sent")
    assert [rows.seen(id)[1] for id in (before, within, relance)] == ["", "", "unconfirmed"]
    assert [to for _, to, _ in sink.mails] == [["a@c.example"], ["b@c.example"]]


# -- the transport


async def test_a_server_that_is_away_costs_the_mail_no_attempt_and_the_pauses_grow() -> None:
    rows, log = Rows(), Log()
    id = rows.add()
    async with (
        ScriptedServer(greet=["421 busy", Fault.CLOSE, "421 busy", "220 hello"]) as server,
        sending(rows, line(server.port), log=log),
    ):
        await rows.until("sent")
    assert rows.seen(id) == ("sent", "", 1)
    assert [values["seconds"] for _, event, values in log.lines if event == "outbox-pauses"] == [1, 2, 4]


async def test_a_new_mail_does_not_shorten_a_pause() -> None:
    rows, log = Rows(SystemClock().now()), Log()
    rows.add()
    async with (
        ScriptedServer(greet="421 busy") as server,
        sending(rows, line(server.port), clock=SystemClock(), log=log, jitter=lambda x: 1000 * x) as (sender, *_),
    ):
        await rows.when(lambda: rows.rows[1].reason == "transport-down")
        for _ in range(50):
            sender.wake()
            await asyncio.sleep(0.002)
        assert log.events("warning") == ["outbox-pauses"] and server.connections == 1


async def test_a_wrong_password_keeps_every_mail_queued_and_cries_for_somebody() -> None:
    rows, log = Rows(), Log()
    ids = [rows.add(f"c{n}@client.example") for n in range(5)]
    more = {"user": "desk", "password": Secret(env="X")}
    async with strict_sink() as sink, sending(rows, line(sink.port, **more), log=log):
        await rows.when(lambda: len(sink.logins) >= 5)
    assert {rows.seen(id)[0::2] for id in ids} == {("queued", 0)} and sink.mails == []
    assert "smtp-configuration" in log.events("error")


async def test_relaying_denied_for_one_recipient_holds_up_nobody_else() -> None:
    rows = Rows()
    poison = rows.add("far@elsewhere.example")
    others = [rows.add(f"c{n}@client.example") for n in range(5)]
    async with strict_sink() as sink:
        sink.refuse = lambda a: "554 5.7.1 Relay access denied" if a.startswith("far") else None
        async with sending(rows, line(sink.port)):
            await asyncio.gather(*(rows.until("sent", id=id) for id in others))
            assert rows.rows[poison].state in ("queued", "sending")
    assert len(sink.mails) == 5


async def test_a_dead_connection_leaves_its_mails_to_the_other_one() -> None:
    rows = Rows(SystemClock().now())
    for n in range(10):
        rows.add(f"c{n}@client.example")
    async with (
        ScriptedServer(greet="421 busy") as dead,
        strict_sink() as sink,
        sending(rows, line(dead.port), line(sink.port), clock=SystemClock()),
    ):
        await rows.until("sent")
    assert len(sink.mails) == 10 and {rows.seen(id)[2] for id in rows.rows} == {1}


async def test_a_mail_put_back_by_a_dead_connection_is_taken_by_an_idle_one_at_once() -> None:
    rows = Rows(SystemClock().now())
    rows.add()
    async with (
        ScriptedServer(greet="421 busy") as dead,
        strict_sink() as sink,
        sending(rows, line(dead.port), line(sink.port), clock=SystemClock(), jitter=lambda x: 1000 * x),
    ):
        await rows.until("sent")
    assert dead.connections == 1 and len(sink.mails) == 1


# -- the end


async def test_a_stop_finishes_what_is_in_data_and_claims_nothing_more() -> None:
    rows, gate = Rows(), asyncio.Event()
    first, second = rows.add("a@c.example"), rows.add("b@c.example")
    async with ScriptedServer(dot=gate) as server:
        patient = Transport(Smtp(host=HOST, port=server.port, tls="none"), lambda: None, "desk.example", Timeouts())
        async with sending(rows, patient) as (_, stop, task):
            await server.hears("dot")
            stop.set()
            done, _ = await asyncio.wait({task}, timeout=0.05)
            assert not done
            gate.set()
            await task
    assert rows.seen(first) == ("sent", "", 1) and rows.seen(second) == ("queued", "", 0)
    assert "QUIT" in server.verbs()


async def test_a_stop_does_not_wait_for_a_mail_that_is_surely_not_sent() -> None:
    rows = Rows()
    id = rows.add()
    async with ScriptedServer(rcpt=Fault.SILENT) as server:
        patient = Transport(Smtp(host=HOST, port=server.port, tls="none"), lambda: None, "desk.example", Timeouts())
        async with sending(rows, patient, drain_for=1000) as (_, stop, task):
            await server.hears("rcpt")
            stop.set()
            await asyncio.wait_for(task, 5)
    assert rows.seen(id) == ("queued", "stopped", 0) and server.mails == []


async def test_a_stop_leaves_a_mute_server_in_the_end_and_the_mail_in_doubt() -> None:
    rows = Rows()
    id = rows.add()
    async with ScriptedServer(dot=Fault.SILENT) as server:
        patient = Transport(Smtp(host=HOST, port=server.port, tls="none"), lambda: None, "desk.example", Timeouts())
        async with sending(rows, patient, drain_for=0.05) as (_, stop, task):
            await server.hears("dot")
            stop.set()
            await asyncio.wait_for(task, 5)
    assert rows.seen(id) == ("uncertain", "no-reply-after-data", 1)


async def test_a_cancelled_sender_leaves_the_row_as_a_crash_would() -> None:
    rows = Rows()
    id = rows.add()
    async with ScriptedServer(dot=Fault.SILENT) as server:
        patient = Transport(Smtp(host=HOST, port=server.port, tls="none"), lambda: None, "desk.example", Timeouts())
        async with sending(rows, patient) as (_, _, task):
            await server.hears("dot")
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
    assert rows.rows[id].state == "sending" and rows.rows[id].is_in_data


# -- the store's trouble, and ours


@pytest.mark.parametrize("method", ["recover", "claim", "in_data", "settle", "next_due"])
async def test_a_store_that_is_away_for_a_while_loses_and_repeats_nothing(method: str) -> None:
    rows = Rows()
    rows.fails[method] = 3
    ids = [rows.add(f"c{n}@client.example") for n in range(3)]
    async with strict_sink() as sink, sending(rows, line(sink.port)):
        await rows.until("sent")
        await rows.when(lambda: rows.fails[method] == 0)
    assert [to for _, to, _ in sink.mails] == [[f"c{n}@client.example"] for n in range(3)]
    assert [rows.seen(id) for id in ids] == [("sent", "", 1)] * 3


async def test_a_bug_of_ours_holds_that_mail_and_the_next_one_goes_on() -> None:
    class Buggy:
        """A transport that can't bear one recipient."""

        async def send(
            self, sender: str, recipient: str, data: bytes, *, before_data: Callable[[], Awaitable[None]]
        ) -> Outcome:
            if recipient.startswith("bob"):
                raise ZeroDivisionError("a bug")
            await before_data()
            return Sent("ok")

        async def close(self) -> None: ...

    rows, log = Rows(), Log()
    bob, alice = rows.add("bob@c.example"), rows.add("alice@c.example")
    async with sending(rows, Buggy(), log=log):
        await rows.until("sent", "held")
    assert rows.seen(bob)[:2] == ("held", "our-fault") and rows.seen(alice)[0] == "sent"
    assert log.events("error") == ["our-fault"]


async def test_no_address_and_no_word_of_a_mail_is_logged() -> None:
    rows, log = Rows(), Log()
    rows.add("alice.durand@client.example")
    async with ScriptedServer(dot=[Fault.CLOSE, "250 ok"]) as server, sending(rows, line(server.port), log=log):
        await rows.until("sent")
    assert log.lines and "alice.durand" not in repr(log.lines) and "Bonjour" not in repr(log.lines)
