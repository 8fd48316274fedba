"""The desk as its files say it now: whole, valid, swapped at once. While a file is wrong, the old desk stays.

A file is read when it has lain unchanged for a look, so that one that is being written is not read half. What only a
start can change (RESTART) stays as it was; everything else is that of one version of the files.
"""

import asyncio
import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import structlog

from maild.concern import Concern
from maild.config.desk import open_desk
from maild.config.load import load
from maild.config.templates import SHIPPED
from maild.errors import BadConfig, Problem
from maild.plan.letters import Desk
from maild.rules.lint import lint
from maild.settings import Settings
from maild.store.database import Database
from maild.store.departures import departed, forget_returned, in_nobodys_hands
from maild.writing.render import LANGUAGES

LOOK_EACH = 0.3  # seconds
HOT = (
    "people",
    "queues",
    "fields",
    "needs",
    "rules",
    "waiting",
    "limits",
)  # what is asked of the desk for each mail, and nowhere else
_MOST_TOLD = 20  # mistakes that one mail names
_log = structlog.get_logger("maild.rules")
_Signature = tuple[tuple[str, int, int, int], ...]


class StandingDesk:
    """Gives the desk to whoever calls it; each mail is worked with the one that it was given.

    `rules`: the file; None where there is none to look at. `on_change` is called when another desk stands.
    """

    def __init__(self, desk: Desk, rules: Path | None, database: Database, on_change: Callable[[], None]) -> None:
        self._started = desk.settings
        self._whole = desk  # with the agents who have left
        self._desk = desk
        self._rules = rules
        self._database = database
        self._on_change = on_change
        self._files: tuple[Path, ...] = desk.settings.files or ((rules,) if rules else ())
        self._loaded = self._seen = self._signature()
        self._problems: tuple[Problem, ...] = ()

    def __call__(self) -> Desk:
        """The present one."""
        return self._desk

    async def concerns(self) -> list[Concern]:
        """That the files are wrong, as long as they are; and tickets in the hands of somebody who is no agent."""
        agents = self._desk.settings.agents
        found = await self._database.read(lambda session: in_nobodys_hands(session, agents))
        gone = [Concern(f"agent-gone:{key}", "agent-gone", (key, str(number))) for key, number in sorted(found.items())]
        return [*self._refusal(), *gone]

    def _refusal(self) -> list[Concern]:
        if not self._problems:
            return []
        said = [str(p) for p in self._problems[:_MOST_TOLD]]
        name = hashlib.sha256("\n".join(said).encode("utf-8", "replace")).hexdigest()[:12]
        return [Concern(f"rules:{name}", "rules-refused", tuple(said))]

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop: look, then wait."""
        while not stop.is_set():
            try:
                await self.look()
            except Exception:  # ours: the old desk stays, and the next look may fare better
                _log.exception("the rules can't be looked at")
            try:
                await asyncio.wait_for(stop.wait(), LOOK_EACH)
            except TimeoutError:
                continue

    async def look(self) -> bool:
        """Whether another desk stands since."""
        if self._rules is None:
            return False
        signature = await asyncio.to_thread(self._signature)
        if signature == self._loaded:
            return False
        if signature != self._seen:
            self._seen = signature
            return False
        try:
            desk = await asyncio.to_thread(self._read)
        except BadConfig as error:
            self._problems = tuple(error.problems)
            self._files = tuple(dict.fromkeys((*self._files, *_named(error))))  # where it is mended, it is seen
            self._loaded = self._seen = self._since(signature)
            _log.warning("rules refused, the old ones stay", problems=len(error.problems), first=str(error.problems[0]))
            return False
        self._problems, self._files = (), desk.settings.files or self._files
        self._loaded = self._seen = self._since(signature)
        if desk.settings.digest == self._whole.settings.digest:
            return False
        self._whole = desk
        await self._database.write(lambda session: forget_returned(session, self._whole.settings.agents))
        await self.look_for_departures(is_new=True)
        _log.info("rules changed", rules=desk.settings.digest)
        return True

    async def look_for_departures(self, *, is_new: bool = False) -> None:
        """Agents who have left are none, whether rules.yaml still names them or not."""
        gone = await self._database.read(departed)
        settings = self._whole.settings.without_agents(gone)
        if is_new or settings.agents.keys() != self._desk.settings.agents.keys():
            self._desk = self._whole.with_settings(settings)
            self._on_change()

    def _read(self) -> Desk:
        """The desk that the files say. BadConfig where they are wrong, or need a start."""
        assert self._rules is not None
        fresh = load(self._rules)
        settings = fresh
        cold = set(type(fresh).model_fields) - set(HOT)
        new, old = fresh.model_dump(include=cold), self._started.model_dump(include=cold)
        restart = sorted(key for key in cold if new[key] != old[key])  # wherever in the file it stands
        if restart:
            settings = self._started.with_parts({key: getattr(fresh, key) for key in HOT}, fresh)
            if problems := _faults(settings, self._rules, restart):
                raise BadConfig(problems)
            _log.warning("some changes need a restart", keys=restart)
        return open_desk(settings, self._whole.ring, self._rules)

    def _signature(self) -> _Signature:
        return tuple(_stamp(path) for path in self._files)

    def _since(self, signature: _Signature) -> _Signature:
        """The files as they were before they were read; those that nobody looked at before, as they are."""
        before = {stamp[0]: stamp for stamp in signature}
        return tuple(before.get(str(path)) or _stamp(path) for path in self._files)


def _named(error: BadConfig) -> list[Path]:
    """The files of which one is wrong, templates too."""
    return [*error.files, *(Path(p.file).absolute() for p in error.problems)]


def _stamp(path: Path) -> tuple[str, int, int, int]:
    """Another one whenever the file was written or replaced."""
    try:
        found = os.stat(path)
    except OSError:
        return str(path), 0, 0, 0
    return str(path), found.st_mtime_ns, found.st_size, found.st_ino


def _faults(settings: Settings, rules: Path, restart: Iterable[str]) -> list[Problem]:
    """What does not fit the parts that only a start changes."""
    folders = [folder / language for folder in (settings.site.templates, SHIPPED) for language in LANGUAGES]
    templates = {path.stem for folder in folders for path in folder.glob("*.txt")}
    found = lint(settings, lambda _: (str(rules), 1, 1), templates)
    what = f"; it goes with a change of {', '.join(restart)}, which only a restart of maild can take up"
    return [Problem(p.file, p.line, p.column, p.severity, p.what + what) for p in found if p.severity == "error"]
