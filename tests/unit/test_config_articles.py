"""Are articles read from their files, and their mistakes told at line and column?"""

import re
from pathlib import Path

import pytest
from rules_files import ROOT, RULES, write

from maild.config.articles import LONGEST
from maild.config.load import check, load
from maild.errors import BadConfig
from maild.settings import Article

WITH_ARTICLES = f"{RULES}\nknowledge: {{articles: aide}}\n"
WHOLE = """\
---
title: Exporter une facture
product: [Load Tester, 'Themler']
version: 4.10
keywords: PDF
link: https://aide.example/export
---

Ouvrez la **facture**.

Puis exportez-la.
"""


def articles(folder: Path, **files: str | bytes) -> tuple[Article, ...]:
    for name, text in files.items():
        path = folder / "aide" / f"{name.replace('__', '/')}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(write(folder, WITH_ARTICLES)).knowledge.articles


def head(*lines: str) -> str:
    return "\n".join(("---", *lines, "---", "Le texte.\n"))


def test_an_article_is_read_with_its_head(tmp_path: Path) -> None:
    [article] = articles(tmp_path, fr__export=WHOLE)
    assert article.title == "Exporter une facture"
    assert article.product == ("Load Tester", "Themler")
    assert article.version == ("4.10",), "a number is what was written"
    assert (article.keywords, article.language) == (("PDF",), "fr")
    assert article.link == "https://aide.example/export"
    assert article.text == "Ouvrez la **facture**.\n\nPuis exportez-la."
    assert article.file == str(tmp_path / "aide" / "fr" / "export.md")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (head("title: 2026"), "2026"),
        (head("", "# une remarque", "title: Un"), "Un"),
        ("\ufeff" + head("title: Un"), "Un"),
        (head("title: Un").replace("\n", "\r\n"), "Un"),
        (head("title: Un").replace("---\n", "---  \n"), "Un"),
        (head("title: Un") + "\n---\n\nencore", "Un"),
    ],
    ids=["a number", "blank lines and comments", "byte order mark", "CRLF", "blanks behind the line", "a rule below"],
)
def test_forms_that_editors_write(tmp_path: Path, text: str, title: str) -> None:
    [article] = articles(tmp_path, un=text)
    assert article.title == title
    assert "\r" not in article.text


def test_the_folder_says_the_language_and_the_file_the_link(tmp_path: Path) -> None:
    text = head("title: Un")
    found = articles(
        tmp_path, fr__a=text, en__b=text, c=text, fr__theme__d=text, en__e=head("title: x", "language: fr")
    )
    assert [(a.link, a.language) for a in found] == [
        ("c", None),
        ("en/b", "en"),
        ("en/e", "fr"),
        ("fr/a", "fr"),
        ("fr/theme/d", "fr"),
    ]


def test_what_is_no_article_is_left_alone(tmp_path: Path) -> None:
    [_] = articles(tmp_path, un=head("title: Un"), **{".cache__deux": "x", ".#trois": "x"})
    (tmp_path / "aide" / "image.png").write_bytes(b"\x00")
    assert len(load(tmp_path / "rules.yaml").knowledge.articles) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un texte.\n", "1:1: the article has no head; begin it with the three lines: ---, title: its title, ---"),
        ("", "1:1: an empty article"),
        ("---\ntitle: Un\n", "1:1: the head that begins here has no end; write a line ---"),
        ("---\n---\nUn texte.\n", "2:1: the head holds keys, one a line"),
        ("---\nUn titre\n---\nUn texte.\n", "2:1: the head holds keys, one a line"),
        ("---\n- a: b\n---\nUn texte.\n", "2:1: the head holds keys, one a line"),
        ("---\ntitle: Un\n---\n\n\n", "3:1: no text below the head"),
        (head("title: Un", "keyword: PDF"), "3:1: unknown key 'keyword'; did you mean 'keywords'?"),
        (head("# rien d'autre", "product: Themler"), "3:1: the key 'title' is missing"),
        (head("title:"), "2:1: the key 'title' has no value"),
        (head("title: Un", "title: Deux"), "3:1: the key 'title' stands here twice (first in line 2)"),
        (head("title: Un", "language: de"), "3:11: 'de' is not one of fr, en"),
        (head("title: Un", "kind: product-rules"), "3:7: 'product-rules' is not one of article, product_rules; did"),
        (head("title: Un", "link: javascript:alert(1)"), "3:7: 'javascript:alert(1)' is no link"),
        (head("title: Un", "link: ftp://x.example/"), "3:7: 'ftp://x.example/' is not the address of a page"),
        (head("title: Un", "text: Deux"), "3:1: the text of an article stands below its head; remove this key"),
        (head("title: Un", "keywords: [a, b"), "3:11: broken YAML"),
        (head("title: [Un]"), "2:8: 'title' is a single value"),
        (head("title: Un", "keywords: [a, {b: c}]"), "3:15: "),
        (head("title: 'Un", "x: y"), "2:8: broken YAML"),
        (head("title: !!str Un"), "2:8: a tag (tag:yaml.org,2002:str) is not allowed here"),
        (head("title: Un", "kind: product_rules"), "2:1: rules of support without a product"),
        (b"---\ntitle: Caf\xe9\n---\nx\n", "2:11: not UTF-8; save the file in the encoding UTF-8"),
        ("---\ntitle: Un\n---\n" + "x" * LONGEST, f"1:1: larger than {LONGEST >> 10} KiB"),
    ],
)
def test_a_mistake_is_told_where_it_is(tmp_path: Path, text: str | bytes, expected: str) -> None:
    with pytest.raises(BadConfig) as caught:
        articles(tmp_path, fr__bon=head("title: Bon"), fr__un=text)
    [said] = [str(p) for p in caught.value.problems]
    assert said.startswith(f"{tmp_path}/aide/fr/un.md:{expected}".replace(": ", ": error: ", 1)), said


def test_every_mistake_of_all_articles_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadConfig) as caught:
        articles(tmp_path, a="x", b=head("titel: x"), c=head("title: x", "language: de"))
    assert [Path(p.file).name for p in caught.value.problems] == ["a.md", "b.md", "b.md", "c.md"]


def test_two_rules_for_one_product_are_one_too_many(tmp_path: Path) -> None:
    rules = head("title: x", "kind: product_rules", "product: Themler")
    with pytest.raises(BadConfig, match=r"b\.md:4:10: error: '.*a\.md' holds the rules of support for 'Themler'"):
        articles(tmp_path, fr__a=rules, fr__b=rules, en__a=rules)


def test_a_folder_that_is_missing_or_empty_is_told(tmp_path: Path) -> None:
    line = WITH_ARTICLES.count("\n")
    [said] = [str(p) for p in check(write(tmp_path, WITH_ARTICLES))]
    assert said.startswith(f"{tmp_path}/rules.yaml:{line}:23: error: there is no folder '{tmp_path}/aide'; make it")
    (tmp_path / "aide").mkdir()
    [said] = [str(p) for p in check(tmp_path / "rules.yaml")]
    assert said.startswith(f"{tmp_path}/rules.yaml:{line}:23: warning: no article there")


def test_rules_of_support_that_nobody_has_written_are_told(tmp_path: Path) -> None:
    text = RULES.replace("then: {type: question}", "then: {type: question, send: [product_rules]}")
    assert text != RULES
    [said] = [str(p) for p in check(write(tmp_path, text))]
    assert ":63:" not in said and "error: no article holds the rules of support of a product" in said
    (tmp_path / "aide").mkdir()
    (tmp_path / "aide" / "x.md").write_text(head("title: x", "kind: product_rules", "product: Themler"))
    assert check(write(tmp_path, f"{text}\nknowledge: {{articles: aide}}\n")) == []


def test_the_version_of_the_rules_changes_with_an_article(tmp_path: Path) -> None:
    seen = set()
    for text in (head("title: Un"), head("title: Deux"), head("title: Deux") + "Encore."):
        articles(tmp_path, un=text)
        seen.add(load(tmp_path / "rules.yaml").digest)
    (tmp_path / "aide" / "un.md").rename(tmp_path / "aide" / "deux.md")
    settings = load(tmp_path / "rules.yaml")
    assert len({settings.digest, *seen}) == 4
    assert {tmp_path / "aide", tmp_path / "aide" / "deux.md"} <= set(settings.files)


def test_the_documented_article_is_one_and_its_folder_is_read(tmp_path: Path) -> None:
    document = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"```markdown\n(---.*?)```", document, flags=re.DOTALL)
    [block] = re.findall(r"```yaml\n(knowledge:\n.*?)```", document, flags=re.DOTALL)
    path = tmp_path / "articles" / "fr" / "rien-n-est-enregistre.md"
    path.parent.mkdir(parents=True)
    path.write_text(shown, encoding="utf-8")
    assert check(write(tmp_path, f"{RULES}\n{block}")) == []
    knowledge = load(tmp_path / "rules.yaml").knowledge
    assert knowledge.url == "https://aide.kapisupport.example/"
    [article] = knowledge.articles
    assert (article.version, article.link) == (("5", "6.1"), "fr/rien-n-est-enregistre")
