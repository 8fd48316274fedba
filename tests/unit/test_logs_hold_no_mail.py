"""A log line says what happened and where, never what stood in a mail (reliability P02)."""

import sys

import pytest
import structlog

from maild.cli.logs import log_to_stderr

CANARY = "mot de passe: tulipe-7731"


@pytest.mark.parametrize("is_terminal", [False, True])
def test_a_traceback_shows_no_values(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, is_terminal: bool
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal)
    log_to_stderr()

    def work(mail_text: str) -> None:
        raise RuntimeError("a bug")

    try:
        work(CANARY)
    except RuntimeError:
        structlog.get_logger("maild.test").exception("a mail could not be worked")
    shown = capsys.readouterr().err
    assert "a bug" in shown
    assert "work" in shown
    assert "tulipe" not in shown
    structlog.reset_defaults()
