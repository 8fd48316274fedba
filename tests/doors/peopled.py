"""A desk at which each of some customers has a request with words of its own: who is shown which, who is on which?"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from loops.desks import CountingRoad, parsed, reply_to, shown, this_desk
from loops.floods import BATCH
from loops.table import OFF
from road import letter

from maild.store.tickets import load_tickets
from maild.store.watching import Ending, QueuedMail
from maild.ticket import Ticket

WORD = re.compile(r"mot[a-z]+\d+x")
CARRIERS = ("address", "In-Reply-To", "References", "Subject", "body")
HOUSE = "@isybuy.example"  # whose people may read all
# An event that the team alone sees; what an agent's mail did is seen by what was done and what left.
_NOT_ENTERING = frozenset({"auto_reply", "bounce", "agent_reply", "agent_note", "agent_command"})


@dataclass
class Seen:
    """What a set of mails came to; all that `is_kept` names must be 0."""

    mails: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    entered: int = 0  # of these mails, applied to a request that was there before
    lost: int = 0  # without an ending
    shown: list[str] = field(default_factory=list)  # mails that show somebody a word that is not theirs
    people: int = 0  # requests on which somebody came, went, or is the requester now
    commanded: list[str] = field(default_factory=list)  # mails by which something was done
    sent: Counter[str] = field(default_factory=Counter)  # to people outside, by template

    @property
    def is_kept(self) -> bool:
        """Whether nobody got in, got anything or changed anything."""
        return self.mails > 0 and not (self.entered or self.lost or self.shown or self.people or self.commanded)

    def __str__(self) -> str:
        faults = f"{self.entered} entered, {self.lost} lost, {len(self.shown)} shown, {self.people} people changed"
        return (
            f"{self.mails} mails: {faults}, {len(self.commanded)} commanded; "
            f"verdicts {dict(self.verdicts.most_common())}, sent outside {dict(self.sent)}"
        )


class Peopled:
    """The desk. Each request holds a word in its Subject, one of its customer's and one of the agent's answer."""

    def __init__(self, road: CountingRoad) -> None:
        self.road = road
        self.owners: dict[int, str] = {}  # request -> its customer
        self.may_read: dict[str, set[str]] = {}
        self.result = Seen()
        self._before: dict[int, Ticket] = {}
        self._count = 0

    @classmethod
    async def opened(cls, folder: Path, requests: int, *, is_answered: bool = True, **said: Any) -> "Peopled":
        """So many customers with a request each; `is_answered`: by the agent who has it, who now waits for them."""
        desk = cls(this_desk(folder, limits=OFF, **said))
        for n in range(requests):
            owner, words = f"c{n}@client-{n}.example", [f"mot{kind}{n}x" for kind in ("objet", "texte", "reponse")]
            raw = letter(owner, f"Il y a {words[1]}.", subject=f"Panne {words[0]}", name=f"open{n}")
            ending = await desk.road.receive(raw)
            assert ending.ticket is not None
            desk.owners[ending.ticket] = owner
            desk.may_read[owner] = set(words)
        if is_answered:
            await desk.answered("Essayez motreponse{n}x.\n\n#attente")
        await desk.remember()
        return desk

    async def remember(self) -> None:
        """All that is so now is right; what differs later is a fault."""
        self._before = await self._tickets()
        await self.road.fresh()

    async def answered(self, text: str) -> None:
        """An agent answers each request; `{n}` is the number of the customer."""
        notices = {m.recipient + str(number): (m, number) for m, number in await self._notices()}
        raws = [
            letter(
                m.recipient,
                text.format(n=self.owners[number][1 : self.owners[number].index("@")]),
                subject=f"Re: {number}",
                to=reply_to(m),
                name=f"a{len(text)}-{number}-{self._count}",
            )
            for m, number in notices.values()
        ]
        await self.road.keep(*raws)
        await self.road.intake.drain()

    async def receives(self, raws: Iterable[tuple[str, bytes]]) -> None:
        """These come, in batches, half an hour apart. Each with its name, for the list of what was wrong."""
        mails = iter(raws)
        while batch := list(islice(mails, BATCH)):
            numbers = await self.road.keep(*(raw for _, raw in batch))
            await self.road.intake.drain()
            for (name, _), number in zip(batch, numbers, strict=True):
                self._note(name, await self.road.ending(number))
            self._count += len(batch)
            await self.look()
            self.road.clock.set(self.road.clock.now() + timedelta(minutes=30))

    def _note(self, name: str, ending: Ending) -> None:
        seen = self.result
        seen.mails += 1
        seen.verdicts[ending.verdict] += 1
        seen.lost += ending.disposition not in ("applied", "held", "duplicate")
        if ending.disposition == "applied" and ending.ticket in self.owners:
            seen.entered += ending.verdict not in _NOT_ENTERING

    async def goes_on(self, days: int = 3) -> None:
        """Afterwards agents answer each request, and reminders leave: neither shows what came in between."""
        await self.answered("Et motreponse{n}x ?\n\n#attente")
        await self.look()
        await self.road.after(days=days)
        await self.look()

    async def look(self) -> None:
        """All mails since the last look, and who is on which request."""
        seen = self.result
        for mail in await self.road.fresh():
            if mail.recipient.endswith(HOUSE):
                continue
            seen.sent[mail.template] += 1
            alien = set(WORD.findall(shown(mail))) - self.may_read.get(mail.recipient, set())
            if alien:
                seen.shown.append(f"{mail.template} shows {sorted(alien)} to {mail.recipient}")
        now = await self._tickets()
        seen.people = sum(_people(now[number]) != _people(ticket) for number, ticket in self._before.items())

    async def ticket(self, number: int) -> Ticket:
        """As it is now."""
        return (await self._tickets())[number]

    async def _tickets(self) -> dict[int, Ticket]:
        return dict(await self.road.database.read(lambda s: load_tickets(s, list(self.owners))))

    async def _notices(self) -> Sequence[tuple[QueuedMail, int]]:
        found = {}
        for mail in await self.road.queued():
            number = re.search(r"\+(\d+)-", reply_to(mail)) if mail.template == "agent_new_ticket" else None
            if number and int(number[1]) in self.owners:
                found[int(number[1])] = mail
        return [(mail, number) for number, mail in found.items()]

    async def last_of(self, template: str) -> dict[int, QueuedMail]:
        """The last mail of that template about each request."""
        found = {}
        for mail in await self.road.queued():
            number = re.search(r"\+(\d+)-", reply_to(mail))
            if mail.template == template and number and int(number[1]) in self.owners:
                found[int(number[1])] = mail
        return found

    async def close(self) -> Seen:
        """The end; what was seen."""
        await self.look()
        await self.road.database.close()
        return self.result


def _people(ticket: Ticket) -> tuple[object, ...]:
    there = sorted((p.slot, p.key, p.role.value, p.is_removed) for p in ticket.participants if p.role == "customer")
    return (ticket.requester.key, *there)


def bearing(mail: QueuedMail, carrier: str) -> dict[str, str]:
    """The parts of a letter that answers this mail, of which but one carrier of the reference is left; `all`: each."""
    read = parsed(mail)
    subject, parts = str(read["Subject"]), {"subject": "Re: Votre message"}
    is_all = carrier == "all"
    if is_all or carrier == "address":
        parts["to"] = reply_to(mail)
    if is_all or carrier in ("In-Reply-To", "References"):
        names = ("In-Reply-To", "References") if is_all else (carrier,)
        parts["head"] = "\n".join(f"{name}: {read['Message-ID']}" for name in names)
    if is_all or carrier == "Subject":
        parts["subject"] = f"Re: {subject}"
    if is_all or carrier == "body":
        parts["quote"] = f"\n\nLe lun. 23 nov. 2026 à 10:11, Support a écrit :\n\n> {subject}\n> Bonjour\n"
    return parts


def answer(sender: str, text: str, parts: dict[str, str], name: str, *, proof: str = "pass", head: str = "") -> bytes:
    """A letter with these parts; `head`: further fields."""
    rest = {key: value for key, value in parts.items() if key not in ("quote", "head")}
    fields = "\n".join(filter(None, (parts.get("head", ""), head)))
    return letter(sender, text + parts.get("quote", ""), head=fields, name=name, proof=proof, **rest)
