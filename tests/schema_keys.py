"""Every key that rules.yaml may hold, read off the schema: `mailboxes.*.imap.host`, `rules[].if.subject.contains`."""

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from maild.config.wording import bare, keys_of
from maild.settings import Condition, Duration, Rule, Secret, Settings

# What the loader reads besides: {file: customers.csv} instead of a list, and the name of a folder of articles.
BESIDE_THE_SCHEMA = ("people.customers.file", "people.organisations.file", "lists.*.file", "knowledge.articles")


def leaf_keys(annotation: Any = Settings, prefix: str = "", inside: tuple[type, ...] = ()) -> Iterator[str]:
    """The keys without keys of their own. A condition counts as one where it is not a rule's own; so does a secret."""
    here = bare(annotation)
    if get_origin(here) is dict and bare(get_args(here)[1]) is str:  # a text in each language, a word for each
        yield prefix
    elif get_origin(here) is dict:
        yield from leaf_keys(get_args(here)[1], f"{prefix}.*", inside)
    elif get_origin(here) is tuple and _is_block(bare(get_args(here)[0])):
        yield from leaf_keys(get_args(here)[0], f"{prefix}[]", inside)
    elif _is_block(here) and here not in (Duration, Secret) and not (here is Condition and inside[-1:] != (Rule,)):
        for key, inner in keys_of(here).items():
            yield from leaf_keys(inner, f"{prefix}.{key}" if prefix else key, (*inside, here))
    else:
        yield prefix.removesuffix("[]")


def _is_block(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def every_key() -> list[str]:
    """All of them, each once, in the order of the schema."""
    return [*dict.fromkeys(leaf_keys()), *BESIDE_THE_SCHEMA]
