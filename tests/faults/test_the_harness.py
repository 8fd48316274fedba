"""Can the harness itself be believed? What once made it accuse the daemon wrongly, or might let a fault pass."""

import asyncio
from pathlib import Path

import pytest
from faults.ledger import Ledger
from faults.mailbox_server import HOST, MailboxServer
from faults.relay import Relay
from road import Road

from maild.intake import Intake
from maild.mail import ParsedMail, Secrecy
from maild.reader import NOT_SECRET, Reader


async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *lines: bytes, until: bytes) -> bytes:
    """Say these lines; everything up to the line that begins so."""
    writer.writelines(line + b"\r\n" for line in lines)
    said = b""
    async with asyncio.timeout(10):
        while not (line := await reader.readline()).startswith(until):
            assert line, "the server has closed"
            said += line
    return said + line


async def test_the_mailbox_server_announces_a_mail_that_came_between_search_and_idle() -> None:
    """A client that was told nothing would wait for its next safety sweep: it looked as if a full disk cost minutes."""
    async with MailboxServer() as server:
        reader, writer = await asyncio.open_connection(HOST, server.port)
        await answered(reader, writer, b"1 LOGIN a b", b"2 SELECT INBOX", b"3 UID SEARCH ALL", until=b"3 OK")
        server.deliver(b"Subject: one\r\n\r\n")
        assert b"* 1 EXISTS" in await answered(reader, writer, b"4 IDLE", until=b"* ")
        server.deliver(b"Subject: two\r\n\r\n")
        assert b"* 2 EXISTS" in await answered(reader, writer, until=b"* ")
        await answered(reader, writer, b"DONE", until=b"4 OK")
        server.deliver(b"Subject: three\r\n\r\n")
        assert b"* 3 EXISTS" in await answered(reader, writer, b"5 NOOP", until=b"5 OK")
        assert b"EXISTS" not in await answered(reader, writer, b"6 NOOP", until=b"6 OK")
        writer.close()


class Broken(Reader):
    """A bug where mails are read."""

    async def read(self, raw: bytes, secrecy: Secrecy = NOT_SECRET) -> ParsedMail:
        raise RuntimeError("a bug")


@pytest.mark.parametrize("size", [0, 300_000])
async def test_the_ledger_finds_a_mail_that_was_held_unread(tmp_path: Path, size: int) -> None:
    """Its row has no subject; it was once called lost, whenever a bug was played where mails are read."""
    async with Relay() as relay:
        road, ledger = Road(tmp_path), Ledger(tmp_path / "maild.db", relay, may_hold=True)
        raw = ledger.new(size)
        await road.keep(raw)
        await Intake(road.database, road.inbound, road.desk, road.clock, reader=Broken()).drain()
        await road.inbound.vanished([1])  # filed, wherever
        ledger.check({"Held": [raw]})
        assert (ledger.totals.faults, ledger.totals.ends["held"]) == ([], 1)
        await road.database.close()


async def test_a_process_killed_before_it_made_its_tables_had_nothing_in_data(tmp_path: Path) -> None:
    (tmp_path / "maild.db").touch()
    async with Relay() as relay:
        assert Ledger(tmp_path / "maild.db", relay).in_data() == []
