"""Is every mail worked once and answered, wherever the process is killed? SIGKILL at each named point (I01, O02, T01).

Each life is a fork that runs the real daemon on a file with synchronous=FULL; the mailbox and the relay outlive it.
Files lie on tmpfs where there is one: a kill does not lose what the kernel has, so only speed differs.
"""

import asyncio
import itertools
import random
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from faults.desk import letter, rules
from faults.figures import lanes, logs_of, quick_folder, scaled, shown
from faults.fork_server import ForkServer
from faults.ledger import Ledger, Totals
from faults.life import Order
from faults.mailbox_server import ALL, MailboxServer
from faults.relay import Relay, Reply

import maild

KILLS = 10_000
MAIL_POINTS = [f"K{n:02}" for n in range(1, 12)] + ["K11b"] + [f"K{n}" for n in range(12, 20)]
TIMER_POINTS = ["K20", "K21", "K22"]
PROMISED = {
    "sla": {"all": {"first_response": "240 hours"}},
    "rules": [
        {"name": "all", "then": {"assign": "least_loaded"}},
        {"name": "soon", "on": "sla_warning", "at": "50%", "then": {"notify": "assignee"}},
        {"name": "over", "on": "sla_breached", "then": {"notify": "assignee", "tags": "late"}},
    ],
}
# How often a point is passed for each new mail; where it is passed for a batch, once a life is sure.
PASSES = {"K07": 1, "K08": 1, "K09": 1, "K19": 1, "K13": 2, "K14": 2, "K15": 2, "K16": 2, "K17": 4, "K18": 2}


@dataclass
class Series:
    """One point, one desk, many kills."""

    point: str
    kills: int = 0
    missed: int = 0  # lives that never passed the point often enough
    hung: int = 0
    died: int = 0  # lives that ended by an error
    seconds: float = 0.0
    in_data: Counter[str] = field(default_factory=Counter)  # mails that were in DATA when the process was killed
    totals: Totals = field(default_factory=Totals)

    def unexplained(self) -> list[str]:
        """Mails that came again, or never, without having been in DATA at a kill, or two."""
        doubled = [name for name, number in self.totals.copies.items() if number > self.in_data[name]]
        # Sent again once: a mail that was in DATA at two kills is given up, and says so (reliability, Decisions).
        return doubled + [name for name in self.totals.unconfirmed if self.in_data[name] < 2]

    def figures(self) -> str:
        """In one line."""
        t = self.totals
        return (
            f"{self.point}: kills {self.kills}, mails {t.mails}, lost {len(t.lost)}, tickets doubled"
            f" {len(t.doubled_tickets)}, mails in DATA {self.in_data.total()}, of them doubled {t.doubled_copies},"
            f" given up {len(t.unconfirmed)}, hung {self.hung}, died {self.died}, {self.seconds:.0f} s"
        )


class Deferring:
    """Every second recipient is told to come again later, for K19."""

    def __init__(self, point: str) -> None:
        self._count = itertools.count()
        self._defers = point == "K19"

    def __call__(self, at: str, name: str) -> Reply:
        return b"451 later\r\n" if self._defers and at == "rcpt" and next(self._count) % 2 == 0 else b"250 ok\r\n"


@asynccontextmanager
async def a_desk(point: str) -> AsyncIterator[tuple[Path, MailboxServer, Relay]]:
    """Servers that outlive the daemon, and a folder for it."""
    capabilities = ALL.replace(" MOVE", "") if point == "K11b" else ALL
    with quick_folder() as name:
        async with MailboxServer(capabilities) as box, Relay(Deferring(point)) as relay:
            yield Path(name), box, relay


async def killed_on_the_way(point: str, kills: int, forks: ForkServer, chance: random.Random) -> Series:
    """Mails come, the daemon is killed twice on their way, then it may finish; and again, until there are enough."""
    async with a_desk(point) as (folder, box, relay):
        series, ledger = Series(point), Ledger(folder / "maild.db", relay, mark=point.lower())
        order = Order(rules(folder, box.port, relay.port))
        size = 300_000 if point in ("K03", "K04") else 0
        while series.kills < kills and series.missed < kills + 20:
            for number in (2, 1):  # one new mail for the second life, so that there is something to be killed at
                for _ in range(number):
                    box.deliver(ledger.new(size))
                passes = chance.randint(1, number * PASSES.get(point, 1))
                await lived(series, forks, order, f"{point}:{passes}", ledger)
            if chance.random() < 0.15:
                box.deliver(ledger.again((box.mails("INBOX") or box.mails("Processed"))[-1]))
            await recovered(series, forks, order, ledger)
            ledger.check({name: box.mails(name) for name in box.folders if name != "INBOX"})
            for name in box.folders:
                if name != "INBOX":
                    box.folders[name].clear()  # checked
        series.totals = ledger.totals
        return series


async def lived(series: Series, forks: ForkServer, order: Order, crash: str, ledger: Ledger) -> None:
    """One life that is to be killed."""
    order.crash = crash
    death = await forks.life(order)
    order.crash = ""
    series.kills += death.was_killed
    if death.was_killed:
        series.in_data.update(ledger.in_data())
    series.missed += death.code == 0
    series.hung += death.is_hung
    series.died += death.code > 0


async def recovered(series: Series, forks: ForkServer, order: Order, ledger: Ledger) -> None:
    """Lives without a kill until nothing is owed; the clock goes on by half an hour for what was put off."""
    for _ in range(12):
        death = await forks.life(order)
        series.hung += death.is_hung
        series.died += death.code > 0
        if not death.is_hung and death.code == 0 and not ledger.unsent():
            return
        order.ahead += 1800


async def killed_at_the_clock(point: str, kills: int, forks: ForkServer, chance: random.Random) -> Series:
    """Tickets wait for their customer; the daemon is killed as each reminder falls due. Each leaves exactly once.

    The reminders are spread over hours, so that each is a kill of its own.
    """
    async with a_desk(point) as (folder, box, relay):
        series, ledger = Series(point), Ledger(folder / "maild.db", relay, mark=point.lower())
        order = Order(rules(folder, box.port, relay.port), deadline=60)
        tickets = max(2, -(-kills // 2))  # two reminders each
        for _ in range(tickets):
            box.deliver(ledger.new())
        await recovered(series, forks, order, ledger)
        ledger.check({"Processed": box.mails("Processed")})
        numbers = [number for [number] in ledger.rows("SELECT number FROM ticket ORDER BY number")]
        for number in numbers:
            to_lea = ledger.mail_to("lea@isybuy.example", number)
            text = "Quelle version ?\r\n\r\n#attente"
            box.deliver(letter(f"A{number}", text, sender="lea@isybuy.example", subject=f"Re: {to_lea['Subject']}"))
        await recovered(series, forks, order, ledger)
        instants = ledger.spread_timers()
        for at in instants:
            order.ahead = at
            if series.kills < kills:
                await lived(series, forks, order, point, ledger)
                await recovered(series, forks, order, ledger)
        order.ahead = instants[-1]
        await recovered(series, forks, order, ledger)
        rows = ledger.rows("SELECT ticket FROM outbox WHERE template = 'relance' AND state = 'sent'")
        per_ticket = Counter(ticket for [ticket] in rows)
        ledger.totals.lost += [f"ticket {n}: {per_ticket[n]} reminders" for n in numbers if per_ticket[n] < 2]
        ledger.totals.doubled_rows += [f"ticket {n}: {per_ticket[n]} reminders" for n in numbers if per_ticket[n] > 2]
        ledger.check_copies()
        series.totals = ledger.totals
        return series


async def killed_at_a_promise(point: str, kills: int, forks: ForkServer, chance: random.Random) -> Series:
    """A first answer is promised and nobody gives it; the daemon is killed at each warning and each breach, of which
    the agent is told exactly once."""
    async with a_desk(point) as (folder, box, relay):
        series, ledger = Series(point), Ledger(folder / "maild.db", relay, mark=point.lower())
        order = Order(rules(folder, box.port, relay.port, **PROMISED), deadline=60)
        tickets = max(2, -(-kills // 2))  # a warning and a breach each
        for n in range(tickets):
            box.deliver(ledger.new())
            order.ahead = n * 600.0  # so that each is due at an instant of its own
            await recovered(series, forks, order, ledger)
        ledger.check({"Processed": box.mails("Processed")})
        due = "SELECT due_at FROM timer WHERE policy = 'sla-first_response' AND state = 'armed' ORDER BY due_at LIMIT 1"
        while found := ledger.rows(due):
            at = datetime.fromisoformat(found[0][0]).replace(tzinfo=UTC)
            order.ahead = max(order.ahead, (at - datetime.now(UTC)).total_seconds() + 1)
            if series.kills < kills:
                await lived(series, forks, order, point, ledger)
            await recovered(series, forks, order, ledger)
        rows = ledger.rows("SELECT ticket, template FROM outbox WHERE template LIKE 'agent_sla_%' AND state = 'sent'")
        told = Counter((ticket, template) for ticket, template in rows)
        for [number] in ledger.rows("SELECT number FROM ticket"):
            for template in ("agent_sla_warning", "agent_sla_breach"):
                if (times := told[number, template]) != 1:
                    which = ledger.totals.doubled_rows if times else ledger.totals.lost
                    which.append(f"ticket {number}: {times} mails {template}")
        ledger.check_copies()
        series.totals = ledger.totals
        return series


def test_every_point_of_the_table_stands_in_the_code() -> None:
    sources = "".join(path.read_text("utf-8") for path in Path(maild.__file__).parent.rglob("*.py"))
    placed = set(re.findall(r'point\("(K\d\db?)"', sources)) | set(re.findall(r'"(K1[89])" (?:if|else)', sources))
    placed |= set(re.findall(r'else "(K\d\d)"', sources))
    assert placed == set(MAIL_POINTS + TIMER_POINTS)


RUNS = {
    "mails": (MAIL_POINTS, killed_on_the_way),
    "clock": (TIMER_POINTS, killed_at_the_clock),
    "promises": (TIMER_POINTS, killed_at_a_promise),
}


@pytest.mark.parametrize("kind", RUNS)
async def test_no_kill_at_a_named_point_loses_or_doubles_anything(kind: str) -> None:
    points, run = RUNS[kind]
    each = scaled(KILLS // len(MAIL_POINTS + TIMER_POINTS) + 1, least=2)
    chance, todo, done = random.Random(20261122), list(points), []
    with quick_folder() as logs:

        async def lane(number: int) -> None:
            async with ForkServer(Path(logs) / f"lane{number}.log") as forks:
                while todo:
                    point = todo.pop(0)
                    started = time.monotonic()
                    done.append(await run(point, each, forks, chance))
                    done[-1].seconds = time.monotonic() - started

        await asyncio.gather(*map(lane, lanes()))
        said = logs_of(logs)
    done.sort(key=lambda series: series.point)
    shown(
        "kills",
        kind,
        kills=sum(s.kills for s in done),
        mails=sum(s.totals.mails for s in done),
        lost=sum(len(s.totals.lost) for s in done),
        tickets_doubled=sum(len(s.totals.doubled_tickets) for s in done),
        mails_doubled=sum(s.totals.doubled_copies for s in done),
        doubled_outside_k17_to_k18=sum(len(s.unexplained()) for s in done),
        unconfirmed=sum(len(s.totals.unconfirmed) for s in done),
        of_them_unequal=sum(len(s.totals.unequal_copies) for s in done),
        by_point=[s.figures() for s in done],
    )
    for series in done:
        assert series.totals.faults == [], f"{series.figures()}\n{said[-3000:]}"
        assert series.kills >= each, series.figures()
        assert (series.hung, series.died) == (0, 0), f"{series.figures()}\n{said[-3000:]}"
        # The window K17-K18 is open whenever a mail is in DATA, whatever else the process is killed at.
        assert series.unexplained() == [], series.figures()
        if series.point != "K11b":
            assert series.totals.doubled_on_server == 0, series.figures()
