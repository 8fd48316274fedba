"""`maild people`: who is who, who is admitted, who leaves."""

import json
from pathlib import Path

import pytest
from cli_desk import CliDesk, message

from maild.cli import main

PEOPLE = """\
  customers:
    - {address: alice@client-a.example, name: Alice Durand, plan: [advanced, contract], also: a.durand@client-a.example,
       contact: Paul Leroy <paul.leroy@isybuy.example>}
    - {domain: client-b.example, organisation: Client B}
"""
MARC = "    - {name: Marc Petit, address: marc@isybuy.example, teams: [dev]}\n"
CUSTOMERS = "  customers:\n    - {address: alice@client-a.example, name: Alice Durand}\n"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliDesk:
    """Two agents of whom one has Alice's ticket."""
    made = CliDesk(tmp_path)
    text = made.rules.read_text()
    assert CUSTOMERS in text
    made.rules.write_text(text.replace(CUSTOMERS, MARC + PEOPLE))
    monkeypatch.setenv("MAILD_RULES", str(made.rules))
    made.receive(message("Alice Durand <alice@client-a.example>", "Export", "L'export échoue."))
    return made


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str]:
    code = main(["people", *argv])
    shown = capsys.readouterr()
    return code, shown.out + shown.err


def test_who_is_who(desk: CliDesk, capsys: pytest.CaptureFixture[str]) -> None:
    code, shown = said(capsys, "show", "A.Durand@client-a.example", "--json")
    found = json.loads(shown)
    assert code == 0
    assert (found["address"], found["plans"], found["account"]) == (
        "alice@client-a.example",
        ["advanced", "contract"],
        True,
    )
    assert found["contact"] == "Paul Leroy <paul.leroy@isybuy.example>"
    assert [t["reference"] for t in found["tickets"]] == ["ISY-1001"]
    assert json.loads(said(capsys, "show", "zoe@client-b.example", "--json")[1])["organisation"] == "Client B"
    assert "no agent has admitted it" in said(capsys, "show", "eve@evil.example")[1]
    listed = json.loads(said(capsys, "list", "--json")[1])
    assert [(p["address"], p["organisation"]) for p in listed] == [
        ("*@client-b.example", "Client B"),
        ("alice@client-a.example", ""),
        ("lea@isybuy.example", ""),
        ("marc@isybuy.example", ""),
    ]


def test_somebody_is_admitted(desk: CliDesk, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "admit", "dora@inconnu.example", "--name", "Dora") == (
        0,
        "dora@inconnu.example has an account.\n",
    )
    assert said(capsys, "admit", "dora@inconnu.example")[0] == 0, "twice is once"
    assert said(capsys, "admit", "d@ailleurs.example", "--same-as", "dora@inconnu.example")[0] == 0
    found = json.loads(said(capsys, "show", "d@ailleurs.example", "--json")[1])
    assert (found["name"], found["kind"], found["also"]) == ("Dora", "admitted", ["d@ailleurs.example"])
    code, shown = said(capsys, "admit", "support@isybuy.example")
    assert (code, "an address of ours" in shown) == (65, True)
    assert said(capsys, "admit", "nobody")[0] == 65


def test_an_agent_leaves_once(desk: CliDesk, capsys: pytest.CaptureFixture[str]) -> None:
    code, shown = said(capsys, "leave", "lea@isybuy.example")
    assert code == 65
    assert "nobody could take over ISY-1001" in shown
    assert "--to" in shown
    assert said(capsys, "leave", "nora@isybuy.example")[0] == 65
    assert said(capsys, "leave", "lea@isybuy.example", "--to", "lea@isybuy.example")[0] == 65
    code, shown = said(capsys, "leave", "lea@isybuy.example", "--to", "dev", "--json")
    assert (code, json.loads(shown)["tickets"]) == (0, {"ISY-1001": "marc@isybuy.example"})
    code, shown = said(capsys, "leave", "lea@isybuy.example", "--to", "dev")
    assert (code, "No open ticket was in their hands" in shown) == (0, True)
    assert json.loads(said(capsys, "show", "lea@isybuy.example", "--json")[1])["kind"] == "left"
    code, shown = said(capsys, "leave", "marc@isybuy.example")
    assert (code, "is the last agent" in shown) == (65, True)


def test_somebody_gets_no_reminders_and_then_again(desk: CliDesk, capsys: pytest.CaptureFixture[str]) -> None:
    alice = "Alice@Client-A.example"
    assert json.loads(said(capsys, "show", alice, "--json")[1])["no_reminders"] == []
    code, shown = said(capsys, "opt-in", alice)
    assert code != 0 and "nobody has refused them" in shown
    assert said(capsys, "opt-out", alice) == (0, f"{alice} gets no more reminders and is asked for no rating.\n")
    assert json.loads(said(capsys, "show", alice, "--json")[1])["no_reminders"] == ["alice@client-a.example"]
    assert json.loads(said(capsys, "show", "eve@evil.example", "--json")[1])["no_reminders"] == []
    code, shown = said(capsys, "opt-out", alice)
    assert code != 0 and "gets no reminders already" in shown
    assert "is no mail address" in said(capsys, "opt-out", "alice")[1]
    assert said(capsys, "opt-in", alice) == (0, f"{alice} gets reminders again.\n")
    assert json.loads(said(capsys, "show", alice, "--json")[1])["no_reminders"] == []
