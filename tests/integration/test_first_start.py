"""What does the first start on a live mailbox take, and what does it leave alone for good?"""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from inbound_in_memory import becomes
from integration.test_restored import desk_in, give_mark, restorations, states
from mail_servers import Account, Dovecot
from receiving_desk import open_road, receiving
from road import letter

from maild.clock import VirtualClock
from maild.ingest.beginning import uid_set
from maild.ingest.ports import Begin
from maild.settings import Mailbox
from maild.store.inbound import InboundStore
from maild.store.spool import CannotWrite

OLD, RECENT = datetime(2020, 5, 4, 12, tzinfo=UTC), datetime(2026, 11, 20, 12, tzinfo=UTC)


def mail(name: str) -> bytes:
    return letter(f"{name}@client-a.example", name, subject=name)


def subjects(found: Any) -> list[str]:
    return [row.subject for row in found]


@pytest.mark.parametrize(
    ("said", "taken"),
    [("now", ["new"]), ("2026-11-01", ["recent", "new"]), ("all", ["old", "recent", "new"])],
)
async def test_the_first_start_takes_what_the_file_says(
    tmp_path: Path, account: Account, said: str, taken: list[str]
) -> None:
    """A day is counted by when a mail came to the server, not by what it says itself."""
    begin = Mailbox.model_validate({"address": "a@b.example", "from": said}).begins_at(ZoneInfo("Europe/Paris"))
    await account.append(mail("old"), at=OLD)
    await account.append(mail("recent"), at=RECENT)
    async with open_road(tmp_path) as road, receiving(road, account.settings(), begin) as desk:
        await desk.calm()
        await account.append(mail("new"))
        assert subjects(await desk.settles(len(taken))) == taken
        await desk.calm()
        assert desk.poller.status.left_alone == 3 - len(taken)
    assert len(await account.mails()) == 3 - len(taken)


async def test_what_was_left_alone_stays_so_after_a_restart(tmp_path: Path, account: Account) -> None:
    await account.append(mail("old"))
    async with open_road(tmp_path) as road:
        async with receiving(road, account.settings(), "now") as desk:
            await desk.calm()
        await account.append(mail("while it was down"))
        async with receiving(road, account.settings(), "now") as desk:
            assert subjects(await desk.settles(1)) == ["while it was down"]
            await desk.calm()
            assert (desk.poller.status.left_alone, desk.poller.status.kept) == (1, 1)


async def test_a_person_who_moves_an_old_mail_in_again_has_it_worked(tmp_path: Path, account: Account) -> None:
    await account.append(mail("old"), at=OLD)
    async with open_road(tmp_path) as road, receiving(road, account.settings(), "now") as desk:
        await desk.calm()
        await account.append(mail("old"), at=OLD)
        assert subjects(await desk.settles(1)) == ["old"]


async def test_a_new_uidvalidity_is_no_first_start(tmp_path: Path, dovecot: Dovecot) -> None:
    """Old mail stays alone, by its date; what came while the folder was rebuilt is taken."""
    account = dovecot.account()
    await account.append(mail("old"), mail("older"), at=OLD)
    async with open_road(tmp_path) as road:
        road.clock = VirtualClock(datetime.now(UTC))  # the server's
        async with receiving(road, account.settings(), "now") as desk:
            await desk.calm()
            assert desk.poller.status.left_alone == 2
        dovecot.forget_uids(account)
        await account.append(mail("meanwhile"))
        async with receiving(road, account.settings(), "now") as desk:
            assert subjects(await desk.settles(1)) == ["meanwhile"]
            await desk.calm()
            assert desk.poller.status.left_alone == 2


@pytest.mark.parametrize("begin", ["now", datetime(2029, 1, 1, tzinfo=UTC)])
async def test_a_desk_that_has_mails_of_the_folder_is_not_at_its_first_start(
    tmp_path: Path, account: Account, begin: Begin
) -> None:
    """The database may be older than the note of what was left alone."""
    async with open_road(tmp_path) as road:
        await road.keep(mail("of a former version"))
        await account.append(mail("waiting"))
        async with receiving(road, account.settings(), begin) as desk:
            async with asyncio.timeout(10):
                while "waiting" not in subjects(await desk.rows()):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            assert desk.poller.status.left_alone == 0


async def test_what_comes_while_the_first_look_can_not_be_remembered_is_new(tmp_path: Path, account: Account) -> None:
    class Full(InboundStore):
        is_full = True
        tries = 0

        async def start(self, *what: Any) -> None:
            self.tries += 1
            if self.is_full:
                raise CannotWrite("no room")
            await super().start(*what)

    await account.append(mail("old"))
    async with open_road(tmp_path) as road:
        road.inbound = full = Full(road.database, tmp_path / "mails", road.clock)
        async with receiving(road, account.settings(), "now") as desk:
            await becomes(lambda: full.tries > 0)
            await account.append(mail("meanwhile"))
            full.is_full = False
            assert subjects(await desk.settles(1)) == ["meanwhile"]
            await desk.calm()
            assert desk.poller.status.left_alone == 1


@pytest.mark.parametrize("has_mark", [True, False])
async def test_a_restored_database_that_does_not_know_the_mailbox_takes_what_waits_and_holds_the_answers(
    tmp_path: Path, account: Account, has_mark: bool
) -> None:
    """The disk died and there was no backup. The mark knows since when mails are taken; without it all are."""
    await account.append(mail("old"), at=OLD)
    async with desk_in(tmp_path / "desk", now=datetime.now(UTC)) as road:  # the server's
        await restorations(road).look()
        async with receiving(road, account.settings(), "now") as desk:
            await desk.calm()
            await account.append(mail("worked"))
            await desk.settles(1)
            await restorations(road).mark()
    await account.append(mail("waiting"))
    (tmp_path / "saved").mkdir()
    if has_mark:
        give_mark(tmp_path / "desk", tmp_path / "saved")
    async with desk_in(tmp_path / "saved", now=datetime.now(UTC)) as road:
        past = restorations(road)
        assert await past.look(is_said=not has_mark) is not None
        async with receiving(road, account.settings(), "now") as desk:
            taken = ["waiting"] if has_mark else ["old", "waiting"]
            assert subjects(await desk.settles(len(taken))) == taken
            # How far the folder was read is known from the mark; else any of these may have been answered.
            told = {state for _, state, _ in await states(road)}
            assert told == ({"queued"} if has_mark else {"held"})
            await account.append(mail("after"))
            await desk.settles(len(taken) + 1)
            assert [state for _, state, _ in await states(road)][-1] == "queued"


def test_many_uids_are_remembered_in_few_words() -> None:
    assert uid_set(range(1, 50_001)) == "1:50000"
    assert uid_set([]) == ""
    assert uid_set([4, 9, 10]) == "4,9:10"
