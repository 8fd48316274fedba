"""The desk as its files say it now: whole, valid, swapped at once. While a file is wrong, the old desk stays.

A file is read when it has lain unchanged for a look and nobody has it open to write, and what was read counts only if
all files are still the same afterwards: so no half of a file, and no two versions of several. What only a start can
change (restart.py) stays as it was; everything else is that of one version of the files.
"""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from maild.clock import Clock
from maild.concern import Concern
from maild.config.credentials import check_secrets
from maild.config.desk import open_desk, shelf_of
from maild.config.load import load, machine_problems
from maild.config.restart import in_force, unreadable_mailboxes
from maild.config.standing_keys import StandingKeys
from maild.config.templates import SHIPPED, own_templates
from maild.config.watching import Stamps, Watched, is_being_written
from maild.errors import BadConfig, Problem, Temporary
from maild.ids import new_key
from maild.plan.letters import Desk
from maild.rules.lint import lint
from maild.settings import Settings
from maild.store.database import Database
from maild.store.departures import departed, forget_returned, in_nobodys_hands
from maild.writing.render import LANGUAGES

LOOK_EACH = 0.25  # seconds
AGAIN_AFTER = timedelta(seconds=5)  # what was refused is read again: a secret may be there by now
OPEN_FOR = timedelta(seconds=10)  # so long a file may be open to write before somebody is told
_MOST_TOLD = 20  # mistakes that one mail names
_log = structlog.get_logger("maild.rules")


@dataclass(frozen=True, slots=True)
class Standing:
    """Which rules are in force, and which the files hold."""

    version: str  # in force
    since: datetime
    in_files: str  # the files' version as they were read last, right or wrong; '' where there was none to be read
    problems: tuple[Problem, ...] = ()  # why that one is not in force
    waiting: tuple[str, ...] = ()  # its keys that only a restart takes up


@dataclass(frozen=True, slots=True)
class _Read:
    """What the files held: a desk, or problems. `paths`: those of `watched` that are there, or should be."""

    watched: Watched
    version: str
    desk: Desk | None = None
    problems: tuple[Problem, ...] = ()
    waiting: tuple[str, ...] = ()
    paths: tuple[Path, ...] = ()


class StandingDesk:
    """Gives the desk to whoever calls it; each mail is worked with the one that it was given.

    `rules`: the file; None where there is none to look at. `on_change` is called when another desk stands, `on_refusal`
    when the files are wrong.
    """

    def __init__(
        self,
        desk: Desk,
        rules: Path | None,
        database: Database,
        clock: Clock,
        on_change: Callable[[], None],
        on_refusal: Callable[[], None] = lambda: None,
    ) -> None:
        self._started = desk.settings
        self._whole = desk  # with the agents who have left
        self._desk = desk
        self._rules = rules
        self._database = database
        self._clock = clock
        self._on_change = on_change
        self._on_refusal = on_refusal
        self._keys = StandingKeys(desk.settings.site.key, desk.ring, clock.now, new_key)
        named = Watched(desk.settings.files, desk.settings.folders)
        self._watched = named if rules is None else named.and_also([rules])
        self._seen = self._watched.stamps()
        self._loaded: Stamps | None = None  # the files may have changed since they were read for the start
        self._standing = Standing(desk.settings.digest, clock.now(), desk.settings.digest)
        self._ordered = asyncio.Event()
        self._again_at: datetime | None = None
        self._open_since: datetime | None = None
        self._gone: frozenset[str] | None = None  # who has left, as the database said last; None: it was not asked yet

    def __call__(self) -> Desk:
        """The present one."""
        return self._desk

    @property
    def standing(self) -> Standing:
        """Which rules are in force, and what is wrong with those of the files."""
        problems = (*self._standing.problems, *self._keys.problems)
        return replace(self._standing, problems=problems) if self._keys.problems else self._standing

    def order(self) -> None:
        """Look at once, and say in the log what came of it; whoever orders says that the files are whole."""
        self._ordered.set()

    async def concerns(self) -> list[Concern]:
        """That the files are wrong, or wait for a restart, as long as they do; and tickets in the hands of no agent."""
        agents = self._desk.settings.agents
        found = await self._database.read(lambda session: in_nobodys_hands(session, agents))
        gone = [Concern(f"agent-gone:{key}", "agent-gone", (key, str(number))) for key, number in sorted(found.items())]
        standing = self.standing
        refused = tuple(str(p) for p in standing.problems[:_MOST_TOLD])
        said = (("rules-refused", "rules", refused), ("rules-wait", "rules-wait", standing.waiting))
        return [*(Concern(f"{key}:{_name(what)}", notice, what) for notice, key, what in said if what), *gone]

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop: look, then wait."""
        stopped, is_away = asyncio.ensure_future(stop.wait()), False
        try:
            while not stop.is_set():
                try:
                    await self.look()
                    is_away = False
                except Temporary as error:  # nobody works mail meanwhile
                    if not is_away:
                        _log.warning("changed rules wait for the database", reason=str(error))
                    is_away = True
                except Exception:  # ours: the old desk stays, and the next look may fare better
                    _log.exception("the rules can't be looked at")
                is_late = self._ordered.is_set()  # somebody still writes
                ordered = asyncio.ensure_future(stop.wait() if is_late else self._ordered.wait())
                await asyncio.wait({stopped, ordered}, timeout=LOOK_EACH, return_when=asyncio.FIRST_COMPLETED)
                ordered.cancel()
        finally:
            stopped.cancel()

    async def look(self) -> bool:
        """Whether another desk stands since."""
        has_keys = await self._keys.look()
        if has_keys:
            self._whole = replace(self._whole, ring=self._keys.ring)
            await self.look_for_departures(is_new=True)
        return await self._look_at_files() or has_keys

    async def _look_at_files(self) -> bool:
        if self._rules is None:
            return False
        is_ordered = self._ordered.is_set()
        stamps = await asyncio.to_thread(self._watched.stamps)
        is_calm, self._seen = stamps == self._seen, stamps
        is_again = self._again_at is not None and self._clock.now() >= self._again_at
        if not is_ordered and (not is_calm or (stamps == self._loaded and not is_again)):
            return False
        found = await asyncio.to_thread(self._read, stamps)
        if found is None:
            return False
        self._watched, self._loaded = found.watched, {path: stamps[path] for path in found.paths}
        if is_ordered:
            self._ordered.clear()
        before = self._standing
        self._standing = replace(before, in_files=found.version, problems=found.problems, waiting=found.waiting)
        self._again_at = self._clock.now() + AGAIN_AFTER if found.problems else None
        if found.desk is None:
            if is_ordered or found.problems != before.problems:
                count, first = len(found.problems), str(found.problems[0])
                _log.warning("rules refused, the old ones stay", problems=count, first=first, rules=before.version)
                self._on_refusal()
            return False
        if found.waiting and (is_ordered or found.waiting != before.waiting):
            _log.warning("some changes need a restart", keys=found.waiting)
        is_new = found.desk.settings.digest != self._whole.settings.digest
        if is_new:
            try:
                await self._take(found.desk)
            except BaseException:
                self._loaded = None  # it is read again
                raise
            _log.info("rules changed", rules=self._standing.version)
        elif is_ordered:
            _log.info("rules looked at, nothing has changed", rules=self._standing.version)
        return is_new

    async def _take(self, desk: Desk) -> None:
        """Who has left is asked of nobody who may be busy: the old desk knew it, and any change of it is looked for."""
        gone = await self._database.read(departed) if self._gone is None else self._gone
        self._gone = await self._without_returned(gone, desk)
        self._whole = replace(desk, ring=self._keys.ring)
        self._standing = replace(self._standing, version=desk.settings.digest, since=self._clock.now())
        self._stand(is_new=True)

    async def look_for_departures(self, *, is_new: bool = False) -> None:
        """Agents who have left are none, whether rules.yaml still names them or not."""
        self._gone = await self._without_returned(await self._database.read(departed), self._whole)
        self._stand(is_new=is_new)

    async def _without_returned(self, gone: frozenset[str], desk: Desk) -> frozenset[str]:
        """Those who are still named; the database forgets the others, who may be named again one day."""
        agents = desk.settings.agents
        if not gone <= agents.keys():
            await self._database.write(lambda session: forget_returned(session, agents))
        return gone & agents.keys()

    def _stand(self, *, is_new: bool) -> None:
        settings = self._whole.settings.without_agents(self._gone or ())
        if is_new or settings.agents.keys() != self._desk.settings.agents.keys():
            self._desk = self._whole.with_settings(settings)
            self._on_change()

    def _read(self, stamps: Stamps) -> _Read | None:
        """What the files hold; None where they are not at rest, or where one was read that nobody has looked at yet."""
        now, written = self._clock.now(), [path for path, there in stamps.items() if there and is_being_written(path)]
        self._open_since = (self._open_since or now) if written else None
        if self._open_since and now < self._open_since + OPEN_FOR:
            return None
        found = self._held()
        if written:
            what = "a program has it open to write; it is read as soon as that has ended"
            problems = tuple(Problem(str(path), 1, 1, "error", what) for path in written)
            found = _Read(found.watched, found.version, problems=problems)
        if self._watched.stamps() != stamps:
            return None
        paths = tuple(found.watched.stamps())
        if not stamps.keys() >= set(paths):
            self._watched = self._watched.and_also(found.watched.files, found.watched.folders)
            self._seen = self._watched.stamps()
            return None
        return replace(found, paths=paths)

    def _held(self) -> _Read:
        assert self._rules is not None
        try:
            fresh = load(self._rules)
        except BadConfig as error:
            watched = self._watched.and_also([*error.files, *_named(error)], error.folders)  # seen where it is mended
            return _Read(watched, error.version, problems=tuple(error.problems))
        watched = Watched(fresh.files, fresh.folders)
        try:
            settings, waiting = in_force(self._started, fresh)
            if problems := self._problems(fresh, settings, waiting):
                raise BadConfig(problems)
            desk = self._opened(settings)
        except BadConfig as error:
            return _Read(watched.and_also(_named(error)), fresh.digest, problems=tuple(error.problems))
        return _Read(watched, fresh.digest, desk, waiting=waiting)

    def _problems(self, fresh: Settings, settings: Settings, waiting: tuple[str, ...]) -> list[Problem]:
        """What is wrong for this machine, and with what is new beside what stays until a restart."""
        found = unreadable_mailboxes(self._started, settings, str(self._rules))
        found += [p for p in machine_problems(fresh) if p.severity == "error"]
        if waiting:
            found += _misfits(settings, str(self._rules), waiting)
        old = self._whole.settings
        try:
            check_secrets(fresh, known=old)
        except BadConfig as error:
            found += error.problems
        return found

    def _opened(self, settings: Settings) -> Desk:
        """Under the templates that stand where none has changed. BadConfig where one would fail that did not."""
        old = self._whole
        is_same = settings.templates_digest == old.settings.templates_digest
        if is_same and own_templates(settings) == own_templates(old.settings):
            return replace(old, settings=settings, shelf=shelf_of(settings))
        desk = open_desk(settings, old.ring, self._rules, before=old)
        problems = desk.renderer.check(besides=old.renderer)
        for name, renderer in desk.renderers.items():
            problems += renderer.check(besides=old.renderers.get(name))
        if problems := [p for p in problems if p.severity == "error"]:
            raise BadConfig(problems)
        return desk


def _name(said: tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join(said).encode("utf-8", "replace")).hexdigest()[:12]


def _named(error: BadConfig) -> list[Path]:
    """The files of which one is wrong, templates too."""
    return [Path(p.file).absolute() for p in error.problems]


def _misfits(settings: Settings, rules: str, waiting: tuple[str, ...]) -> list[Problem]:
    """What does not fit the parts that only a start changes."""
    folders = [folder / language for folder in (settings.site.templates, SHIPPED) for language in LANGUAGES]
    templates = {path.stem for folder in folders for path in folder.glob("*.txt")}
    found = lint(settings, lambda _: (rules, 1, 1), templates)
    what = f"; it goes with a change of {', '.join(waiting)}, which only a restart of maild can take up"
    return [Problem(p.file, p.line, p.column, p.severity, p.what + what) for p in found if p.severity == "error"]
