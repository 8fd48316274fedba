"""What does a request say, and of which product and version? Its words, and its lines such as `Produit : Themler`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from maild.knowledge.stems import folded

LONGEST = 20_000  # characters of a text that are looked at
_BLANKS = "[ \t\u00a0\u202f]*"
_FIELD = re.compile(rf"^[ \t>*•-]*([^\W\d_][^\n:]{{0,39}}?){_BLANKS}:(?!//){_BLANKS}(\S[^\n]*)$", re.MULTILINE)
_MOST_WORDS = 4  # of a field's name
_PRODUCT = ("produit", "product")
_VERSION = ("version",)
_PART = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the search for articles sees it. `product` and `version`: '' where it names none in a line."""

    words: str  # subject and text, without the names of its fields
    product: str
    version: str
    language: str


def asked(subject: str, text: str, language: str, product: str = "", version: str = "") -> Asked:
    """The request that these words make. `product` and `version` where they are known by other means."""
    text = text[:LONGEST]
    fields = dict(_fields(text))
    return Asked(
        words=f"{subject[:LONGEST]}\n{_FIELD.sub(_value, text)}",
        product=product or _one_of(fields, _PRODUCT),
        version=version or _one_of(fields, _VERSION),
        language=language,
    )


def parts_of(text: str) -> tuple[str, ...]:
    """The words and numbers of a name or version in compared form: 5.2 and v5.2 are 5, 2."""
    found = _PART.findall(folded(text))
    return tuple(part[1:] if re.fullmatch(r"v\d+", part) else part for part in found if part not in ("v", "version"))


def holds(whole: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Whether the words of the name stand in the whole, one after another."""
    return any(whole[i : i + len(name)] == name for i in range(len(whole) - len(name) + 1)) if name else False


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """The last of a name is the first in the text: a dict keeps it."""
    for found in reversed(list(_FIELD.finditer(text))):
        if len(found[1].split()) <= _MOST_WORDS:
            yield " ".join(folded(found[1]).split()), found[2].strip()


def _value(field: re.Match[str]) -> str:
    """A field without its name: `Licence : AB-12` does not ask about licences."""
    return field[2] if len(field[1].split()) <= _MOST_WORDS else field[0]


def _one_of(fields: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((fields[name] for name in names if name in fields), "")
