"""Numbers without a signature, and signatures by chance (reliability S01, S02): how many come into a ticket?"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random

from desk_values import ALICE, LEA, NOW, RING, mail, settings, ticket
from loops.desks import this_desk
from road import Road, letter
from sqlalchemy import func, select

from maild.judgement import OF_HELD, Candidate, Carrier, Facts, HeldMail, Proof, Purpose, VerdictName
from maild.mail import Address, ParsedMail
from maild.reading.forward import is_reply
from maild.store.database import Session
from maild.store.tables import MESSAGE
from maild.threading import token
from maild.threading.case import Case
from maild.threading.references import find_references
from maild.threading.token import ALPHABET, LONG, SHORT
from maild.threading.verdict import judge

DESK = "support@isybuy.example"
# What brings a mail into a ticket that was there before.
ENTERS = frozenset(
    {
        VerdictName.REPLY,
        VerdictName.FOLLOW_UP,
        VerdictName.CLAIM,
        VerdictName.REPEAT,
        VerdictName.AGENT_REPLY,
        VerdictName.AGENT_NOTE,
        VerdictName.AGENT_COMMAND,
    }
)
SENDERS = (ALICE.address, LEA.address, "bruno@client-b.example", "eve@evil.example")
BATCH = 50
_HELD = HeldMail(1, "support", ALICE.key, VerdictName.PLAIN_REPLY, "c" * 64)
_PAIRS = tuple(a + b for a in ALPHABET for b in ALPHABET)


def numbers_written(number: int) -> Iterator[dict[str, str]]:
    """A number in every place of a mail where a reference could stand, without what signs it."""
    for subject in (
        f"[ISY-{number}]",
        f"Re: Impossible d'exporter [ISY-{number}-1]",
        f"Re: ISY-{number}",
        f"RE : Ticket n° {number}",
        f"Re: [#{number}]",
        f"Re: [ISY-{number}-1-]",
    ):
        yield {"subject": subject}
    for tag in (f"{number}", f"{number}-1", f"{number}-1-", f"s{number}-1", f"c{number}-1"):
        yield {"to": DESK.replace("@", f"+{tag}@")}
    for written in (f"{number}@isybuy.example", f"{number}-1@isybuy.example", f"o1.{number}@ref.isybuy.example"):
        yield {"in_reply_to": written}
        yield {"references": written}
    yield {"text": f"Oui.\n\n> Votre demande [ISY-{number}-1] est là."}
    yield {"text": f"Oui.\n\n> Écrire à {DESK.replace('@', f'+{number}-1@')}"}


def _parsed(sender: str, parts: dict[str, str]) -> ParsedMail:
    subject = parts.get("subject", "Re: Impossible d'exporter")
    return mail(
        sender,
        subject=subject,
        is_reply=is_reply(subject),
        to=(Address(parts.get("to", DESK)),),
        in_reply_to=(parts["in_reply_to"],) if "in_reply_to" in parts else (),
        references=(parts["references"],) if "references" in parts else (),
        text=parts.get("text", "Oui."),
        reply_text="Oui.",
    )


def bare_numbers(calls: int, tickets: int = 2_000) -> dict[str, int]:
    """So many calls of find_references, verify and judge, over all tickets, from each sender, all of them proved."""
    desk = settings()
    there = {number: ticket(number) for number in range(1001, 1001 + tickets)}
    box, seen = desk.mailboxes["support"], Counter[str]()
    people = {sender: desk.person(sender) for sender in SENDERS}
    done = 0
    while True:
        for number in there:
            facts = Facts(NOW, 9_000, tickets={number: there[number]}, is_written_to=True)
            for at, parts in enumerate(numbers_written(number)):
                sender = SENDERS[(number + at + done) % len(SENDERS)]
                received = _parsed(sender, parts)
                found = find_references(received, desk)
                references = tuple(token.verify(RING, c, facts.tickets, None, NOW, sender) for c in found)
                known = replace(facts, who=people[sender])
                verdict = judge(Case(received, references, known, desk, box, Proof.PASS))
                seen["calls"] += 1
                seen["found"] += len(found)
                seen["threaded"] += verdict.name in ENTERS or any(r.is_valid for r in references)
            if seen["calls"] >= calls:
                return {"calls": seen["calls"], "found": seen["found"], "threaded": seen["threaded"]}
        done += 1


def letters(chance: Random, many: int) -> str:
    """So many letters of a signature, an even number of them, by chance."""
    bits = chance.getrandbits(5 * many)
    return "".join(_PAIRS[(bits >> 10 * i) & 1023] for i in range(many // 2))


def random_signatures(calls: int) -> dict[str, int]:
    """So many calls of verify with a signature by chance, at one ticket: each purpose, each carrier's length."""
    chance, accepted = Random(2), 0
    there = {1042: ticket()}
    key = RING.keys[0].id
    forms = [
        (Candidate(Carrier.ADDRESS, p, 1042 if p is not Purpose.BOUNCE else 0, 1, key, "", "0" * 16), SHORT)
        for p in Purpose
    ]
    forms += [(Candidate(Carrier.IN_REPLY_TO, Purpose.REPLY, n, n and 1, key, "", "0" * 16), LONG) for n in (1042, 0)]
    for n in range(calls):
        form, length = forms[n % len(forms)]
        candidate = Candidate(
            form.carrier, form.purpose, form.ticket, form.slot, key, letters(chance, length), form.nonce
        )
        held = _HELD if form.purpose in OF_HELD else None
        accepted += token.verify(RING, candidate, there, held, NOW, ALICE.key).is_valid
    return {"calls": calls, "accepted": accepted}


def _forged(chance: Random, number: int, at: int) -> dict[str, str]:
    """A reference with all that a valid one has, but a signature by chance; another carrier each time."""
    s = f"7{letters(chance, SHORT)}"
    subject = f"[ISY-{number}-1-{s[:5]}-{s[5:9]}-{s[9:]}]"
    written = f"{letters(chance, 16)}.{number}-1-7.{letters(chance, LONG)}@isybuy.example".lower()
    tagged = DESK.replace("@", f"+{number}-1-{s.lower()}@")
    return (
        {"to": tagged},
        {"in_reply_to": written},
        {"references": written},
        {"subject": f"Re: Impossible d'exporter {subject}"},
        {"text": f"Oui.\n\n> Impossible d'exporter {subject}"},
    )[at % 5]


def random_references(mails: int) -> dict[str, int]:
    """So many mails with a forged reference, judged: what the verdicts were."""
    desk, chance, seen = settings(), Random(3), Counter[str]()
    facts = Facts(NOW, 9_000, tickets={1042: ticket()}, is_written_to=True)
    for n in range(mails):
        sender = SENDERS[n // 5 % len(SENDERS)]
        received = _parsed(sender, _forged(chance, 1042, n))
        found = find_references(received, desk)
        references = tuple(token.verify(RING, c, facts.tickets, None, NOW, sender) for c in found)
        known = replace(facts, who=desk.person(sender))
        verdict = judge(Case(received, references, known, desk, desk.mailboxes["support"], Proof.PASS)).name
        seen[verdict.value] += 1
        seen["accepted"] += verdict in ENTERS
    return {"mails": mails, **dict(sorted(seen.items()))}


@dataclass
class Received:
    """What came of such mails at a real desk."""

    mails: int = 0
    entered: int = 0  # mails in a ticket that was there before, by the story of those tickets and by the endings
    verdicts: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)  # mails by template
    refusals: dict[str, list[datetime]] = field(default_factory=dict)

    @property
    def most_refusals_a_day(self) -> int:
        """The most `bad_reference_refused` that one sender was sent within any 24 hours."""
        a_day = timedelta(days=1)
        return max(
            (sum(at <= t < at + a_day for t in times) for times in self.refusals.values() for at in times), default=0
        )

    def __str__(self) -> str:
        return (
            f"{self.mails} mails, {self.entered} entered, verdicts {dict(self.verdicts)}, sent {dict(self.sent)}, "
            f"refusals to one sender within 24 hours at most {self.most_refusals_a_day}"
        )


def _raw(sender: str, parts: dict[str, str], name: str) -> bytes:
    head = "\n".join(
        f"{field}: <{parts[key]}>"
        for key, field in (("in_reply_to", "In-Reply-To"), ("references", "References"))
        if key in parts
    )
    subject = parts.get("subject", "Re: Impossible d'exporter")
    return letter(
        sender, parts.get("text", f"Oui, {name}."), subject=subject, to=parts.get("to", DESK), head=head, name=name
    )


async def at_the_desk(folder: Path, mails: int, *, is_signed: bool, tickets: int = 20, people: int = 40) -> Received:
    """The same through the real intake, at a desk where each of some customers has a ticket; half an hour goes by with
    each batch, so that nobody is stopped for the number of their mails. `is_signed`: with a signature by chance."""
    road, chance, result = this_desk(folder), Random(4), Received()
    owners = [f"c{n}@client-{n}.example" for n in range(tickets)]
    first = await road.keep(*(letter(o, f"Bonjour {o}", name=f"open{n}") for n, o in enumerate(owners)))
    await road.intake.drain()
    numbers = [ending.ticket for ending in [await road.ending(i) for i in first] if ending.ticket]
    assert len(set(numbers)) == tickets
    told = {m.id for m in await road.queued()}
    before = await _story(road, numbers)
    strangers = [f"p{n}@ailleurs-{n}.example" for n in range(people - tickets)]

    def all_mails() -> Iterator[bytes]:
        for n in range(mails):
            sender = (*owners, *strangers)[n % people]
            number = numbers[(n // people + n) % tickets]
            forms = [_forged(chance, number, n // people)] if is_signed else list(numbers_written(number))
            yield _raw(sender, forms[n // people % len(forms)], f"g{n}")

    raws = all_mails()
    while batch := list(islice(raws, BATCH)):
        kept = await road.keep(*batch)
        await road.intake.drain()
        for inbound_id in kept:
            ending = await road.ending(inbound_id)
            result.verdicts[str(ending.verdict)] += 1
            result.entered += ending.disposition == "applied" and ending.ticket in numbers
        result.mails += len(batch)
        road.clock.set(road.clock.now() + timedelta(minutes=30))
    result.entered = max(result.entered, await _story(road, numbers) - before)
    for queued in await road.queued():
        if queued.id not in told:
            result.sent[queued.template] += 1
            if queued.template == "bad_reference_refused":
                result.refusals.setdefault(queued.recipient, []).append(queued.created_at)
    await road.database.close()
    return result


async def _story(road: Road, numbers: list[int]) -> int:
    """How many entries the stories of these tickets have."""

    def work(session: Session) -> int:
        rows = select(func.count()).select_from(MESSAGE).where(MESSAGE.c.ticket.in_(numbers))
        return int(session.connection().scalar(rows) or 0)

    return await road.database.read(work)
