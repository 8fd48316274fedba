"""A reference in other hands (reliability S03, S04, S05, S21): does its holder come in, or get a word out?"""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

from desk_values import RING
from road import LEA, letter

from doors.peopled import CARRIERS, Peopled, Seen, answer, bearing
from doors.services import SERVICES
from maild.judgement import Purpose
from maild.store.watching import QueuedMail
from maild.threading.token import reference_for

LINKS = (
    *(Purpose.SOLVED, Purpose.REOPEN, Purpose.ESCALATE, Purpose.MY_REQUESTS),
    *(Purpose.RATE_GOOD, Purpose.RATE_BAD, Purpose.NO_REMINDERS),
)
MALLORY = "mallory@evil.example"


async def strangers(folder: Path, requests: int = 20) -> Seen:
    """S03: each carrier and each link of a customer's mail in the hands of others, all proved: another customer with a
    request of their own, one whom the desk knows, somebody unknown, a colleague of the customer."""
    desk = await Peopled.opened(folder, requests)
    mails = await desk.last_of("agent_reply")

    def raws() -> Iterator[tuple[str, bytes]]:
        for number, mail in mails.items():
            for who, (way, parts) in product(_others(desk, number), _ways(desk, number, mail)):
                n = next(_numbers)
                word = f"motautre{n}x"
                desk.may_read.setdefault(who, set()).add(word)
                yield f"{who}, {way}", answer(who, f"Bonjour, voici {word}.", parts, f"s{n}")

    _numbers = iter(range(1_000_000))
    await desk.receives(raws())
    await desk.goes_on()
    return await desk.close()


def _others(desk: Peopled, number: int) -> tuple[str, ...]:
    owner = desk.owners[number]
    another = next(who for there, who in desk.owners.items() if there != number)
    return another, "alice@client-a.example", "eve@evil.example", f"collegue@{owner.partition('@')[2]}"


def _ways(desk: Peopled, number: int, mail: QueuedMail) -> Iterator[tuple[str, dict[str, str]]]:
    for carrier in (*CARRIERS[:4], "all"):
        yield carrier, bearing(mail, carrier)
    who = desk._before[number].requester
    for purpose in LINKS:
        token = reference_for(RING, number, who, purpose)
        yield f"{purpose.name}, address", {"to": token.in_address("support@isybuy.example", "+"), "subject": "Oui"}
        yield f"{purpose.name}, Subject", {"subject": f"Oui {token.in_subject('ISY')}"}


# Where somebody who writes in another's name would put an address of their own.
PLACES = {
    "Cc": "Cc: {0}",
    "Cc with the customer's name": 'Cc: "{1}" <{0}>',
    "Reply-To": "Reply-To: {0}",
    "Reply-To beside the customer's": "Reply-To: {1}, {0}",
    "Sender": "Sender: {0}",
    "Return-Path": "Return-Path: <{0}>",
    "Errors-To": "Errors-To: {0}",
    "Resent-From": "Resent-From: {0}\nResent-To: {0}",
    "Disposition-Notification-To": "Disposition-Notification-To: {0}",
    "Return-Receipt-To": "Return-Receipt-To: {0}",
    "Mail-Followup-To": "Mail-Followup-To: {0}",
    "Bcc": "Bcc: {0}",
    "X-Original-From": "X-Original-From: {0}",
    "all of them": "Cc: {0}\nReply-To: {0}\nSender: {0}\nReturn-Path: <{0}>\nMail-Followup-To: {0}",
}


async def replays(folder: Path, requests: int = 20) -> tuple[Seen, int]:
    """S04: mails in the customer's name, unproved or proved wrong, that bring the attacker in at every place of a head,
    with a guessed number, a forged reference, or (leaked) the true one. What was seen, and octets sent to the attacker.

    A true reference with an unproved sender is the customer to us (scenarios.md, `reply`): it enters, and shows nobody
    anything.
    """
    desk = await Peopled.opened(folder, requests)
    mails = list((await desk.last_of("agent_reply")).items())
    commands = "Merci d'ajouter mon collègue :\n\n#ajouter mallory@evil.example avec historique\n"

    def raws() -> Iterator[tuple[str, bytes]]:
        every = product(PLACES.items(), ("none", "fail"), ("number", "number in the address", "forged", "true"))
        for n, ((place, head), proof, how) in enumerate(every):
            number, mail = mails[n % len(mails)]
            owner = desk.owners[number]
            parts = _named(number, mail, how)
            raw = answer(owner, commands, parts, f"r{n}", proof=proof, head=head.format(MALLORY, owner))
            yield f"{place}, {proof}, {how}", raw

    await desk.receives(raws())
    desk.result.entered -= desk.result.verdicts["reply"]
    await desk.goes_on()
    octets = sum(len(m.data) for m in await desk.road.queued() if m.recipient == MALLORY)
    return await desk.close(), octets


def _named(number: int, mail: QueuedMail, how: str) -> dict[str, str]:
    if how == "number":
        return {"subject": f"Re: Panne [ISY-{number}]"}
    if how == "number in the address":
        return {"subject": "Re: Panne", "to": f"support+{number}@isybuy.example"}
    parts = bearing(mail, "all")
    if how == "forged":
        at = parts["to"].index("@") - 1
        false = ("0" if parts["to"][at] != "0" else "1") + parts["to"][at + 1 :]
        return {"to": parts["to"][:at] + false, "subject": "Re: Panne"}
    return parts


async def ticket_trick(folder: Path, every: int = 1) -> Seen:
    """S05: the attacker signs up with fifty services under the signed address of a request of their own, or names the
    service's Reply-To and Cc; the code that the service sends must reach nobody but the team, not even later, as a
    quote. Each with the marks that such services set, with some of them and with none."""
    desk = await Peopled.opened(folder, 5)
    mails = list((await desk.last_of("agent_reply")).items())

    def raws() -> Iterator[tuple[str, bytes]]:
        for n, (service, kept, carrier) in enumerate(product(SERVICES, ("all", "none"), ("address", "Subject", "all"))):
            if n % every:
                continue
            number, mail = mails[n % len(mails)]
            head = "\n".join(service.marks if kept == "all" else ())
            if n % 2:
                head = "\n".join(filter(None, (head, f"Cc: {desk.owners[number]}")))
            parts = bearing(mail, carrier) | ({} if carrier != "address" else {"subject": service.subject})
            raw = answer(service.sender, f"{service.text} motcode{n}x", parts, f"t{n}", head=head)
            yield f"{service.sender}, marks {kept}, {carrier}", raw

    await desk.receives(raws())
    await desk.goes_on()
    return await desk.close()


async def first_replies(folder: Path, requests: int = 20) -> Seen:
    """S21: nobody has answered yet, and the first reply is a stranger's, by the customer's name, from an address that
    looks like theirs, or with theirs in Reply-To: requests of the customer's own mail and of an agent's for them."""
    desk = await Peopled.opened(folder, requests, is_answered=False)
    for n in range(requests):
        owner = f"p{n}@partenaire-{n}.example"
        text = f"#pour {owner}\n\nNous avons vu motobjet{1000 + n}x, et motreponse{1000 + n}x ?"
        ending = await desk.road.receive(letter(LEA, text, subject=f"Visite {n}", name=f"f{n}"))
        assert ending.ticket is not None, ending
        desk.owners[ending.ticket] = owner
        desk.may_read[owner] = {f"motobjet{1000 + n}x", f"motreponse{1000 + n}x"}
    await desk.remember()
    mails = await desk.last_of("acknowledgement") | await desk.last_of("agent_reply")
    assert mails.keys() == desk.owners.keys()

    def raws() -> Iterator[tuple[str, bytes]]:
        n = 0
        for number, mail in mails.items():
            owner = desk.owners[number]
            for sender, head in _alike(owner):
                for carrier in (*CARRIERS[:4], "all"):
                    n += 1
                    desk.may_read.setdefault(sender, set()).add(f"motautre{n}x")
                    raw = answer(sender, f"C'est moi, motautre{n}x.", bearing(mail, carrier), f"n{n}", head=head)
                    yield (
                        f"{sender}, {carrier}",
                        raw.replace(b"From: <", f"From: {owner.partition('@')[0]} <".encode(), 1),
                    )

    await desk.receives(raws())
    return await desk.close()


def _alike(owner: str) -> Iterator[tuple[str, str]]:
    local, _, domain = owner.partition("@")
    yield f"{local}@{domain}.evil.example", ""
    yield f"{local}.{domain.replace('.', '-')}@gmail.example", f"Reply-To: {owner}"
    yield f"{local}@autre.example", f"Sender: {owner}\nCc: {owner}"
