"""What does a start say where the database's folder is not as it should be? Does a signal end a long look at it?"""

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest
from cli_desk import CliDesk

from maild.cli import main
from maild.errors import BadConfig, Temporary
from maild.store.folders import beside, sync_folder

MAILD = [sys.executable, "-c", "import sys, maild.cli; sys.exit(maild.cli.main())"]


@pytest.mark.parametrize("way", ["the folder is a file", "the database is a folder"])
def test_a_database_that_can_not_be_there_is_78_in_words(
    tmp_path: Path, way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = CliDesk(tmp_path)
    if way == "the database is a folder":
        desk.database.mkdir()
    else:
        (tmp_path / "afile").write_text("")
        desk.rules.write_text(desk.rules.read_text().replace(desk.database.name, f"afile/{desk.database.name}"))
    assert main(["run", "--rules", str(desk.rules)]) == 78
    assert "the database can't be here" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.EACCES, BadConfig), (errno.EROFS, BadConfig), (errno.ENOSPC, Temporary)]
)
def test_what_the_operator_can_change_is_told_from_a_lack_of_room(
    tmp_path: Path, number: int, kind: type[Exception]
) -> None:
    with pytest.raises(kind, match=os.strerror(number)), beside(tmp_path / "maild.db"):
        raise OSError(number, os.strerror(number))


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no file system here whose folders have no fsync")
def test_a_folder_that_has_no_fsync_is_no_fault() -> None:
    descriptor = os.open("/proc/self", os.O_RDONLY)
    with pytest.raises(OSError, match=os.strerror(errno.EINVAL)):
        os.fsync(descriptor)
    os.close(descriptor)
    sync_folder(Path("/proc/self"))


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sync_folder(tmp_path / "none")


def test_a_signal_ends_a_start_that_still_looks_through_the_database(tmp_path: Path) -> None:
    desk = CliDesk(tmp_path)
    desk.receive()
    other = sqlite.connect(desk.database)  # in the way for as long as a look through ten gigabytes takes
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("UPDATE alembic_version SET version_num = version_num")
    running = subprocess.Popen([*MAILD, "run", "--rules", str(desk.rules)], stderr=subprocess.PIPE, text=True)
    assert running.stderr is not None
    event = json.loads(running.stderr.readline())
    assert (event["event"], event["octets"]) == ("checking the database", desk.database.stat().st_size)
    running.send_signal(signal.SIGTERM)
    assert running.wait(10) == -signal.SIGTERM
    other.close()
