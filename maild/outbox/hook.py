"""How does a word leave that no mail server takes? By a command of the admin's own.

It is run as it is written, without a shell, and gets the alert as JSON on standard input. It may hang, fail or say more
than anybody reads: after its time it is ended with all that it started, and only the beginning of its output is kept.
"""

import asyncio
import json
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import FileIO
from typing import Any

from maild.errors import Temporary
from maild.outbox.ports import Log

ENDS_WITHIN = 30.0  # seconds
MOST_SAID = 2000  # octets of its output that go to the log
_AT_ONCE = 65536  # octets; a flood is read slowly, so that it costs nothing
_PAUSE = 0.01  # seconds
_LAST_WORDS = 0.5  # seconds for output that is still on its way; what it left running may hold the pipe for ever
_PASSED_ON = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR")  # ours holds secrets


class Hook:
    """That command."""

    def __init__(self, command: Sequence[str], log: Log, *, ends_within: float = ENDS_WITHIN) -> None:
        self._command = tuple(command)
        self._log = log
        self._ends_within = ends_within

    async def run(self, said: Mapping[str, Any]) -> None:
        """Run it with `said` on its standard input, and the texts of `said` but the long one as MAILD_NOTICE and so on.

        Temporary where it can't be started, takes too long, or ends otherwise than with 0.
        """
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment |= {f"MAILD_{name.upper()}": str(value) for name, value in said.items() if name != "text"}
        try:
            reading, writing = os.pipe()  # not asyncio's own: it would wait for whatever the command left running
        except OSError as error:
            raise Temporary(f"the alert command can't be started: {error}") from None
        pipe = os.fdopen(reading, "rb", 0)
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=writing,
                stderr=writing,
                env=environment,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            pipe.close()
            raise Temporary(f"the alert command can't be started: {error}") from None
        finally:
            os.close(writing)
        output = bytearray()
        listening = asyncio.ensure_future(_listen(pipe, output))
        try:
            async with asyncio.timeout(self._ends_within):
                await _tell(process, json.dumps(said, ensure_ascii=False).encode() + b"\n")
                code = await process.wait()
                await asyncio.wait({listening}, timeout=_LAST_WORDS)
        except TimeoutError:
            raise Temporary(
                f"the alert command took more than {self._ends_within:g} s; it said: {_shown(output)}"
            ) from None
        finally:
            await _end(process)
            listening.cancel()
            await asyncio.wait({listening})
            pipe.close()
        if code != 0:
            raise Temporary(f"the alert command ended with {code}; it said: {_shown(output)}")
        self._log.info("alert command ran", notice=said.get("notice"), said=_shown(output))


async def _tell(process: asyncio.subprocess.Process, data: bytes) -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError, ConnectionResetError):  # it need not read
        process.stdin.write(data)
        await process.stdin.drain()
    process.stdin.close()


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill it and what it started, unless it has ended by itself."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def _listen(pipe: FileIO, output: bytearray) -> None:
    """Keep the beginning of what comes, and throw away the rest so that the writer need not wait."""
    loop, reader = asyncio.get_running_loop(), asyncio.StreamReader()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    try:
        while data := await reader.read(_AT_ONCE):
            output += data[: MOST_SAID - len(output)]
            if len(output) >= MOST_SAID:
                await asyncio.sleep(_PAUSE)
    finally:
        transport.close()


def _shown(output: bytearray) -> str:
    """One line that steers no terminal."""
    text = output.decode("utf-8", "replace")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
