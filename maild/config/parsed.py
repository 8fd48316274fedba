"""What does a YAML text hold that may have been parsed before? Of several files mostly another one has changed."""

from functools import lru_cache
from typing import Any

from maild.config import document
from maild.config.document import Row, Table
from maild.errors import Problem

MOST_REMEMBERED = 2  # texts: the present one, and the one to which somebody goes back


def read(text: str, file: str, problems: list[Problem]) -> Table | None:
    """The mapping that it holds, for the caller to change, or None; `problems` gets everything that is wrong."""
    root, found = _parsed(text, file)
    problems += found
    return _copy(root) if root is not None else None


@lru_cache(MOST_REMEMBERED)
def _parsed(text: str, file: str) -> tuple[Table | None, tuple[Problem, ...]]:
    problems: list[Problem] = []
    root = document.read(text, file, problems)
    return root, tuple(problems)


def _copy(value: Any) -> Any:
    """The same tables and rows anew; places and plain values never change."""
    if isinstance(value, Table):
        table = Table(value.place)
        table.update((key, _copy(inner)) for key, inner in value.items())
        table.keys_at, table.values_at = dict(value.keys_at), dict(value.values_at)
        return table
    if isinstance(value, Row):
        row = Row(value.place)
        row.extend(map(_copy, value))
        row.items_at = list(value.items_at)
        return row
    return value
