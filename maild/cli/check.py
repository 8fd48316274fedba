"""`maild check`: is the rules file right, with all that it names?"""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maild.cli.codes import BAD_CONFIG, DONE
from maild.cli.options import RULES, Json, Rules
from maild.cli.output import note, say, show_json

if TYPE_CHECKING:
    from maild.settings import Settings


def check(
    file: Annotated[Path | None, typer.Argument(help="The rules file; default: that of --rules.")] = None,
    rules: Rules = RULES,
    as_json: Json = False,
) -> int:
    """Check the rules file and its templates: FILE:LINE:COLUMN: error|warning: what, and what to do."""
    from maild.config import load

    found = load.read_file(file or rules)
    problems = load.problems_of(found)
    errors = sum(p.severity == "error" for p in problems)
    if as_json:
        show_json([asdict(p) for p in problems])
    else:
        for problem in problems:
            say(str(problem))
        note(f"{_many(errors, 'error')}, {_many(len(problems) - errors, 'warning')}" if problems else "no problems")
        if found.settings is not None and not errors:
            _tell_of_notices(found.settings)
    return BAD_CONFIG if errors else DONE


def _tell_of_notices(settings: "Settings") -> None:
    """How many customers will be mailed before each closure that lies ahead, and from when on."""
    from maild.clock import SystemClock
    from maild.plan.closures import foreseen

    for notice in foreseen(settings, SystemClock().now()):
        days = f"from {notice.first} to {notice.last}" if notice.first != notice.last else f"on {notice.first}"
        if notice.at is None:
            note(f"closed {days}: nobody is mailed, since the desk does not open any more before that")
        else:
            note(f"closed {days}: {_many(notice.mails, 'customer')} will be mailed from {notice.at:%Y-%m-%d %H:%M} on")


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
