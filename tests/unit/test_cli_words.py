"""The command line without a store: how light it is, what it refuses, how a ticket is named, what is shown."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
import structlog
from cli_desk import CliDesk, message
from desk_values import ALICE, RING, settings
from rules_files import ROOT

from maild.cli import effect_words, main
from maild.cli.output import clean, console, say, show_json, show_json_line
from maild.cli.place import ticket_number
from maild.cli.rule_words import gave_way
from maild.clock import SystemClock
from maild.config.load import load
from maild.decision import RuleTrial
from maild.effects import CancelTimers, ChangeTicket, Effect, Settle, StartTimer
from maild.errors import BadInput
from maild.judgement import VerdictName
from maild.lifecycle import Status
from maild.plan import closing, digest, notify, rating, waiting
from maild.threading.token import reference_for
from maild.ticket import Disposition

HEAVY = {
    "sqlmodel",
    "sqlalchemy",
    "alembic",
    "aioimaplib",
    "aiosmtplib",
    "jinja2",
    "mailparser",
    "pymap",
    "pydantic_core",
}


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, maild.cli; assert maild.cli.main(['--help']) == 0; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "typer" in loaded
    assert not HEAVY & loaded


@pytest.mark.parametrize(
    "line",
    [
        "",
        "nope",
        "tickets",
        "parse",
        "parse --nope x",
        "parse a b",
        "explain",
        "explain a --ticket 1",
        "tickets list --status x",
        "outbox list --state x",
        "outbox show 1 --raw --json",
        "held show x",
        "held release 1 --into 2 --new",
        "status --watch --json",
        "simulate",
    ],
)
def test_a_line_that_can_not_be_meant_is_64(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(line.split()) == 64
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.strip()


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("maild ")


BRAND = settings()
WHOLE = reference_for(RING, 1042, ALICE)


@pytest.mark.parametrize(
    "written",
    [
        "1042",
        "#1042",
        " 1042 ",
        "ISY-1042",
        "isy-1042",
        "[ISY-1042]",
        WHOLE.in_subject("ISY"),
        WHOLE.in_subject("ISY").strip("[]").lower(),
        WHOLE.in_address("support@isybuy.example", "+"),
    ],
)
def test_a_ticket_is_named_in_every_form_that_people_see(written: str) -> None:
    assert ticket_number(written, BRAND) == 1042


@pytest.mark.parametrize("written", ["", "ABC-1042", "ISY-", "10 42", "-1", "support@isybuy.example", "1" * 13, "١٠٤٢"])
def test_what_names_no_ticket_is_bad_input(written: str) -> None:
    with pytest.raises(BadInput, match="names no ticket"):
        ticket_number(written, BRAND)


def test_nothing_in_a_mail_can_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\x1b[31mred\u202eend\x07 b\u00a0c\tété\n")
    assert capsys.readouterr().out == "a�[31mred�end� b\u00a0c\tété\n\n"
    assert clean("\u2028") == "�"


def test_markup_in_a_subject_is_only_text(capsys: pytest.CaptureFixture[str]) -> None:
    console().print("[bold]x[/bold] :smile:")
    assert capsys.readouterr().out == "[bold]x[/bold] :smile:\n"


def test_json_survives_half_a_surrogate_pair_and_odd_line_ends(capsys: pytest.CaptureFixture[str]) -> None:
    show_json({"x": "é\udc80"})
    assert json.loads(capsys.readouterr().out) == {"x": "é\udc80"}
    show_json_line({"x": "é\u2028\x85b"})
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 1
    assert json.loads(out) == {"x": "é\u2028\x85b"}


def test_every_effect_has_its_words() -> None:
    assert set(effect_words._WORDS) == set(get_args(Effect))


def test_an_effect_says_what_it_concerns() -> None:
    settle = Settle(7, Disposition.HELD, VerdictName.STRANGER, "not-a-participant", 1042)
    assert effect_words.in_words(settle, ZoneInfo("Europe/Paris")) == "received mail 7: held, ticket 1042"


AT = datetime(2026, 12, 2, 20, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        (StartTimer(1042, "waiting", 1, 0, AT), "ticket 1042: step 1 of `waiting` is due 2026-12-02 21:37"),
        (StartTimer(1042, "closing", 1, 0, AT), "2026-12-02 21:37 it is closed, unless"),
        (StartTimer(1042, "gather", 2, 7, AT), "until 2026-12-02 21:37 is told in one mail"),
        (
            StartTimer(0, "held-due", 7, 0, AT),
            "still held 2026-12-02 21:37, whoever it concerns is told",
        ),
        (StartTimer(0, "digest", 480, 0, AT), "the daily list leaves 2026-12-02 21:37"),
        (CancelTimers(1042, "waiting"), "ticket 1042: no earlier step of `waiting` is due any more"),
        (CancelTimers(1042, "closing"), "no earlier end of the time for reopening counts"),
        (
            ChangeTicket(1042, {"waiting_since": AT, "reason": None}),
            "since = 2026-12-02 21:37, reason = nothing",
        ),
    ],
)
def test_what_the_clock_will_do_is_said_without_jargon_at_the_desks_time(effect: Effect, words: str) -> None:
    assert words in effect_words.in_words(effect, ZoneInfo("Europe/Paris"))


def test_a_change_is_told_without_what_counts_for_timers_alone() -> None:
    change = ChangeTicket(1042, {"status": Status.PENDING, "waiting_since": None, "waiting_round": 3})
    said = effect_words.in_words(change, ZoneInfo("Europe/Paris"))
    assert said == "ticket 1042: status = pending, waiting since = nothing"


def test_every_timer_that_is_started_has_its_words() -> None:
    assert set(effect_words._DUE) == {
        waiting.POLICY,
        closing.POLICY,
        rating.POLICY,
        notify.GATHER,
        digest.DUE,
        digest.DIGEST,
    }


def test_what_a_later_rule_overrides_is_named_with_its_line() -> None:
    rules = load(ROOT / "rules.yaml").rules
    line = {rule.name: rule.line for rule in rules}

    def over(*fired: str) -> list[str]:
        trials = [RuleTrial(r.name, r.line, r.name in fired, "") for r in rules]
        return [words for _, several in sorted(gave_way(trials, rules).items()) for words in several]

    bug, idea = "the subject speaks of a bug", "the text speaks of an evolution"
    assert over("questions", idea, bug) == [
        f"line {line[bug]} overrides its type",
        f"line {line[bug]} overrides its queue, type",
    ]
    assert over(idea, "the subject speaks of an evolution", "everything else") == []
    assert over("questions", "marked as urgent") == []


@dataclass(frozen=True)
class Mails:
    good: Path
    more: Path
    absent: Path


@pytest.fixture
def mails(tmp_path: Path) -> Mails:
    made = Mails(tmp_path / "good.eml", tmp_path / "more.eml", tmp_path / "absent.eml")
    made.good.write_bytes(message("Alice Durand <alice@client-a.example>", "Facture", "Bonjour,\nça échoue."))
    made.more.write_bytes(b"\xff\x00nothing of a mail")
    return made


FIELDS = [
    *("file", "from", "to", "cc", "subject", "message_id", "in_reply_to", "references", "date", "text", "reply_text"),
    *("html", "attachments", "kind", "auto_respond", "bounce", "language", "defects"),
]


def test_parse_prints_one_document_with_every_field(mails: Mails, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parse", "--json", str(mails.good)]) == 0
    shown = capsys.readouterr()
    found = json.loads(shown.out)
    assert list(found) == FIELDS
    assert found["from"] == {"name": "Alice Durand", "address": "alice@client-a.example"}
    assert found["date"] == "2026-11-23T09:00:00+01:00"
    assert shown.err == ""


def test_parse_for_people_shows_the_new_text(mails: Mails, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parse", str(mails.good)]) == 0
    assert "ça échoue." in capsys.readouterr().out


def test_a_file_that_can_not_be_read_is_65_and_says_so(mails: Mails, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parse", "--json", str(mails.absent)]) == 65
    assert json.loads(capsys.readouterr().out) == {"file": str(mails.absent), "error": "No such file or directory"}
    assert main(["parse", str(mails.absent)]) == 65
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "No such file" in shown.err


def test_in_batch_every_file_gets_its_line_in_order(
    mails: Mails, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [mails.good, mails.absent, tmp_path, mails.more, mails.good]
    assert main(["parse", "--json-lines", *map(str, files)]) == 65
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["file"] for line in lines] == [str(f) for f in files]
    assert ["error" in line for line in lines] == [False, True, True, False, False]


def test_three_hundred_files_in_one_process_are_done(mails: Mails, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parse", "--json-lines", *[str(mails.good)] * 300]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 300


def test_check_says_each_problem_at_its_line_and_ends_with_78(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = CliDesk(tmp_path)
    desk.rules.write_text(
        desk.rules.read_text("utf-8").replace("then: {queue: invoices", "then: {queue: invoice"), "utf-8"
    )
    assert main(["check", str(desk.rules)]) == 78
    shown = capsys.readouterr()
    line = next(x for x in shown.out.splitlines() if ": error: " in x)
    assert line.startswith(f"{desk.rules}:27:")
    assert "1 error" in shown.err
    assert main(["check", "--rules", str(desk.rules), "--json"]) == 78
    found = [p for p in json.loads(capsys.readouterr().out) if p["severity"] == "error"]
    assert [p["line"] for p in found] == [27]


def test_check_with_warnings_alone_is_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(CliDesk(tmp_path).rules)]) == 0
    shown = capsys.readouterr()
    assert ": warning: " in shown.out
    assert shown.err == "0 errors, 1 warning\n"


def test_check_of_a_file_without_fault_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = CliDesk(tmp_path)
    text = desk.rules.read_text("utf-8")
    desk.rules.write_text(text.replace("    trust: ", "    queue: support\n    trust: "), "utf-8")
    assert main(["check", str(desk.rules)]) == 0
    assert capsys.readouterr() == ("", "no problems\n")


def test_check_says_how_many_customers_will_be_mailed_before_a_closure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, day = CliDesk(tmp_path), SystemClock().now().date() + timedelta(days=60)
    closed = f"closed: [{{on: {day}, notice: 1 week}}, {{on: 2020-05-04, notice: 1 week}}]"
    desk.change("queues:", f"calendars: {{office: {{hours: {{mon-sun: '09:00-18:00'}}, {closed}}}}}\nqueues:")
    assert main(["check", str(desk.rules)]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("closed")]
    customers = len({who.address.key for who in load(desk.rules).customers.values()})
    assert customers
    said = f"{customers} customer{'s' if customers > 1 else ''} will be mailed from {day - timedelta(days=7)} 09:00 on"
    assert told == [f"closed on {day}: {said}"]


def test_the_rules_file_is_found_by_the_environment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILD_RULES", str(CliDesk(tmp_path).rules))
    assert main(["check"]) == 0


@pytest.mark.parametrize("line", ["tickets list", "status", "explain x.eml", "held list", "run"])
def test_without_a_rules_file_every_command_is_78(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*line.split(), "--rules", str(tmp_path / "none.yaml")]) == 78
    assert capsys.readouterr().err.startswith(f"{tmp_path / 'none.yaml'}:1:1: error: ")
