"""The desk as one value: the settings, the keys and the templates, so that a mail sees one version of each."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from maild.settings import Settings
from maild.threading.token import Keyring
from maild.ticket import Ticket
from maild.writing.render import Renderer


@dataclass(frozen=True, slots=True)
class Desk:
    """What every mail needs: the settings, the keys and the templates."""

    settings: Settings
    ring: Keyring
    renderer: Renderer
    markers: Mapping[str, str]  # language -> the line above which one answers

    def with_settings(self, settings: Settings) -> "Desk":
        """The same keys and templates under other settings."""
        return replace(self, settings=settings)


def answers_by_link(desk: Desk) -> bool:
    """Whether a customer's answer finds its ticket only by a link of ours."""
    return desk.settings.site.replies == "link"


def number_of(desk: Desk, ticket: Ticket) -> str:
    """`[KAP-1042]`: for people to name the request by. It proves nothing and leads nowhere."""
    return f"[{desk.settings.site.reference}-{ticket.number}]"
