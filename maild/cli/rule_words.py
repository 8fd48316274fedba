"""What did the rules that fired say, and which of it did a later one override? For `maild explain`."""

from collections.abc import Mapping, Sequence

from maild.decision import RuleTrial
from maild.rules.lint_rules import LAST_WORD_COUNTS
from maild.settings import Rule


def gave_way(trials: Sequence[RuleTrial], rules: Sequence[Rule]) -> Mapping[int, tuple[str, ...]]:
    """By the line of a rule that fired: what later ones overrode of it, as `line 47 overrides its queue, type`."""
    written = {rule.line: rule.then for rule in rules}
    fired = [(t.line, written[t.line]) for t in trials if t.fired and t.line in written]
    found: dict[int, tuple[str, ...]] = {}
    for i, (line, then) in enumerate(fired):
        overridden: dict[int, list[str]] = {}  # by the line of the rule that has the last word
        for key in LAST_WORD_COUNTS:
            value = getattr(then, key)
            later = [at for at, other in fired[i + 1 :] if getattr(other, key) is not None]
            if value is not None and later and getattr(written[later[-1]], key) != value:
                overridden.setdefault(later[-1], []).append(key)
        found[line] = tuple(f"line {at} overrides its {', '.join(keys)}" for at, keys in overridden.items())
    return found
