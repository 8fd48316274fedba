"""Does the demo tell its story to the end, and does it notice when the daemon does not do its part?"""

import asyncio
import io

import pytest
from rich.console import Console

from maild.clock import Clock
from maild.daemon import Daemon
from maild.daemon import build as build_daemon
from maild.demo.people import NoSuchLabel, Received
from maild.demo.scenes import SCENES
from maild.demo.story import run
from maild.settings import Settings
from maild.sweeper import Sweeper

TIME_MOVES = 1 + [title for title, _ in SCENES].index("Time moves: reminders")


class SleepingSweeper(Sweeper):
    """Its timers fall due, and it never looks."""

    async def run(self, stop: asyncio.Event) -> None:
        await stop.wait()


def build_without_sweeper(settings: Settings, clock: Clock) -> Daemon:
    daemon = build_daemon(settings, clock)
    daemon.sweeper = SleepingSweeper(daemon.database, lambda: daemon.desk, clock)
    return daemon


class FallenSweeper(Sweeper):
    """It breaks at the first look, and takes the daemon with it."""

    async def run(self, stop: asyncio.Event) -> None:
        raise RuntimeError("the sweeper has fallen")


def build_that_falls(settings: Settings, clock: Clock) -> Daemon:
    daemon = build_daemon(settings, clock)
    daemon.sweeper = FallenSweeper(daemon.database, lambda: daemon.desk, clock)
    return daemon


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=200)


def told(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


async def test_every_step_of_the_story_holds(console: Console) -> None:
    code = await run(once=True, console=console)
    story = told(console)
    assert (code, "✗" in story) == (0, False), story
    assert f"{len(SCENES)} of {len(SCENES)} steps held." in story


async def test_a_daemon_that_sends_no_reminders_is_found_out(console: Console) -> None:
    code = await run(once=True, console=console, build=build_without_sweeper, patience=4.0)
    story = told(console)
    failed = [line.removeprefix("✗ FAILED: ") for line in story.splitlines() if line.startswith("✗ FAILED")]
    assert code == 1, story
    assert failed[0] == f"{TIME_MOVES}. Time moves: reminders", story
    assert "expected: Alice gets a reminder (« Nous nous permettons de revenir vers vous »" in story
    assert "seen:     no new mail" in story
    assert [title for title, _ in SCENES[:TIME_MOVES]] == [
        line.partition(". ")[2].rstrip(" ─") for line in story.splitlines() if "─" in line and ". " in line
    ][:TIME_MOVES]


async def test_a_daemon_that_falls_fails_every_step_at_once(console: Console) -> None:
    code = await run(once=True, console=console, build=build_that_falls, patience=4.0)
    story = told(console)
    assert code == 1
    assert f"0 of {len(SCENES)} steps held." in story
    assert "the sweeper has fallen" in story


def test_a_link_is_found_by_its_words_and_its_absence_is_told() -> None:
    html = '<p><a href="mailto:a@b.example?subject=x&amp;body=y">C’est <b>réglé</b></a> <a href="#">Autre</a></p>'
    mail = Received(b"Content-Type: text/html; charset=utf-8\r\n\r\n" + html.encode())
    assert mail.link("C'est réglé") == "mailto:a@b.example?subject=x&body=y"
    with pytest.raises(NoSuchLabel, match=r"Rouvrir.*C'est réglé, Autre"):
        mail.link("Rouvrir")
