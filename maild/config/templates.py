"""Where templates are looked for: the desk's own folder first, then those that come with maild."""

import hashlib
from pathlib import Path

from maild.settings import Settings
from maild.settings.brands import Brand
from maild.writing.render import LANGUAGES, LAYOUT

SHIPPED = Path(__file__).parent.parent / "templates"


def template_folders(settings: Settings, brand: Brand | None = None) -> list[Path]:
    """The folders, the first wins: those of a brand, the desk's own, the shipped ones; one that is not there is left
    out."""
    own = [*([brand.templates] if brand and brand.templates else []), settings.site.templates]
    return [*(folder for folder in own if folder.is_dir()), SHIPPED]


def own_templates(settings: Settings) -> tuple[tuple[Path, str], ...]:
    """The folders and patterns by which the desk's own are found, whether there are any or not."""
    return tuple(
        found
        for own in _own_folders(settings)
        for found in ((own, LAYOUT), *((own / language, "*.txt") for language in LANGUAGES))
    )


def _own_folders(settings: Settings) -> list[Path]:
    return [settings.site.templates, *(brand.templates for brand in settings.brands.values() if brand.templates)]


def digest_of_own(settings: Settings) -> str:
    """Names the desk's own templates as they are now; '' for none. What can't be read counts by its name."""
    digest = hashlib.sha256()
    found = [path for folder, pattern in own_templates(settings) for path in sorted(folder.glob(pattern))]
    for path in found:
        digest.update(f"\0{path.parent.name}/{path.name}\0".encode("utf-8", "surrogateescape"))
        try:
            digest.update(path.read_bytes())
        except OSError:
            continue  # whoever opens it says so
    return digest.hexdigest() if found else ""
