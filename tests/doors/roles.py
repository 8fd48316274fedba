"""Commands of who is not proved to be an agent, and references of other roles (reliability S06, S07), through the real
intake: is one executed?"""

from collections.abc import Iterator
from dataclasses import fields
from itertools import product
from pathlib import Path

from doors.commands import LINES
from doors.inert import internal
from doors.peopled import CARRIERS, Peopled, Seen, answer, bearing
from maild.store.watching import QueuedMail
from maild.ticket import Ticket

LEA, MARC = "lea@isybuy.example", "marc@isybuy.example"
# What any answer changes; of a customer's, that the request is open again.
_ANSWERED = frozenset({"last_answer", "thread", "answered_at", "waiting_round", "waiting_since", "status", "opened_at"})


async def unproved_agents(folder: Path, every: int = 1) -> tuple[Seen, int]:
    """S06: each command word with an answer, From an agent, by each carrier of their own true reference, where the
    sender is proved wrong, by nothing, or judged by nobody. What was seen, and mails a day to that agent, at most."""
    desk = await Peopled.opened(folder, 2)
    mails = await desk.last_of("agent_new_ticket")
    told = {m.id for m in await desk.road.queued()}

    def raws() -> Iterator[tuple[str, bytes]]:
        ways = product(LINES, ("fail", "none", "unverified"), (*CARRIERS[:4], "all"))
        for n, (line, proof, carrier) in enumerate(ways):
            if n % every:
                continue
            mail = list(mails.values())[n % len(mails)]
            raw = answer(mail.recipient, f"Voici motfaux{n}x.\n\n{line}", bearing(mail, carrier), f"u{n}", proof=proof)
            if proof == "unverified":
                raw = raw.partition(b"\r\n")[2]
            yield f"{line}, {proof}, {carrier}", raw

    await _obeyed(desk, raws())
    days: dict[tuple[str, str], int] = {}
    for mail in await desk.road.queued():
        if mail.id not in told and mail.recipient in (LEA, MARC):
            at = (mail.recipient, f"{mail.template} {mail.created_at:%j}")
            days[at] = days.get(at, 0) + 1
    return await desk.close(), max(days.values(), default=0)


async def other_roles(folder: Path, every: int = 1) -> tuple[Seen, int]:
    """S07: each command word, proved: an agent under a customer's reference, a customer under an agent's, under another
    customer's and under their own. What was seen (an own reference lets words in, and no command), and how many
    commands of an agent under a colleague's reference were done, which may be (decision 17)."""
    desk = await Peopled.opened(folder, 3)
    customers, agents = await desk.last_of("agent_reply"), await desk.last_of("agent_new_ticket")
    numbers = sorted(desk.owners)

    def raws() -> Iterator[tuple[str, bytes]]:
        for n, (line, carrier, pair) in enumerate(product(LINES, (*CARRIERS[:4], "all"), range(4))):
            if n % every:
                continue
            number, other = numbers[n % 3], numbers[(n + 1) % 3]
            owner = desk.owners[number]
            who, mail = (
                (agents[number].recipient, customers[number]),
                (owner, agents[number]),
                (owner, customers[other]),
                (owner, customers[number]),
            )[pair]
            desk.may_read.setdefault(owner, set()).add(f"motmien{n}x" if who == owner else "")
            text = f"Voici mot{'mien' if who == owner else 'faux'}{n}x.\n\n{line}"
            yield f"{line}, {carrier}, pair {pair}", answer(who, text, bearing(mail, carrier), f"o{n}")

    await _obeyed(desk, raws())
    desk.result.entered -= desk.result.verdicts["reply"]
    done = await _colleagues(desk, agents)
    return await desk.close(), done


async def _obeyed(desk: Peopled, raws: Iterator[tuple[str, bytes]]) -> None:
    """One by one: which of them changed a request, or anything that only a command makes?"""
    for name, raw in raws:
        before = await _state(desk)
        await desk.receives([(name, raw)])
        if await _state(desk) != before:
            desk.result.commanded.append(name)


async def _state(desk: Peopled) -> tuple[object, ...]:
    kept = [_kept(await desk.ticket(number)) for number in desk.owners]
    return (*kept, (await desk.road.database.read(internal))[1:])


def _kept(ticket: Ticket) -> tuple[object, ...]:
    return tuple(getattr(ticket, f.name) for f in fields(ticket) if f.name not in _ANSWERED)


async def _colleagues(desk: Peopled, mails: dict[int, QueuedMail]) -> int:
    done = 0
    for number, mail in mails.items():
        colleague = MARC if mail.recipient == LEA else LEA
        raw = answer(colleague, "#urgency high", bearing(mail, "address"), f"colleague{number}")
        done += (await desk.road.receive(raw)).verdict == "agent_command"
    return done
