"""Which mailboxes are read after the rules have changed? Those that they name now, each by one task."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from desk_values import settings

from maild.ingest.poller import Poller
from maild.parts import PartEnded
from maild.reception import Reception
from maild.settings import Settings

IMAP = {"host": "imap.example", "user": "u", "password": {"env": "X"}}


def desk(**hosts: str) -> Settings:
    """A desk with these mailboxes, each at a server."""
    boxes = {name: {"address": f"{name}@isybuy.example", "imap": IMAP | {"host": host}} for name, host in hosts.items()}
    return settings(mailboxes=boxes)


@dataclass
class Scripted:
    """Stands for a poller, and writes down when it runs."""

    name: str
    host: str
    told: list[str]
    is_rescanning: bool = False
    fails: Exception | None = None
    ends: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, stop: asyncio.Event) -> None:
        self.told.append(f"+{self.name} {self.host}")
        both = [asyncio.ensure_future(stop.wait()), asyncio.ensure_future(self.ends.wait())]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for each in both:
            each.cancel()
        self.told.append(f"-{self.name} {self.host}")
        if self.fails:
            raise self.fails

    def rescan(self) -> None:
        self.told.append(f"rescan {self.name} {self.host}")


class Running:
    """A reception at work under rules that change."""

    def __init__(self, **hosts: str) -> None:
        self.settings = desk(**hosts)
        self.told: list[str] = []
        self.reception = Reception(lambda: self.settings, self._make)
        self.stop = asyncio.Event()
        self.task = asyncio.create_task(self.reception.run(self.stop))

    def _make(self, name: str, present: Settings) -> Poller:
        imap = present.mailboxes[name].imap
        assert imap is not None
        return cast(Poller, Scripted(name, imap.host, self.told))

    def poller(self, name: str) -> Any:
        return self.reception.pollers[name]

    async def at_rest(self) -> list[str]:
        for _ in range(20):
            await asyncio.sleep(0)
        said, self.told[:] = list(self.told), []
        return said

    async def change(self, changed: Settings) -> list[str]:
        self.settings = changed
        self.reception.rules_changed()
        return await self.at_rest()

    async def end(self) -> list[str]:
        self.stop.set()
        await asyncio.wait_for(self.task, 5)
        return self.told


async def test_a_new_mailbox_is_read_and_another_server_ends_the_task_of_the_old_one() -> None:
    here = Running(support="one")
    assert await here.at_rest() == ["+support one"]
    assert await here.change(desk(support="one", ventes="one")) == ["+ventes one"]
    assert await here.change(desk(support="two", ventes="one")) == ["-support one", "+support two"]
    assert {name: here.poller(name).host for name in here.reception.pollers} == {"support": "two", "ventes": "one"}
    assert sorted(await here.end()) == ["-support two", "-ventes one"]


async def test_what_is_the_same_is_left_alone_wherever_it_is_written() -> None:
    here = Running(support="one")
    await here.at_rest()
    imap = here.settings.mailboxes["support"].imap
    assert imap is not None
    imap.password._written_at = ("rules.yaml", 1, 1)
    assert await here.change(desk(support="one")) == []
    assert await here.end() == ["-support one"]


async def test_a_mailbox_that_was_to_be_read_again_after_a_restore_still_is() -> None:
    here = Running(support="one")
    await here.at_rest()
    here.poller("support").is_rescanning = True
    assert await here.change(desk(support="two")) == ["-support one", "rescan support two", "+support two"]
    await here.end()


@pytest.mark.parametrize("fault", [None, ZeroDivisionError("a bug")])
async def test_a_task_that_ends_by_itself_ends_all_of_them(fault: Exception | None) -> None:
    here = Running(support="one", ventes="one")
    await here.at_rest()
    here.poller("ventes").fails = fault
    here.poller("ventes").ends.set()
    with pytest.raises(type(fault) if fault else PartEnded):
        await asyncio.wait_for(here.task, 5)
    assert [task for task in asyncio.all_tasks() if task.get_name().startswith("poller ")] == []


async def test_whoever_cancels_it_leaves_no_task_behind() -> None:
    here = Running(support="one")
    await here.at_rest()
    here.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await here.task
    assert [task for task in asyncio.all_tasks() if task.get_name().startswith("poller ")] == []
