"""Where do the finds and the count of all runs stand? In build/fuzz, a file for each place where something failed."""

import hashlib
import json
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "build" / "fuzz"


def found(raw: bytes, error: Exception) -> int:
    """Keeps a find, once for each place where it happens; 1, so that finds can be counted."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_name}-{trace.tb_lineno}" if trace else "nowhere"
    finds = FOLDER / "finds"
    finds.mkdir(parents=True, exist_ok=True)
    if not list(finds.glob(f"{place}-*")):
        (finds / f"{place}-{hashlib.sha256(raw).hexdigest()[:16]}.eml").write_bytes(raw)
        print(f"find: {place}: {type(error).__name__}: {error}", flush=True)
    return 1


def counts() -> dict[str, int]:
    """How many runs there have been, all times together, how long they took, how many went wrong."""
    path = FOLDER / "count.json"
    found: dict[str, int] = json.loads(path.read_text()) if path.exists() else {"runs": 0, "seconds": 0, "wrong": 0}
    return found


def counted(runs: int, seconds: float, wrong: int) -> None:
    """Adds to build/fuzz/count.json."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    old = counts()
    new = {"runs": old["runs"] + runs, "seconds": round(old["seconds"] + seconds), "wrong": old["wrong"] + wrong}
    (FOLDER / "count.json").write_text(json.dumps(new) + "\n")


def said() -> None:
    """Says how many runs there have been."""
    count = counts()
    print(f"all runs so far: {count['runs']} in {count['seconds'] / 3600:.2f} hours, {count['wrong']} wrong")
