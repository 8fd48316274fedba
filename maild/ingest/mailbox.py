"""What can be done with a mailbox on an IMAP server? Select, list, fetch, move, wait: typed, in UIDs, each with an end.

Sender data never enters a command: names come from the settings, all else is numbers.
"""

import asyncio
import base64
import re
import ssl
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar, NamedTuple, Self

import structlog

from maild.crash import point
from maild.errors import Temporary
from maild.ingest.imap_protocol import ConnectionLost, Protocol, Refused, first_of
from maild.ingest.wire import Garbled, copied, fetch_items, folder_name, instant, numbers, quoted, uid_sets
from maild.settings import Imap

FILED = "$MaildFiled"  # marks what was filed, where a mail can't be taken out of the folder
ANSWER_WITHIN = 50.0  # seconds that a server may be silent: after a slice of IDLE still less than five minutes (I05)
GOODBYE = 5.0  # seconds for a polite end

_log = structlog.get_logger(__name__)
_TRY_LATER = ("[UNAVAILABLE]", "[INUSE]", "[SERVERBUG]")  # RFC 5530: such a NO says nothing of the password
_UIDVALIDITY = re.compile(rb"\* OK \[UIDVALIDITY (\d{1,10})\]", re.IGNORECASE)
_UIDNEXT = re.compile(rb"\* OK \[UIDNEXT (\d{1,10})\]", re.IGNORECASE)
_EXISTS = re.compile(rb"\* (\d{1,10}) EXISTS", re.IGNORECASE)
_PERMANENT_FLAGS = re.compile(rb"\* OK \[PERMANENTFLAGS \((.*?)\)", re.IGNORECASE)


class LoginRefused(Temporary):
    """The server does not take the name and password, or offers no way to send them."""


class Selected(NamedTuple):
    """What the server says of the folder that was selected."""

    uidvalidity: int
    exists: int
    uidnext: int | None = None  # the least UID that a mail may get from now on; some servers do not say


class Mailbox:
    """One connection to one account, for one task. After any Temporary but Refused it is of no more use."""

    PROTOCOL: ClassVar[type[Protocol]] = Protocol
    OPENS_WITH: ClassVar[str] = "SELECT"  # read_only.py says otherwise

    def __init__(self, name: str, protocol: Protocol) -> None:
        self._name = name
        self._protocol = protocol
        self._may_mark = True
        self._has_idle = False

    @classmethod
    async def connect(cls, name: str, settings: Imap, password: str, *, timeout: float = ANSWER_WITHIN) -> Self:
        """Connect and log in. `timeout`: seconds that the server may be silent, for every command.

        Temporary where there is no connection or no trust in its certificate, LoginRefused for name and password.
        With `starttls` and `implicit` nothing is ever sent in clear.
        """
        host, port = settings.host, settings.effective_port
        protocol = cls.PROTOCOL(timeout)
        loop = asyncio.get_running_loop()
        try:
            context = await asyncio.to_thread(_tls_context, settings.ca) if settings.tls != "none" else None
            async with asyncio.timeout(timeout):
                is_implicit = settings.tls == "implicit"
                await loop.create_connection(lambda: protocol, host, port, ssl=context if is_implicit else None)
            await protocol.greeting()
            await protocol.capability()
            if settings.tls == "starttls" and context is not None:
                await protocol.starttls(context, host)
            await _login(protocol, settings.user, password)
            box = cls(name, protocol)
            box._has_idle = "IDLE" in protocol.capabilities
            box._report_alerts()
            return box
        except TimeoutError:
            protocol.give_up("no answer in time")
            raise Temporary(f"{host}:{port} gave no answer within {timeout:g} s") from None
        except OSError as error:  # ssl.SSLError is one
            protocol.give_up("no connection")
            raise Temporary(f"no connection to {host}:{port}: {error}") from None
        except BaseException:
            protocol.give_up("not logged in")
            raise

    async def select(self, folder: str) -> Selected:
        """Make a folder the one that all else is about. Refused where it does not exist."""
        responses = [r[0] for r in await self._protocol.run(self.OPENS_WITH, folder_name(folder))]
        validity = [m[1] for line in responses if (m := _UIDVALIDITY.match(line))]
        exists = [m[1] for line in responses if (m := _EXISTS.match(line))]
        if not validity:
            raise ConnectionLost("the folder has no UIDVALIDITY, so its mails have no lasting names")
        flags = [m[1].lower() for line in responses if (m := _PERMANENT_FLAGS.match(line))]
        self._may_mark = not flags or b"\\*" in flags[-1] or FILED.lower().encode() in flags[-1].split()
        following = [int(m[1]) for line in responses if (m := _UIDNEXT.match(line))]
        return Selected(int(validity[-1]), int(exists[-1]) if exists else 0, following[-1] if following else None)

    async def ensure_folder(self, folder: str) -> None:
        """Make a folder unless it is there. Refused where it is not and can't be made."""
        name = folder_name(folder)
        try:
            await self._protocol.run("CREATE", name)
        except Refused:
            # Servers differ in how they say that it exists. The question is answered with NO where it does not.
            await self._protocol.run("STATUS", name, "(UIDNEXT)")

    async def uids(self) -> list[int]:
        """The UIDs of all mails in the folder that were not filed, ascending; seen or not, flagged or not.

        The whole folder, not `n:*`: that always names the last mail, new or not, and a cursor can miss what a server
        delivers late under a lower UID. NOOP first: a server need not tell a SEARCH what came since.
        """
        await self._protocol.run("NOOP")
        self._protocol.news.clear()  # from here on the SEARCH, or the next news, shows it
        criteria = ("ALL",) if self._can_take_out else ("UNKEYWORD", FILED)
        responses = await self._protocol.run("SEARCH", *criteria, prefix="UID")
        self._report_alerts()
        return numbers(r[0] for r in responses if r[0][:8].upper() == b"* SEARCH")

    async def sizes(self, uids: Iterable[int]) -> dict[int, int]:
        """The sizes in octets, as the server counts, of those mails that are there."""
        found: dict[int, int] = {}
        for items in await self._fetched(uids, "RFC822.SIZE"):
            uid, size = items.get(b"UID"), items.get(b"RFC822.SIZE")
            if uid is not None and size is not None and size.isdigit():
                found[int(uid)] = int(size)
        return found

    async def fetch(self, uids: Iterable[int]) -> dict[int, bytes]:
        """The mails themselves, octet for octet, of those that are there; they stay unseen.

        What is returned was read to the last octet and confirmed by the tagged OK. Where the server's RFC822.SIZE says
        otherwise, the octets count: some servers guess.
        """
        found: dict[int, bytes] = {}
        for items in await self._fetched(uids, "BODY.PEEK[]"):
            uid, raw = items.get(b"UID"), items.get(b"BODY[]")
            if uid is not None and raw is not None:
                found[int(uid)] = raw
        return found

    async def piece(self, uid: int, offset: int, length: int) -> bytes | None:
        """At most so many octets of a mail from there on; b"" beyond its end, None where it is not there any more."""
        for items in await self._fetched([uid], f"BODY.PEEK[]<{offset}.{length}>"):
            name = b"BODY[]<%d>" % offset
            if name in items:
                octets = items[name] or b""
                if len(octets) > length:
                    raise Garbled(f"{len(octets)} octets of a mail where {length} were asked for")
                return octets
        return None

    async def dates(self, uids: Iterable[int]) -> dict[int, datetime]:
        """When those mails came to the server (INTERNALDATE), where it says so in a way that can be read."""
        found: dict[int, datetime] = {}
        for items in await self._fetched(uids, "INTERNALDATE"):
            at = instant(items.get(b"INTERNALDATE") or b"")
            if at is not None:
                found[int(items[b"UID"] or 0)] = at
        return found

    @property
    def tells_places(self) -> bool:
        """Whether the server says where moved mails lie (RFC 4315)."""
        return "UIDPLUS" in self._protocol.capabilities

    @property
    def has_news(self) -> bool:
        """Whether the server has said, since `uids`, that there may be new mail."""
        return self._protocol.news.is_set()

    @property
    def is_lost(self) -> bool:
        """Whether the connection is of no more use."""
        return self._protocol.is_lost

    async def move(self, uids: Sequence[int], folder: str) -> dict[int, tuple[int, int]]:
        """Take mails out of the folder into another that exists; what is not there any more is passed over.

        Gives (UIDVALIDITY, UID) in the other folder of each of which the server says it (COPYUID).

        MOVE (RFC 6851); else COPY and UID EXPUNGE of exactly these (RFC 4315); else COPY and a keyword that `uids`
        leaves out. Never a plain EXPUNGE, which would take what a person has marked for deletion.
        """
        if not self._can_take_out and not self._may_mark:
            raise Refused("the server has neither MOVE nor UIDPLUS and takes no keyword, so mail can't be filed")
        name = folder_name(folder)
        places: dict[int, tuple[int, int]] = {}
        for numbers_, asked in uid_sets(uids):
            if "MOVE" in self._protocol.capabilities:
                places |= copied([r[0] for r in await self._protocol.run("MOVE", numbers_, name, prefix="UID")], asked)
                continue
            places |= copied([r[0] for r in await self._protocol.run("COPY", numbers_, name, prefix="UID")], asked)
            point("K11b")
            if "UIDPLUS" in self._protocol.capabilities:
                await self._protocol.run("STORE", numbers_, "+FLAGS.SILENT", r"(\Deleted)", prefix="UID")
                await self._protocol.run("EXPUNGE", numbers_, prefix="UID")
            else:
                await self._protocol.run("STORE", numbers_, "+FLAGS.SILENT", f"({FILED})", prefix="UID")
        return places

    async def idle(self, seconds: float, wake: asyncio.Event | None = None) -> bool:
        """Wait at most so long for news, or until `wake` is set; True if there may be new mail.

        Where the server has no IDLE, or refuses it, the news is asked for with NOOP at the end.
        """
        wake = wake or asyncio.Event()
        if self._has_idle:
            try:
                await self._protocol.idle(seconds, wake)
            except Refused as error:
                _log.warning("imap_idle_refused", mailbox=self._name, said=str(error))
                self._has_idle = False
        if not self._has_idle:
            await first_of(self._protocol.news, wake, seconds=seconds)
            await self._protocol.run("NOOP")
        self._report_alerts()
        return self._protocol.news.is_set()

    async def close(self) -> None:
        """Say goodbye and end the connection; never fails."""
        try:
            if not self._protocol.is_lost:
                async with asyncio.timeout(GOODBYE):
                    await self._protocol.run("LOGOUT")
        except (Temporary, TimeoutError):
            pass  # it is gone already
        finally:
            self.abort()

    def abort(self) -> None:
        """End the connection at once."""
        self._protocol.give_up("closed")

    @property
    def _can_take_out(self) -> bool:
        return bool({"MOVE", "UIDPLUS"} & self._protocol.capabilities)

    async def _fetched(self, uids: Iterable[int], item: str) -> list[dict[bytes, bytes | None]]:
        """What the server says of the mails asked for. It may speak of others at any time: those are left out."""
        found = []
        for numbers_, asked in uid_sets(uids):
            wanted = {str(uid).encode() for uid in asked}
            responses = await self._protocol.run("FETCH", numbers_, f"(UID {item})", prefix="UID")
            found += [items for items in map(fetch_items, responses) if items and items.get(b"UID") in wanted]
        return found

    def _report_alerts(self) -> None:
        """RFC 9051 7.1: an ALERT is for people's eyes."""
        while self._protocol.alerts:
            _log.warning("imap_alert", mailbox=self._name, said=self._protocol.alerts.pop(0))


def _tls_context(ca: Path | None) -> ssl.SSLContext:
    """Certificates and names are verified, against `ca` alone where it is given."""
    try:
        return ssl.create_default_context(cafile=str(ca) if ca else None)
    except OSError as error:
        raise Temporary(f"the authority's certificate {ca} can't be read: {error}") from None


async def _login(protocol: Protocol, user: str, password: str) -> None:
    """LOGIN, or AUTHENTICATE PLAIN (RFC 4616) where that is forbidden or the words are beyond ASCII."""
    words = user + password
    is_disabled = "LOGINDISABLED" in protocol.capabilities
    try:
        if words.isascii() and words.isprintable() and not is_disabled:
            await protocol.run("LOGIN", quoted(user), quoted(password))
        elif "AUTH=PLAIN" in protocol.capabilities:
            secret = base64.b64encode(f"\0{user}\0{password}".encode())
            await protocol.run("AUTHENTICATE", "PLAIN", answers=(secret,))
        elif is_disabled:
            raise LoginRefused("the server allows no login on this connection (LOGINDISABLED): see `tls` under imap")
        else:
            raise LoginRefused("name or password go beyond ASCII, and the server does not offer AUTH=PLAIN")
    except Refused as error:
        if any(code in str(error) for code in _TRY_LATER):
            raise
        raise LoginRefused(str(error)) from None
    await protocol.capability()  # more is offered after the login
