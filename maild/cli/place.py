"""What does a command work on? The settings, the database beside the daemon, the keys and templates, the clock."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from maild.cli.output import hide_secrets, note
from maild.clock import Clock, SystemClock
from maild.config.desk import open_desk
from maild.config.keyfile import load_keyring
from maild.config.load import load
from maild.errors import BadInput
from maild.ids import new_instance, new_key
from maild.intake import Intake
from maild.plan.letters import Desk
from maild.settings import Settings
from maild.store.database import Database
from maild.store.departures import departed
from maild.store.inbound import InboundStore
from maild.store.opening import open_store
from maild.store.schema import thrown_away
from maild.threading.references import number_named


@dataclass(frozen=True, slots=True)
class Given:
    """The desk of a simulation, in which commands run as beside a daemon."""

    desk: Desk
    clock: Clock


given: ContextVar[Given | None] = ContextVar("given", default=None)


def settings_of(rules: Path, *, observed: bool = False) -> Settings:
    """The rules file as settings, with the store of an observation if that is asked for; or BadConfig."""
    inside = given.get()
    settings = inside.desk.settings if inside else load(rules)
    hide_secrets(settings.hides_in)
    if observed:
        from maild.observe import observed_place

        settings = observed_place(settings)
        if not settings.store.database.is_file():
            raise BadInput("there was no observation yet; `maild run --observe` makes one")
    return settings


def desk_of(settings: Settings) -> Desk:
    """The desk with the keys that the daemon made. None is made or renewed here: a running daemon would not know it."""
    inside = given.get()
    if inside:
        return inside.desk
    now = present().now()
    ring = load_keyring(settings.site.key, create=False, now=now, new_key=new_key, new_instance=new_instance)
    return open_desk(settings, ring)


def present() -> Clock:
    """The clock."""
    inside = given.get()
    return inside.clock if inside else SystemClock()


@contextmanager
def opened(settings: Settings, *, writes: bool = False) -> Iterator[Database]:
    """The database of these settings while a command works; see store/opening.py for what is refused."""
    path = settings.store.database
    if not path.is_file() and path.with_name(f"{path.name}.observed").is_file():
        raise BadInput(f"there is no database {path} yet; what `maild run --observe` has seen is shown with --observed")
    database = open_store(path, writes=writes)
    try:
        yield database
    finally:
        asyncio.run(database.close())


@contextmanager
def empty_place(settings: Settings) -> Iterator[tuple[Database, Settings]]:
    """An empty database that nobody keeps, and the settings with it as their store."""
    with TemporaryDirectory(prefix="maild-empty-") as folder:
        store = settings.store.model_copy(
            update={"database": Path(folder) / "maild.db", "files": Path(folder) / "mails"}
        )
        thrown_away(store.database).close_now()
        empty = settings.model_copy(update={"store": store})
        with opened(empty) as database:
            yield database, empty


@contextmanager
def opened_or_empty(settings: Settings) -> Iterator[Database]:
    """The database to read in; before the first start an empty one, with a word on it."""
    if settings.store.database.is_file():
        with opened(settings) as database:
            yield database
        return
    note(f"There is no database {settings.store.database} yet: this is what the rules file alone says.")
    with empty_place(settings) as (database, _):
        yield database


def intake_on(database: Database, desk: Desk) -> Intake:
    """The daemon's own road on that database."""
    clock = present()
    desk = desk.with_settings(desk.settings.without_agents(database.read_now(departed)))
    return Intake(database, InboundStore(database, desk.settings.store.files, clock), lambda: desk, clock)


def ticket_number(text: str, settings: Settings) -> int:
    """The ticket that `1042`, `ISY-1042`, a whole reference or a plus-address names; BadInput for anything else."""
    number = number_named(text, settings)
    if not number:
        raise BadInput(f"'{text}' names no ticket; write 1042, {settings.site.reference}-1042 or the whole reference")
    return number
