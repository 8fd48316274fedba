"""Writes docs/policies.md: which line of an example's rules file keeps which requirement, and which scenario proves it.

`policies.py` writes it; `policies.py --check` exits 1 where it is not as it would be written.

A requirement is found in the comments of rules.yaml by its id (`# D5: ...`), and counts for the line below a comment
of its own, or for the line that it stands on; its scenarios are those named by it (`d5-*.yaml`), and its words are the
first one's.
"""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = Path("docs/policies.md")
# Folder of the example: the vendor's name, the letter of its requirements, and how many there are.
VENDORS: Mapping[str, tuple[str, str, int]] = {
    "mykomela": ("myKomela", "K", 17),
    "isybuy": ("iSYBUY and iBAT", "I", 14),
    "manao": ("Manao", "M", 15),
    "kapisupport": ("KapiSupport", "P", 13),
    "divalto": ("Divalto myService", "D", 15),
}
_HEAD = """# Five support policies, and what keeps them

Made by `scripts/policies.py`; a test compares it. The examples are desks of five vendors, each from a rules file alone:
read one to learn the language, and play it with `maild simulate examples/`. A requirement without a line is kept by
what maild does without being told.
"""


@dataclass(frozen=True)
class Requirement:
    """One of a vendor's: its id, the lines of rules.yaml that keep it, its scenarios."""

    name: str
    lines: Sequence[int]
    scenarios: Sequence[Path]

    @property
    def words(self) -> str:
        """What the first scenario says of it, without the ids."""
        title = re.search(r"^scenario: *(.+)$", self.scenarios[0].read_text(encoding="utf-8"), re.M)
        return re.sub(r"\s*\([A-Z][\d, A-Z]*\)$", "", title[1].strip("'\"")) if title else ""


def requirements(root: Path, vendor: str) -> Iterator[Requirement]:
    """Those of a vendor, in their order, also where nothing is there for them."""
    _, letter, count = VENDORS[vendor]
    folder = root / "examples" / vendor
    rules = folder / "rules.yaml"
    text = rules.read_text(encoding="utf-8").splitlines() if rules.exists() else []
    for n in range(1, count + 1):
        name = f"{letter}{n}"
        found = sorted((folder / "scenarios").glob(f"{name.lower()}-*.yaml"))
        yield Requirement(name, tuple(lines_of(text, name)), tuple(found))


def lines_of(text: Sequence[str], name: str) -> Iterator[int]:
    """The lines (from 1) that a comment says to keep a requirement; none of the file's head, which only names them."""
    begins = next((i for i, line in enumerate(text) if line and not line.startswith("#")), 0)
    said: set[int] = set()
    for i, line in enumerate(text):
        written, hash_, comment = line.partition("#")
        if i < begins or not hash_ or not re.search(rf"\b{name}\b", comment):
            continue
        below = (j for j in range(i, len(text)) if text[j].strip() and not text[j].lstrip().startswith("#"))
        at = i if written.strip() else next(below, i)
        if at + 1 not in said:
            said.add(at + 1)
            yield at + 1


def page(root: Path) -> str:
    """The whole document."""
    parts, missing = [_HEAD], []
    for vendor, (title, _, _) in VENDORS.items():
        found = list(requirements(root, vendor))
        missing += [one.name for one in found if not one.scenarios]
        there = [one for one in found if one.scenarios]
        if there:
            stories = sorted((root / "examples" / vendor / "scenarios").glob("three-weeks*.yaml"))
            parts.append(_table(root, vendor, title, there, stories))
    parts.append(
        f"## Not there yet\n\n{', '.join(missing)}\n" if missing else "Each of the requirements has a scenario.\n"
    )
    return "\n".join(parts)


def _table(root: Path, vendor: str, title: str, found: Sequence[Requirement], stories: Sequence[Path]) -> str:
    rules = f"../examples/{vendor}/rules.yaml"
    rows = [
        f"| {one.name} | {one.words} | {_lines(rules, one.lines)} | {_links(root, one.scenarios)} |" for one in found
    ]
    more = f"\nThe long story: {_links(root, stories)}\n" if stories else ""
    head = f"## {title}\n\n[rules.yaml]({rules})\n\n| | requirement | line | scenario |\n|---|---|---|---|\n"
    return head + "\n".join(rows) + "\n" + more


def _lines(rules: str, lines: Sequence[int]) -> str:
    return ", ".join(f"[{line}]({rules}#L{line})" for line in lines)


def _links(root: Path, files: Sequence[Path]) -> str:
    return ", ".join(f"[{file.stem}](../{file.relative_to(root).as_posix()})" for file in files)


def main(arguments: Sequence[str]) -> int:
    """Exit status."""
    if list(arguments) not in ([], ["--check"]):
        print("usage: policies.py [--check]", file=sys.stderr)
        return 64
    made, file = page(ROOT), ROOT / PAGE
    if not arguments:
        file.write_text(made, encoding="utf-8")
        return 0
    if file.exists() and file.read_text(encoding="utf-8") == made:
        return 0
    print(f"{PAGE} is not what the examples say; write it anew with scripts/policies.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
