"""Articles in a running desk: a change is taken up, a mistake is not, and explain says how near each came."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from cli_desk import RULES, CliDesk, message
from desk_values import RING
from road import Road

from maild.cli import main
from maild.config.desk import open_desk
from maild.config.load import load
from maild.config.reload import StandingDesk

ALICE = "Alice Durand <alice@client-a.example>"
ASKED = message(ALICE, "Exporter une facture en PDF", "Comment exporter mes factures en PDF ?")
HEAD = "---\ntitle: Exporter une facture en PDF\n---\n"


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def article(folder: Path, text: str, name: str = "export") -> Path:
    path = folder / "aide" / "fr" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


async def acknowledged(road: Road, subject: str) -> str:
    await road.receive(message(ALICE, subject, "Comment exporter mes factures en PDF ?"))
    return str((await road.last("alice@client-a.example")).get_body(("plain",)).get_content())  # type: ignore[union-attr]


async def test_articles_are_read_again_when_one_is_saved_added_or_removed(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(RULES + "knowledge: {articles: aide}\n", encoding="utf-8")
    path = article(tmp_path, HEAD + "Ouvrez la facture.\n")
    road = Road(tmp_path)
    desk = StandingDesk(open_desk(load(rules), RING, rules), rules, road.database, road.clock, lambda: None)
    road.desk = desk

    async def looks() -> bool:
        """One that sees the change, one that sees the files at rest, and two more where new ones are among them."""
        return any([await desk.look() for _ in range(4)])

    assert "Ouvrez la facture." in await acknowledged(road, "Exporter en PDF")
    path.write_text(HEAD + "Fermez d’abord la fenêtre.\n", encoding="utf-8")
    assert await looks()
    assert "Fermez d’abord la fenêtre." in await acknowledged(road, "Exporter un PDF")
    path.write_text("---\ntitel: x\n---\nMoitié.\n", encoding="utf-8")
    assert not await looks()
    [concern] = await desk.concerns()
    assert concern.details[0].startswith(f"{path}:2:1: error: ")
    assert "Fermez d’abord la fenêtre." in await acknowledged(road, "Exporter au format PDF"), "the old ones stay"
    path.unlink()
    article(tmp_path, HEAD + "Par le menu.\n", "menu")
    assert await looks()
    assert await desk.concerns() == []
    assert "Par le menu." in await acknowledged(road, "Exporter vers PDF")
    (tmp_path / "aide" / "fr" / "menu.md").unlink()
    article(tmp_path, HEAD.replace("une facture en PDF", "le stock") + "Par le menu.\n", "stock")
    assert await looks()
    assert "répond peut-être" not in await acknowledged(road, "Exporter par PDF")
    await road.database.close()


def test_explain_says_how_near_each_article_came(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = CliDesk(tmp_path)
    desk.change("waiting:", "knowledge: {articles: aide}\nwaiting:")
    article(tmp_path, HEAD + "Ouvrez la facture.\n")
    article(tmp_path, HEAD.replace("en PDF", "récurrente") + "Planifiez-la.\n", "abonnement")
    mail = tmp_path / "a.eml"
    mail.write_bytes(ASKED)

    def explained(*options: str) -> str:
        capsys.readouterr()
        assert main(["explain", str(mail), "--rules", str(desk.rules), *options]) == 0
        return capsys.readouterr().out

    seen = json.loads(explained("--json"))
    assert [(a["title"], a["fits"], a["words"]) for a in seen["articles"]] == [
        ("Exporter une facture en PDF", True, 3),
        ("Exporter une facture récurrente", False, 2),
    ]
    shown = explained()
    assert f"Exporter une facture en PDF  {tmp_path}/aide/fr/export.md: fits" in shown
    assert f"Exporter une facture récurrente  {tmp_path}/aide/fr/abonnement.md: does not fit" in shown
    mail.write_bytes(message(ALICE, "Facture", "Absente jusqu’à lundi.", Auto_Submitted="auto-replied"))
    assert json.loads(explained("--json"))["articles"] == [], "where nothing is acknowledged nothing is searched"
