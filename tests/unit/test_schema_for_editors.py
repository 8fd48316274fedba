"""Does the schema that editors get say what maild reads: its keys, choices and forms? The rest is for `maild check`."""

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from rules_files import ROOT, RULES, changed
from schema_keys import every_key
from typer.testing import CliRunner

from maild.cli import app
from maild.config.schema import schema

SCHEMA = schema()
VALID = Draft202012Validator(SCHEMA)


def said(text: str) -> Any:
    """As an editor sees it: a day is a text."""
    return json.loads(json.dumps(YAML(typ="safe").load(text), default=str))


def test_maild_schema_prints_it() -> None:
    printed = CliRunner().invoke(app, ["schema"]).stdout
    assert json.loads(printed) == SCHEMA
    Draft202012Validator.check_schema(SCHEMA)


def test_the_rules_that_come_with_maild_are_valid() -> None:
    for file in (ROOT / "rules.yaml", ROOT / "maild" / "demo" / "rules.yaml", *ROOT.glob("examples/*/rules.yaml")):
        assert [e.message for e in VALID.iter_errors(said(file.read_text(encoding="utf-8")))] == [], file


def test_the_examples_of_the_documentation_are_valid() -> None:
    """Those that are whole blocks of the file, each in place of the one of rules.yaml."""
    document, base = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8"), said(RULES)
    written = re.findall(r"```yaml\n((?:" + "|".join(SCHEMA["properties"]) + r"):\n.*?)```", document, re.DOTALL)
    assert len(written) >= 20
    for example in written:
        assert [f"{e.json_path}: {e.message}" for e in VALID.iter_errors({**base, **said(example)})] == [], example


@pytest.mark.parametrize("key", every_key())
def test_it_knows_every_key(key: str) -> None:
    """A document with that key alone is refused for what it lacks, never for the key."""
    document: Any = {"file": "x.csv"} if key.endswith(".file") else "x"
    for step in reversed(key.removesuffix(".file").split(".")):
        name = step.removesuffix("[]")
        document = {("x" if name == "*" else name): [document] if step.endswith("[]") else document}
    refused = " ".join(_all_messages(VALID.iter_errors(document)))
    assert "unexpected" not in refused or key.endswith(".file")


def _all_messages(errors: Any) -> list[str]:
    found = []
    for error in errors:
        found += [error.message, *_all_messages(error.context or ())]
    return found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("queue: support  ", "§qeue: support  "),
        ("waiting:\n", "§wating:\n"),
        ("language: fr  ", "language: §de  "),
        ("after: 5 days", "after: §5 dayz"),
        ("priority: high", "priority: §hihg"),
        ("{after: 5 days, send: relance}", "{§send: relance}"),
        ("password: {env: SUPPORT_PASSWORD}", "password: §hunter2"),
        ("password: {env: SUPPORT_PASSWORD}", "password: {env: A, §file: b}"),
        ("port: 587", "port: §many"),
        ("tags: [urgent]", "tags: §[]"),
    ],
)
def test_a_slip_of_form_is_marked_while_it_is_typed(old: str, new: str) -> None:
    assert not VALID.is_valid(said(changed(old, new)[0]))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tags: [urgent]", "§tags: urgent"),
        ("  - name: questions ", "  - §name: questions\n    on: [opened, customer_replied]"),
        ("then: {type: question}", "then: {type: question, §assign: [same_as_last, n1]}"),
        ("if:\n      any:", 'if:\n      §day: mon-fri\n      time: ["08:00-09:00"]\n      account: yes\n      any:'),
        ("then: {type: question}", "then: {§redirect: {to: integrator}}"),
        ("then: {type: question}", "then: {redirect: {to: §[contact, ventes@isybuy.example]}}"),
        ("waiting:\n", "§closing: {after: never}\n\nwaiting:\n"),
        ("  customers:  ", "  §organisations: {file: c.csv}\n  customers:  "),
    ],
)
def test_what_may_be_written_in_several_ways_may(old: str, new: str) -> None:
    assert [e.message for e in VALID.iter_errors(said(changed(old, new)[0]))] == []
    assert RULES
