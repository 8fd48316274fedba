"""A colleague in Cc follows a request only where the rules say so of their organisation."""

from dataclasses import replace
from typing import Any

import pytest
from desk_values import ALICE, LEA, NOW, RING, mail, settings, ticket

from maild.config.desk import open_desk
from maild.judgement import Proof
from maild.mail import Address
from maild.plan.watchers import MOST, watching

PEOPLE = {
    "agents": [{"name": "Léa Martin", "address": "lea@isybuy.example"}],
    "customers": [
        {"address": "alice@client-a.example", "organisation": "Client A"},
        {"address": "carl@client-c.example", "organisation": "Client C"},
    ],
    "organisations": [{"domain": "client-a.example", "organisation": "Client A"}],
}
COLLEAGUE = "zoe@client-a.example"


def joined(
    *cc: str, watchers: Any = ("Client A",), proof: Proof = Proof.PASS, sender: str = ALICE.address, at: Any = None
) -> list[str]:
    desk = open_desk(settings(people={**PEOPLE, "watchers": list(watchers)}), RING)
    received = mail(sender, cc=tuple(map(Address, cc)))
    return [who.address for who in watching(desk, at or ticket(), received, proof, NOW)]


def test_only_where_the_rules_name_the_organisation() -> None:
    assert joined(COLLEAGUE) == [COLLEAGUE]
    assert joined(COLLEAGUE, watchers=()) == []
    assert joined(COLLEAGUE, watchers=("Client C",)) == []


@pytest.mark.parametrize("proof", [p for p in Proof if p is not Proof.PASS])
def test_not_without_proof(proof: Proof) -> None:
    assert joined(COLLEAGUE, proof=proof) == []


@pytest.mark.parametrize(
    "cc", ["carl@client-c.example", "x@ailleurs.example", "lea@isybuy.example", "support@isybuy.example", ALICE.address]
)
def test_nobody_else_in_cc(cc: str) -> None:
    assert joined(cc) == []


def test_not_by_anybody_elses_mail() -> None:
    assert joined(COLLEAGUE, sender="bob@client-a.example") == []


def test_who_was_taken_off_does_not_come_back() -> None:
    gone = replace(ticket().joining(COLLEAGUE, "", NOW), is_removed=True)
    assert joined(COLLEAGUE, at=ticket(participants=(ALICE, LEA, gone))) == []


def test_each_once_and_not_too_many() -> None:
    many = [f"p{n}@client-a.example" for n in range(50)]
    assert joined(*many) == many[:MOST]
    assert joined(COLLEAGUE, COLLEAGUE.upper()) == [COLLEAGUE]


def test_who_joins_later_sees_nothing_from_before() -> None:
    desk = open_desk(settings(people={**PEOPLE, "watchers": ["Client A"]}), RING)
    there = ticket(thread=("m0@client-a.example",))
    [who] = watching(desk, there, mail(ALICE.address, cc=(Address(COLLEAGUE),)), Proof.PASS, NOW)
    assert (who.slot, who.joined_at, who.joined_after) == (there.next_slot, NOW, "m0@client-a.example")
