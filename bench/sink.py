"""An SMTP server in a process of its own, which takes everything: its port is its first line of output."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from faults.relay import Relay


async def _serve() -> None:
    async with Relay() as relay:
        print(relay.port, flush=True)
        await asyncio.Event().wait()


@asynccontextmanager
async def sink() -> AsyncIterator[int]:
    """Its port; it ends with the block."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.sink", stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield int(await process.stdout.readline())
    finally:
        process.kill()
        await process.wait()


if __name__ == "__main__":
    asyncio.run(_serve())
