"""Every cell of "may this mail into that ticket?": by what the real judge and the real plan say, for docs/threading.md.

A cell is a mail: by which carrier it names a ticket of Alice, whether that reference is right and whose it is, who
sends it, with which proof, how the ticket stands, and the mode of the desk.
`PYTHONPATH=tests python -m threading_cells > docs/threading.md` writes the page.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from itertools import product

from desk_values import ALICE, LEA, NOW, mail, settings, ticket

from maild.agent_words import AgentWords
from maild.cli.words import VERDICTS
from maild.config.desk import open_desk
from maild.effects import QueueMail, Settle
from maild.judgement import (
    Facts,
    Proof,
    VerdictName,
)
from maild.lifecycle import Status
from maild.mail import Address, ParsedMail
from maild.people.commands import read_words
from maild.plan.case import Incoming
from maild.plan.incoming import plan
from maild.plan.letters import Desk
from maild.plan.matters import opening
from maild.rules.decide import decide
from maild.threading.case import Case
from maild.threading.references import find_references
from maild.threading.token import Key, Keyring, message_id_for, nonce_for, reference_for, verify
from maild.threading.verdict import judge
from maild.ticket import Participant, Role, Ticket

ADDRESS = "support@isybuy.example"
_LONG_AGO = NOW - timedelta(days=600)
RING = Keyring(
    "cells",
    (
        Key("5", b"o" * 32, _LONG_AGO),
        Key("6", b"r" * 32, NOW - timedelta(days=10), is_revoked=True),
        Key("7", b"k" * 32, NOW - timedelta(days=20)),
    ),
)
PAUL = Participant(3, "paul@client-a.example", "Paul", Role.CUSTOMER)
GONE = Participant(4, "gone@client-a.example", "Gone", Role.CUSTOMER, is_removed=True)
PEOPLE = {
    "agents": [
        {"name": "Léa Martin", "address": LEA.address, "teams": ["n1"]},
        {"name": "Marc Petit", "address": "marc@isybuy.example", "teams": ["n1"]},
    ],
    "customers": [
        {"address": ALICE.address, "name": "Alice Durand"},
        {"address": "bruno@client-b.example", "name": "Bruno Lopez"},
    ],
}

MODES = ("reference", "link")
CARRIERS = (
    "no reference, a first mail",
    "no reference, a reply",
    "address",
    "In-Reply-To",
    "References",
    "Subject",
    "body",
)
FAULTS = ("right", "mistyped", "cut short", "another ticket's number", "unknown key", "revoked key", "retired key")
OWNERS = ("the requester's", "an agent's")
SENDERS = {
    "the requester": ALICE.address,
    "another participant": PAUL.address,
    "a known customer who is not on it": "bruno@client-b.example",
    "somebody unknown": "eve@evil.example",
    "the assigned agent": LEA.address,
    "another agent": "marc@isybuy.example",
    "our own address": ADDRESS,
}
PROOFS = tuple(Proof)
STATES = (Status.OPEN, Status.PENDING, Status.RESOLVED, Status.CLOSED)
DIMENSIONS = ("mode", "carrier", "reference", "whose", "sender", "proof", "ticket")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of the mail: verdict, disposition, and which templates leave to whom."""

    verdict: str
    disposition: str
    sent: tuple[str, ...]


Cell = tuple[str, ...]


def cells() -> Iterator[Cell]:
    """All of them, in the order of DIMENSIONS."""
    for mode, carrier, sender, proof, state in product(MODES, CARRIERS, SENDERS, PROOFS, STATES):
        if carrier.startswith("no reference"):
            yield (mode, carrier, "-", "-", sender, proof.value, state.value)
            continue
        for fault, owner in product(FAULTS, OWNERS):
            yield (mode, carrier, fault, owner, sender, proof.value, state.value)


@cache
def _desk(mode: str) -> Desk:
    said = settings(people=PEOPLE, mailboxes={"support": {"address": ADDRESS, "trust": {"authserv_id": "mx.x"}}})
    site = said.site.model_copy(update={"replies": mode})
    return open_desk(said.model_copy(update={"site": site}), RING)


@cache
def _ticket(state: str) -> Ticket:
    return ticket(status=Status(state), participants=(ALICE, LEA, PAUL, GONE))


def _minted(fault: str, owner: Participant) -> Callable[[str], str]:
    """A reference in any form, and what went wrong with it."""
    keys = {"revoked key": "6", "retired key": "5"}
    at = keys.get(fault, "7")
    ring = Keyring(RING.instance, tuple(replace(k, is_revoked=False) for k in RING.keys if k.id == at))

    def spoilt(written: str) -> str:
        head, _, tail = written.rpartition("-")
        if fault == "mistyped":
            return f"{head}-{'X' if tail[:1] != 'X' else 'Y'}{tail[1:]}"
        if fault == "cut short":
            return f"{head}-{tail[:2]}]" if tail.endswith("]") else f"{head}-{tail[:6]}"
        if fault == "another ticket's number":
            return written.replace("1042", "1043")
        if fault == "unknown key":
            return written.replace("-7", "-9", 1)
        return written

    def form(kind: str) -> str:
        token = reference_for(ring, 1042, owner)
        if kind == "address":
            local, _, domain = token.in_address(ADDRESS, "+").partition("@")
            return f"{spoilt(local)}@{domain}"
        if kind == "id":
            written = message_id_for(ring, nonce_for(ring, "cell"), "isybuy.example", 1042, owner)
            if fault == "mistyped":
                at = written.index("@")
                return f"{written[: at - 1]}{'x' if written[at - 1] != 'x' else 'y'}{written[at:]}"
            if fault == "cut short":
                return written.replace("@", "", 1)[:-30] + "@isybuy.example"
            return spoilt_id(written)
        return spoilt(token.in_subject("ISY"))

    def spoilt_id(written: str) -> str:
        if fault == "another ticket's number":
            return written.replace(".1042-", ".1043-")
        return written.replace("-7.", "-9.", 1) if fault == "unknown key" else written

    return form


@cache
def _mail(carrier: str, fault: str, whose: str, sender: str) -> ParsedMail:
    parts: dict[str, object] = {"subject": "Une question", "content_key": f"{carrier}{fault}{whose}{sender}"}
    if carrier == CARRIERS[1]:
        parts |= {"subject": "Re: Une question", "is_reply": True, "in_reply_to": ("x@client.example",)}
    elif not carrier.startswith("no reference"):
        form = _minted(fault, ALICE if whose == OWNERS[0] else LEA)
        if carrier == "address":
            parts["to"] = (Address(form("address")),)
        elif carrier == "Subject":
            parts |= {"subject": f"Re: Export {form('subject')}", "is_reply": True}
        elif carrier == "body":
            parts["text"] = f"Bonjour,\nvoici ma question.\n\n> Export {form('subject')}"
        else:
            name = "in_reply_to" if carrier == "In-Reply-To" else "references"
            parts |= {name: (form("id"),), "subject": "Re: Une question", "is_reply": True}
    return mail(SENDERS[sender], **parts)


def case_of(cell: Cell) -> Case:
    """The mail of a cell, and all that is known about it."""
    mode, carrier, fault, whose, sender, proof, state = cell
    desk, received, there = _desk(mode), _mail(carrier, fault, whose, sender), _ticket(state)
    assert received.sender is not None
    known = desk.settings.person(received.sender.address)
    facts = Facts(NOW, 3000, tickets={1042: there}, is_written_to=carrier != CARRIERS[0], who=known)
    if sender == "the requester" and there.status in (Status.OPEN, Status.PENDING):
        facts = replace(facts, own_tickets=(there,))
    found = find_references(received, desk.settings)
    references = tuple(verify(desk.ring, c, {1042: there}, None, NOW) for c in found)
    agent = desk.settings.agents.get(received.sender.key)
    words = read_words(received, agent.address) if agent else AgentWords("")
    box = desk.settings.mailboxes["support"]
    return Case(received, references, facts, desk.settings, box, Proof(proof), words)


def outcome(cell: Cell) -> Outcome:
    """What the real plan makes of it."""
    case, desk = case_of(cell), _desk(cell[0])
    verdict = judge(case)
    opens = verdict.name in (VerdictName.NEW_TICKET, VerdictName.FOLLOW_UP)
    decision = (
        decide(desk.settings, opening(desk.settings, "support", case.mail, case.facts), case.facts.rota)
        if opens
        else None
    )
    effects = plan(desk, Incoming(1, "support", case.mail, case.facts, verdict, case.words, decision))
    end = next(e for e in reversed(effects) if isinstance(e, Settle))
    sent = {f"{e.template} to {_who(desk, e.recipient, cell)}" for e in effects if isinstance(e, QueueMail)}
    return Outcome(verdict.name.value, end.disposition.value, tuple(sorted(sent)))


def _who(desk: Desk, address: str, cell: Cell) -> str:
    if address == SENDERS[cell[4]]:
        return "the sender"
    if address in desk.settings.agents:
        return "agents"
    return "the admin" if address == desk.settings.admin else "the customers"


def merged(rows: Mapping[Cell, Outcome]) -> list[tuple[tuple[frozenset[str], ...], Outcome]]:
    """Cells with one outcome as few rows: sets of values in each dimension, whose product is what they stand for."""
    found: list[tuple[tuple[frozenset[str], ...], Outcome]] = []
    for result in dict.fromkeys(rows.values()):
        here = {tuple(frozenset({v}) for v in cell) for cell, o in rows.items() if o == result}
        for at in range(len(DIMENSIONS)):
            by_rest: dict[tuple[frozenset[str], ...], set[str]] = {}
            for row in here:
                by_rest.setdefault(row[:at] + row[at + 1 :], set()).update(row[at])
            here = {(*rest[:at], frozenset(values), *rest[at:]) for rest, values in by_rest.items()}
        found += [(row, result) for row in here]
    order = [name.value for name in VerdictName]
    return sorted(found, key=lambda r: (order.index(r[1].verdict), [sorted(v) for v in r[0]], r[1].sent))


_ALL: tuple[frozenset[str], ...] = (
    frozenset(MODES),
    frozenset(CARRIERS),
    frozenset(FAULTS),
    frozenset(OWNERS),
    frozenset(SENDERS),
    frozenset(p.value for p in PROOFS),
    frozenset(s.value for s in STATES),
)
_ORDER: tuple[tuple[str, ...], ...] = (
    MODES,
    CARRIERS,
    FAULTS,
    OWNERS,
    tuple(SENDERS),
    tuple(p.value for p in PROOFS),
    tuple(s.value for s in STATES),
)


def _shown(at: int, values: frozenset[str]) -> str:
    if values == frozenset("-"):
        return "–"
    if values >= _ALL[at] or (at == 1 and values >= frozenset(CARRIERS[2:]) and len(values) == len(CARRIERS) - 2):
        return "any" if at != 1 or values >= _ALL[at] else "any carrier"
    given = [v for v in _ORDER[at] if v in values]
    missing = [v for v in _ORDER[at] if v not in values]
    return f"any but {', '.join(missing)}" if len(missing) == 1 and len(given) > 2 else ", ".join(given)


def page(rows: Mapping[Cell, Outcome]) -> Iterable[str]:
    """The lines of docs/threading.md."""
    yield "# Who may write into a ticket"
    yield ""
    yield (
        f"Each of the {len(rows):,} cells below is decided by the code itself: this page is written by"
        " `PYTHONPATH=tests python -m threading_cells`, and a test compares it with what the code says now."
    )
    yield ""
    yield (
        "A cell is a mail that names a ticket of Alice, or none: in which **mode** the desk is (`site.replies`), by"
        " which **carrier** it names the ticket, whether its **reference** is right and **whose** it is, who the"
        " **sender** is, with which **proof**, and how the **ticket** stands. The first row of the table of verdicts"
        " that fits decides; mails that are no person's words (bounces, automatic answers, lists, spam), the links of"
        " held mail, ratings and refusals of reminders, merged tickets and what else a ticket's life brings have rows"
        " of their own in `tests/unit/test_verdict_table.py`."
    )
    yield ""
    by_verdict: dict[str, list[tuple[tuple[frozenset[str], ...], Outcome]]] = {}
    for row in merged(rows):
        by_verdict.setdefault(row[1].verdict, []).append(row)
    for verdict, here in by_verdict.items():
        many = sum(o.verdict == verdict for o in rows.values())
        yield f"## {verdict}: {VERDICTS.get(verdict, '')}"
        yield ""
        yield f"{many:,} cells."
        yield ""
        yield f"| {' | '.join(DIMENSIONS)} | ends | sent |"
        yield f"|{'---|' * (len(DIMENSIONS) + 2)}"
        for values, result in here:
            shown = [_shown(at, v) for at, v in enumerate(values)]
            yield f"| {' | '.join(shown)} | {result.disposition} | {'; '.join(result.sent) or 'nothing'} |"
        yield ""


def main() -> None:
    """Write the page."""
    sys.stdout.write("\n".join(page({cell: outcome(cell) for cell in cells()})))


if __name__ == "__main__":
    main()
