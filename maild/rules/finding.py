"""What a check of the settings is given, and what it says."""

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches

from maild.settings import Settings

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked at: the settings, and the names of the templates that exist."""

    settings: Settings
    templates: Collection[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at a path of the file. `severity` is error or warning."""

    at: Path
    what: str
    severity: str = "error"


def hint(word: str, known: Collection[str], else_: str = "") -> str:
    """`; did you mean 'queue'?`, or what is known; then what else would mend it."""
    folded = {name.casefold(): name for name in sorted(known)}
    near = get_close_matches(word.casefold(), folded, 1, 0.6)
    if near:
        return f"; did you mean '{folded[near[0]]}'?" + (f" Else {else_}" if else_ else "")
    return (f"; known are {', '.join(sorted(known))}" if known else "") + (f"; {else_}" if else_ else "")
