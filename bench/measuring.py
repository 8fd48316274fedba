"""What does a process cost, and how are figures shown? From /proc; a table for people, JSON for machines."""

import json
import os
from pathlib import Path
from statistics import median

FOLDER = Path(__file__).parents[1] / "build" / "bench"
_TICK = os.sysconf("SC_CLK_TCK")


def cpu_of(pid: int) -> float:
    """Seconds that the process and its ended children have computed."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, words[11:15])) / _TICK


def memory_of(pid: int) -> tuple[float, float]:
    """MiB that are resident, and its share of them (PSS)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    found = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
    return found["Rss"] / 1024, found["Pss"] / 1024


def most_memory_of(pid: int) -> float:
    """MiB that were resident at most."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def spread(values: list[float]) -> dict[str, float]:
    """The middle, and what nineteen of twenty stay below."""
    ordered = sorted(values)
    return {
        "median": round(median(ordered), 2),
        "p95": round(ordered[min(round(len(ordered) * 0.95), len(ordered) - 1)], 2),
        "least": round(ordered[0], 2),
        "most": round(ordered[-1], 2),
    }


def shown(name: str, figures: dict[str, object]) -> None:
    """A line for each figure, and build/bench/<name>.json."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    print(f"\n{name}")
    for key, value in figures.items():
        words = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        print(f"  {key:<42} {words}", flush=True)
