"""What is there before the story begins? The embedded server, rules and secrets, the daemon, the people."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from maild.clock import CountingClock
from maild.config.load import load
from maild.daemon import Daemon
from maild.demo.cast import ACCOUNTS, OUTSIDE, PASSWORD
from maild.demo.moving_clock import MovingClock
from maild.demo.people import MailClient
from maild.demo.server import HOST, DemoServer
from maild.demo.stage import Stage
from maild.settings import Settings

Build = Callable[[Settings, CountingClock], Daemon]
USUAL_PORTS = (1143, 1025)  # IMAP, SMTP: so that a mail client can stay set up from one demo to the next
_IN_RULES = ("port: 1143", "port: 1025")  # as they stand in the shipped rules.yaml
_STOP_WITHIN = 10.0  # seconds


@asynccontextmanager
async def open_stage(*, ports: tuple[int, int], build: Build, patience: float) -> AsyncIterator[Stage]:
    """Start everything, and end it in order. OSError where a port is taken. Port 0 stands for any free one."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="maild-demo-")))
        stack.enter_context(_log_into(folder / "maild.log"))
        users = {who.address: PASSWORD for who in ACCOUNTS}
        server = DemoServer(users, authserv_id="mx.isybuy.example", imap_port=ports[0], smtp_port=ports[1])
        await stack.enter_async_context(server)
        settings = load(_write_rules(folder, server))
        clock = MovingClock(settings.site.zone)
        daemon = build(settings, clock)
        stack.push_async_callback(daemon.database.close)
        stop = asyncio.Event()
        running = asyncio.create_task(daemon.run(stop), name="maild")
        stack.push_async_callback(_end, running, stop)
        imap = settings.mailboxes["support"].imap
        assert imap is not None
        people = {}
        for who in (*ACCOUNTS, OUTSIDE):
            password = users.get(who.address)
            people[who.address] = MailClient(who, password, imap, server.smtp_port, clock.now, settings.site.zone)
            stack.push_async_callback(people[who.address].close)
        yield Stage(server, settings, daemon, running, clock, people, folder, patience)


async def _end(running: asyncio.Task[None], stop: asyncio.Event) -> None:
    """Ask the daemon to stop. What it failed of was told by the step that failed with it."""
    stop.set()
    done, _ = await asyncio.wait([running], timeout=_STOP_WITHIN)
    if not done:
        running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def _write_rules(folder: Path, server: DemoServer) -> Path:
    """The shipped rules with the server's ports, and the password in a file that only we can read."""
    rules = files("maild.demo").joinpath("rules.yaml").read_text("utf-8")
    for written, port in zip(_IN_RULES, (server.imap_port, server.smtp_port), strict=True):
        assert rules.count(written) == 1, f"'{written}' in the shipped rules"
        rules = rules.replace(written, f"port: {port}")
    path, secrets = folder / "rules.yaml", folder / "secrets"
    path.write_text(rules, "utf-8")
    secrets.mkdir(mode=0o700)
    secret = secrets / "support"
    secret.touch(mode=0o600)
    secret.write_text(PASSWORD, "utf-8")
    return path


@contextmanager
def _log_into(path: Path) -> Iterator[None]:
    """The daemon's log goes to a file while the story is told, then wherever it went before."""
    before = structlog.get_config()
    with path.open("w", encoding="utf-8") as file:
        structlog.configure(
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper("iso"),
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            logger_factory=structlog.WriteLoggerFactory(file),
            cache_logger_on_first_use=False,
        )
        try:
            yield
        finally:
            structlog.configure(**before)


def endpoints(server: DemoServer) -> tuple[str, str]:
    """IMAP and SMTP as `host:port`."""
    return f"{HOST}:{server.imap_port}", f"{HOST}:{server.smtp_port}"
