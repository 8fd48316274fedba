"""Answers that agents send by their name: texts in which the facts of the request stand."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from maild.settings.values import Language, Lines, in_each_language

PLACES = ("name", "number", "subject", "product", "type", "priority", "status", "desk")
PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def _with_places_known(value: str) -> str:
    """Nothing is found out only when an agent sends it."""
    for name in PLACE.findall(value):
        if name not in PLACES:
            raise ValueError(f"there is no value named '{name}'; an answer may hold {', '.join(PLACES)}")
    rest = PLACE.sub("", value)
    if (mark := next((mark for mark in ("{{", "}}", "{%", "{#") if mark in rest), None)) is not None:
        raise ValueError(f"'{mark}' begins or ends nothing here; a value is written {{{{ name }}}}, and nothing else")
    return value


Answer = Annotated[
    dict[Language, Annotated[Lines, AfterValidator(_with_places_known)]],
    BeforeValidator(in_each_language),
    Field(min_length=1),
]
