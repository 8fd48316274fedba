"""A desk in a folder for tests of the command line: its rules file, its keys, and a store filled by the real intake."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session

from maild.clock import SystemClock, VirtualClock
from maild.config.desk import open_desk
from maild.config.keyfile import load_keyring
from maild.config.load import load
from maild.intake import Intake
from maild.store import queries
from maild.store.database import Database
from maild.store.deliveries import OutboxRows
from maild.store.inbound import InboundStore
from maild.store.lines import OutboxLine
from maild.store.schema import thrown_away

NOW = datetime(2024, 11, 25, 8, 0, tzinfo=UTC)  # 9 h in Paris; commands themselves run by the real clock

RULES = """\
version: 1
site:
  name: Support iSYBUY
  language: fr
  timezone: Europe/Paris
  reference: ISY
  key: {file: keys}
mailboxes:
  support:
    address: support@isybuy.example
    imap: {host: 127.0.0.1, port: 9, tls: none, user: support, password: {file: secret}}
    trust: {authserv_id: mx.isybuy.example}
store: {database: maild.db, files: mails}
smtp: {host: 127.0.0.1, port: 9, tls: none}
admin: admin@isybuy.example
people:
  agents:
    - {name: Léa Martin, address: lea@isybuy.example, teams: [n1]}
  customers:
    - {address: alice@client-a.example, name: Alice Durand}
queues:
  support: {team: n1}
  invoices: {team: n1}
rules:
  - name: invoices
    if: {subject: {contains: facture}}
    then: {queue: invoices, tags: [compta]}
  - name: the rest
    then: {assign: least_loaded}
waiting:
  - {after: 2 days, send: relance}
  - {after: 10 days, resolve: no_answer}
"""


def message(sender: str, subject: str, text: str, **headers: str) -> bytes:
    """A mail as the receiving server delivered it, its sender proved."""
    domain = sender.rpartition("@")[2].rstrip(">")
    lines = {
        "Authentication-Results": f"mx.isybuy.example; dmarc=pass header.from={domain}",
        "From": sender,
        "To": "support@isybuy.example",
        "Subject": subject,
        "Message-ID": f"<{abs(hash((sender, subject, text)))}@{domain}>",
        "Date": "Mon, 23 Nov 2026 09:00:00 +0100",
        "Content-Type": "text/plain; charset=utf-8",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{head}\r\n{text}\r\n".encode()


@dataclass(frozen=True)
class Arrived:
    """A mail in the support mailbox."""

    uid: int
    raw: bytes
    mailbox: str = "support"
    folder: str = "INBOX"
    uidvalidity: int = 1


class CliDesk:
    """Everything of a desk but the daemon."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rules = folder / "rules.yaml"
        self.rules.write_text(RULES, "utf-8")
        (folder / "secret").write_text("secret\n")
        (folder / "secret").chmod(0o600)
        self._uid = 0

    def change(self, written: str, instead: str) -> None:
        """Put other words into the rules file."""
        self.rules.write_text(self.rules.read_text("utf-8").replace(written, instead), "utf-8")

    @property
    def database(self) -> Path:
        """The store's file."""
        return self.folder / "maild.db"

    def receive(self, *raws: bytes) -> None:
        """These mails arrive and are worked, in a first start of the desk if there was none."""
        asyncio.run(self._receive(raws))

    async def _receive(self, raws: tuple[bytes, ...]) -> None:
        settings, clock = load(self.rules), VirtualClock(NOW)
        ring = load_keyring(
            settings.site.key,
            create=True,
            now=SystemClock().now(),
            new_key=lambda: b"k" * 32,
            new_instance=lambda: "test",
        )
        desk = open_desk(settings, ring)
        database = thrown_away(settings.store.database)
        try:
            inbound = InboundStore(database, settings.store.files, clock)
            for raw in raws:
                self._uid += 1
                await inbound.keep([Arrived(self._uid, raw)])
            await Intake(database, inbound, lambda: desk, clock).drain()
        finally:
            await database.close()

    def send_all(self, reason: str = "") -> None:
        """Every mail in the outbox is sent; with the reason `unconfirmed`, no server says that it has it."""

        async def work() -> None:
            database = Database(self.database, is_durable=False)
            rows = OutboxRows(database)
            while claimed := await rows.claim(NOW, 50):
                for row in claimed:
                    await rows.settle(row.id, state="sent", reason=reason, detail="250 taken", next_at=None, now=NOW)
            await database.close()

        asyncio.run(work())

    def mails(self) -> list[tuple[OutboxLine, bytes]]:
        """Every mail written so far, with its bytes."""

        def work(session: Session) -> list[tuple[OutboxLine, bytes]]:
            return [(line, queries.outbox_bytes(session, line.id) or b"") for line in queries.outbox(session)]

        database = Database(self.database, is_durable=False)
        try:
            return database.read_now(work)
        finally:
            asyncio.run(database.close())
