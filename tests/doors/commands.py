"""Every command word, said by everybody by every carrier with every proof in both modes (reliability G20): which runs?

A command has run where the mail makes anything true that the same mail with a plain word in its place does not.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice, product
from math import gcd
from typing import NamedTuple

from desk_values import ALICE, LEA, NOW, RING, mail, settings, ticket

from maild.config.desk import open_desk
from maild.effects import (
    AddMessage,
    AddParticipant,
    ChangeParticipant,
    ChangeTicket,
    Effect,
    QueueMail,
    RecordDecision,
    Settle,
)
from maild.judgement import ENDS, Facts, HeldMail, Proof, Purpose, Verdict, VerdictName
from maild.mail import Address, ParsedMail
from maild.people.command_table import TABLE
from maild.personal_effects import Block, Unblock
from maild.plan.agents_words import agents_words
from maild.plan.case import Incoming
from maild.plan.incoming import plan
from maild.plan.letters import Desk
from maild.plan.matters import opening
from maild.reading.forward import is_reply
from maild.rules.decide import decide
from maild.threading.case import Case
from maild.threading.references import find_references
from maild.threading.token import end_for, message_id_for, nonce_for, reference_for, verify
from maild.threading.verdict import judge
from maild.ticket import Participant, Role

ADDRESS = "support@isybuy.example"
PAUL = Participant(3, "paul@client-a.example", "Paul", Role.CUSTOMER)
GONE = Participant(4, "gone@client-a.example", "Gone", Role.CUSTOMER, is_removed=True)
LEFT = Participant(5, "left@isybuy.example", "Luc Left", Role.AGENT)  # an agent once, on the ticket still
SENDERS = {
    "the requester": ALICE.address,
    "another participant": PAUL.address,
    "a known customer": "bruno@client-b.example",
    "a stranger": "eve@evil.example",
    "a removed participant": GONE.address,
    "the assigned agent": LEA.address,
    "another agent": "marc@isybuy.example",
    "an agent who left": LEFT.address,
    "the admin": "admin@isybuy.example",
    "our own address": ADDRESS,
}
OWNERS = {"requester": ALICE, "agent": LEA, "removed": GONE, "left": LEFT}
ARGUMENTS = {
    "block": "paul@client-a.example",
    "unblock": "eve@evil.example",
    "merge": "1043",
    "split": "Autre sujet",
    "link": "1043",
    "add": "eve@evil.example",
    "remove": PAUL.address,
    "release": "ISY-1042",
    "topic": "Export PDF",
}
# One line each: the word or an alias with what it needs, and the forms in which an argument is left out.
LINES = (
    *(f"#{name} {ARGUMENTS.get(row.word, '')}".strip() for row in TABLE for name in (row.word, *row.aliases)),
    *("#block", "#release new", "#admit", "#note Ceci est interne.", "#add eve@evil.example avec historique"),
)
PLAIN = "Bien reçu."
MODES = ("reference", "link")
TRUSTS = ("proof", "token")
_ORDERS = frozenset({Purpose.NOTE, Purpose.WAIT, Purpose.RESOLVE})


class Way(NamedTuple):
    """How a mail names the ticket: by which carrier, with whose reference, for which purpose."""

    carrier: str
    owner: str = ""
    purpose: Purpose = Purpose.REPLY


class Cell(NamedTuple):
    """One mail."""

    mode: str
    trust: str
    line: str
    way: Way
    sender: str
    proof: Proof


def ways() -> Iterator[Way]:
    """None, a plain reply, each carrier with each owner's reference, each link in whoever's hands."""
    yield Way("none")
    yield Way("plain")
    for owner in OWNERS:
        for carrier in ("address", "In-Reply-To", "References", "Subject", "body"):
            yield Way(carrier, owner)
    for purpose in (Purpose.NOTE, Purpose.WAIT, Purpose.RESOLVE):
        yield Way("address", "agent", purpose)
        yield Way("Subject", "left", purpose)
    for purpose in (Purpose.SOLVED, Purpose.REOPEN, Purpose.MY_REQUESTS):
        yield Way("address", "requester", purpose)
    for purpose in sorted(ENDS):
        yield Way("address", "agent", purpose)


def cells() -> Iterator[Cell]:
    """All of them."""
    for found in product(MODES, TRUSTS, LINES, ways(), SENDERS, Proof):
        yield Cell(*found)


@cache
def _desk(mode: str, trust: str) -> Desk:
    said = settings(
        site={"name": "Support iSYBUY", "reference": "ISY", "key": {"env": "K"}, "replies": mode},
        mailboxes={"support": {"address": ADDRESS, "trust": {"authserv_id": "mx.isybuy.example", "agents": trust}}},
        people={
            "agents": [
                {"name": "Léa Martin", "address": LEA.address, "teams": ["n1"]},
                {"name": "Marc Petit", "address": "marc@isybuy.example", "teams": ["n1"]},
            ],
            "customers": [{"address": ALICE.address}, {"address": "bruno@client-b.example"}],
        },
    )
    return open_desk(said, RING)


_TICKETS = {
    1042: ticket(participants=(ALICE, LEA, PAUL, GONE, LEFT)),
    1043: ticket(1043, participants=(ALICE, LEA)),
}
_HELD = HeldMail(17, "support", "eve@evil.example", VerdictName.STRANGER, "c" * 64)


def _bearing(way: Way, line: str, sender: str) -> ParsedMail:
    parts: dict[str, object] = {"subject": "Une question", "content_key": "k" * 64, "text": line, "reply_text": line}
    if way.carrier == "none":
        return mail(sender, **parts)
    parts["subject"] = "Re: Impossible d'exporter la facture"
    if way.carrier != "plain":
        who = OWNERS[way.owner]
        token = reference_for(RING, 1042, who, way.purpose)
        if way.purpose in ENDS:
            token = end_for(RING, _HELD, 1042, way.purpose, who.key)
        written = message_id_for(RING, nonce_for(RING, "cell"), "isybuy.example", 1042, who)
        if way.carrier == "address":
            parts["to"] = (Address(token.in_address(ADDRESS, "+")),)
        elif way.carrier == "Subject":
            parts["subject"] = f"Re: Export {token.in_subject('ISY')}"
        elif way.carrier == "body":
            parts["text"] = f"{line}\n\n> Export {token.in_subject('ISY')}"
        else:
            parts["in_reply_to" if way.carrier == "In-Reply-To" else "references"] = (written,)
    parts["is_reply"] = is_reply(str(parts["subject"]))
    return mail(sender, **parts)


def _judged(cell: Cell) -> tuple[Case, Verdict]:
    desk, address = _desk(cell.mode, cell.trust), SENDERS[cell.sender]
    received = _bearing(cell.way, cell.line, address)
    person = desk.settings.person(address)
    facts = Facts(NOW, 3000, tickets=_TICKETS, is_written_to=cell.way.carrier != "none", who=person, held=_HELD)
    found = find_references(received, desk.settings)
    references = tuple(verify(desk.ring, c, facts.tickets, facts.held, NOW, address) for c in found)
    case = Case(received, references, facts, desk.settings, desk.settings.mailboxes["support"], cell.proof)
    case = replace(case, words=agents_words(desk, case))
    return case, judge(case)


def effects(cell: Cell) -> Counter[tuple[object, ...]]:
    """What the mail makes true, without the words of its text."""
    case, verdict = _judged(cell)
    if verdict.name is VerdictName.AGENT_COMMAND and verdict.ticket is None:  # decides on a held mail
        words: list[tuple[object, ...]] = [("decides", verdict.reason, c.word) for c in case.words.commands]
        return Counter[tuple[object, ...]](words or [("decides", verdict.reason)])
    desk = _desk(cell.mode, cell.trust)
    opens = verdict.name in (VerdictName.NEW_TICKET, VerdictName.FOLLOW_UP)
    decision = (
        decide(desk.settings, opening(desk.settings, "support", case.mail, case.facts), case.facts.rota)
        if opens
        else None
    )
    made = plan(desk, Incoming(1, "support", case.mail, case.facts, verdict, case.words, decision))
    return Counter(_said(effect) for effect in made)


def _said(effect: Effect) -> tuple[object, ...]:
    name = type(effect).__name__
    match effect:
        case ChangeTicket():
            changes = {k: v for k, v in effect.changes.items() if k not in ("last_answer", "answered_at")}
            return (name, effect.number, repr(sorted(changes.items(), key=str)))
        case ChangeParticipant():
            return (name, effect.number, effect.slot, repr(effect.changes))
        case AddParticipant():
            return (name, effect.number, effect.participant.key)
        case AddMessage():
            return (name, effect.number, effect.visibility, effect.author)
        case QueueMail():
            return (name, effect.template, effect.recipient)
        case Settle():
            return (name, effect.inbound_id, effect.disposition, effect.verdict)
        case RecordDecision():
            return (name, effect.verdict)
        case Block() | Unblock():
            return (name, effect.key)
        case _:
            return (name, getattr(effect, "number", None))


def may(cell: Cell) -> bool:
    """Who may command, said anew: an agent of today who is proved; where the mailbox says `token` and nobody judges,
    one who was given the reference; and of a held mail the one to whom its end was given."""
    address = SENDERS[cell.sender]
    owner = OWNERS[cell.way.owner].address if cell.way.owner else ""
    if cell.way.purpose in ENDS and owner != address:
        return False
    if address not in (LEA.address, "marc@isybuy.example"):
        return False
    by_token = cell.trust == "token" and cell.proof is Proof.UNVERIFIED and owner == address
    return cell.proof is Proof.PASS or by_token


# What is typed beside « C'est réglé » is told to the agent, whatever it says; PLAIN are words of thanks.
_WORDS_TOLD: dict[Purpose, Counter[tuple[object, ...]]] = {
    Purpose.SOLVED: Counter([("QueueMail", "agent_customer_reply", LEA.address)])
}


@dataclass
class Matrix:
    """What the cells came to."""

    forbidden: int = 0  # cells of who may not
    allowed: int = 0
    ran: int = 0  # of those who may
    breaches: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{len(self.breaches)} of {self.forbidden} ran; of {self.allowed} by who may {self.ran} did"


def matrix(every: int = 1) -> Matrix:
    """All cells, or one in so many, or a few more."""
    seen, breaches = Matrix(), []
    plain: dict[Cell, Counter[tuple[object, ...]]] = {}
    while gcd(every, 30) > 1:  # else the same senders and proofs would come again and again
        every += 1
    for cell in islice(cells(), 0, None, every):
        bare = cell._replace(line=PLAIN)
        if cell.way.purpose in _ORDERS:  # a link in other hands orders nothing either
            bare = bare._replace(way=cell.way._replace(purpose=Purpose.REPLY))
        if bare not in plain:
            plain[bare] = effects(bare)
        made = effects(cell)
        more = made - plain[bare] - _WORDS_TOLD.get(cell.way.purpose, Counter())
        if may(cell):
            seen.allowed += 1
            seen.ran += bool(more)
            continue
        seen.forbidden += 1
        decides = any(effect[0] == "decides" for effect in made)
        if decides or (more and cell.way.purpose not in ENDS):  # what a false end draws is a refusal of its own
            breaches.append(f"{cell}: {sorted(map(str, more))}")
    seen.breaches = tuple(breaches)
    return seen
