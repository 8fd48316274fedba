"""Which day, time of day or length does an agent name behind a command? In French or English, as people write them.

Each reader takes what stands first on the line and gives it with the rest, or None where nothing of its kind stands
there. Days are those of the site's zone: `today` is the present day there. The day stands before the month in figures,
in both languages, unless the year stands first.
"""

import difflib
import re
import unicodedata
from datetime import date, time, timedelta

from maild.people.internal import plain

_ANY_DAY = date(2026, 1, 1)  # which day it is does not depend on where it ends
LONGEST = timedelta(days=3650)
_WEEKDAYS = {
    **{word: n for n, word in enumerate(["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"])},
    **{
        word: n for n, word in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
    },
}
_MONTHS = {
    **{
        word: n
        for n, word in enumerate(
            ["janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre"], 1
        )
    },
    **{
        word: n
        for n, word in enumerate(
            ["january", "february", "march", "april", "may", "june", "july", "august", "september"], 1
        )
    },
    **{word: n for n, word in enumerate(["octobre", "novembre", "decembre"], 10)},
    **{word: n for n, word in enumerate(["october", "november", "december"], 10)},
}
_NEAR = {"aujourd'hui": 0, "today": 0, "demain": 1, "tomorrow": 1, "apres-demain": 2}
_MINUTES = {
    **dict.fromkeys(["m", "mn", "min", "mins", "minute", "minutes"], 1),
    **dict.fromkeys(["h", "heure", "heures", "hour", "hours"], 60),
    **dict.fromkeys(["j", "d", "jour", "jours", "day", "days"], 24 * 60),
    **dict.fromkeys(["semaine", "semaines", "week", "weeks"], 7 * 24 * 60),
}
# What may be shown to somebody who has written none of them, by language.
EXAMPLES = {
    "fr": {"day": "15/12/2026, 15 décembre, lundi ou demain", "time": "10h30", "length": "30m, 1h30 ou 2 jours"},
    "en": {"day": "2026-12-15, 15 December, Monday or tomorrow", "time": "10:30", "length": "30m, 1h30 or 2 days"},
}
_DAY_WORDS = (*_NEAR, *_WEEKDAYS, *_MONTHS)
_END = r"(?![^\W_])"  # no letter and no figure goes on
_ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_END}", re.ASCII)
_FIGURES = re.compile(rf"(\d{{1,2}})[/.](\d{{1,2}})(?:[/.](\d{{4}}))?{_END}", re.ASCII)
_DAY_MONTH = re.compile(rf"(\d{{1,2}})(?:er|st|nd|rd|th)?\s+(?:of\s+)?([a-z]+)\.?(?:,?\s+(\d{{4}}))?{_END}", re.ASCII)
_MONTH_DAY = re.compile(rf"([a-z]+)\s+(\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(\d{{4}}))?{_END}", re.ASCII)
_WORD = re.compile(rf"([a-z]+(?:['-][a-z]+)*){_END}", re.ASCII)
_CLOCK = re.compile(rf"(\d{{1,2}})\s?(?:[:h]\s?(\d{{2}})|h(?:eures?)?){_END}", re.ASCII)
_HOURS = re.compile(rf"(\d{{1,3}})\s?h\s?(\d{{2}})(?:\s?mi?n?)?{_END}", re.ASCII)
_LENGTH = re.compile(rf"(\d{{1,4}})\s?([a-z]+){_END}", re.ASCII)
_BEFORE = re.compile(r"(?:(?:le|la|on|at|a|the|until|till|jusqu'(?:a|au)|pour|for|pendant|du|au|de)\s+){1,3}")


def take_day(written: str, today: date) -> tuple[date, str] | None:
    """A day, and the rest of the line. Without a year the next such day that is not past; of a weekday the next one
    after today."""
    line, start = _opened(written)
    if match := _ISO.match(line, start):
        found = _day(int(match[1]), int(match[2]), int(match[3]))
    elif match := _FIGURES.match(line, start):
        found = _dated(int(match[1]), int(match[2]), match[3], today)
    elif (match := _DAY_MONTH.match(line, start)) and match[2] in _MONTHS:
        found = _dated(int(match[1]), _MONTHS[match[2]], match[3], today)
    elif (match := _MONTH_DAY.match(line, start)) and match[1] in _MONTHS:
        found = _dated(int(match[2]), _MONTHS[match[1]], match[3], today)
    elif (match := _WORD.match(line, start)) and match[1] in _NEAR:
        found = _after(today, _NEAR[match[1]])
    elif match and match[1] in _WEEKDAYS:
        found = _after(today, (_WEEKDAYS[match[1]] - today.weekday() - 1) % 7 + 1)
        # "lundi 14 décembre": the date that follows says which Monday
        if found is not None and (dated := take_day(_rest(written, match.end()), today)) is not None:
            if dated[0].weekday() != _WEEKDAYS[match[1]]:
                return None
            return dated
    else:
        return None
    return (found, _rest(written, match.end())) if found is not None else None


def after_day(written: str) -> str:
    """What stands behind a day, whichever it is; all of it where none stands first."""
    found = take_day(written, _ANY_DAY)
    return written if found is None else found[1]


def take_time(written: str) -> tuple[time, str] | None:
    """A time of day such as `10:30`, `10h30`, `10 h`, and the rest of the line."""
    line, start = _opened(written)
    match = _CLOCK.match(line, start)
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        return None
    return time(int(match[1]), int(match[2] or 0)), _rest(written, match.end())


def take_length(written: str) -> tuple[timedelta, str] | None:
    """A length such as `30m`, `1h30`, `2 jours`, and the rest of the line. A day has 24 hours; at most LONGEST."""
    line, start = _opened(written)
    if match := _HOURS.match(line, start):
        minutes = int(match[1]) * 60 + int(match[2])
        if int(match[2]) > 59:
            return None
    elif (match := _LENGTH.match(line, start)) and match[2] in _MINUTES:
        minutes = int(match[1]) * _MINUTES[match[2]]
    else:
        return None
    found = timedelta(minutes=minutes)
    return (found, _rest(written, match.end())) if timedelta(0) < found <= LONGEST else None


def nearest_form(written: str, kind: str, language: str) -> str:
    """The word that was probably meant in its place, else examples. `kind`: day, time or length."""
    line, start = _opened(written)
    words = re.findall(r"[a-z'-]{3,30}", line[start : start + 100])
    known = _DAY_WORDS if kind == "day" else tuple(_MINUTES) if kind == "length" else ()
    for word in words[:3]:
        if word not in known and (near := difflib.get_close_matches(word, known, n=1, cutoff=0.7)):
            return line[start:].replace(word, near[0], 1).strip()[:100]
    return EXAMPLES[language][kind]


def _opened(written: str) -> tuple[str, int]:
    """The line in plain letters, one character for one, and where what counts begins, behind "until", "jusqu'au"."""
    line = "".join(map(_plain_letter, unicodedata.normalize("NFC", written)))
    start = len(line) - len(line.lstrip())
    before = _BEFORE.match(line, start)
    return line, before.end() if before else start


def _plain_letter(letter: str) -> str:
    if letter == "\u2019":
        return "'"
    found = plain(letter)
    return found if len(found) == 1 else letter


def _rest(written: str, end: int) -> str:
    """What stands behind, as it was written."""
    return unicodedata.normalize("NFC", written)[end:].lstrip(" \t\xa0\u202f,:")


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _dated(day: int, month: int, year: str | None, today: date) -> date | None:
    if year:
        return _day(int(year), month, day)
    # Eight years: the longest time without a 29 February.
    found = (_day(later, month, day) for later in range(today.year, min(today.year + 9, 10_000)))
    return next((one for one in found if one is not None and one >= today), None)


def _after(today: date, days: int) -> date | None:
    return today + timedelta(days) if (date.max - today).days >= days else None
