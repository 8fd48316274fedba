"""What has the customer stated in lines `Name : value`? The first line of each name counts."""

from collections.abc import Mapping

from maild.rules.words import folded
from maild.settings import FieldNames, Settings
from maild.settings.field_lines import stated_by

MOST_LINES = 2_000
LONGEST_VALUE = 200  # characters


def fields_of(settings: Settings, text: str) -> dict[str, str]:
    """The fields that rules.yaml names and the text states. A value that stands for one of ours is told as ours."""
    known_as = settings.every_field
    names = {folded(name): key for key, known in known_as.items() for name in known.names or ()}
    found: dict[str, str] = {}
    for line in text.split("\n", MOST_LINES)[:MOST_LINES]:
        name, value = stated_by(line.strip()[: LONGEST_VALUE + 80]) or ("", "")
        key = names.get(folded(name))
        stated = _on_one_line(value[:LONGEST_VALUE]) if key not in found else ""
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
