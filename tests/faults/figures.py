"""How much is tried, and what came out? The scale of a run, a line for people, a file for machines.

`MAILD_FAULT_SCALE` is the share of the full numbers: 1 in `make faults`, 0.003 unless told, which is the smoke share of
`make test`. Figures go to build/faults/<name>.json, those of `make test` to build/faults/smoke; faults/catalogue.py
makes the table of them.
"""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

IS_ASKED_FOR = "MAILD_FAULT_SCALE" in os.environ
SCALE = float(os.environ.get("MAILD_FAULT_SCALE", "0.003"))
FOLDER = Path(__file__).parents[2] / "build" / "faults" / ("" if IS_ASKED_FOR else "smoke")


def scaled(full: int, least: int = 1) -> int:
    """So many at this scale."""
    return max(least, round(full * SCALE))


def shown(name: str, part: str = "", **figures: Any) -> None:
    """Say and keep what was measured. `part`: one of several runs that together are the figure."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    name = f"{name}.{part.replace(' ', '-').replace('/', '-')}" if part else name
    figures = {"scale": SCALE} | figures
    (FOLDER / f"{name}.json").write_text(json.dumps(figures, indent=1, default=str) + "\n", "utf-8")
    print(f"\n{name}: " + ", ".join(f"{key} {value}" for key, value in figures.items() if not isinstance(value, list)))


def quick_folder() -> TemporaryDirectory[str]:
    """On tmpfs where there is one."""
    memory = Path("/dev/shm")
    return TemporaryDirectory(prefix="maild-faults-", dir=memory if memory.is_dir() else None)


def logs_of(folder: str) -> str:
    """The last words of the processes that wrote there."""
    return "".join(path.read_text()[-3000:] for path in Path(folder).glob("*.log"))
