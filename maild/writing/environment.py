"""What may a template use, in each language and form: its words, filters and escapes?"""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache, partial

from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from maild.writing import wording
from maild.writing.bounded import Bounded
from maild.writing.links import LINKS
from maild.writing.tables import as_html, as_text

COLON = {"fr": "\u00a0: ", "en": ": "}


# In the text form blank lines left by tags are joined, those of a person are not: meanwhile theirs are non-characters.
BREAK, END = "\ufdd0", "\ufdd1"  # the other is the subject's end


_OURS = re.compile(f"\r\n?|[\n{BREAK}{END}]")


def _lines(text: object) -> str:
    return str(text).replace("\r\n", "\n").replace("\r", "\n")


def _quoted(text: object) -> str:
    return "\n".join(f"> {line}".rstrip(" ") for line in _lines(text).strip("\n").split("\n"))


def _html_lines(text: object) -> Markup:
    shown = str(escape(_lines(text).strip("\n"))).replace("\t", "    ").replace("  ", " \u00a0")
    return Markup(shown.replace("\n ", "\n\u00a0").replace("\n", "<br>\n"))  # noqa: S704 escaped just above


def _html_quoted(text: object) -> Markup:
    return Markup("<blockquote>") + _html_lines(text) + Markup("</blockquote>")


def unbroken(reference: str) -> Markup:
    """A reference is not to be broken at its hyphens, so that it can be read out and copied; nor parted from the full
    stop behind it."""
    return Markup('<span style="white-space:nowrap">') + reference + Markup("</span>")


def _kept(value: object) -> object:
    if isinstance(value, str) and not value.isprintable():
        return _OURS.sub(BREAK, value)
    return "" if value is None else value


@cache
def environment(language: str, is_html: bool) -> Bounded:
    """The one of that language and form; nobody changes it."""
    env = Bounded(
        undefined=StrictUndefined,
        autoescape=is_html,
        keep_trailing_newline=True,
        finalize=(lambda value: "" if value is None else value) if is_html else _kept,
    )
    env.globals = {"label": {name: words.label for name, words in LINKS[language].items()}, "language": language}
    env.filters |= {
        "lines": _html_lines if is_html else _lines,
        "quoted": _html_quoted if is_html else _quoted,
        "unbroken": unbroken if is_html else str,
        "table": as_html if is_html else partial(as_text, colon=COLON[language]),
        **{said.__name__: partial(said, language=language) for said in (wording.word, wording.level)},
        "date": partial(_dated, wording.day, language),
        "instant": partial(_dated, wording.instant, language),
    }
    return env


def _dated(write: Callable[[datetime, str], str], language: str, when: date | None) -> str:
    return write(when, language) if when is not None else ""  # type: ignore[arg-type]
