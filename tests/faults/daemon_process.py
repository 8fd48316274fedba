"""The true daemon: how is `maild run` started, watched and killed?"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Self

from faults.ledger import Ledger

COMMAND = "import sys, maild.cli; sys.exit(maild.cli.main())"
ROOT = Path(__file__).parents[2]


class MaildRun:
    """One life of the process."""

    def __init__(self, rules: Path, log: Path, crash: str = "", **environment: str) -> None:
        self._rules, self._log, self._crash, self._environment = rules, log, crash, environment

    async def __aenter__(self) -> Self:
        environment = os.environ | {"PYTHONPATH": str(ROOT)} | self._environment
        environment.pop("MAILD_CRASH", None)
        if self._crash:
            environment["MAILD_CRASH"] = self._crash
        with self._log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", COMMAND, "run", "--rules", str(self._rules),
                stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, env=environment,
            )  # fmt: skip
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self.process.returncode is None

    async def kill(self) -> None:
        """SIGKILL, if it still runs."""
        if self.is_alive:
            self.process.kill()
        await self.process.wait()

    async def stop(self, within: float = 50) -> int:
        """SIGTERM, and its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), within)

    async def ends(self, within: float) -> int | None:
        """Its exit code, or None if it still runs after so many seconds."""
        try:
            return await asyncio.wait_for(self.process.wait(), within)
        except TimeoutError:
            return None

    def memory(self, key: str = "VmRSS") -> int:
        """KiB: VmRSS is now, VmHWM the most so far; 0 if it has ended."""
        try:
            text = Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return 0
        return next((int(line.split()[1]) for line in text.splitlines() if line.startswith(key)), 0)


async def until_done(ledger: Ledger, received: int, within: float, run: MaildRun | None = None) -> bool:
    """Wait until so many mails are received, filed and answered; False if the time is up or the process has ended."""
    loop = asyncio.get_running_loop()
    end = loop.time() + within
    while loop.time() < end and (run is None or run.is_alive):
        if is_done(ledger, received):
            return True
        await asyncio.sleep(0.05)
    return is_done(ledger, received)


def is_done(ledger: Ledger, received: int) -> bool:
    """Whether so many mails are received and filed, and nothing is owed."""
    try:
        [[count, filed]] = ledger.rows("SELECT count(*), count(filed_at) FROM inbound")
        return bool(count >= received and filed == count and not ledger.unsent())
    except Exception:  # before the first start has made the database
        return False
