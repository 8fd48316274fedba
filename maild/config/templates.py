"""Where templates are looked for: the desk's own folder first, then those that come with maild."""

import hashlib
from pathlib import Path

from maild.settings import Settings
from maild.writing.render import LANGUAGES, LAYOUT

SHIPPED = Path(__file__).parent.parent / "templates"


def template_folders(settings: Settings) -> list[Path]:
    """The folders, the first wins; the desk's own is left out where it does not exist."""
    own = settings.site.templates
    return [*([own] if own.is_dir() else []), SHIPPED]


def own_templates(settings: Settings) -> tuple[tuple[Path, str], ...]:
    """The folders and patterns by which the desk's own are found, whether there are any or not."""
    own = settings.site.templates
    return ((own, LAYOUT), *((own / language, "*.txt") for language in LANGUAGES))


def digest_of_own(settings: Settings) -> str:
    """Names the desk's own templates as they are now; '' for none. What can't be read counts by its name."""
    digest, own = hashlib.sha256(), settings.site.templates
    found = [path for folder, pattern in own_templates(settings) for path in sorted(folder.glob(pattern))]
    for path in found:
        digest.update(f"\0{path.relative_to(own)}\0".encode("utf-8", "surrogateescape"))
        try:
            digest.update(path.read_bytes())
        except OSError:
            continue  # whoever opens it says so
    return digest.hexdigest() if found else ""
