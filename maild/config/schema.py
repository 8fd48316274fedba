"""The JSON Schema of rules.yaml, for editors: which keys are there, and what may stand for each?

Made of the classes that read the file, in the form in which it is written: one word where a list of one is meant,
`2 days` for a length of time. What an editor can't know (whether a queue exists) is left to `maild check`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from maild.settings import Duration, Secret, Settings
from maild.settings.actions import whom
from maild.settings.calendars import spans
from maild.settings.duration import DURATION
from maild.settings.kinds import words_alone
from maild.settings.people import yes_or_no
from maild.settings.promises import or_nothing
from maild.settings.rules import a_percentage, one_or_several, or_never
from maild.settings.values import DAYS, a_list, days, in_each_language

_Schema = dict[str, Any]
_WORD: _Schema = {"type": "string"}
_FROM_FILE: _Schema = {
    "type": "object",
    "properties": {"file": {"type": "string"}},
    "required": ["file"],
    "additionalProperties": False,
}


def schema() -> _Schema:
    """As a document (JSON Schema 2020-12)."""
    written = Settings.model_json_schema(by_alias=True, schema_generator=_AsWritten)
    found = _plain(written)
    people = found["$defs"]["People"]["properties"]
    for name in ("customers", "organisations"):
        people[name] = {"anyOf": [people[name], _FROM_FILE]}
    lists = found["properties"]["lists"]
    lists["additionalProperties"] = {"anyOf": [lists["additionalProperties"], _FROM_FILE]}
    found["$defs"]["Knowledge"]["properties"]["articles"] = {"type": "string"}  # the folder
    del found["$defs"]["Article"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "rules.yaml of maild",
        "description": "docs/rules.md tells each key with an example.",
        **found,
    }


class _AsWritten(GenerateJsonSchema):
    """What the file may hold, where that is not what it is read as."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        read_as = super().function_before_schema(schema)
        written = _WRITTEN.get(schema["function"]["function"])
        return written(read_as) if written else read_as

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        if schema["cls"] is Duration:
            return {"type": "string", "pattern": f"^{DURATION}$", "description": Duration.__doc__}
        found = super().model_schema(schema)
        return found | {"minProperties": 1, "maxProperties": 1} if schema["cls"] is Secret else found


def _one_or_several(several: _Schema) -> _Schema:
    return {"anyOf": [several["items"], several]}


def _some_days(_: _Schema) -> _Schema:
    day = f"({'|'.join(DAYS)})"
    one = {"type": "string", "pattern": f"^{day}(-{day})?$"}
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


_WRITTEN: Mapping[Any, Callable[[_Schema], _Schema]] = {
    a_list: _one_or_several,
    whom: _one_or_several,
    days: _some_days,
    yes_or_no: lambda _: {"enum": ["yes", "no", "oui", "non", True, False]},
    or_never: lambda length: {"anyOf": [length, {"const": "never"}]},
    words_alone: lambda kind: {
        "anyOf": [*_one_or_several({"type": "array", "items": _WORD, "minItems": 1})["anyOf"], kind]
    },
    spans: lambda _: _one_or_several({"type": "array", "items": {"type": "string", "pattern": "[0-9]"}, "minItems": 1}),
    a_percentage: lambda _: {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^[0-9]{1,2} *%?$"}]},
    one_or_several: _one_or_several,
    or_nothing: lambda states: {"anyOf": [{"const": "nothing"}, *_one_or_several(states)["anyOf"]]},
    in_each_language: lambda texts: {"anyOf": [{"type": "string"}, texts]},
}
_BY_TYPE = {"array": "minItems", "object": "minProperties"}


def _plain(node: Any) -> Any:
    """Without what is of no use to a file: null, which no key may have; titles; defaults as they are read."""
    if isinstance(node, list):
        return [_plain(one) for one in node]
    if not isinstance(node, dict):
        return node
    if "anyOf" in node:
        choices = [one for one in node["anyOf"] if one != {"type": "null"}]
        rest = {key: value for key, value in node.items() if key != "anyOf"}
        if len(choices) == 1:
            return _plain({**rest, **choices[0]})
        least = {"minLength": rest.pop("minLength")} if "minLength" in rest else {}
        node = {**rest, "anyOf": [{**one, **least} if one.get("type") in _BY_TYPE else one for one in choices]}
    if "minLength" in node and node.get("type") in _BY_TYPE:
        node = {**node, _BY_TYPE[node["type"]]: node["minLength"]}
        del node["minLength"]
    return {
        key: {name: _plain(one) for name, one in value.items()} if key in ("properties", "$defs") else _plain(value)
        for key, value in node.items()
        if key not in ("title", "default")
    }
