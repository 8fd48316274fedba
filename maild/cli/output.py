"""How is something shown: as text and tables for people, as JSON for programs?

Subjects, names and texts come from strangers: whatever could steer a terminal is replaced before it is shown.
"""

import getpass
import json
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from io import StringIO
from typing import TYPE_CHECKING, Any, TextIO
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from rich.console import Console

_WIDE = 400  # columns where nobody looks at a terminal: lines stay whole for grep
_captured: ContextVar[TextIO | None] = ContextVar("captured", default=None)
_hides: ContextVar[str] = ContextVar("hides", default="")


@contextmanager
def captured() -> Iterator[StringIO]:
    """What is shown inside goes here instead of to standard output."""
    stream = StringIO()
    token = _captured.set(stream)
    try:
        yield stream
    finally:
        _captured.reset(token)


def stdout() -> TextIO:
    """Where results go."""
    return _captured.get() or sys.stdout


def console() -> "Console":
    """The terminal, or plain wide text where standard output is none."""
    from rich.console import Console

    stream = stdout()
    return Console(file=stream, width=None if stream.isatty() else _WIDE, highlight=False, markup=False, emoji=False)


def clean(text: str) -> str:
    """The text without what could steer a terminal or turn the order of letters round."""
    return "".join(
        c if c in "\n\t" or unicodedata.category(c) not in _STEERING else "\N{REPLACEMENT CHARACTER}" for c in text
    )


_STEERING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def hide_secrets(language: str) -> None:
    """From now on nothing shows a secret that stood in a mail, with words of that language in its place; '' ends it."""
    _hides.set(language)


def _shown(value: Any) -> Any:
    """The value with the secrets in its texts hidden, where the rules say so."""
    language = _hides.get()
    if not language:
        return value
    if isinstance(value, dict):
        return {key: _shown(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(one) for one in value]
    if not isinstance(value, str):
        return value
    from maild.reading.hiding import hidden_text

    return hidden_text(value, language)


def one_line(text: str) -> str:
    """The text, safe and on one line."""
    return " ".join(clean(_shown(text)).split())


def say(text: str = "") -> None:
    """A line for people on standard output."""
    stream = stdout()
    safe = clean(_shown(text))
    encoding = stream.encoding or "utf-8"
    print(safe.encode(encoding, "replace").decode(encoding), file=stream)


def note(text: str) -> None:
    """A line beside the result, on standard error."""
    print(clean(_shown(text)), file=sys.stderr)


def show_json(value: Any) -> None:
    """One JSON document."""
    value = _shown(value)
    text = json.dumps(value, ensure_ascii=False, indent=2)
    try:
        text.encode(stdout().encoding or "utf-8")
    except UnicodeEncodeError:  # another locale, or half a surrogate pair out of a mail
        text = json.dumps(value, indent=2)
    print(text, file=stdout())


def show_json_line(value: Any) -> None:
    """One JSON document on one line, at once. In ASCII: U+2028 in a text is a line's end to some readers."""
    print(json.dumps(_shown(value)), file=stdout(), flush=True)


def show_table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table; the last column gives way where the terminal is narrow."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for i, head in enumerate(heads):
        table.add_column(head, no_wrap=True, overflow="ellipsis" if i == len(heads) - 1 else "fold")
    for row in rows:
        table.add_row(*(Text(one_line(str(cell))) for cell in row))
    console().print(table)


def show_fields(fields: Sequence[tuple[str, object]]) -> None:
    """Names and values, one a line; what is empty is left out."""
    width = max(len(name) for name, _ in fields) + 2
    for name, value in fields:
        if value not in ("", None):
            say(f"{name:<{width}}{one_line(str(value))}")


def operator() -> str:
    """Who gives the command, for the log and for whoever asks later."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody without a name"


def local(at: datetime | None, zone: ZoneInfo) -> str:
    """An instant as people of the site read it, to the minute; '' for none."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""


def iso(at: datetime | None, zone: ZoneInfo) -> str | None:
    """An instant for programs: ISO 8601 with the site's offset."""
    return at.astimezone(zone).isoformat() if at else None
