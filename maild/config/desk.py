"""The desk as one value: settings, keys, templates, articles, loaded together: a mail sees one version of each."""

import shlex
from functools import lru_cache
from pathlib import Path

from maild.config.templates import template_folders
from maild.knowledge.shelf import Shelf
from maild.plan.letters import Desk
from maild.reading.reply_text import MARKERS
from maild.settings import Article, Settings
from maild.threading.token import Keyring
from maild.writing.render import Renderer


def open_desk(settings: Settings, ring: Keyring, rules: Path | None = None, *, before: Desk | None = None) -> Desk:
    """Load the templates and put all together; BadConfig where a template is wrong.

    `rules`: the file that commands in the admin's mails have to name, since nobody knows where they will be typed.
    `before`: a desk whose templates are loaded already; of them only those that have changed are made anew.
    """
    named = f" --rules {shlex.quote(str(rules.absolute()))}" if rules is not None else ""
    renderer = Renderer(template_folders(settings), named, before.renderer if before else None)
    return Desk(settings, ring, renderer, MARKERS, shelf_of(settings), _of_brands(settings, named, before))


def _of_brands(settings: Settings, named: str, before: Desk | None) -> dict[str, Renderer]:
    """The templates of each brand that has some of its own."""
    stood = before.renderers if before else {}
    return {
        name: Renderer(template_folders(settings, brand), named, stood.get(name))
        for name, brand in settings.brands.items()
        if brand.templates is not None
    }


def shelf_of(settings: Settings) -> Shelf:
    """The articles that they name, ready to be searched."""
    return _shelf(settings.knowledge.articles, settings.site.language)


@lru_cache(maxsize=1)
def _shelf(articles: tuple[Article, ...], language: str) -> Shelf:
    """The same articles give the same shelf, however often the other files change."""
    return Shelf(articles, language)
