"""What does `maild status` say of alerts and of the way out?"""

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cli_desk import NOW, CliDesk, message

from maild.cli import main
from maild.cli.place import desk_of
from maild.cli.words import details
from maild.concern import Alert, Concern
from maild.config.load import load
from maild.daemon import only_one
from maild.plan import alerts as plan
from maild.standing import say
from maild.store import alerts
from maild.store.apply import apply
from maild.store.database import Database, Session

LOGIN = Concern("mailbox-login:support", "mailbox-login", ("support", "NO\x1b[2J wrong"))
DOWN = Concern("smtp-down", "smtp-down", ("refused",))
OVER = Concern("disk-low:/", "disk-low", ("/", "3"))
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliDesk:
    """A desk whose watchman has told something."""
    made = CliDesk(tmp_path)
    monkeypatch.setenv("MAILD_RULES", str(made.rules))
    made.receive()
    told = Alert(LOGIN, NOW, told_at=NOW + MINUTE)
    mail = plan.alert_mail(desk_of(load(made.rules)), told, NOW)
    known = [told, Alert(DOWN, NOW, paged_at=NOW + MINUTE), Alert(OVER, NOW, NOW, NOW, NOW + MINUTE)]

    def work(session: Session) -> None:
        alerts.save(session, known)
        apply(session, [mail], NOW)

    database = Database(made.database)
    database.write_now(work)
    asyncio.run(database.close())
    return made


def test_open_alerts_are_shown_with_what_was_done_about_them(desk: CliDesk, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"]) == 0
    out = capsys.readouterr().out
    shown = [line.removeprefix("ALERT:     ") for line in out.splitlines() if line.startswith("ALERT:")]
    assert shown == [
        "The login to a mailbox is refused (support, NO\N{REPLACEMENT CHARACTER}[2J wrong), since 2024-11-25 09:00; "
        "told by mail 2024-11-25 09:01 (queued)",
        "No mail leaves: the server does not answer (refused), since 2024-11-25 09:00; "
        "told by the command 2024-11-25 09:01",
    ]
    assert main(["status", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["alerts"]
    assert [(a["key"], a["mail"], bool(a["told_at"]), bool(a["paged_at"])) for a in found] == [
        ("mailbox-login:support", "queued", True, False),
        ("smtp-down", None, False, True),
    ]


@pytest.mark.parametrize(
    ("smtp", "line"),
    [
        ({"state": "idle", "failing_since": None, "error": "", "is_configuration": False}, "  smtp: idle"),
        ({"state": "sending", "failing_since": None, "error": "", "is_configuration": True}, "  smtp: sending"),
        (
            {"state": "failing", "failing_since": NOW.isoformat(), "error": "535 no", "is_configuration": True},
            "  smtp: failing since 2024-11-25 09:00: 535 no; time will not mend it, see `smtp:` in the rules file",
        ),
    ],
)
def test_the_state_of_the_way_out_is_shown(
    desk: CliDesk, capsys: pytest.CaptureFixture[str], smtp: dict[str, object], line: str
) -> None:
    database = desk.folder / "maild.db"
    with only_one(database):
        say(database, {"pid": 1, "version": "1", "started_at": NOW.isoformat(), "mailboxes": {}, "smtp": smtp})
        assert main(["status"]) == 0
        assert line in capsys.readouterr().out.splitlines()
        assert main(["status", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["daemon"]["smtp"] == smtp


@contextmanager
def daemon_says(desk: CliDesk, said_at: datetime, **more: Any) -> Iterator[None]:
    """A daemon holds the lock, and has written its status then."""
    with only_one(desk.database):
        said = {"pid": 1, "version": "1", "started_at": NOW.isoformat(), "said_at": said_at.isoformat(), **more}
        say(desk.database, said)
        yield


def status(capsys: pytest.CaptureFixture[str]) -> tuple[list[str], dict[str, Any]]:
    """For people, line by line; and for programs."""
    assert main(["status"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert main(["status", "--json"]) == 0
    return lines, json.loads(capsys.readouterr().out)


def test_a_daemon_that_says_nothing_any_more_is_told_from_one_that_speaks(
    desk: CliDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    with daemon_says(desk, NOW):
        lines, found = status(capsys)
    assert "The daemon has said nothing since 2024-11-25 09:00: what follows of it is of then." in lines
    assert found["daemon_silent_since"] == "2024-11-25T09:00:00+01:00"
    with daemon_says(desk, datetime.now(UTC)):
        lines, found = status(capsys)
    assert not any("said nothing" in line for line in lines) and found["daemon_silent_since"] is None
    (desk.folder / "maild.db.status").unlink()
    with only_one(desk.database):
        assert "maild is running on maild.db, and has not said yet what it does." in status(capsys)[0]


def test_what_the_daemon_names_no_more_is_over_and_what_it_names_is_in_its_latest_words(
    desk: CliDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    concerns = {
        LOGIN.key: {"is_here": True, "last_at": NOW.isoformat(), "details": ["support", "NO expired"]},
        DOWN.key: {"is_here": False, "last_at": (NOW + MINUTE).isoformat(), "details": ["refused"]},
    }
    with daemon_says(desk, datetime.now(UTC), concerns=concerns):
        lines, found = status(capsys)
    [alert] = [line for line in lines if line.startswith("ALERT:")]
    assert "(support, NO expired), since" in alert
    [over] = [line for line in lines if line.startswith("over:")]
    assert over.endswith("(refused), since 2024-11-25 09:00; over since 2024-11-25 09:01")
    assert [bool(a["over_since"]) for a in found["alerts"]] == [False, True]
    with daemon_says(desk, NOW, concerns=concerns):  # who says nothing does not say that something is over
        assert all(not a["over_since"] for a in status(capsys)[1]["alerts"])


@pytest.mark.parametrize(
    ("notice", "given", "shown"),
    [
        ("restored", ["41"], "41 mails held back"),
        ("restored", ["41", "a", "b"], "41 mails held back, a still to be read again, b still to be read again"),
        ("disk-low", ["/srv", "29"], "/srv, 29 MiB left"),
        ("smtp-down", ["refused"], "refused"),
        ("not-filed", ["support", "Done", "NO {quota}"], "support, folder Done, NO {quota}"),
    ],
)
def test_details_say_what_they_are(notice: str, given: list[str], shown: str) -> None:
    assert details(notice, given) == shown


class Disk:
    """What statvfs says of a file system of a GiB."""

    f_frsize = 4096
    f_blocks = 1024**3 // 4096

    def __init__(self, free: int) -> None:
        self.f_bavail = free // self.f_frsize


@pytest.mark.parametrize(
    ("free", "begins"),
    [(4096, "DISK FULL: nothing can be written in "), (29 << 20, "disk low:  29 MiB left in "), (1 << 30, "")],
)
def test_a_full_disk_is_seen_though_nobody_could_write_of_it(
    desk: CliDesk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, free: int, begins: str
) -> None:
    monkeypatch.setattr(os, "statvfs", lambda _: Disk(free))
    lines, found = status(capsys)
    assert any(line.startswith(f"{begins}{desk.folder}") for line in lines) is bool(begins)
    assert [disk["is_full"] for disk in found["room"]] == ([free < 1 << 20] if begins else [])


@pytest.mark.parametrize(("proved", "is_said"), [(0, True), (1, False)])
def test_a_mailbox_at_which_no_sender_is_proved_is_said(
    desk: CliDesk, capsys: pytest.CaptureFixture[str], proved: int, is_said: bool
) -> None:
    def mail(number: int) -> bytes:
        given = message(f"c{number}@client-a.example", f"Question {number}", "Bonjour")
        below = b"Received: from a by mx.isybuy.example; Mon, 23 Nov 2026 09:00:00 +0100\r\n"
        return given if number < proved else below + given

    desk.receive(mail(0), mail(1))
    assert not any("no sender was proved" in line for line in status(capsys)[0])
    desk.receive(mail(2))
    lines, found = status(capsys)
    remark = (
        "support: no sender was proved: 0 of 3 mails carry a result of mx.isybuy.example that counts; "
        "see `trust` in docs/rules.md"
    )
    assert (remark in lines) is is_said
    assert [box["mails"] for box in found["unproved"]] == [3] * is_said
