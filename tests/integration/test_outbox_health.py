"""What the sender says of itself, and what of it the admin has to know: over the real store and real connections."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from desk_values import NOW
from integration.smtp_servers import Fault, ScriptedServer, strict_sink
from outbox_road import AMPLE, line, outbox_road, owed

from maild.clock import VirtualClock
from maild.concern import Concern
from maild.outbox.health import CALM_AFTER, DOWN_AFTER, Health, State
from maild.outbox.sender import Sender
from maild.store import orders


def state(sender: Sender) -> State:
    return sender.status.state


def concerns(sender: Sender) -> tuple[Concern, ...]:
    return sender.status.concerns


async def test_it_is_idle_then_sends_then_is_idle(tmp_path: Path) -> None:
    thinks = asyncio.Event()
    async with ScriptedServer(rcpt=[thinks, "250 ok"]) as server, outbox_road(tmp_path) as road:
        sender = road.sender(line(server.port, AMPLE))
        assert state(sender) is State.IDLE
        await road.queue([owed("a")])
        task = asyncio.create_task(sender.drain())
        await server.hears("rcpt")
        assert state(sender) is State.SENDING
        thinks.set()
        await task
        assert state(sender) is State.IDLE and concerns(sender) == ()


async def test_it_is_paused_while_the_brake_is_pulled(tmp_path: Path) -> None:
    async with strict_sink() as sink, outbox_road(tmp_path) as road:
        sender = road.sender(line(sink.port, AMPLE))
        await road.queue([owed("a")])
        await road.order(orders.pause, now=NOW)
        await sender.drain()
        assert state(sender) is State.PAUSED and sink.mails == []
        await road.order(orders.resume)
        await sender.drain()
        assert state(sender) is State.IDLE and len(sink.mails) == 1


CONFIGURATION: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {"tls": "starttls"}, "no STARTTLS is offered: nothing is sent in clear"),
    ({}, {"user": "desk", "password": {"env": "X"}}, "538 no way to log in"),
    ({"mail": "550 5.7.1 sender rejected"}, {}, "MAIL: 550 5.7.1 sender rejected"),
    ({"rcpt": "554 5.7.1 Relay access denied"}, {}, "RCPT: 554 5.7.1 Relay access denied"),
]


@pytest.mark.parametrize(("script", "smtp", "said"), CONFIGURATION)
async def test_what_time_will_not_mend_is_told_at_once(
    tmp_path: Path, script: dict[str, Any], smtp: dict[str, Any], said: str
) -> None:
    async with ScriptedServer(**script) as server, outbox_road(tmp_path) as road:
        await road.queue([owed("a")])
        async with road.sending(line(server.port, AMPLE, **smtp)) as sender:
            await road.until(lambda _: sender.status.failing_since is not None)
            status = sender.status
    assert (status.state, status.is_configuration, status.failing_since) == (State.FAILING, True, NOW)
    [concern] = status.concerns
    assert concern.notice == "smtp-configuration"
    assert concern.details == (status.last_error,) and status.last_error.startswith(said)


@pytest.mark.parametrize("script", [{"greet": "421 busy"}, {"ehlo": Fault.CLOSE}, {"rcpt": Fault.CLOSE}])
async def test_a_server_that_is_away_is_told_after_a_quarter_of_an_hour(tmp_path: Path, script: Any) -> None:
    clock = VirtualClock(NOW)
    async with ScriptedServer(**script) as server, outbox_road(tmp_path, clock) as road:
        await road.queue([owed("a")])
        async with road.sending(line(server.port, AMPLE)) as sender:
            await road.until(lambda _: state(sender) is State.FAILING)
            assert concerns(sender) == () and not sender.status.is_configuration
            clock.set(NOW + DOWN_AFTER)
            [concern] = concerns(sender)
    assert concern == Concern("smtp-down", "smtp-down", (sender.status.last_error,)) and concern.details[0]


async def test_a_server_that_refuses_all_is_told_at_once_and_its_end_too(tmp_path: Path) -> None:
    clock = VirtualClock(NOW)
    async with ScriptedServer(rcpt=["554 no"] * 5 + ["250 ok"]) as server, outbox_road(tmp_path, clock) as road:
        await road.queue([owed(f"k{n}", f"c{n}@x.example") for n in range(5)])
        async with road.sending(line(server.port, AMPLE)) as sender:
            await road.until(lambda _: state(sender) is State.FAILING)
            assert concerns(sender) == (Concern("smtp-refuses-all", "smtp-refuses-all", ("554 no",)),)
            clock.set(NOW + timedelta(hours=1))
            sender.wake()
            await road.until(lambda counts: counts == {"sent": 5})
            assert state(sender) is not State.FAILING and concerns(sender) == ()


class Still:
    """A clock on which nobody's rest ends by itself."""

    def now(self) -> datetime:
        return NOW

    async def sleep(self, seconds: float) -> None:
        await asyncio.Event().wait()


async def test_an_operators_order_ends_the_rest_and_a_new_mail_does_not(tmp_path: Path) -> None:
    async with ScriptedServer(greet=["421 busy", "220 ready"]) as server, outbox_road(tmp_path, Still()) as road:
        await road.queue([owed("a")])
        async with road.sending(line(server.port, AMPLE)) as sender:
            await road.until(lambda _: state(sender) is State.FAILING)
            sender.wake()
            await road.until(lambda counts: counts == {"queued": 1})
            await asyncio.sleep(0.1)
            assert await road.rows.counts() == {"queued": 1}
            sender.try_now()
            await road.until(lambda counts: counts == {"sent": 1})


async def test_a_mail_that_waits_for_its_receivers_server_is_no_concern(tmp_path: Path) -> None:
    """Greylisting, a full mailbox, an unknown receiver: the server answers as it should."""
    clock = VirtualClock(NOW)
    replies = ["450 greylisted", "550 5.1.1 no such user"]
    async with ScriptedServer(rcpt=replies) as server, outbox_road(tmp_path, clock) as road:
        await road.queue([owed("a", "a@x.example"), owed("b", "b@x.example")])
        sender = road.sender(line(server.port, AMPLE))
        await sender.drain()
        clock.set(NOW + DOWN_AFTER)
        assert state(sender) is State.IDLE and concerns(sender) == ()


def test_one_refused_sender_among_mails_that_leave_is_one_concern_and_ends_when_it_is_not_met_any_more() -> None:
    clock = VirtualClock(NOW)
    health = Health(clock)
    for minute in range(0, 21, 5):
        clock.set(NOW + timedelta(minutes=minute))
        health.fails("MAIL: 550 not ours", is_configuration=True)
        health.works()
        assert [c.details for c in health.status.concerns] == [("MAIL: 550 not ours",)]
        assert health.status.state is State.IDLE and health.status.failing_since is None
    clock.set(clock.now() + CALM_AFTER)
    health.nothing_waits()
    assert health.status.concerns == () and not health.status.is_configuration
