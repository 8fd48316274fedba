"""How are the hours of a week said? « du lundi au vendredi, de 9 h à 12 h 30 et de 14 h à 18 h »; days that are alike
together, in French and in English.
"""

from collections.abc import Sequence
from itertools import pairwise

from maild.writing.wording import DAYS

Span = tuple[int, int]  # minutes from midnight; the end is no part of it
_NIGHT = 24 * 60
_AND = {"fr": " et ", "en": " and "}
_EVERY_DAY = {"fr": "tous les jours", "en": "every day"}
_ALL_DAY = {"fr": "24\u00a0heures sur\u00a024", "en": "24\u00a0hours a\u00a0day"}
_SPAN = {"fr": "de {} à {}", "en": "from {} to {}"}
_ONE = {"fr": "le {}", "en": "{}"}
_RUN = {"fr": "du {} au {}", "en": "{} to {}"}


def hours_in_words(week: Sequence[Sequence[Span]], language: str) -> str:
    """The hours of each weekday, Monday first, as they stand behind « ouvert »; '' for a week without any."""
    alike: dict[tuple[Span, ...], list[int]] = {}
    for day, spans in enumerate(week):
        if spans:
            alike.setdefault(tuple(spans), []).append(day)
    said = [f"{_days(days, language)}, {_spans(spans, language)}" for spans, days in alike.items()]
    return f",{_AND[language]}".join(filter(None, [", ".join(said[:-1]), *said[-1:]]))


def spans_in_words(spans: Sequence[Span], language: str) -> str:
    """The hours of one day: « de 12 h à 14 h »; '' for none."""
    return _spans(spans, language) if spans else ""


def _days(days: Sequence[int], language: str) -> str:
    """« du lundi au jeudi et le samedi »: three days on end and more are a run."""
    if len(days) == len(DAYS[language]):
        return _EVERY_DAY[language]
    names = DAYS[language]
    said: list[str] = []
    for first, last in _runs(days):
        if last - first < 2:
            said += (_ONE[language].format(names[day]) for day in range(first, last + 1))
        else:
            said.append(_RUN[language].format(names[first], names[last]))
    return _listed(said, language)


def _runs(days: Sequence[int]) -> list[tuple[int, int]]:
    """The first and the last of each stretch of days that follow each other."""
    starts = [days[0], *(after for before, after in pairwise(days) if after > before + 1)]
    ends = [*(before for before, after in pairwise(days) if after > before + 1), days[-1]]
    return list(zip(starts, ends, strict=True))


def _spans(spans: Sequence[Span], language: str) -> str:
    if tuple(spans) == ((0, _NIGHT),):
        return _ALL_DAY[language]
    return _listed([_SPAN[language].format(*(_clock(at, language) for at in span)) for span in spans], language)


def _clock(minutes: int, language: str) -> str:
    hour, minute = divmod(minutes, 60)
    if minutes in (0, _NIGHT):
        return "minuit" if language == "fr" else "midnight"
    if language == "fr":
        return f"{hour}\u00a0h" + (f"\u00a0{minute:02}" if minute else "")
    return f"{hour:02}:{minute:02}"


def _listed(said: Sequence[str], language: str) -> str:
    return _AND[language].join(filter(None, [", ".join(said[:-1]), said[-1]]))
