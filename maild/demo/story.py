"""How does maild work, seen from outside? `maild demo`: a mail server, the daemon beside it, and a story told live."""

import asyncio
import signal
from contextlib import AsyncExitStack

from aiosmtplib import SMTPException
from rich.console import Console
from rich.text import Text

from maild.daemon import build as build_daemon
from maild.demo.cast import ALICE, BRUNO, DORA, LEA, PASSWORD, SUPPORT
from maild.demo.narrator import Narrator
from maild.demo.opening import USUAL_PORTS, Build, endpoints, open_stage
from maild.demo.people import NoSuchLabel
from maild.demo.scenes import SCENES, Story
from maild.demo.stage import Stage, Unmet
from maild.errors import Temporary

_ANY_PORTS = (0, 0)


async def run(
    *,
    once: bool,
    console: Console | None = None,
    pace: float = 1.2,
    build: Build = build_daemon,
    patience: float = 8.0,
) -> int:
    """Tell the story; 0 if each step held, else 1. Unless `once` it then stays up until Ctrl-C or SIGTERM.

    `pace`: seconds to read each thing, on a terminal alone. `patience`: seconds after which something is taken not to
    happen. `build` makes the daemon.
    """
    console = console or Console()
    narrator = Narrator(console, pace)
    async with AsyncExitStack() as stack:
        stage = await _open(stack, once=once, build=build, patience=patience)
        imap, smtp = endpoints(stage.server)
        await narrator.says(f"An IMAP server on {imap}, an SMTP server on {smtp}, and maild beside them.")
        await tell(Story(stage, narrator), narrator)
        if not once:
            await _stay(stage, console)
    return 1 if narrator.failed else 0


async def _open(stack: AsyncExitStack, *, once: bool, build: Build, patience: float) -> Stage:
    """On the usual ports where somebody may want to connect, and on any others where those are taken."""
    if not once:
        try:
            return await stack.enter_async_context(open_stage(ports=USUAL_PORTS, build=build, patience=patience))
        except OSError:
            pass  # another demo, or another server, has them
    return await stack.enter_async_context(open_stage(ports=_ANY_PORTS, build=build, patience=patience))


async def tell(story: Story, narrator: Narrator) -> None:
    """Play every scene; after each nobody may have got more than it says. One that fails does not end the story."""
    for number, (title, scene) in enumerate(SCENES, 1):
        await narrator.begins(number, title)
        try:
            await scene(story)
            await story.stage.nobody_else_gets_anything()
            continue
        except Unmet as failure:
            await narrator.fails(failure.expected, failure.seen)
        except (Temporary, SMTPException, NoSuchLabel) as failure:
            await narrator.fails("the step can be played", f"{type(failure).__name__}: {failure}")
        await story.stage.forget_unread()
    narrator.ends(len(SCENES))


async def _stay(stage: Stage, console: Console) -> None:
    """Say how to connect one's own mail client, and wait for the end."""
    imap, smtp = endpoints(stage.server)
    lines = (
        "",
        "The desk stays up. Connect your own mail client:",
        f"  IMAP      {imap}, no encryption",
        f"  SMTP      {smtp}, no encryption, log in as the same user",
        f"  password  {PASSWORD}, for every user:",
        *(f"  {who.address:<26}{part}" for who, part in _PARTS),
        "",
        "Try: write to support@ as Alice; answer as Léa by Reply, with #attente or #résolu on a line of its own;",
        "write « Re: ... » to support@ without a reference; click a link in a mail; look into Processed and Held.",
        f"Rules, database and log: {stage.folder}",
        "All of it is in memory or in that folder, and goes with it. Ctrl-C ends.",
    )
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    console.print(Text("\n".join(lines)))
    waiting = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([waiting, stage.running], return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
    if stage.running.done():
        stage.running.result()  # it ended by an error: that is ours, and is shown as such


_PARTS = (
    (ALICE, "a customer"),
    (BRUNO, "another customer"),
    (DORA, "somebody unknown"),
    (LEA, "the agent"),
    (SUPPORT, "the desk: maild reads it; look, but leave it"),
)
