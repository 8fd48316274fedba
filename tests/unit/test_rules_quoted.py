"""Is a rule quoted as it was written, whole and no more?"""

import pytest
from rules_files import RULES

from maild.config.document import read, where
from maild.rules.quoted import MOST, rule_in

BLOCK = """\
rules:
  - name: bugs
    if:
      subject: {contains: bug}

    # why not
    then: {type: bug}

  # the next one
  - name: the rest
    then: {assign: least_loaded}
waiting: []
"""


@pytest.mark.parametrize(
    ("text", "line", "quoted"),
    [
        (
            BLOCK,
            2,
            ["- name: bugs", "  if:", "    subject: {contains: bug}", "", "  # why not", "  then: {type: bug}"],
        ),
        (BLOCK, 10, ["- name: the rest", "  then: {assign: least_loaded}"]),
        (BLOCK.replace("\n", "\r\n"), 10, ["- name: the rest", "  then: {assign: least_loaded}"]),
        ("rules: [{name: all, then: {}}]\nwaiting: []\n", 1, ["rules: [{name: all, then: {}}]"]),
        ("rules: [\n  {name: all,\n    then: {}},\n  {name: b}]\n", 2, ["{name: all,", "  then: {}},"]),
        ("rules:\n- name: a\n  then: {}\n- name: b\n", 2, ["- name: a", "  then: {}"]),
        ("rules:\n  -\n    name: a\n    then: {}\n  -\n    name: b\n", 3, ["name: a", "then: {}"]),
        ("rules:\n- name: a", 3, []),
        ("rules:\n- name: a", 0, []),
        ("", 1, [""]),
    ],
)
def test_a_rule_is_quoted_from_its_line_to_its_end(text: str, line: int, quoted: list[str]) -> None:
    assert list(rule_in(text, line)) == quoted


def test_every_rule_of_the_shipped_file_is_quoted_whole() -> None:
    root = read(RULES, "f", [])
    assert root is not None
    for number, rule in enumerate(root["rules"]):
        quoted = rule_in(RULES, where(root, ("rules", number)).line)
        again = read("rules:\n" + "\n".join(f"  {line}" for line in quoted), "f", [])
        assert again is not None and again["rules"] == [rule]


def test_a_rule_without_an_end_is_cut() -> None:
    assert len(rule_in("- a:\n" + "    x\n" * 1000, 1)) == MOST
