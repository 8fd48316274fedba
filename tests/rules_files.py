"""The rules file that tests of the configuration start from, and ways to spoil it."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
RULES = (ROOT / "rules.yaml").read_text(encoding="utf-8")
MARK = "§"


def changed(old: str, new: str) -> tuple[str, tuple[int, int]]:
    """rules.yaml with `old` (which must be there once) replaced, and the line and column of the mark in `new`."""
    assert RULES.count(old) == 1, f"{old!r} stands {RULES.count(old)} times in rules.yaml"
    return marked(RULES.replace(old, new))


def marked(text: str) -> tuple[str, tuple[int, int]]:
    """A text without its mark, and where that stood."""
    before = text[: text.index(MARK)]
    return text.replace(MARK, ""), (before.count("\n") + 1, len(before) - before.rfind("\n"))


def write(folder: Path, text: str | bytes) -> Path:
    """rules.yaml in that folder."""
    path = folder / "rules.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path
