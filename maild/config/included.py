"""Puts what stands in files of their own in its place: the rows of customers.csv, the entries of a list.

What is read is validated with the rest, each entry at its own line and column.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from maild.config.customers import LONGEST, read_customers
from maild.config.document import Place, Row, Table
from maild.config.wording import nearest
from maild.errors import Problem

Reader = Callable[[Path, str, Place, list[Problem]], tuple[Row, bytes]]


def include(
    root: Table, folder: Path, shown_folder: Path, files: list[Path], problems: list[Problem], damaged: set[str]
) -> Iterator[bytes]:
    """In place of each `{file: ...}`: what the file holds. Gives the bytes that were read.

    `files` gets the file, and `damaged` the block that names it if anything is wrong with it.
    """
    for table, key, reader, example in _places(root):
        listed: Table = table[key]
        at = table.values_at[key]
        rows, raw = Row(at), b""
        name = listed.get("file")
        for word in listed:
            if word != "file":
                what = f"unknown key '{word}'{nearest(word, ['file'])}"
                problems.append(Problem(*listed.keys_at[word], "error", what))
        if isinstance(name, str) and name.strip():
            files.append(folder / name)
            told = len(problems)
            rows, raw = reader(folder / name, str(shown_folder / name), listed.values_at["file"], problems)
            if len(problems) > told:
                damaged.add("lists" if reader is read_list else "people")
        elif not listed.keys_at or name is not None:
            problems.append(Problem(*at, "error", f"{key} are a list, or {{file: {example}}}"))
        table.put(key, rows, table.keys_at[key], at)
        yield raw


def _places(root: Table) -> list[tuple[Table, str, Reader, str]]:
    """Where a file may stand and one does: in what, under which key, how it is read, and what it may be called."""
    people, lists = root.get("people"), root.get("lists")
    found: list[tuple[Table, str, Reader, str]] = []
    if isinstance(people, Table):
        found += [(people, key, read_customers, "customers.csv") for key in ("customers", "organisations")]
    if isinstance(lists, Table):
        found += [(lists, key, read_list, f"{key}.txt") for key in lists]
    return [place for place in found if isinstance(place[0].get(place[1]), Table)]


def read_list(path: Path, shown: str, at: Place, problems: list[Problem]) -> tuple[Row, bytes]:
    """The entries of a list, one a line, and the bytes that were read. Blanks around them, empty lines and what begins
    with `#` are left out.

    `shown` is how problems name the file; `at` is where rules.yaml names it. `problems` gets what is wrong.
    """
    rows = Row(Place(shown, 1, 1))
    try:
        with path.open("rb") as file:
            raw = file.read(LONGEST + 1)
    except (OSError, ValueError) as error:
        because = error.strerror if isinstance(error, OSError) else "not a path"
        what = f"'{shown}' can't be read ({because}); paths start at this file's folder"
        problems.append(Problem(*at, "error", what))
        return rows, b""
    if len(raw) > LONGEST:
        problems.append(Problem(shown, 1, 1, "error", f"larger than {LONGEST >> 20} MiB; split it"))
        return rows, raw
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            column = len(line[: error.start].decode("utf-8", "replace")) + 1
            problems.append(Problem(shown, number, column, "error", "not UTF-8; save the file in the encoding UTF-8"))
            return rows, raw
        entry = text.strip()
        if entry and not entry.startswith("#"):
            rows.put(entry, Place(shown, number, text.index(entry) + 1))
    return rows, raw
