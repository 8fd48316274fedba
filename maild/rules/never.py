"""Can a pattern match any text at all? Does every mail that fits one condition fit another too?

Both are asked of the file and never of a mail. A doubt is a no: nobody is warned of what may be meant.
"""

import re
import re._constants as sre  # type: ignore[import-not-found]  # private names: there is no other way to the tree
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Sequence
from typing import Any

from maild.settings.conditions import Asking

_START = frozenset({sre.AT_BEGINNING, sre.AT_BEGINNING_STRING})
_END = frozenset({sre.AT_END, sre.AT_END_STRING})
_ANYTHING = frozenset(
    {
        frozenset({sre.CATEGORY_SPACE, sre.CATEGORY_NOT_SPACE}),
        frozenset({sre.CATEGORY_WORD, sre.CATEGORY_NOT_WORD}),
        frozenset({sre.CATEGORY_DIGIT, sre.CATEGORY_NOT_DIGIT}),
    }
)
# Keys of a condition that hold for one of several words: fewer words fit fewer mails.
_OF_WORDS = """
    contains is_ in_ address domain mailbox language organisation plan relation queue type product priority impact
    urgency tag status rating day
"""
_ONE_OF = frozenset(_OF_WORDS.split())


def matches_nothing(pattern: str) -> bool:
    """Whether something has to stand before the text's beginning, or behind its end: `a^b`, `x$y`; or a letter is
    wanted that is none."""
    if "[[" in pattern:  # such as [[:alpha:]], which means something to RE2 alone
        return False
    try:
        parsed = parser.parse(pattern)
    except (re.error, RecursionError, OverflowError):
        return False  # RE2 takes forms that the standard library does not know
    return not parsed.state.flags & sre.SRE_FLAG_MULTILINE and _is_impossible(parsed)


def _is_impossible(sequence: Any) -> bool:
    stood = has_ended = False
    for operator, argument in sequence:
        least = _least(operator, argument)
        if operator is sre.AT and argument in _START and stood:
            return True
        if has_ended and least:
            return True
        if _is_impossible_part(operator, argument):
            return True
        has_ended = has_ended or (operator is sre.AT and argument in _END)
        stood = stood or least > 0
    return False


def _is_impossible_part(operator: Any, argument: Any) -> bool:
    if operator is sre.BRANCH:
        return all(_is_impossible(branch) for branch in argument[1])
    if operator is sre.SUBPATTERN:
        return _is_impossible(argument[-1])
    if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        return argument[0] > 0 and _is_impossible(argument[2])
    if operator is sre.IN and argument[0] == (sre.NEGATE, None):
        named = {value for kind, value in argument[1:] if kind is sre.CATEGORY}
        return any(all_of <= named for all_of in _ANYTHING)
    return False


def _least(operator: Any, argument: Any) -> int:
    """How many characters it takes at least."""
    if operator is sre.BRANCH:
        return min(int(branch.getwidth()[0]) for branch in argument[1])
    if operator is sre.SUBPATTERN:
        return int(argument[-1].getwidth()[0])
    if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        return int(argument[0]) * int(argument[2].getwidth()[0])
    return 1 if operator in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN) else 0


def implies(one: Asking, other: Asking) -> bool:
    """Whether whatever fits the one fits the other too."""
    mine = dict(one.asked)
    return all(name in mine and _value_implies(name, mine[name], wanted) for name, wanted in other.asked)


def _value_implies(name: str, mine: Any, theirs: Any) -> bool:
    if mine == theirs:
        return True
    if isinstance(mine, Asking) and isinstance(theirs, Asking) and name != "not_":
        return implies(mine, theirs)
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return all(key in mine and implies(mine[key], test) for key, test in theirs.items())
    return name in _ONE_OF and isinstance(mine, Sequence) and set(mine) <= set(theirs)
