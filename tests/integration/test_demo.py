"""Does the demo tell its story to the end, and does it notice when the daemon does not do its part?"""

import asyncio
import imaplib
import io
import os
import re
import signal

import pytest
from rich.console import Console

from maild.clock import CountingClock
from maild.daemon import Daemon
from maild.daemon import build as build_daemon
from maild.demo.cast import ALICE
from maild.demo.opening import Build
from maild.demo.people import NoSuchLabel, Received
from maild.demo.scenes import SCENES
from maild.demo.server import HOST, DemoServer
from maild.demo.story import run
from maild.ingest.mailbox import Mailbox
from maild.settings import Imap, Secret, Settings
from maild.sweeper import Sweeper

TIME_MOVES = 1 + [title for title, _ in SCENES].index("Time moves: reminders")


class BrokenSweeper(Sweeper):
    """Its timers fall due, and it never looks; `error` ends it, and the daemon with it."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error

    def wake(self) -> None: ...

    async def run(self, stop: asyncio.Event) -> None:
        if self._error is not None:
            raise self._error
        await stop.wait()


def with_sweeper(sweeper: Sweeper) -> Build:
    """The real daemon, but for this part."""

    def build(settings: Settings, clock: CountingClock) -> Daemon:
        daemon = build_daemon(settings, clock)
        daemon.sweeper = sweeper
        return daemon

    return build


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
    code = await run(once=True, console=console, build=with_sweeper(BrokenSweeper()), patience=4.0)
    story = told(console)
    failed = [line.removeprefix("✗ FAILED: ") for line in story.splitlines() if line.startswith("✗ FAILED")]
    assert code == 1, story
    assert failed == [f"{TIME_MOVES}. Time moves: reminders"], story
    assert "expected: Alice gets a reminder (« Nous nous permettons de revenir vers vous »" in story
    assert "seen:     no new mail" in story
    assert f"{len(SCENES) - 1} of {len(SCENES)} steps held." in story


async def test_a_daemon_that_falls_fails_every_step_at_once(console: Console) -> None:
    code = await run(
        once=True, console=console, build=with_sweeper(BrokenSweeper(RuntimeError("it has fallen"))), patience=4.0
    )
    story = told(console)
    assert code == 1
    assert f"0 of {len(SCENES)} steps held." in story
    assert "the daemon has ended: RuntimeError: it has fallen" in story


async def test_after_the_story_the_desk_stays_up_for_ones_own_mail_client(console: Console) -> None:
    """What it says about connecting is true, and a signal ends it."""
    demo = asyncio.create_task(run(once=False, console=console))
    while "Ctrl-C ends" not in told(console):
        await asyncio.sleep(0.05)
        assert not demo.done()
    host, port = re.findall(r"IMAP +([\d.]+):(\d+)", told(console))[0]
    password = re.findall(r"password +(\w+)", told(console))[0]

    def mails() -> int:
        with imaplib.IMAP4(host, int(port), timeout=10) as client:
            client.login(ALICE.address, password)
            return int(client.select("INBOX")[1][0] or b"0")

    assert await asyncio.to_thread(mails) == 6
    os.kill(os.getpid(), signal.SIGTERM)
    assert await asyncio.wait_for(demo, 20) == 0


async def test_idle_tells_at_once_of_a_mail_that_came_before_it() -> None:
    async with DemoServer({ALICE.address: "demo"}, authserv_id="mx.isybuy.example") as server:
        settings = Imap(
            host=HOST, port=server.imap_port, tls="none", user=ALICE.address, password=Secret(env="NOT_ASKED")
        )
        box = await Mailbox.connect("alice", settings, "demo")
        await box.select("INBOX")
        assert await box.uids() == []
        await server.deliver(ALICE.address, b"From: a@b.example\r\n\r\nx\r\n")
        async with asyncio.timeout(10):
            assert await box.idle(60)
        await box.close()


def test_a_link_is_found_by_its_words_and_its_absence_is_told() -> None:
    html = '<p><a href="mailto:a@b.example?subject=x&amp;body=y">C’est <b>réglé</b></a> <a href="#">Autre</a></p>'
    mail = Received(b"Content-Type: text/html; charset=utf-8\r\n\r\n" + html.encode())
    assert mail.link("C'est réglé") == "mailto:a@b.example?subject=x&body=y"
    with pytest.raises(NoSuchLabel, match=r"Rouvrir.*C'est réglé, Autre"):
        mail.link("Rouvrir")
