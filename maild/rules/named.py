"""Which types, products and queues does the file know? For whoever names one and may have mistyped it."""

from collections.abc import Iterable

from maild.rules.kinds import types_of
from maild.settings import Settings


def words_for(settings: Settings, what: str) -> tuple[str, ...]:
    """What may be said of `what` (type, product, queue), each once; none where the file names none and any will do."""
    if what == "queue":
        return tuple(settings.queues)
    known = settings.every_field.get(what)
    kinds = types_of(settings) if what == "type" else ()
    return tuple(dict.fromkeys((*kinds, *_in_rules(settings, what), *((known.values or {}).values() if known else ()))))


def _in_rules(settings: Settings, what: str) -> Iterable[str]:
    for rule in settings.rules:
        if (said := getattr(rule.then, what)) is not None:
            yield said
        for condition in rule.if_.within():
            yield from getattr(condition, what) or ()
