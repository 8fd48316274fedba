"""Reads customers.csv. Who are the known customers, and in which line and column is what they are said to be?

RFC 4180 with two liberties (`;` as French spreadsheets write it, a byte order mark); a record is one line.
"""

import csv
import re
from difflib import get_close_matches
from pathlib import Path

from maild.config.document import Place, Row, Table
from maild.config.reading import read_at_most
from maild.errors import Problem
from maild.settings import Customer

LONGEST = 16 << 20  # octets
_WHO = frozenset({"address", "domain"})  # one of them says who it is
_LISTS = frozenset({"plan", "also"})  # several in a cell, parted by any of _PARTS'
_PARTS = re.compile(r"[^|,;]+")


def read_customers(path: Path, shown: str, at: Place, problems: list[Problem]) -> tuple[Row, bytes]:
    """The records as a list of tables for the schema, and the bytes that were read.

    `shown` is how problems name the file; `at` is where rules.yaml names it. `problems` gets what is wrong.
    """
    rows = Row(Place(shown, 1, 1))
    try:
        raw = read_at_most(path, LONGEST)
    except (OSError, ValueError) as error:
        because = error.strerror if isinstance(error, OSError) else "not a path"
        problems.append(
            Problem(*at, "error", f"'{shown}' can't be read ({because}); paths start at this file's folder")
        )
        return rows, b""
    if len(raw) > LONGEST:
        problems.append(Problem(shown, 1, 1, "error", f"larger than {LONGEST >> 20} MiB; split it"))
        return rows, raw
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = len(raw[raw.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8", "replace")) + 1
        problems.append(Problem(shown, line, column, "error", "not UTF-8; save the file as UTF-8 (CSV UTF-8 in Excel)"))
        return rows, raw
    _parse(text, shown, rows, problems)
    return rows, raw


def _parse(text: str, shown: str, rows: Row, problems: list[Problem]) -> None:
    columns: list[str] = []
    delimiter = ","
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if not line.strip():
            continue
        if not columns:
            delimiter = ";" if ";" in line else ","
            columns = _header(line, delimiter, Place(shown, number, 1), problems)
            if not _WHO & set(columns):
                return
            continue
        cells = _cells(line, delimiter, Place(shown, number, 1), problems)
        table = Table(Place(shown, number, 1))
        for name, (value, at) in zip(columns, cells, strict=False):
            if value and name:
                table.put(name, _several(value, at) if name in _LISTS else value, at, at)
        if len(cells) > len(columns):
            what = f"{len(cells)} values for {len(columns)} columns; put values that hold '{delimiter}' in quotes"
            problems.append(Problem(*cells[len(columns)][1], "error", what))
        if _WHO & table.keys():
            rows.put(table, table.place)
        elif cells:
            what = "no address and no domain; write one, or remove the line"
            problems.append(Problem(shown, number, 1, "error", what))
    if not columns:
        what = "the file is empty; its first line names the columns, such as address,name,organisation,plan,language"
        problems.append(Problem(shown, 1, 1, "error", what))


def _several(cell: str, at: Place) -> Row:
    """The values of a cell, each at its own column."""
    values = Row(at)
    for part in _PARTS.finditer(cell):
        if value := part[0].strip():
            start = part.start() + len(part[0]) - len(part[0].lstrip())
            values.put(value, Place(at.file, at.line, at.column + start))
    return values


def _header(line: str, delimiter: str, place: Place, problems: list[Problem]) -> list[str]:
    known = list(Customer.model_fields)
    names: list[str] = []
    for cell, at in _cells(line, delimiter, place, problems):
        name = cell.lower()
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(known)}"
            problems.append(Problem(*at, "error", f"unknown column '{cell}'; {hint}"))
            name = ""
        elif name in names:
            problems.append(Problem(*at, "error", f"the column '{cell}' stands here twice; keep one"))
            name = ""
        names.append(name)
    if not _WHO & set(names) and all(names):
        what = f"no column 'address' or 'domain'; the first line names columns out of {delimiter.join(known)}"
        problems.append(Problem(*place, "error", what))
    return names


def _cells(line: str, delimiter: str, place: Place, problems: list[Problem]) -> list[tuple[str, Place]]:
    """The cells of a line, blanks around them cut, with their places."""
    try:
        values = next(csv.reader([line], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        what = "a quote that is not closed on its line, or text after a closing quote; double quotes inside a value"
        problems.append(Problem(*place, "error", what))
        return []
    starts, is_quoted = [1], False
    for column, letter in enumerate(line, 1):
        is_quoted ^= letter == '"'
        if letter == delimiter and not is_quoted:
            starts.append(column + 1)
    places = (Place(place.file, place.line, start) for start in starts)
    return [(value.strip(), at) for value, at in zip(values, places, strict=False)]
