"""What do the rules ask for? Found once, so that a mail costs no look-up that no rule asks for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from maild.decision import Occasion
from maild.settings.conditions import Asking, Condition
from maild.settings.needs import Need
from maild.settings.rules import Rule


class Asks:
    """Of all rules together."""

    def __init__(self, rules: Sequence[Rule], needs: Iterable[Need]) -> None:
        outer = [*(rule.if_ for rule in rules), *(need.if_ for need in needs)]
        conditions = [c for condition in outer for c in condition.within()]
        # The rules in their order, with the line of each and the occasions at which it is tried.
        self.in_order = tuple((rule, rule.line, frozenset(rule.on)) for rule in rules)
        self.occasions = frozenset(occasion for rule in rules for occasion in rule.on)
        self.ways_of_assigning = frozenset(way for rule in rules for way in rule.then.assign or ())
        self.for_earlier_tickets = any(c.earlier_tickets is not None for c in conditions)
        self.for_silence = any(c.silence is not None for c in conditions)
        self.warns_at = tuple(sorted({percent for rule in rules for percent in rule.at or ()}))
        self.unassigned_after = tuple({rule.after.code: rule.after for rule in rules if rule.after}.values())
        self.for_secrets = any(name == "has_secret" for c in conditions for name in _names(c))
        self.to_redirect = any(rule.then.redirect is not None for rule in rules)
        self.to_forward_later = any(rule.then.forward and set(rule.on) - {Occasion.OPENED} for rule in rules)


def _names(test: Asking) -> Iterator[str]:
    """Everything that is asked within one condition, conditions within it apart."""
    for name, value in test.asked:
        yield name
        inner: Iterable[Any] = value.values() if isinstance(value, Mapping) else (value,)
        for one in inner:
            if isinstance(one, Asking) and not isinstance(one, Condition):
                yield from _names(one)
