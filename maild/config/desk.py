"""The desk as one value: settings, keys and templates, loaded together so that a mail sees one version of each."""

from maild.config.templates import template_folders
from maild.plan.letters import Desk
from maild.reading.reply_text import MARKERS
from maild.settings import Settings
from maild.threading.token import Keyring
from maild.writing.render import Renderer


def open_desk(settings: Settings, ring: Keyring) -> Desk:
    """Load the templates and put all together; BadConfig where a template is wrong."""
    return Desk(settings, ring, Renderer(template_folders(settings)), MARKERS)
