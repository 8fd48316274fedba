"""What does an Authentication-Results header say? Read by its grammar (RFC 8601 section 2.2).

The sender chooses even what stands inside a genuine header (the local part of an address): quoted strings and comments
hide nothing, and of a property given twice the first counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_LONGEST = 10_000  # characters of a header that are read
_PAIR = re.compile(r"([A-Za-z0-9._/-]+)=(.*)", re.S)
_INSTANCE = re.compile(r"i=(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Result:
    """One method's outcome and its properties, names and outcome in lower case."""

    method: str
    outcome: str
    properties: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Results:
    """A whole header: who judged ('' where it does not say), and what."""

    authserv_id: str
    found: tuple[Result, ...]


def read_results(value: str) -> Results:
    """Any text in. Microsoft writes no authserv-id, or the recipient's domain further on: those are no results."""
    parts = _parts(value[:_LONGEST])
    first = parts[0]
    is_named = bool(first) and "=" not in first[0] and (len(first) == 1 or "=" not in first[1])
    found = (result for part in (parts[1:] if is_named else parts) if (result := _result(part)) is not None)
    return Results(first[0].lower().rstrip(".") if is_named else "", tuple(found))


def read_sealed(value: str) -> tuple[int, Results] | None:
    """ARC-Authentication-Results (RFC 8617 4.1.1): the instance, then the same; None where it has none."""
    instance, _, rest = value[:_LONGEST].partition(";")
    match = _INSTANCE.fullmatch("".join(instance.split()))
    return (int(match[1]), read_results(rest)) if match else None


def _parts(text: str) -> list[list[str]]:
    """The parts between semicolons, each as its words; comments are blanks, quoted strings belong to their word."""
    parts: list[list[str]] = [[]]
    word, depth, is_quoted = "", 0, False
    characters = iter(text)
    for c in characters:
        if c == "\\" and (depth or is_quoted):
            escaped = next(characters, "")
            word += c + escaped if is_quoted else ""
        elif is_quoted or (c == '"' and not depth):
            is_quoted = is_quoted != (c == '"')
            word += c
        elif depth or c == "(":
            depth += {"(": 1, ")": -1}.get(c, 0)
            word = _end(parts, word)
        elif c == ";" or c.isspace():
            word = _end(parts, word)
            if c == ";":
                parts.append([])
        else:
            word += c
    _end(parts, word)
    return parts


def _end(parts: list[list[str]], word: str) -> str:
    if word:
        parts[-1].append(word)
    return ""


def _result(words: list[str]) -> Result | None:
    """`dkim=pass header.d=example.com` as a value; None for what is none."""
    pairs = list(_pairs(words))
    if not pairs:
        return None
    (method, outcome), *rest = pairs
    properties: dict[str, str] = {}
    for name, value in rest:
        properties.setdefault(name, value)
    return Result(method.partition("/")[0], outcome.lower(), properties)


def _pairs(words: list[str]) -> Iterator[tuple[str, str]]:
    """name=value, also where blanks stand around the sign."""
    glued: list[str] = []
    for word in words:
        if glued and ((glued[-1].endswith("=") and glued[-1].count("=") == 1) or word.startswith("=")):
            glued[-1] += word
        else:
            glued.append(word)
    for word in glued:
        match = _PAIR.fullmatch(word)
        if match:
            yield match[1].lower(), match[2]
