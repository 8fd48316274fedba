"""Turns a template and values into the words of a mail: subject, text, and HTML that says the same.

All templates are read and compiled when the Renderer is made; afterwards it only computes. What this process compiled
before it keeps: where the same is read again, as when the rules change, half a second's work is not done anew. Values
are never taken for source: a `{{ 7*7 }}` that somebody mails comes out as it was written (reliability H12).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import TracebackType

from jinja2 import Template, TemplateSyntaxError

from maild.errors import BadConfig, Problem
from maild.writing.bounded import budget
from maild.writing.environment import BREAK, COLON, END, environment, unbroken
from maild.writing.headers import clean
from maild.writing.links import NAMES
from maild.writing.markup import has_private, to_html, to_text
from maild.writing.values import VALUES, unknown_values, unknown_words

LANGUAGES = ("fr", "en")
LAYOUT = "layout.html"
LONGEST_TEMPLATE = 100_000  # characters of a file
MOST_SAID = 300  # characters of an error, which may quote a value
_IN_WORDS = {"fr": "French", "en": "English"}
MOST_COMPILED = 256  # templates that are kept compiled: those of the present desk, and of some before
_REFERENCE = {"fr": "Référence\u00a0: ", "en": "Reference: "}
_BODY = re.compile(r"\{\{ *body *\}\}")
_EMPTY = {name: empty for name, (empty, _) in VALUES.items() if name not in ("label", "language")}
_NO_LINKS = dict.fromkeys(NAMES, "")
_STYLE = re.compile(r"(?<=<style>).*?(?=</style>)", re.S)
_RUN = re.compile("\n{3,}")


@dataclass(frozen=True, slots=True)
class Rendered:
    """The words of a mail. Lines of `text` end by LF and are not wrapped."""

    subject: str
    text: str
    html: str


_Found = dict[tuple[str, str], Path]  # by language and name


@dataclass(frozen=True, slots=True)
class _Compiled:
    language: str
    path: Path
    text: Template  # subject, END, text
    html: Template


class Renderer:
    """Every template of the desk, ready. The first folder that has a template of a language and name gives it.

    One that fails while a mail is written gives way to that of the last folder, those that come with maild: a mistake
    in a template holds up nobody (reliability O12). `failures` then says where it was.
    """

    def __init__(self, folders: Sequence[Path], rules: str = "", before: "Renderer | None" = None) -> None:
        """Reads `FOLDER/{fr,en}/NAME.txt` and `FOLDER/layout.html`; a folder that does not exist has none.

        `rules`: the option that a command shown to the admin needs. `before`: one that was made earlier, whose work is
        not done again for what reads the same.

        Raises BadConfig with file and line for what can't be read or understood.
        """
        self._rules = rules
        self._folders = [f for f in folders if f.is_dir()]
        self._sources: dict[Path, str] = {}
        self.failures: dict[Path, Problem] = {}  # templates that gave way, and why the last time
        problems: list[Problem] = []
        self._shipped, self._shipped_layout = self._found_shipped(before, problems)
        own, own_layout = self._found(self._folders[:-1], problems)
        paths, layout = {**self._shipped, **own}, own_layout or self._shipped_layout
        if problems:
            raise BadConfig(problems)
        self._templates = {key: _compiled(key[0], path, self._sources[path], layout) for key, path in paths.items()}
        if before:
            stood = before.failures.items()
            self.failures |= {p: why for p, why in stood if self._sources.get(p) == before._sources[p]}

    def names(self, language: str) -> set[str]:
        """The templates that exist in that language."""
        return {name for lang, name in self._templates if lang == language}

    def check(self, besides: "Renderer | None" = None) -> list[Problem]:
        """What would fail only when a mail is written: values, and fields of values, that nobody gives. `besides`: not
        of what reads the same there."""
        env = environment("fr", False)
        found: list[Problem] = []
        for path, source in self._sources.items():
            if besides and besides._sources.get(path) == source:
                continue
            for line, what in unknown_values(env.parse(source), ("body",) if path.name == LAYOUT else ()):
                found.append(_problem(path, line, what))
        return sorted([*found, *self._in_one_language()])

    def _in_one_language(self) -> list[Problem]:
        """Templates whose readers get the other language's words."""
        found = []
        for (language, name), compiled in self._templates.items():
            other = next(lang for lang in LANGUAGES if lang != language)
            if (other, name) not in self._templates:
                what = f"there is none in {_IN_WORDS[other]}, whose readers get this one; write {other}/{name}.txt too"
                found.append(Problem(str(compiled.path), 1, 1, "warning", what))
        return found

    def render(self, template: str, language: str, values: Mapping[str, object]) -> Rendered:
        """The mail's words in that language, or in the other one where only that has the template.

        Values not given are empty. Raises LookupError for a template that nobody has, and BadConfig with file and line
        where one fails (by what its values do not have, or a wrong operation) and there is none to give way to.
        """
        key = next(((lang, template) for lang in (language, *LANGUAGES) if (lang, template) in self._templates), None)
        if key is None:
            raise LookupError(f"no template is named {template!r}")
        given = {**_EMPTY, "rules": self._rules, **values}
        given["signature"] = given["signature"] or given["desk"]
        given["links"] = {**_NO_LINKS, **dict(values.get("links") or {})}  # type: ignore[call-overload]
        compiled = self._templates[key]
        if compiled.path == self._shipped.get(key):  # ours need no bounds, whatever length a person's words have
            return self._as_shipped(compiled, given)
        try:
            with budget(given) as joined:
                return _rendered(compiled, given, joined)
        except Exception as error:
            self.failures[compiled.path] = problem = _failure(compiled, error)
            if key not in self._shipped:
                raise BadConfig([problem]) from error
        shipped = self._shipped[key]
        return self._as_shipped(_compiled(key[0], shipped, self._sources[shipped], self._shipped_layout), given)

    def _as_shipped(self, compiled: _Compiled, given: Mapping[str, object]) -> Rendered:
        try:
            return _rendered(compiled, given, "".join)
        except Exception as error:
            raise BadConfig([_failure(compiled, error)]) from error

    def _found_shipped(self, before: "Renderer | None", problems: list[Problem]) -> tuple[_Found, str]:
        """Those of the last folder: as they were read first, since another version of maild may lie there by now."""
        last = self._folders[-1:]
        if before is None or before._folders[-1:] != last:
            found, layout = self._found(last, problems)
            return found, layout or self._read(last[0] / LAYOUT if last else Path(LAYOUT), problems)
        stood = (*before._shipped.values(), *(folder / LAYOUT for folder in last))
        self._sources |= {path: before._sources[path] for path in stood if path in before._sources}
        return before._shipped, before._shipped_layout

    def _found(self, folders: Sequence[Path], problems: list[Problem]) -> tuple[_Found, str]:
        """Where each template of these folders lies, all of them read, and their layout; '' where none has one."""
        at = next((folder / LAYOUT for folder in folders if (folder / LAYOUT).is_file()), None)
        layout = self._read(at, problems) if at else ""
        # the admin's folder comes first in the list, so here last: it overrides
        paths = [
            (lang, path) for lang in LANGUAGES for f in reversed(folders) for path in sorted((f / lang).glob("*.txt"))
        ]
        found = {(lang, path.stem): path for lang, path in paths}
        for path in found.values():
            self._read(path, problems)
        return found, layout

    def _read(self, path: Path, problems: list[Problem]) -> str:
        if path in self._sources:
            return self._sources[path]
        self._sources[path] = ""
        try:
            with path.open(encoding="utf-8-sig") as file:
                source = file.read(LONGEST_TEMPLATE + 1)
            if len(source) > LONGEST_TEMPLATE:
                raise ValueError(f"it is longer than {LONGEST_TEMPLATE} characters")
            self._sources[path] = source
        except (OSError, ValueError) as error:
            problems.append(_problem(path, 1, f"it can't be read: {error}"))
            return ""
        problems.extend(_problem(path, line, what) for line, what in _mistakes(source, path.name == LAYOUT))
        return source


@lru_cache(MOST_COMPILED)
def _mistakes(source: str, is_layout: bool) -> tuple[tuple[int, str], ...]:
    """What is wrong with a template as it is written, and in which line."""
    env = environment("fr", False)
    try:
        tree = env.parse(source)
    except TemplateSyntaxError as error:
        return ((error.lineno, error.message or "it is not a Jinja template"),)
    found = list(unknown_words(env, tree))
    if line := has_private(source):
        found.append((line, "no private-use character (U+E000 to U+F8FF) may stand here"))
    if is_layout:
        if len(_BODY.findall(source)) != 1:
            found.append((1, "a layout holds {{ body }} exactly once"))
    else:
        first, _, rest = source.partition("\n")
        if not first.strip() or rest.partition("\n")[0].strip():
            found.append((1, "the first line is the subject, the second is empty"))
    return tuple(found)


@lru_cache(MOST_COMPILED)
def _compiled(language: str, path: Path, source: str, layout: str) -> _Compiled:
    """Both forms of a template; an error of theirs names `path` and the line."""
    subject, _, body = source.partition("\n")
    text, html = to_text(body, COLON[language]), to_html(body)

    def template(source: str, is_html: bool = False) -> Template:
        env = environment(language, is_html)
        return Template.from_code(env, env.compile(source, path.stem, str(path)), env.make_globals(None))

    page = _STYLE.sub(lambda m: " ".join(m[0].split()), _BODY.sub(lambda _: html, layout))
    return _Compiled(language, path, template(f"{subject}{END}\n{text}"), template(page, True))


def _rendered(compiled: _Compiled, given: Mapping[str, object], joined: Callable[[Iterator[str]], str]) -> Rendered:
    """Text first: the page shows its subject. `joined` puts the pieces together."""
    subject, _, body = joined(compiled.text.generate(given)).partition(END)
    subject = clean(subject.replace(BREAK, " "))
    body = _RUN.sub("\n\n", body).strip("\n").replace(BREAK, "\n")
    reference = given["reference"] and _REFERENCE[compiled.language] + str(given["reference"])
    text = "\n\n".join(str(part) for part in (given["marker"], body, reference) if part)
    shown = {"subject": subject} | ({"reference": unbroken(str(given["reference"]))} if reference else {})
    return Rendered(subject, text + "\n", joined(compiled.html.generate({**given, **shown})))


def _failure(compiled: _Compiled, error: Exception) -> Problem:
    line = _line_in(error.__traceback__, str(compiled.path))
    return _problem(compiled.path, line, str(error)[:MOST_SAID] or repr(error))


def _problem(path: Path, line: int, what: str) -> Problem:
    return Problem(str(path), line, 1, "error", what)


def _line_in(traceback: TracebackType | None, filename: str) -> int:
    """The line of the template where it failed; Jinja puts it into the traceback."""
    line = 1
    while traceback:
        if traceback.tb_frame.f_code.co_filename == filename:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line
