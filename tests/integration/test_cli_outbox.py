"""`maild outbox pause|resume|retry|cancel` and what `maild status` says of them, on a store that the intake filled."""

import json
from collections.abc import Iterator
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
    assert code == 65 and "may have left" in why
    assert said(capsys, "outbox", "retry", "2")[0] == 65


def test_a_mail_is_tried_again_by_its_number_or_by_the_reason(
    desk: CliDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, "outbox", "retry", "1")[:2] == (0, "Mail 1 was queued; it is tried again now.\n")
    assert json.loads(said(capsys, "outbox", "retry", "--held", "our-fault", "--json")[1]) == {
        "held": "our-fault",
        "retried": 0,
    }
    assert said(capsys, "outbox", "retry")[0] == 64
    assert said(capsys, "outbox", "retry", "1", "--held", "x")[0] == 64
    assert said(capsys, "outbox", "cancel")[0] == 64
    assert said(capsys, "outbox", "cancel", "--held", "restored")[:2] == (0, "0 held mails will not leave.\n")
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
