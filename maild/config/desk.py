"""The desk as one value: settings, keys and templates, loaded together so that a mail sees one version of each."""

from pathlib import Path

from maild.plan.letters import Desk
from maild.reading.reply_text import MARKERS
from maild.settings import Settings
from maild.threading.token import Keyring
from maild.writing.render import Renderer

SHIPPED = Path(__file__).parent.parent / "templates"


def template_folders(settings: Settings) -> list[Path]:
    """Where templates are looked for: the desk's own folder first, if there is one, then the shipped ones."""
    own = settings.site.templates
    return [*([own] if own.is_dir() else []), SHIPPED]


def open_desk(settings: Settings, ring: Keyring) -> Desk:
    """Load the templates and put all together; BadConfig where a template is wrong."""
    return Desk(settings, ring, Renderer(template_folders(settings)), MARKERS)
