"""Which articles fit a request, best first? The articles of the desk, indexed by words; a search changes nothing.

An article fits as well as the words are telling that it shares with the request. A word is telling if few articles
have it: 1.0 is a word that no other one has, and less the more have it. It counts whole in the title and the keywords,
half in the text. One whose whole title the request says fits too. LEAST_FIT, below which nothing else is shown, was
measured: docs/decisions/0036.
"""

import math
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest, nsmallest

from maild.knowledge.asked import Asked, holds, parts_of
from maild.knowledge.stems import stems
from maild.settings import Article
from maild.settings.knowledge import PRODUCT_RULES

LEAST_FIT = 2.2
LEAST_WORDS = 2  # shared words in the title or the keywords
LEAST_TITLE = 3  # words of a title that is told by its words alone: two of them, such as licence and poste, are in many
IN_TEXT = 0.5
MOST_WORDS = 120  # of a request: what stands further down is rarely what it is about
MOST_TELLING = 24  # of them that are looked for
MOST_OF_ARTICLE = 2_000  # words of an article's text
_NOBODY = array("H")


@dataclass(frozen=True, slots=True)
class Found:
    """An article that shares words with a request, how well it fits, and how many words of its title and keywords."""

    article: Article
    fit: float
    words: int
    is_named: bool  # the request has all words of its title

    @property
    def fits(self) -> bool:
        """Whether it is worth a reader's time."""
        return self.words >= LEAST_WORDS and (self.fit >= LEAST_FIT or self.is_named)


class _Index:
    """The articles of one language by their stems."""

    def __init__(self, articles: Sequence[Article], language: str) -> None:
        self.articles = articles
        self.heads: dict[str, array[int]] = {}
        self.texts: dict[str, array[int]] = {}
        self.titles: list[frozenset[str]] = []
        for n, article in enumerate(articles):
            # The product is looked at by itself, and is no word that an article shares with a request.
            named = set(stems(" ".join(article.product or ()), language))
            self.titles.append(frozenset(stems(article.title, language)) - named)
            head = self.titles[-1].union(stems(" ".join(article.keywords or ()), language)) - named
            for stem in head:
                self.heads.setdefault(stem, array("H")).append(n)
            for stem in set(stems(article.text, language, MOST_OF_ARTICLE)) - head - named:
                self.texts.setdefault(stem, array("H")).append(n)
        self.highest = self._telling(1)

    def found(self, n: int, fit: float, words: int, told: Collection[str]) -> Found:
        """That article as found by a request that has these stems."""
        title = self.titles[n]
        is_named = words >= len(title) >= LEAST_TITLE and title.issubset(told)
        return Found(self.articles[n], fit, words, is_named)

    def _telling(self, having: int) -> float:
        return math.log(1 + (len(self.articles) - having + 0.5) / (having + 0.5))

    def weight(self, stem: str) -> float:
        """How telling it is: 1.0 where one article has it, 0.0 where none does."""
        having = len(self.heads.get(stem, _NOBODY)) + len(self.texts.get(stem, _NOBODY))
        return self._telling(having) / self.highest if having else 0.0

    def scores(self, weights: Mapping[str, float]) -> Iterator[tuple[int, float, int]]:
        """Each article that has one of these stems in its head: its number, fit and how many stand there."""
        fits: dict[int, float] = {}
        words: dict[int, int] = {}
        for stem, weight in weights.items():
            for n in self.heads.get(stem, _NOBODY):
                fits[n] = fits.get(n, 0.0) + weight
                words[n] = words.get(n, 0) + 1
            for n in self.texts.get(stem, _NOBODY):
                fits[n] = fits.get(n, 0.0) + weight * IN_TEXT
        return ((n, fits[n], count) for n, count in words.items())


class Shelf:
    """All articles, ready to be searched. `language` is that of an article which does not say its own."""

    def __init__(self, articles: Iterable[Article] = (), language: str = "fr") -> None:
        by_language: dict[str, list[Article]] = {}
        self._rules: list[tuple[Article, str]] = []
        for article in articles:
            if article.kind == PRODUCT_RULES:
                self._rules.append((article, article.language or language))
            else:
                by_language.setdefault(article.language or language, []).append(article)
        self._indexes = {name: _Index(tuple(some), name) for name, some in by_language.items()}
        every = [a for some in by_language.values() for a in some] + [a for a, _ in self._rules]
        self._products = {parts_of(name): name for a in every for name in a.product or ()}

    def find(self, asked: Asked, most: int) -> tuple[Found, ...]:
        """The best articles that share words with the request: those that fit, then others; of two alike the first one.

        None for another product or version, nor for a product that the request does not name.
        """
        index = self._indexes.get(asked.language)
        if index is None:
            return ()
        told = dict.fromkeys(stems(asked.words, asked.language, MOST_WORDS))
        weighed = {stem: weight for stem in told if (weight := index.weight(stem))}
        weights = {stem: weighed[stem] for stem in nlargest(MOST_TELLING, weighed, key=weighed.__getitem__)}
        products, version = self._named(asked), parts_of(asked.version)
        found = (
            (index.found(n, fit, words, told), n)
            for n, fit, words in index.scores(weights)
            if _is_for(index.articles[n], products) and _is_of(index.articles[n], version)
        )
        best = nsmallest(most, found, key=lambda each: (not each[0].fits, -round(each[0].fit, 6), each[1]))
        return tuple(each for each, _ in best)

    def rules_for(self, asked: Asked) -> Article | None:
        """The rules of support of the product that the request names, in its language if they are written in it."""
        products = self._named(asked)
        fitting = [(a, language) for a, language in self._rules if _is_for(a, products)]
        fitting.sort(key=lambda each: each[1] != asked.language)
        return fitting[0][0] if fitting else None

    def _named(self, asked: Asked) -> frozenset[tuple[str, ...]]:
        """The products that the request's line names, else those that its words do. Themler Pro is no Themler."""
        whole = parts_of(asked.product or asked.words)
        named = [name for name in self._products if holds(whole, name)]
        return frozenset(name for name in named if not any(name != other and holds(other, name) for other in named))


def _is_for(article: Article, products: frozenset[tuple[str, ...]]) -> bool:
    return article.product is None or any(parts_of(name) in products for name in article.product)


def _is_of(article: Article, version: tuple[str, ...]) -> bool:
    """Where the request names no version, each is possible. 5 is every 5.x, for an article and for a request."""
    if article.version is None or not version:
        return True
    wanted = map(parts_of, article.version)
    return any(version[: len(each)] == each or each[: len(version)] == version for each in wanted)
