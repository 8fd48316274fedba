"""Does the server's copy lie where its row says, and where the row's disposition wants it, whatever happened between?

I15 (no MOVE, no UIDPLUS), I16 (target folder missing, over quota, closed), K11, K12 (a move that was never noted).
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from faults.figures import scaled, shown
from mail_servers import Account, Dovecot
from receiving_desk import Receiving, counts, dispositions, open_road, receiving
from road import letter
from spoilers import Proxy
from sqlalchemy import text

from maild.store.inbound_tables import Inbound

NO_MOVE, NO_UIDPLUS = {b"MOVE": b"XOVE"}, {b"MOVE": b"XOVE", b"UIDPLUS": b"XIDPLUS"}


def request(name: str) -> bytes:
    return letter(f"{name}@client-a.example", name, subject=name)


def held(name: str) -> bytes:
    """An agent's mail without a reference and without proof waits for a person."""
    return letter("lea@isybuy.example", name, subject=f"Re: {name}", proof="fail")


async def lies_there(account: Account, row: Inbound, raw: bytes) -> bool:
    """Whether that very mail has that UID in that folder."""
    found = await account.by_uid(row.filed_folder)
    return found.get(row.filed_uid) == raw


@pytest.mark.parametrize("lacking", [{}, NO_MOVE, NO_UIDPLUS], ids=["MOVE", "no MOVE", "no UIDPLUS"])
async def test_the_place_of_a_filed_mail_is_noted(
    tmp_path: Path, dovecot: Dovecot, lacking: dict[bytes, bytes]
) -> None:
    """I15. By COPYUID; where the server does not say it, by search."""
    account, mails = dovecot.account(), [request(f"n{n}") for n in range(5)]
    await account.append(*mails)
    async with Proxy(account.port, lacking) as proxy, open_road(tmp_path) as road:
        async with receiving(road, account.settings(port=proxy.port)) as desk:
            found = await desk.settles(5)
        assert {row.filed_folder for row in found} == {"Processed"}
        assert [await lies_there(account, row, raw) for row, raw in zip(found, mails, strict=True)] == [True] * 5


@pytest.mark.parametrize("lacking", [{}, NO_MOVE], ids=["MOVE", "no MOVE"])
async def test_a_held_mail_that_is_discarded_is_moved_on(
    tmp_path: Path, account: Account, lacking: dict[bytes, bytes]
) -> None:
    await account.append(held("plain"))
    async with Proxy(account.port, lacking) as proxy, open_road(tmp_path) as road:
        async with receiving(road, account.settings(port=proxy.port)) as desk:
            [row] = await desk.settles(1)
            assert (row.filed_folder, len(await account.mails("Held"))) == ("Held", 1)
            await discard(desk, row)
            [row] = await desk.settles(1)
            assert desk.poller.status.moved_on == 1
        assert await account.mails("Held") == []
        assert await lies_there(account, row, held("plain"))


async def discard(desk: Receiving, row: Inbound) -> None:
    """A person says that the held mail leads to nothing."""
    await desk.intake.discard(row.id or 0, by="test")
    desk.poller.wake()  # as the daemon does when another process has written


async def test_a_held_mail_whose_place_is_not_known_is_found_by_its_content(tmp_path: Path, dovecot: Dovecot) -> None:
    account = dovecot.account()
    await account.append(held("plain"), held("another"))
    async with open_road(tmp_path) as road, receiving(road, account.settings()) as desk:
        one, _ = await desk.settles(2)
        await forget_places(desk)
        await discard(desk, one)
        one, _ = await desk.settles(2)
        assert await lies_there(account, one, held("plain"))
        assert await account.mails("Held") == [held("another")]


async def test_a_held_mail_that_a_person_moved_is_left_to_them(tmp_path: Path, dovecot: Dovecot) -> None:
    account = dovecot.account()
    await account.append(held("plain"))
    async with open_road(tmp_path) as road, receiving(road, account.settings()) as desk:
        [row] = await desk.settles(1)
        await account.create("Processed")
        await account.command("COPY", str(row.filed_uid), "Processed", folder="Held")
        await account.command("STORE", str(row.filed_uid), "+FLAGS", r"(\Deleted)", folder="Held")
        await account.command("EXPUNGE", str(row.filed_uid), folder="Held")
        await discard(desk, row)
        [row] = await desk.settles(1)
        assert (row.is_vanished, row.filed_uid) == (True, 0)
        await desk.calm()
        assert desk.poller.status.vanished == 1, "it is looked for once"
        assert await account.mails("Processed") == [held("plain")]


async def test_a_held_folder_that_is_gone_or_made_anew_troubles_nobody(tmp_path: Path, dovecot: Dovecot) -> None:
    account = dovecot.account()
    await account.append(held("one"), held("two"))
    async with open_road(tmp_path) as road:
        async with receiving(road, account.settings()) as desk:
            one, two = await desk.settles(2)
        dovecot.forget_uids(account, "Held")
        async with receiving(road, account.settings()) as desk:
            await discard(desk, one)
            one, _ = await desk.settles(2)
            assert await lies_there(account, one, held("one")), "found again under the new UIDVALIDITY"
            await account.delete("Held")
            await discard(desk, two)
            await desk.settles(2)
            await account.append(request("after"))
            assert dispositions(await desk.settles(3)) == {"applied": 3}


async def forget_places(desk: Receiving) -> None:
    statement = text("UPDATE inbound SET filed_uid = 0, filed_uidvalidity = 0")
    await desk.road.database.write(lambda session: session.connection().execute(statement).close())


@pytest.mark.parametrize("lacking", [{}, NO_UIDPLUS], ids=["MOVE", "no UIDPLUS"])
async def test_a_move_that_was_never_noted_is_noted_later(
    tmp_path: Path, dovecot: Dovecot, lacking: dict[bytes, bytes]
) -> None:
    """K11, K12: the mail has left INBOX, and its row says that it has not."""
    account = dovecot.account()
    await account.append(request("one"), held("two"))
    async with Proxy(account.port, lacking) as proxy, open_road(tmp_path) as road:
        async with receiving(road, account.settings(port=proxy.port)) as desk:
            await desk.settles(2)
        statement = text("UPDATE inbound SET filed_at = NULL, filed_as = '', filed_folder = '', filed_uid = 0")
        await road.database.write(lambda session: session.connection().execute(statement).close())
        async with receiving(road, account.settings(port=proxy.port)) as desk:
            one, two = await desk.settles(2)
            assert desk.poller.status.vanished == 0
        assert await lies_there(account, one, request("one"))
        assert await lies_there(account, two, held("two"))
        assert await counts(road) == (1, await owed_for_one(tmp_path))


async def owed_for_one(folder: Path) -> int:
    """How many mails one such request and one such held mail make."""
    async with open_road(folder / "other") as road:
        await road.receive(request("one"))
        await road.receive(held("two"))
        return (await counts(road))[1]


@pytest.mark.parametrize("lacking", [NO_MOVE, NO_UIDPLUS], ids=["no MOVE", "no UIDPLUS"])
async def test_no_mail_that_a_person_marked_for_deletion_is_ever_expunged(
    tmp_path: Path, dovecot: Dovecot, lacking: dict[bytes, bytes]
) -> None:
    """I15. They lie between ours."""
    account, count = dovecot.account(), scaled(1000, 20)
    theirs = [request(f"theirs{n}") for n in range(count)]
    await account.append(*theirs, flags=r"(\Deleted)")
    async with (
        Proxy(account.port, lacking) as proxy,
        open_road(tmp_path) as road,
        receiving(road, account.settings(port=proxy.port), "now") as desk,
    ):
        await desk.calm()
        await account.append(*[request(f"ours{n}") for n in range(10)])
        await desk.settles(10)
    left = [mail for mail in await account.mails() if b"theirs" in mail]
    ours = len(await account.mails("Processed"))
    lacking_ = "no MOVE" if lacking is NO_MOVE else "no UIDPLUS"
    shown("i15", lacking_, marked_by_a_person=count, expunged=count - len(left), of_ours_filed=ours)
    assert left == theirs
    assert ours == 10


@pytest.fixture(scope="module")
def strict_dovecot() -> Any:
    """It allows 30 kB in each account, and obeys dovecot-acl files."""
    if Dovecot.program() is None:
        pytest.skip("dovecot is not installed (apt-get install dovecot-imapd)")
    server = Dovecot(STRICT).start()
    yield server
    server.stop()


STRICT = """
mail_plugins = quota acl
plugin {
  quota = maildir:all
  quota_rule = *:storage=30K
  acl = vfile
}
"""


async def test_a_target_over_quota_leaves_mail_in_the_inbox_and_is_filed_once_there_is_room(
    tmp_path: Path, strict_dovecot: Dovecot
) -> None:
    """I16. Sweep after sweep against the wall: applied once, nothing copied twice, the admin is told."""
    passes = scaled(100, 5)
    account = strict_dovecot.account()
    ballast = letter("x@y.example", "x" * 12_000)
    await account.append(request("one") + b"y" * 12_000 + b"\r\n")
    async with Proxy(account.port, NO_MOVE) as proxy, open_road(tmp_path) as road:
        await account.create("Ballast")
        await account.append(ballast, folder="Ballast")
        async with receiving(road, account.settings(port=proxy.port)) as desk:
            for _ in range(passes):
                await desk.calm()
            [concern] = desk.poller.status.concerns
            assert (concern.key, "quota" in concern.details[2].lower()) == ("not-filed:support:Processed", True)
            assert len(await account.mails()) == 1
            assert (await counts(road))[0] == 1
            await account.delete("Ballast")
            await desk.calm()
            [row] = await desk.settles(1)
            assert desk.poller.status.concerns == ()
            assert desk.poller.status.last_error == ""
    copies = len(await account.mails("Processed"))
    shown("i16", "over quota", passes=passes, doubled=copies - 1, concerns_told=1)
    assert (row.disposition, copies, await account.mails()) == ("applied", 1, [])


async def test_a_target_that_may_not_be_written_holds_up_no_other(tmp_path: Path, strict_dovecot: Dovecot) -> None:
    """I16: ACL."""
    passes = scaled(100, 2)
    account = strict_dovecot.account()
    await account.append(held("one"), request("two"))
    await account.create("Held")
    (strict_dovecot.maildir(account, "Held") / "dovecot-acl").write_text("owner lr\n")
    async with open_road(tmp_path) as road, receiving(road, account.settings()) as desk:
        await desk.calm()
        async with asyncio.timeout(10):
            while len(await account.mails("Processed")) != 1:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        for _ in range(passes):
            await desk.calm()
        assert [c.key for c in desk.poller.status.concerns] == ["not-filed:support:Held"]
        assert await account.mails() == [held("one")]
        found = dispositions(await desk.rows())
    shown("i16", "ACL denied", passes=passes, doubled=sum(found.values()) - 2, concerns_told=1)
    assert found == {"applied": 1, "held": 1}


async def test_a_target_folder_that_is_taken_away_is_made_again(tmp_path: Path, account: Account) -> None:
    """I16: missing, at the start and later."""
    passes = scaled(50, 2)
    async with open_road(tmp_path) as road, receiving(road, account.settings()) as desk:
        for number in range(passes):
            await account.append(request(f"n{number}"))
            await desk.settles(number + 1)
            await account.delete("Processed")
        await account.append(request("last"))
        found = dispositions(await desk.settles(passes + 1))
    shown("i16", f"missing {account.server}", passes=passes, doubled=sum(found.values()) - passes - 1, concerns_told=0)
    assert found == {"applied": passes + 1}
    assert await account.mails("Processed") == [request("last")]
