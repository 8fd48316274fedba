"""What does a line `Name : value` state? Both its name, as it is written, and its value."""

import re

_LINE = re.compile(
    r"[ \t>*•·-]{0,8}([^\W\d_][^:=\n]{0,59}?)[ \t\u00a0\u202f]*[:=](?!//)(.*)",  # no https://
    re.DOTALL,
)


def stated_by(line: str) -> tuple[str, str] | None:
    """The name, of at most 60 characters, and the value, '' where none is given; None for any other line."""
    found = _LINE.fullmatch(line)
    return (found[1], found[2].strip()) if found else None
