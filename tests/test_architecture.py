"""Does the house keep its shape? Who may import whom, where the clock and chance are read, and how long a module is.

The rooms and their order are told in README.md ("The journey of a message"). `faults` reads source, never runs it.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST = 300  # lines

# The words: values and closed lists that everybody speaks in. "" is maild/__init__.py.
WORDS = frozenset(
    {
        "",
        "agent_words",
        "mail",
        "ticket",
        "topic",
        "lifecycle",
        "decision",
        "judgement",
        "effects",
        "personal_effects",
        "errors",
        "settings",
        "concern",
    }
)
PURE_ROOMS = frozenset({"reading", "threading", "rules", "sla", "people", "knowledge", "writing", "audit"})
# The only readers of time and of chance; where a test may kill; how memory is given back.
EDGES = frozenset({"clock", "ids", "crash", "memory"})
IO_ROOMS = frozenset({"ingest", "outbox", "config"})
ROAD = WORDS | EDGES | PURE_ROOMS | IO_ROOMS | {"plan", "store"}
DAEMON = ROAD | {
    "reader",
    "evidence",
    "considering",
    "deciding",
    "ending_held",
    "opener",
    "earlier",
    "same_person",
    "intake",
    "clock_watch",
    "due",
    "sweeper",
    "parts",
    "reception",
    "watchman",
    "standing",
    "auditor",
    "nightly",
    "web",
    "daemon",
}

# Which rooms of maild each room may import, itself not named.
MAY_IMPORT: dict[str, frozenset[str]] = {
    **dict.fromkeys(WORDS | EDGES, WORDS),
    **dict.fromkeys(PURE_ROOMS, WORDS),
    "plan": WORDS | PURE_ROOMS,
    "store": WORDS | EDGES | PURE_ROOMS | {"plan"},
    **{room: WORDS | EDGES | PURE_ROOMS | {"plan", "store"} for room in IO_ROOMS},
    "evidence": WORDS | PURE_ROOMS | {"plan", "store"},
    "earlier": WORDS,
    "same_person": WORDS | PURE_ROOMS | {"plan", "store"},
    "deciding": WORDS | PURE_ROOMS | {"plan", "store"},
    "ending_held": WORDS | PURE_ROOMS | {"plan", "store", "evidence", "same_person", "deciding"},
    "considering": WORDS | PURE_ROOMS | {"plan", "store", "evidence", "deciding", "ending_held"},
    "opener": ROAD | {"reader"},
    "intake": ROAD | {"reader", "opener", "considering", "deciding", "ending_held", "earlier"},
    "clock_watch": WORDS | EDGES | {"store"},
    "due": ROAD,
    "sweeper": ROAD | {"due", "reader", "clock_watch"},
    "parts": WORDS,
    "reception": ROAD | {"parts"},
    "watchman": ROAD,
    "standing": ROAD,
    "auditor": ROAD,
    "nightly": ROAD | {"auditor"},
    "web": ROAD | {"intake", "sweeper"},
    "reader": WORDS | PURE_ROOMS,
    "daemon": DAEMON,
    "observe": DAEMON,
    "simulate": DAEMON,
    "demo": DAEMON | {"simulate"},  # the people of the demo use the mail clients of the simulator
    "cli": DAEMON | {"simulate", "demo", "observe"},
    "__main__": WORDS | {"cli"},
}

# Rooms in which nothing waits, reads the world, or depends on when or where it runs.
PURE = WORDS | PURE_ROOMS | {"plan"}
_IMPURE = """
    aiosmtpd alembic asyncio concurrent glob http imaplib importlib logging multiprocessing os pymap random rich
    secrets select shutil signal smtplib socket sqlalchemy sqlite3 sqlmodel ssl structlog subprocess sys tempfile
    threading time typer urllib.request uuid warnings
"""
IMPURE_MODULES = frozenset(_IMPURE.split())
IMPURE_CALLS = frozenset(
    {"open", "input", "print", "read_bytes", "read_text", "write_bytes", "write_text", "make_msgid"}
)
LOADS_TEMPLATES = "writing"  # pure once loaded: may read files, and ask importlib.resources where they are

# Libraries that stop at one place, so that another can take their place.
STOPS_AT: dict[str, tuple[str, ...]] = {
    "aioimaplib": ("ingest.imap_protocol",),
    "dkim": ("ingest.signatures",),
    "dns": ("ingest.signatures",),
    "holidays": ("settings.calendars", "sla.calendar"),
    "publicsuffixlist": ("threading.alignment",),
    "aiosmtplib": ("outbox.smtp", "demo"),
    "aiosmtpd": ("demo",),
    "pymap": ("demo",),
    "mailparser": ("reading.parse",),
    "sqlmodel": ("store",),
    "sqlalchemy": ("store",),
    "alembic": ("store",),
    "sqlite3": ("store",),
    "pysqlite3": ("store",),
    "ruamel": ("config", "simulate"),
    "snowballstemmer": ("knowledge.stems",),
    "typer": ("cli",),
    "random": ("ids",),
    "secrets": ("ids",),
    "uuid": ("ids",),
}
WALL_CLOCK = frozenset(
    {f"datetime.datetime.{name}" for name in ("now", "utcnow", "today")}
    | {"datetime.date.today", "time.time", "time.time_ns"}
)

# What is let pass, and why: (module, what the fault says) -> reason. One that is no longer needed fails the test.
EXCEPTIONS: dict[tuple[str, str], str] = {}


def modules() -> Iterator[tuple[str, str]]:
    """Every module of maild: its name without `maild.` ("" for maild itself), and its source."""
    for path in sorted((ROOT / "maild").rglob("*.py")):
        parts = path.relative_to(ROOT / "maild").with_suffix("").parts
        yield ".".join(part for part in parts if part != "__init__"), path.read_text(encoding="utf-8")


def is_within(name: str, place: str) -> bool:
    """Whether a dotted name is that place or inside it."""
    return name == place or name.startswith(place + ".")


def imports_of(tree: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    """Each imported name, wherever it stands: node, full dotted name, the name it gets here."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name, alias.asname or alias.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node, f"{'.' * node.level}{node.module or ''}.{alias.name}", alias.asname or alias.name


def dotted(node: ast.expr, names: dict[str, str]) -> str:
    """The full name that `a.b.c` stands for, given what the imports call their names; '' for other expressions."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute) and (owner := dotted(node.value, names)):
        return f"{owner}.{node.attr}"
    return ""


def faults(module: str, source: str) -> list[str]:
    """What is wrong with a module: `line: what`, in the order of the checks. `module` is its name without `maild.`."""
    tree = ast.parse(source)
    room = module.partition(".")[0]
    found: list[str] = []
    if room not in MAY_IMPORT:
        found.append(f"1: room {room} has no place in MAY_IMPORT")
    if not ast.get_docstring(tree):
        found.append("1: no docstring")
    if (lines := len(source.splitlines())) > LONGEST:
        found.append(f"1: too long: {lines} lines")
    names: dict[str, str] = {}
    for node, name, here in imports_of(tree):
        # `import a.b` binds `a`; `from a import b` binds a.b
        names[here] = here if isinstance(node, ast.Import) and name.startswith(here + ".") else name
        found += [f"{getattr(node, 'lineno', 1)}: {what}" for what in import_faults(module, room, name)]
    for node in ast.walk(tree):
        found += [f"{getattr(node, 'lineno', 1)}: {what}" for what in use_faults(module, room, node, names)]
    return found


def import_faults(module: str, room: str, name: str) -> Iterator[str]:
    """What is wrong with importing that full name."""
    if name.startswith("."):
        yield f"relative import {name}"
    if is_within(name, "maild"):
        other = name.split(".")[1] if "." in name else ""
        if other not in MAY_IMPORT and other.startswith("__"):
            other = ""  # maild.__version__
        if other != room and other not in MAY_IMPORT.get(room, ()):
            yield f"imports {name}"
        return
    for library, places in STOPS_AT.items():
        if is_within(name, library) and not any(is_within(module, place) for place in places):
            yield f"imports {library}, which stops at {', '.join(places)}"
    if room in PURE and not (room == LOADS_TEMPLATES and is_within(name, "importlib.resources")):
        yield from (f"imports {name} in a pure room" for impure in sorted(IMPURE_MODULES) if is_within(name, impure))


def use_faults(module: str, room: str, node: ast.AST, names: dict[str, str]) -> Iterator[str]:
    """What is wrong with using that node there."""
    if isinstance(node, ast.Attribute | ast.Name) and dotted(node, names) in WALL_CLOCK and room != "clock":
        yield f"reads the wall clock: {dotted(node, names)}"
    if isinstance(node, ast.Call) and dotted(node.func, names) in ("__import__", "importlib.import_module"):
        yield "imports by a name that nobody can check"
    if room not in PURE:
        return
    if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith):
        yield "waits in a pure room"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
        call = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        if call in ("now", "utcnow", "today"):
            yield f"reads a clock in a pure room: {call}()"
        if call in IMPURE_CALLS and room != LOADS_TEMPLATES:
            yield f"reads or writes in a pure room: {call}()"


def excepted(module: str, fault: str) -> set[tuple[str, str]]:
    """The exceptions that let this fault pass."""
    return {key for key in EXCEPTIONS if key[0] == module and key[1] in fault}


def test_every_module_keeps_to_its_room() -> None:
    bad = [
        f"maild.{name}:{fault}"
        for name, source in modules()
        for fault in faults(name, source)
        if not excepted(name, fault)
    ]
    assert not bad, "\n" + "\n".join(bad)


def test_every_exception_is_still_needed() -> None:
    used = [key for name, source in modules() for fault in faults(name, source) for key in excepted(name, fault)]
    assert set(EXCEPTIONS) == set(used)


def test_pure_rooms_import_no_pure_room_and_nobody_imports_the_command_line() -> None:
    assert all(not MAY_IMPORT[room] & PURE_ROOMS for room in PURE_ROOMS | WORDS)
    assert all("cli" not in others for room, others in MAY_IMPORT.items() if room != "__main__")


BAD = [
    ("rules.decide", "import asyncio", "imports asyncio in a pure room"),
    ("rules.decide", "import asyncio as aio", "imports asyncio in a pure room"),
    ("sla.targets", "from time import sleep", "imports time.sleep in a pure room"),
    ("people.agents", "import logging.handlers", "imports logging.handlers in a pure room"),
    ("threading.verdict", "import threading", "imports threading in a pure room"),
    ("ticket", "import structlog", "imports structlog in a pure room"),
    ("plan.tickets", "import os", "imports os in a pure room"),
    ("reading.body", "def f():\n    from maild.threading import token", "3: imports maild.threading.token"),
    ("sla", "from maild import people", "imports maild.people"),
    ("rules.decide", "from maild.clock import Clock", "imports maild.clock.Clock"),
    ("rules.decide", "from maild.ids import new_key", "imports maild.ids.new_key"),
    ("mail", "import maild.reading.parse", "imports maild.reading.parse"),
    ("rules.decide", "from maild.plan import plan", "imports maild.plan.plan"),
    ("rules.decide", "from . import schema", "relative import"),
    ("store.apply", "from maild.ingest import poller", "imports maild.ingest.poller"),
    ("ingest.poller", "from maild.outbox.sender import Sender", "imports maild.outbox.sender.Sender"),
    ("intake", "import maild.daemon", "imports maild.daemon"),
    ("daemon", "from maild.cli import main", "imports maild.cli.main"),
    ("daemon", "from maild import demo", "imports maild.demo"),
    ("helpers", "x = 1", "room helpers has no place"),
    ("rules.decide", "async def f(): pass", "waits in a pure room"),
    ("rules.decide", "import datetime\nx = datetime.datetime.now()", "reads the wall clock: datetime.datetime.now"),
    ("store.apply", "from datetime import datetime as dt\nf(dt.now)", "3: reads the wall clock: datetime.datetime.now"),
    ("outbox.sender", "from datetime import date\ndate.today()", "reads the wall clock: datetime.date.today"),
    ("outbox.sender", "import time\ntime.time()", "reads the wall clock: time.time"),
    ("outbox.sender", "from time import time\ntime()", "reads the wall clock: time.time"),
    ("sla.targets", "def f(clock):\n    return clock.now()", "reads a clock in a pure room"),
    ("reading.parse", "with open('f') as f: pass", "reads or writes in a pure room: open()"),
    ("settings", "def f(path):\n    return path.read_text()", "reads or writes in a pure room: read_text()"),
    ("reading.body", "import mailparser", "imports mailparser, which stops at reading.parse"),
    ("ingest.poller", "import aioimaplib", "imports aioimaplib, which stops at ingest.imap_protocol"),
    ("outbox.sender", "from aiosmtplib import SMTP", "imports aiosmtplib, which stops at outbox.smtp, demo"),
    ("intake", "from sqlalchemy.orm import Session", "imports sqlalchemy, which stops at store"),
    ("intake", "import sqlmodel", "imports sqlmodel, which stops at store"),
    ("rules.schema", "from ruamel.yaml import YAML", "imports ruamel, which stops at config, simulate"),
    ("outbox.retry", "import random", "imports random, which stops at ids"),
    ("store.files", "import secrets", "imports secrets, which stops at ids"),
    ("cli.run", "import importlib\nimportlib.import_module(name)", "imports by a name that nobody can check"),
    ("cli.run", "x = 1\n" * (LONGEST + 1), "too long"),
]
GOOD = [
    (
        "rules.decide",
        "from datetime import datetime, time\nfrom maild.ticket import Ticket\nfrom maild.rules import schema",
    ),
    ("threading.verdict", "from maild.threading.token import read\nfrom maild import __version__"),
    ("writing.render", "from importlib.resources import files\nfiles('maild').joinpath('x').read_text()"),
    (
        "plan.opening",
        "from maild.writing import compose\nfrom maild.people import agents\nfrom maild.plan import mails",
    ),
    (
        "ingest.imap_protocol",
        "import asyncio, aioimaplib\nfrom maild.store import inbound\nfrom maild.clock import Clock",
    ),
    ("store.files", "async def f(clock):\n    return clock.now()"),
    ("outbox.sender", "import time\nstarted = time.monotonic()"),
    ("clock", "from datetime import UTC, datetime\ndatetime.now(UTC)"),
    ("demo.people", "import aiosmtplib, pymap\nfrom maild.daemon import run"),
    ("cli", "import typer\nfrom maild.demo import story"),
]


@pytest.mark.parametrize(("module", "source", "fault"), BAD)
def test_a_bad_module_is_reported(module: str, source: str, fault: str) -> None:
    assert any(fault in found for found in faults(module, f'"""Doc."""\n{source}'))


@pytest.mark.parametrize(("module", "source"), GOOD)
def test_a_good_module_is_left_in_peace(module: str, source: str) -> None:
    assert faults(module, f'"""Doc."""\n{source}') == []


def test_a_module_without_a_docstring_is_reported() -> None:
    assert faults("cli.run", "x = 1") == ["1: no docstring"]


def test_the_journey_in_the_readme_is_the_one_in_the_intake() -> None:
    """It is shown once to each reader, and is the same road."""
    shown = (ROOT / "README.md").read_text(encoding="utf-8").partition("```\nIMAP bytes")[2].partition("```")[0]
    told = (ROOT / "maild" / "intake.py").read_text(encoding="utf-8").partition("IMAP bytes")[2].partition('"""')[0]
    assert shown.strip() == told.strip() != ""
