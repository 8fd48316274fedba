"""What can be said of rules that are wrong? As much as it takes to find the desk that runs and to name the mistakes."""

from pathlib import Path

from maild.config.document import Place, Table, read
from maild.config.load import Found, read_file, resolved
from maild.config.validate import validate
from maild.settings import Settings


def part_of(path: Path) -> tuple[Found, Settings]:
    """What stands in the file, and settings that are there whatever does: of a file that can't be read to its end, from
    the lines before its first mistake, and of nothing else stand-ins. Nothing may run on them where there are errors.
    """
    found = read_file(path)
    if found.settings is not None:
        return found, found.settings
    try:
        lines = path.read_text("utf-8-sig", "replace").split("\n")
    except (OSError, ValueError):
        lines = []
    line = min((p.line for p in found.problems), default=1)
    root = read("\n".join(lines[: line - 1]), str(path), []) or Table(Place(str(path), 1, 1))
    settings = validate(root, []).settings or validate(Table(root.place), []).settings
    assert settings is not None, "stand-ins alone are valid"
    return found, resolved(settings, path.absolute().parent, root)
