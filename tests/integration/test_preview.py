"""`maild preview`: what does an admin see of a template before anybody gets it?"""

import json
from pathlib import Path

import pytest
from rules_files import RULES, write
from typer.testing import CliRunner, Result

from maild.cli import app, main
from maild.config.templates import SHIPPED

NAMES = sorted({path.stem for path in SHIPPED.glob("*/*.txt")})


def preview(rules: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["preview", *arguments, "--rules", str(rules)])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_template_that_comes_with_maild_can_be_looked_at(tmp_path: Path, language: str) -> None:
    rules = write(tmp_path, RULES)
    for name in NAMES:
        shown = preview(rules, name, "--language", language, "--json")
        assert shown.exit_code == 0, (name, shown.output, shown.exception)
        mail = json.loads(shown.stdout)
        assert mail["subject"]
        assert len(mail["text"]) > 60, name
        assert "<body" in mail["html"]


def test_a_mail_is_shown_as_its_reader_gets_it(tmp_path: Path) -> None:
    page = tmp_path / "relance.html"
    shown = preview(write(tmp_path, RULES), "relance", "--language", "en", "--html", str(page))
    assert "From     Support iSYBUY <support@isybuy.example>" in shown.stdout
    assert "Subject  The invoice can’t be exported [ISY-1042-1-" in shown.stdout
    assert "Which version" not in shown.stdout
    assert "And which version do you use?" in shown.stdout
    assert "And which version do you use?" in page.read_text(encoding="utf-8")


def test_the_desks_own_template_is_shown_in_place_of_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "templates" / "fr").mkdir(parents=True)
    (tmp_path / "templates" / "fr" / "relance.txt").write_text("Un rappel\n\nBonjour {{ name }}, et alors ?\n")
    shown = preview(write(tmp_path, RULES), "relance")
    assert "Bonjour Alice Durand, et alors ?" in shown.stdout


def test_a_misspelt_name_is_told_with_the_nearest_one(tmp_path: Path) -> None:
    rules = write(tmp_path, RULES)
    assert preview(rules, "relanc").stderr.strip() == "there is no template 'relanc'; did you mean 'relance'?"
    assert main(["preview", "relanc", "--rules", str(rules)]) == 65
    assert main(["preview", "relance", "--language", "de", "--rules", str(rules)]) == 64
    assert preview(rules, "all").stdout.split() == NAMES


def test_what_the_rules_ask_for_stands_in_the_mail_that_asks(tmp_path: Path) -> None:
    without = preview(write(tmp_path, RULES), "incomplete_request").stdout
    assert "\n- le produit concerné" in without
    assert "- une capture d’écran" in without
    need = "needs:\n  serial: {if: {body: {matches: 'S[0-9]+'}}, ask: le numéro de série}\nrules:\n"
    rules = RULES.replace("rules:\n", need, 1).replace("then: {type: question}", "then: {require: serial}")
    assert "\n\n- le numéro de série\n\n" in preview(write(tmp_path, rules), "incomplete_request").stdout
