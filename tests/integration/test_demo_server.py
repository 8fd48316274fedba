"""Does the embedded server do what a real receiving server does?"""

import aiosmtplib
import pytest
from mail_servers import ALICE, HOST, SUPPORT, Account

from maild.demo.server import DemoServer

MAIL = b"From: Alice <alice@client-a.example>\r\nTo: support@desk.example\r\nSubject: hi\r\n\r\n" + b"x" * 998 + b"\r\n"


async def send(server: DemoServer, to: list[str], raw: bytes, login: str = "") -> None:
    async with aiosmtplib.SMTP(hostname=HOST, port=server.smtp_port, start_tls=False) as client:
        if login:
            await client.login(login, server.users[login])
        await client.sendmail(ALICE, to, raw)


@pytest.mark.parametrize(("login", "result"), [("", "fail"), (SUPPORT, "fail"), (ALICE, "pass")])
async def test_the_sender_is_proved_by_the_login(demo_server: DemoServer, login: str, result: str) -> None:
    await send(demo_server, [SUPPORT], MAIL, login)
    (got,) = await demo_server.messages(SUPPORT)
    lines = got.decode().split("\r\n")
    assert lines[:2] == [
        f"Return-Path: <{ALICE}>",
        f"Authentication-Results: mx.desk.example; dmarc={result} header.from=client-a.example",
    ]
    assert lines[2].startswith("Received: ")
    assert got.endswith(MAIL)


async def test_a_plus_address_leads_to_its_account_once(demo_server: DemoServer) -> None:
    await send(demo_server, ["Support+ref.x@DESK.example", SUPPORT], MAIL)
    assert len(await demo_server.messages(SUPPORT)) == 1


@pytest.mark.parametrize("address", ["nobody@desk.example", "support@client-a.example", "nobody"])
async def test_unknown_recipients_are_refused(demo_server: DemoServer, address: str) -> None:
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await send(demo_server, [address], MAIL)
    assert (refused.value.recipients[0].code, refused.value.recipients[0].message[:5]) == (550, "5.1.1")


async def test_a_wrong_password_is_refused(demo_server: DemoServer) -> None:
    async with aiosmtplib.SMTP(hostname=HOST, port=demo_server.smtp_port, start_tls=False) as client:
        with pytest.raises(aiosmtplib.SMTPAuthenticationError):
            await client.login(ALICE, "wrong")


async def test_a_mail_can_be_put_into_any_folder_and_read_by_imap(demo_server: DemoServer) -> None:
    await demo_server.deliver(SUPPORT, MAIL, "Traités")
    assert await demo_server.messages(SUPPORT, "Traités") == [MAIL]
    assert await Account(demo_server.imap_port, SUPPORT, "secret").mails("Traités") == [MAIL]
    assert await demo_server.messages(SUPPORT, "Nowhere") == []


async def test_ports_can_be_chosen(demo_server: DemoServer) -> None:
    ports = demo_server.imap_port, demo_server.smtp_port
    await demo_server.__aexit__(None, None, None)
    async with DemoServer({SUPPORT: "s"}, authserv_id="x", imap_port=ports[0], smtp_port=ports[1]) as again:
        assert (again.imap_port, again.smtp_port) == ports
        await send(again, [SUPPORT], MAIL)
