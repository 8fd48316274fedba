"""What does a word of YAML mean that stands without quotes? The core schema of YAML 1.2 (section 10.3.2), and no more.

`no`, `on`, `12:30` and dates are text; only true, false, null and numbers are not.
"""

import re

_NUMBER = re.compile(r"[-+]?[0-9]{1,18}")
_FRACTION = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def plain_value(text: str) -> str | int | float | bool | None:
    """The value; the text itself where it is nothing else."""
    if text in _NULL:
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if _NUMBER.fullmatch(text):
        return int(text)
    return float(text) if _FRACTION.fullmatch(text) else text
