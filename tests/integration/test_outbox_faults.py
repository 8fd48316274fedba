"""The outbox under faults, by the numbers of the catalogue of faults (O01-O17), over the real store and real sockets.

The first number of `scaled` is the whole, at scale 1. O09 and O11 need PostgreSQL; O16 is pure and stands in
unit/test_one_mail_one_receiver.py, O12 in test_broken_templates.py.
"""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from desk_values import NOW, RING, settings, ticket
from faults.figures import scaled, shown
from integration.smtp_servers import HOST, Fault, ScriptedServer, StrictSink, self_signed, strict_sink
from outbox_road import AMPLE, SHORT, Hasty, becomes, key_of, line, outbox_road, owed

from maild.clock import SystemClock
from maild.config.desk import open_desk
from maild.effects import OpenTicket, QueueMail
from maild.errors import Temporary
from maild.outbox.worker import IN_HAND
from maild.plan.undelivered import undelivered
from maild.store import queries
from maild.store.apply import apply
from maild.store.database import Database
from maild.store.deliveries import OutboxRows

LINES = 3  # connections


def mails(number: int, **more: Any) -> list[QueueMail]:
    return [owed(f"k{n}", f"c{n}@client{n % 7}.example", **more) for n in range(number)]


def ids(server: ScriptedServer) -> Counter[str]:
    return Counter(map(key_of, server.mails))


@pytest.mark.parametrize("cut", [Fault.CLOSE, "421 4.4.2 closing"], ids=["EOF", "421"])
async def test_a_cut_after_the_final_dot_costs_one_copy_at_most(tmp_path: Path, cut: Any) -> None:
    """O01: no reply after the dot (the server took it): sent again once, with the same bytes. A 421 is a reply."""
    number = scaled(2500, 40)
    dots = [cut if random.Random(n).random() < 0.4 else "250 2.0.0 taken" for n in range(number)]
    async with ScriptedServer(dot=[*dots, "250 ok"]) as server, outbox_road(tmp_path, Hasty()) as road:
        await road.queue(mails(number))
        async with road.sending(*(line(server.port) for _ in range(LINES))):
            await road.until(lambda counts: counts == {"sent": number})
        copies, equal = ids(server), {m.data.replace(b"\r\n", b"\n") for m in mails(number)}
        if cut is Fault.CLOSE:
            twice: dict[str, Any] = {
                "copies_of_a_mail_at_most": max(copies.values()),
                "unequal": len(set(server.mails) - equal),
            }
            shown("o01", cuts=dots.count(cut), lost=number - len(copies), **twice)
        assert len(copies) == number, "none is lost"
        if cut is Fault.CLOSE:
            assert max(copies.values()) <= 2 and sum(copies.values()) == number + dots.count(cut)
        assert set(server.mails) == equal


class _Forgetful(OutboxRows):
    """Dies before what was sent is noted."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.died = asyncio.Event()

    async def settle(self, id: int, **values: Any) -> None:
        self.died.set()
        await asyncio.sleep(3600)


async def test_a_kill_between_the_reply_and_the_commit_costs_one_copy_a_connection(tmp_path: Path) -> None:
    """O02: after the 250 and before the commit: at most one more copy for each connection and kill, equal bytes."""
    rounds, number, lost, extra = scaled(100, 5), 6 * LINES, 0, 0
    for n in range(rounds):
        folder = tmp_path / str(n)
        async with ScriptedServer() as server, outbox_road(folder, Hasty()) as road:
            await road.queue(mails(number))
            good, road.rows = road.rows, _Forgetful(road.database)
            sender = road.sender(*(line(server.port) for _ in range(LINES)))
            killed = asyncio.create_task(sender.run(asyncio.Event()))
            await road.rows.died.wait()
            await asyncio.sleep(0.002 * (n % 8))
            killed.cancel()
            await asyncio.wait({killed})
            road.rows = good
            async with road.sending(*(line(server.port) for _ in range(LINES))):
                await road.until(lambda counts: counts == {"sent": number})
            copies = ids(server)
            assert len(copies) == number and max(copies.values()) <= 2
            assert sum(copies.values()) - number <= LINES, "a copy for each connection at most"
            lost, extra = lost + number - len(copies), max(extra, sum(copies.values()) - number)
    shown("o02", kills=rounds, connections=LINES, lost=lost, copies_a_kill_at_most=extra)


async def test_six_hours_of_greylisting_delay_every_mail_and_lose_none(tmp_path: Path) -> None:
    """O03: 451 for six hours: all delivered, with 20 tries at most each."""
    number, clock = scaled(1000, 40), Hasty()
    async with strict_sink() as sink, outbox_road(tmp_path, clock) as road:
        sink.refuse = lambda _: "451 4.7.1 greylisted" if clock.now() < NOW + timedelta(hours=6) else None
        await road.queue(mails(number))
        sender = road.sender(line(sink.port))
        await sender.drain()
        while (due := await road.rows.next_due(clock.now())) is not None:
            clock.time = max(clock.time, due)
            await sender.drain()
        assert await road.rows.counts() == {"sent": number}
        tries = [row.attempts for row in await road.lines()]
    shown("o03", mails=number, not_delivered=number - len(sink.mails), tries_at_most=max(tries))
    assert len(sink.mails) == number and max(tries) <= 20


async def test_later_for_five_days_ends_and_the_agent_is_told_once(tmp_path: Path) -> None:
    """O04: 4xx for five days: expired, the agent told once, the text kept."""
    desk, clock = open_desk(settings(), RING), Hasty()
    async with strict_sink() as sink, outbox_road(tmp_path, clock, lambda *lost: undelivered(desk, *lost)) as road:
        sink.refuse = lambda address: "450 4.2.0 later" if address.startswith("alice") else None
        await road.database.write(lambda s: apply(s, [OpenTicket(ticket())], NOW))
        await road.queue([owed("answer", number=1042), owed("relance", template="relance", number=1042)])
        sender = road.sender(line(sink.port))
        await sender.drain()
        while (due := await road.rows.next_due(clock.now())) is not None:
            clock.time = max(clock.time, due)
            await sender.drain()
        answer, relance, *notices = await road.lines()
        assert (answer.reason, relance.reason) == ("expired", "expired")
        assert answer.detail == "450 4.2.0 later" and answer.ended_at and relance.ended_at
        assert answer.ended_at - NOW >= timedelta(days=5) and relance.attempts == 0, "it waited behind the answer"
        assert [(n.template, n.recipient) for n in notices] == [("agent_notice", "lea@isybuy.example")] * 2
        assert await road.database.read(lambda s: queries.outbox_bytes(s, 1)) == owed("answer").data
        told = [n.recipient for n in notices]
        shown(
            "o04",
            mails=2,
            without_an_end_that_is_shown=2 - len([r for r in (answer, relance) if r.ended_at]),
            told=told,
        )
        story = await road.database.read(lambda s: queries.messages(s, 1042))
        assert [m.text for m in story if m.visibility == "event"] == [
            "undelivered expired: alice@client-a.example: 450 4.2.0 later",
            "undelivered expired: alice@client-a.example: not sent in time",
        ]


@pytest.mark.parametrize("reply", ["550 5.1.1 no such user", "554 5.7.1 refused", "550 no"])
async def test_a_5xx_for_one_recipient_ends_that_delivery_alone(tmp_path: Path, reply: str) -> None:
    """O05: whatever its code, between mails that are taken."""
    number = scaled(300, 30)
    async with strict_sink() as sink, outbox_road(tmp_path, Hasty()) as road:
        sink.refuse = lambda address: reply if address.startswith("c7@") else None
        await road.queue(mails(number))
        async with road.sending(*(line(sink.port) for _ in range(LINES))):
            await road.until(lambda counts: counts == {"sent": number - 1, "refused": 1})
        refused = [row.recipient for row in await road.lines() if row.state == "refused"]
        shown("o05", reply, mails=number, wrongly_failed=len(refused) - 1)
        assert refused == ["c7@client0.example"]


EVERYTHING: list[dict[str, Any]] = [
    {"rcpt": "554 5.7.1 policy"},
    {"rcpt": "550 Administrative prohibition"},
    {"dot": "554 5.7.1 rejected"},
    {"data": "554 no valid recipients"},
    {"mail": "550 5.7.1 sender rejected"},
    {"rcpt": "550 5.7.1 relaying denied"},
]


@pytest.mark.parametrize("on", EVERYTHING, ids=lambda on: " ".join(map(" ".join, on.items())))
async def test_a_server_that_refuses_everything_fails_no_mail(tmp_path: Path, on: dict[str, str]) -> None:
    """O06: 5xx for each mail: the transport is paused, every mail stays queued, and leaves once the server has us.

    At one attempt in five minutes 1,000 refusals are three days and a half; beyond five days the mails expire.
    """
    is_first = on is EVERYTHING[0]
    number, refusals = scaled(10_000 if is_first else 1000, 300), scaled(1000 if is_first else 200, 60)
    told = {
        what: [reply] * refusals + [{"data": "354 go", "dot": "250 ok"}.get(what, "250 ok")]
        for what, reply in on.items()
    }
    clock = Hasty()
    async with ScriptedServer(**told) as server, outbox_road(tmp_path, clock) as road:
        await road.queue(mails(number))
        begun = clock.now()
        async with road.sending(*(line(server.port, AMPLE) for _ in range(LINES))):
            counts = await road.until(lambda c: bool({"refused", "held"} & c.keys()) or c == {"sent": number})
        failed = counts.get("refused", 0) + counts.get("held", 0)
        hours = round((clock.now() - begun) / timedelta(hours=1))
        what = " ".join(map(" ".join, on.items()))
        shown("o06", what, queued=number, failed=failed, refusals=refusals, hours=hours)
        assert counts == {"sent": number}
        assert len(ids(server)) == number == len(server.mails) - _again(on, refusals), "each once"


def _again(on: dict[str, str], refusals: int) -> int:
    """Mails that the scripted server wrote down though it refused them after the dot."""
    return refusals if "dot" in on else 0


async def test_a_wrong_password_fails_no_mail(tmp_path: Path) -> None:
    """O06: 535: the transport is paused, every mail stays queued without an attempt counted."""
    number = scaled(10_000, 100)
    async with strict_sink() as sink, outbox_road(tmp_path, Hasty()) as road:
        await road.queue(mails(number))
        way = line(sink.port, user="desk", password={"env": "X"})
        async with road.sending(way):
            await becomes(lambda: len(sink.logins) >= 20)
        ends = await road.rows.counts()
        shown("o06", "535", queued=number, failed=number - ends.get("queued", 0), logins=len(sink.logins))
        assert ends == {"queued": number}
        assert {row.attempts for row in await road.lines()} == {0} and sink.mails == []


async def test_without_starttls_no_mail_leaves_and_none_fails(tmp_path: Path) -> None:
    """O07: STARTTLS stripped: deferred, with no word of a mail in clear."""
    number = scaled(1000, 20)
    async with ScriptedServer() as server, outbox_road(tmp_path, Hasty()) as road:
        await road.queue(mails(number))
        async with road.sending(line(server.port, tls="starttls")):
            await becomes(lambda: server.connections >= 10)
        in_clear = len(re.findall(rb"client|MAIL|DATA", bytes(server.received)))
        shown("o07", "STARTTLS stripped", queued=number, words_in_clear=in_clear, tries=server.connections)
        assert (await road.rows.counts()) == {"queued": number}
        assert set(server.verbs()) <= {"EHLO", "QUIT"} and in_clear == 0


@pytest.mark.parametrize("fault", ["unknown authority", "wrong name"])
async def test_under_a_bad_certificate_no_mail_leaves_and_none_fails(tmp_path: Path, fault: str) -> None:
    """O07: implicit TLS whose certificate is another's, or signed by nobody we know."""
    number = scaled(1000, 20)
    certificate, context = self_signed(tmp_path, "DNS:elsewhere.example" if fault == "wrong name" else f"IP:{HOST}")
    trusts = {"ca": certificate} if fault == "wrong name" else {}
    async with strict_sink(implicit=context) as sink, outbox_road(tmp_path, Hasty()) as road:
        await road.queue(mails(number))
        tries, sender = 5, road.sender(line(sink.port, AMPLE, tls="implicit", **trusts))
        for _ in range(tries):
            with pytest.raises(Temporary, match="certificate verify failed"):
                await sender.drain()
        shown("o07", fault, queued=number, words_in_clear=len(sink.mails), tries=tries)
        assert (await road.rows.counts()) == {"queued": number} and sink.mails == []


HUGE = b"450-" + b"x" * 70 + b"\r\n"
RUDE: list[Any] = [
    "421 4.3.2 closing",
    Fault.CLOSE,
    Fault.SILENT,
    Fault.DRIP,
    HUGE * 2000 + b"450 no\r\n",
    b"\xff\x00\r\n",
]


@pytest.mark.parametrize("at", ["greet", "ehlo", "mail", "rcpt", "data", "rset"])
async def test_a_rude_server_delays_its_mail_within_the_time_allowed_and_no_other(tmp_path: Path, at: str) -> None:
    """O08: 421, silence, a byte now and then, a reply without an end, at each command: later, and others flow."""
    usual = {"greet": "220 ready", "ehlo": "250 hello", "data": "354 go"}.get(at, "250 ok")
    script: dict[str, Any] = {at: [word for fault in RUDE for word in (fault, usual)] + [usual]}
    if at == "rset":
        script["rcpt"] = ["450 later"] * 12 + ["250 ok"]
    number = scaled(100, 12) + 12
    async with ScriptedServer(**script) as server, outbox_road(tmp_path, Hasty()) as road:
        await road.queue(mails(number))
        async with road.sending(*(line(server.port) for _ in range(LINES))):
            await road.until(lambda counts: counts == {"sent": number})
        shown("o08", at, rude_answers=len(script[at]) // 2, mails=number, others_lost=number - len(ids(server)))
        assert len(ids(server)) == number == len(server.mails), "each once"


@pytest.mark.parametrize("fault", [Fault.SILENT, Fault.DRIP], ids=["silence", "drip"])
@pytest.mark.parametrize("at", ["greet", "ehlo", "mail", "rcpt", "data", "dot"])
async def test_a_way_out_is_held_no_longer_than_the_time_allowed(tmp_path: Path, at: str, fault: Fault) -> None:
    """O08: whoever says nothing, or a byte now and then, holds a connection as long as its command may last."""
    told: dict[str, Any] = {at: fault}
    loop = asyncio.get_running_loop()
    async with ScriptedServer(**told) as server, outbox_road(tmp_path, Hasty()) as road:
        await road.queue(mails(1))
        sender, started = road.sender(line(server.port)), loop.time()
        with suppress(Temporary):  # the transport is down
            await asyncio.wait_for(sender.drain(), 15)
        held = loop.time() - started
        ends = await road.rows.counts()
    allowed = {"greet": SHORT.greeting, "ehlo": SHORT.greeting}.get(at) or getattr(SHORT, at)
    shown("o08", f"{at} {fault.name}", rude_answers=1, held_for_more_than_allowed_s_at_most=round(held - allowed, 2))
    assert set(ends) == ({"uncertain"} if at == "dot" else {"queued"})


async def test_a_reply_of_ten_megabytes_ends_in_a_verdict(tmp_path: Path) -> None:
    """O08: a reply of 10 MB in lines, then another mail on the same way out."""
    huge = HUGE * (10_000_000 // len(HUGE)) + b"450 no\r\n"
    async with ScriptedServer(rcpt=[huge, "250 ok"]) as server, outbox_road(tmp_path, Hasty()) as road:
        await road.queue(mails(2))
        async with road.sending(line(server.port, AMPLE)):
            await road.until(lambda counts: counts == {"sent": 2})
        assert len(ids(server)) == len(server.mails) == 2


async def test_a_stop_in_data_finishes_the_mail_and_copies_none(tmp_path: Path) -> None:
    """O10: stops at any moment, starts again: each mail arrives exactly once."""
    rounds, number, chance, longest = scaled(1000, 25), scaled(4000, 100), random.Random(7), 0.0
    loop = asyncio.get_running_loop()
    async with ScriptedServer() as server:
        for n in range(rounds):
            async with outbox_road(tmp_path, SystemClock()) as road:
                if not n:
                    await road.queue(mails(number))
                stop = asyncio.Event()
                ways = [line(server.port, AMPLE) for _ in range(LINES)]
                task = asyncio.create_task(road.sender(*ways).run(stop))
                await asyncio.sleep(chance.random() * 0.03)
                stop.set()
                started = loop.time()
                await asyncio.wait_for(task, 45)
                longest = max(longest, loop.time() - started)
                assert set(await road.rows.counts()) <= {"queued", "sent"}, "nothing is in doubt"
        async with outbox_road(tmp_path, SystemClock()) as road, road.sending(line(server.port, AMPLE)):
            await road.until(lambda counts: counts == {"sent": number})
    copies = ids(server)
    doubled = sum(copies.values()) - len(copies)
    shown("o10", stops=rounds, lost=number - len(copies), doubled=doubled, ended_after_at_most_s=round(longest, 1))
    assert sorted(copies.values()) == [1] * number


@pytest.mark.parametrize(
    "ehlo", ["250 bare", "250-x\r\n250 SIZE 400", "250-x\r\n250 8BITMIME", "502 no", "250-x\r\n250 SIZE"]
)
async def test_what_a_server_cannot_do_is_said_of_the_mail_that_needs_it(tmp_path: Path, ehlo: str) -> None:
    """O13: no SMTPUTF8, no 8BITMIME, too small: that mail ends with the reason, the others leave, no exception."""
    times = scaled(500, 2)

    def mail(key: str, data: bytes) -> QueueMail:
        return QueueMail(key, "agent_reply", f"{key}@x.example", "s@d.example", f"{key}@d", data)

    large = [mail(f"large-{n}", b"Subject: large\r\n\r\n" + b"x" * 500) for n in range(times)]
    eight = [mail(f"eight-{n}", "Subject: eight\r\n\r\né\r\n".encode()) for n in range(times)]
    plain = [owed(f"plain-{n}") for n in range(times)]
    utf8 = [owed(f"utf8-{n}", "zoé@x.example") for n in range(times)]
    async with ScriptedServer(ehlo=ehlo) as server, outbox_road(tmp_path, Hasty()) as road:
        await road.queue([one for four in zip(plain, utf8, large, eight, strict=True) for one in four])
        async with road.sending(line(server.port)):
            await road.until(lambda counts: not set(counts) - {"sent", "refused"})
        ends: dict[str, set[tuple[str, str]]] = {}
        for row in await road.lines():
            detail = row.detail[:9] if row.state == "refused" else ""
            ends.setdefault(row.message_id.partition("-")[0], set()).add((row.state, detail))
    right = {"plain": {("sent", "")}, "eight": {("sent", "")}, "utf8": {("refused", "553 5.6.7")}}
    right["large"] = {("refused", "552 5.3.4") if "400" in ehlo else ("sent", "")}
    shown(
        "o13",
        ehlo.replace("\r\n", " "),
        mails=4 * times,
        kinds_that_ended_wrongly=sum(ends[k] != right[k] for k in right),
    )
    assert ends == right


async def test_the_order_for_each_ticket_and_recipient_survives_every_delay(tmp_path: Path) -> None:
    """O14: several answers in one ticket, delays and lost connections between them, four connections: 0 swaps."""
    number, chance, swaps = scaled(10_000, 150), random.Random(3), 0
    trouble: list[Any] = ["250 ok", "250 ok", "450 later", Fault.CLOSE, "421 no"]
    replies = [chance.choice(trouble) for _ in range(number)] + ["250 ok"]
    pairs = [(1 + n % 4, f"c{n % 3}@x.example") for n in range(number)]
    async with ScriptedServer(rcpt=replies) as server, outbox_road(tmp_path, Hasty()) as road:
        await road.queue([owed(f"k{n}", to, number=t) for n, (t, to) in enumerate(pairs)])
        async with road.sending(*(line(server.port) for _ in range(4))):
            await road.until(lambda counts: counts == {"sent": number}, 60 + number / 20)
    order = [int(key_of(mail)[1:]) for mail in server.mails]
    for pair in set(pairs):
        own = [n for n in order if pairs[n] == pair]
        swaps += sum(a > b for a, b in pairwise(own))
    shown("o14", mails=number, swaps=swaps, lost=number - len(set(order)))
    assert swaps == 0
    assert sorted(order) == list(range(number))


async def test_peoples_words_leave_before_what_machines_write(tmp_path: Path) -> None:
    """O15: a backlog and a dead domain; an agent's answer waits only for what was in hand already."""
    number, humans, passed, waited = scaled(8000, 800), scaled(100, 5), list[int](), list[float]()
    loop = asyncio.get_running_loop()
    async with strict_sink() as sink, outbox_road(tmp_path, SystemClock()) as road:
        sink.refuse = lambda address: "450 4.4.1 no route" if address.endswith("@client3.example") else None
        await road.queue(mails(number, template="acknowledgement"))
        async with road.sending(*(line(sink.port, AMPLE) for _ in range(LINES))) as sender:
            for n in range(humans):
                before, started = len(sink.mails), loop.time()
                await road.queue([owed(f"human{n}", "alice@person.example", number=n, is_personal=True)])
                sender.wake()
                await becomes(lambda n=n: len(_to_people(sink)) > n)  # type: ignore[misc]
                waited.append(loop.time() - started)
                passed.append(_to_people(sink)[n] - before)
            dead = sum(m.recipient.endswith("@client3.example") for m in mails(number))
            await road.until(lambda counts: counts.get("sent") == number + humans - dead, 60 + number / 20)
        longest = sorted(waited)[round(0.99 * humans) - 1]
        shown(
            "o15", queued=number, to_the_dead_domain=dead, human_p99_at_most_s=round(longest, 2), passed_by=max(passed)
        )
        assert len(sink.mails) == number + humans - dead, "the dead domain holds up nobody"
        assert set(await road.rows.counts()) == {"sent", "queued"}
    # what was in hand, on its way, or left while this test asked
    assert max(passed) <= 2 * IN_HAND + 2 * LINES


def _to_people(sink: StrictSink) -> list[int]:
    """The places of the mails to people in the order of arrival."""
    return [place for place, (_, to, _) in enumerate(sink.mails) if "person" in to[0]]


async def test_a_thing_owed_twice_under_a_race_is_owed_once(tmp_path: Path) -> None:
    """O17: the same keys queued by two writers at once, each several times: one row each."""
    keys = scaled(10_000, 150)

    async def writes(database: Database, seed: int) -> None:
        for n in random.Random(seed).sample(range(keys), keys):
            await database.write(partial(apply, effects=[owed(f"k{n}")], now=NOW))

    async with outbox_road(tmp_path) as road, outbox_road(tmp_path) as other:
        await asyncio.gather(*(writes(r.database, seed) for seed, r in enumerate((road, other, road, other))))
        found: Sequence[str] = [row.subject for row in await road.lines()]
    shown("o17", keys=keys, times_each=4, rows_too_many=len(found) - keys)
    assert sorted(found) == sorted(f"k{n}" for n in range(keys))
    assert all(re.fullmatch(r"k\d+", key) for key in found)
