"""Is `alert_command` a program that can be run? `maild check` says so, at its place; other commands do without."""

from pathlib import Path

import pytest
from rules_files import RULES, write

from maild.config.load import check, load, machine_problems
from maild.errors import BadConfig

LINE = RULES[: RULES.index("admin: admin@")].count("\n") + 2


def rules(folder: Path, command: str) -> Path:
    (folder / "tools").mkdir()
    for name, mode in (("page", 0o700), ("text", 0o600)):
        (folder / "tools" / name).write_text("#!/bin/sh\n")
        (folder / "tools" / name).chmod(mode)
    return write(folder, RULES.replace("admin: admin@", f"alert_command: {command}\nadmin: admin@"))


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("[/nowhere/page, x]", "there is no program '/nowhere/page'"),
        ("[tools/gone]", "tools/gone'; write the path of one"),
        ("[tools/text]", "text' is no program that this user may run; make it executable"),
        ("[tools/]", "is no program that this user may run"),
        ("[no-such-program-anywhere]", "there is no program 'no-such-program-anywhere'"),
        ("[page]", "there is no program 'page'"),
    ],
)
def test_a_program_that_can_not_be_run_is_told_at_its_place(tmp_path: Path, command: str, words: str) -> None:
    path = rules(tmp_path, command)
    [problem] = check(path)
    assert words in problem.what
    assert (problem.line, problem.column, problem.severity) == (LINE - 1, len("alert_command: [") + 1, "error")
    assert machine_problems(load(path)) == [problem], "the daemon refuses it, and `maild simulate` need not"


@pytest.mark.parametrize(
    ("command", "program"), [("[tools/page, --to, 'a b']", "{folder}/tools/page"), ("[sh, -c, x]", "sh")]
)
def test_a_program_is_a_path_beside_the_file_or_a_name_on_path(tmp_path: Path, command: str, program: str) -> None:
    path = rules(tmp_path, command)
    assert check(path) == []
    given = load(path).alert_command
    assert given is not None
    assert given[0] == program.format(folder=tmp_path)
    assert len(given) == 3


@pytest.mark.parametrize(
    ("command", "words"),
    [("page me", "'alert_command' is a list"), ("[]", "is empty"), ('["a\\nb"]', "a line break"), ("[1]", "in quotes")],
)
def test_what_is_no_list_of_texts_is_a_mistake(tmp_path: Path, command: str, words: str) -> None:
    with pytest.raises(BadConfig, match=words):
        load(rules(tmp_path, command))


def test_without_the_key_there_is_nothing_to_check(tmp_path: Path) -> None:
    settings = load(write(tmp_path, RULES))
    assert settings.alert_command is None
    assert machine_problems(settings) == []
