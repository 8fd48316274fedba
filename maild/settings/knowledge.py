"""What the desk has already written down for its customers: articles, and the rules of support of single products."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PrivateAttr

from maild.settings.values import Language, Strict, Text, Words


def _a_url(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/<>\"()]+(/[^\s<>\"()]*)?", value):
        raise ValueError(f"'{value}' is not the address of a page; write it like https://aide.example.com/")
    return value


def _a_link(value: str) -> str:
    if "://" in value:
        return _a_url(value)
    if not re.fullmatch(r"[^\s<>\"():]+", value):
        raise ValueError(f"'{value}' is no link; write https://..., or what follows `url` of the rules file")
    return value


PRODUCT_RULES = "product_rules"  # the kind of article, and the template that sends it

Most = Annotated[int, Field(strict=True, ge=1, le=10)]


class Article(Strict):
    """A text with a head. `kind: product_rules` are the rules of support of its products, and are never suggested."""

    title: Text
    kind: Literal["article", "product_rules"] = "article"
    product: Words | None = None  # none: whatever the product
    version: Words | None = None  # 5 is every 5.x
    keywords: Words | None = None  # words that customers use, and the title does not
    link: Annotated[Text, AfterValidator(_a_link)] | None = None  # where it is read; without ://, what follows `url`
    language: Language | None = None  # none: the site's
    text: Annotated[str, Field(min_length=1)]  # light Markdown

    _file: str = PrivateAttr("")

    @property
    def file(self) -> str:
        """The file that it was read from, as problems name it; '' if it did not come from a file."""
        return self._file


class Knowledge(Strict):
    """The articles, and how many of them an acknowledgement shows."""

    articles: tuple[Article, ...] = ()  # in the file, the folder that they are read from
    most: Most = 3
    url: Annotated[str, AfterValidator(_a_url)] | None = None  # what links without :// begin with
