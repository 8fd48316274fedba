"""Is every mail that has left INBOX in the database, whenever the power goes? Images of the disk (I04)."""

import asyncio
import random
import time
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
from faults.daemon_process import MaildRun, until_done
from faults.desk import rules, rules_file
from faults.figures import scaled, shown
from faults.ledger import Ledger
from faults.mailbox_server import MailboxServer, Stored
from faults.power_loss import Disk, recorder
from faults.relay import Relay

IMAGES = 1000
EVERY_LARGE = 7  # one mail in so many goes to a file


class Watched(dict[int, Stored]):
    """INBOX: it remembers when each mail left it."""

    def __init__(self) -> None:
        self.left: list[tuple[int, bytes]] = []

    def __delitem__(self, uid: int) -> None:
        self.left.append((time.monotonic_ns(), self[uid].octets()))
        super().__delitem__(uid)


async def lived(tmp_path: Path, mails: int) -> tuple[Disk, list[Any], Watched]:
    """A first life that makes the database, then one whose changes are written down while mails flow."""
    folder = tmp_path / "disk"
    folder.mkdir()
    async with MailboxServer() as box, Relay() as relay:
        inbox = box.folders["INBOX"] = Watched()
        said = rules_file(tmp_path, rules(folder, box.port, relay.port))
        ledger = Ledger(folder / "maild.db", relay)
        async with MaildRun(said, tmp_path / "maild.log") as run:
            box.deliver(ledger.new())
            assert await until_done(ledger, 1, 60, run)
            assert await run.stop() == 0
        inbox.left.clear()
        record = recorder(folder, tmp_path)
        disk = Disk(record.folder)
        async with MaildRun(said, tmp_path / "maild.log", **record.environment) as run:
            async with asyncio.timeout(30):
                while not box.is_watched:  # noqa: ASYNC110 - the daemon, not the ledger's look, is to make the files
                    await asyncio.sleep(0.02)
            for number in range(mails):
                box.deliver(ledger.new(300_000 if number % EVERY_LARGE == 3 else 0))
                await asyncio.sleep(0.02)
            assert await until_done(ledger, mails + 1, 60 + mails, run), (tmp_path / "maild.log").read_text()[-2000:]
            await run.kill()
    return disk, record.changes(), inbox


def looked_at(image: Path, left: list[bytes]) -> tuple[bool, int]:
    """Whether the database is whole, and how many of these mails are not in it."""
    connection = sqlite.connect(image / "maild.db")
    try:
        is_whole = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = connection.execute("SELECT raw, raw_file FROM inbound").fetchall()
    finally:
        connection.close()
    kept = {raw for raw, _ in rows if raw is not None}
    for _, name in rows:
        path = image / "mails" / str(name)
        if name and path.is_file():
            kept.add(path.read_bytes())
    return is_whole, sum(mail not in kept for mail in left)


async def test_after_any_loss_of_power_every_mail_that_left_the_inbox_is_there(tmp_path: Path) -> None:
    images, chance, lost, corrupt = scaled(IMAGES, 10), random.Random(4), 0, 0
    disk, changes, inbox = await lived(tmp_path, scaled(120, 8))
    moments = sorted(chance.randrange(len(changes)) for _ in range(images))
    fed, most = 0, 0
    for number, moment in enumerate(moments):
        for change in changes[fed : moment + 1]:
            disk.feed(change)
        fed = max(fed, moment + 1)
        image = tmp_path / f"image{number}"
        disk.image(image, chance)
        left = [raw for at, raw in inbox.left if at <= changes[moment].time]
        is_whole, missing = looked_at(image, left)
        corrupt, lost, most = corrupt + (not is_whole), lost + missing, max(most, len(left))
        for path in sorted(image.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
    shown("i04", images=images, changes=len(changes), mails_moved=most, lost=lost, corrupt=corrupt)
    assert most > 0
    assert (lost, corrupt) == (0, 0)
