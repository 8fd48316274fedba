"""How are ten thousand lives started quickly? One process imports everything and forks a child for each.

Starting an interpreter with maild takes over a second, a fork a few milliseconds. Orders come as JSON lines on standard
input, one at a time; what became of each child goes out as a JSON line.
"""

import asyncio
import gc
import json
import logging
import os
import select
import signal
import sys
import threading
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import structlog
from faults.desk import letter, settings
from faults.life import Order, live
from road import Arrived

from maild.clock import SystemClock
from maild.daemon import open_keyed_desk
from maild.intake import Intake
from maild.plan.letters import Desk
from maild.store.inbound import InboundStore
from maild.store.schema import thrown_away

SIGKILL = int(signal.SIGKILL)
KILL = "kill\n"
TESTS = Path(__file__).parents[1]


@dataclass(frozen=True)
class Death:
    """How a child ended."""

    code: int  # its exit code; negative: the signal
    seconds: float
    largest: int  # KiB of memory at most
    is_hung: bool = False

    @property
    def was_killed(self) -> bool:
        """By a crash point: not by us for being late."""
        return self.code == -SIGKILL and not self.is_hung


class ForkServer:
    """The other process, from the test's side. One life at a time."""

    def __init__(self, log: Path, **environment: str) -> None:
        self._log = log
        self._environment = environment

    async def __aenter__(self) -> Self:
        environment = os.environ | {"PYTHONPATH": f"{TESTS}:{TESTS.parent}"} | self._environment
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "faults.fork_server",
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=log, env=environment,
            )  # fmt: skip
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    async def life(self, order: Order) -> Death:
        """One life, from start to end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(order)).encode() + b"\n")
        line = await asyncio.wait_for(self._process.stdout.readline(), order.deadline + 60)
        if not line:
            raise RuntimeError(f"the fork server has died: {self._log.read_text()[-2000:]}")
        return Death(**json.loads(line))

    def kill(self) -> None:
        """End the life that goes on, now."""
        assert self._process.stdin is not None
        self._process.stdin.write(KILL.encode())


def fork(order: Order, desk: Desk) -> dict[str, Any]:
    """Fork, wait, and say how it ended."""
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            code = live(order, desk)
        except BaseException:
            logging.getLogger("child").exception("a child failed")
        finally:
            sys.stderr.flush()
            os._exit(code)
    handle = os.pidfd_open(pid)
    ended, _, _ = select.select([handle, sys.stdin], [], [], order.deadline)  # a word, or the end, is an order to kill
    os.close(handle)
    if handle not in ended:
        os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    seconds = time.monotonic() - started
    return asdict(Death(os.waitstatus_to_exitcode(status), seconds, usage.ru_maxrss, handle not in ended))


async def warm(desk: Desk) -> None:
    """Work two mails on a store that is thrown away: what is compiled at first use is then there in every child.

    Its threads have ended when this returns: a fork would not copy them.
    """
    with TemporaryDirectory() as folder:
        database = thrown_away(Path(folder) / "maild.db")
        inbound = InboundStore(database, Path(folder), SystemClock())
        await inbound.keep([Arrived(n, letter(f"warm{n}")) for n in (1, 2)])
        await Intake(database, inbound, lambda: desk, SystemClock()).drain()
        await database.close()


def main() -> None:
    """Until the input ends."""
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.format_exc_info,
                    structlog.processors.KeyValueRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )  # fmt: skip
    desk: Desk | None = None
    while line := sys.stdin.readline():
        if line == KILL:
            continue  # obeyed, or too late
        order = Order(**json.loads(line))
        present = settings(order.rules)
        if desk is None:  # templates are compiled once, not in each life
            desk = open_keyed_desk(present, SystemClock())
            asyncio.run(warm(desk))
            assert threading.active_count() == 1
            gc.collect()
            gc.freeze()
        desk = replace(desk, settings=present)
        sys.stdout.write(json.dumps(fork(order, desk)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
