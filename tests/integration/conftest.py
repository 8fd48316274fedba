"""Which servers do the integration tests have? Dovecot, if installed, once a session; the embedded one once a test."""

from collections.abc import AsyncIterator, Iterator

import pytest
from mail_servers import ALICE, SUPPORT, Account, Dovecot

from maild.demo.server import DemoServer


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    if Dovecot.program() is None:
        pytest.skip("dovecot is not installed (apt-get install dovecot-imapd)")
    server = Dovecot().start()
    yield server
    server.stop()


@pytest.fixture
async def demo_server() -> AsyncIterator[DemoServer]:
    async with DemoServer({SUPPORT: "secret", ALICE: "alice's"}, authserv_id="mx.desk.example") as server:
        yield server


@pytest.fixture(params=["dovecot", "embedded"])
def account(request: pytest.FixtureRequest) -> Account:
    """An empty account, on either server."""
    if request.param == "dovecot":
        made: Account = request.getfixturevalue("dovecot").account()
        return made
    server: DemoServer = request.getfixturevalue("demo_server")
    return Account(server.imap_port, SUPPORT, "secret")
