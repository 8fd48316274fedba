"""How does a person use their mailbox? A small mail client: write, reply, click a link, read; over SMTP and IMAP.

What replies and clicks look like is simulate/mua.py's to say; here they are really sent and really fetched.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import aiosmtplib

from maild.ingest.mailbox import Mailbox
from maild.mail import Address, address_key
from maild.settings import Imap
from maild.simulate.language import Enclosure, Mail
from maild.simulate.look import Seen, look
from maild.simulate.mime import Draft, write
from maild.simulate.mua import click, new_mail, reply

_BLANKS = re.compile(r"\s+")


class NoSuchLabel(LookupError):
    """The mail has no link with such words on it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail that left, as it left. The id comes without angle brackets."""

    raw: bytes
    message_id: str
    seen: Seen


class Received:
    """A mail in somebody's mailbox, as it lies there and as it is shown."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.seen = look(raw)
        self.words = plain(" ".join((self.seen.subject, self.seen.text, self.seen.html_text)))

    @property
    def return_path(self) -> str:
        """Where a machine sends what it has to say about this mail (RFC 3834 4, RFC 5321 4.4)."""
        return str(message_from_bytes(self.raw)["Return-Path"] or "").strip("<> ")

    def link(self, label: str) -> str:
        """The URL of the first link whose words contain `label`; NoSuchLabel if there is none."""
        reader = _Links()
        reader.feed(self.seen.html)
        found = [(plain(words), url) for words, url in reader.found]
        for words, url in found:
            if plain(label) in words:
                return url
        raise NoSuchLabel(f"no link « {label} »; there are: {', '.join(words for words, _ in found) or 'none'}")


def plain(text: str) -> str:
    """A text with every run of blanks, no-break ones too, as one blank, and straight apostrophes."""
    return _BLANKS.sub(" ", text.replace("’", "'")).strip()


class _Links(HTMLParser):
    """The links of an HTML part: (words, URL)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str]] = []
        self._url = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._url = dict(attrs).get("href") or ""
            self.found.append(("", self._url))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._url = ""

    def handle_data(self, data: str) -> None:
        if self._url:
            words, url = self.found[-1]
            self.found[-1] = (words + data, url)


class MailClient:
    """One person's mail client. `password` None: somebody outside, who has no account here and can only send."""

    def __init__(
        self,
        who: Address,
        password: str | None,
        imap: Imap,
        smtp_port: int,
        now: Callable[[], datetime],
        zone: ZoneInfo,
    ) -> None:
        self.who = who
        self.mails: list[Received] = []  # of the INBOX, oldest first, as of the last look
        self.unread: list[Received] = []
        self.delivered = 0  # mails that the server has taken
        self._password = password
        self._imap = imap.model_copy(update={"user": who.address})
        self._smtp_port = smtp_port
        self._now = now
        self._zone = zone
        self._box: Mailbox | None = None
        self._uids: set[int] = set()
        self._count = 0

    @property
    def has_mailbox(self) -> bool:
        """Whether mail can be read here."""
        return self._password is not None

    @property
    def name(self) -> str:
        """How the person is called."""
        return self.who.shown.split()[0]

    # -- sending

    async def write(
        self,
        to: Address,
        subject: str,
        text: str,
        *,
        attachments: tuple[Enclosure, ...] = (),
        headers: tuple[tuple[str, str], ...] = (),
    ) -> Sent:
        """A mail written from nothing."""
        mail = Mail("", subject=subject, text=text, attachments=attachments, headers=headers)
        return await self._send(new_mail(mail, self.who, (to,), ()))

    async def reply(
        self,
        original: Received,
        text: str,
        *,
        subject: str | None = None,
        to: tuple[Address, ...] = (),
        has_quote: bool = True,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> Sent:
        """The Reply button: to the Reply-To, In-Reply-To and References kept, the mail quoted below."""
        mail = Mail("", subject=subject, text=text, has_quote=has_quote, headers=headers)
        return await self._send(reply(mail, self.who, to, (), original.seen, self._zone))

    async def click(self, original: Received, label: str) -> Sent:
        """Open the link with these words, and send the mail that opens. NoSuchLabel where there is none."""
        return await self._send(click(Mail(""), self.who, original.link(label)))

    async def _send(self, draft: Draft) -> Sent:
        self._count += 1
        now = self._now().astimezone(self._zone)
        message_id = f"{now:%Y%m%d%H%M%S%f}.{self._count}@{self.who.address.partition('@')[2]}"
        raw = write(draft, message_id, now)
        await self.deliver(raw, tuple(a.address for a in (*draft.to, *draft.cc)))
        return Sent(raw, message_id, look(raw))

    async def deliver(self, raw: bytes, to: tuple[str, ...]) -> None:
        """Hand a whole mail to the server, logged in where there is an account."""
        await aiosmtplib.send(
            raw,
            sender=self.who.address,
            recipients=list(to),
            hostname=self._imap.host,
            port=self._smtp_port,
            username=self.who.address if self._password is not None else None,
            password=self._password,
            start_tls=False,
        )
        self.delivered += 1

    # -- reading

    async def look(self) -> None:
        """Fetch what is new in the INBOX into `mails` and `unread`. Temporary where the server is away."""
        assert self._password is not None, "somebody outside has no mailbox here"
        if self._box is None:
            self._box = await Mailbox.connect(address_key(self.who.address), self._imap, self._password)
            await self._box.select("INBOX")
        new = [uid for uid in await self._box.uids() if uid not in self._uids]
        fetched = await self._box.fetch(new) if new else {}
        for uid in sorted(fetched):
            self._uids.add(uid)
            self.mails.append(Received(fetched[uid]))
            self.unread.append(self.mails[-1])

    async def folder(self, name: str) -> list[Received]:
        """Every mail of a folder; none where it does not exist."""
        assert self._password is not None, "somebody outside has no mailbox here"
        box = await Mailbox.connect(address_key(self.who.address), self._imap, self._password)
        try:
            await box.ensure_folder(name)
            await box.select(name)
            fetched = await box.fetch(await box.uids())
            return [Received(fetched[uid]) for uid in sorted(fetched)]
        finally:
            await box.close()

    async def close(self) -> None:
        """End the connection."""
        if self._box is not None:
            await self._box.close()
            self._box = None
