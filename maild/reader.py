"""Where is a mail read? Here if it is light; a heavy one in a process that can be killed, so that none stops the desk.

Reading is total and bounded by limits (reading/prescan.py); the process is for what nobody thought of: a decoder that
never ends, or one that takes all memory, or the process with it.
"""

import asyncio
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from maild.mail import ParsedMail, Secrecy
from maild.reading import read, tnef
from maild.reading.charset import hides_ascii
from maild.reading.hiding import as_shown
from maild.reading.prescan import prescan
from maild.reading.transfer import is_encoded, payload

HERE = 256 * 1024  # octets; above it a mail is read in the other process
LINES_HERE, TAGS_HERE = 5_000, 2_000  # the same: each line and each tag costs some microseconds
ENCODED_HERE = 8_000  # octets of a mail from which what base64 or UTF-7 hides is counted too
# What reading takes for the end of a line.
_LINE_ENDS = (b"\n", b"\r", b"\v", b"\f", "\x85".encode(), "\u2028".encode(), "\u2029".encode())
READ_WITHIN = 60.0  # seconds that the other process has for one mail, on a machine that may be busy
MOST_CPU = 2  # seconds of computing, during which the next mails wait; the largest that is taken needs less than one
# Octets for one mail, and for each of its octets: reading takes 64 MiB and 2 at most, then the answer is packed.
HIDING_EACH = 4 * 1024 * 1024  # octets for which hiding secrets may take a second more
MEMORY, MEMORY_EACH = 192 * 1024 * 1024, 8
NOT_SECRET = Secrecy()
LIVES = 3  # processes that a mail may take with it: the first was perhaps ended for want of memory elsewhere


def is_heavy(raw: bytes, here: int = HERE) -> bool:
    """Whether reading might keep the desk waiting for longer than a moment."""
    if len(raw) > here or _is_long(raw):
        return True
    if len(raw) < ENCODED_HERE:
        return False
    scan = prescan(raw)
    leaves = [part for part in scan.root.walk() if not part.children]
    if any(hides_ascii(part.type.get("charset")) for part in leaves):
        return True
    return any(_hides_much(part.type.value, payload(scan, part)[0]) for part in leaves if is_encoded(part))


def _hides_much(kind: str, octets: bytes) -> bool:
    """Whether the octets are a text, or a winmail.dat with one, and a long one."""
    return (kind.startswith(("text/", "message/")) or tnef.is_tnef(octets)) and _is_long(octets)


def _is_long(octets: bytes) -> bool:
    lines = sum(map(octets.count, _LINE_ENDS)) - octets.count(b"\r\n")
    return lines > LINES_HERE or octets.count(b"<") > TAGS_HERE


def end_with_the_desk() -> None:
    """In the other process: end when this one is gone, however it went; a pool's worker would wait for ever."""
    desk = multiprocessing.parent_process()
    assert desk is not None

    def watch() -> None:
        connection.wait([desk.sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="desk-watch", daemon=True).start()


def bounded(
    work: Callable[[bytes], ParsedMail], raw: bytes, most_cpu: int, secrecy: Secrecy = NOT_SECRET
) -> ParsedMail:
    """In the other process: read one mail with so much time and memory. MemoryError beyond it; or it is killed.
    `secrecy` as for Reader.read."""
    size = resource.getpagesize() * int(Path("/proc/self/statm").read_text().split()[0])
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.RLIM_INFINITY
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY + MEMORY_EACH * len(raw), hard))
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + most_cpu, hard))
    return as_shown(work(raw), secrecy)


class Reader:
    """Reads mails. `work` is what the other process runs for a large one; it must be importable there."""

    def __init__(
        self,
        *,
        here: int = HERE,
        within: float = READ_WITHIN,
        most_cpu: int = MOST_CPU,
        work: Callable[[bytes], ParsedMail] = read,
    ) -> None:
        self._here = here
        self._within = within
        self._most_cpu = most_cpu
        self._work = work
        self._pool: ProcessPoolExecutor | None = None

    async def read(self, raw: bytes, secrecy: Secrecy = NOT_SECRET) -> ParsedMail:
        """What stands in the mail; one that killed or outlasted its process comes back as unreadable. `secrecy`:
        how, and from whom, its secrets are hidden."""
        if not is_heavy(raw, self._here):
            return as_shown(read(raw), secrecy)
        most_cpu = self._most_cpu + (1 + len(raw) // HIDING_EACH if secrecy.language else 0)
        for _ in range(LIVES):
            pool = self._open_pool()
            reading = asyncio.get_running_loop().run_in_executor(pool, bounded, self._work, raw, most_cpu, secrecy)
            processes = _processes(pool)
            try:
                async with asyncio.timeout(self._within):
                    return await reading
            except TimeoutError:
                self.close()
                return ParsedMail(None, unreadable="reading-took-too-long", size=len(raw))
            except MemoryError:
                break
            except BrokenProcessPool:
                await asyncio.to_thread(pool.shutdown)  # until it is over, the exit code may not be known yet
                self.close()
                if any(process.exitcode == -signal.SIGXCPU for process in processes):
                    return ParsedMail(None, unreadable="reading-took-too-long", size=len(raw))
        return ParsedMail(None, unreadable="reading-died", size=len(raw))

    def _open_pool(self) -> ProcessPoolExecutor:
        if self._pool is None:
            spawn = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(1, spawn, end_with_the_desk, max_tasks_per_child=100)
        return self._pool

    def close(self) -> None:
        """End the other process, whatever it does; the next large mail gets a new one."""
        pool, self._pool = self._pool, None
        if pool is not None:
            for process in _processes(pool):
                process.kill()
            pool.shutdown(wait=False, cancel_futures=True)


def _processes(pool: ProcessPoolExecutor) -> list[BaseProcess]:
    return list((pool._processes or {}).values())
