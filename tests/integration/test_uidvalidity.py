"""Is a mail that comes a second time told from one that only looks like it? I10 to I14; and after a restore."""

import asyncio
import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from faults.figures import scaled, shown
from faults.mailbox_server import MailboxServer
from inbound_in_memory import becomes
from mail_servers import Account, Dovecot
from receiving_desk import counts, dispositions, open_road, receiving
from road import Road, letter
from spoilers import Proxy

from maild.settings import Mailbox

RESETS = 10_000  # known mails


def request(name: str) -> bytes:
    return letter(f"{name}@client-a.example", name, subject=name, name=name)


async def test_after_a_reset_known_mails_are_duplicates_and_new_ones_are_worked(
    tmp_path: Path, dovecot: Dovecot
) -> None:
    """I10, I11. Known mails lie in INBOX again, and new ones have UIDs that were used before."""
    account, count, fresh = dovecot.account(), scaled(RESETS, 40), scaled(1000, 5)
    loop = asyncio.get_running_loop()
    known = [request(f"n{n}") for n in range(count)]
    await account.mails()  # makes its folder
    dovecot.deliver(account, *known)
    async with open_road(tmp_path) as road:
        async with receiving(road, account.settings()) as desk:
            await desk.settles(count, 60 + count / 20)
        before = await counts(road)
        dovecot.forget_uids(account)
        new = [request(f"new{n}") for n in range(fresh)]
        dovecot.deliver(account, *new, *known)
        started = loop.time()
        async with receiving(road, account.settings()) as desk:
            found = await desk.settles(2 * count + fresh, 60 + count / 20)
        seconds = loop.time() - started
        after, ends = await counts(road), dispositions(found)
        by_kind: dict[str, Any] = {
            "tickets_for_known": after[0] - before[0] - fresh,
            "seconds": round(seconds),
            "ends": ends,
        }
        shown("i10", known_mails=count, mails_out_for_known=max(0, after[1] - before[1] - 2 * fresh), **by_kind)
        again = [row for row in found if row.uidvalidity != found[0].uidvalidity]
        taken_in = sum(row.disposition == "applied" for row in again)
        shown("i11", new_mails=fresh, lost=max(0, fresh - taken_in), doubled=max(0, taken_in - fresh))
        assert len({row.uidvalidity for row in found}) == 2
        assert ends == {"applied": count + fresh, "duplicate": count}
        assert after[0] == before[0] + fresh
        assert after[1] - before[1] <= 2 * fresh, "at most one answer and one word to the agent a new mail"
        assert await acknowledged(road) > 0, "and nobody is answered twice"
    assert (len(await account.mails()), len(await account.mails("Duplicates"))) == (0, count)


async def acknowledged(road: Road) -> int:
    """How many different senders were acknowledged; fails if one was twice."""
    to = [m.recipient for m in await road.queued() if m.template == "acknowledgement"]
    assert len(to) == len(set(to))
    return len(to)


async def test_a_reset_between_keeping_and_filing_loses_and_doubles_nothing(tmp_path: Path, dovecot: Dovecot) -> None:
    """I10. The rows under the old UIDVALIDITY end as vanished, their mails come anew and are duplicates."""
    account = dovecot.account()
    await account.append(request("one"), request("two"))
    async with open_road(tmp_path) as road:
        async with receiving(road, account.settings(), works=False) as desk:
            await becomes(lambda: desk.poller.status.kept == 2)
        dovecot.forget_uids(account)
        async with receiving(road, account.settings()) as desk:
            found = await desk.settles(4)
        assert dispositions(found) == {"applied": 2, "duplicate": 2}
        assert [row.is_vanished for row in found] == [True, True, False, False]
        assert (await counts(road))[0] == 2
    assert len(await account.mails("Duplicates")) == 2


async def test_what_only_looks_the_same_is_kept_and_worked(tmp_path: Path, dovecot: Dovecot) -> None:
    """I12: no Message-ID, same sender, subject and second. I13: same Message-ID, other content."""
    account, count = dovecot.account(), scaled(1000, 10)
    nameless = [
        re.sub(rb"Message-ID: .*\r\n", b"", letter("a@b.example", f"{n} {side}", subject=f"{n}"))
        for n in range(count)
        for side in ("one", "other")
    ]
    same_name = [
        letter("c@d.example", f"{n} {side}", name=f"same{n}") for n in range(count) for side in ("one", "other")
    ]
    await account.mails()
    dovecot.deliver(account, *nameless, *same_name)
    async with open_road(tmp_path) as road, receiving(road, account.settings()) as desk:
        found = await desk.settles(4 * count, 30 + count)
    lost = {who: 2 * count - sum(row.sender == who for row in found) for who in ("a@b.example", "c@d.example")}
    joined = sum(row.disposition != "applied" for row in found)
    shown("i12", pairs=count, lost=lost["a@b.example"], taken_for_copies=joined)
    shown("i13", pairs=count, lost=lost["c@d.example"], taken_for_copies=joined)
    assert dispositions(found) == {"applied": 4 * count}


async def test_one_mail_in_two_mailboxes_is_one_ticket(tmp_path: Path, dovecot: Dovecot) -> None:
    """I14."""
    count = scaled(1000, 10)
    both = [request(f"n{n}") for n in range(count)]
    one, other = dovecot.account(), dovecot.account()
    for where in (one, other):
        await where.mails()
        dovecot.deliver(where, *both)
    async with open_road(tmp_path) as road:
        here = road.desk()
        boxes = {**here.settings.mailboxes, "direct": Mailbox(address="direct@isybuy.example")}
        settings = here.settings.model_copy(update={"mailboxes": boxes})
        road.desk = lambda: replace(here, settings=settings)
        async with (
            receiving(road, one.settings()) as desk,
            receiving(road, other.settings(), name="direct", works=False) as direct,
        ):
            await becomes(lambda: direct.poller.status.kept == count, 15 + count / 10)
            desk.intake.wake()
            async with asyncio.timeout(30 + count):
                while not all(row.filed_at for row in await desk.rows()):
                    direct.poller.wake()
                    await asyncio.sleep(0.05 + count / 1000)
        found = await desk.rows()
        tickets = (await counts(road))[0]
    shown("i14", pairs=count, tickets_too_many=tickets - count, deliveries=len(found))
    assert tickets == count
    assert dispositions(found) == {"applied": count, "duplicate": count}


async def test_after_a_restore_every_filed_mail_without_a_row_is_kept_again(tmp_path: Path, dovecot: Dovecot) -> None:
    """5.5. The database is as it was before the second half of the mails; they lie in Processed, Held, Duplicates."""
    account = dovecot.account()
    early, late = [request(f"early{n}") for n in range(5)], [request(f"late{n}") for n in range(5)]
    plain = letter("lea@isybuy.example", "?", subject="Re: x", proof="fail")
    await account.append(*early)
    folder = tmp_path / "now"
    async with open_road(folder) as road, receiving(road, account.settings()) as desk:
        await desk.settles(5)
    shutil.copytree(folder, tmp_path / "backup")
    await account.append(*late, early[0], plain)
    async with open_road(folder) as road, receiving(road, account.settings()) as desk:
        await desk.settles(12)
        all_of_them = await counts(road)
    async with open_road(tmp_path / "backup") as road:
        async with receiving(road, account.settings()) as desk:
            await desk.calm()
            assert len(await desk.rows()) == 5
            desk.poller.rescan()
            found = await desk.settles(12)
            assert dispositions(found) == {"applied": 10, "duplicate": 1, "held": 1}
            await desk.calm()
            desk.poller.rescan(["Processed", "Nowhere"])
            await desk.calm()
            assert len(await desk.rows()) == 12, "a second time nothing is strange"
        assert (await counts(road))[0] == all_of_them[0]
    await each_lies_in_its_folder(account, 10, 1, 1)


async def test_a_filed_mail_that_cannot_be_had_is_not_passed_over_when_filed_mail_is_read_again(tmp_path: Path) -> None:
    """5.5. The folder stays to be read until all of it is kept: who restored the database is not told before."""
    spoilt = {b"BODY[]": b"BODX[]"}
    async with MailboxServer() as server, Proxy(server.port, spoilt) as proxy, open_road(tmp_path) as road:
        settings = Account(proxy.port, "user", "secret").settings()
        server.deliver(request("filed"), "Processed")
        async with receiving(road, settings) as desk:
            desk.poller.rescan()
            await desk.calm()
            assert desk.poller.is_rescanning
            assert await desk.rows() == []
            spoilt.clear()
            road.clock.set(road.clock.now() + timedelta(days=1))  # its turn comes again
            desk.poller.wake()
            await becomes(lambda: not desk.poller.is_rescanning)
            assert len(await desk.rows()) == 1


async def each_lies_in_its_folder(account: Account, processed: int, held: int, duplicates: int) -> None:
    folders = ("INBOX", "Processed", "Held", "Duplicates")
    assert [len(await account.mails(folder)) for folder in folders] == [0, processed, held, duplicates]


@pytest.mark.parametrize("lost", ["filed_uid = 0", "is_vanished = 1, filed_as = '', filed_folder = '', filed_uid = 0"])
async def test_a_row_that_lost_track_of_its_copy_gets_it_back(tmp_path: Path, dovecot: Dovecot, lost: str) -> None:
    """The mail in Processed is its own, and no second one."""
    account = dovecot.account()
    await account.append(request("one"), request("two"))
    async with open_road(tmp_path) as road, receiving(road, account.settings()) as desk:
        before = [(row.filed_folder, row.filed_uid) for row in await desk.settles(2)]
        await road.database.write(lambda s: s.connection().exec_driver_sql(f"UPDATE inbound SET {lost}").close())
        desk.poller.rescan()
        await desk.calm()
        found = await desk.rows()
        assert [(row.filed_folder, row.filed_uid) for row in found] == before
        assert not any(row.is_vanished for row in found)
