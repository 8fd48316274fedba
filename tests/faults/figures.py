"""How much is tried, and what came out? The scale of a run, a line for people, a file for machines.

`MAILD_FAULT_SCALE` is the share of the full numbers: 1 in `make faults`, 0.003 unless told, which is the smoke share of
`make test`. Figures go to build/faults/<name>.json, those of `make test` to build/faults/smoke; faults/catalogue.py
makes the table of them. A figure is of its test's last run: tests/conftest.py takes the old one away when the test
begins, and spoils what a test has shown that fails afterwards.
"""

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[2]
IS_ASKED_FOR = "MAILD_FAULT_SCALE" in os.environ
SCALE = float(os.environ.get("MAILD_FAULT_SCALE", "0.003"))
FOLDER = ROOT / "build" / "faults" / ("" if IS_ASKED_FOR else "smoke")
# Parts of one figure are added up if they are of one run: a parameter of another name leaves none behind.
RUN = os.environ.get("MAILD_FAULT_RUN") or os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())


def scaled(full: int, least: int = 1) -> int:
    """So many at this scale."""
    return max(least, round(full * SCALE))


def lanes() -> range:
    """So many desks at a time. One in the smoke share, since to start a fork server costs more than its lives."""
    return range(2 if IS_ASKED_FOR else 1)


def shown(name: str, part: str = "", **figures: Any) -> None:
    """Say and keep what was measured. `part`: one of several runs that together are the figure."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    name = f"{name}.{part.replace(' ', '-').replace('/', '-')}" if part else name
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
    path = FOLDER / f"{name}.json"
    figures = {"scale": SCALE, "commit": _commit(), "run": RUN, "test": test} | figures
    path.write_text(json.dumps(figures, indent=1, default=str) + "\n", "utf-8")
    _by_test().setdefault(test, []).append(path)
    said = (f"{key} {value}" for key, value in figures.items() if not isinstance(value, list) and key not in APART)
    print(f"\n{name}: " + ", ".join(said))


APART = ("scale", "commit", "run", "test")  # what is known of every figure


def forget(test: str) -> None:
    """That test begins: what it showed the last time counts no more."""
    for path in _by_test().pop(test, ()):
        path.unlink(missing_ok=True)


def spoil(test: str) -> None:
    """That test has failed, whatever it had shown before."""
    for path in _by_test().get(test, ()):
        figures = json.loads(path.read_text("utf-8")) | {"failed": True}
        path.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


@cache
def _by_test() -> dict[str, list[Path]]:
    """Which test has made which figures."""
    found: dict[str, list[Path]] = {}
    for path in FOLDER.glob("*.json"):
        try:
            found.setdefault(json.loads(path.read_text("utf-8")).get("test", ""), []).append(path)
        except (OSError, ValueError):  # another process writes it, or took it away
            continue
    return found


@cache
def _commit() -> str:
    """What was tried; with a plus where it was not committed, '' where that is unknown."""
    command = ["git", "describe", "--always", "--abbrev=7", "--exclude=*", "--dirty=+"]
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def quick_folder() -> TemporaryDirectory[str]:
    """On tmpfs where there is one."""
    memory = Path("/dev/shm")
    return TemporaryDirectory(prefix="maild-faults-", dir=memory if memory.is_dir() else None)


def logs_of(folder: str) -> str:
    """The last words of the processes that wrote there."""
    return "".join(path.read_text()[-3000:] for path in Path(folder).glob("*.log"))
