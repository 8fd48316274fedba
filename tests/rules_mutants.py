"""An example's rules file with one thing changed: a rule left out, a block or an entry left out, a number one higher.

A mutant that no scenario notices is a rule that nothing proves.
"""

import json
import re
import shutil
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from maild.config.load import load
from maild.errors import BadConfig

# What names the desk and its servers: a number in it decides nothing.
_NAMES = frozenset({"version", "site", "mailboxes", "store", "smtp", "admin", "alert_command"})
_NEEDED = _NAMES | {"people", "queues", "brands"}
_TOLD = frozenset({"ask", "because", "says", "say", "called", "article", "fr", "en", "name", "url"})  # words for people
_PARTS = ("kinds", "needs", "fields", "sla", "plans", "reports")
_LISTS = ("rules", "waiting", "worklists")


@dataclass(frozen=True)
class Mutant:
    """`words`: what is changed; `ids`: the requirements that the file names near it, for the order in which to look."""

    words: str
    said: Any

    def write(self, folder: Path) -> Path:
        """Its rules.yaml in that folder, which holds the other files of the example. JSON is YAML, and its keys keep
        their order, on which much depends."""
        file = folder / "rules.yaml"
        file.write_text(json.dumps(self.said, ensure_ascii=False, default=str, indent=1), encoding="utf-8")
        return file


def copied(example: Path, folder: Path) -> Path:
    """A copy of an example's folder without its scenarios."""
    shutil.copytree(example, folder, ignore=shutil.ignore_patterns("scenarios"))
    return folder


def unchanged(rules: Path) -> Mutant:
    """The file as it is: what says nothing of it says something of a mutant."""
    return Mutant("unchanged", _said(rules))


def bare(rules: Path) -> Mutant:
    """A desk with the same people that has no policy at all."""
    said = {key: value for key, value in _said(rules).items() if key in _NEEDED}
    said["people"] = {key: value for key, value in said["people"].items() if key != "accounts"}
    said["site"] = {key: value for key, value in said["site"].items() if key != "replies"}
    said["rules"] = [{"name": "everything", "then": {"queue": next(iter(said["queues"]))}}]
    return Mutant("no policy at all", said)


def without_a_part(rules: Path) -> Iterator[Mutant]:
    """Each rule, each step, each named entry and each block left out in its turn."""
    said = _said(rules)
    for block in (key for key in said if key not in _NEEDED and key not in _LISTS):
        yield Mutant(f"no {block}", {key: value for key, value in said.items() if key != block})
    for block in (key for key in _LISTS if key in said):
        for i, entry in enumerate(said[block]):
            changed = deepcopy(said)
            del changed[block][i]
            yield Mutant(f"{block} without {entry.get('name', i + 1)}", changed)
    for block in (key for key in _PARTS if len(said.get(key, ())) > 1):
        for name in said[block]:
            changed = deepcopy(said)
            del changed[block][name]
            yield Mutant(f"{block} without {name}", changed)


def with_another_number(rules: Path) -> Iterator[Mutant]:
    """Each number one higher in its turn; not those in words for people."""
    said = _said(rules)
    for path in _numbers(said, ()):
        changed = deepcopy(said)
        inside: Any = changed
        for step in path[:-1]:
            inside = inside[step]
        before = inside[path[-1]]
        inside[path[-1]] = _higher(before)
        yield Mutant(f"{'.'.join(map(str, path))}: {inside[path[-1]]}, not {before}", changed)


def loads(rules: Path) -> bool:
    """Whether a desk can run on it: a mutant that is refused is noticed at once."""
    try:
        load(rules)
    except BadConfig:
        return False
    return True


def _said(rules: Path) -> dict[str, Any]:
    loader = YAML(typ="safe", pure=True)
    loader.version = (1, 2)
    found: dict[str, Any] = loader.load(rules.read_text(encoding="utf-8"))
    return found


def _numbers(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if path and (path[0] in _NAMES or path[-1] in _TOLD):
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _numbers(inner, (*path, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _numbers(inner, (*path, i))
    elif not isinstance(value, bool) and re.search(r"\d", str(value)):
        yield path


def _higher(value: Any) -> Any:
    """The last number of it one higher, with as many digits; of a day the next one."""
    if isinstance(value, int):
        return value + 1
    return re.sub(r"(\d+)(\D*)$", lambda m: f"{int(m[1]) + 1:0{len(m[1])}}{m[2]}", str(value))
