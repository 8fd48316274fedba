"""What does the search for articles cost: reading them, keeping them ready, one search? And how good is it?"""

import statistics
import time
import tracemalloc
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from knowledge.measuring import FOLDER, articles, figures, requests
from rules_files import RULES, write

from bench.measuring import shown
from maild.config.load import load
from maild.knowledge.asked import asked
from maild.knowledge.shelf import Shelf

MANY = 2_000
_MORE = 3  # texts of other articles that a made-up one holds besides its own


async def run() -> None:
    """Show it."""
    with TemporaryDirectory() as folder:
        few = articles(Path(folder))
        _cost(Path(folder), FOLDER / "articles")
    for half in ("tuning", "frozen"):
        print(f"{half}: {figures(Shelf(few), requests(half))}")
    with TemporaryDirectory() as folder:
        made = Path(folder) / "articles"
        made.mkdir()
        chance = Random(7)
        for n in range(MANY):
            first, *others = chance.sample(few, 1 + _MORE)
            words = [word for a in (first, *others) for word in (a.title, *(a.keywords or ()))]
            text = "\n\n".join(a.text for a in (first, *others))
            keywords = ", ".join(f'"{word}"' for word in chance.sample(words, 5))
            (made / f"{n}.md").write_text(
                f'---\ntitle: "{first.title} {n}"\nkeywords: [{keywords}]\n---\n{text} n{n}\n'
            )
        _cost(Path(folder), made)


def _cost(folder: Path, written: Path) -> None:
    path = write(folder, f"{RULES}\nknowledge: {{articles: '{written}'}}\n")
    began = time.process_time()
    some = load(path).knowledge.articles
    read = time.process_time() - began
    began = time.process_time()
    load(path)
    again = time.process_time() - began
    began = time.process_time()
    Shelf(some)
    built = time.process_time() - began
    tracemalloc.start()
    shelf = Shelf(load(path).knowledge.articles)
    memory = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    each = []
    for request in (*requests("tuning"), *requests("frozen")):
        began = time.process_time()
        shelf.find(asked(request.subject, request.text, "fr"), 3)
        each.append((time.process_time() - began) * 1000)
    figures_of: dict[str, object] = {
        "articles": len(some),
        "read with rules.yaml, s": round(read, 2),
        "read again, s": round(again, 2),
        "index, s": round(built, 2),
        "memory of the articles and the index, MB": round(memory / 2**20, 1),
        "search, ms median": round(statistics.median(each), 2),
        "search, ms at most": round(max(each), 2),
    }
    shown("knowledge", figures_of)
