"""docs/scenarios.md: its stories are played and come out as they say, and they use every word of the language."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from rules_files import ROOT

from maild.cli.inside import run_inside
from maild.simulate import language, read_expect, read_mail, scenario
from maild.simulate.in_memory import world_factory
from maild.simulate.runner import EntryKind, ScenarioResult, run_scenario

PAGE = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
STORIES = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
RULES = (ROOT / "rules.yaml").read_text(encoding="utf-8")
MAIL = """\
From: Bruno Lopez <bruno@client-b.example>
To: support@isybuy.example
Subject: Imprimer une facture
Authentication-Results: mx.isybuy.example; dmarc=pass header.from=client-b.example
Message-ID: <un@client-b.example>

Comment faire ?
"""
ONE_RULE_MORE = "rules:\n  - name: for the page\n    then: {product: Gestion, impact: low, urgency: high}\n"
OF_A_SENT_MAIL = ("template", "to", "from", "contains", "lacks", "contains_in_order", "at")
KEYS = {
    *("scenario", "rules", "start", "steps", *scenario._STEP_KEYS, "fail", "times"),
    *(*read_mail._KEYS, "name", "type", "size"),
    *(*read_expect._KEYS, *OF_A_SENT_MAIL, "next", "step", "state", "due", *language.TICKET_FIELDS),
}


async def play(story: str, folder: Path) -> ScenarioResult:
    for name, text in (
        ("story.yaml", story),
        ("rules.yaml", RULES),
        (
            "new-rules.yaml",
            RULES.replace("rules:\n", ONE_RULE_MORE, 1)
            + "rating: {tell: nora@isybuy.example}\nsla: {everybody: {first_response: 4 hours}}\n",
        ),
        ("from-the-mailbox.eml", MAIL),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return await run_scenario(folder / "story.yaml", None, world_factory(run_inside))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.partition("\n")[0])
async def test_a_story_of_the_page_comes_out_as_it_says(story: str, tmp_path: Path) -> None:
    result = await play(story, tmp_path)
    assert [f"{f.line}: expected {f.expected}; seen: {f.seen}" for f in result.failures] == []


async def test_the_timeline_names_what_is_due_in_words(tmp_path: Path) -> None:
    timeline = (await play(STORIES[0], tmp_path)).timeline
    due = [entry.text for entry in timeline if entry.kind is EntryKind.TIMER]
    assert due == ["the daily list", "the daily list", "waiting 1 of ticket 1001"]


def _keys(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield str(key).partition(" ")[0]
            yield from _keys(value)
    elif isinstance(node, list):
        for one in node:
            yield from _keys(one)


def test_the_stories_use_every_key() -> None:
    used = {key for story in STORIES for key in _keys(YAML(typ="safe", pure=True).load(story))}
    assert used >= KEYS, KEYS - used


def test_the_page_tells_every_key_and_every_link() -> None:
    told = set(re.findall(r"`(\w+)`", PAGE))
    assert told >= (KEYS | set(language.LINKS)) - {"scenario", "rules", "start", "steps", "expect"}
