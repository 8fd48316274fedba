"""Desks that write to each other, or are written to, with the real intake and a virtual clock."""

import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path
from typing import Any

from desk_values import NOW, RING, settings
from road import Road, letter

from maild.config.desk import open_desk
from maild.plan.letters import Desk
from maild.store.watching import QueuedMail
from maild.threading.token import Key, Keyring

OTHER = "support@autre.example"
OTHER_RING = Keyring("other", (Key("8", b"o" * 32, RING.keys[0].created_at),))
# What somebody in between, or a hostile desk itself, takes away: all by which a machine's mail is known.
MARKS = ("auto-submitted", "x-auto-response-suppress", "in-reply-to", "references", "reply-to")


class CountingRoad(Road):
    """A road that reads only what was queued since the last look."""

    _seen = 0

    async def fresh(self) -> list[QueuedMail]:
        """Mails queued since the last time, from the last rows alone."""
        found = [m for m in await self.queued() if m.id > self._seen]
        self._seen = max((m.id for m in found), default=self._seen)
        return found


def this_desk(folder: Path, **said: Any) -> CountingRoad:
    """Support iSYBUY."""
    desk = open_desk(settings(**said), RING)
    return road_of(folder, lambda: desk)


def other_desk(folder: Path) -> CountingRoad:
    """Another house that runs maild, with keys of its own."""
    desk = open_desk(
        settings(
            site={"name": "Autre", "reference": "AUT", "key": {"env": "K"}},
            mailboxes={"support": {"address": OTHER, "trust": {"authserv_id": "mx.autre.example"}}},
            admin="admin@autre.example",
            people={"agents": [{"name": "Zoé", "address": "zoe@autre.example", "teams": ["n1"]}]},
        ),
        OTHER_RING,
    )
    return road_of(folder, lambda: desk)


def road_of(folder: Path, desk: Callable[[], Desk]) -> CountingRoad:
    """A road in a folder that is made for it."""
    folder.mkdir(parents=True, exist_ok=True)
    return CountingRoad(folder, desk)


def delivered(mail: QueuedMail, at: str, number: int, *, is_stripped: bool) -> bytes:
    """The mail as the server `at` hands it on; stripped: of all that says what it is, with another id and Subject."""
    message = message_from_bytes(mail.data, policy=policy.compat32)
    sender = re.findall(r"[^<\s]+@([^>\s]+)", str(message["From"]))[-1]
    if is_stripped:
        for name in (*MARKS, "message-id", "subject"):
            del message[name]
        message["Message-ID"] = f"<{number}@strip.example>"
        message["Subject"] = f"Message {number}"
    head = f"Authentication-Results: {at}; dmarc=pass header.from={sender}\r\n".encode()
    return head + message.as_bytes(policy=policy.compat32.clone(linesep="\r\n"))


async def an_hour_between(folder: Path, start: str, strips: frozenset[str]) -> int:
    """How many mails two desks send each other in an hour of virtual time. `strips`: whose mails are stripped.

    Starts: `mail`, somebody writes to this desk as the other; `agent`, an agent of this desk then answers it;
    `vacation`, the other desk's mailbox answers each mail by itself too, and says so nowhere.
    """
    here, there = this_desk(folder / "here"), other_desk(folder / "there")
    first = letter(OTHER, "Bonjour, une question.", subject="Question")
    await here.receive(first)
    sent, vacations = 0, 0
    if start == "agent":
        notice = [m for m in await here.queued() if m.template == "agent_new_ticket"][-1]
        message = message_from_bytes(notice.data, policy=policy.default)
        answer = letter(notice.recipient, "Voici la réponse.", subject=f"Re: {message['Subject']}")
        await here.receive(answer)
    for _ in range(120):  # each half minute
        for mine, yours, address, server, side in (
            (here, there, OTHER, "mx.autre.example", "here"),
            (there, here, "support@isybuy.example", "mx.isybuy.example", "there"),
        ):
            for mail in await mine.fresh():
                if mail.recipient != address:
                    continue
                sent += mail.template != "agent_reply"  # a person's words are no automatic mail
                await yours.receive(delivered(mail, server, sent, is_stripped=side in strips))
                if start == "vacation" and yours is there:
                    vacations += 1
                    text = "Nous sommes fermés cette semaine et lirons votre message à notre retour."
                    await here.receive(letter(OTHER, text, subject=f"Fermeture {vacations}", name=f"v{vacations}"))
        for road in (here, there):
            road.clock.set(road.clock.now() + timedelta(seconds=30))
    assert here.clock.now() - NOW == timedelta(hours=1)
    await here.database.close()
    await there.database.close()
    return sent


@lru_cache(20_000)
def parsed(mail: QueuedMail) -> EmailMessage:
    """As a mail program reads it."""
    return message_from_bytes(mail.data, policy=policy.default)


@lru_cache(20_000)
def reply_to(mail: QueuedMail) -> str:
    """The address that an answer goes to, or ''."""
    return str(parsed(mail)["Reply-To"] or "").rpartition("<")[2].rstrip(">")


def shown(mail: QueuedMail) -> str:
    """All that its reader can read of it."""
    parts = [part.get_content() for part in parsed(mail).walk() if part.get_content_maintype() == "text"]
    return "\n".join([str(parsed(mail)["Subject"]), *parts])
