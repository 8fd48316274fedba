"""The rows of the catalogue that are samples (L01-L04, L07-L10, L12, L13, L19): what does the desk send for them?

Each goes through the real intake. The limits that would keep a flood quiet are off, but for L04, so that nothing hides
what is answered.
"""

import itertools
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from road import Road, letter
from sqlalchemy import func, select

from loops.desks import CountingRoad, this_desk
from loops.floods import BATCH
from loops.ourselves import ROLES, own_addresses
from loops.samples import (
    AUTO_SUBMITTED,
    LISTS,
    MACHINES,
    NOBODIES,
    from_somebody,
    notes,
    of_kind,
    people,
    raw,
    table,
)
from maild.reading import read
from maild.simulate.delivery_report import delivery_report
from maild.store.inbound_tables import INBOUND
from maild.store.tables import OUTBOX, PARTICIPANT
from maild.store.timer_tables import TIMER

NO_LIMIT = 1_000_000
OFF = dict.fromkeys(
    (
        *("known_per_day", "refusals_per_day", "unknown_per_day", "unknown_per_week", "unknown_per_domain_hour"),
        *("unknown_per_hour", "exchanges_per_day", "automatic_per_hour", "same_text_per_hour", "mails_per_hour"),
    ),
    NO_LIMIT,
)
LEA, ADDRESS = "lea@isybuy.example", re.compile(rb"^Reply-To:.*?<([^>]+)>", re.M | re.S)


@dataclass(frozen=True)
class Line:
    """A line of the table. `answers`: mails sent to anybody outside for the samples."""

    row: str
    what: str
    samples: int
    answers: int
    said: str  # what else was seen
    is_kept: bool

    def shown(self) -> str:
        """For the terminal."""
        goal = "ok  " if self.is_kept else "MISS"
        return f"{goal} {self.row}  {self.samples:>6,} {self.what}: {self.answers} answered; {self.said}"


async def sent(road: Road) -> int:
    """Mails to anybody but our own people."""
    outside = select(func.count()).where(OUTBOX.c.recipient_domain != "isybuy.example")
    return await road.database.read(lambda session: int(session.connection().scalar(outside) or 0))


async def verdicts(road: Road, since: int = 0) -> Counter[str]:
    """Of the mails after that one."""
    query = select(INBOUND.c.verdict, func.count()).where(INBOUND.c.id > since).group_by(INBOUND.c.verdict)
    rows = await road.database.read(lambda session: session.connection().execute(query).all())
    return Counter({verdict: int(many) for verdict, many in rows})


def told(seen: Counter[str]) -> str:
    """In words."""
    return ", ".join(f"{many:,} {verdict}" for verdict, many in seen.most_common())


async def kept(road: Road, mails: Iterable[bytes]) -> int:
    """They come, in batches as a poller brings them; the number of the last mail before them."""
    before = 0
    for first, batch in enumerate(_batched(mails)):
        numbers = await road.keep(*batch)
        before = before if first else numbers[0] - 1
        await road.intake.drain()
    return before


def _batched(mails: Iterable[bytes]) -> Iterable[Sequence[bytes]]:
    found = iter(mails)
    while batch := tuple(itertools.islice(found, BATCH)):
        yield batch


async def silent(folder: Path, row: str, what: str, mails: Sequence[bytes]) -> Line:
    """None of these is answered."""
    road = this_desk(folder, limits=OFF)
    await kept(road, mails)
    answers, seen = await sent(road), await verdicts(road)
    await road.database.close()
    return Line(row, what, len(mails), answers, told(seen), answers == 0 and seen["quarantined"] == 0)


async def control(folder: Path, many: int) -> Line:
    """The same mails without the mark are answered: what keeps the others silent is the mark."""
    road = this_desk(folder, limits=OFF)
    mails = [from_somebody(data, n) for n, data in enumerate(people(many))]
    await kept(road, mails)
    answers, seen = await sent(road), await verdicts(road)
    await road.database.close()
    return Line(
        "----", "mails of people without any mark", len(mails), answers, told(seen), answers >= 0.9 * len(mails)
    )


def marked(fields: Iterable[str], many: int) -> list[bytes]:
    """Each mark on each of so many real mails."""
    samples, numbers = people(many), itertools.count()
    return [from_somebody(data, next(numbers), field) for field in fields for data in samples]


def by_nobodies(many: int) -> list[bytes]:
    """Null return paths, and addresses that no person reads, on real mails."""
    samples, numbers = people(many), itertools.count()
    nulls = [from_somebody(data, next(numbers), is_nobody=True) for data in samples]
    return nulls + [
        from_somebody(data, (n := next(numbers)), sender=f"{local}@d{n}.example")
        for local in NOBODIES
        for data in samples
    ]


def travelled(many: int) -> list[bytes]:
    """More Received lines than any true way has, or our own address in Delivered-To."""
    samples, numbers = people(many), itertools.count()
    lines = [
        "\r\n".join(
            f"Received: from a{n}.example by b{n}.example; Mon, 23 Nov 2026 08:00:00 +0000" for n in range(hops)
        )
        for hops in (51, 60, 100, 200)
    ]
    here, there = (
        f"Received: from a.example by {by}; Mon, 23 Nov 2026 08:00:00 +0000"
        for by in ("mx.isybuy.example", "c.example")
    )
    ours = (f"Delivered-To: {a}" for a in ("support@isybuy.example", "Support@ISYBUY.example"))
    own = ["\r\n".join((here, delivered, there, delivered)) for delivered in ours]
    return [from_somebody(data, next(numbers), field) for field in (*lines, *own) for data in samples]


async def absences(folder: Path, days: int, *, is_bare: bool, most: int) -> Line:
    """L04: each note comes once a day, with the limits as they are shipped but for those of an hour. `is_bare`: it does
    not even name the mail that it answers; then the Decisions' three a week are the goal."""
    road, each = this_desk(folder, limits=dict.fromkeys(("unknown_per_hour", "automatic_per_hour"), NO_LIMIT)), notes()
    for day in range(days):
        mails = [
            letter(f"n{n}@d{n}.example", text, subject=subject, name=f"n{day}-{n}", head="" if is_bare else head)
            for n, (_, subject, text, head) in enumerate(each)
        ]
        await kept(road, mails)
        road.clock.set(road.clock.now() + timedelta(days=1))
    outside = Counter(m.recipient for m in await road.queued() if not m.recipient.endswith("@isybuy.example"))
    await road.database.close()
    seen, languages = max(outside.values(), default=0), len({one[0] for one in each} - {"various", "unseen"})
    what = f"vacation notes in {languages} languages, without headers{' and In-Reply-To' if is_bare else ''}"
    said = f"{len(outside)} of {len(each)} addresses, at most {seen} in {days} days (goal {most})"
    return Line("L04 ", what, days * len(each), sum(outside.values()), said, seen <= most)


async def _tickets(road: CountingRoad, many: int, *, waits: bool = False) -> list[tuple[str, str, str]]:
    """So many customers' tickets: address, return path and answering address of our last mail to each."""
    addresses = [f"c{n}@k{n}.example" for n in range(many)]
    await kept(road, [letter(a, f"Bonjour, question {a}.", subject="Export", name=f"o{a}") for a in addresses])
    if waits:
        notices = [m for m in await road.queued() if m.template == "agent_new_ticket"]
        asked = [
            letter(m.recipient, "Quel numéro ?\n#pending", subject="Re: x", to=_reply_to(m.data), name=f"w{m.id}")
            for m in notices
        ]
        await kept(road, asked)
    last = {m.recipient: m for m in await road.queued()}
    return [(a, last[a].sender, _reply_to(last[a].data)) for a in addresses]


def _reply_to(data: bytes) -> str:
    found = ADDRESS.search(data)
    assert found is not None
    return found[1].decode()


async def _state(road: Road) -> tuple[int, list[Any]]:
    """How many people are thought not to get mail, and what is going to happen when."""

    def work(session: Any) -> tuple[int, list[Any]]:
        rows = session.connection()
        dead = rows.scalar(select(func.count()).where(PARTICIPANT.c.is_undeliverable))
        armed = select(TIMER.c.ticket, TIMER.c.policy, TIMER.c.step, TIMER.c.due_at).where(
            TIMER.c.state == "armed", TIMER.c.ticket != 0
        )
        return int(dead or 0), sorted(map(tuple, rows.execute(armed)))

    return await road.database.read(work)


async def reports(folder: Path) -> Line:
    """L08: for each server's report there is a mail of ours that it speaks of; it comes to that one's return path."""
    road, samples = this_desk(folder, limits=OFF), [n for n, s in table("bounces").items() if s["kind"] == "bounce"]
    people_, before = await _tickets(road, len(samples), waits=True), await sent(road)
    mails = [
        from_somebody(raw(name), n + NO_LIMIT * again, sender="mailer-daemon@mx.example", to=path, is_nobody=True)
        for again in (1, 2)
        for n, (name, (_, path, _)) in enumerate(zip(samples, people_, strict=True))
    ]
    first = await kept(road, mails)
    answers, seen = await sent(road) - before, await verdicts(road, first)
    dead, _ = await _state(road)
    permanent = sum(bool((report := read(raw(name)).bounce) and report.is_permanent) for name in samples)
    known = seen["bounce"] / len(mails)
    servers = len({str(table("bounces")[name]["mta"]) for name in samples})
    await road.database.close()
    said = f"{servers} servers, {known:.1%} known, {dead} receivers marked by {permanent} permanent ones; {told(seen)}"
    is_kept = answers == 0 and known >= 0.95 and dead <= permanent
    return Line("L08 ", "delivery reports, each twice", len(mails), answers, said, is_kept)


async def forged_reports(folder: Path, many: int) -> Line:
    """L09: reports on mails of ours by somebody who does not hold their return path: it is guessed, or left out, and
    the Message-ID is guessed, or even the true one, which whoever answers all shows to others."""
    road = this_desk(folder, limits=OFF)
    victims, before = await _tickets(road, 20, waits=True), await sent(road)
    ours = {m.recipient: m for m in await road.queued()}
    mails = []
    for n in range(many):
        address, path, _ = victims[n % len(victims)]
        form, mail = n // 2 % 4, ours[address]
        written = re.search(rb"^Message-ID:\s*<([^>]+)>", mail.data, re.M)
        assert written is not None
        at = path.index("@") - 1 - n % 12
        guessed = path[:at] + ("x" if path[at] != "x" else "y") + path[at + 1 :]
        message_id = written[1].decode()
        end = message_id.index("@") - 1 - n % 26
        wrong_id = message_id
        if form % 2:
            wrong_id = message_id[:end] + ("x" if message_id[end] != "x" else "y") + message_id[end + 1 :]
        returned = mail.data.replace(message_id.encode(), wrong_id.encode())
        to = guessed if form < 2 else "support@isybuy.example"
        report = delivery_report(returned, address, "mailer-daemon@mx.example", to, "5.1.1", wrong_id, road.clock.now())
        mails.append(from_somebody(report, n, sender="mailer-daemon@mx.example", to=to, is_nobody=True))
    (dead_before, armed_before), first = await _state(road), await kept(road, mails)
    answers, seen = await sent(road) - before, await verdicts(road, first)
    dead, armed = await _state(road)
    await road.database.close()
    lost = len(set(armed_before) - set(armed))
    said = f"{dead - dead_before} suppressed, {lost} of {len(armed_before)} timers lost; {told(seen)}"
    is_kept = answers == 0 and dead == dead_before and lost == 0
    return Line("L09 ", "forged delivery reports", many, answers, said, is_kept)


async def receipts(folder: Path, every: int = 1) -> Line:
    """L10: from the customer, to the reference of a ticket that waits for them."""
    road = this_desk(folder, limits=OFF)
    samples = [*of_kind("mdn_", "arf_"), *of_kind(kind="calendar", answered=False)]
    samples = [*samples, *(raw(name) for name in ("mdn_read_receipt", "calendar_answer"))][::every]
    waiting = await _tickets(road, len(samples), waits=True)
    before, (_, armed), queued = await sent(road), await _state(road), len(await road.queued())
    mails = [
        from_somebody(s, n, sender=who[0], to=who[2]) for n, (s, who) in enumerate(zip(samples, waiting, strict=True))
    ]
    first = await kept(road, mails)
    answers, seen, (_, now_armed) = await sent(road) - before, await verdicts(road, first), await _state(road)
    more = len(await road.queued()) - queued
    await road.database.close()
    lost = len(set(armed) - set(now_armed))
    said = f"{more} mails to anybody, {lost} of {len(armed)} timers lost; {told(seen)}"
    return Line("L10 ", "receipts, complaints, calendar answers", len(mails), answers, said, more == lost == 0)


async def agents_notes(folder: Path, *, is_bare: bool) -> Line:
    """L12: each note from an agent, to their own reference, proved."""
    road, each = this_desk(folder, limits=OFF), notes()
    await _tickets(road, 1)
    notice = next(m for m in await road.queued() if m.template == "agent_new_ticket")
    before, to = await sent(road), _reply_to(notice.data)
    mails = [
        letter(notice.recipient, text, subject=subject, to=to, name=f"v{n}", head="" if is_bare else head)
        for n, (_, subject, text, head) in enumerate(each)
    ]
    first = await kept(road, mails)
    given_back = sum(m.template == "command_refused" for m in await road.queued())
    answers, seen = await sent(road) - before, await verdicts(road, first)
    await road.database.close()
    what = f"vacation notes of an agent, with a valid reference{' and no In-Reply-To' if is_bare else ''}"
    return Line("L12 ", what, len(each), answers, f"{told(seen)}, {given_back} given back to the agent", answers == 0)


async def ourselves(folder: Path, role: str) -> Line:
    """L07: one kind of person who is one of our own addresses."""
    seen = await own_addresses(folder, role, OFF)
    said = f"{seen.to_others} mails to others, {seen.held} to us held for the admin"
    return Line("L07 ", f"own addresses as {role}", seen.mails, seen.to_ours, said, seen.to_ours == 0 < seen.to_others)


async def lines(folder: Path, many: int = 100) -> AsyncIterator[Line]:
    """The table, line by line; so many real mails bear each mark, and ten times as many reports are forged."""
    at = (folder / f"t{n}" for n in itertools.count())
    yield await control(next(at), many)
    yield await silent(
        next(at), "L01 ", f"{len(AUTO_SUBMITTED)} spellings of Auto-Submitted", marked(AUTO_SUBMITTED, many)
    )
    yield await silent(next(at), "L01 ", f"{len(MACHINES)} other marks of machines", marked(MACHINES, many))
    yield await silent(next(at), "L02 ", f"{len(LISTS)} marks of lists", marked(LISTS, many))
    yield await silent(next(at), "L02 ", "mails of lists", own(of_kind(kind="mailing_list")))
    yield await silent(next(at), "L03 ", f"null return path, {len(NOBODIES)} addresses nobody reads", by_nobodies(many))
    yield await absences(next(at), 7, is_bare=False, most=1)
    yield await absences(next(at), 7, is_bare=True, most=3)
    for role in ROLES:
        yield await ourselves(next(at), role)
    yield await reports(next(at))
    yield await forged_reports(next(at), 10 * many)
    yield await receipts(next(at))
    yield await agents_notes(next(at), is_bare=False)
    yield await agents_notes(next(at), is_bare=True)
    yield await silent(next(at), "L13 ", "more than 50 hops, or our own Delivered-To", travelled(many))
    yield await silent(next(at), "L19 ", "mails of monitoring and other programs", own(of_kind("silent_")))


def own(samples: Iterable[bytes]) -> list[bytes]:
    """As they are, but to us; their senders stay, since some are known by them."""
    return [
        b"Authentication-Results: mx.isybuy.example; dmarc=pass\r\nDelivered-To: support@isybuy.example\r\n" + s
        for s in samples
    ]
