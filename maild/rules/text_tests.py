"""Does a text pass a test: words, patterns, whole values, entries of a list? And why, or why not?

Patterns are RE2 (google-re2): linear in the length of the text, whatever the pattern.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import re2

from maild.mail import HIDDEN
from maild.rules.seen import Answer, Seen
from maild.rules.words import MOST_SHOWN, Searched, folded, phrases_of
from maild.settings.conditions import TextTest


def passes(test: TextTest, what: str, text: Searched, seen: Seen) -> Answer:
    """Whether each test of the text holds. `what` is what the text is called."""
    reasons = []
    for name, wanted in test.asked:
        if name not in _TEXT_TESTS:
            continue
        is_true, why = _TEXT_TESTS[name](wanted, what, text, seen)
        if not is_true:
            return False, f"{why}{text.shown}"
        reasons.append(why)
    return True, " and ".join(reasons)


def _contains(wanted: tuple[str, ...], what: str, text: Searched, _: Seen) -> Answer:
    for words, phrase in zip(wanted, phrases_of(wanted), strict=True):
        if text.contains(phrase):
            return True, f"{what} contains '{words}'"
    return False, f"{what} contains no {listed(wanted)}"


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


def _has_secret(wanted: bool, what: str, text: Searched, _: Seen) -> Answer:
    """The rules are asked of a mail whose secrets are hidden (decision 35)."""
    has_one = any(mask in text.text for mask in HIDDEN.values())
    return has_one == wanted, f"{what} holds {'a' if has_one else 'no'} secret"


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
    shown = ", ".join(f"'{w[:MOST_SHOWN]}'" for w in words[:3])
    return shown + (f" or {len(words) - 3} more" if len(words) > 3 else "")


def listed(words: Sequence[str]) -> str:
    """`'bug', 'erreur', 'plante' or 4 more`."""
    return _shown(tuple(words))


_TEXT_TESTS: Mapping[str, Callable[[Any, str, Searched, Seen], Answer]] = {
    "contains": _contains,
    "is_": _is,
    "in_": _in,
    "matches": _matches,
    "has_secret": _has_secret,
    "has_list": _has_list,
}
