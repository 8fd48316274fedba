"""How much is tried, and what came out? The scale of a run, a line for people, a file for machines.

`MAILD_FAULT_SCALE` is the share of the full numbers: 1 in `make faults`, 0.003 unless told, which is the smoke share of
`make test`. Figures go to build/faults/<name>.json.
"""

import json
import os
import resource
from pathlib import Path
from typing import Any

SCALE = float(os.environ.get("MAILD_FAULT_SCALE", "0.003"))
FOLDER = Path(__file__).parents[2] / "build" / "faults"


def scaled(full: int, least: int = 1) -> int:
    """So many at this scale."""
    return max(least, round(full * SCALE))


def shown(name: str, **figures: Any) -> None:
    """Say and keep what was measured."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    figures = {"scale": SCALE} | figures
    (FOLDER / f"{name}.json").write_text(json.dumps(figures, indent=1, default=str) + "\n", "utf-8")
    print(f"\n{name}: " + ", ".join(f"{key} {value}" for key, value in figures.items() if not isinstance(value, list)))


def limit_this_process(seconds: int) -> None:
    """A test that runs away ends: so many seconds of processor time."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))
