"""Reads rules.yaml and what it names. Are these settings that the desk can run on, and if not, what is wrong and where?

All or nothing: `load` gives settings that are whole, or BadConfig with every mistake; `check` gives the warnings too.
Relative paths start at the folder of the file.
"""

import hashlib
import shutil
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel

from maild.config.articles import read_articles
from maild.config.document import LONGEST, Table, where
from maild.config.included import include
from maild.config.known_ids import learn_ids
from maild.config.parsed import read
from maild.config.reading import read_at_most
from maild.config.templates import digest_of_own, own_templates, template_folders
from maild.config.validate import validate
from maild.errors import BadConfig, Problem
from maild.rules.lint import lint
from maild.rules.lookups import index_lists
from maild.settings import Article, Customer, Secret, Settings
from maild.settings.lists import Entries
from maild.writing.render import LANGUAGES, Renderer


def load(path: Path) -> Settings:
    """The settings that the file says. Raises BadConfig with all that is wrong, in the order of the file."""
    found = read_file(path)
    errors = [p for p in found.problems if p.severity == "error"]
    if errors or found.settings is None:
        error = BadConfig(errors)
        error.files, error.folders, error.version = tuple(found.files), found.folders, found.version
        raise error
    return found.settings


def check(path: Path) -> list[Problem]:
    """Errors and warnings of the file, of the files that it names, and of the templates; never raises for bad input."""
    return problems_of(read_file(path))


def problems_of(found: "Found") -> list[Problem]:
    """The same of a file that was read."""
    settings, problems = found.settings, found.problems
    if settings is not None:
        try:
            for brand in (None, *settings.brands.values()):
                problems += Renderer(template_folders(settings, brand)).check()
        except BadConfig as error:
            problems += error.problems
        problems += machine_problems(settings)
    return sorted(problems)


def machine_problems(settings: Settings) -> list[Problem]:
    """What the file asks for and this machine lacks: the program of `alert_command`, what checks signatures.

    No matter of the file's: another machine may check it.
    """
    return [*_extra_problems(settings), *_command_problems(settings)]


def _extra_problems(settings: Settings) -> list[Problem]:
    if settings.dkim_at is None or (find_spec("dkim") and find_spec("dns")):
        return []
    what = "`dkim: true` needs what is installed with: pip install 'maild[dkim]'; install it, or take the key away"
    return [Problem(*settings.dkim_at, "error", what)]


def _command_problems(settings: Settings) -> list[Problem]:
    if settings.alert_command is None:
        return []
    program = settings.alert_command[0]
    if shutil.which(program) is not None:
        return []
    if not Path(program).exists():
        what = f"there is no program '{program}'; write the path of one, or its name if it is found on PATH"
    else:
        what = f"'{program}' is no program that this user may run; make it executable (chmod +x)"
    return [Problem(*settings.command_at, "error", what)]


@dataclass
class Found:
    """What stands in the file: settings as far as they can be read (nothing runs on them unless no problem is an
    error), every problem in order, and what was looked at."""

    files: list[Path]
    settings: Settings | None = None
    problems: list[Problem] = field(default_factory=list)
    folders: tuple[tuple[Path, str], ...] = ()
    version: str = ""  # '' where there is no file to be read


def read_file(path: Path) -> Found:
    """Read it, and what it names; never raises for bad input."""
    found = Found([path.absolute()])
    found.settings = _read(path, found, found.problems, found.files)
    found.problems = sorted(set(found.problems))
    return found


def _read(path: Path, found: Found, problems: list[Problem], files: list[Path]) -> Settings | None:
    shown = str(path)
    raw = _bytes(path, problems)
    text = _text(raw, shown, problems) if raw is not None else None
    digest = hashlib.sha256(raw or b"")
    found.version = digest.hexdigest()[:12] if raw is not None else ""
    root = read(text, shown, problems) if text is not None else None
    if root is None or text is None:
        return None
    folder = path.absolute().parent
    damaged: set[str] = set()
    for included in include(root, folder, path.parent, files, problems, damaged):
        digest.update(included)
    digest.update(_put_articles(root, folder, path.parent, files, problems))
    validated = validate(root, problems)
    if validated.settings is None:
        return None
    settings = resolved(validated.settings, folder, root)
    for i, rule in enumerate(settings.rules):
        rule._line = where(root, ("rules", i)).line
    for name, kind in settings.kinds.items():
        kind._line = where(root, ("kinds", name), key=True).line
    for block, promises in (("sla", settings.sla), ("plans", settings.plans)):
        for name, promise in promises.items():
            promise._line = where(root, (block, name), key=True).line
    for i, article in enumerate(settings.knowledge.articles):
        article._file = where(root, ("knowledge", "articles", i)).file
    if settings.legacy is not None and settings.legacy.known_ids is not None:
        files.append(settings.legacy.known_ids)
        digest.update(learn_ids(settings.legacy, where(root, ("legacy", "known_ids")), problems))
    settings._templates_digest = digest_of_own(settings)
    digest.update(settings.templates_digest.encode())
    settings._digest = found.version = digest.hexdigest()[:12]
    settings._text = text
    wants = next((name for name, box in settings.mailboxes.items() if box.trust.dkim), None)
    settings._dkim_at = where(root, ("mailboxes", wants, "trust", "dkim")) if wants else None
    settings._files, settings._folders = tuple(files), own_templates(settings)
    found.folders = settings.folders
    if settings.alert_command is not None:
        settings = settings.model_copy(update={"alert_command": _with_path(settings.alert_command, folder)})
        settings._command_at = where(root, ("alert_command", 0))
    if "templates" in settings.site.model_fields_set and not settings.site.templates.is_dir():
        what = f"there is no folder '{settings.site.templates}'; make it, or remove the key"
        problems.append(Problem(*where(root, ("site", "templates")), "error", what))
    for key, brand in settings.brands.items():
        if brand.templates is not None and not brand.templates.is_dir():
            what = f"there is no folder '{brand.templates}'; make it, or remove the key"
            problems.append(Problem(*where(root, ("brands", key, "templates")), "error", what))
    problems += lint(settings, lambda p: where(root, p), _template_names(settings), validated.damaged | damaged)
    index_lists(settings)
    return settings


def _bytes(path: Path, problems: list[Problem]) -> bytes | None:
    def fault(what: str) -> None:
        problems.append(Problem(str(path), 1, 1, "error", what))

    try:
        raw = read_at_most(path, LONGEST)
    except FileNotFoundError:
        fault("there is no such file; name it with --rules, or start from the rules.yaml that comes with maild")
    except IsADirectoryError:
        fault("this is a folder; name the file, such as rules.yaml in it")
    except PermissionError:
        fault("the file can't be read by this user; change its owner or mode")
    except (OSError, ValueError) as error:
        fault(f"the file can't be read ({error.strerror if isinstance(error, OSError) else error})")
    else:
        if len(raw) <= LONGEST:
            return raw
        fault(f"larger than {LONGEST >> 20} MiB; put customers into a CSV file")
    return None


def _text(raw: bytes, shown: str, problems: list[Problem]) -> str | None:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = len(raw[raw.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8", "replace")) + 1
        problems.append(Problem(shown, line, column, "error", "not UTF-8; save the file in the encoding UTF-8"))
        return None


def _put_articles(root: Table, folder: Path, shown_folder: Path, files: list[Path], problems: list[Problem]) -> bytes:
    """Put the articles in place of the name of their folder; what tells this version of them from others."""
    knowledge = root.get("knowledge")
    name = knowledge.get("articles") if isinstance(knowledge, Table) else None
    if not isinstance(knowledge, Table) or not isinstance(name, str) or not name.strip():
        return b""
    at = knowledge.values_at["articles"]
    rows, digest = read_articles(folder / name, shown_folder / name, at, files, problems)
    if rows is None:
        del knowledge["articles"]
    else:
        knowledge.put("articles", rows, knowledge.keys_at["articles"], at)
    return digest


def resolved(settings: Settings, folder: Path, root: Table) -> Settings:
    """The same with absolute paths, of a file in that folder."""
    return cast(Settings, _resolved(settings, folder, root, ()))


def _resolved(value: Any, folder: Path, root: Table, path: tuple[str | int, ...]) -> Any:
    """The same with absolute paths; secrets learn where they are written. `path` is where it stands in the file."""
    if isinstance(value, Path):
        return folder / value
    if isinstance(value, dict):
        return {k: _resolved(v, folder, root, (*path, k)) for k, v in value.items()}
    if isinstance(value, tuple) and not isinstance(value, Entries):
        return tuple(_resolved(v, folder, root, (*path, i)) for i, v in enumerate(value))
    if not isinstance(value, BaseModel) or isinstance(value, Customer | Article):
        return value  # no path in it; there may be very many of them
    changed = {
        name: _resolved(getattr(value, name), folder, root, (*path, field.alias or name))
        for name, field in type(value).model_fields.items()
    }
    written = set(value.model_fields_set)
    copy = value.model_copy(update=changed)
    copy.__pydantic_fields_set__ = written  # what was written, not what was copied
    if isinstance(copy, Secret):
        copy._written_at = where(root, path)
    return copy


def _with_path(command: tuple[str, ...], folder: Path) -> tuple[str, ...]:
    """A program with a folder in its name is a path like others; a bare name is looked for on PATH."""
    program, *arguments = command
    return (str(folder / program) if "/" in program else program, *arguments)


def _template_names(settings: Settings) -> set[str]:
    own = (folder for brand in (None, *settings.brands.values()) for folder in template_folders(settings, brand))
    folders = [folder / language for folder in own for language in LANGUAGES]
    return {path.stem for folder in folders for path in folder.glob("*.txt")}
