"""Replies of many programs, languages and habits, each with what is new in it: tests/fixtures/replies.yaml."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from maild.reading import read
from maild.reading.body import read_body
from maild.reading.markers import MARKUP_ALL_BELOW, MARKUP_STEMS
from maild.reading.prescan import prescan

FIXTURES = Path(__file__).parents[1] / "fixtures"
REPLIES: dict[str, dict[str, Any]] = YAML(typ="safe").load((FIXTURES / "replies.yaml").read_text(encoding="utf-8"))


def stripped(text: str) -> list[str]:
    """The lines without blanks at their ends, and without blank lines: those vary with the layout of HTML."""
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("name", REPLIES)
def test_the_new_words_of_a_reply_are_found_and_the_cut_says_whether_it_is_sure(name: str) -> None:
    raw = (FIXTURES / "eml" / f"{name}.eml").read_bytes()
    mail, wanted = read(raw), REPLIES[name]
    assert stripped(mail.reply_text) == stripped(wanted["new"])
    assert mail.cut_is_sure == wanted["sure"]
    assert mail.text == read_body(prescan(raw)).text, "the whole text is kept"


@pytest.mark.parametrize("name", REPLIES)
def test_each_reply_says_what_it_is_and_where_its_form_is_documented(name: str) -> None:
    assert REPLIES[name].keys() == {"client", "documented", "new", "sure"}
    assert len(REPLIES[name]["documented"]) > 2


def test_each_mark_of_a_program_holds_what_is_looked_for_first() -> None:
    for mark in MARKUP_ALL_BELOW.split("|"):
        if mark.startswith("B5C4DF"):  # the second half of the one before
            continue
        assert any(stem in mark.lower() for stem in MARKUP_STEMS), mark
