"""Is every mail that has left INBOX in the database, whenever the power goes? Images of the disk (I04).

First come the images that matter most: a mail has just left, and nothing lasts but what was synced; the mark was just
renamed, and names last without what was written. The others are of any moment, and of what was not synced anything may
last. On a share of them the daemon lives again, beside the server and the relay as they were then, and the ledger is
exact.
"""

import asyncio
import random
import shutil
import time
from bisect import bisect
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
from faults.daemon_process import until_done
from faults.desk import rules
from faults.figures import scaled, shown
from faults.fork_server import ForkServer
from faults.ledger import Ledger, nonce_of
from faults.life import Order
from faults.mailbox_server import MailboxServer, Stored
from faults.power_loss import RENAME, Change, Disk, recorder
from faults.relay import Relay, Reply

from maild.store.database import Database
from maild.store.mark import mark_of, read_mark

IMAGES, STARTS = 1000, 100
EVERY_LARGE = 7  # one mail in so many goes to a file
MARKED_EACH = 2.5  # seconds, a little more than between two marks


class Watched(dict[int, Stored]):
    """INBOX: it remembers when each mail came and left."""

    def __init__(self) -> None:
        self.came: list[tuple[int, int, bytes]] = []
        self.left: list[tuple[int, int, bytes]] = []

    def __setitem__(self, uid: int, mail: Stored) -> None:
        self.came.append((time.monotonic_ns(), uid, mail.octets()))
        super().__setitem__(uid, mail)

    def __delitem__(self, uid: int) -> None:
        self.left.append((time.monotonic_ns(), uid, self[uid].octets()))
        super().__delitem__(uid)


class Remembering(Relay):
    """It remembers when each mail came."""

    def __init__(self) -> None:
        super().__init__()
        self.came: list[tuple[int, bytes, str]] = []

    def take(self, mail: bytes, recipient: str) -> Reply:
        self.came.append((time.monotonic_ns(), mail, recipient))
        return super().take(mail, recipient)


@dataclass
class Lived:
    """A desk that has worked, and all that was written down about it."""

    disk: Disk
    changes: list[Change]
    inbox: Watched
    relay: Remembering
    key: bytes


@dataclass
class Figures:
    """What the images showed."""

    lost: int = 0
    corrupt: int = 0
    keys_lost: int = 0
    marks_ahead: int = 0
    marks_lost: int = 0
    moved: int = 0  # mails at most
    starts: int = 0
    faults: list[str] = field(default_factory=list)  # of the ledger, after a start

    def look(self, image: Path, left: list[bytes], key: bytes) -> None:
        """Is the database whole, are these mails in it, does the mark fit?"""
        self.moved = max(self.moved, len(left))
        connection = sqlite.connect(image / "maild.db")
        try:
            if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise sqlite.DatabaseError
            tables = {name for [name] in connection.execute("SELECT name FROM sqlite_master")}
            rows = connection.execute("SELECT raw, raw_file FROM inbound").fetchall() if "inbound" in tables else []
        except sqlite.DatabaseError:
            self.corrupt += 1
            return
        finally:
            connection.close()
        kept = {raw for raw, _ in rows if raw is not None}
        for _, name in rows:
            path = image / "mails" / str(name)
            if name and path.is_file():
                kept.add(path.read_bytes())
        self.lost += sum(mail not in kept for mail in left)
        path = image / "reference.key"
        self.keys_lost += bool(left) and not (path.is_file() and path.read_bytes() == key)
        if "identity" in tables:
            database = Database(image / "maild.db")
            present, mark = database.read_now(mark_of), read_mark(image / "maild.db")
            database.close_now()
            self.marks_lost += bool(present.database) and mark is None
            self.marks_ahead += mark is not None and mark.database == present.database and present.is_behind(mark)


async def lived(tmp_path: Path, mails: int, forks: ForkServer, folder: Path, disk: Disk) -> Lived:
    """A first life that makes the database, and one in which mails flow; nothing is asked of the second's end."""
    async with MailboxServer() as box, Remembering() as relay:
        inbox = box.folders["INBOX"] = Watched()
        order = Order(rules(folder, box.port, relay.port))
        ledger = Ledger(folder / "maild.db", relay)
        box.deliver(ledger.new())
        assert (await forks.life(order)).code == 0
        order.lasts, order.deadline = True, 120 + mails
        life = asyncio.create_task(forks.life(order))
        async with asyncio.timeout(30):
            while not box.is_watched:  # noqa: ASYNC110 - the daemon, not the ledger's look, is to make the files
                await asyncio.sleep(0.02)
        for number in range(mails):
            box.deliver(ledger.new(300_000 if number % EVERY_LARGE == 3 else 0))
            await asyncio.sleep(MARKED_EACH / mails)
        assert await until_done(ledger, mails + 1, 60 + mails), (tmp_path / "forks.log").read_text()[-2000:]
        forks.kill()
        await life
    return Lived(disk, [], inbox, relay, (folder / "reference.key").read_bytes())


def moments(story: Lived, images: int, chance: random.Random) -> list[tuple[int, int, str]]:
    """How many changes were made, when that was, what lasts; in order of time."""
    times = [change.time for change in story.changes]
    found = [(bisect(times, at), at, "none") for at, _, _ in story.inbox.left]
    marks = [n for n, change in enumerate(story.changes) if change.kind == RENAME and change.path.endswith(".mark")]
    assert marks, "no mark was written"
    found += [(n + 1, times[n], "names") for n in marks]
    found += [(n + 1, times[n], "any") for n in (chance.randrange(len(times)) for _ in range(images - len(found)))]
    return sorted(found)


async def restarted(story: Lived, image: Path, at: int, forks: ForkServer) -> list[str]:
    """The daemon lives on that disk until nothing is owed; what the ledger then says."""
    came = [raw for time_, _, raw in story.inbox.came if time_ <= at]
    left = {uid: raw for time_, uid, raw in story.inbox.left if time_ <= at}
    async with MailboxServer() as box, Relay() as relay:
        for raw in came:
            box.deliver(raw)
        for uid, raw in left.items():
            box.folders["INBOX"].pop(uid)
            box.deliver(raw, "Processed")
        for time_, mail, recipient in story.relay.came:
            if time_ <= at:
                relay.take(mail, recipient)
        ledger = Ledger(image / "maild.db", relay)
        ledger.open = dict(Counter(map(nonce_of, came)))
        order = Order(rules(image, box.port, relay.port))
        for _ in range(8):
            death = await forks.life(order)
            if death.code == 0 and not ledger.unsent():
                break
            order.ahead += 1800
        else:
            return [f"work is left: {death}"]
        ledger.check({name: box.mails(name) for name in box.folders if name != "INBOX"})
        return ledger.totals.faults


async def test_after_any_loss_of_power_every_mail_that_left_the_inbox_is_there(tmp_path: Path) -> None:
    images, starts, chance, found = scaled(IMAGES, 20), scaled(STARTS, 6), random.Random(4), Figures()
    folder = tmp_path / "disk"
    folder.mkdir()
    rules(folder, 1, 1)  # makes the secret, which was always there
    record = recorder(folder, tmp_path)
    disk = Disk(folder)
    async with ForkServer(tmp_path / "forks.log", **record.environment) as forks:
        story = await lived(tmp_path, scaled(120, 8), forks, record.folder, disk)
        story.changes, fed = record.changes(), 0
        chosen = moments(story, images, chance)
        for number, (count, at, lasts) in enumerate(chosen):
            for change in story.changes[fed:count]:
                disk.feed(change)
            fed = max(fed, count)
            image = tmp_path / f"image{number}"
            disk.image(image, chance, lasts)
            found.look(image, [raw for time_, _, raw in story.inbox.left if time_ <= at], story.key)
            if number * starts // len(chosen) != (number + 1) * starts // len(chosen):
                found.starts += 1
                found.faults += [f"image {number}, {lasts}: {f}" for f in await restarted(story, image, at, forks)]
            shutil.rmtree(image)
    shown(
        "i04",
        images=len(chosen),
        changes=len(story.changes),
        mails_moved=found.moved,
        lost=found.lost,
        corrupt=found.corrupt,
        keys_lost=found.keys_lost,
        marks_ahead=found.marks_ahead,
        marks_lost=found.marks_lost,
        starts=found.starts,
        faults_after_a_start=len(found.faults),
    )
    assert found.moved > 0
    assert found.faults == []
    assert (found.lost, found.corrupt, found.keys_lost, found.marks_ahead, found.marks_lost) == (0, 0, 0, 0, 0)
