"""Is each mail of the manifest of its kind, and is it answered only if a person wrote it? tests/fixtures/kinds.yaml
says what each one is, and where its form is documented.
"""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from maild.reading import read

FIXTURES = Path(__file__).parents[1] / "fixtures"
KINDS = YAML(typ="safe").load(FIXTURES / "kinds.yaml")


@pytest.mark.parametrize("name", KINDS)
def test_the_mail_is_of_its_kind(name: str) -> None:
    mail = read((FIXTURES / "eml" / f"{name}.eml").read_bytes())
    wanted = KINDS[name]
    assert (mail.kind, mail.auto_respond) == (wanted["kind"], wanted["auto_respond"]), wanted["what"]


def test_each_form_says_where_it_is_documented() -> None:
    assert [name for name, said in KINDS.items() if not said["documented"].strip()] == []
