"""`maild outbox pause|resume|retry|cancel` and what `maild status` says of them, on a store that the intake filled."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from cli_desk import CliDesk, message

from maild.cli import main


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliDesk:
    """A desk that owes Alice an acknowledgement and an agent a word."""
    made = CliDesk(tmp_path)
    monkeypatch.setenv("MAILD_RULES", str(made.rules))
    made.receive(message("Alice Durand <alice@client-a.example>", "Facture", "L'export échoue."))
    return made


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    capsys.readouterr()
    code = main(list(argv))
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_the_brake_is_pulled_shown_and_released(desk: CliDesk, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "outbox", "pause")[:2] == (0, "The outbox is paused.\n")
    assert said(capsys, "outbox", "pause")[:2] == (0, "The outbox was paused already.\n")
    assert "maild outbox resume" in said(capsys, "outbox", "list")[2]
    assert "PAUSED since" in said(capsys, "status")[1]
    assert json.loads(said(capsys, "status", "--json")[1])["outbox_paused_since"]
    before = [line.state for line, _ in desk.mails()]
    desk.send_all()
    assert [line.state for line, _ in desk.mails()] == before == ["queued", "queued"]
    assert said(capsys, "outbox", "resume")[:2] == (0, "Mails leave again.\n")
    assert json.loads(said(capsys, "outbox", "resume", "--json")[1]) == {"paused": False, "changed": False}
    code, shown, beside = said(capsys, "outbox", "list")
    assert code == 0 and "queued" in shown and beside == ""
    assert "PAUSED" not in said(capsys, "status")[1]
    desk.send_all()
    assert [line.state for line, _ in desk.mails()] == ["sent", "sent"]


def test_a_mail_is_cancelled_and_what_has_left_is_not(desk: CliDesk, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "outbox", "cancel", "1")[:2] == (0, "Mail 1 will not leave.\n")
    assert said(capsys, "outbox", "cancel", "1")[0] == 65
    desk.send_all()
    assert [line.state for line, _ in desk.mails()] == ["cancelled", "sent"]
    code, _, why = said(capsys, "outbox", "cancel", "2")
    assert (code, why) == (65, "mail 2 was sent; it can't be called back\n")
    assert said(capsys, "outbox", "retry", "2")[0] == 65


def test_a_mail_is_tried_again_by_its_number_or_by_the_reason(
    desk: CliDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, "outbox", "retry", "1")[:2] == (0, "Mail 1 was queued; it is tried again now.\n")
    assert said(capsys, "outbox", "retry")[0] == 64
    assert said(capsys, "outbox", "retry", "1", "--held", "x")[0] == 64
    assert said(capsys, "outbox", "cancel")[0] == 64
    assert said(capsys, "outbox", "retry", "99")[0] == 65


def test_a_mail_that_nobody_confirmed_is_listed_as_such_and_can_be_sent_again(
    desk: CliDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.send_all("unconfirmed")
    listed = json.loads(said(capsys, "outbox", "list", "--state", "sent", "--json")[1])
    assert [(row["id"], row["reason"]) for row in listed] == [(1, "unconfirmed"), (2, "unconfirmed")]
    assert "unconfirmed" in said(capsys, "outbox", "show", "1")[1]
    code, shown, _ = said(capsys, "outbox", "retry", "1")
    assert (code, shown) == (0, "Nobody can tell whether mail 1 arrived; it is sent again now, and may arrive twice.\n")
    assert json.loads(said(capsys, "outbox", "retry", "2", "--json")[1]) == {"id": 2, "was": "sent", "state": "queued"}


def test_a_reason_for_which_nothing_is_held_is_65_and_those_that_are_are_said(
    desk: CliDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(desk.database)) as rows:
        rows.execute("UPDATE outbox SET state = 'held', reason = 'restored' WHERE id = 1")
        rows.commit()
    for command in ("retry", "cancel"):
        code, shown, why = said(capsys, "outbox", command, "--held", "bogus")
        assert (code, shown, why) == (65, "", "no mail is held for 'bogus'; held are: 1 for 'restored'\n")
    assert "restored: the database was restored, and it may have left before" in said(capsys, "outbox", "show", "1")[1]
    assert said(capsys, "outbox", "cancel", "--held", "restored")[:2] == (0, "1 held mail will not leave.\n")
    assert said(capsys, "outbox", "retry", "--held", "restored")[2].endswith("held are: none at all\n")


@pytest.mark.parametrize("order", [("retry", "1"), ("resume",)])
def test_an_order_to_send_asks_the_daemon_to_rest_no_longer(
    desk: CliDesk, capsys: pytest.CaptureFixture[str], order: tuple[str, ...]
) -> None:
    assert said(capsys, "outbox", *order)[0] == 0
    with closing(sqlite3.connect(desk.database)) as rows:
        assert rows.execute("SELECT name FROM switch").fetchall() == [("outbox-try-now",)]


def test_an_id_that_is_no_number_is_said_in_words(desk: CliDesk, capsys: pytest.CaptureFixture[str]) -> None:
    for command, listing in (
        ("outbox show", "outbox list"),
        ("outbox retry", "outbox list"),
        ("held show", "held list"),
    ):
        code, _, why = said(capsys, *command.split(), "x")
        assert code == 64 and why.endswith(f"it is a number, as `maild {listing}` shows it\n")
