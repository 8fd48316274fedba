"""The command line on a store that the real intake filled: lists, shows, held mail, explanations."""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from cli_desk import CliDesk, message

from maild.cli import main
from maild.daemon import only_one

Run = Callable[..., tuple[int, str, str]]
ALICE = "Alice Durand <alice@client-a.example>"
FIRST = message(ALICE, "Impossible d'exporter la facture", "Bonjour,\nL'export échoue.")
PLAIN = message(ALICE, "Re: Autre sujet", "Des nouvelles ?", In_Reply_To="<elsewhere@client-a.example>")


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliDesk:
    """A desk that was never started."""
    made = CliDesk(tmp_path)
    monkeypatch.setenv("MAILD_RULES", str(made.rules))
    return made


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a desk that has worked two mails."""
    made = CliDesk(tmp_path_factory.mktemp("filled"))
    made.receive(FIRST, PLAIN)
    return made.folder


@pytest.fixture
def desk(filled: Path, fresh: CliDesk) -> CliDesk:
    """Ticket 1001 of Alice, and a plain reply of hers that is held as received mail 2."""
    shutil.copytree(filled, fresh.folder, dirs_exist_ok=True)
    return fresh


@pytest.fixture
def maild(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line: its exit code, standard output, standard error."""

    def run(*argv: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(word) for word in argv])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


@pytest.mark.parametrize(
    "line", ["tickets list", "tickets show 1", "held list", "held discard 1", "outbox list", "status"]
)
def test_before_the_first_start_a_command_says_that_there_is_no_database(line: str, fresh: CliDesk, maild: Run) -> None:
    code, out, err = maild(*line.split())
    assert (code, out) == (65, "")
    assert "there is no database" in err
    assert not fresh.database.exists()


def test_before_the_first_start_people_are_whom_the_rules_file_names(fresh: CliDesk, maild: Run) -> None:
    code, out, err = maild("people", "list")
    assert code == 0
    assert "alice@client-a.example" in out
    assert "There is no database" in err
    code, out, err = maild("people", "show", "alice@client-a.example")
    assert (code, "alice@client-a.example" in out, "There is no database" in err) == (0, True, True)
    assert maild("people", "admit", "zoe@client-z.example")[0] == 65
    assert not fresh.database.exists()


def test_lists_that_are_empty_say_so(fresh: CliDesk, maild: Run) -> None:
    fresh.receive()
    assert maild("tickets", "list") == (0, "There are no tickets yet.\n", "")
    assert maild("held", "list") == (0, "No mail is held.\n", "")
    assert maild("outbox", "list") == (0, "No mail has been written yet.\n", "")
    for family in ("tickets", "held", "outbox"):
        assert json.loads(maild(family, "list", "--json")[1]) == []


def test_tickets_are_listed_and_narrowed(desk: CliDesk, maild: Run) -> None:
    code, out, _ = maild("tickets", "list")
    assert code == 0
    assert out.splitlines()[1].split()[:7] == [
        *("ISY-1001", "open", "normal", "invoices", "lea@isybuy.example", "alice@client-a.example", "2024-11-25"),
    ]
    for option, found, missed in (
        ("--status", "open", "pending"),
        ("--queue", "invoices", "support"),
        ("--assignee", "Lea@isybuy.example", "nobody"),
    ):
        assert [t["number"] for t in json.loads(maild("tickets", "list", option, found, "--json")[1])] == [1001]
        assert maild("tickets", "list", option, missed)[1] == "There are no such tickets.\n"
    assert maild("tickets", "list", "--queue", "nope")[0] == 64


@pytest.mark.parametrize("ref", ["1001", "ISY-1001", "#1001"])
def test_a_ticket_is_shown_with_its_people_and_words(desk: CliDesk, maild: Run, ref: str) -> None:
    code, out, _ = maild("tickets", "show", ref)
    assert code == 0
    for words in (
        "ISY-1001",
        "Alice Durand <alice@client-a.example>, customer",
        "L'export échoue.",
        "2024-11-25 09:00",
    ):
        assert words in out
    found = json.loads(maild("tickets", "show", ref, "--json")[1])
    assert found["participants"][0]["role"] == "customer"
    assert found["messages"][0]["text"] == "Bonjour,\nL'export échoue."
    assert found["opened_at"] == "2024-11-25T09:00:00+01:00"


def test_a_ticket_is_given_a_priority_and_its_neighbours(desk: CliDesk, maild: Run) -> None:
    for wrong in ("colour=red", "priority", "priority=", "resolve=", "note=hello"):
        assert maild("tickets", "set", "1001", wrong)[0] == 64, wrong
    code, _, said = maild("tickets", "set", "1001", "priorité=hote")
    assert (code, "did you mean “#priorité haute”?" in said) == (65, True)
    code, out, _ = maild("tickets", "set", "1001", "priorité=haute", "tag=a, b", "--json")
    assert (code, json.loads(out)["to"]) == (0, "tag a, b, priority high")
    found = json.loads(maild("tickets", "show", "1001", "--json")[1])
    assert (found["priority"], found["tags"], found["qualified_by"]) == ("high", ["compta", "a", "b"], "operator")
    assert found["asked"] == {"priority": "", "impact": "", "urgency": ""}


def test_a_ticket_that_is_not_there_is_65(desk: CliDesk, maild: Run) -> None:
    assert maild("tickets", "show", "4711") == (65, "", "there is no ticket 4711; `maild tickets list` shows them\n")
    assert maild("explain", "--ticket", "4711")[0] == 65
    assert maild("tickets", "show", "ABC-1")[0] == 65


def test_held_mail_is_listed_and_shown_with_its_reason(desk: CliDesk, maild: Run) -> None:
    [held] = json.loads(maild("held", "list", "--json")[1])
    assert (held["id"], held["verdict"], held["sender"]) == (2, "plain_reply", "alice@client-a.example")
    assert held["kept_at"] == "2024-11-25T09:00:00+01:00"
    assert "plain_reply" in maild("held", "list")[1]
    shown = maild("held", "show", 2)[1]
    assert "Des nouvelles ?" in shown
    assert "plain_reply: an answer to a mail that maild did not write" in shown
    assert "no-reference: it carries no reference" in shown
    assert "maild held release 2" in shown and "maild held discard 2" in shown
    assert json.loads(maild("held", "show", 2, "--json")[1])["mail"]["subject"] == "Re: Autre sujet"
    assert maild("held", "show", 1)[0] == 65


def test_held_mail_is_released_into_a_ticket(desk: CliDesk, maild: Run) -> None:
    code, out, err = maild("held", "release", 2, "--into", "ISY-1001")
    assert (code, out, err) == (0, "Held mail 2 is released: reply, ticket 1001\n", "")
    assert maild("held", "list")[1] == "No mail is held.\n"
    assert [m["text"] for m in json.loads(maild("tickets", "show", 1001, "--json")[1])["messages"]][1:] == [
        "Des nouvelles ?"
    ]


def test_held_mail_is_released_as_a_new_ticket_once(desk: CliDesk, maild: Run) -> None:
    released = json.loads(maild("held", "release", 2, "--new", "--json")[1])
    assert released == {"id": 2, "verdict": "new_ticket", "ticket": 1002}
    assert maild("held", "release", 2, "--new")[0] == 65


def test_held_mail_is_not_released_to_nowhere(desk: CliDesk, maild: Run) -> None:
    code, _, err = maild("held", "release", 2, "--into", 4711)
    assert code == 65
    assert "4711" in err
    code, _, err = maild("held", "release", 2)
    assert code == 65
    assert "--into" in err
    assert len(json.loads(maild("held", "list", "--json")[1])) == 1


def test_held_mail_is_discarded_and_stays_kept(desk: CliDesk, maild: Run) -> None:
    assert maild("held", "discard", 2) == (0, "Held mail 2 is discarded.\n", "")
    assert maild("held", "discard", 2)[0] == 65
    assert json.loads(maild("status", "--json")[1])["inbound"] == {"kept": 0, "applied": 2, "held": 0, "duplicate": 0}


def test_the_outbox_is_listed_by_state_and_shown(desk: CliDesk, maild: Run) -> None:
    lines = json.loads(maild("outbox", "list", "--json")[1])
    assert [line["template"] for line in lines] == ["acknowledgement", "agent_new_ticket", "plain_reply_refused"]
    desk.send_all()
    assert maild("outbox", "list", "--state", "queued")[1] == "There are no such mails.\n"
    assert len(json.loads(maild("outbox", "list", "--state", "sent", "--json")[1])) == 3
    code, out, _ = maild("outbox", "show", 1)
    assert code == 0
    assert "250 taken" in out
    assert "Bonjour Alice Durand" in out
    assert maild("outbox", "show", 99)[0] == 65


def test_a_mail_of_the_outbox_is_shown_byte_by_byte(desk: CliDesk, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["outbox", "show", "1", "--raw"]) == 0
    assert capfdbinary.readouterr().out == desk.mails()[0][1]


def test_a_message_is_explained_and_nothing_is_written(desk: CliDesk, maild: Run, tmp_path: Path) -> None:
    before = json.loads(maild("status", "--json")[1])
    file = tmp_path / "next.eml"
    file.write_bytes(message(ALICE, "Une autre facture", "Bonjour, une question.\nPriorité : haute !"))
    code, out, _ = maild("explain", file, "--full")
    assert code == 0
    for words in (
        "new_ticket",
        "line 25, invoices: fired",
        "ticket 1002 opens",
        "acknowledgement to alice",
        "Bonjour Alice",
        "priority: normal, the usual one; asked: haute !",
    ):
        assert words in out
    found = json.loads(maild("explain", file, "--json")[1])
    assert (found["verdict"], found["mailbox"], found["sender"]["proof"]) == ("new_ticket", "support", "pass")
    assert [(r["line"], r["fired"]) for r in found["rules"]] == [(25, True), (28, True)]
    assert [m["template"] for m in found["mails"]] == ["acknowledgement", "agent_new_ticket"]
    assert found["priority"] == {"given": "normal", "why": "", "asked": "haute !"}
    assert json.loads(maild("status", "--json")[1]) == before


def test_a_reply_is_explained_with_the_reference_that_counted_and_those_that_are_forged(
    desk: CliDesk, maild: Run, tmp_path: Path
) -> None:
    subject = desk.mails()[0][0].subject
    file = tmp_path / "reply.eml"
    file.write_bytes(message(ALICE, f"Re: {subject}", "Voici le numéro."))
    found = json.loads(maild("explain", file, "--json")[1])
    assert (found["verdict"], found["ticket"], found["rules_asked"]) == ("reply", 1001, False)
    [reference] = found["references"]
    assert (reference["carrier"], reference["valid"], reference["counted"]) == ("subject", True, True)
    assert reference["given_to"] == "alice@client-a.example"
    forged = subject[:-2] + ("0" if subject[-2] != "0" else "1") + "]"
    file.write_bytes(message(ALICE, f"Re: {forged}", "Voici le numéro."))
    found = json.loads(maild("explain", file, "--json")[1])
    assert found["verdict"] == "bad_reference"
    assert not found["references"][0]["valid"]
    assert found["references"][0]["fault"]
    assert "not valid" in maild("explain", file)[1]


def test_a_message_that_was_received_before_is_explained_with_what_was_decided_then(
    desk: CliDesk, maild: Run, tmp_path: Path
) -> None:
    file = tmp_path / "again.eml"
    file.write_bytes(FIRST)
    found = json.loads(maild("explain", file, "--json")[1])
    assert (found["verdict"], found["duplicate_of"]) == ("duplicate", 1)
    assert [d["verdict"] for d in found["decided_then"]] == ["new_ticket"]
    assert "decided then  new_ticket" in maild("explain", file)[1]


def test_before_the_first_start_a_message_is_explained_on_an_empty_desk(
    fresh: CliDesk, maild: Run, tmp_path: Path
) -> None:
    file = tmp_path / "first.eml"
    file.write_bytes(FIRST)
    code, out, err = maild("explain", file)
    assert code == 0
    assert "ticket 1001 opens" in out
    assert "There is no database" in err
    assert not fresh.database.exists()
    assert not (fresh.folder / "keys").exists()


def test_explaining_a_file_that_is_not_there_is_65_and_a_mailbox_that_is_not_64(
    desk: CliDesk, maild: Run, tmp_path: Path
) -> None:
    assert maild("explain", tmp_path / "none.eml")[0] == 65
    (tmp_path / "a.eml").write_bytes(FIRST)
    assert maild("explain", tmp_path / "a.eml", "--mailbox", "nope")[0] == 64


def test_a_ticket_tells_its_story_in_order(desk: CliDesk, maild: Run) -> None:
    maild("held", "release", 2, "--into", 1001)
    code, out, _ = maild("explain", "--ticket", "1001")
    assert code == 0
    assert "rule 'invoices' (line 25) fired" in out
    story = json.loads(maild("explain", "--ticket", "ISY-1001", "--json")[1])["story"]
    assert [e["at"] for e in story] == sorted(e["at"] for e in story)
    assert [e["verdict"] for e in story if e["kind"] == "decision"] == ["new_ticket", "reply"]
    assert story[0]["rules_version"]
    assert {e["kind"] for e in story} == {"decision", "message", "mail"}


def test_status_says_plainly_whether_the_daemon_runs(desk: CliDesk, maild: Run) -> None:
    code, out, _ = maild("status")
    assert code == 0
    assert out.startswith("maild is not running on maild.db.")
    assert "tickets:   1 open" in out
    at = "2024-11-25T08:00:00+00:00"
    box = {"state": "idle", "since": at, "error": "", "last_sweep": None, "kept": 2, "filed": 1}
    said = {
        "pid": os.getpid(),
        "version": "1",
        "started_at": at,
        "mailboxes": {"support": box},
        "rules": {"digest": "x"},
    }
    file = desk.folder / "maild.db.status"
    file.write_text(json.dumps(said))
    assert maild("status")[1].startswith("maild is not running"), "a killed daemon leaves its file, but holds no lock"
    with only_one(desk.folder / "maild.db"):
        out = maild("status")[1]
        assert "is running since 2024-11-25 09:00" in out
        assert "mailbox support: idle since 2024-11-25 09:00" in out
        assert "rules:     version x is in force since its start\n" in out
        assert re.search(r"the files hold version \w{12}: not taken up yet, which takes a second\n", out)
        assert json.loads(maild("status", "--json")[1])["daemon"]["pid"] == os.getpid()
    for gone in (json.dumps(said | {"pid": 2**22 + 1}), "{", "[]", json.dumps({"pid": "x"})):
        file.write_text(gone)
        assert maild("status")[1].startswith("maild is not running")


def test_an_audit_that_could_not_read_the_folders_says_so_beside_its_result(desk: CliDesk, maild: Run) -> None:
    desk.send_all()
    code, out, err = maild("audit", "--folder")
    assert (code, out.splitlines()[-1]) == (
        69,
        "no difference in the database; the folders of support were not read",
    )
    assert "in this shell" not in err
    (desk.folder / "secret").unlink()
    code, _, err = maild("audit", "--folder")
    assert code == 78 and err.endswith("set it in this shell too\n")
