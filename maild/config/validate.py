"""Holds a document against the schema. Which of its values are wrong, and what remains if they are left out?

What remains is for the checks that come after, so that all mistakes of a file are told at once; nothing runs on it.
"""

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from maild.config.document import Row, Table, value_at, where
from maild.config.wording import Path, in_words
from maild.errors import Problem
from maild.settings import Settings

_ROUNDS = 100

# Blocks that no settings are without: what stands in for one that is missing or wrong altogether.
_STAND_INS: dict[str, Any] = {
    "version": 1,
    "site": {"name": "x", "reference": "X", "key": {"env": "X"}},
    "mailboxes": {"x": {"address": "x@x.invalid"}},
    "admin": "y@x.invalid",
    "people": {"agents": [{"name": "x", "address": "z@x.invalid"}]},
    "queues": {"x": {}},
}


@dataclass(frozen=True, slots=True)
class Validated:
    """`settings` as far as they can be read (None: not at all), and the blocks that are not as they were written."""

    settings: Settings | None
    damaged: frozenset[str]


def validate(root: Table, problems: list[Problem]) -> Validated:
    """Read settings from a document. `problems` gets all that is wrong; wrong values are taken out of `root`."""
    damaged: set[str] = set()
    removed: set[Path] = set()
    for _ in range(_ROUNDS):
        try:
            settings = Settings.model_validate(root, context={"is_file": True}, by_alias=True, by_name=False)
        except ValidationError as error:
            found = [(_as_written(details["loc"]), details) for details in error.errors(include_url=False)]
        else:
            return Validated(settings, frozenset(damaged))
        for path, details in found:
            # What shows only because something inside or around it was taken out is no mistake of the admin's.
            if not any(_overlap(path, other) for other in removed) and not _is_valueless(root, path):
                at = where(root, path, key=details["type"] == "extra_forbidden")
                problems.append(Problem(*at, "error", in_words(details, path)))
        now_removed: set[Path] = set()
        for path in sorted((path for path, _ in found), key=_order, reverse=True):
            damaged.add(str(path[0]))
            if not any(path[: len(other)] == other for other in now_removed):
                now_removed.add(_remove(root, path))
        removed |= now_removed
        for key in damaged & _STAND_INS.keys() - root.keys():
            root.put(key, _STAND_INS[key], root.place, root.place)
    return Validated(None, frozenset(damaged))


def _as_written(loc: Path) -> Path:
    """A place as the validator names it, without the mark of a key that is wrong itself."""
    return tuple(step for step in loc if step != "[key]")


def _overlap(one: Path, other: Path) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _order(path: Path) -> tuple[tuple[int, str], ...]:
    """List items from the last to the first, so that taking one out moves none that is still to go."""
    return tuple((step, "") if isinstance(step, int) else (-1, step) for step in path)


def _is_valueless(root: Table, path: Path) -> bool:
    """Whether the key is there without a value, which has been told already."""
    around = value_at(root, path[:-1])
    return isinstance(around, Table) and path[-1] in around.keys_at and path[-1] not in around


def _remove(root: Table, path: Path) -> Path:
    """Take out what stands at the path, or the nearest thing around it; says which."""
    while len(path) > 1 and value_at(root, path) is None:
        path = path[:-1]
    around = value_at(root, path[:-1])
    step = path[-1]
    if isinstance(around, Row) and isinstance(step, int):
        around.drop(step)
    elif isinstance(around, Table):
        around.pop(str(step), None)
    return path
