"""What does a desk owe after its database was restored? Drills: backup, more work, restore, start again (R09, G31).

The backup is SQLite's own, taken at a random moment while mails flow; reminders fall due before and after it. The mail
server and the relay remember what the database has forgotten.
"""

import asyncio
import itertools
import random
import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
from faults.desk import letter, rules
from faults.figures import logs_of, quick_folder, scaled, shown
from faults.fork_server import ForkServer
from faults.ledger import Ledger, bracketed
from faults.life import Order
from faults.mailbox_server import MailboxServer
from faults.relay import Relay

from maild.store.database import Database
from maild.store.mark import read_mark
from maild.store.orders import retry_held

DRILLS = 200
THREE_DAYS = 3 * 86400.0
CRASHES = ("", "", "K05", "K06", "K08:2", "K09:2", "K12")  # in the life after the restore
LEA, ALICE = "lea@isybuy.example", "alice@client-a.example"


@dataclass
class Figures:
    """What all drills saw."""

    drills: int = 0
    unmarked: int = 0
    unseen: int = 0  # nothing had been written after the backup
    mails: int = 0
    read_again: int = 0
    held: int = 0
    doubled: int = 0  # mails that left again when a person let them
    faults: list[str] = field(default_factory=list)


class Drill:
    """One desk with one disaster."""

    def __init__(
        self, folder: Path, forks: ForkServer, box: MailboxServer, relay: Relay, chance: random.Random
    ) -> None:
        self.folder, self.forks, self.box, self.relay, self.chance = folder, forks, box, relay, chance
        self.ledger = Ledger(folder / "maild.db", relay)
        self.order = Order(rules(folder, box.port, relay.port), deadline=60)
        self.names = itertools.count(1)
        self.requests: list[str] = []
        self.answers: list[str] = []
        self.backup = folder / "backup.db"

    def request(self) -> str:
        """A new mail of the customer, now and then a large one."""
        nonce = f"N{next(self.names)}x"
        self.box.deliver(letter(nonce, size=300_000 if self.chance.random() < 0.1 else 0))
        self.requests.append(nonce)
        return nonce

    def answer(self) -> None:
        """Somebody answers a mail of ours: the agent, who then waits, or the customer."""
        numbers = [n for [n] in self.ledger.rows("SELECT ticket FROM outbox WHERE template = 'acknowledgement'")]
        if not numbers:
            return
        number, nonce = self.chance.choice(numbers), f"A{next(self.names)}x"
        who = self.chance.choice((LEA, ALICE))
        text = "Quelle version ?\r\n\r\n#attente" if who == LEA else "Encore une chose."
        subject = f"Re: {self.ledger.mail_to(who, number)['Subject']}"
        self.box.deliver(letter(nonce, text, sender=who, subject=subject))
        self.answers.append(nonce)

    async def work(self, rounds: int) -> None:
        """Mails come while the daemon works; in one of the rounds the backup is made."""
        self.request()
        await self.settle()
        moment = self.chance.randrange(rounds)
        for number in range(rounds):
            self.order.lasts = True
            life = asyncio.create_task(self.forks.life(self.order))
            for _ in range(self.chance.randint(1, 3)):
                self.request()
                await asyncio.sleep(self.chance.uniform(0, 0.15))
                if number:
                    self.answer()
            if number == moment:
                self.save()
            await asyncio.sleep(self.chance.uniform(0, 0.2))
            self.forks.kill()
            await life
            await self.settle()
            if self.chance.random() < 0.6:
                self.order.ahead += THREE_DAYS
        await self.settle()
        await self.settle()  # whose start marks how far it has come

    def save(self) -> None:
        """SQLite's online backup."""
        source = sqlite.connect(self.folder / "maild.db", timeout=30)
        target = sqlite.connect(self.backup)
        try:
            source.backup(target)
        finally:
            source.close()
            target.close()

    async def settle(self, crash: str = "") -> None:
        """Lives until nothing is left to do."""
        self.order.lasts = False
        for _ in range(20):
            self.order.crash, crash = crash, ""
            death = await self.forks.life(self.order)
            if death.code == 0 and not self.ledger.unsent():
                return
        raise AssertionError("the desk does not come to rest")

    def restore(self, *, keeps_mark: bool, keeps_files: bool) -> None:
        """The disaster."""
        for ending in ("", "-wal", "-shm", *(() if keeps_mark else (".mark",))):
            Path(f"{self.folder / 'maild.db'}{ending}").unlink(missing_ok=True)
        shutil.copy(self.backup, self.folder / "maild.db")
        if not keeps_files:
            shutil.rmtree(self.folder / "mails", ignore_errors=True)

    async def read_again(self) -> None:
        """A life until every mailbox was read again."""
        self.order.lasts, self.order.crash = True, ""  # the life before may not have come to its point
        life = asyncio.create_task(self.forks.life(self.order))
        async with asyncio.timeout(40):
            while any(names != "[]" for [names] in self.ledger.rows("SELECT pending FROM restoration")):
                assert not life.done()
                await asyncio.sleep(0.05)
        self.forks.kill()
        await life
        await self.settle()

    def release(self) -> None:
        """A person lets go what is held."""
        database = Database(self.folder / "maild.db")
        now = datetime.now(UTC) + timedelta(seconds=self.order.ahead)
        database.write_now(partial(retry_held, reason="restored", now=now))
        database.close_now()


async def drilled(drill: Drill, figures: Figures) -> None:
    chance, ledger, relay = drill.chance, drill.ledger, drill.relay
    await drill.work(chance.randint(2, 4))
    given = {n for [n] in ledger.rows("SELECT number FROM ticket")}
    before = dict(ledger.rows("SELECT key, message_id FROM outbox"))
    keeps_mark = chance.random() < 0.5
    drill.restore(keeps_mark=keeps_mark, keeps_files=chance.random() < 0.7)
    mark = read_mark(drill.folder / "maild.db")
    is_unseen = mark is not None and ledger.rows("PRAGMA user_version") == [(mark.commits,)]
    saved = {n for [n] in ledger.rows("SELECT number FROM ticket")}
    rows = len(ledger.rows("SELECT id FROM inbound"))
    taken = set(relay.taken)
    fresh = [drill.request() for _ in range(chance.randint(0, 2))]
    await drill.settle(chance.choice(CRASHES))
    if not is_unseen:
        await drill.read_again()
    figures.read_again += len(ledger.rows("SELECT id FROM inbound")) - rows - len(fresh)
    faults = [*lost(drill), *reused(ledger, given, saved)]
    fresh_tickets = tickets_of(ledger, fresh)
    for ticket, template, name in ledger.rows("SELECT ticket, template, message_id FROM outbox"):
        is_early = bracketed(name) in relay.taken.keys() - taken and ticket not in fresh_tickets
        if is_early and template != "admin_alert" and not is_unseen:
            faults.append(f"{template} of ticket {ticket} left though it may have left before")
    for key, name in ledger.rows("SELECT key, message_id FROM outbox"):
        number = name.split(".")[1].split("-")[0]
        if key in before and before[key] != name and int(number) in {*saved, 0}:
            faults.append(f"{key} has another name: {before[key]}, {name}")
    held = [bracketed(name) for [name] in ledger.rows("SELECT message_id FROM outbox WHERE state = 'held'")]
    count = {name: len(relay.taken.get(name, ())) for name in held}
    drill.release()
    await drill.settle()
    faults += [f"{n} left {len(relay.taken[n]) - count[n]} times" for n in held if len(relay.taken[n]) != count[n] + 1]
    faults += [
        f"{s}: {n} mails" for s, n in ledger.rows("SELECT state, count(*) FROM outbox GROUP BY state") if s != "sent"
    ]
    figures.drills += 1
    figures.unmarked += not keeps_mark
    figures.unseen += is_unseen
    figures.mails += len(drill.requests) + len(drill.answers)
    figures.held += len(held)
    figures.doubled += sum(count[name] > 0 for name in held)
    figures.faults += faults


def lost(drill: Drill) -> list[str]:
    """Mails without a named end or without their place on the server; requests without their one ticket."""
    found = []
    ends: dict[str, Counter[str]] = {}
    for subject, disposition, filed_at in drill.ledger.rows("SELECT subject, disposition, filed_at FROM inbound"):
        nonce = subject.split()[-1]
        ends.setdefault(nonce, Counter())[disposition if filed_at else "unfiled"] += 1
    on_server = Counter(
        raw.partition(b"Message-ID: <")[2].partition(b"@")[0].decode()
        for name in drill.box.folders
        if name != "INBOX"
        for raw in drill.box.mails(name)
    )
    for nonce in (*drill.requests, *drill.answers):
        seen = ends.get(nonce, Counter())
        if not seen["applied"] + seen["held"] or set(seen) - {"applied", "held", "duplicate"} or not on_server[nonce]:
            found.append(f"{nonce}: {dict(seen)}, {on_server[nonce]} on the server")
    tickets = Counter(s.split()[-1] for [s] in drill.ledger.rows("SELECT subject FROM ticket"))
    return found + [f"{nonce}: {tickets[nonce]} tickets" for nonce in drill.requests if tickets[nonce] != 1]


def reused(ledger: Ledger, given: set[int], saved: set[int]) -> list[str]:
    """Numbers that were given again."""
    numbers = {n for [n] in ledger.rows("SELECT number FROM ticket")}
    return [f"number {n} was given again" for n in sorted((numbers - saved) & given)]


def tickets_of(ledger: Ledger, nonces: list[str]) -> set[int]:
    """The tickets that these mails opened."""
    return {n for n, subject in ledger.rows("SELECT number, subject FROM ticket") if subject.split()[-1] in nonces}


async def test_a_restored_database_loses_no_mail_and_sends_none_by_itself_again() -> None:
    figures, todo = Figures(), list(range(scaled(DRILLS, least=2)))
    with quick_folder() as logs:

        async def lane(number: int) -> None:
            async with ForkServer(Path(logs) / f"lane{number}.log") as forks:
                while todo:
                    seed = todo.pop(0)
                    with quick_folder() as name:
                        async with MailboxServer() as box, Relay() as relay:
                            await drilled(Drill(Path(name), forks, box, relay, random.Random(seed)), figures)

        try:
            await asyncio.gather(lane(1), lane(2))
        finally:
            print(logs_of(logs))
    shown(
        "restore",
        drills=figures.drills,
        without_mark=figures.unmarked,
        unseen=figures.unseen,
        mails=figures.mails,
        read_again=figures.read_again,
        held=figures.held,
        left_again_when_let=figures.doubled,
        lost_or_wrong=len(figures.faults),
        faults=figures.faults,
    )
    assert figures.faults == []
    assert figures.read_again > 0
    assert figures.held > 0
