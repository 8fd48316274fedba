"""Are secrets fetched from where rules.yaml says, and refused with a remedy where they can't be trusted?"""

import os
from pathlib import Path

import pytest
from rules_files import RULES, write

from maild.config.credentials import secret
from maild.config.load import load
from maild.errors import BadConfig
from maild.settings import Secret


def test_a_secret_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPPORT_PASSWORD", "s3cret ")
    assert secret(Secret(env="SUPPORT_PASSWORD")) == "s3cret "


def test_a_secret_comes_from_a_file_without_its_last_line_break(tmp_path: Path) -> None:
    path = tmp_path / "password"
    for text in ("s3crét", "s3crét\n", "s3crét\r\n"):
        path.write_text(text, encoding="utf-8", newline="")
        path.chmod(0o600)
        assert secret(Secret(file=path)) == "s3crét"


def test_a_secret_comes_from_systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "smtp").write_text("s3cret\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert secret(Secret(credential="smtp")) == "s3cret"


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o602])
def test_a_file_that_others_can_read_or_change_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "password"
    path.write_text("s3cret")
    path.chmod(mode)
    with pytest.raises(BadConfig, match=f"others can read or change .* \\(mode 0{mode:o}\\); chmod 600") as raised:
        secret(Secret(file=path))
    assert "s3cret" not in str(raised.value)


def test_what_is_missing_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NONE", raising=False)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    for source, words in (
        (Secret(env="NONE"), "the environment variable NONE is not set"),
        (Secret(file=tmp_path / "none"), "there is no file"),
        (Secret(file=tmp_path), "is not a file"),
        (Secret(credential="smtp"), "LoadCredential=smtp:PATH"),
    ):
        with pytest.raises(BadConfig, match=words):
            secret(source)


@pytest.mark.parametrize(("raw", "words"), [(b"", "is empty"), (b"\n", "is empty"), (b"a\nb\n", "more than one line")])
def test_what_can_be_no_password_is_refused(tmp_path: Path, raw: bytes, words: str) -> None:
    path = tmp_path / "password"
    path.write_bytes(raw)
    path.chmod(0o600)
    with pytest.raises(BadConfig, match=words):
        secret(Secret(file=path))


def test_bytes_that_are_no_text_and_pipes_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_bytes(b"\xff\xff")
    path.chmod(0o600)
    with pytest.raises(BadConfig, match="is not UTF-8"):
        secret(Secret(file=path))
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(BadConfig, match="is not a file"):
        secret(Secret(file=tmp_path / "pipe"))


def test_a_missing_secret_is_told_at_the_line_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUPPORT_PASSWORD", raising=False)
    path = write(tmp_path, RULES)
    imap = load(path).mailboxes["support"].imap
    assert imap is not None
    with pytest.raises(BadConfig) as raised:
        secret(imap.password)
    place = raised.value.problems[0]
    assert place.file == str(path)
    assert RULES.splitlines()[place.line - 1][place.column - 1 :] == "{env: SUPPORT_PASSWORD}"
