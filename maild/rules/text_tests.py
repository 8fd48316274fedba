"""Does a text pass a test: words, patterns, whole values, entries of a list? And why, or why not?

Patterns are RE2 (google-re2): linear in the length of the text, whatever the pattern.
"""

import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import re2

from maild.rules.seen import Answer, Seen
from maild.rules.words import Searched, folded, phrase_of
from maild.settings.conditions import TextTest

_MOST_SHOWN = 60  # characters of a value that an explanation repeats


def passes(test: TextTest, what: str, text: Searched, seen: Seen) -> Answer:
    """Whether each test of the text holds. `what` is what the text is called."""
    reasons = []
    for name, ask in _TEXT_TESTS:
        wanted = getattr(test, name)
        if wanted is None:
            continue
        is_true, why = ask(wanted, what, text, seen)
        if not is_true:
            return False, why
        reasons.append(why)
    return True, " and ".join(reasons)


def _contains(wanted: Sequence[str], what: str, text: Searched, _: Seen) -> Answer:
    found = next((words for words in wanted if text.contains(phrase_of(words))), None)
    return (False, f"{what} contains no {listed(wanted)}") if found is None else (True, f"{what} contains '{found}'")


def _is(wanted: Sequence[str], what: str, text: Searched, _: Seen) -> Answer:
    found = next((value for value in wanted if folded(value) == text.value), None)
    if found is None:
        return False, f"{what} is not {listed(wanted)}"
    return True, f"{what} is '{found}'"


def _in(wanted: Sequence[str], what: str, text: Searched, seen: Seen) -> Answer:
    found = next((name for name in wanted if text.value in seen.settings.list_named(name).compared(folded)), None)
    return (False, f"{what} is not in {listed(wanted)}") if found is None else (True, f"{what} is in '{found}'")


def _matches(pattern: str, what: str, text: Searched, _: Seen) -> Answer:
    is_true = _compiled(pattern).search(text.for_patterns) is not None
    return is_true, f"{what} {'matches' if is_true else 'does not match'} '{pattern}'"


def _has_list(wanted: bool, what: str, text: Searched, _: Seen) -> Answer:
    is_one = text.numbered_lines >= 2
    return is_one == wanted, f"{what} has {'a' if is_one else 'no'} numbered list"


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern (RE2) is found anywhere in the text, in any case."""
    return _compiled(pattern).search(Searched(text).for_patterns) is not None


def pattern_fault(pattern: str) -> str:
    """Why RE2 refuses a pattern, or ''."""
    try:
        _compiled(pattern)
    except UnicodeEncodeError:
        return "half a character (a lone surrogate)"
    except re2.error as error:
        said = error.args[0] if error.args else "no reason given"
        return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return ""


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return re2.compile(unicodedata.normalize("NFC", pattern), options)


@lru_cache(maxsize=16_384)
def _shown(words: tuple[str, ...]) -> str:
    shown = ", ".join(f"'{w[:_MOST_SHOWN]}'" for w in words[:3])
    return shown + (f" or {len(words) - 3} more" if len(words) > 3 else "")


def listed(words: Sequence[str]) -> str:
    """`'bug', 'erreur', 'plante' or 4 more`."""
    return _shown(tuple(words))


_TEXT_TESTS: tuple[tuple[str, Callable[[Any, str, Searched, Seen], Answer]], ...] = (
    ("contains", _contains),
    ("is_", _is),
    ("in_", _in),
    ("matches", _matches),
    ("has_list", _has_list),
)
