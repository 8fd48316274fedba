"""What does `maild status` say of alerts and of the way out?"""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from cli_desk import NOW, CliDesk

from maild.cli import main
from maild.cli.place import desk_of
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
