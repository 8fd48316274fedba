"""A small table in a mail: cells and bars in HTML, a line for each row in the text form. No picture, so that it shows
wherever mail is read, and reads aloud."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

_CELL = "padding:6px 0 6px 8px;border-bottom:1px solid #d5dbe2;vertical-align:middle;text-align:right"
_LABEL = _CELL.replace("right", "left").replace("8px", "0")
_HEAD = ";font-size:12px;font-weight:600"
_TABLE = "width:100%;border-collapse:collapse;font-size:14px;line-height:1.4;margin:0 0 20px;word-break:normal"
_BAR_WIDTH = 80  # pixels
_FULL, _EMPTY = "#1d5fa6", "#d5dbe2"  # as the buttons; and as the lines


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a column. `share`: how much of the bar beside it is full, from 0 to 1; None for no bar."""

    text: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind. A row begins with what it is about; `heads` name the other columns, '' where the title says
    it."""

    title: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    note: str = ""  # a line below


def as_text(table: Table, colon: str) -> str:
    """A line for each row: what it is about, then each value behind the head of its column."""
    lines = []
    for label, cells in table.rows:
        told = (f"{head} {cell.text}" if head else cell.text for head, cell in zip(table.heads, cells, strict=True))
        lines.append(f"{label}{colon}{', '.join(told)}")
    return "\n".join([*lines, *([table.note] if table.note else [])])


def as_html(table: Table) -> Markup:
    """The table, with each bar as a table of two cells."""
    has_bar = [any(row[n].share is not None for _, row in table.rows) for n in range(len(table.heads))]
    rows = []
    if any(table.heads):
        heads = "".join(
            f'<th scope="col" colspan="{1 + bar}" style="{_CELL}{_HEAD}">{escape(head)}</th>'
            for head, bar in zip(table.heads, has_bar, strict=True)
        )
        rows.append(f'<th style="{_LABEL}{_HEAD}"></th>{heads}')
    for label, cells in table.rows:
        shown = (_cell(cell, has_bar=bar) for cell, bar in zip(cells, has_bar, strict=True))
        rows.append(f'<th scope="row" style="{_LABEL};font-weight:400">{escape(label)}</th>{"".join(shown)}')
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    note = f'\n<p style="font-size:12px">{escape(table.note)}</p>' if table.note else ""
    opening = f'<table class="maild-figures" cellpadding="0" cellspacing="0" style="{_TABLE}">'
    return Markup(f"{opening}\n{body}\n</table>{note}")  # noqa: S704 every text was escaped


def _cell(cell: Cell, *, has_bar: bool) -> str:
    """With the bar in a cell of its own, so that the bars of a column stand below each other."""
    text = f'<td style="{_CELL}">{escape(cell.text)}</td>'
    return f'{text}<td style="{_CELL};width:{_BAR_WIDTH}px">{_bar(cell.share)}</td>' if has_bar else text


def _bar(share: float | None) -> str:
    if share is None:
        return ""
    full = round(_BAR_WIDTH * min(max(share, 0), 1))
    parts = "".join(
        f'<td class="{name}" width="{width}" bgcolor="{colour}" style="width:{width}px;height:10px;background:{colour};'
        'font-size:1px;line-height:10px">&nbsp;</td>'
        for name, width, colour in (("maild-bar", full, _FULL), ("maild-rest", _BAR_WIDTH - full, _EMPTY))
        if width
    )
    return f'<table role="presentation" cellpadding="0" cellspacing="0"><tr>{parts}</tr></table>'
