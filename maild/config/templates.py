"""Where templates are looked for: the desk's own folder first, then those that come with maild."""

from pathlib import Path

from maild.settings import Settings

SHIPPED = Path(__file__).parent.parent / "templates"


def template_folders(settings: Settings) -> list[Path]:
    """The folders, the first wins; the desk's own is left out where it does not exist."""
    own = settings.site.templates
    return [*([own] if own.is_dir() else []), SHIPPED]
