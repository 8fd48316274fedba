"""Reads the articles of the knowledge base. What stands in the head and the text of each, and in which line?

An article is a Markdown file that begins with a head in YAML between two lines `---` (front matter).
"""

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from maild.config.document import Place, Row, Table, read
from maild.errors import Problem
from maild.settings.values import Language

LONGEST = 1 << 18  # octets of an article
MOST = 5_000  # articles
_LANGUAGES = get_args(Language)
_RULE = re.compile(r"---[ \t]*")
_KEY = re.compile(r"[^\s:{}\[\]\"'-][^:]*:(\s|$)")


def read_articles(
    folder: Path, shown: Path, at: Place, files: list[Path], problems: list[Problem]
) -> tuple[Row | None, bytes]:
    """The articles as a list of tables for the schema (None: there is no such folder), and a digest of all of them.

    `shown` is how problems name the folder; `at` is where rules.yaml names it. `files` gets the folders and the files:
    whatever changes in one of them changes what is read.
    """
    rows, digest = Row(Place(str(shown), 1, 1)), hashlib.sha256()
    files.append(folder)
    if not folder.is_dir():
        what = f"there is no folder '{shown}'; make it, with an article in it such as fr/exporter-une-facture.md"
        problems.append(Problem(*at, "error", what))
        return None, b""
    paths = sorted(_within(folder, files))
    if len(paths) > MOST:
        problems.append(Problem(*at, "error", f"'{shown}' holds more than {MOST} articles; keep those that help"))
    for path in paths[:MOST]:
        inside = path.relative_to(folder)
        raw = _bytes(path, str(shown / inside), problems)
        digest.update(f"{inside}\0{len(raw)}\0".encode("utf-8", "surrogateescape") + raw)
        table = _article(raw, str(shown / inside), problems) if raw else None
        if table is None:
            continue
        start = Place(str(shown / inside), 1, 1)
        if inside.parts[0] in _LANGUAGES and "language" not in table.keys_at:
            table.put("language", inside.parts[0], start, start)
        if "link" not in table.keys_at:
            table.put("link", _address(inside), start, start)
        rows.put(table, table.place)
    return rows, digest.digest()


def _within(folder: Path, files: list[Path]) -> Iterator[Path]:
    """The articles of a folder and of those in it; what begins with a dot is left out, as editors leave it there."""
    try:
        found = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError:
        return
    for path in found:
        if path.is_dir() and not path.is_symlink():
            files.append(path)
            yield from _within(path, files)
        elif path.suffix == ".md":
            files.append(path)
            yield path


def _address(inside: Path) -> str:
    """What follows `url` where the head says no link: the path of the file without its ending."""
    return re.sub(r"[\s<>\"():]+", "-", inside.with_suffix("").as_posix())


def _bytes(path: Path, shown: str, problems: list[Problem]) -> bytes:
    """b'' where it can't be read, which is told."""
    try:
        with path.open("rb") as file:
            raw = file.read(LONGEST + 1)
    except OSError as error:
        problems.append(Problem(shown, 1, 1, "error", f"the article can't be read ({error.strerror}); see to its mode"))
        return b""
    if len(raw) > LONGEST:
        problems.append(Problem(shown, 1, 1, "error", f"larger than {LONGEST >> 10} KiB; split it"))
        return b""
    if not raw.strip():
        problems.append(Problem(shown, 1, 1, "error", f"an empty article; {_BEGIN}, then its text"))
        return b""
    return raw


_BEGIN = "begin it with the three lines: ---, title: its title, ---"


def _article(raw: bytes, shown: str, problems: list[Problem]) -> Table | None:
    def fault(line: int, what: str, column: int = 1) -> None:
        problems.append(Problem(shown, line, column, "error", what))

    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        fault(before.count(b"\n") + 1, "not UTF-8; save the file in the encoding UTF-8", column)
        return None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not _RULE.fullmatch(lines[0]):
        fault(1, f"the article has no head; {_BEGIN}")
        return None
    end = next((n for n, line in enumerate(lines[1:], 1) if _RULE.fullmatch(line)), None)
    if end is None:
        fault(1, "the head that begins here has no end; write a line --- below it, and the text after that")
        return None
    head = lines[1:end]
    first = next((n for n, line in enumerate(head, 2) if line.strip() and not line.lstrip().startswith("#")), None)
    if first is None or not _KEY.match(lines[first - 1]):
        fault(first or 2, "the head holds keys, one a line, such as `title: Exporter une facture`")
        return None
    kept, found = _head("\n".join(["#", *head]), shown)  # the comment stands for the first line, so places are right
    problems += found
    if kept is None:
        return None
    table = _copy(kept)
    if "text" in table.keys_at:
        fault(table.keys_at["text"].line, "the text of an article stands below its head; remove this key")
        table.pop("text", None)
    body = "\n".join(lines[end + 1 :]).strip("\n").rstrip()
    if not body.strip():
        fault(end + 1, "no text below the head; write what the article says")
        return None
    start = Place(shown, end + 2, 1)
    table.put("text", body, start, start)
    return table


@lru_cache(maxsize=MOST)
def _head(text: str, shown: str) -> tuple[Table | None, tuple[Problem, ...]]:
    """A head and what is wrong with it. Kept, so that a change of one file among thousands is read within a second."""
    problems: list[Problem] = []
    table = read(text, shown, problems)
    if table is not None:
        _as_written(table, text.split("\n"))
    return table, tuple(problems)


def _copy(table: Table) -> Table:
    """Another one that may be changed."""
    copy = Table(table.place)
    for key, value in table.items():
        if isinstance(value, Row):
            row = Row(value.place)
            for item, at in zip(value, value.items_at, strict=True):
                row.put(item, at)
            value = row
        copy.put(key, value, table.keys_at[key], table.values_at[key])
    copy.keys_at |= table.keys_at
    return copy


def _as_written(table: Table, lines: list[str]) -> None:
    """Numbers as the texts that they were written as: `version: 4.10` is not 4.1."""
    for key, value in table.items():
        if isinstance(value, Row):
            for n, item in enumerate(value):
                value[n] = _text(item, value.items_at[n], lines)
        else:
            table[key] = _text(value, table.values_at[key], lines)


def _text(value: Any, at: Place, lines: list[str]) -> Any:
    if not isinstance(value, bool | int | float):
        return value
    written = re.match(r"[^\s,\]}#]+", lines[at.line - 1][at.column - 1 :])
    return written[0] if written else str(value)
