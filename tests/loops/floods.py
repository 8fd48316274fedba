"""What comes of a flood: a hostile desk, a spoofed victim, very many spoofed senders, words meant for others."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from road import Road, letter
from sqlalchemy import func, select

from loops.desks import this_desk
from maild.store.inbound_tables import INBOUND
from maild.store.tables import OUTBOX, TICKET

BATCH = 50
ROUND = timedelta(days=1) / 10_000  # of a hostile desk
CANARY = "ACHETEZ-ICI"
_SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo")


def words(chance: Random, many: int) -> str:
    """Words that nobody has written before."""
    return " ".join("".join(chance.choices(_SYLLABLES, k=3)) for _ in range(many))


async def counted(road: Road, to: str = "") -> dict[str, int]:
    """Mails by receiver (`mails`: to that one, or to all but our own people), tickets, and verdicts."""

    def work(session: Any) -> dict[str, int]:
        rows = session.connection()
        theirs = OUTBOX.c.recipient == to if to else OUTBOX.c.recipient_domain != "isybuy.example"
        mails, octets = rows.execute(select(func.count(), func.sum(func.length(OUTBOX.c.data))).where(theirs)).one()
        verdicts = rows.execute(select(INBOUND.c.verdict, func.count()).group_by(INBOUND.c.verdict)).all()
        size = rows.scalar(select(func.sum(INBOUND.c.size)))
        alerts = rows.scalar(select(func.count()).where(OUTBOX.c.template == "admin_alert"))
        return {
            "mails": mails,
            "octets_out": octets or 0,
            "octets_in": size or 0,
            "tickets": rows.scalar(select(func.count()).select_from(TICKET)),
            "alerts": alerts,
            **{verdict: int(many) for verdict, many in verdicts},
        }

    return await road.database.read(work)


async def hostile(folder: Path, rounds: int, *, sender: str, is_reply: bool) -> dict[str, int]:
    """A desk that answers whatever happens, with new words, a new Subject and no mark of a machine each time."""
    road, chance = this_desk(folder), Random(6)
    for n in range(rounds):
        subject = f"{'Re: ' if is_reply and n % 2 else ''}{words(chance, 4)}"
        ending = await road.receive(letter(sender, words(chance, 30), subject=subject, name=f"h{n}"))
        assert ending.verdict
        road.clock.set(road.clock.now() + ROUND)
    return await counted(road, sender)


async def victim(folder: Path, mails: int, *, proof: str) -> dict[str, int]:
    """All in one day, in one person's name."""
    chance = Random(14)
    sender = "victime@ailleurs.example"
    raws = (
        letter(sender, words(chance, 20), subject=words(chance, 3), name=f"v{n}", proof=proof) for n in range(mails)
    )
    return await counted(await _flooded(folder, raws, timedelta(days=1) / mails), sender)


async def strangers(folder: Path, mails: int, *, proof: str) -> dict[str, int]:
    """All in one hour, each in another person's name and of another domain."""
    chance = Random(15)
    raws = (
        letter(f"p{n}@d{n}.example", words(chance, 20), subject=words(chance, 3), name=f"s{n}", proof=proof)
        for n in range(mails)
    )
    return await counted(await _flooded(folder, raws, timedelta(hours=1) / mails))


async def _flooded(folder: Path, raws: Iterator[bytes], every: timedelta) -> Road:
    """A desk that these mails came to, in batches as a poller brings them."""
    road = this_desk(folder)
    while batch := list(islice(raws, BATCH)):
        await road.keep(*batch)
        await road.intake.drain()
        road.clock.set(road.clock.now() + every * len(batch))
    return road


async def canaries(folder: Path, mails: int) -> tuple[int, int]:
    """Acknowledgements to first contacts, and the octets in them of what stood in the Subject and name that came."""
    road = this_desk(folder)
    for n in range(mails):
        raw = letter(f"{CANARY.lower()}{n}@d{n}.example", CANARY, subject=f"{CANARY} {n}", name=f"c{n}")
        await road.receive(raw.replace(b"From: <", f'From: "{CANARY}" <'.encode()))
        road.clock.set(road.clock.now() + timedelta(minutes=1))
    acks = [m for m in await road.queued() if m.template == "acknowledgement"]
    found = 0
    for mail in acks:
        head, _, rest = mail.data.partition(b"\r\nTo:")  # where the address itself has to stand
        text = (head + rest.partition(b"\r\n")[2]).replace(b"=\r\n", b"").lower()
        found += text.count(CANARY.lower().encode()) * len(CANARY)
    return len(acks), found


async def breaker(folder: Path, mails: int) -> dict[str, Any]:
    """Very many known customers write within an hour, five seconds apart: when do automatic answers stop?"""
    people = {
        "agents": [{"name": "Léa Martin", "address": "lea@isybuy.example", "teams": ["n1"]}],
        "customers": [{"address": f"c{n}@client-{n}.example"} for n in range(mails)],
    }
    road, chance = this_desk(folder, people=people), Random(17)
    for n in range(mails):
        await road.receive(
            letter(f"c{n}@client-{n}.example", words(chance, 20), subject=words(chance, 3), name=f"b{n}")
        )
        road.clock.set(road.clock.now() + timedelta(seconds=5))
    queued = await road.queued()
    acks = [m for m in queued if m.template == "acknowledgement"]
    alarms = [m for m in queued if m.template == "admin_alert"]
    notice = next(m for m in queued if m.template == "agent_new_ticket")
    reference = notice.data.partition(b"Reply-To:")[2].partition(b"<")[2].partition(b">")[0].decode()
    ending = await road.receive(letter("lea@isybuy.example", "Voici la réponse.", subject="Re: x", to=reference))
    answered = [m for m in await road.queued() if m.template == "agent_reply"]
    road.clock.set(acks[-1].created_at + timedelta(hours=1, seconds=1))
    await road.receive(letter("c0@client-0.example", "Une heure plus tard.", subject="Plus tard", name="later"))
    resumed = [m for m in await road.queued() if m.template == "acknowledgement"]
    return {
        "mails": mails,
        "answers": len(acks),
        "alarms": len(alarms),
        "seconds_to_alarm": (alarms[0].created_at - acks[-1].created_at).total_seconds() if alarms else None,
        "agents_answer": ending.verdict,
        "agents_mails": len(answered),
        "answers_after_an_hour": len(resumed) - len(acks),
        "tickets": (await counted(road))["tickets"],
    }


async def challenges(folder: Path, mails: int) -> int:
    """A system that asks each of our mails to be confirmed (TMDA), in words of its own: mails to it in a day."""
    road, chance, sender = this_desk(folder), Random(18), "confirm@defi.example"
    await road.receive(letter(sender, "Bonjour, une question.", subject="Question"))
    for n in range(mails):
        raw = letter(sender, f"Please confirm {words(chance, 12)}", subject=f"Confirm {words(chance, 2)}", name=f"t{n}")
        await road.receive(raw)
        road.clock.set(road.clock.now() + timedelta(minutes=10))
    return Counter(m.recipient for m in await road.queued())[sender]
