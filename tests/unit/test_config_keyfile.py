"""Is the file of keys made safely, renewed in time, and never lost (reliability 6, Keys)?"""

import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild.config.keyfile import load_keyring, rotate_if_due
from maild.errors import BadConfig
from maild.settings import Secret
from maild.threading.token import ALPHABET, Keyring

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def numbered() -> Callable[[], bytes]:
    """Keys that differ, the same in each run."""
    numbers = iter(range(256))
    return lambda: bytes([next(numbers)]) * 32


def opened(path: Path, *, create: bool = True, now: datetime = NOW) -> Keyring:
    source = Secret(file=path)
    return load_keyring(source, create=create, now=now, new_key=numbered(), new_instance=lambda: "cafe")


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "secrets" / "reference.key"


def test_the_first_start_makes_the_file_for_the_owner_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        ring = opened(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert ring.instance == "cafe"
    assert [(k.id, k.secret, k.created_at, k.is_revoked) for k in ring.keys] == [("0", bytes(32), NOW, False)]
    assert os.listdir(path.parent) == ["reference.key"]
    assert path.read_text().startswith("# ")
    assert "revoked" in path.read_text()


def test_the_second_start_reads_what_the_first_one_made(path: Path) -> None:
    assert opened(path) == opened(path) == opened(path, create=False)


def test_a_missing_file_is_not_made_unasked(path: Path) -> None:
    with pytest.raises(BadConfig, match="there is no file"):
        opened(path, create=False)
    assert not path.exists()


@pytest.mark.parametrize("mode", [0o640, 0o644, 0o620, 0o604])
def test_a_file_that_others_can_read_is_refused_with_a_remedy(path: Path, mode: int) -> None:
    opened(path)
    path.chmod(mode)
    with pytest.raises(BadConfig, match=f"chmod 600 {path}"):
        opened(path)


def test_a_key_is_added_after_ninety_days_and_the_old_one_stays(path: Path) -> None:
    ring = opened(path)
    new_key = iter([b"n" * 32]).__next__
    almost = NOW + timedelta(days=90) - timedelta(seconds=1)
    assert rotate_if_due(path, ring, almost, new_key) == ring
    renewed = rotate_if_due(path, ring, NOW + timedelta(days=90), new_key)
    assert [k.id for k in renewed.keys] == ["0", "1"]
    assert renewed.newest.secret == b"n" * 32
    assert opened(path) == renewed
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().startswith("# ")
    assert os.listdir(path.parent) == ["reference.key"]


def test_letters_go_round_and_none_is_used_twice_while_it_is_believed(path: Path) -> None:
    ring = opened(path)
    new_key = numbered()
    given = ["0"]
    now = NOW
    for _ in range(40):
        now += timedelta(days=90)
        ring = rotate_if_due(path, ring, now, new_key)
        given.append(ring.newest.id)
        believed = [k.id for k in ring.keys if now <= k.created_at + timedelta(days=490)]
        assert len(believed) == len(set(believed)) == min(len(given), 6)
    assert "".join(given) == (ALPHABET * 2)[:41]
    assert len(ring.keys) == 32
    assert opened(path) == ring


def test_a_letter_that_is_still_believed_is_passed_over(path: Path) -> None:
    opened(path)
    line = next(line for line in path.read_text().splitlines() if line.startswith("key 0"))
    young = (NOW + timedelta(days=1)).isoformat()
    rewrite(path, line, f"{line}\nkey Z {young} {line.split()[3]}\nkey 1 {NOW.isoformat()} {line.split()[3]}")
    ring = opened(path)
    assert rotate_if_due(path, ring, NOW + timedelta(days=100), numbered()).newest.id == "2"


def test_a_revoked_key_stays_revoked_and_another_takes_its_place(path: Path) -> None:
    opened(path)
    line = next(line for line in path.read_text().splitlines() if line.startswith("key 0"))
    rewrite(path, line, line + " revoked")
    with pytest.raises(BadConfig, match=r"every key in .* is revoked"):
        opened(path, create=False)
    ring = opened(path)
    assert [(k.id, k.is_revoked) for k in ring.keys] == [("0", True), ("1", False)]
    assert ring.newest.id == "1"


def test_a_key_revoked_while_the_daemon_runs_is_not_brought_back(path: Path) -> None:
    ring = opened(path)
    line = next(line for line in path.read_text().splitlines() if line.startswith("key 0"))
    rewrite(path, line, line + " revoked")
    assert [(k.id, k.is_revoked) for k in rotate_if_due(path, ring, NOW, numbered()).keys] == [
        ("0", True),
        ("1", False),
    ]


MANGLED = [
    ("instance cafe", "instance", "one line `instance NAME`"),
    ("instance cafe", "instance cafe\ninstance b", "one line `instance NAME`"),
    ("instance cafe", "instanze cafe", "neither `instance NAME` nor"),
    ("key 0 ", "key I ", "a key's letter is one of"),
    ("key 0 ", "key 00 ", "a key's letter is one of"),
    ("+00:00", "", "lacks its offset"),
    ("2026-11-23T", "2026-13-23T", "the instant can't be read"),
    ("AAAA=", "AAA=", "the secret is not 32 octets"),
    ("AAAA=", "AAAA= revokd", "only the word `revoked`"),
    ("AAAA=", "AAAA= revoked x", "a key has a letter, an instant"),
    ("instance cafe\n", "", "no line `instance ...`"),
    ("\nkey 0", "\n#key 0", "no line `key ...`"),
    ("\nkey 0", "\nkey 0 2026-11-23T09:00:00+00:00 " + "A" * 43 + "=\nkey 0", "a second key with the letter 0"),
]


@pytest.mark.parametrize(("old", "new", "words"), MANGLED, ids=[m[2] + m[1] for m in MANGLED])
def test_a_mangled_file_is_told_at_its_line_and_never_written_over(path: Path, old: str, new: str, words: str) -> None:
    ring = opened(path)
    rewrite(path, old, new)
    spoiled = path.read_bytes()
    with pytest.raises(BadConfig) as raised:
        opened(path)
    with pytest.raises(BadConfig):
        rotate_if_due(path, ring, NOW + timedelta(days=1000), numbered())
    problem = raised.value.problems[0]
    assert words in problem.what
    assert problem.file == str(path)
    assert "AAAA" not in str(raised.value)
    if not words.startswith("no line"):
        assert path.read_text().splitlines()[problem.line - 1].startswith(("instan", "key"))
    assert path.read_bytes() == spoiled


def test_the_file_of_another_installation_is_not_taken(path: Path) -> None:
    ring = opened(path)
    rewrite(path, "instance cafe", "instance beef")
    with pytest.raises(BadConfig, match="of another installation"):
        rotate_if_due(path, ring, NOW, numbered())


def test_keys_may_stand_in_a_variable_or_a_credential(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ring = opened(path)
    monkeypatch.setenv("KEYS", path.read_text())
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(path.parent))
    for source in (Secret(env="KEYS"), Secret(credential="reference.key")):
        assert load_keyring(source, create=True, now=NOW, new_key=numbered(), new_instance=lambda: "x") == ring


def test_a_folder_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadConfig, match=r"can't be (made|read)"):
        opened(tmp_path / "file" / "reference.key")
