"""How does one mail get to the server, and what became of it? One persistent connection; aiosmtplib stops here.

Promises: nothing leaves in clear where TLS is asked for; a fault of the world is an Outcome, never an exception; one
mail in is one mail out, whatever bare CR and LF it holds (RFC 5321 2.3.8, 4.1.1.4); before `before_data` has returned
no byte of the mail leaves, so that what fails earlier was surely not sent.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiosmtplib import SMTP, SMTPException, SMTPHeloError, SMTPResponse, SMTPResponseException

from maild.crash import point
from maild.errors import BadConfig
from maild.outbox.outcome import AUTH_CODES, Deferred, Outcome, Refused, Sent, TransportDown, Uncertain, clean, judge
from maild.outbox.wire import on_the_wire, path
from maild.settings import Smtp

IDLE_FOR = 60.0  # seconds without a mail after which the connection is dropped: servers dislike idle clients
MAX_MAILS = 100  # on one connection: some servers refuse more


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long a reply may take, in seconds: RFC 5321 4.5.3.2. `block` is allowed for each MiB of a mail."""

    greeting: float = 300
    mail: float = 300
    rcpt: float = 300
    data: float = 120
    block: float = 180
    dot: float = 600
    quit: float = 5


_WORLD = (SMTPException, OSError)  # TimeoutError and ssl.SSLError are OSErrors


class Transport:
    """One connection to the server of `smtp:`, opened when there is something to send. For one task at a time.

    `password` gives the secret, or None where there is none; `hostname` is our name in EHLO; `timeouts`, `idle_for` in
    seconds and `max_mails` are for a nearer or stricter server.
    """

    def __init__(
        self,
        settings: Smtp,
        password: Callable[[], str | None],
        hostname: str,
        timeouts: Timeouts | None = None,
        *,
        idle_for: float = IDLE_FOR,
        max_mails: int = MAX_MAILS,
    ) -> None:
        self._settings = settings
        self._password = password
        self._hostname = hostname
        self._timeouts = timeouts or Timeouts()
        self._idle_for = idle_for
        self._max_mails = max_mails
        self._tls: ssl.SSLContext | None = None
        self._client: SMTP | None = None
        self._wire: asyncio.BaseTransport | None = None  # the library forgets it when it gives up
        self._mails = 0  # sent on this connection
        self._idle: asyncio.TimerHandle | None = None
        self._leaving: set[asyncio.Task[None]] = set()

    async def send(
        self, sender: str, recipient: str, data: bytes, *, before_data: Callable[[], Awaitable[None]]
    ) -> Outcome:
        """Try once to send `data` to one recipient. `sender` '' is the null sender.

        Once the recipient is accepted `before_data` is awaited, and only then is the mail sent; what it raises comes
        out of here and nothing was sent.
        """
        payload = on_the_wire(data)
        if self._idle is not None:
            self._idle.cancel()
        is_calm = False
        try:
            outcome = await self._envelope_on_any_connection(sender, recipient, payload)
            if outcome is None:
                point("K16")
                await before_data()
                point("K17")  # before a byte of it left: an odd pass
                outcome = await self._content(payload)
            if self._client is not None and not isinstance(outcome, Sent):
                await self._reset()
            is_calm = True
        finally:
            if not is_calm:  # cancelled, or before_data failed: nobody knows what the server waits for
                self._drop()
        if isinstance(outcome, Sent):
            self._mails += 1
        if self._mails >= self._max_mails:
            self._leave()
        if self._client is not None:
            self._idle = asyncio.get_running_loop().call_later(self._idle_for, self._leave)
        return outcome

    async def close(self) -> None:
        """Take leave of the server, if it is still there."""
        self._leave()
        if self._leaving:
            await asyncio.wait(self._leaving)

    # -- the connection

    async def _connect(self) -> TransportDown | None:
        """Connection, TLS, login; None if all went well."""
        try:
            if self._tls is None and self._settings.tls != "none":
                self._tls = await asyncio.to_thread(ssl.create_default_context, cafile=self._settings.ca)
            password = self._password() if self._settings.user is not None else None
        except (OSError, BadConfig) as error:
            return TransportDown(clean(str(error)), is_configuration=True)
        if self._settings.user is not None and password is None:
            return TransportDown("there is no password for smtp.user", is_configuration=True)
        self._mails = 0
        try:
            client = self._client = SMTP(
                hostname=self._settings.host,
                port=self._settings.effective_port,
                use_tls=self._settings.tls == "implicit",
                start_tls=False,  # never None: that is opportunistic and goes on in clear
                tls_context=self._tls,
                local_hostname=self._hostname,
                timeout=self._timeouts.greeting,
            )
            await client.connect()
            self._wire = client.transport
            await self._greet(client)
            if self._settings.tls == "starttls":
                if not client.supports_extension("starttls"):
                    self._drop()
                    return TransportDown("no STARTTLS is offered: nothing is sent in clear", is_configuration=True)
                await client.starttls()
                self._wire = client.transport
                await self._greet(client)
            if self._settings.user is not None and password is not None:
                await self._login(client, self._settings.user, password)
        except (*_WORLD, ValueError) as error:  # ValueError: a host name that can't be one
            self._drop()
            return _down(error)
        return None

    async def _greet(self, client: SMTP) -> None:
        try:
            await client.ehlo()
        except SMTPHeloError:
            if not client.is_connected:
                raise
            await client.helo()

    async def _login(self, client: SMTP, user: str, password: str) -> None:
        """One method and one try, so that a wrong password is counted once where servers lock accounts."""
        methods = {"plain": client.auth_plain, "login": client.auth_login, "cram-md5": client.auth_crammd5}
        order = ("plain", "login", "cram-md5") if self._settings.tls != "none" else ("cram-md5", "plain", "login")
        method = next((methods[name] for name in order if name in client.server_auth_methods), None)
        if method is None:
            raise SMTPResponseException(538, f"no way to log in that we know, only: {client.server_auth_methods}")
        await method(user, password)

    def _drop(self) -> None:
        """End the connection at once. Aborted, not closed: bytes still waiting to be sent must not leave any more."""
        if isinstance(self._wire, asyncio.WriteTransport):
            self._wire.abort()
        if self._client is not None:
            self._client.close()
        self._client = self._wire = None

    def _leave(self) -> None:
        """Say QUIT beside whatever comes next; the next mail gets a new connection."""
        if self._idle is not None:
            self._idle.cancel()
        client, self._client, self._wire = self._client, None, None
        if client is not None:
            task = asyncio.get_running_loop().create_task(self._quit(client))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    async def _quit(self, client: SMTP) -> None:
        try:
            await client.quit(timeout=self._timeouts.quit)
        except _WORLD:
            pass  # it has gone already
        finally:
            client.close()

    # -- one mail

    async def _envelope_on_any_connection(self, sender: str, recipient: str, payload: bytes) -> Outcome | None:
        """MAIL and RCPT; None if both were accepted. A connection that went away while it was idle gets a successor."""
        is_reused = self._client is not None and self._client.is_connected
        if is_reused:
            outcome = await self._envelope(sender, recipient, payload)
            if not (isinstance(outcome, Deferred) and self._client is None):
                return outcome
        self._drop()
        return await self._connect() or await self._envelope(sender, recipient, payload)

    async def _envelope(self, sender: str, recipient: str, payload: bytes) -> Outcome | None:
        client = self._client
        assert client is not None
        paths = path(sender), path(recipient)
        if paths[0] is None or not paths[1]:
            return Refused(553, f"5.1.3 not an address that SMTP can carry: {clean(recipient if paths[0] else sender)}")
        options = ""
        if not (paths[0] + paths[1]).isascii():
            if not client.supports_extension("smtputf8"):
                return Refused(553, "5.6.7 the address needs SMTPUTF8, which the server does not offer")
            options += " SMTPUTF8"
        if not payload.isascii() and client.supports_extension("8bitmime"):
            options += " BODY=8BITMIME"
        if client.supports_extension("size"):
            limit = client.esmtp_extensions["size"].strip()
            if limit.isdecimal() and 0 < int(limit) < len(payload):
                return Refused(552, f"5.3.4 the mail has {len(payload)} octets, the server takes {limit}")
            options += f" SIZE={len(payload)}"
        point("K15")
        reply = await self._command("MAIL", f"FROM:<{paths[0]}>{options}", self._timeouts.mail)
        if isinstance(reply, SMTPResponse):
            reply = await self._command("RCPT", f"TO:<{paths[1]}>", self._timeouts.rcpt)
        return None if isinstance(reply, SMTPResponse) else reply

    async def _command(self, verb: str, rest: str, timeout: float) -> SMTPResponse | Outcome:
        """The reply if it is the one hoped for (2xx; 354 to DATA), else what it means."""
        client = self._client
        assert client is not None
        try:
            words = [verb.encode(), *([rest.encode("utf-8")] if rest else [])]
            reply = await client.execute_command(*words, timeout=timeout)
        except _WORLD as error:  # lost, silent, or talking nonsense (aiosmtplib's code -1)
            self._drop()
            return Deferred(0, f"{verb}: {_say(error)}")
        if reply.code == 354 if verb == "DATA" else 200 <= reply.code <= 299:
            return reply
        if reply.code == 421 or not 400 <= reply.code <= 599:
            self._drop()
        return judge(verb, reply.code, reply.message)

    async def _content(self, payload: bytes) -> Outcome:
        """DATA, the mail, the dot. Up to the server's 354 it is surely not sent, after it the reply alone can tell."""
        reply = await self._command("DATA", "", self._timeouts.data)
        if not isinstance(reply, SMTPResponse):
            return reply
        client = self._client
        assert client is not None
        protocol = client.protocol
        if protocol is None:
            self._drop()
            return Deferred(0, "DATA: connection lost")
        allowed = self._timeouts.dot + self._timeouts.block * (1 + len(payload) // 2**20)
        try:
            # not client.data(): there an EOF before the 354 looks like one after the dot
            protocol.write(payload)
            point("K17")  # after all of it left: an even pass
            reply = await protocol.read_response(timeout=allowed)
        except _WORLD as error:
            self._drop()
            return Uncertain(f"after DATA: {_say(error)}")
        if 200 <= reply.code <= 299:
            return Sent(clean(reply.message))
        if reply.code == 421 or not 400 <= reply.code <= 599:
            self._drop()
        if not 400 <= reply.code <= 599:
            return Uncertain(f"after DATA: {reply.code} {clean(reply.message)}")
        return judge("dot", reply.code, reply.message)

    async def _reset(self) -> None:
        """After a refusal: the next MAIL must not be nested in this one."""
        if self._client is not None and self._client.is_connected:
            await self._command("RSET", "", self._timeouts.mail)
        else:
            self._drop()


def _say(error: BaseException) -> str:
    return clean(str(error) or type(error).__name__)


def _down(error: Exception) -> TransportDown:
    """Why there is no connection, and whether waiting may help."""
    is_tls = isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError)
    is_refusal = isinstance(error, SMTPResponseException) and (error.code in AUTH_CODES or 500 <= error.code <= 599)
    text = f"{error.code} {clean(error.message)}" if isinstance(error, SMTPResponseException) else _say(error)
    return TransportDown(text, is_configuration=is_tls or is_refusal or isinstance(error, ValueError))
