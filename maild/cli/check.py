"""`maild check`: is the rules file right, with all that it names?"""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from maild.cli.codes import BAD_CONFIG, DONE
from maild.cli.options import RULES, Json, Rules
from maild.cli.output import note, say, show_json


def check(
    file: Annotated[Path | None, typer.Argument(help="The rules file; default: that of --rules.")] = None,
    rules: Rules = RULES,
    as_json: Json = False,
) -> int:
    """Check the rules file and its templates: FILE:LINE:COLUMN: error|warning: what, and what to do."""
    from maild.config import load

    problems = load.check(file or rules)
    errors = sum(p.severity == "error" for p in problems)
    if as_json:
        show_json([asdict(p) for p in problems])
    else:
        for problem in problems:
            say(str(problem))
        note(f"{_many(errors, 'error')}, {_many(len(problems) - errors, 'warning')}" if problems else "no problems")
    return BAD_CONFIG if errors else DONE


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
