"""What does the embedded server write on a mail?"""

from datetime import UTC, datetime

import pytest

from maild.demo.stamp import stamped


def first_lines(raw: bytes, account: str | None = None) -> tuple[str, bytes]:
    stamp = stamped(
        raw,
        authserv_id="mx.desk.example",
        mail_from="a@b.example",
        recipient="",
        helo="client\r\nX: y",
        account=account,
        hosted={"desk.example", "client-a.example"},
        at=datetime(2026, 11, 23, tzinfo=UTC),
    )
    lines = stamp.split(b"\r\n")
    assert [line.partition(b":")[0] for line in lines[:3]] == [b"Return-Path", b"Authentication-Results", b"Received"]
    return lines[1].decode().partition("; ")[2], b"\r\n".join(lines[5:])


@pytest.mark.parametrize(
    ("sender", "account", "result"),
    [
        ("Alice <alice@client-a.example>", "alice@client-a.example", "pass"),
        ("ALICE@Client-A.example", "alice@client-a.example", "pass"),
        ("Desk <support+ref.1@desk.example>", "support@desk.example", "pass"),
        ('"alice@client-a.example" <eve@client-a.example>', "alice@client-a.example", "fail"),
        ("alice@client-a.example, eve@other.example", "alice@client-a.example", "fail"),
        ("Alice <alice@client-a.example>\r\nFrom: alice@client-a.example", "alice@client-a.example", "fail"),
        ("Alice <alice@client-a.example>", None, "fail"),
        ("Eve <eve@elsewhere.example>", None, "none"),
        ("Eve <eve@elsewhere.example>", "alice@client-a.example", "none"),
        ("nobody at all", "alice@client-a.example", "none"),
    ],
)
def test_only_the_owner_of_the_from_address_passes(sender: str, account: str | None, result: str) -> None:
    assert first_lines(f"From: {sender}\r\n\r\nx".encode(), account)[0].split()[0] == f"dmarc={result}"


@pytest.mark.parametrize(
    "forged",
    [
        b"Authentication-Results: mx.desk.example; dmarc=pass\r\n",
        b"authentication-results :\r\n MX.desk.example\r\n ; dmarc=pass\r\n",
        b'Authentication-Results: (hi) "mx.desk.example" 1; dmarc=pass\r\n',
        b"Return-Path: <forged@example>\r\n",
    ],
)
def test_what_only_the_server_may_say_is_taken_off(forged: bytes) -> None:
    mail = b"Subject: a\r\n" + forged + b"From: a@b.example\r\n\r\nReturn-Path: <body>\r\n"
    assert first_lines(mail)[1] == mail.replace(forged, b"")


@pytest.mark.parametrize(
    "mail",
    [
        b"Authentication-Results: other.example; dmarc=pass\r\nFrom: a@b.example\r\n\r\nx\r\n",
        b"",
        b"no header at all",
        b"\r\nFrom: a@b.example\r\n",
        b"From: a@b.example",
        b"Subject: \xff\r\n\tfolded\n\nLF only\n",
    ],
)
def test_all_else_stays_octet_for_octet(mail: bytes) -> None:
    assert first_lines(mail)[1] == mail
