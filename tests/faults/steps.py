"""What if any await fails? A task factory that sees the suspensions of every task and lets the chosen one fail.

A fault is thrown where the innermost coroutine waits, as if that operation had failed; what it had begun (a write, a
send) goes on without it, which is the worst case. Seen and hit awaits are noted by file and line.
"""

import ast
import asyncio
import gc
import json
from asyncio import CancelledError
from collections import Counter
from collections.abc import Coroutine, Generator, Iterable
from dataclasses import dataclass
from inspect import isasyncgen
from pathlib import Path
from types import TracebackType
from typing import Any

import maild
from maild.errors import Temporary

ROOT = Path(maild.__file__).parent
PIPELINES = ("ingest", "outbox", "intake.py", "sweeper.py")
FAULTS: dict[str, type[Exception]] = {"RuntimeError": RuntimeError, "Temporary": Temporary}  # and CancelledError
Place = tuple[str, int]
Chain = tuple[Place, ...]  # who awaits whom, from a task's first await to where it waits


class FailAt:
    """Lets chains of awaits fail, one after the other, each at its n-th pass; without any it only looks."""

    def __init__(self, aims: Iterable[tuple[Chain, int]], kind: str) -> None:
        self._aims = list(aims)
        self._kind = kind
        self._passes: Counter[Chain] = Counter()
        self.hits = 0

    def task(self, loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any) -> asyncio.Task[Any]:
        """A task factory (asyncio.loop.set_task_factory)."""
        return asyncio.Task(_Stepped(coroutine, self), loop=loop, **options)

    def suspended(self, chain: Chain) -> BaseException | None:
        """A task waits there; what is to be thrown, if it is this one's turn."""
        if not chain:
            return None
        self._passes[chain] += 1
        if self._aims[self.hits : self.hits + 1] != [(chain, self._passes[chain])]:
            return None
        self.hits += 1
        return CancelledError() if self._kind == "CancelledError" else FAULTS[self._kind]("an injected fault")

    def report(self, path: str) -> None:
        """Write down what was seen."""
        Path(path).write_text(json.dumps({"passes": list(self._passes.items()), "hits": self.hits}))


@dataclass(frozen=True)
class Report:
    """What a life saw: how often each chain was passed, and how many faults were thrown."""

    passes: dict[Chain, int]
    hits: int


def read_report(path: str) -> Report:
    """What a life wrote down; nothing where it did not come to that."""
    if not Path(path).exists():
        return Report({}, 0)
    found = json.loads(Path(path).read_text())
    Path(path).unlink()
    return Report({tuple((f, n) for f, n in chain): passes for chain, passes in found["passes"]}, found["hits"])


class _Stepped(Coroutine[Any, Any, Any]):
    """A coroutine whose suspensions are seen."""

    def __init__(self, coroutine: Any, steps: FailAt) -> None:
        self._inner = coroutine
        self._steps = steps

    def send(self, value: Any) -> Any:
        return self._looked_at(self._inner.send(value))

    def throw(self, kind: Any, value: Any = None, trace: TracebackType | None = None) -> Any:
        return self._looked_at(self._inner.throw(kind if value is None else value))

    def close(self) -> None:
        self._inner.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._inner.__await__()  # type: ignore[no-any-return]

    def _looked_at(self, waited_for: Any) -> Any:
        fault = self._steps.suspended(places_of(self._inner))
        if fault is None:
            return waited_for
        if waited_for is not None:
            waited_for._asyncio_future_blocking = False  # nobody waits for it any more
        return self._looked_at(self._inner.throw(fault))


def places_of(coroutine: Any) -> Chain:
    """Where in the pipelines a suspended coroutine and those that it awaits stand."""
    found = []
    while coroutine is not None:
        frame = getattr(coroutine, "cr_frame", None) or getattr(coroutine, "ag_frame", None)
        if frame is not None:
            path = frame.f_code.co_filename
            if path.startswith(str(ROOT)):
                name = path[len(str(ROOT)) + 1 :]
                if name.startswith(PIPELINES):
                    found.append((name, frame.f_lineno))
        coroutine = _awaited_by(coroutine)
    return tuple(found)


def _awaited_by(coroutine: Any) -> Any:
    """What it waits for. An asynchronous generator (`async for`, `async with`) hides behind the step that is asked of
    it, which tells nobody but the garbage collector whose it is."""
    awaited = getattr(coroutine, "cr_await", None) or getattr(coroutine, "ag_await", None)
    if type(awaited).__name__.startswith("async_generator_"):
        return next((found for found in gc.get_referents(awaited) if isasyncgen(found)), None)
    return awaited


def awaits() -> dict[Place, tuple[int, str]]:
    """Every await of the pipelines: (file, first line) -> last line, source."""
    found = {}
    files = [p for name in PIPELINES for p in ([ROOT / name] if name.endswith(".py") else (ROOT / name).glob("*.py"))]
    for path in files:
        source = path.read_text("utf-8")
        lines = source.splitlines()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Await | ast.AsyncWith | ast.AsyncFor):
                last = node.end_lineno if isinstance(node, ast.Await) else node.body[0].lineno - 1
                found[str(path.relative_to(ROOT)), node.lineno] = (last or node.lineno, lines[node.lineno - 1].strip())
    return found


def await_at(place: Place, known: dict[Place, tuple[int, str]]) -> Place | None:
    """The await that a line belongs to: the innermost one whose lines hold it."""
    name, line = place
    here = [(first, last) for (file, first), (last, _) in known.items() if file == name and first <= line <= last]
    return (name, min(here, key=lambda lines: lines[1] - lines[0])[0]) if here else None
