"""Can the articles be used: is there what rules send, one text for each product, a page behind each link?"""

from collections.abc import Iterator

from maild.rules.finding import Finding, Subject
from maild.settings.knowledge import PRODUCT_RULES


def articles_are_there(desk: Subject) -> Iterator[Finding]:
    """A knowledge base without an article."""
    knowledge = desk.settings.knowledge
    if "articles" in knowledge.model_fields_set and not knowledge.articles:
        what = "no article there: nothing can be suggested; write one, such as fr/exporter-une-facture.md"
        yield Finding(("knowledge", "articles"), what, "warning")


def rules_of_products_stand_once(desk: Subject) -> Iterator[Finding]:
    """Rules of support that are nobody's, or two for one product."""
    settings = desk.settings
    first: dict[tuple[str, str], str] = {}
    for i, article in enumerate(settings.knowledge.articles):
        if article.kind != PRODUCT_RULES:
            continue
        if not article.product:
            what = "rules of support without a product; say `product:`, as customers write it after « Produit : »"
            yield Finding(("knowledge", "articles", i), what)
        for product in article.product or ():
            key = (product.casefold(), article.language or settings.site.language)
            other = first.setdefault(key, article.file or article.title)
            if other != (article.file or article.title):
                what = f"'{other}' holds the rules of support for '{product}' already; keep one of them"
                yield Finding(("knowledge", "articles", i, "product"), what)


def product_rules_are_written(desk: Subject) -> Iterator[Finding]:
    """Rules of support that a rule sends, and that nobody has written."""
    settings = desk.settings
    if any(article.kind == PRODUCT_RULES for article in settings.knowledge.articles):
        return
    for i, rule in enumerate(settings.rules):
        for n, name in enumerate(rule.then.send or ()):
            if name == PRODUCT_RULES:
                what = (
                    "no article holds the rules of support of a product, so nothing would be sent; write one into the "
                    "folder of `knowledge: articles:`, with `kind: product_rules` and `product:` in its head"
                )
                yield Finding(("rules", i, "then", "send", n), what)
