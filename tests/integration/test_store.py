"""The store: what is written is there, whole or not at all, once."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from desk_values import ALICE, LEA, ticket
from sqlmodel import Session, select

from maild.clock import VirtualClock
from maild.effects import AddMessage, CancelTimers, ChangeTicket, OpenTicket, QueueMail, Settle, StartTimer
from maild.errors import BadConfig
from maild.judgement import VerdictName
from maild.mail import Address, ParsedMail
from maild.store.apply import apply
from maild.store.copies import Filed
from maild.store.database import Database
from maild.store.deliveries import OutboxRows
from maild.store.facts import facts_for
from maild.store.inbound import IN_DATABASE, InboundStore, describe
from maild.store.inbound_tables import Inbound
from maild.store.schema import differences, thrown_away, upgrade
from maild.store.tables import Message, Outbox
from maild.store.tickets import load_tickets, next_number, open_tickets_of
from maild.store.timer_tables import Timer
from maild.ticket import Disposition, Visibility

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Copy:
    """A mail on a server."""

    uid: int
    raw: bytes = b"From: a@b.example\r\n\r\nx"
    mailbox: str = "support"
    folder: str = "INBOX"
    uidvalidity: int = 1


@pytest.fixture
async def database(tmp_path: Path) -> Any:
    base = Database(tmp_path / "maild.db")
    upgrade(base)
    yield base
    await base.close()


@pytest.fixture
def clock() -> Any:
    return VirtualClock(NOW)


@pytest.fixture
def inbound(database: Database, tmp_path: Path, clock: Any) -> Any:
    return InboundStore(database, tmp_path / "mails", clock)


@pytest.fixture
def outbox(database: Database) -> Any:
    return OutboxRows(database)


def owed(key: str, *, to: str = ALICE.address, number: int | None = 1042, at: datetime | None = None) -> QueueMail:
    sender, name = "support@isybuy.example", f"{key}.1@h"
    return QueueMail(key, "agent_reply", to, sender, name, b"bytes", "s", number, 1, not_before=at)


async def write(database: Database, *effects: Any, now: datetime = NOW) -> None:
    await database.write(lambda session: apply(session, effects, now))


async def test_the_migrations_make_exactly_the_tables(database: Database) -> None:
    assert differences(database) == []


async def test_a_database_that_is_thrown_away_is_the_very_one_that_the_migrations_make(
    database: Database, tmp_path: Path
) -> None:
    """Its first and its second copy, to the last row; no copy sees what was written into another."""

    def everything(session: Session) -> Any:
        ask = session.connection().exec_driver_sql
        made = ask("SELECT type, name, sql FROM sqlite_master ORDER BY name").all()
        rows = {name: ask(f'SELECT * FROM "{name}"').all() for kind, name, _ in made if kind == "table"}
        pragmas = ("user_version", "page_size", "journal_mode", "foreign_keys", "encoding", "auto_vacuum")
        # Alembic makes a table's constraints anew in any order.
        schema = [
            (kind, name, sorted(line.strip("\t, ") for line in (sql or "").split("\n"))) for kind, name, sql in made
        ]
        return schema, rows, [ask(f"PRAGMA {name}").scalar_one() for name in pragmas]

    expected = await database.read(everything)
    assert len(expected[0]) > 30
    for name in ("first.db", "second.db"):
        copy = thrown_away(tmp_path / name)
        assert await copy.read(everything) == expected
        assert differences(copy) == []
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
        await write(copy, OpenTicket(ticket(7)))
        await copy.close()
        again = thrown_away(tmp_path / name)
        assert list(await again.read(lambda s: load_tickets(s, [7]))) == [7]
        await again.close()


async def test_a_database_of_a_newer_maild_is_refused(database: Database) -> None:
    with database.connection() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BadConfig, match="newer maild"):
        upgrade(database)


async def test_commits_are_durable_and_the_log_is_written_ahead(database: Database) -> None:
    def pragmas(session: Any) -> Any:
        ask = session.connection().exec_driver_sql
        return ask("PRAGMA journal_mode").scalar_one(), ask("PRAGMA synchronous").scalar_one()

    assert await database.write(pragmas) == ("wal", 2)


async def test_work_that_fails_in_a_commit_rolls_back_nothing_of_its_neighbours(database: Database) -> None:
    def good(number: Any) -> Any:
        return lambda session: apply(session, [OpenTicket(ticket(number))], NOW)

    def bad(session: Any) -> None:
        apply(session, [OpenTicket(ticket(7))], NOW)
        raise ValueError("a bug")

    jobs = [database.write(good(1)), database.write(bad), database.write(good(2))]
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(r) for r in results] == [type(None), ValueError, type(None)]
    found = await database.read(lambda s: sorted(load_tickets(s, [1, 2, 7])))
    assert found == [1, 2]


async def test_effects_are_all_true_or_none(database: Database) -> None:
    broken = [OpenTicket(ticket()), owed("a"), ChangeTicket(9999, {"queue": "x"})]
    with pytest.raises(LookupError):
        await write(database, *broken)
    assert await database.read(lambda s: (load_tickets(s, [1042]), s.exec(select(Outbox)).all())) == ({}, [])


async def test_a_ticket_comes_back_as_it_was_written(database: Database) -> None:
    written = ticket(tags=("a", "b"), type="bug")
    await write(
        database,
        OpenTicket(written),
        AddMessage(1042, Visibility.PUBLIC, ALICE.address, "Bonjour \u2014 \U0001f600", None, "m1@x"),
        AddMessage(1042, Visibility.INTERNAL, LEA.address, "note", None, "m2@x"),
    )
    [read] = (await database.read(lambda s: load_tickets(s, [1042]))).values()
    assert (read.subject, read.tags, read.type, read.participants) == (written.subject, ("a", "b"), "bug", (ALICE, LEA))
    assert read.thread == ("m1@x",), "notes are no part of the thread"
    assert await database.read(next_number) == 1043


async def test_keeping_a_mail_again_changes_nothing(inbound: InboundStore) -> None:
    [first] = await inbound.keep([Copy(5)])
    [again, other] = await inbound.keep([Copy(5, b"other bytes"), Copy(6)])
    assert (again, other) == (first, first + 1)
    assert await inbound.raw_of(first) == Copy(5).raw
    assert await inbound.known("support", "INBOX", 1) == {5, 6}
    assert await inbound.known("support", "INBOX", 2) == set(), "another UIDVALIDITY is another folder"


async def test_a_large_mail_goes_to_a_file_that_nobody_else_may_read(inbound: InboundStore, tmp_path: Path) -> None:
    raw = b"x" * (IN_DATABASE + 1)
    [id_] = await inbound.keep([Copy(1, raw)])
    [file] = (tmp_path / "mails").iterdir()
    assert await inbound.raw_of(id_) == raw
    assert file.stat().st_mode & 0o777 == 0o600


async def test_only_what_is_settled_is_filed_and_only_once(database: Database, inbound: InboundStore) -> None:
    ids = await inbound.keep([Copy(1), Copy(2), Copy(3)])
    await write(
        database,
        Settle(ids[0], Disposition.APPLIED, VerdictName.NEW_TICKET, "r"),
        Settle(ids[1], Disposition.HELD, VerdictName.PLAIN_REPLY, "r"),
    )
    settled = await inbound.settled("support", "INBOX", 1)
    assert [(s.uid, s.disposition) for s in settled] == [(1, Disposition.APPLIED), (2, Disposition.HELD)]
    await inbound.filed([Filed(ids[0], Disposition.APPLIED, "Processed", 9, 1)])
    assert [s.uid for s in await inbound.settled("support", "INBOX", 1)] == [2]
    assert await inbound.known("support", "INBOX", 1) == {2, 3}
    assert [k.id for k in await inbound.kept(10)] == [ids[2]]
    assert await inbound.counts() == {"kept": 1, "applied": 1, "held": 1, "duplicate": 0}


async def test_a_second_copy_is_known_by_its_content(database: Database, inbound: InboundStore) -> None:
    mail = ParsedMail(Address("a@b.example"), content_key="k1")
    [one, two] = await inbound.keep([Copy(1), Copy(2)])

    def first(session: Any) -> None:
        describe(session, one, mail)
        apply(session, [Settle(one, Disposition.APPLIED, VerdictName.NEW_TICKET, "r")], NOW)

    await database.write(first)
    facts = await database.read(lambda s: facts_for(s, mail, (), NOW))
    assert facts.duplicate_of == one
    assert two != one


async def test_what_is_owed_twice_is_queued_once(database: Database) -> None:
    await write(database, OpenTicket(ticket()), owed("a"), owed("a"))
    await write(database, owed("a"))
    assert len(await database.read(lambda s: s.exec(select(Outbox)).all())) == 1


async def test_the_outbox_gives_the_oldest_of_each_ticket_and_recipient(database: Database, outbox: OutboxRows) -> None:
    others = (owed("c", to="bob@x.example"), owed("d", number=7), owed("e", number=None))
    await write(database, owed("a"), owed("b"), *others)
    first = await outbox.claim(NOW, 10)
    assert [m.id for m in first] == [1, 3, 4, 5]
    assert await outbox.claim(NOW, 10) == []
    await outbox.settle(1, state="sent", reason="", detail="", next_at=None, now=NOW)
    assert [m.id for m in await outbox.claim(NOW, 10)] == [2]


async def test_a_mail_that_waits_holds_back_the_later_ones_of_its_pair(database: Database, outbox: OutboxRows) -> None:
    await write(database, owed("a", at=NOW + timedelta(hours=1)), owed("b"))
    assert await outbox.claim(NOW, 10) == []
    assert await outbox.next_due(NOW) == NOW + timedelta(hours=1), "the one behind it is not due before"
    assert [m.id for m in await outbox.claim(NOW + timedelta(hours=1), 10)] == [1]


async def test_a_crash_leaves_before_data_queued_and_in_data_uncertain(database: Database, outbox: OutboxRows) -> None:
    await write(database, owed("a"), owed("b", number=7))
    await outbox.claim(NOW, 10)
    await outbox.in_data(2, NOW)
    await outbox.recover(NOW)
    again = await outbox.claim(NOW, 10)
    assert [(m.id, m.was_uncertain, m.attempts) for m in again] == [(1, False, 2), (2, True, 2)]


async def test_a_second_crash_in_data_sends_no_third_time(database: Database, outbox: OutboxRows) -> None:
    await write(database, owed("a"))
    for _ in range(2):
        await outbox.claim(NOW, 10)
        await outbox.in_data(1, NOW)
        await outbox.recover(NOW)
    assert await outbox.claim(NOW, 10) == []
    row = await database.read(lambda s: s.get(Outbox, 1))
    assert row is not None
    assert (row.state, row.reason) == ("sent", "unconfirmed")


async def test_a_failure_of_the_transport_does_not_count_as_an_attempt(database: Database, outbox: OutboxRows) -> None:
    await write(database, owed("a"))
    await outbox.claim(NOW, 1)
    await outbox.settle(1, state="queued", reason="", detail="", next_at=NOW, now=NOW, count_attempt=False)
    assert [m.attempts for m in await outbox.claim(NOW, 1)] == [1]


async def test_a_timer_is_armed_once_for_its_key(database: Database) -> None:
    timer = StartTimer(1042, "waiting", 1, 1, NOW)
    await write(database, timer, timer, CancelTimers(1042, "waiting"), timer)
    rows = await database.read(lambda s: s.exec(select(Timer)).all())
    assert [row.state for row in rows] == ["cancelled"]


async def test_facts_count_the_answers_of_the_day_and_the_week(database: Database) -> None:
    mail = ParsedMail(Address("dora@inconnu.example"))

    def answer(key: str) -> QueueMail:
        return QueueMail(
            key, "acknowledgement", "Dora@Inconnu.example", "s@x", f"{key}.1@h", b"", is_answer=True, to_unknown=True
        )

    await write(database, answer("old"), now=NOW - timedelta(days=8))
    await write(database, answer("week"), now=NOW - timedelta(days=2))
    await write(database, answer("now"))
    counts = (await database.read(lambda s: facts_for(s, mail, (), NOW))).answers
    assert counts.to_sender_by_template_day == {"acknowledgement": 1}
    assert (counts.to_sender_day, counts.to_sender_week, counts.to_domain_hour, counts.in_all_hour) == (1, 2, 1, 1)


async def test_a_senders_own_tickets_are_the_open_ones_newest_first(database: Database) -> None:
    await write(database, *(OpenTicket(ticket(n)) for n in (1, 2, 3)), ChangeTicket(2, {"status": "resolved"}))
    found = await database.read(lambda s: open_tickets_of(s, ALICE.key))
    assert [t.number for t in found] == [3, 1]


async def test_text_of_any_kind_can_be_stored(database: Database) -> None:
    text = "\U0001f600 \u202e \ufffd"
    await write(database, OpenTicket(ticket()), AddMessage(1042, Visibility.PUBLIC, "a@b", text))
    assert await database.read(lambda s: s.exec(select(Message.text)).one()) == text


async def test_an_attempt_is_counted_before_the_mail_is_understood(database: Database, inbound: InboundStore) -> None:
    ids = await inbound.keep([Copy(1), Copy(2)])
    await inbound.count_attempt(ids)
    assert [row.attempts for row in await database.read(lambda s: s.exec(select(Inbound)).all())] == [1, 1]
