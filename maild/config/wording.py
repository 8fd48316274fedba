"""Says what is wrong with a value in plain words. What does a fault of the schema mean to whoever wrote the file?

The validator's own words name Python types; here each kind of fault becomes a sentence with a remedy.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from maild.config.document import Table
from maild.settings import Secret, Settings

Path = tuple[str | int, ...]


def keys_of(model: type[BaseModel]) -> dict[str, Any]:
    """The keys of a block as they are written in the file, with what each may hold."""
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def bare(annotation: Any) -> Any:
    """An annotation without `| None` and without the checks tied to it."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return bare(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return bare(next(a for a in get_args(annotation) if a is not NoneType))
    return annotation


def held_at(path: Path, root: Any = Settings) -> Any:
    """What the schema wants at a path of the file: a block, list[...], dict[...] or a plain type; None if nothing."""
    here = bare(root)
    for step in path:
        if isinstance(here, type) and issubclass(here, BaseModel):
            here = bare(keys_of(here).get(str(step)))
        elif get_origin(here) is dict:
            here = bare(get_args(here)[1])
        elif get_origin(here) is tuple:
            here = bare(get_args(here)[0])
        else:
            return None
    return here


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'queue'?` or `; known are a, b, c`."""
    names = sorted(set(known))
    folded = {name.casefold(): name for name in names}
    near = get_close_matches(word.casefold(), folded, 1, 0.6)
    if near:
        return f"; did you mean '{folded[near[0]]}'?"
    return f"; known are {', '.join(names)}" if names else ""


def in_words(error: ErrorDetails, path: Path) -> str:
    """What is wrong, and what to do. `path` is the place in the file; secrets are never repeated."""
    kind, context = error["type"], error.get("ctx", {})
    key = str(path[-1]) if path else ""
    if kind == "extra_forbidden":
        return _unknown(key, path)
    if kind == "missing":
        return f"the key '{key}' is missing; {_example(held_at(path))}"
    if kind == "value_error":
        return str(context["error"])
    if kind in ("literal_error", "enum"):
        held = held_at(path)
        choices = [str(c) for c in (held if kind == "enum" else get_args(held))]
        shown = error["input"] if isinstance(error["input"], str | int | float) else "this"
        near = get_close_matches(str(shown), choices, 1)
        return f"'{shown}' is not one of {', '.join(choices)}" + (f"; did you mean '{near[0]}'?" if near else "")
    if kind == "too_short":
        return f"'{_name(path)}' is empty; write at least one entry, or remove the key"
    if kind == "string_too_short":
        return "an empty text; write something, or remove the key"
    if kind in _BOUNDS:
        return f"{error['input']} is {_BOUNDS[kind]} {context.get('ge', context.get('le', context.get('gt')))}"
    return _expected(error["input"], path)


_BOUNDS: Mapping[str, str] = {
    "greater_than": "too small; it must be more than",
    "greater_than_equal": "too small; the least is",
    "less_than_equal": "too large; the most is",
}


def _name(path: Path) -> str:
    return next((str(step) for step in reversed(path) if isinstance(step, str)), "")


def _unknown(key: str, path: Path) -> str:
    block = held_at(path[:-1])
    known = keys_of(block) if isinstance(block, type) and issubclass(block, BaseModel) else {}
    return f"unknown key '{key}'{nearest(key, known)}"


def _is_block(wanted: Any) -> bool:
    return isinstance(wanted, type) and issubclass(wanted, BaseModel)


def _example(wanted: Any) -> str:
    if wanted is Secret:
        return "say where the secret is found: {env: NAME}, {file: PATH} or {credential: NAME}"
    return "add it"


def _expected(value: Any, path: Path) -> str:
    """The value is of the wrong kind altogether."""
    wanted, name = held_at(path), _name(path)
    if wanted is Secret:
        return (
            f"'{name}' is written in the file; a secret never stands here. Write {{env: NAME}}, {{file: PATH}} or "
            "{credential: NAME}, and change the secret if others have seen this file"
        )
    if _is_block(wanted):
        return f"'{name}' holds keys of its own: {', '.join(keys_of(wanted))}; write them below it or in {{ }}"
    if get_origin(wanted) is dict:
        return f"'{name}' holds entries with names; write them below it as `name: ...`"
    if get_origin(wanted) is tuple:
        return f"'{name}' is a list; write it in [ ], or one entry a line after a dash"
    if wanted is bool:
        return "true or false is expected here"
    if wanted is int:
        return "a whole number is expected here, without quotes"
    if wanted is float:
        return "a number is expected here, without quotes"
    if isinstance(value, Table | list | dict):
        return f"'{name}' is a single value; write a text here"
    return f"a text is expected here; put it in quotes: '{value}'"
