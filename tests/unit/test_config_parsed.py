"""A text that is read again is not parsed again, and whoever changes what they got changes nobody else's."""

from maild.config import document
from maild.config.document import Row, Table, where
from maild.config.parsed import read
from maild.errors import Problem

TEXT = "site: {name: Support}\nrules:\n  - name: all\n  - name:\n"


def test_it_is_what_the_parser_gives_with_its_places_and_its_mistakes() -> None:
    for _ in range(2):
        told: list[Problem] = []
        expected: list[Problem] = []
        root, fresh = read(TEXT, "rules.yaml", told), document.read(TEXT, "rules.yaml", expected)
        assert root == fresh and told == expected and len(told) == 1
        assert root is not None and fresh is not None
        for path in ((), ("site",), ("site", "name"), ("rules", 0, "name"), ("rules", 1, "name")):
            for key in (True, False):
                assert where(root, path, key=key) == where(fresh, path, key=key)


def test_what_one_reader_changes_the_next_does_not_see() -> None:
    first = read(TEXT, "rules.yaml", [])
    assert first is not None
    rules: Row = first["rules"]
    site: Table = first["site"]
    rules.drop(0)
    site.put("name", "Other", site.place, site.place)
    del first["site"]
    assert read(TEXT, "rules.yaml", []) == document.read(TEXT, "rules.yaml", [])


def test_a_text_names_the_file_in_which_it_stands() -> None:
    for name in ("one.yaml", "two.yaml"):
        told: list[Problem] = []
        root = read(TEXT, name, told)
        assert root is not None and root.place.file == name and told[0].file == name
