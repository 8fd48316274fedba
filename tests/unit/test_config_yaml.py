"""Is YAML read as version 1.2 has it, and are its traps refused with a line (reliability C01, C02)?"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rules_files import ROOT, RULES, write

from maild.config.document import MOST_COPIES, Place, Table, read, where
from maild.config.load import load
from maild.errors import BadConfig, Problem
from maild.settings import Settings


def said(text: str | bytes, folder: Path) -> list[str]:
    """What load has against a file with that text."""
    with pytest.raises(BadConfig) as raised:
        load(write(folder, text))
    return [f"{p.line}:{p.column}: {p.what}" for p in raised.value.problems]


def document(text: str) -> tuple[Table | None, list[Problem]]:
    problems: list[Problem] = []
    return read(text, "f", problems), problems


def test_words_that_yaml_once_took_for_other_things_stay_text() -> None:
    root, problems = document("a: no\nb: on\nc: 12:30\nd: NO\ne: 2026-11-23\nf: y\non: off\n")
    assert not problems
    assert root == {"a": "no", "b": "on", "c": "12:30", "d": "NO", "e": "2026-11-23", "f": "y", "on": "off"}


def test_an_old_version_of_yaml_in_the_first_line_changes_nothing() -> None:
    assert document("%YAML 1.1\n---\na: no\n") == ({"a": "no"}, [])


def test_numbers_truth_and_quotes() -> None:
    root, _ = document("a: 12\nb: '12'\nc: true\nd: \"true\"\ne: 1.5\nf: |\n  x\n")
    assert root == {"a": 12, "b": "12", "c": True, "d": "true", "e": 1.5, "f": "x\n"}


def test_a_queue_may_be_called_no(tmp_path: Path) -> None:
    text = RULES.replace("evolutions: {team: n1}", "no: {team: n1}").replace("queue: evolutions", "queue: no")
    assert "no" in load(write(tmp_path, text)).queues


def test_an_alias_copies_a_value_and_keeps_its_place() -> None:
    root, problems = document("a: &x\n  b: [1]\nc: *x\n")
    assert not problems
    assert root is not None
    assert root["c"] == {"b": [1]}
    assert where(root, ("c", "b", 0)) == Place("f", 2, 7)


def test_the_place_of_what_does_not_exist_is_that_of_what_is_around_it() -> None:
    root, _ = document("a:\n  - b: 1\n")
    assert root is not None
    assert where(root, ("a", 0, "z", "y")) == Place("f", 2, 5)
    assert where(root, ("a", 0, "b"), key=True) == Place("f", 2, 5)
    assert where(root, ("z",)) == Place("f", 1, 1)


def test_an_alias_bomb_does_not_go_off() -> None:
    text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    text += "".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 20))
    root, problems = document(text)
    assert root is None
    assert [p.what for p in problems] == [f"the aliases copy more than {MOST_COPIES} values; write fewer of them"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &a [*a]\n", "1:8: the alias *a stands inside the value that it copies"),
        ("a: *b\n", "1:4: the alias *b has no anchor &b before it"),
        ("a: !!python/object/apply:os.system [id]\n", "1:4: a tag (tag:yaml.org,2002:python/object/apply:os.system)"),
        ("!!str a: 1\n", "1:1: a tag (tag:yaml.org,2002:str) is not allowed here"),
        ("a: 1\nb: 2\na: 3\n", "3:1: the key 'a' stands here twice (first in line 1)"),
        ("a: {b: 1, b: 2}\n", "1:11: the key 'b' stands here twice"),
        ("a:\n\tb: 1\n", "2:1: a tab at the start of a line"),
        ("a: 1\n<<: {b: 2}\n", "2:1: '<<' does not merge in YAML 1.2"),
        ("? [a]\n: 1\n", "1:3: a key must be a word"),
        ("a: [1,\nb: 2\n", "1:4: broken YAML"),
        ("a: 'x\n\n\nb: 1\n", "1:4: broken YAML"),
        ("a: \x01\n", "1:4: a control character"),
        ("---\na: 1\n---\nb: 1\n", "3:1: a second document in the file"),
        ("- a\n", "1:1: the file must be a table of keys"),
        ("", "1:1: the file is empty"),
        ("# only a comment\n", "1:1: the file is empty"),
        ("[" * 500, "1:42: more than 40 levels deep"),
        ('a: "\\ud800"\n', "1:4: half a character"),
    ],
)
def test_a_trap_is_refused_at_its_line(text: str, expected: str) -> None:
    _, problems = document(text)
    told = [f"{p.line}:{p.column}: {p.what}" for p in problems]
    assert any(t.startswith(expected) for t in told), told


def test_what_is_no_file_at_all(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="there is no such file; name it with --rules"):
        load(tmp_path / "none.yaml")
    with pytest.raises(BadConfig, match="this is a folder; name the file"):
        load(tmp_path)
    with pytest.raises(BadConfig, match="can't be read"):
        load(Path("a\0b"))
    assert said(b"\xff\xfea\0", tmp_path) == ["1:1: not UTF-8; save the file in the encoding UTF-8"]
    assert said("version: 1\n# né".encode() + b"\xe9\n", tmp_path)[0].startswith("2:5: not UTF-8")
    assert said("x" * ((1 << 20) + 1), tmp_path) == ["1:1: larger than 1 MiB; put customers into a CSV file"]


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert load(write(tmp_path, b"\xef\xbb\xbf" + RULES.encode())).site.reference == "ISY"


_CHARACTERS = st.sampled_from([*" \t\n:-{}[]&*!#'\"|>%@`,?~<é\u00a0\u2028\x00\x85", "0", "a", "no", "- ", ": ", "\n "])
_VALUES = st.sampled_from(
    ["", "[]", "{}", "1", "-1", "1e99", "true", "''", "[[]]", "{a: b}", "9999999999 days", "\\", '"\\0"', "*x", "&x y"]
)
_LINES = RULES.split("\n")


@st.composite
def spoiled(draw: st.DrawFn) -> str:
    """rules.yaml after some slips: characters and lines left out, doubled, replaced or moved."""
    lines = list(_LINES)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["drop", "double", "swap", "cut", "insert", "indent", "value"])):
            case "drop" if len(lines) > 1:
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "swap":
                other = draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], lines[at]
            case "cut":
                column = draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:column] + lines[at][column + draw(st.integers(1, 3)) :]
            case "insert":
                column = draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:column] + draw(_CHARACTERS) + lines[at][column:]
            case "indent":
                lines[at] = " " * draw(st.integers(1, 4)) + lines[at]
            case "value":
                key, colon, _ = lines[at].partition(": ")
                lines[at] = key + colon + draw(_VALUES)
            case _:
                pass
    return "\n".join(lines)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=spoiled())
def test_a_spoiled_file_gives_settings_or_problems_and_nothing_else(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text.encode("utf-8", "surrogatepass"))
    lines = text.count("\n") + 2
    try:
        found = load(path)
    except BadConfig as error:
        assert error.problems
        assert all(1 <= p.line <= lines and p.column >= 1 and p.severity == "error" for p in error.problems)
        assert all(p.what and "\n" not in p.what for p in error.problems)
    else:
        assert isinstance(found, Settings)
        assert found.digest


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_text_at_all_gives_a_document_or_problems(text: str) -> None:
    root, problems = document(text)
    assert root is not None or problems


def test_the_digest_tells_versions_of_all_that_was_read_apart(tmp_path: Path) -> None:
    first = load(write(tmp_path, RULES)).digest
    assert load(write(tmp_path, RULES)).digest == first == load(ROOT / "rules.yaml").digest
    assert load(write(tmp_path, RULES + "\n# x\n")).digest != first


def test_paths_start_at_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, RULES)
    monkeypatch.chdir(tmp_path.parent)
    found = load(Path(tmp_path.name) / "rules.yaml")
    assert found.site.key.file == tmp_path / "secrets/reference.key"
    assert found.store.database == tmp_path / "maild.db"
    assert found.site.templates == tmp_path / "templates"
    absolute = RULES.replace("database: maild.db", "database: /srv/maild.db")
    assert load(write(tmp_path, absolute)).store.database == Path("/srv/maild.db")


def test_a_rule_and_a_secret_know_where_they_are_written(tmp_path: Path) -> None:
    path = write(tmp_path, RULES)
    found = load(path)
    lines = RULES.splitlines()
    assert [lines[rule.line - 1].partition("#")[0].strip() for rule in found.rules] == [
        f"- name: {rule.name}" for rule in found.rules
    ]
    assert found.smtp is not None
    assert found.smtp.password is not None
    assert found.smtp.password.written_at is not None
    file, line, column = found.smtp.password.written_at
    assert (file, lines[line - 1][column - 1 :]) == (str(path), "{env: SMTP_PASSWORD}")
