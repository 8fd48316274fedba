"""A town of customers and agents who do to the desk's tickets whatever can be done to them, and a ledger beside it.

The ledger knows by itself who may be on which ticket and who may read which word; the desk is the real one. Every text
and subject holds a word of its own, so that each mail can be searched for what its receiver must never read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import lru_cache, partial
from pathlib import Path

from road import Road, letter

from maild.lifecycle import Status
from maild.store import queries
from maild.store.people import revoke_references
from maild.store.tickets import load_tickets
from maild.store.watching import QueuedMail
from maild.ticket import Role

PEOPLE = ("alice@client-a.example", "bruno@client-b.example", "carl@client-c.example", "dora@inconnu.example")
AGENTS = ("lea@isybuy.example", "marc@isybuy.example")
_WORD = re.compile(r"motx\d+x")


@dataclass
class Ledger:
    """What should be so."""

    on: dict[int, set[str]] = field(default_factory=dict)  # ticket -> customers who may write into it
    may_read: dict[str, set[str]] = field(default_factory=dict)  # person -> words
    spoken: dict[int, list[str]] = field(default_factory=dict)  # ticket -> public words
    titles: dict[int, str] = field(default_factory=dict)
    into: dict[int, int] = field(default_factory=dict)  # merged

    def join(self, number: int, who: str) -> None:
        """They are on it from now on, and read its subject in each mail."""
        self.on.setdefault(number, set()).add(who)
        self.may_read.setdefault(who, set()).add(self.titles.get(number, ""))

    def led_to(self, number: int) -> int:
        while number in self.into:
            number = self.into[number]
        return number


class Town:
    """One step at a time; `faults` are the breaches found, `steps` how many steps were taken, `entries` how many mails
    of customers came into a ticket that was there before."""

    def __init__(self, folder: Path) -> None:
        self.road = Road(folder)
        self.ledger = Ledger()
        self.faults: list[str] = []
        self.steps = self.entries = self.refused = 0
        self._words = 0
        self._seen = 0
        self._said: dict[int, int] = {}
        self._mails: list[QueuedMail] = []

    def word(self) -> str:
        self._words += 1
        return f"motx{self._words}x"

    @property
    def tickets(self) -> list[int]:
        return sorted(self.ledger.on)

    async def opens(self, who: str) -> None:
        """A new request."""
        title, said = self.word(), self.word()
        self.ledger.may_read.setdefault(who, set()).update((title, said))
        await self._receives(letter(who, f"Il y a {said}.", subject=f"Panne {title}", name=self.word()), who)

    async def writes(self, who: str, pick: int, carriers: int, subject: int, *, is_own: bool) -> None:
        """A mail with the references of any mail that they, or any customer, have ever had."""
        mails = [m for m in self._mails if m.recipient == who or (m.recipient in PEOPLE and not is_own)]
        if not mails:
            return
        mail = _read(mails[pick % len(mails)])
        head = f"In-Reply-To: {mail['Message-ID']}" if carriers & 1 else ""
        to = str(mail["Reply-To"]).rpartition("<")[2].rstrip(">") if carriers & 2 and mail["Reply-To"] else ""
        title = f"Re: {mail['Subject']}" if carriers & 4 else ("", "Merci", f"Tout autre {self.word()}")[subject % 3]
        said = self.word()
        self.ledger.may_read.setdefault(who, set()).update((said, *_WORD.findall(title)))
        raw = letter(
            who, f"Voici {said}.", subject=title, to=to or "support@isybuy.example", head=head, name=self.word()
        )
        await self._receives(raw, who)

    async def agent(self, who: str, number: int, command: str) -> None:
        """An agent's mail on that ticket: an answer with a command, or commands alone."""
        mail = next((m for m in reversed(self._mails) if m.recipient == who and f"+{number}-" in _reply_to(m)), None)
        if mail is None:
            return
        before = self.ledger.led_to(number)
        said = self.word() if "{word}" in command else ""
        text = command.replace("{word}", said)
        read = _read(mail)
        raw = letter(who, text, subject=f"Re: {read['Subject']}", to=_reply_to(mail), name=self.word())
        expected = set(self.ledger.on.get(before, ()))
        ending = await self._work(raw)
        refused = any(m.template == "command_refused" for m in self._mails[self._seen :])
        if ending.disposition == "applied" and not refused:
            await self._follow(text, said, before, expected)
        await self._check()

    async def _follow(self, text: str, said: str, number: int, people: set[str]) -> None:
        """The ledger after a command that was done."""
        ledger = self.ledger
        word, _, rest = text.partition("#")[2].partition(" ")
        if word == "merge":
            target = int(rest.split()[0])
            if "confirm" not in rest and not people <= ledger.on[target]:
                self.faults.append(f"{number} was merged into another customer's {target}, and nobody confirmed it")
            for person in sorted(people):
                ledger.join(target, person)
            ledger.into[number] = target
        elif word == "add":
            person = rest.split()[0]
            ledger.join(number, person)
            if "history" in rest:
                ledger.may_read[person].update(ledger.spoken.get(number, ()))
        elif word == "remove":
            ledger.on[number].discard(rest.split()[0])
        elif word == "split":
            part = max(await self._numbers())
            ledger.titles[part] = said
            ledger.spoken[part] = [said]
            for person in sorted(people):
                ledger.join(part, person)
                # the acknowledgement names the request that it was part of
        if said and word not in ("note", "split"):
            ledger.spoken.setdefault(number, []).append(said)
            for person in ledger.on[number]:
                ledger.may_read[person].add(said)

    async def revokes(self, who: str) -> None:
        """All references of somebody are void."""
        await self.road.database.write(partial(revoke_references, key=who, number=None))
        self.steps += 1

    async def waits(self, days: int) -> None:
        """Time passes: reminders leave, windows close."""
        await self.road.after(days=days)
        self.steps += 1
        await self._check()

    async def _receives(self, raw: bytes, who: str) -> None:
        before = set(await self._numbers())
        ending = await self._work(raw)
        number = ending.ticket
        if ending.disposition != "applied" or number is None:
            self.refused += 1
        elif number not in before:
            await self._opened(number, who)
        else:
            self.entries += 1
            if who not in self.ledger.on.get(number, set()):
                self.faults.append(f"{who} came into {number} ({ending.verdict})")
            self.ledger.spoken.setdefault(number, []).extend(_WORD.findall(raw.decode().partition("\r\n\r\n")[2]))
        await self._check()

    async def _opened(self, number: int, who: str) -> None:
        ticket = await self.road.ticket(number)
        self.ledger.titles[number] = next(iter(_WORD.findall(ticket.subject)), "")
        if ticket.follows and who not in self.ledger.on.get(ticket.follows, set()):
            self.faults.append(f"{who} got a follow-up of {ticket.follows}")
        self.ledger.join(number, who)
        messages = await self.road.database.read(partial(queries.messages, number=number))
        self.ledger.spoken[number] = [w for m in messages for w in _WORD.findall(m.text)]

    async def _work(self, raw: bytes):  # type: ignore[no-untyped-def]
        self.steps += 1
        self.road.clock.set(self.road.clock.now() + timedelta(minutes=6))
        ending = await self.road.receive(raw)
        await self._fetch()
        return ending

    async def _fetch(self) -> None:
        every = await self.road.queued()
        self._mails = list(every)

    async def _numbers(self) -> Sequence[int]:
        return [line.number for line in await self.road.database.read(queries.tickets)] or [0]

    async def _check(self) -> None:
        """No mail since the last look shows a word to whom it is not for, and the people are the ledger's."""
        await self._fetch()
        for mail in self._mails[self._seen :]:
            if mail.recipient in AGENTS or mail.template == "held_digest":  # which the admin reads
                continue
            shown = set(_WORD.findall(_shown(mail)))
            if alien := shown - self.ledger.may_read.get(mail.recipient, set()):
                self.faults.append(f"{mail.template} shows {sorted(alien)} to {mail.recipient}")
        self._seen = len(self._mails)
        tickets = await self.road.database.read(lambda s: load_tickets(s, list(self.ledger.on)))
        for number, ticket in tickets.items():
            there = {p.key for p in ticket.customers}
            if not ticket.merged_into and there != self.ledger.on[number]:
                self.faults.append(f"on {number} are {sorted(there)}, not {sorted(self.ledger.on[number])}")
            if ticket.merged_into and ticket.status is not Status.RESOLVED:
                self.faults.append(f"{number} was merged and is {ticket.status}")
            if not there or any(p.role is Role.CUSTOMER and p.address in AGENTS for p in ticket.participants):
                self.faults.append(f"{number} has wrong people")


@lru_cache(1_000)  # each step looks through the mails of a whole life
def _read(mail: QueuedMail) -> EmailMessage:
    return message_from_bytes(mail.data, policy=policy.default)


def _reply_to(mail: QueuedMail) -> str:
    return str(_read(mail)["Reply-To"] or "").rpartition("<")[2].rstrip(">")


def _shown(mail: QueuedMail) -> str:
    read = _read(mail)
    parts = [part.get_content() for part in read.walk() if part.get_content_maintype() == "text"]
    return "\n".join([str(read["Subject"]), *parts])
