"""Does a large mail come whole, in little memory, and does its file come back when it is lost?

I08, R05 (sizes that lie, memory), I25 (files missing or cut short), K01 to K04 (a crash between fetching and keeping).
"""

import asyncio
import hashlib
import os
import random
import sys
from asyncio import StreamWriter
from pathlib import Path
from typing import Any

import pytest
from faults.figures import scaled, shown
from faults.mailbox_server import MailboxServer
from inbound_in_memory import becomes
from integration.test_imap_faults import says
from mail_servers import Account, Dovecot
from receiving_desk import Receiving, open_road, receiving
from road import letter
from spoilers import ScriptedServer

from maild.ingest.pieces import LARGEST_MAIL
from maild.store.inbound import IN_DATABASE
from maild.store.spool import Draft, Spool
from maild.store.tables import Restoration

MEBI = 1024 * 1024


def large(name: str, octets: int = 5 * MEBI) -> bytes:
    """A mail of about that size, not twice the same."""
    lines = random.Random(name).randbytes(4096).hex()
    head = letter(f"{name}@client-a.example", name, subject=name)
    text = [lines[n : n + 76].encode() for n in range(0, len(lines), 76)]
    return head + b"\r\n".join(text * (octets // 8400)) + b"\r\n"


async def kept(desk: Receiving, count: int) -> list[bytes]:
    """The bytes of the mails, once so many are kept."""
    async with asyncio.timeout(30):
        while len(found := await desk.rows()) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return [await desk.road.inbound.raw_of(row.id or 0) for row in found]


async def test_a_large_mail_comes_octet_for_octet_into_a_file(tmp_path: Path, account: Account) -> None:
    mails = [letter("a@b.example"), large("big", 9 * MEBI), letter("c@d.example")]
    await account.append(*mails)
    async with open_road(tmp_path) as road, receiving(road, account.settings(), works=False) as desk:
        assert await kept(desk, 3) == mails
        row = (await desk.rows())[1]
    assert (row.raw, row.size, row.sha256) == (None, len(mails[1]), hashlib.sha256(mails[1]).hexdigest())
    assert [p.name for p in (tmp_path / "mails").iterdir()] == [row.raw_file], "no draft is left"


async def test_a_mail_of_36_megabytes_costs_little_memory(tmp_path: Path, dovecot: Dovecot) -> None:
    """R05. In a process of its own, which measures itself: at most 32 MiB above what it had before."""
    account = dovecot.account()
    await account.append(large("huge", 36 * MEBI))
    program = MEASURED.format(port=account.port, user=account.user, folder=tmp_path)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    said, _ = await asyncio.wait_for(child.communicate(), 60)
    octets, grown = map(int, said.split())
    assert octets > 35 * MEBI
    shown("i08", "a true mail of 36 MiB", lies=0, believed=0, grown_at_most_mib=round(grown / 1024, 1))
    assert grown < 32 * 1024


async def test_an_endless_literal_costs_little_memory(tmp_path: Path) -> None:
    """I08. 2^40 octets are announced and begun, for a mail that was said to be small; in a process of its own too."""

    async def flood(tag: bytes, writer: StreamWriter) -> None:
        if b"RFC822.SIZE" in server.heard[-1]:
            writer.write(b"* 1 FETCH (UID 5 RFC822.SIZE %d)\r\n" % MEBI + tag + b" OK\r\n")
            return
        writer.write(b"* 1 FETCH (UID 5 BODY[]<0> {1099511627776}\r\n")
        for _ in range(64):
            writer.write(b"x" * MEBI)
            await writer.drain()

    server = ScriptedServer({"SEARCH": says(b"* SEARCH 5\r\nTAG OK\r\n"), "FETCH": flood})
    async with server:
        program = MEASURED.format(port=server.port, user="user", folder=tmp_path)
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2]
        )
        said, _ = await asyncio.wait_for(child.communicate(), 60)
    octets, grown = map(int, said.split())
    shown("i08", "endless literal", lies=1, believed=int(octets > 0), grown_at_most_mib=round(grown / 1024, 1))
    assert octets == 0
    assert grown < 32 * 1024


MEASURED = """
import asyncio
from pathlib import Path
from maild.errors import Temporary
from maild.ingest.mailbox import Mailbox
from maild.ingest.pieces import spool
from maild.settings import Imap
from maild.store.spool import Draft

def peak():  # not ru_maxrss, which a child inherits
    words = Path("/proc/self/status").read_text().split()
    return int(words[words.index("VmHWM:") + 1])

async def main():
    said = dict(host="127.0.0.1", port={port}, tls="none", user="{user}", password=dict(env="NONE"))
    box = await Mailbox.connect("support", Imap.model_validate(said), "secret")
    await box.select("INBOX")
    [uid] = await box.uids()
    size = (await box.sizes([uid]))[uid]
    before = peak()
    with Draft(Path("{folder}")) as draft:
        try:
            await spool(box, uid, draft, size)
        except Temporary:
            pass
        print(draft.size, peak() - before)
    await box.close()

asyncio.run(main())
"""


class Pieces(ScriptedServer):
    """It has one mail and hands it over as `cut` says: (offset, length) asked for -> (offset, octets) given."""

    def __init__(self, raw: bytes, announced: int, cut: Any = None) -> None:
        self.raw, self.announced = raw, announced
        self.cut = cut or (lambda offset, length: (offset, raw[offset : offset + length]))
        super().__init__({"SEARCH": self._listed, "FETCH": self._fetched})

    def _listed(self, tag: bytes, writer: StreamWriter) -> None:
        writer.write(b"* SEARCH 5\r\n" + tag + b" OK\r\n")

    def _fetched(self, tag: bytes, writer: StreamWriter) -> None:
        asked = self.heard[-1]
        if b"RFC822.SIZE" in asked:
            writer.write(b"* 1 FETCH (UID 5 RFC822.SIZE %d)\r\n" % self.announced + tag + b" OK\r\n")
        elif b"INTERNALDATE" in asked:
            writer.write(tag + b" OK\r\n")
        elif b"[]<" in asked:
            offset, length = map(int, asked.partition(b"<")[2].partition(b">")[0].split(b"."))
            given, octets = self.cut(offset, length)
            writer.write(b"* 1 FETCH (UID 5 BODY[]<%d> {%d}\r\n" % (given, len(octets)) + octets + b")\r\n")
            writer.write(tag + b" OK\r\n")
        else:
            writer.write(b"* 1 FETCH (UID 5 BODY[] {%d}\r\n" % len(self.raw) + self.raw + b")\r\n" + tag + b" OK\r\n")


SMALL_PIECES = large("pieces", 5 * MEBI)


@pytest.mark.parametrize(
    ("announced", "most"),
    [(len(SMALL_PIECES), 100_000), (len(SMALL_PIECES) - 7, MEBI), (len(SMALL_PIECES) + 4096, MEBI)],
    ids=["short pieces", "announced too small", "announced too large"],
)
async def test_a_server_may_cut_and_guess_as_it_likes(tmp_path: Path, announced: int, most: int) -> None:
    """I08. The octets count, once they were the same twice."""
    raw = SMALL_PIECES
    cut = lambda offset, length: (offset, raw[offset : offset + min(length, most)])  # noqa: E731
    async with (
        Pieces(raw, announced, cut) as server,
        open_road(tmp_path) as road,
        receiving(road, server.settings(), works=False) as desk,
    ):
        assert await kept(desk, 1) == [raw]


@pytest.mark.parametrize("fault", ["another offset", "more than asked for", "other octets each time", "NIL"])
async def test_a_server_that_hands_over_something_else_is_not_believed(tmp_path: Path, fault: str) -> None:
    """I08. Fetched again three times, then it stays in the folder and the admin is told."""
    raw, count = SMALL_PIECES, iter(range(10**6))
    cuts = {
        "another offset": lambda offset, length: (offset + 1, raw[offset : offset + length]),
        "more than asked for": lambda offset, length: (offset, raw[offset : offset + length + 1]),
        "other octets each time": lambda offset, length: (offset, b"%07d" % next(count) if offset < 70 else b""),
        "NIL": lambda offset, length: (offset, b""),
    }
    async with (
        Pieces(raw, len(raw), cuts[fault]) as server,
        open_road(tmp_path) as road,
        receiving(road, server.settings(), works=False) as desk,
    ):
        await becomes(lambda: desk.poller.status.unreadable == 1)
        await becomes(lambda: [c.key for c in desk.poller.status.concerns] == ["unreadable:support:7:5"])
        believed = len(await desk.rows())
    shown("i08", fault, lies=1, believed=believed, grown_at_most_mib=0)
    assert believed == 0
    assert list((tmp_path / "mails").iterdir()) == []


async def test_a_small_size_that_hides_a_large_mail_costs_no_memory(tmp_path: Path) -> None:
    """I08. A literal above 8 MiB is refused; the third time the mail is asked for in pieces."""
    raw = large("hidden", 9 * MEBI)
    async with (
        Pieces(raw, 10) as server,
        open_road(tmp_path) as road,
        receiving(road, server.settings(), works=False) as desk,
    ):
        assert await kept(desk, 1) == [raw]


@pytest.mark.parametrize("announced", [LARGEST_MAIL + 1, 10 * MEBI], ids=["announced", "not announced"])
async def test_a_mail_above_the_limit_stays_and_the_admin_is_told(tmp_path: Path, announced: int) -> None:
    """Pieces without end are given up at 128 MiB."""
    piece = b"x" * MEBI
    async with (
        Pieces(b"", announced, lambda offset, length: (offset, piece)) as server,
        open_road(tmp_path) as road,
        receiving(road, server.settings(), works=False) as desk,
    ):
        await becomes(lambda: desk.poller.status.too_large == 1)
        assert [c.key for c in desk.poller.status.concerns] == ["too-large:support:7:5"]
        assert await desk.rows() == []


def damage(path: Path, how: str) -> None:
    if how == "missing":
        path.unlink()
    elif how == "cut short":
        os.truncate(path, path.stat().st_size // 2)
    else:
        data = bytearray(path.read_bytes())
        data[1000] ^= 1
        path.write_bytes(data)


@pytest.mark.parametrize("how", ["missing", "cut short", "another bit"])
async def test_a_damaged_file_is_fetched_again_before_the_mail_is_worked(
    tmp_path: Path, account: Account, how: str
) -> None:
    """I25. Three sorts of damage, two servers: 504 files."""
    count = scaled(84, 3)
    mails = [large(f"n{n}", IN_DATABASE * 2) for n in range(count)]
    await account.append(*mails)
    async with open_road(tmp_path) as road:
        async with receiving(road, account.settings(), works=False) as desk:
            await kept(desk, count)
        for path in (tmp_path / "mails").iterdir():
            damage(path, how)
        async with receiving(road, account.settings()) as desk:
            found = await desk.settles(count, 20 + count)
            mended = desk.poller.status.mended
            shown("i25", f"{how} {account.server}", files=count, not_recovered=count - mended)
            assert mended == count
            assert [await road.inbound.raw_of(row.id or 0) for row in found] == mails
            assert {row.disposition for row in found} == {"applied"}


async def test_a_damaged_file_of_a_filed_mail_is_fetched_from_where_it_lies(tmp_path: Path, account: Account) -> None:
    raw = large("filed", IN_DATABASE * 2)
    await account.append(raw)
    async with open_road(tmp_path) as road:
        async with receiving(road, account.settings()) as desk:
            await desk.settles(1)
        for path in (tmp_path / "mails").iterdir():
            path.unlink()
        async with receiving(road, account.settings()) as desk:
            await becomes(lambda: desk.poller.status.mended == 1)
            assert await road.inbound.raw_of(1) == raw


async def test_a_file_is_not_mended_with_the_octets_of_another_mail(tmp_path: Path) -> None:
    """A server that has changed one octet: the size is right, and the digest is not."""
    raw = large("changed", IN_DATABASE * 2)
    async with MailboxServer() as server, open_road(tmp_path) as road:
        settings = Account(server.port, "user", "secret").settings()
        server.deliver(raw)
        async with receiving(road, settings) as desk:
            await desk.settles(1)
        for path in (tmp_path / "mails").iterdir():
            path.unlink()
        [stored] = server.folders["Processed"].values()
        stored.raw = raw[:-3] + b"!" + raw[-2:]
        async with receiving(road, settings) as desk:
            await becomes(lambda: [c.key for c in desk.poller.status.concerns] == ["bytes-lost:support:1"])
            assert desk.poller.status.mended == 0
            assert [row.damage for row in await desk.rows()] == ["lost"]
        assert list((tmp_path / "mails").iterdir()) == []


async def test_a_mail_whose_bytes_are_nowhere_is_held_and_the_others_go_on(tmp_path: Path, account: Account) -> None:
    await account.append(large("gone", IN_DATABASE * 2))
    async with open_road(tmp_path) as road:
        async with receiving(road, account.settings(), works=False) as desk:
            await kept(desk, 1)
            [uid] = [row.uid for row in await desk.rows()]
        await account.command("STORE", str(uid), "+FLAGS", r"(\Deleted)")
        await account.command("EXPUNGE", str(uid))
        for path in (tmp_path / "mails").iterdir():
            path.unlink()
        await account.append(letter("next@client-a.example"))
        async with receiving(road, account.settings()) as desk:
            lost, following = await desk.settles(2)
            assert (lost.disposition, lost.reason, lost.damage) == ("held", "bytes-lost", "lost")
            assert following.disposition == "applied"
            await becomes(lambda: [c.key for c in desk.poller.status.concerns] == ["bytes-lost:support:1"])


async def test_after_a_restore_a_mail_without_its_file_is_found_where_it_was_filed_since(
    tmp_path: Path, account: Account
) -> None:
    """R09. The backup has it as kept in INBOX; its file is gone, and in the time that was lost it went to Processed."""
    raw = large("since", IN_DATABASE * 2)
    await account.append(raw)
    async with open_road(tmp_path) as road:
        async with receiving(road, account.settings(), works=False) as desk:
            await kept(desk, 1)
            [uid] = [row.uid for row in await desk.rows()]
        await account.create("Processed")
        await account.command("COPY", str(uid), "Processed")
        await account.command("STORE", str(uid), "+FLAGS", r"(\Deleted)")
        await account.command("EXPUNGE", str(uid))
        for path in (tmp_path / "mails").iterdir():
            path.unlink()
        await road.database.write(
            lambda s: s.add(Restoration(found_at=road.clock.now(), first_number=2001, pending=["support"]))
        )
        async with receiving(road, account.settings()) as desk:
            await desk.calm()
            assert [row.damage for row in await desk.rows()] == ["damaged"], "not lost as long as it may be found"
            desk.poller.rescan()
            await becomes(lambda: not desk.poller.is_rescanning)
            [found] = await desk.settles(1)
            assert (found.disposition, found.filed_folder, found.damage) == ("applied", "Processed", "")
            assert await road.inbound.raw_of(1) == raw


async def test_what_a_crash_left_behind_is_removed_or_used(tmp_path: Path, account: Account) -> None:
    """K01 to K03: a draft. K04: a whole file without a row; the mail is kept again and has the same file."""
    raw = large("crash", 5 * MEBI)
    await account.append(raw)
    spool_ = Spool(tmp_path / "mails")
    draft = spool_.draft().__enter__()
    draft.write(raw[:1000])
    async with open_road(tmp_path) as road, receiving(road, account.settings(), works=False) as desk:
        assert await kept(desk, 1) == [raw]
        [row] = await desk.rows()
    spool_.put(raw, row.uidvalidity, row.uid)
    assert [path.name for path in spool_.folder.iterdir()] == [row.raw_file]


def test_a_draft_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), Draft(tmp_path) as draft:
        draft.write(b"abc")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []
