"""Reads YAML 1.2 into plain values that know where they stand. What does this file say, and at which line and column?

Works on the parser's events, so that nothing is built that the file does not spell out: tags (YAML 1.2 section 3.2.1.2)
are refused, aliases copy their value and count against a limit, duplicate keys and empty values are problems.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    ScalarEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.reader import ReaderError

from maild.config.plain_value import plain_value
from maild.errors import Problem

LONGEST = 1 << 20  # octets of the file
DEEPEST = 40  # levels
MOST_COPIES = 10_000  # values that aliases add

# The parser takes every bracket of a line for a possible key and asks about each at each: that is told before it.
_DEEP = re.compile(rf"^([^#'\"\n]*?)((?:[\[{{] *){{{DEEPEST + 1}}})[\[{{]", re.M)
_TOO_DEEP = f"more than {DEEPEST} levels deep; make it flatter"


class Place(NamedTuple):
    """Where something is written. Lines and columns count from 1."""

    file: str
    line: int
    column: int


class Table(dict[str, Any]):
    """A mapping that knows where it, its keys and its values stand."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.keys_at: dict[str, Place] = {}
        self.values_at: dict[str, Place] = {}

    def put(self, key: str, value: Any, key_at: Place, value_at: Place) -> None:
        """Add an entry with its places."""
        self[key] = value
        self.keys_at[key] = key_at
        self.values_at[key] = value_at


class Row(list[Any]):
    """A sequence that knows where it and its items stand."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.items_at: list[Place] = []

    def put(self, value: Any, at: Place) -> None:
        """Add an item with its place."""
        self.append(value)
        self.items_at.append(at)

    def drop(self, index: int) -> None:
        """Take an item out; the others keep their places."""
        del self[index]
        del self.items_at[index]


def where(root: Table, path: tuple[str | int, ...], *, key: bool = False) -> Place:
    """The place of the value at that path, or of its key; of the nearest thing around it where it does not exist."""
    here: Any = root
    place = root.place
    for step in path:
        if isinstance(here, Table) and step in here:
            place = here.keys_at[str(step)] if key else here.values_at[str(step)]
            here = here[str(step)]
        elif isinstance(here, Row) and isinstance(step, int) and step < len(here):
            place = here.items_at[step]
            here = here[step]
        else:
            break
    return place


def value_at(root: Table, path: tuple[str | int, ...]) -> Any:
    """The value at that path, or None."""
    here: Any = root
    for step in path:
        if isinstance(here, Table) and step in here:
            here = here[str(step)]
        elif isinstance(here, Row) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            return None
    return here


class _Stop(Exception):
    """Nothing further can be read."""

    def __init__(self, event: Event, what: str) -> None:
        self.event = event
        self.what = what


class _Reader:
    def __init__(self, text: str, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems
        self.events: Iterator[Event] = YAML(typ="safe", pure=True).parse(text)
        self.anchors: dict[str, list[Event] | None] = {}  # None while it is still being read
        self.recorders: list[list[Event]] = []
        self.replay: list[Iterator[Event]] = []
        self.copies = 0

    def place(self, event: Event) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def report(self, event: Event, what: str) -> None:
        self.problems.append(Problem(*self.place(event), "error", what))

    def next(self) -> Event:
        event = next(self.replay[-1]) if self.replay else next(self.events)
        for recorder in self.recorders if not self.replay else ():
            recorder.append(event)
        return event

    def value(self, event: Event, depth: int = 0) -> Any:
        """The value that begins with this event; the events up to its end are consumed."""
        self.copies += bool(self.replay)
        if self.copies > MOST_COPIES:
            raise _Stop(event, f"the aliases copy more than {MOST_COPIES} values; write fewer of them")
        if depth > DEEPEST:
            raise _Stop(event, _TOO_DEEP)
        if isinstance(event, AliasEvent):
            return self._copy(event, depth)
        self._refuse_tag(event)
        anchor = getattr(event, "anchor", None)
        if anchor is None or self.replay:
            return self._plain(event, depth)
        self.anchors[anchor] = None
        recorder = [event]
        self.recorders.append(recorder)
        value = self._plain(event, depth)
        self.recorders.remove(recorder)
        self.anchors[anchor] = recorder
        return value

    def _refuse_tag(self, event: Event) -> None:
        if tag := getattr(event, "tag", None):
            self.report(event, f"a tag ({tag}) is not allowed here; remove it and write a plain value")

    def _copy(self, event: AliasEvent, depth: int) -> Any:
        if event.anchor not in self.anchors:
            raise _Stop(event, f"the alias *{event.anchor} has no anchor &{event.anchor} before it; write the value")
        recorded = self.anchors[event.anchor]
        if recorded is None:
            raise _Stop(event, f"the alias *{event.anchor} stands inside the value that it copies; write the value")
        self.replay.append(iter(recorded))
        value = self.value(self.next(), depth)
        self.replay.pop()
        return value

    def _plain(self, event: Event, depth: int) -> Any:
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        if isinstance(event, SequenceStartEvent):
            row = Row(self.place(event))
            while not isinstance(item := self.next(), CollectionEndEvent):
                value = self.value(item, depth + 1)
                if value is None:
                    self.report(item, "an empty item in a list; write a value or remove it")
                else:
                    row.put(value, self.place(item))
            return row
        return self._table(event, depth)

    def _table(self, event: Event, depth: int) -> Table:
        table = Table(self.place(event))
        while not isinstance(key := self.next(), CollectionEndEvent):
            name = self._key(key, depth)
            at = self.next()
            value = self.value(at, depth + 1)
            if name is None:
                continue
            if name in table.keys_at:
                first = table.keys_at[name].line
                self.report(key, f"the key '{name}' stands here twice (first in line {first}); keep one of them")
                continue
            if value is None:
                quoted = ", or put a text with a comma in quotes" if " " in name else ""  # {because: no, sorry}
                self.report(key, f"the key '{name}' has no value; write one, or remove the key{quoted}")
                table.keys_at[name] = self.place(key)
            else:
                table.put(name, value, self.place(key), self.place(at))
        return table

    def _key(self, event: Event, depth: int) -> str | None:
        if isinstance(event, ScalarEvent):
            self._refuse_tag(event)
            self._scalar(event)  # for its problems
            if event.value == "<<" and event.style is None:
                self.report(event, "'<<' does not merge in YAML 1.2; write the keys here")
                return None
            if event.value:
                return str(event.value)
            self.report(event, "a value without a key; write `key: value`")
            return None
        self.report(event, "a key must be a word; put texts with [ ] { } or * in quotes")
        self.value(event, depth + 1)
        return None

    def _scalar(self, event: ScalarEvent) -> Any:
        text = str(event.value)
        if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
            self.report(event, "half a character (a lone surrogate); write the character itself")
            return text.encode("utf-8", "replace").decode()
        return plain_value(text) if event.style is None else text  # else it is quoted, or a block


def read(text: str, file: str, problems: list[Problem]) -> Table | None:
    """The mapping that a YAML text holds, or None. `problems` gets everything that is wrong with it."""
    place = Place(file, 1, 1)
    if deep := _DEEP.search(text):
        at = Place(file, text.count("\n", 0, deep.start()) + 1, len(deep[1]) + len(deep[2]) + 1)
        problems.append(Problem(*at, "error", _TOO_DEEP))
        return None
    reader = _Reader(text, file, problems)
    try:
        root: Any = None
        for event in reader.events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    raise _Stop(event, "a second document in the file (after ---); keep one")
                root = reader.value(next(reader.events))
                place = Place(file, root.place.line, root.place.column) if isinstance(root, Table | Row) else place
            elif isinstance(event, StreamEndEvent):
                break
    except _Stop as stop:
        reader.report(stop.event, stop.what)
        return None
    except MarkedYAMLError as error:
        problems.append(_broken(error, text, file))
        return None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - text.rfind("\n", 0, error.position)
        problems.append(Problem(file, line, column, "error", "a control character; remove it"))
        return None
    except (YAMLError, ValueError, IndexError, AssertionError, AttributeError, TypeError, KeyError) as error:
        # the parser's own stumbles on broken text
        problems.append(Problem(file, 1, 1, "error", f"not YAML that can be read ({error}); check it in an editor"))
        return None
    if root is None:
        problems.append(Problem(*place, "error", "the file is empty; start from the rules.yaml that comes with maild"))
        return None
    if not isinstance(root, Table):
        problems.append(Problem(*place, "error", "the file must be a table of keys, starting with `version: 1`"))
        return None
    return root


def _broken(error: MarkedYAMLError, text: str, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    # The end is far away; the quote or bracket that nobody closed is here.
    if "quoted scalar" in str(error.context) or "<stream end>" in str(error.problem):
        mark = error.context_mark or mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.split("\n")
    written = lines[line - 1] if line <= len(lines) else ""
    what = str(error.problem or error.context or "not YAML")
    if "\t" in written[: column + 1] and not written[:column].strip():
        return Problem(file, line, written.index("\t") + 1, "error", "a tab at the start of a line; indent with blanks")
    because = f" {error.context}" if error.context else ""
    if error.context_mark and error.context_mark.line + 1 != line:
        because += f" that began in line {error.context_mark.line + 1}"
    remedy = "check indentation, quotes and brackets"
    if written[column - 1 : column] == ":":
        remedy = f"a text with a colon or a comma goes in quotes; else {remedy}"
    return Problem(file, line, column, "error", f"broken YAML: {what}{because}; {remedy}")
