"""What does the running daemon say of itself? It writes a file beside the database, `<database>.status`."""

import fcntl
import json
import os
from pathlib import Path
from typing import Any


def running(database: Path) -> dict[str, Any] | None:
    """What the daemon wrote last, {} for nothing yet, None if none is running: the lock is the truth, not a number."""
    if not _is_locked(Path(f"{database}.lock")):
        return None
    try:
        said = json.loads(Path(f"{database}.status").read_text("utf-8"))
    except (OSError, ValueError):
        return {}  # just started, or there was no room for it
    return said if isinstance(said, dict) else {}


def _is_locked(path: Path) -> bool:
    """Whether a daemon holds it; one that was killed holds nothing."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except PermissionError:
        return True  # somebody else's, and there
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
