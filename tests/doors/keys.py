"""Two references at once, and references under keys of every age (reliability S09, S11): what becomes of the mail?"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import permutations, product
from pathlib import Path

from desk_values import NOW, settings
from loops.desks import road_of
from loops.table import OFF
from road import LEA, letter

from doors.peopled import CARRIERS, Peopled, Seen, answer, bearing
from maild.config.desk import open_desk
from maild.store.people import revoke_references
from maild.threading.token import ALPHABET, MINTED_FOR, VERIFIED_FOR, Key, Keyring

STRONG = ("address", "In-Reply-To", "Subject")


async def two_at_once(folder: Path) -> tuple[Seen, int]:
    """S09: valid references to two requests that are not linked, each by another strong carrier, a third beside them in
    References or not: from the customer of both, of one, of none, and from an agent. What was seen, and how many
    of them did not end as held and `ambiguous`."""
    desk = await Peopled.opened(folder, 4)
    numbers = sorted(desk.owners)
    both = desk.owners[numbers[0]]
    again = await desk.road.receive(letter(both, "Il y a mottexte0x.", subject="Autre motobjet0x", name="again"))
    assert again.ticket is not None
    desk.owners[again.ticket] = both
    await desk.answered("Essayez motreponse{n}x.\n\n#attente")
    await desk.remember()
    replies, notices = await desk.last_of("agent_reply"), await desk.last_of("agent_new_ticket")
    pairs = {"both": (numbers[0], again.ticket), "one": (numbers[1], numbers[2]), "none": (numbers[2], numbers[3])}
    senders = {"both": both, "one": desk.owners[numbers[1]], "none": "eve@evil.example"}

    def raws() -> Iterator[tuple[str, bytes]]:
        ways = product(permutations(STRONG, 2), ("", "References"), (*pairs, "an agent"))
        for n, ((first, second), third, who) in enumerate(ways):
            mails = notices if who == "an agent" else replies
            one, other = pairs.get(who, pairs["both"])
            sender = senders.get(who, LEA)
            ones, others = bearing(mails[one], first), bearing(mails[other], second)
            heads = [parts["head"] for parts in (ones, others) if "head" in parts]
            heads += [bearing(mails[one], third)["head"]] if third else []
            parts = (
                ones
                | others
                | {"head": "\n".join(heads), "subject": (others if second == "Subject" else ones)["subject"]}
            )
            desk.may_read.setdefault(sender, set()).add(f"motdeux{n}x")
            yield f"{who}: {first}, {second}, {third}", answer(sender, f"Voici motdeux{n}x.", parts, f"d{n}")

    await desk.receives(raws())
    astray = desk.result.mails - desk.result.verdicts["ambiguous"]
    desk.result.lost += len([v for v in await desk.road.held() if v != "ambiguous"])
    await desk.goes_on()
    return await desk.close(), astray


@dataclass
class Aged:
    """Mails under keys of some age: how many, by what they should be, and which were something else."""

    mails: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.mails} mails, {len(self.wrong)} not as the table says, {self.lost} lost; {dict(self.verdicts)}"


def _ring(day: int, revoked: str = "") -> Keyring:
    """The keys as they are on that day: a new one each 90 days, the first on day 0; all kept."""
    keys = [
        Key(ALPHABET[n], bytes([n]) * 32, NOW + n * MINTED_FOR, is_revoked=ALPHABET[n] == revoked)
        for n in range(day // MINTED_FOR.days + 1)
    ]
    return Keyring("test", tuple(keys))


async def keys_of_all_ages(folder: Path, step: int = 10, last: int = 980) -> Aged:
    """S11: a request is opened each 90 days, under the key of its day. Every `step` days its customer answers with that
    first reference, by each carrier: it enters as long as its key has not been retired (490 days after it was made).
    Then one key is revoked, one is taken away, and one customer's references are voided."""
    said = settings(limits=OFF, closing={"after": "never"})
    desks = [open_desk(said, _ring(0))]
    road, seen = road_of(folder, lambda: desks[0]), Aged()
    opened: dict[int, tuple[int, str, dict[str, dict[str, str]]]] = {}  # request -> the day, customer, carriers

    async def answers(name: str, expected: str, number: int) -> None:
        _, who, carriers = opened[number]
        for carrier, parts in carriers.items():
            raw = answer(who, f"Voici {name} {carrier}.", parts, f"{name}-{number}-{carrier}")
            ending = await road.receive(raw)
            seen.mails += 1
            seen.verdicts[ending.verdict] += 1
            seen.lost += ending.disposition not in ("applied", "held")
            is_there = ending.disposition == "applied" and ending.ticket == number
            if ending.verdict != expected or is_there is not (expected == "reply"):
                seen.wrong.append(f"{name}, {carrier}: {ending}")

    for day in range(0, last + 1, step):
        road.clock.set(NOW + timedelta(days=day))
        desks[0] = open_desk(said, _ring(day))
        if day % MINTED_FOR.days == 0:
            who = f"c{day}@client-{day}.example"
            ending = await road.receive(letter(who, f"Bonjour {day}", subject=f"Panne {day}", name=f"o{day}"))
            assert ending.ticket is not None
            mail = next(m for m in reversed(await road.queued()) if m.recipient == who)
            opened[ending.ticket] = (day, who, {carrier: bearing(mail, carrier) for carrier in CARRIERS[:4]})
        for number, (begun, _, _) in opened.items():
            is_retired = timedelta(days=day - begun) > MINTED_FOR + VERIFIED_FOR
            await answers(f"jour {day}", "bad_reference" if is_retired else "reply", number)
    young = [number for number, (begun, _, _) in opened.items() if last - begun < VERIFIED_FOR.days]
    revoked, unknown, voided, kept = young[:4]
    key_of = {number: ALPHABET[begun // MINTED_FOR.days] for number, (begun, _, _) in opened.items()}
    ring = _ring(last, revoked=key_of[revoked])
    desks[0] = open_desk(said, Keyring(ring.instance, tuple(k for k in ring.keys if k.id != key_of[unknown])))
    await road.database.write(partial(revoke_references, key=opened[voided][1], number=None))
    for name, number in (("révoquée", revoked), ("inconnue", unknown), ("annulée", voided)):
        await answers(name, "bad_reference", number)
    await answers("restée", "reply", kept)
    await road.database.close()
    return seen
