"""The command line as processes, and the commands that run other parts: run, simulate, demo."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from cli_desk import CliDesk, message

from maild import daemon
from maild.cli import main
from maild.store.database import Database

MAILD = [sys.executable, "-c", "import sys, maild.cli; sys.exit(maild.cli.main())"]
STORY = """\
scenario: a question becomes a ticket
start: 2026-11-23 09:00
steps:
- mail:
    from: Alice Durand <alice@client-a.example>
    to: support@isybuy.example
    subject: Impossible d'exporter la facture
    text: Bonjour, l'export échoue.
  expect:
    verdict: VERDICT
- command: maild tickets list --status open
  expect: {output_contains: ["1001", "exporter la facture"]}
"""


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    """A folder with a rules file and a story that passes."""
    CliDesk(tmp_path)
    (tmp_path / "a_passes.yaml").write_text(STORY.replace("VERDICT", "new_ticket"), "utf-8")
    return tmp_path


def test_a_folder_of_stories_that_pass_is_0(stories: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", str(stories)]) == 0
    out = capsys.readouterr().out
    assert "a question becomes a ticket" in out
    assert out.endswith("1 passed, 0 failed\n")
    assert main(["simulate", "--quiet", str(stories)]) == 0
    assert capsys.readouterr().out == "1 passed, 0 failed\n"


def test_an_expectation_that_fails_is_1_and_is_named(stories: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (stories / "b_fails.yaml").write_text(STORY.replace("VERDICT", "reply"), "utf-8")
    assert main(["simulate", "--json", str(stories)]) == 1
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["passed"], second["passed"]) == (True, False)
    assert second["failures"][0]["line"] == 10


def test_a_story_that_can_not_be_read_is_65_and_the_others_are_played(
    stories: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (stories / "a_broken.yaml").write_text("scenario: x\nstart: never\nsteps: []\n", "utf-8")
    assert main(["simulate", str(stories)]) == 65
    shown = capsys.readouterr()
    assert "a_broken.yaml:3" in shown.err
    assert "1 passed, 0 failed, 1 could not be played" in shown.out
    assert main(["simulate", str(stories / "none")]) == 65


def test_a_story_that_can_not_go_on_is_told_up_to_there(stories: Path, capsys: pytest.CaptureFixture[str]) -> None:
    step = "- mail: {from: alice@client-a.example, clicks: reopen of last to alice@client-a.example}\n"
    (stories / "a_passes.yaml").write_text(STORY.replace("VERDICT", "new_ticket") + step, "utf-8")
    assert main(["simulate", str(stories)]) == 65
    shown = capsys.readouterr()
    assert "has no link 'reopen'" in shown.err
    assert "-> acknowledgement to alice@client-a.example" in shown.out
    assert "it stops here" in shown.out
    assert main(["simulate", "--json", str(stories)]) == 65
    assert [json.loads(line)["passed"] for line in capsys.readouterr().out.splitlines()] == [False]


def test_a_story_under_bad_rules_is_78(stories: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--rules", str(stories / "none.yaml"), str(stories)]) == 78


def test_a_story_may_not_run_the_daemon(stories: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story = STORY.replace("VERDICT", "new_ticket").replace("tickets list --status open", "run")
    (stories / "a_passes.yaml").write_text(story, "utf-8")
    assert main(["simulate", str(stories)]) == 65
    assert "a scenario can run" in capsys.readouterr().err


def test_a_held_mail_is_released_within_a_story(stories: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steps = """\
- mail:
    from: Alice Durand <alice@client-a.example>
    to: support@isybuy.example
    subject: "Re: une autre chose"
    text: Des nouvelles ?
  expect: {verdict: plain_reply}
- command: maild held release 2 --into ISY-1001
  expect: {output_contains: ["reply, ticket 1001"], held: []}
"""
    (stories / "a_passes.yaml").write_text(STORY.replace("VERDICT", "new_ticket") + steps, "utf-8")
    assert main(["simulate", str(stories)]) == 0, capsys.readouterr().out


def test_another_daemon_on_the_database_is_75(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = CliDesk(tmp_path)
    with daemon.only_one(desk.database):
        assert main(["run", "--rules", str(desk.rules)]) == 75
    assert "another maild" in capsys.readouterr().err


def test_the_daemon_runs_until_it_is_told_to_stop_and_logs_json_to_stderr(tmp_path: Path) -> None:
    desk = CliDesk(tmp_path)
    running = subprocess.Popen(
        [*MAILD, "run", "--rules", str(desk.rules)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert running.stderr is not None
    for line in running.stderr:
        if json.loads(line)["event"] == "maild runs":
            break
    running.send_signal(signal.SIGTERM)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 0
    assert out == ""
    assert [json.loads(line) for line in err.splitlines()][-1]["event"] == "maild has ended"


def test_output_in_an_ascii_locale_is_whole_json(tmp_path: Path) -> None:
    file = tmp_path / "a.eml"
    file.write_bytes(message("Léa <alice@client-a.example>", "Été", "ça"))
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run([*MAILD, "parse", "--json", str(file)], capture_output=True, env=env)
    assert done.returncode == 0
    assert json.loads(done.stdout)["text"].strip() == "ça"


def test_the_console_script_gives_the_exit_code(tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("maild")
    if not script.exists():
        pytest.skip("maild is not installed in this environment")
    done = subprocess.run([script, "parse", "--json-lines", tmp_path / "none.eml"], capture_output=True, text=True)
    assert done.returncode == 65
    assert "error" in json.loads(done.stdout)


def test_a_demo_without_its_mail_server_is_69() -> None:
    code = "import sys; sys.modules['pymap'] = None; import maild.cli; sys.exit(maild.cli.main(['demo', '--once']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 69
    assert "maild[demo]" in done.stderr


def test_a_file_that_is_no_database_is_78(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = CliDesk(tmp_path)
    desk.database.write_bytes(b"this is no database at all, but long enough to be one of the others" * 20)
    assert main(["tickets", "list", "--rules", str(desk.rules)]) == 78
    assert "no database of maild" in capsys.readouterr().err


def test_a_database_of_another_version_is_78_and_stays_as_it_is(tmp_path: Path) -> None:
    desk = CliDesk(tmp_path)
    desk.receive()
    database = Database(desk.database)
    with database.connection() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    asyncio.run(database.close())
    assert main(["tickets", "list", "--rules", str(desk.rules)]) == 78
    assert main(["held", "discard", "2", "--rules", str(desk.rules)]) == 78


def test_a_damaged_database_is_78_and_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = CliDesk(tmp_path)
    desk.receive(message("Alice Durand <alice@client-a.example>", "Facture", "L'export échoue."))
    damaged = bytearray(desk.database.read_bytes())
    damaged[2 * 4096 + 3] ^= 0xFF  # how many cells the third page has
    desk.database.write_bytes(damaged)
    assert main(["run", "--rules", str(desk.rules)]) == 78
    said = capsys.readouterr().err
    assert "put the newest backup in its place" in said
    assert "Traceback" not in said


def test_the_operator_can_say_that_the_database_was_restored(tmp_path: Path) -> None:
    desk = CliDesk(tmp_path)
    desk.receive(message("Alice Durand <alice@client-a.example>", "Facture", "L'export échoue."))
    running = subprocess.Popen(
        [*MAILD, "run", "--restored", "--rules", str(desk.rules)], stderr=subprocess.PIPE, text=True
    )
    assert running.stderr is not None
    events = [json.loads(next(iter(running.stderr))) for _ in range(4)]
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=60)
    assert any(e["event"] == "the database was restored" and e["held"] == 2 for e in events)
