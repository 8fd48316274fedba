"""The desk as one value: settings, keys, templates and articles, so that a mail sees one version of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from maild.errors import Problem
from maild.knowledge.shelf import Shelf
from maild.settings import Mailbox, Settings
from maild.threading.token import Keyring
from maild.ticket import Ticket
from maild.writing.render import Renderer


@dataclass(frozen=True, slots=True)
class Desk:
    """What every mail needs: the settings, the keys, the templates and the articles."""

    settings: Settings
    ring: Keyring
    renderer: Renderer
    markers: Mapping[str, str]  # language -> the line above which one answers
    shelf: Shelf = field(default_factory=Shelf)
    renderers: Mapping[str, Renderer] = field(default_factory=dict)  # of the brands with words of their own

    def renderer_of(self, mailbox: Mailbox) -> Renderer:
        """The templates by which mails of that mailbox are written."""
        return self.renderers.get(mailbox.brand or "", self.renderer)

    @property
    def failures(self) -> Mapping[Path, Problem]:
        """Templates that failed while a mail was written, and why."""
        return {k: v for renderer in (self.renderer, *self.renderers.values()) for k, v in renderer.failures.items()}

    def with_settings(self, settings: Settings) -> "Desk":
        """The same keys, templates and articles under other settings."""
        return replace(self, settings=settings)


def answers_by_link(desk: Desk) -> bool:
    """Whether a customer's answer finds its ticket only by a link of ours."""
    return desk.settings.site.replies == "link"


def number_of(desk: Desk, ticket: Ticket) -> str:
    """`[KAP-1042]`: for people to name the request by. It proves nothing and leads nowhere."""
    return f"[{desk.settings.site.reference}-{ticket.number}]"
