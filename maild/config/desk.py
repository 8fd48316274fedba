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


def open_desk(settings: Settings, ring: Keyring, rules: Path | None = None, *, before: Renderer | None = None) -> Desk:
    """Load the templates and put all together; BadConfig where a template is wrong.

    `rules`: the file that commands in the admin's mails have to name, since nobody knows where they will be typed.
    `before`: templates that are loaded already; of them only those that have changed are made anew.
    """
    named = f" --rules {shlex.quote(str(rules.absolute()))}" if rules is not None else ""
    return Desk(settings, ring, Renderer(template_folders(settings), named, before), MARKERS, shelf_of(settings))


def shelf_of(settings: Settings) -> Shelf:
    """The articles that they name, ready to be searched."""
    return _shelf(settings.knowledge.articles, settings.site.language)


@lru_cache(maxsize=1)
def _shelf(articles: tuple[Article, ...], language: str) -> Shelf:
    """The same articles give the same shelf, however often the other files change."""
    return Shelf(articles, language)
