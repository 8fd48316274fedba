"""What follows when the database was restored: numbers, mails that wait for a person, mailboxes that are read again.

The way back in time is SQLite's own backup. The whole daemon, with kills, is tests/faults/test_restore.py.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
import pytest
from desk_values import NOW, RING, settings
from road import ALICE, BRUNO, LEA, Arrived, Road, letter

from maild.config.desk import open_desk
from maild.errors import BadConfig, Temporary
from maild.store.database import Database, DiskFull
from maild.store.deliveries import OutboxRows
from maild.store.mark import mark_of, path_of, read_mark
from maild.store.orders import cancel_held, retry_held
from maild.store.restoration import Restorations, is_read_again
from maild.store.schema import differences

IMAP = {"host": "imap.isybuy.example", "user": "support", "password": {"env": "MAILD_PASSWORD"}}
BOX = {"address": "support@isybuy.example", "trust": {"authserv_id": "mx.isybuy.example"}, "imap": IMAP}


class Mailbox:
    """A poller, as the restorations see it."""

    def __init__(self) -> None:
        self.is_rescanning = False
        self.rescans = 0

    def rescan(self) -> None:
        self.is_rescanning = True
        self.rescans += 1


@asynccontextmanager
async def desk_in(folder: Path, after: int = 0, now: datetime = NOW) -> AsyncIterator[Road]:
    """A desk whose mailbox has a folder of its own; UIDs up to `after` were given before."""
    present = open_desk(settings(mailboxes={"support": BOX}), RING)
    road = Road(folder, lambda: present, now)
    road._uid = after
    try:
        yield road
    finally:
        await road.database.close()


def backup(source: Path, target: Path) -> None:
    """The database as it is now, in another folder."""
    target.mkdir(exist_ok=True)
    old, new = sqlite.connect(source / "maild.db"), sqlite.connect(target / "maild.db")
    old.backup(new)
    old.close()
    new.close()


def give_mark(source: Path, target: Path) -> None:
    """The mark of the one beside the other."""
    path_of(target / "maild.db").write_bytes(path_of(source / "maild.db").read_bytes())


def restorations(road: Road, box: Mailbox | None = None) -> Restorations:
    return Restorations(road.database, road.clock, {"support": box or Mailbox()})


async def states(road: Road) -> list[tuple[str, str, str]]:
    """Of each mail to send: template, state, reason."""

    def look(session: Any) -> list[tuple[str, str, str]]:
        rows = session.connection().exec_driver_sql("SELECT template, state, reason FROM outbox ORDER BY id")
        return [(template, state, reason) for template, state, reason in rows]

    return await road.database.read(look)


async def reread(road: Road, *raws: bytes, folder: str = "Processed") -> None:
    """These are found in a folder of ours and have no row."""
    first = 1 + len(raws)
    await road.inbound.keep([Arrived(900 + n, raw, folder=folder) for n, raw in enumerate(raws, first)])
    await road.intake.drain()


async def test_a_database_that_nobody_touched_is_no_restored_one(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as road:
        assert await restorations(road).look() is None
        await road.receive(letter(ALICE))
        assert await restorations(road).look() is None
        assert await restorations(road).look() is None
        assert differences(road.database) == []


async def test_a_database_behind_its_mark_is_restored_and_none_of_its_numbers_is_given_again(tmp_path: Path) -> None:
    async with desk_in(tmp_path / "desk") as road:
        await restorations(road).look()
        await road.receive(letter(ALICE))
        backup(tmp_path / "desk", tmp_path / "saved")
        for n in range(3):
            await road.receive(letter(ALICE, subject=f"Autre {n}"))
        await restorations(road).look()
        path_of(tmp_path / "saved" / "maild.db").write_bytes(path_of(tmp_path / "desk" / "maild.db").read_bytes())
    async with desk_in(tmp_path / "saved", after=10) as road:
        found = await restorations(road).look()
        assert found is not None
        assert found.first_number == 1004 + 1000
        assert (await road.receive(letter(ALICE, subject="Encore"))).ticket == 2004
        assert await restorations(road).look() is None


@pytest.mark.parametrize("mark", ["none", "of another database", "broken"])
async def test_a_database_with_rows_beside_no_mark_of_its_own_is_restored(tmp_path: Path, mark: str) -> None:
    async with desk_in(tmp_path) as road:
        await restorations(road).look()
        await road.receive(letter(ALICE))
        path = path_of(tmp_path / "maild.db")
        if mark == "none":
            path.unlink()
        else:
            other = {"database": "other", "commits": 1, "ticket": 1001, "homes": []}
            path.write_text("{" if mark == "broken" else json.dumps(other))
        found = await restorations(road).look()
        assert found is not None
        assert found.first_number >= 2001


async def test_a_database_that_was_there_before_marks_were_is_not_restored(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as road:
        await road.receive(letter(ALICE))
        assert await restorations(road).look() is None
        assert read_mark(tmp_path / "maild.db") is not None


async def test_a_mark_that_cannot_be_written_stops_nobody_and_makes_nothing_look_restored(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as road:
        in_the_way = tmp_path / "maild.db.mark.new"
        in_the_way.mkdir()
        assert await restorations(road).look() is None
        await road.receive(letter(ALICE))
        assert await restorations(road).look() is None
        assert read_mark(tmp_path / "maild.db") is None
        in_the_way.rmdir()
        assert await restorations(road).look() is None
        assert read_mark(tmp_path / "maild.db") is not None


async def test_a_mark_that_cannot_be_read_is_the_operators_matter(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as road:
        path_of(tmp_path / "maild.db").mkdir()
        with pytest.raises(BadConfig, match="can't be read"):
            await restorations(road).look()


async def test_what_had_not_left_is_held_until_a_person_lets_it_go_or_cancels_it(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as road:
        await road.receive(letter(ALICE))
        rows, past = OutboxRows(road.database), restorations(road)
        assert await rows.claim(road.clock.now(), 1)
        found = await past.look(is_said=True)
        assert found is not None
        assert found.held == 2
        assert {(state, reason) for _, state, reason in await states(road)} == {("held", "restored")}
        assert await rows.claim(road.clock.now(), 10) == []
        await road.database.write(partial(retry_held, reason="restored", now=road.clock.now()))
        assert len(await rows.claim(road.clock.now(), 10)) == 2
        await past.look(is_said=True)
        assert await road.database.write(partial(cancel_held, reason="restored", now=road.clock.now())) == 2
        assert {state for _, state, _ in await states(road)} == {"cancelled"}


async def test_a_backup_in_which_only_states_are_older_is_seen(tmp_path: Path) -> None:
    """Nothing was received since; but what was queued then has left."""
    async with desk_in(tmp_path / "desk") as road:
        await restorations(road).look()
        await road.receive(letter(ALICE))
        await restorations(road).mark()
        backup(tmp_path / "desk", tmp_path / "saved")
        rows = OutboxRows(road.database)
        for claimed in await rows.claim(road.clock.now(), 10):
            await rows.settle(claimed.id, state="sent", reason="", detail="", next_at=None, now=road.clock.now())
        await restorations(road).mark()
    give_mark(tmp_path / "desk", tmp_path / "saved")
    async with desk_in(tmp_path / "saved", after=1) as road:
        assert await restorations(road).look() is not None
        assert [line[1:] for line in await states(road)] == [("held", "restored")] * 2


async def test_looking_and_writing_nothing_is_no_commit(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as road:
        await road.receive(letter(ALICE))
        before = await road.database.read(Database.commits)
        assert before > 0
        await road.database.write(Database.foreign_version)
        assert await road.database.read(Database.commits) == before


async def test_a_mail_that_was_worked_and_could_not_be_filed_is_not_answered_again_by_itself(tmp_path: Path) -> None:
    """It lies in the mailbox's own folder, and its row is gone; the mark knows how far the folder was read."""
    worked = letter(ALICE, subject="Après la sauvegarde")
    async with desk_in(tmp_path / "desk") as road:
        await road.inbound.start("support", "INBOX", 1, None, "", 0)
        await restorations(road).look()
        await road.receive(letter(ALICE))
        backup(tmp_path / "desk", tmp_path / "saved")
        await road.receive(worked)
        await restorations(road).mark()
    give_mark(tmp_path / "desk", tmp_path / "saved")
    async with desk_in(tmp_path / "saved", after=1) as road:
        assert await restorations(road).look() is not None
        await road.receive(worked)
        await road.receive(letter(ALICE, subject="Tout neuf"))
        assert [line[1:] for line in await states(road)][2:] == [("held", "restored")] * 2 + [("queued", "")] * 2
        mark = await road.database.read(mark_of)
        assert [(home.folder, home.read_to) for home in mark.homes] == [("INBOX", 3)]


async def test_a_mail_of_a_mailbox_that_is_no_longer_in_the_rules_may_have_been_worked(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as road:
        await restorations(road).look(is_said=True)
        await road.keep(letter(ALICE))
        other = settings(mailboxes={"help": {**BOX, "address": "help@isybuy.example"}})
        assert await road.database.read(lambda session: is_read_again(session, 1, lambda: other))


async def test_nothing_begins_after_a_restore_while_the_mark_can_not_be_written(tmp_path: Path) -> None:
    """Else the next start would be one after a restore, and what was worked in between would be held."""
    async with desk_in(tmp_path) as road:
        await restorations(road).look()
        await road.receive(letter(ALICE))
        await restorations(road).mark()
        in_the_way = tmp_path / "maild.db.mark.new"
        in_the_way.mkdir()
        with pytest.raises(Temporary, match="mark"):
            await restorations(road).look(is_said=True)
        assert {state for _, state, _ in await states(road)} == {"queued"}
        in_the_way.rmdir()
        assert await restorations(road).look(is_said=True) is not None
        await road.receive(letter(ALICE, subject="Neuf"))
        in_the_way.mkdir()
        assert await restorations(road).look() is None
        assert [line[1:] for line in await states(road)][2:] == [("queued", "")] * 2


async def test_a_restore_that_was_found_and_not_written_is_found_again_and_leaves_out_no_more(tmp_path: Path) -> None:
    class Full(Database):
        async def write(self, work: Any) -> Any:
            raise DiskFull("no room")

    async with desk_in(tmp_path / "desk") as road:
        await restorations(road).look()
        backup(tmp_path / "desk", tmp_path / "saved")
        await road.receive(letter(ALICE))
        await restorations(road).mark()
    give_mark(tmp_path / "desk", tmp_path / "saved")
    for _ in range(2):
        full = Full(tmp_path / "saved" / "maild.db", is_durable=False)
        with pytest.raises(DiskFull):
            await Restorations(full, road.clock, {}).look()
        await full.close()
    async with desk_in(tmp_path / "saved") as road:
        found = await restorations(road).look()
        assert found is not None
        assert found.first_number == 1001 + 1000
        assert await restorations(road).look() is None


async def test_a_mailbox_is_not_read_again_before_all_is_worked_that_was_kept(tmp_path: Path) -> None:
    box = Mailbox()
    async with desk_in(tmp_path) as road:
        await road.keep(letter(ALICE))
        road.clock.set(NOW + timedelta(hours=1))
        past = restorations(road, box)
        await past.look(is_said=True)
        await past.follow()
        assert box.rescans == 0
        await road.intake.drain()
        await road.keep(letter(ALICE, subject="Tout neuf"))
        await past.follow()
        await past.follow()
        assert box.rescans == 1


@pytest.mark.parametrize("is_dealt_with", [True, False])
async def test_the_admin_hears_of_it_until_it_is_dealt_with_or_a_day_has_passed(
    tmp_path: Path, is_dealt_with: bool
) -> None:
    box = Mailbox()
    async with desk_in(tmp_path) as road:
        await road.receive(letter(ALICE))
        past = restorations(road, box)
        await past.look(is_said=True)
        assert await past.concerns() == ()  # nobody knows yet how many will be held
        await past.follow()
        box.is_rescanning = False
        await past.follow()
        [concern] = await past.concerns()
        assert (concern.notice, concern.details) == ("restored", ("2",))
        road.clock.set(NOW + timedelta(hours=2))
        assert await past.concerns() == (concern,)
        if is_dealt_with:
            await road.database.write(partial(cancel_held, reason="restored", now=road.clock.now()))
        else:
            road.clock.set(NOW + timedelta(hours=24))
        assert await past.concerns() == ()


async def test_a_mail_that_is_read_again_is_worked_and_what_it_owes_is_held(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as road:
        await restorations(road).look(is_said=True)
        await reread(road, letter(ALICE))
        assert (await road.ticket(11000)).subject == "Impossible d'exporter"
        assert [line[1:] for line in await states(road)] == [("held", "restored")] * 2
        await road.receive(letter(ALICE, subject="Tout neuf"))
        assert [line[1:] for line in await states(road)] == [("held", "restored")] * 2 + [("queued", "")] * 2


async def test_a_mail_that_waited_in_the_backup_may_have_been_answered_since(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as road:
        await road.keep(letter(ALICE))
        road.clock.set(NOW + timedelta(hours=1))
        await restorations(road).look(is_said=True)
        await road.intake.drain()
        assert {line[1:] for line in await states(road)} == {("held", "restored")}


async def test_nothing_is_held_where_nothing_was_restored(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as road:
        await restorations(road).look()
        await reread(road, letter(ALICE))
        assert {state for _, state, _ in await states(road)} == {"queued"}


async def test_a_reminder_that_was_due_before_is_held_and_the_next_one_leaves(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as road:
        await road.receive(letter(ALICE))
        subject = str((await road.last(LEA))["Subject"])
        await road.receive(letter(LEA, "Quelle version ?\n\n#attente", subject=f"Re: {subject}"))
        road.clock.set(NOW + timedelta(days=3))
        await restorations(road).look(is_said=True)
        await road.after(minutes=1)
        await road.after(days=4)
        assert [line for line in await states(road) if line[0] == "relance"] == [
            ("relance", "held", "restored"),
            ("relance", "queued", ""),
        ]


async def test_words_gathered_from_mails_that_are_read_again_are_held(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as road:
        await road.receive(letter(ALICE))
        subject = str((await road.last(ALICE))["Subject"])
        road.clock.set(NOW + timedelta(hours=1))
        await restorations(road).look(is_said=True)
        await reread(road, *(letter(ALICE, f"Mot {n}", subject=f"Re: {subject}") for n in range(3)))
        await road.after(minutes=6)
        told = [line for line in await states(road) if line[0] == "agent_customer_reply"]
        assert told == [("agent_customer_reply", "held", "restored")] * 2


async def test_the_same_cause_gives_the_same_message_id_whatever_came_before_it(tmp_path: Path) -> None:
    """Row ids are given again after a restore; another mail must not get the name of one that has left."""
    async with desk_in(tmp_path / "desk") as road:
        await road.receive(letter(ALICE))
        subject = str((await road.last(ALICE))["Subject"])
        backup(tmp_path / "desk", tmp_path / "saved")
        reply = letter(ALICE, "Voici.", subject=f"Re: {subject}")
        await road.receive(reply)
        lost = (await road.last(LEA))["Message-ID"]
    async with desk_in(tmp_path / "saved", after=10) as road:
        await road.receive(letter(BRUNO, "Autre chose", subject="Livraison"))
        assert (await road.last(LEA))["Message-ID"] != lost
        await road.receive(reply)
        assert (await road.last(LEA))["Message-ID"] == lost


async def test_a_reply_to_a_ticket_that_is_gone_is_explained_and_can_be_let_in(tmp_path: Path) -> None:
    async with desk_in(tmp_path / "desk") as road:
        backup(tmp_path / "desk", tmp_path / "saved")
        await road.receive(letter(ALICE))
        subject = str((await road.last(ALICE))["Subject"])
    async with desk_in(tmp_path / "saved", after=10) as road:
        await restorations(road).look(is_said=True)
        ending = await road.receive(letter(ALICE, "Voici.", subject=f"Re: {subject}"))
        assert (ending.verdict, ending.disposition) == ("bad_reference", "held")
        assert ("bad_reference_refused", "queued", "") in await states(road)
        await road.intake.release(1, into=None, new=True, by="test")
        assert (await road.ending(1)).ticket == 11000


async def test_a_mailbox_is_read_again_until_it_was_read_to_the_end_also_over_restarts(tmp_path: Path) -> None:
    box = Mailbox()
    async with desk_in(tmp_path) as road:
        past = restorations(road, box)
        await past.look(is_said=True)
        await past.follow()
        await past.follow()
        assert await past.pending() == {"support"}
        later, box = restorations(road, again := Mailbox()), Mailbox()
        await later.look()
        await later.follow()
        assert again.rescans == 1
        again.is_rescanning = False
        await later.follow()
        assert await restorations(road).pending() == set()


async def test_a_backup_from_the_time_that_was_lost_is_seen_too(tmp_path: Path) -> None:
    """Monday's backup was put back, then Tuesday's is found: its numbers are higher than those of today."""
    async with desk_in(tmp_path / "desk") as road:
        await restorations(road).look()
        backup(tmp_path / "desk", tmp_path / "monday")
        await road.receive(letter(ALICE))
        await restorations(road).look()
        backup(tmp_path / "desk", tmp_path / "tuesday")
        mark = path_of(tmp_path / "desk" / "maild.db").read_bytes()
    path_of(tmp_path / "monday" / "maild.db").write_bytes(mark)
    async with desk_in(tmp_path / "monday", after=10) as road:
        assert await restorations(road).look() is not None
        await road.receive(letter(BRUNO))
        await restorations(road).look()
        mark = path_of(tmp_path / "monday" / "maild.db").read_bytes()
    path_of(tmp_path / "tuesday" / "maild.db").write_bytes(mark)
    async with desk_in(tmp_path / "tuesday") as road:
        assert await restorations(road).look() is not None
