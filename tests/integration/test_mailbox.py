"""Does the mailbox do what it says, on two servers that know nothing of each other?"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from mail_servers import SUPPORT, Account, Dovecot
from spoilers import Proxy

from maild.demo.server import DemoServer
from maild.errors import Temporary
from maild.ingest.imap_protocol import Refused
from maild.ingest.mailbox import LoginRefused, Mailbox

ODD_PASSWORDS = ['with "quotes"', "back\\slash\\", "Schlüssel à clé", "{5}", "p ss (word) %*"]
ODD_FOLDERS = ["Traités", "avec des blancs", 'dits "traités"', "R&D", "Erledigt/日本語"]


def mail(subject: str, size: int = 100) -> bytes:
    return f"From: a@b.example\r\nSubject: {subject}\r\n\r\n".encode() + b"x" * size + b"\r\n"


@asynccontextmanager
async def opened(account: Account, **settings: Any) -> AsyncIterator[Mailbox]:
    box = await Mailbox.connect("support", account.settings(**settings), account.password, timeout=10)
    try:
        await box.select("INBOX")
        yield box
    finally:
        await box.close()


async def test_mails_are_fetched_octet_for_octet_and_stay_unseen(account: Account) -> None:
    mails = [mail("one"), mail(":-) (* {12}"), mail("three", 300_000)]
    await account.append(*mails)
    async with opened(account) as box:
        uids = await box.uids()
        fetched = await box.fetch(uids)
        assert [fetched[uid] for uid in uids] == mails
        assert [(await box.sizes(uids))[uid] for uid in uids] == [len(m) for m in mails]
        assert await box.uids() == uids == sorted(uids)


async def test_what_is_not_there_is_passed_over(account: Account) -> None:
    await account.append(mail("one"))
    async with opened(account) as box:
        (uid,) = await box.uids()
        assert set(await box.fetch([uid, uid + 1, 99_999])) == {uid}
        assert set(await box.sizes([uid, 99_999])) == {uid}
        await box.ensure_folder("Processed")
        await box.move([99_999], "Processed")


async def test_an_empty_folder_has_no_mails(account: Account) -> None:
    async with opened(account) as box:
        assert await box.uids() == []
        assert await box.fetch([]) == {}


async def test_a_mail_that_somebody_read_is_listed_too(account: Account) -> None:
    await account.append(mail("read already"), flags=r"(\Seen)")
    async with opened(account) as box:
        assert len(await box.uids()) == 1


@pytest.mark.parametrize("folder", ODD_FOLDERS)
async def test_a_folder_may_have_any_name(account: Account, folder: str) -> None:
    await account.append(mail("one"))
    async with opened(account) as box:
        await box.ensure_folder(folder)
        await box.ensure_folder(folder)
        await box.move(await box.uids(), folder)
        assert await box.uids() == []
    assert await account.mails(folder) == [mail("one")]


async def test_selecting_a_folder_that_is_not_there_is_refused(account: Account) -> None:
    async with opened(account) as box:
        with pytest.raises(Refused):
            await box.select("Nowhere")
        assert (await box.select("INBOX")).exists == 0


async def test_idle_ends_with_news_or_without(account: Account) -> None:
    async with opened(account) as box:
        assert await box.uids() == []
        assert await box.idle(0.2) is False
        waiting = asyncio.create_task(box.idle(30))
        await account.append(mail("news"))
        assert await asyncio.wait_for(waiting, 10) is True
        assert len(await box.uids()) == 1


async def test_idle_can_be_woken(account: Account) -> None:
    wake = asyncio.Event()
    async with opened(account) as box:
        await box.uids()
        asyncio.get_running_loop().call_later(0.1, wake.set)
        await asyncio.wait_for(box.idle(600, wake), 10)
        assert await box.uids() == []


async def test_news_is_asked_for_where_the_server_has_no_idle(account: Account) -> None:
    async with Proxy(account.port, {b" IDLE": b" XDLE"}) as proxy, opened(account, port=proxy.port) as box:
        assert await box.uids() == []
        await account.append(mail("news"))
        assert await box.idle(0.1) is True


@pytest.mark.parametrize("lacking", [[b"MOVE"], [b"MOVE", b"UIDPLUS"]], ids=["no MOVE", "no MOVE, no UIDPLUS"])
async def test_filing_never_takes_a_mail_that_a_person_marked_for_deletion(
    dovecot: Dovecot, lacking: list[bytes]
) -> None:
    account = dovecot.account()
    await account.append(mail("a person's"), flags=r"(\Deleted)")
    await account.append(mail("ours"))
    async with (
        Proxy(account.port, {word: b"X" + word[1:] for word in lacking}) as proxy,
        opened(account, port=proxy.port) as box,
    ):
        theirs, ours = await box.uids()
        await box.ensure_folder("Processed")
        await box.move([ours], "Processed")
        assert await box.uids() == [theirs]
    assert mail("a person's") in await account.mails()
    assert await account.mails("Processed") == [mail("ours")]


async def test_where_nothing_can_mark_a_mail_as_filed_none_is_copied(demo_server: DemoServer) -> None:
    """Else it would be copied again at each sweep. The embedded server takes no keywords."""
    account = Account(demo_server.imap_port, SUPPORT, "secret")
    await account.append(mail("ours"))
    without = {b"MOVE": b"XOVE", b"UIDPLUS": b"XIDPLUS"}
    async with Proxy(account.port, without) as proxy, opened(account, port=proxy.port) as box:
        await box.ensure_folder("Processed")
        with pytest.raises(Refused, match="can't be filed"):
            await box.move(await box.uids(), "Processed")
    assert await account.mails("Processed") == []


async def test_a_wrong_password_is_a_refused_login(account: Account) -> None:
    with pytest.raises(LoginRefused):
        await Mailbox.connect("support", account.settings(), "wrong", timeout=10)


async def test_nobody_listening_is_temporary(account: Account) -> None:
    with pytest.raises(Temporary, match=r"no connection to 127\.0\.0\.1:1:"):
        await Mailbox.connect("support", account.settings(port=1), "secret", timeout=5)


@pytest.mark.parametrize("password", ODD_PASSWORDS)
async def test_a_password_may_hold_any_character(dovecot: Dovecot, password: str) -> None:
    async with opened(dovecot.account(password)) as box:
        assert await box.uids() == []


async def test_a_password_beyond_ascii_needs_a_server_that_offers_a_way(dovecot: Dovecot) -> None:
    account = dovecot.account("é")
    async with Proxy(account.port, {b"AUTH=PLAIN": b"AUTH=PLAXX"}) as proxy:
        with pytest.raises(LoginRefused, match="beyond ASCII"):
            await Mailbox.connect("support", account.settings(port=proxy.port), "é", timeout=5)


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
async def test_tls_is_trusted_with_the_right_authority(dovecot: Dovecot, tls: str) -> None:
    port = dovecot.tls_port if tls == "implicit" else dovecot.port
    account = dovecot.account()
    await account.append(mail("big", 3_000_000))
    async with opened(account, tls=tls, port=port, ca=dovecot.ca) as box:
        uids = await box.uids()
        assert await box.fetch(uids) == {uids[0]: mail("big", 3_000_000)}


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2"])
async def test_tls_is_refused_without_it_or_under_another_name(dovecot: Dovecot, tls: str, host: str) -> None:
    port = dovecot.tls_port if tls == "implicit" else dovecot.port
    account = dovecot.account()
    async with Proxy(port) as proxy:
        server = await asyncio.start_server(proxy._serve, host, 0)
        async with server:
            said = {"tls": tls, "host": host, "port": server.sockets[0].getsockname()[1]}
            ca = {} if host == "127.0.0.1" else {"ca": dovecot.ca}
            with pytest.raises(Temporary, match="certificate verify failed"):
                await Mailbox.connect("support", account.settings(**said, **ca), account.password, timeout=10)
            server.close()
            proxy.drop()


async def test_an_authority_that_is_not_there_is_said(dovecot: Dovecot) -> None:
    account = dovecot.account()
    with pytest.raises(Temporary, match="can't be read"):
        await Mailbox.connect("support", account.settings(tls="starttls", ca="/nowhere.pem"), "secret", timeout=5)
