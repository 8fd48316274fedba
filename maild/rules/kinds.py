"""Of which kind is a request that opens?

The customer's own line `Type : value` decides, else the subject, else the text; in each the first kind of the file
whose words stand there.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from maild.decision import RuleTrial
from maild.rules.seen import Seen
from maild.rules.words import Searched, folded, phrases_of
from maild.settings import Settings
from maild.settings.kinds import Kind


class Recognised(NamedTuple):
    """What a kind makes of a request: its type and tags, and by what it was recognised."""

    type: str
    tags: tuple[str, ...]
    trial: RuleTrial


def kind_of(seen: Seen) -> Recognised | None:
    """Which kind it is for which reason; None where the file names no kind that fits."""
    kinds = seen.settings.kinds
    stated = seen.fields.get("type", "")
    if (stated_name := _named(folded(stated), kinds) if stated else "") != "":
        return _found(stated_name, kinds[stated_name], f"the customer states '{stated}'")
    for what, text in _looked_at(stated, seen):
        for name, kind in kinds.items():
            for words, phrase in zip(kind.words or (), phrases_of(kind.words or ()), strict=True):
                if text.contains(phrase):
                    return _found(name, kind, f"{what} contains '{words}'")
    rest = next(((name, kind) for name, kind in kinds.items() if kind.words is None), None)
    return _found(*rest, "no words of another kind") if rest else None


def types_of(settings: Settings) -> tuple[str, ...]:
    """The types that the kinds of the file give, each once."""
    return tuple(dict.fromkeys(kind.type or name for name, kind in settings.kinds.items()))


def _named(stated: str, kinds: Mapping[str, Kind]) -> str:
    """The kind of that name, or else the first of that type; '' for none."""
    by_name = (name for name in kinds if folded(name) == stated)
    by_type = (name for name, kind in kinds.items() if folded(kind.type or name) == stated)
    return next(by_name, next(by_type, ""))


def _looked_at(stated: str, seen: Seen) -> Iterator[tuple[str, Searched]]:
    if stated:
        yield "the customer's line on the type", Searched(stated)
    yield "subject", seen.subject
    yield "body", seen.body


def _found(name: str, kind: Kind, why: str) -> Recognised:
    return Recognised(kind.type or name, kind.tags or (), RuleTrial(f"kinds: {name}", kind.line, True, why))
