"""Why was nothing done? The problems of an agent's mail in sentences for that agent, with what was probably meant."""

from collections.abc import Iterable

from maild.people.commands import nearest
from maild.people.dates import EXAMPLES
from maild.people.internal import plain
from maild.plan.handing_over import nearest_hands
from maild.plan.qualifying import nearest_value
from maild.plan.wording import problem_text
from maild.settings import Settings


def in_sentences(settings: Settings, problems: Iterable[tuple[str, str]], language: str) -> tuple[str, ...]:
    """Each problem, (slug, what it is about), in that language."""
    return tuple(_sentence(settings, slug, what, language) for slug, what in problems)


def _sentence(settings: Settings, slug: str, what: str, language: str) -> str:
    if slug == "unknown-value":
        meant, values = nearest_value(settings, what, language)
        return problem_text(slug, what, meant, language, values)
    if slug == "unknown-hands":
        meant, values = nearest_hands(settings, what)
        return problem_text(slug, what, meant, language, values)
    if slug == "unknown-day":
        return problem_text(slug, what, "", language, (EXAMPLES[language]["day"],))
    words = plain(what).lstrip("# ").split() if slug == "unknown-command" else []
    return problem_text(slug, what, nearest(words[0]) if words else "", language)
