"""Which articles fit a request: words whatever their endings, products and versions, and none where none fits."""

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from knowledge.measuring import articles, figures, requests

from maild.knowledge.asked import asked
from maild.knowledge.plain import LONGEST_LINE, first_words, plain
from maild.knowledge.shelf import MOST_WORDS, Shelf
from maild.knowledge.stems import stems
from maild.settings import Article

FILLERS = [Article(title=f"Mot{n}a Mot{n}b", text=f"Mot{n}c.") for n in range(20)]
EXPORT = "Exporter une facture en PDF"


def titles(request: str, *some: Article, language: str = "fr", most: int = 3) -> list[str]:
    shelf = Shelf((*some, *FILLERS))
    return [f.article.title for f in shelf.find(asked("Question", request, language), most) if f.fits]


def article(title: str = EXPORT, **said: Any) -> Article:
    return Article.model_validate({"title": title, "text": "Ouvrez-la.", **said})


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("fr", "facture", "FACTURES"),
        ("fr", "exporter", "exportée"),
        ("fr", "exporter", "exportees"),
        ("fr", "exportation", "exporte"),
        ("fr", "régulier", "régulières"),
        ("fr", "virtuel", "virtuelle"),
        ("fr", "journal", "journaux"),
        ("fr", "payer", "paie"),
        ("fr", "envoyer", "envoi"),
        ("fr", "expirée", "expiree"),
        ("fr", "cœur", "coeur"),
        ("fr", "l’export", "export"),
        ("en", "invoice", "invoices"),
        ("en", "exporting", "exported"),
        ("en", "companies", "company"),
    ],
)
def test_a_word_is_the_same_whatever_its_accents_and_ending(language: str, one: str, other: str) -> None:
    assert stems(one, language) == stems(other, language) != []


@pytest.mark.parametrize("text", ["Bonjour Madame, j’ai un problème urgent, merci !", "", "¡ … !", "x" * 100])
def test_what_says_nothing_has_no_words(text: str) -> None:
    assert stems(text, "fr") == []


@settings(deadline=None)  # the first one loads Snowball
@given(st.text(), st.sampled_from(["fr", "en"]))
def test_any_text_has_words(text: str, language: str) -> None:
    assert all(stem and stem == stem.strip() for stem in stems(text, language))
    assert len(stems(text * 3, language, 2)) <= 2


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("Comment exporter mes factures en pdf ?", [EXPORT]),
        ("Mes factures ne s’exportent plus dans un PDF", [EXPORT]),
        ("La facture est fausse.", []),
        ("Bonjour, pouvez-vous me rappeler ?", []),
        ("", []),
    ],
)
def test_what_is_shown(request_: str, expected: list[str]) -> None:
    assert titles(request_, article()) == expected


def test_the_best_comes_first_and_no_more_than_asked_for() -> None:
    other = article("Exporter une facture en PDF sans logo")
    assert titles("Exporter une facture PDF sans mon logo", article(), other) == [other.title, EXPORT]
    assert titles("Exporter une facture PDF sans mon logo", article(), other, most=1) == [other.title]


def test_whoever_says_the_whole_title_is_shown_the_article_in_a_desk_of_any_size() -> None:
    one, other = article("Connexion au serveur refusée"), article("Connexion au serveur lente")
    asks = asked("Message", "« connexion au serveur refusée » ce matin", "fr")
    assert [f.article.title for f in Shelf([one, other]).find(asks, 3) if f.fits] == [one.title]
    assert not any(f.fits for f in Shelf([article("Serveur refusé"), other]).find(asks, 3)), "two words are too few"


def test_one_that_fits_comes_before_others_that_share_more() -> None:
    named = article("Stock faux et négatif")
    others = [article(f"Inventaire {n} du dépôt", text="Stock faux, négatif, comptage, écart.") for n in range(4)]
    found = Shelf([*others, named, *FILLERS]).find(
        asked("Stock négatif, faux", "écart au comptage d’inventaire", "fr"), 1
    )
    assert [f.article.title for f in found if f.fits] == [named.title]


def test_keywords_count_as_the_title_and_the_text_counts_less() -> None:
    asks = "Enregistrer un document au format PDF"
    assert titles(asks, article("Sortie", keywords=["enregistrer", "PDF", "document"])) == ["Sortie"]
    assert titles(asks, article("Sortie", text="Enregistrer le document en PDF.")) == []


@pytest.mark.parametrize(
    ("said", "request_", "is_shown"),
    [
        ({}, "", True),
        ({"product": "Themler"}, "Produit : Themler", True),
        ({"product": "Themler"}, "Produit:themler", True),
        ({"product": ["Artisteer", "Themler"]}, "produit : THEMLER 1.0", True),
        ({"product": "Themler"}, "Avec Themler, rien.", True),
        ({"product": "Themler"}, "Produit : Artisteer\nComme avec Themler.", False),
        ({"product": "Themler"}, "", False),
        ({"product": "Load Tester"}, "Produit : Load Tester 5", True),
        ({"product": "Load Tester"}, "Produit : Loader", False),
        ({"product": "Themler", "version": "5"}, "Produit : Themler\nVersion : 5.2.1", True),
        ({"version": "5"}, "Version : v5", True),
        ({"version": "5.2"}, "Version : 5", True),
        ({"version": "5"}, "Version : 4.5", False),
        ({"version": "4.1"}, "Version : 4.10", False),
        ({"version": ["4", "6"]}, "Version : 6.1", True),
        ({"version": "5"}, "", True),
        ({"language": "en"}, "", False),
    ],
)
def test_an_article_for_another_product_version_or_language_never_shows(
    said: dict[str, Any], request_: str, is_shown: bool
) -> None:
    assert titles(f"{request_}\nExporter la facture en PDF", article(**said)) == ([EXPORT] if is_shown else [])


def test_of_two_products_one_in_the_other_the_longer_is_meant() -> None:
    one, other = article(product="Themler"), article("Exporter en PDF la facture", product="Themler Pro")
    assert titles("Produit : Themler Pro\nExporter la facture en PDF", one, other) == [other.title]
    assert titles("Produit : Themler\nExporter la facture en PDF", one, other) == [one.title]


def test_the_names_of_fields_and_products_are_no_words_that_fit() -> None:
    licence = article("Numéro de licence et de facture")
    assert titles("Numéro de licence : AB-12\nFacture : 2026-118\nRien ne va plus.", licence) == []
    tester = article("Load Tester et Jenkins", product="Load Tester")
    assert titles("Produit : Load Tester\nLoad Tester s’arrête.", tester) == []


def test_the_rules_of_a_product_are_found_by_its_name_and_never_suggested() -> None:
    rules = article("Règles", kind="product_rules", product="Artisteer", keywords=["exporter", "facture", "PDF"])
    english = article("Rules", kind="product_rules", product="Artisteer", language="en")
    shelf = Shelf((rules, english, article()))

    def found(text: str, language: str = "fr", product: str = "") -> str:
        got = shelf.rules_for(asked("", text, language, product))
        return got.title if got else ""

    assert found("Produit : Artisteer") == "Règles"
    assert found("Mon thème Artisteer est vide") == "Règles"
    assert found("My Artisteer theme", "en") == "Rules"
    assert found("Mon thème est vide", product="Artisteer") == "Règles", "where the ticket knows its product"
    assert found("Produit : Themler") == found("Bonjour") == ""
    assert titles("Produit : Artisteer\nExporter la facture en PDF", rules) == []
    alone = Shelf((english,))
    assert alone.rules_for(asked("", "Produit : Artisteer", "fr")) == english, "in another language rather than not"


def test_what_stands_far_down_is_not_looked_at() -> None:
    far = " ".join(f"mot{n}" for n in range(MOST_WORDS))
    assert titles(f"{far} exporter facture PDF", article()) == []


def test_a_shelf_without_articles_finds_nothing() -> None:
    assert Shelf().find(asked("Exporter", "la facture", "fr"), 3) == ()


@settings(deadline=None)  # the first one loads Snowball
@given(st.lists(st.text(max_size=60), min_size=1, max_size=6), st.text(max_size=200))
def test_whatever_is_written_is_searched(written: list[str], request_: str) -> None:
    some = [
        article(f"x{n}", text=text or "x", keywords=[f"k{text}" for text in [str(n)]]) for n, text in enumerate(written)
    ]
    found = Shelf(some).find(asked(request_, "".join(written), "fr"), 3)
    assert [f.fit for f in found] == sorted((f.fit for f in found), reverse=True)
    assert len(found) <= 3


@pytest.mark.parametrize(
    "line", ["a" * 20_000, "a: " * 7_000, "a" + " " * 20_000 + "b", "a:" + " " * 20_000, "- " * 9_000]
)
def test_a_hostile_text_is_searched_in_no_time(line: str) -> None:
    began = time.process_time()
    Shelf([article()]).find(asked(line, line, "fr"), 3)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("Ouvrez **Fichier > Exporter**, puis `PDF`.", "Ouvrez Fichier > Exporter, puis PDF."),
        ("# Titre\n\nUne ligne\ncoupée en deux.", "Titre\n\nUne ligne coupée en deux."),
        ("- un\n- *deux*\n  et demi\n3. trois", "- un\n- deux et demi\n3. trois"),
        ("Voir [l’aide](https://aide.example/a).", "Voir l’aide (https://aide.example/a)."),
        ("![écran](a.png) Ici.", "écran Ici."),
        ("```\nSET A=1\n  SET B=2\n```", "SET A=1\n  SET B=2"),
        ("un_nom_de_fichier et 2 * 3 * 4", "un_nom_de_fichier et 2 * 3 * 4"),
        ("> Cité\n\n---\n\nFin", "Cité\n\nFin"),
        (r"\*pas gras\*", "*pas gras*"),
        ("{{ 7*7 }} {% if x %}", "{{ 7*7 }} {% if x %}"),
    ],
)
def test_markdown_becomes_plain_text(markdown: str, expected: str) -> None:
    assert plain(markdown) == expected


def test_the_first_words_are_whole_sentences() -> None:
    text = "# Titre\n\nUne phrase assez longue pour tenir seule, avec ce qu’il faut dedans. " + "Une autre. " * 30
    assert first_words(text).startswith("Une phrase")
    assert first_words(text).endswith("Une autre.")
    assert len(first_words(text)) <= LONGEST_LINE
    assert first_words("mot " * 100).endswith(" mot…")
    assert first_words("x" * 1_000) == "x" * (LONGEST_LINE - 1) + "…"
    assert first_words("# Seul un titre") == "Seul un titre"


@settings(deadline=None)  # the first one loads Snowball
@given(st.text())
def test_any_markdown_has_plain_text(markdown: str) -> None:
    plain(markdown)
    assert len(first_words(markdown)) <= LONGEST_LINE


def test_the_right_article_is_found_and_none_where_none_fits(tmp_path: Path) -> None:
    """The half that was put aside; docs/decisions/0036 has the figures. A change that makes them worse is no gain."""
    seen = figures(Shelf(articles(tmp_path)), requests("frozen"))
    print(seen)
    assert (seen.answerable, seen.unanswerable) == (65, 40)
    assert seen.right_first >= 37
    assert seen.right_first / seen.shown >= 0.97
    assert seen.shown_wrongly <= 2
