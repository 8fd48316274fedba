"""What is left behind when the process is killed? Nothing that runs, and nothing that is forgotten."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from faults.daemon_process import ROOT

READS_A_LARGE_MAIL = """
import asyncio
from maild.reader import Reader

async def main():
    reader = Reader(here=10)
    await reader.read(b"From: a@b.example\\r\\n\\r\\nBonjour\\r\\n")
    print(*(process.pid for process in reader._pool._processes.values()), flush=True)
    await asyncio.sleep(60)

if __name__ == "__main__":
    asyncio.run(main())
"""


def test_the_process_that_reads_large_mails_ends_with_the_daemon(tmp_path: Path) -> None:
    script = tmp_path / "reads.py"
    script.write_text(READS_A_LARGE_MAIL)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True, env=environment) as daemon:
        assert daemon.stdout is not None
        worker = Path("/proc", daemon.stdout.readline().strip())
        assert worker.name.isdigit()
        daemon.kill()
    for _ in range(200):
        with suppress(OSError):
            if "State:\tZ" not in (worker / "status").read_text():
                time.sleep(0.05)
                continue
        return  # gone, or waiting to be noticed by its new parent
    raise AssertionError("ten seconds later it still waits for work")
