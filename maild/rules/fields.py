"""What has the customer stated in lines `Name : value`? The first line of each name counts."""

import re
from collections.abc import Mapping

from maild.rules.words import folded
from maild.settings import FieldNames, Settings

MOST_LINES = 2_000
LONGEST_VALUE = 200  # characters
_LINE = re.compile(r"[ \t>*•·-]{0,8}([^\W\d_][^:=\n]{0,59}?)[ \t\u00a0\u202f]*[:=][ \t\u00a0\u202f]*(\S.*)")


def fields_of(settings: Settings, text: str) -> dict[str, str]:
    """The fields that rules.yaml names and the text states. A value that stands for one of ours is told as ours."""
    known_as = settings.every_field
    names = {folded(name): key for key, known in known_as.items() for name in known.names or ()}
    found: dict[str, str] = {}
    for line in text.split("\n", MOST_LINES)[:MOST_LINES]:
        match = _LINE.fullmatch(line.strip()[: LONGEST_VALUE + 80])
        key = names.get(folded(match[1])) if match else None
        stated = _on_one_line(match[2].strip()[:LONGEST_VALUE]) if match and key not in found else ""
        if key is not None and stated:
            found[key] = _ours(known_as[key], stated)
    return found


def _on_one_line(stated: str) -> str:
    """Without breaks and what can't be seen: in an agent's list of facts it could pass for another one."""
    return "".join(letter for letter in " ".join(stated.split()) if letter.isprintable())


def _ours(known: FieldNames, stated: str) -> str:
    values: Mapping[str, str] = known.values or {}
    wanted = folded(stated).rstrip(".;, ")
    return next((ours for theirs, ours in values.items() if folded(theirs) == wanted), stated)
