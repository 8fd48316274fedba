"""How can there be a whole mail server in this process? IMAP by pymap, in memory; SMTP by aiosmtpd; loopback only.

It stamps mail as a real receiving server does (stamp.py), so that what maild trusts about a sender can be tried.
"""

import asyncio
import hmac
import logging
from argparse import Namespace
from collections.abc import Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from proxyprotocol.result import ProxyResultLocal
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, DictBackend, Identity, Login
from pymap.backend.dict.filter import FilterSet
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import FetchRequirement
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from maild.clock import Clock, SystemClock
from maild.demo.folders import Folders
from maild.demo.stamp import base_address, stamped
from maild.mail import address_key

HOST = "127.0.0.1"

logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd warns of its own deprecated names at each login


class _QuickConfig(Config):
    """pymap's own greeting asks the DNS for this machine's name, which may take seconds."""

    @property
    def greeting(self) -> bytes:
        return b"maild demo"


class DemoServer:
    """IMAP and SMTP for a few accounts, on 127.0.0.1 with free ports unless ports are given.

    `users` maps full addresses to passwords; both protocols take the full address as the user name. Folders that a mail
    is delivered to are made when missing. Nothing is encrypted and nothing survives the process: never for real mail.
    """

    def __init__(
        self,
        users: Mapping[str, str],
        *,
        authserv_id: str,
        imap_port: int = 0,
        smtp_port: int = 0,
        clock: Clock | None = None,
    ) -> None:
        self.users = {address_key(address): password for address, password in users.items()}
        self.authserv_id = authserv_id
        self.imap_port = imap_port
        self.smtp_port = smtp_port
        self._clock = clock or SystemClock()
        self._stack = AsyncExitStack()
        self._imap_sessions: set[asyncio.Task[None]] = set()
        self._smtp_sessions: set[asyncio.Transport] = set()

    async def __aenter__(self) -> Self:
        self._config = _QuickConfig(
            Namespace(proxy_protocol=None),
            host=HOST,
            port=self.imap_port,
            tls_enabled=False,
            hash_context=Cleartext(),
            cpu_subsystem=Subsystem.for_asyncio(),
            invalid_user_sleep=0.0,
            demo_data=False,
            demo_user="",
            demo_password="",
        )
        self._backend = DictBackend(Login(self._config), self._config)
        for address, password in self.users.items():
            await self._identity(address).set(UserMetadata(self._config, address, password=password))
            self._config.set_cache[address] = (Folders(), FilterSet())
        self._serve_imap = IMAPServer(self._backend.login, self._config)
        try:
            imap = await asyncio.start_server(self._imap_session, HOST, self.imap_port)
            self._stack.callback(imap.close)
            smtp = await asyncio.get_running_loop().create_server(self._smtp_protocol, HOST, self.smtp_port)
            self._stack.callback(smtp.close)
        except OSError:
            await self._stack.aclose()
            raise
        self.imap_port = imap.sockets[0].getsockname()[1]
        self.smtp_port = smtp.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()
        for transport in tuple(self._smtp_sessions):
            transport.abort()
        sessions = tuple(self._imap_sessions)
        for session in sessions:
            session.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)

    async def deliver(self, address: str, raw: bytes, folder: str = "INBOX") -> None:
        """Put a mail into a folder as it is, without any stamp. KeyError where the account does not exist."""
        async with self._identity(self._account(address)).new_session() as session:
            boxes = session.mailbox_set
            if folder.upper() != "INBOX" and folder not in {
                entry.name for entry in (await boxes.list_mailboxes()).list()
            }:
                await boxes.add_mailbox(folder)
            await session.append_messages(folder, [AppendMessage(raw, self._clock.now())])

    async def messages(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """The mails of a folder, oldest first; none where the folder does not exist."""
        async with self._identity(self._account(address)).new_session() as session:
            try:
                box = await session.mailbox_set.get_mailbox(folder)
            except KeyError:
                return []
            found = [message async for message in box.messages()]
            return [bytes((await message.load_content(FetchRequirement.CONTENT)).get_body()) for message in found]

    def _account(self, address: str) -> str:
        """The account that an address leads to, plus-address or not."""
        account = base_address(address)
        if account not in self.users:
            raise KeyError(address)
        return account

    def _identity(self, account: str) -> Identity:
        return Identity(account, self._backend.login, None, frozenset())

    # -- IMAP

    async def _imap_session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._imap_sessions.add(task)
        try:
            await self._serve_imap(reader, writer, SocketInfo.get(writer, ProxyResultLocal()))
        except (ConnectionError, EOFError):
            pass  # the client has gone: it may
        finally:
            self._imap_sessions.discard(task)

    # -- SMTP: the hooks have the names that aiosmtpd looks for

    def _smtp_protocol(self) -> SMTP:
        return _TrackedSMTP(
            self,
            self._smtp_sessions,
            data_size_limit=None,
            enable_SMTPUTF8=True,
            hostname=self.authserv_id,
            ident="maild demo",
            auth_require_tls=False,
            authenticator=self._authenticate,
            loop=asyncio.get_running_loop(),
        )

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, credentials: LoginPassword
    ) -> AuthResult:
        account = address_key(credentials.login.decode("utf-8", "replace"))
        expected = self.users.get(account)
        if expected is None or not hmac.compare_digest(expected.encode(), credentials.password):
            return AuthResult(success=False, handled=False)
        return AuthResult(success=True, auth_data=account)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Known accounts, plus-addresses too; nobody else."""
        if base_address(address) not in self.users:
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Stamp the mail and deliver it once to each account."""
        content: Any = envelope.original_content or b""
        raw = stamped(
            bytes(content),
            authserv_id=self.authserv_id,
            mail_from=envelope.mail_from or "",
            recipient=envelope.rcpt_tos[0] if len(envelope.rcpt_tos) == 1 else "",
            helo=session.host_name or "unknown",
            account=session.auth_data if session.authenticated else None,
            hosted={address.rpartition("@")[2] for address in self.users},
            at=self._clock.now(),
        )
        for account in dict.fromkeys(map(self._account, envelope.rcpt_tos)):
            await self.deliver(account, raw)
        return "250 2.6.0 delivered"


class _TrackedSMTP(SMTP):
    """Its connection can be ended from outside, which a server's close() alone does not do."""

    def __init__(self, handler: object, sessions: set[asyncio.Transport], **options: Any) -> None:
        super().__init__(handler, **options)
        self._sessions = sessions

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        assert isinstance(transport, asyncio.Transport)
        self._mine = transport
        self._sessions.add(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._sessions.discard(self._mine)
        super().connection_lost(error)
