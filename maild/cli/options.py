"""The options that several commands share, each with one meaning."""

from pathlib import Path
from typing import Annotated

import typer

RULES = Path("rules.yaml")
Rules = Annotated[Path, typer.Option("--rules", envvar="MAILD_RULES", metavar="FILE", help="The rules file.")]
Observed = Annotated[
    bool, typer.Option("--observed", help="In what `maild run --observe` has seen, not the desk itself.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, and nothing else.")]
