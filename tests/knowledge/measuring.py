"""What the search finds for requests whose right article is known, and for those that none answers."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML
from rules_files import RULES, write

from maild.config.load import load
from maild.knowledge.asked import asked
from maild.knowledge.shelf import Shelf
from maild.settings import Article

FOLDER = Path(__file__).parent
MOST = 3


@dataclass(frozen=True)
class Request:
    """A customer's words; `right` is the article that answers them, '' where none does."""

    subject: str
    text: str
    right: str = ""


@dataclass
class Figures:
    """Of a set of requests: how many one article answers, for how many of these a list is shown, and so on."""

    answerable: int = 0
    shown: int = 0
    right_first: int = 0
    right_among: int = 0
    articles: int = 0  # in the lists shown
    unanswerable: int = 0
    shown_wrongly: int = 0

    def __str__(self) -> str:
        return (
            f"{self.answerable} requests that one article answers: a list for {self.shown}, the right one first in "
            f"{self.right_first}, among three in {self.right_among} (precision {self.right_first / self.shown:.0%} and "
            f"{self.right_among / self.shown:.0%}, found {self.right_among / self.answerable:.0%}), "
            f"{self.articles / self.shown:.2f} articles a list; "
            f"{self.unanswerable} that none does: a list for {self.shown_wrongly}"
        )


def requests(half: str) -> list[Request]:
    """Those of a half: tuning or frozen."""
    rows = YAML(typ="safe").load((FOLDER / f"{half}.yaml").read_text(encoding="utf-8"))
    return [Request(**row) for row in rows]


@cache
def articles(folder: Path) -> tuple[Article, ...]:
    """The articles, read as a desk reads them; `folder` is for the rules file."""
    text = f"{RULES}\nknowledge: {{articles: '{FOLDER / 'articles'}'}}\n"
    return load(write(folder, text)).knowledge.articles


def figures(shelf: Shelf, some: list[Request]) -> Figures:
    """What is shown for them."""
    seen = Figures()
    for request in some:
        found = [f for f in shelf.find(asked(request.subject, request.text, "fr"), MOST) if f.fits]
        names = [Path(f.article.file).stem for f in found]
        if not request.right:
            seen.unanswerable += 1
            seen.shown_wrongly += bool(names)
            continue
        seen.answerable += 1
        seen.shown += bool(names)
        seen.right_first += names[:1] == [request.right]
        seen.right_among += request.right in names
        seen.articles += len(names)
    return seen
