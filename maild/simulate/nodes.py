"""A place in a YAML file: what stands there, as text, number, list or mapping?

What is wrong is said with file and line (BadInput).
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from maild.errors import BadInput

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?\s?(Z|[+-]\d\d:?\d\d)?")


def read_file(file: Path) -> "Place":
    """The top of a YAML file. Raises BadInput with file and line if it can't be read."""
    try:
        text = file.read_bytes().decode("utf-8")
    except OSError as error:
        raise BadInput(f"{file}: can't be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadInput(f"{file}:{line}: this is not UTF-8; save the file as UTF-8") from None
    try:
        node = YAML(typ="rt").compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadInput(f"{file}:{mark.line + 1 if mark else 1}: this is not YAML: {error.problem}") from None
    except YAMLError:
        raise BadInput(f"{file}:1: this is not YAML: it holds characters that YAML forbids") from None
    if node is None:
        raise BadInput(f"{file}:1: the file is empty; write scenario:, start: and steps:")
    return Place(file, "the file", node)


def suggestion(word: str, known: Iterable[str]) -> str:
    """What to do about an unknown word: the nearest known one, or the list of them."""
    names = list(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else f"known are: {', '.join(names)}"


@dataclass(frozen=True, slots=True)
class Place:
    """A node of the file with the key that it stands under."""

    file: Path
    key: str
    node: Node
    line_of_key: int = 0  # 0: the value's own line counts

    @property
    def line(self) -> int:
        """Where it stands, from 1: the line of its key if it has one."""
        return int(self.line_of_key or self.node.start_mark.line + 1)

    def wrong(self, what: str) -> BadInput:
        """The error to raise, at this place."""
        return BadInput(f"{self.file}:{self.line}: {what}")

    @property
    def is_list(self) -> bool:
        """Whether a list stands here."""
        return isinstance(self.node, SequenceNode)

    def mapping(self) -> "dict[str, Place]":
        """Key -> place. A key that stands twice is an error: one of the two would count for nothing."""
        if not isinstance(self.node, MappingNode):
            raise self.wrong(f"{self.key} takes keys with values, such as 'key: value'")
        found: dict[str, Place] = {}
        for key, value in self.node.value:
            name = str(key.value) if isinstance(key, ScalarNode) else "?"
            place = Place(self.file, name, value, key.start_mark.line + 1)
            if name in found:
                raise place.wrong(f"the key '{name}' stands twice; keep one of them")
            found[name] = place
        return found

    def keys(self, known: Iterable[str], later: Iterable[str] = ()) -> "dict[str, Place]":
        """As mapping(), with no other keys than the known ones; those of a later version are told apart."""
        found = self.mapping()
        for name, place in found.items():
            place.check(name, known, later, f"{self.key} has no key")
        return found

    def check(self, word: str, known: Iterable[str], later: Iterable[str], what: str) -> str:
        """The word, if it is known."""
        names = list(known)
        if word in names:
            return word
        if word in later:
            raise self.wrong(f"'{word}' comes in a later version; leave it out for now")
        raise self.wrong(f"{what} '{word}'; {suggestion(word, names)}")

    def choice(self, known: Iterable[str], later: Iterable[str] = ()) -> str:
        """One word of a closed list."""
        return self.check(self.text(), known, later, f"{self.key} can't be")

    def text(self) -> str:
        """A text; a number or a word such as `true` is taken as it is written."""
        node = self.node
        if not isinstance(node, ScalarNode) or (node.tag or "").endswith(":null"):
            raise self.wrong(f"{self.key} takes a text")
        return str(node.value)

    def number(self, least: int = 0, most: int = 10**9) -> int:
        """A whole number between the two, both included."""
        written = self.node.value if isinstance(self.node, ScalarNode) else ""
        if not re.fullmatch(r"\d{1,10}", written) or not least <= int(written) <= most:
            raise self.wrong(f"{self.key} takes a whole number from {least} to {most}")
        return int(written)

    def flag(self) -> bool:
        """true or false."""
        return self.choice(("true", "false")) == "true"

    def items(self) -> "list[Place]":
        """The entries of a list."""
        if not isinstance(self.node, SequenceNode):
            raise self.wrong(f"{self.key} takes a list, such as [a, b]")
        return [Place(self.file, self.key, item) for item in self.node.value]

    def texts(self) -> tuple[str, ...]:
        """A list of texts; a single one may stand for a list of one."""
        return tuple(i.text() for i in self.items()) if self.is_list else (self.text(),)

    def instant(self) -> datetime:
        """An instant, exact to the minute; naive where no offset is given."""
        written = self.text().strip()
        try:
            if not _INSTANT.fullmatch(written):
                raise ValueError
            return datetime.fromisoformat(re.sub(r"\s(?=[Z+-])", "", written))
        except ValueError:
            raise self.wrong(f"'{written}' is not an instant; write it like 2026-11-23 09:00") from None

    def path(self) -> Path:
        """A file named relative to this one; it must be there."""
        file = self.file.parent / self.text()
        if not file.is_file():
            raise self.wrong(f"there is no file {file}; the name is relative to the folder of this file")
        return file
