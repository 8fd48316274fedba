"""A forged copy comes before the true mail (reliability I24): which of the two is applied?"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

from loops.desks import this_desk
from road import Road, letter

from maild.store.watching import Ending

CHUNK = 25


async def forged_copies_first(folder: Path, pairs: int) -> dict[str, int]:
    """So many pairs through the real intake, in chunks: half of them first mails, half answers with a reference.

    `true`: the true mails that were applied, on a ticket of their own or their own ticket; `closed`: the forged ones
    that ended as the true one's duplicate; `left`: mails that still wait for a person.
    """
    road, seen = this_desk(folder), Counter[str]()
    people = max(1, pairs // 2)
    for begin in range(0, people, CHUNK):
        who = [f"c{n}@client-{n}.example" for n in range(begin, min(begin + CHUNK, people))]
        told = {m.id for m in await road.queued()}
        opened = await _pairs(road, who, [{"to": "support@isybuy.example"}] * len(who), f"o{begin}-", seen)
        assert len(set(opened)) == len(who), "each has a ticket of their own"
        answers = {}
        for queued in await road.queued():
            if queued.id not in told and queued.template == "acknowledgement":
                answers[queued.recipient] = message_from_bytes(queued.data, policy=policy.default)
        parts = [
            {
                "to": str(answers[w]["Reply-To"]).rpartition("<")[2].rstrip(">"),
                "head": f"In-Reply-To: {answers[w]['Message-ID']}",
                "subject": f"Re: {answers[w]['Subject']}",
            }
            for w in who
        ]
        answered = await _pairs(road, who, parts, f"a{begin}-", seen)
        road.clock.set(road.clock.now() + timedelta(hours=1))  # else there would be too many answers in all
        seen["astray"] += sum(a != b for a, b in zip(opened, answered, strict=True))
    seen["left"] = len(await road.held())
    await road.database.close()
    return {name: seen[name] for name in ("pairs", "true", "closed", "astray", "left")}


async def _pairs(
    road: Road, who: Sequence[str], parts: Sequence[dict[str, str]], name: str, seen: Counter[str]
) -> list[int | None]:
    """The forged ones, then the true ones, each of the same words; where the true ones have come to."""

    def raws(proof: str) -> list[bytes]:
        return [
            letter(w, f"Voici {name}{n}.", name=f"{name}{n}", proof=proof, **p)
            for n, (w, p) in enumerate(zip(who, parts, strict=True))
        ]

    forged = await road.keep(*raws("fail"))
    await road.intake.drain()
    seen["held"] += sum(e.disposition == "held" for e in await _endings(road, forged))
    true = await road.keep(*raws("pass"))
    await road.intake.drain()
    endings = await _endings(road, true)
    seen["pairs"] += len(who)
    seen["true"] += sum(e.disposition == "applied" and e.verdict in ("new_ticket", "reply") for e in endings)
    seen["closed"] += sum(e.disposition == "duplicate" for e in await _endings(road, forged))
    return [e.ticket for e in endings]


async def _endings(road: Road, ids: Sequence[int]) -> list[Ending]:
    return [await road.ending(i) for i in ids]
