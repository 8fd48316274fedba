"""Can each kind of request be recognised?"""

from collections.abc import Iterator

from maild.rules.finding import Finding, Subject
from maild.rules.words import phrase_of, words_of


def kinds_can_be_recognised(desk: Subject) -> Iterator[Finding]:
    """Kinds that take all from those below them, and words that say nothing, or another kind already."""
    kinds = desk.settings.kinds
    taken: dict[object, str] = {}
    for n, (name, kind) in enumerate(kinds.items(), 1):
        if kind.words is None and n < len(kinds):
            what = f"'{name}' has no words, so it is whatever no other kind is"
            yield Finding(("kinds", name), f"{what}; give it words, or write it last")
        for i, words in enumerate(kind.words or ()):
            if not words_of(words):
                yield Finding(("kinds", name, "words", i), f"'{words}' has no word to look for; write one")
            elif (above := taken.setdefault(phrase_of(words), name)) != name:
                what = f"'{words}' never makes it '{name}': '{above}' above has the same word"
                yield Finding(("kinds", name, "words", i), f"{what}; keep it in one of them", "warning")
