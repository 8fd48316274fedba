"""What does a running daemon say of itself? Plain values in a file beside the database, which `maild status` reads."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from maild.config.reload import Standing
from maild.ingest.ports import PollerStatus
from maild.outbox.health import Status as SenderStatus
from maild.plan.alerts import Presence


def path_of(database: Path) -> Path:
    """The file."""
    return Path(f"{database}.status")


def say(database: Path, status: Mapping[str, Any]) -> None:
    """Write it, whole or not at all; for nobody else's eyes, since errors may name accounts."""
    path = path_of(database)
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    draft.touch(0o600)
    draft.write_text(json.dumps(status), "utf-8")
    draft.replace(path)


def plain_status(status: PollerStatus) -> dict[str, Any]:
    """What a poller says of itself."""
    return {
        "state": status.state.value,
        "since": status.since.isoformat(),
        "error": status.last_error,
        "last_sweep": status.last_sweep_at.isoformat() if status.last_sweep_at else None,
        "kept": status.kept,
        "filed": status.filed,
        "left_alone": status.left_alone,
        "too_large": status.too_large,
        "unreadable": status.unreadable,
        "lost": status.lost,
    }


def plain_rules(rules: Standing) -> dict[str, Any]:
    """Which rules are in force, and why not those of the files."""
    return {
        "digest": rules.version,
        "since": rules.since.isoformat(),
        "in_files": rules.in_files,
        "problems": [str(problem) for problem in rules.problems],
        "waiting": list(rules.waiting),
    }


def plain_smtp(status: SenderStatus) -> dict[str, Any]:
    """What the sender says of itself."""
    return {
        "state": status.state.value,
        "failing_since": status.failing_since.isoformat() if status.failing_since else None,
        "error": status.last_error,
        "is_configuration": status.is_configuration,
    }


def plain_concerns(seen: Iterable[Presence]) -> dict[str, Any]:
    """What needs a person just now, in its latest words, and what did until a few minutes ago; by its key."""
    return {
        p.concern.key: {
            "is_here": p.is_here,
            "last_at": p.last_at.isoformat(),
            "details": list(p.concern.details),
        }
        for p in seen
    }
