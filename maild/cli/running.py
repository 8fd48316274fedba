"""What does the running daemon say of itself? It writes a file beside the database, `<database>.status`."""

import json
import os
from pathlib import Path
from typing import Any


def running(database: Path) -> dict[str, Any] | None:
    """What the daemon wrote last, or None if none is running: no file, or its process is gone."""
    try:
        said = json.loads(Path(f"{database}.status").read_text("utf-8"))
        os.kill(int(said["pid"]), 0)  # signal 0 asks whether the process is there
    except PermissionError:
        return said if isinstance(said, dict) else None  # it is there, and somebody else's
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return None
    return said if isinstance(said, dict) else None
