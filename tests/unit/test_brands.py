"""I13: does the desk's name, its signature and its words follow the brand that was written to?"""

from pathlib import Path

import pytest
from desk_values import ALICE, NOW, RING, ticket
from rules_files import RULES, write

from maild.config.desk import open_desk
from maild.config.load import check, load
from maild.errors import BadConfig
from maild.plan.letters import AUTOMATIC, to_participant
from maild.simulate.look import Seen, look

IBAT = "brands:\n  ibat: {name: Support iBAT, templates: ibat}\n\nmailboxes:\n"
BOX = "  ibat: {address: support@ibat.example, brand: ibat, queue: support}\n  support:\n"


def rules(folder: Path, *, brand: str = IBAT, box: str = BOX) -> Path:
    text = RULES.replace("mailboxes:\n", brand, 1)
    return write(folder, text.replace("  support:\n    address", f"{box}    address", 1))


def own(folder: Path, name: str, text: str) -> None:
    (folder / name / "fr").mkdir(parents=True, exist_ok=True)
    (folder / name / "fr" / "relance.txt").write_text(f"Rappel\n\n{text}\n", encoding="utf-8")


def relance(path: Path, mailbox: str) -> Seen:
    desk = open_desk(load(path), RING)
    at = ticket(mailbox=mailbox)
    return look(to_participant(desk, "relance", at, ALICE, owed_for="x", now=NOW, automatic=AUTOMATIC).data)


def test_a_brands_own_templates_come_before_the_desks(tmp_path: Path) -> None:
    own(tmp_path, "templates", "Du bureau, {{ signature }}")
    own(tmp_path, "ibat", "De la marque, {{ signature }}")
    path = rules(tmp_path)
    assert "De la marque, Support iBAT" in relance(path, "ibat").text
    assert "Du bureau, Support iSYBUY" in relance(path, "support").text
    assert relance(path, "ibat").sender.name == "Support iBAT"


def test_where_a_brand_has_no_such_template_the_desks_own_is_used(tmp_path: Path) -> None:
    own(tmp_path, "templates", "Du bureau, {{ signature }}")
    (tmp_path / "ibat").mkdir()
    assert "Du bureau, Support iBAT" in relance(rules(tmp_path), "ibat").text


def test_a_mistake_in_a_brands_template_is_told_before_a_mail_is_owed(tmp_path: Path) -> None:
    own(tmp_path, "ibat", "{{ nmae }}")
    found = [str(p) for p in check(rules(tmp_path))]
    assert any("ibat/fr/relance.txt:3:1: error: there is no value named 'nmae'" in said for said in found), found
    own(tmp_path, "ibat", "{{ name")
    with pytest.raises(BadConfig, match="ibat/fr/relance"):
        open_desk(load(rules(tmp_path)), RING)


@pytest.mark.parametrize(
    ("brand", "box", "words"),
    [
        (IBAT.replace("ibat:", "ibaat:"), BOX, "error: there is no brand 'ibat'; did you mean 'ibaat'?"),
        (IBAT, "  support:\n", "warning: no mailbox has the brand 'ibat', so no mail bears it"),
        (IBAT.replace("ibat}", "nulle}"), BOX, "error: there is no folder"),
        (IBAT.replace("name: Support iBAT, ", ""), BOX, "the key 'name' is missing"),
    ],
)
def test_a_brand_that_does_not_fit_is_told(tmp_path: Path, brand: str, box: str, words: str) -> None:
    (tmp_path / "ibat").mkdir()
    found = [str(p) for p in check(rules(tmp_path, brand=brand, box=box))]
    assert any(words in said for said in found), found
