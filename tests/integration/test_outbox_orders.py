"""What an operator orders, and what a trial holds back: over the real store, while a sender runs."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from desk_values import NOW, RING, settings, ticket
from integration.smtp_servers import ScriptedServer
from outbox_road import AMPLE, Hasty, key_of, line, outbox_road, owed

from maild.clock import SystemClock, VirtualClock
from maild.config.desk import open_desk
from maild.effects import OpenTicket
from maild.errors import BadInput
from maild.judgement import Delivery
from maild.plan.undelivered import undelivered
from maild.settings import Smtp
from maild.store import orders
from maild.store.apply import apply
from maild.store.tables import Outbox
from maild.ticket import Ticket


async def test_nothing_leaves_while_the_brake_is_pulled_and_all_of_it_afterwards(tmp_path: Path) -> None:
    clock = SystemClock()
    async with ScriptedServer() as server, outbox_road(tmp_path, clock) as road:
        assert await road.order(orders.pause, now=clock.now())
        assert not await road.order(orders.pause, now=clock.now()), "it is pulled already"
        await road.queue([owed(f"k{n}", f"c{n}@x.example") for n in range(20)])
        async with road.sending(line(server.port)) as sender:
            sender.wake()
            await asyncio.sleep(0.1)
            assert server.mails == [] and (await road.rows.counts()) == {"queued": 20}
            assert await road.order(orders.resume)
            sender.wake()
            await road.until(lambda counts: counts == {"sent": 20})
    assert len(server.mails) == 20


async def test_the_brake_stops_what_was_claimed_and_has_not_begun(tmp_path: Path) -> None:
    """Ten rows are in hand while the server thinks about the first recipient: none of them leaves."""
    thinks = asyncio.Event()
    async with ScriptedServer(rcpt=[thinks, "250 ok"]) as server, outbox_road(tmp_path, SystemClock()) as road:
        await road.queue([owed(f"k{n}", f"c{n}@x.example") for n in range(20)])
        async with road.sending(line(server.port, AMPLE)):
            await server.hears("rcpt")
            await road.order(orders.pause, now=NOW)
            thinks.set()
            await road.until(lambda counts: counts == {"queued": 20})
            assert server.mails == []
    assert {row.attempts for row in await road_lines(tmp_path)} == {0}


async def road_lines(folder: Path) -> list[Outbox]:
    from sqlmodel import select

    async with outbox_road(folder) as road:
        return list(await road.database.read(lambda s: s.exec(select(Outbox)).all()))


async def test_a_mail_that_is_cancelled_in_hand_does_not_leave(tmp_path: Path) -> None:
    thinks = asyncio.Event()
    async with ScriptedServer(rcpt=[thinks, "250 ok"]) as server, outbox_road(tmp_path, SystemClock()) as road:
        await road.queue([owed("a", "a@x.example"), owed("b", "b@x.example")])
        async with road.sending(line(server.port, AMPLE)):
            await server.hears("rcpt")
            assert await road.order(orders.cancel, number=1, now=NOW) == "sending"
            thinks.set()
            await road.until(lambda counts: counts == {"cancelled": 1, "sent": 1})
    assert [key_of(mail) for mail in server.mails] == ["b"]


async def test_only_what_has_not_left_can_be_cancelled(tmp_path: Path) -> None:
    async with outbox_road(tmp_path) as road:
        await road.queue([owed(name, f"{name}@x.example") for name in "abcd"])
        [sent, in_data, _, _] = await road.rows.claim(NOW, 4)
        await road.rows.settle(sent.id, state="sent", reason="", detail="", next_at=None, now=NOW)
        assert await road.rows.in_data(in_data.id, NOW)
        for number, why in ((1, "was sent"), (2, "may have left")):
            with pytest.raises(BadInput, match=why):
                await road.order(orders.cancel, number=number, now=NOW)
        assert await road.order(orders.cancel, number=3, now=NOW) == "sending"
        with pytest.raises(BadInput, match="is cancelled"):
            await road.order(orders.cancel, number=3, now=NOW)
        with pytest.raises(BadInput, match="there is no mail 9"):
            await road.order(orders.cancel, number=9, now=NOW)
        await road.rows.settle(3, state="sent", reason="", detail="", next_at=None, now=NOW)
        assert [line.state for line in await road.lines()] == ["sent", "sending", "cancelled", "sending"]


async def test_another_try_has_the_same_bytes_and_its_whole_time_again(tmp_path: Path) -> None:
    """A reminder that expired while the server was away leaves when somebody says so."""
    clock = VirtualClock(NOW)
    async with ScriptedServer() as server, outbox_road(tmp_path, clock) as road:
        mail = owed("reminder", template="relance")
        await road.queue([mail])
        clock.set(NOW + timedelta(hours=25))
        await road.sender(line(server.port)).drain()
        [row] = await road.lines()
        assert (row.state, row.reason) == ("refused", "expired") and server.mails == []
        assert await road.order(orders.retry, number=1, now=clock.now()) == "refused"
        await road.sender(line(server.port)).drain()
        assert (await road.rows.counts()) == {"sent": 1}
        with pytest.raises(BadInput, match="mail 1 is sent"):
            await road.order(orders.retry, number=1, now=clock.now())
    assert server.mails == [mail.data.replace(b"\r\n", b"\n")]


async def test_an_uncertain_mail_that_is_retried_is_sent_as_if_it_had_not_been(tmp_path: Path) -> None:
    async with ScriptedServer() as server, outbox_road(tmp_path) as road:
        await road.queue([owed("r", template="relance")])
        [mail] = await road.rows.claim(NOW, 1)
        await road.rows.settle(mail.id, state="uncertain", reason="x", detail="", next_at=None, now=NOW)
        assert await road.order(orders.retry, number=1, now=NOW) == "uncertain"
        await road.sender(line(server.port)).drain()
        assert (await road.rows.counts()) == {"sent": 1} and len(server.mails) == 1


async def test_on_trial_only_the_named_receivers_get_mail(tmp_path: Path) -> None:
    trial = Smtp(host="x", send_only_to=("Lea@desk.example", "essai.example", ".sous.example"))
    to = ["lea@desk.example", "marc@desk.example", "a@essai.example", "a@b.essai.example", "a@b.sous.example"]
    async with ScriptedServer() as server, outbox_road(tmp_path) as road:
        await road.queue([owed(f"k{n}", address) for n, address in enumerate(to)])
        await road.sender(line(server.port), may_send_to=trial.may_send_to).drain()
        assert [(row.state, row.reason, row.attempts) for row in await road.lines()] == [
            ("sent", "", 1),
            ("held", "not-in-send-only-to", 0),
            ("sent", "", 1),
            ("held", "not-in-send-only-to", 0),
            ("sent", "", 1),
        ]
        assert await road.order(orders.retry_held, reason="not-in-send-only-to", now=NOW) == 2
        await road.sender(line(server.port)).drain()
        assert (await road.rows.counts()) == {"sent": 5}
    assert sorted(map(key_of, server.mails)) == [f"k{n}" for n in range(5)]


async def test_a_refusal_is_settled_and_told_in_one_transaction_or_at_least_settled(tmp_path: Path) -> None:
    """The agent's notice stands in the outbox with the settled row; where it can't be written the row is settled."""
    desk = open_desk(settings(), RING)
    fails = False

    def tell(ticket: Ticket, delivery: Delivery, reason: str, said: str, now: object) -> object:
        if fails:
            raise ZeroDivisionError("a bug in a template")
        return undelivered(desk, ticket, delivery, reason, said, NOW)

    replies = ["550 5.1.1 no such user", "250 ok", "550 5.1.1 no such user"]
    async with ScriptedServer(rcpt=replies) as server, outbox_road(tmp_path, Hasty(), tell) as road:  # type: ignore[arg-type]
        await road.database.write(lambda s: apply(s, [OpenTicket(ticket())], NOW))
        await road.queue([owed("a", number=1042)])
        await road.sender(line(server.port)).drain()
        rows = await road.lines()
        assert [(r.template, r.state, r.recipient) for r in rows] == [
            ("agent_reply", "refused", "alice@client-a.example"),
            ("agent_notice", "sent", "lea@isybuy.example"),
        ]
        assert rows[0].detail == "550 5.1.1 no such user" and "maild outbox show 1" in server.mails[0].decode()
        fails = True
        await road.queue([owed("b", number=1042)])
        await road.sender(line(server.port)).drain()
        assert [(r.template, r.state) for r in (await road.lines())[2:]] == [("agent_reply", "refused")]
