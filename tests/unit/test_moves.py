"""Whom and what do #merge, #link, #add and #remove name, and what is refused, whoever asks?"""

from dataclasses import replace
from datetime import timedelta

import pytest
from desk_values import ALICE, LEA, NOW, RING, settings, ticket

from maild.config.desk import open_desk
from maild.effects import AddParticipant, CancelTimers, ChangeTicket, QueueMail
from maild.lifecycle import Reason, Status
from maild.mail import Address
from maild.people.addressed import address_named
from maild.plan.foreseen import foreseen
from maild.plan.merging import merge
from maild.plan.participants import add, change_address, remove
from maild.simulate.look import look
from maild.threading.references import number_named
from maild.threading.token import reference_for

HOUSE = [
    {"address": ALICE.address, "name": "Alice Durand", "organisation": "Client A"},
    {"address": "carl@client-a.example", "organisation": "Client A"},
    {"address": "bruno@client-b.example", "organisation": "Client B"},
]
AGENTS = [{"name": "Léa Martin", "address": "lea@isybuy.example"}, {"name": "Marc", "address": "marc@isybuy.example"}]
DESK = open_desk(settings(people={"agents": AGENTS, "customers": HOUSE}), RING)
BRUNO = replace(ALICE, address="bruno@client-b.example", name="Bruno Lopez")
CARL = replace(ALICE, address="carl@client-a.example", name="")
SOURCE = ticket(1042)
LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        *(
            ("1042", 1042),
            ("#1042", 1042),
            ("n° 1042", 1042),
            ("ISY-1042", 1042),
            ("isy - 1042", 1042),
            ("[1042]", 1042),
        ),
        (reference_for(RING, 1042, ALICE).in_subject("ISY"), 1042),
        (reference_for(RING, 1042, ALICE).in_address("support@isybuy.example", "+"), 1042),
        *(("", 0), ("KAP-1042", 0), ("1042 et 1043", 0), ("la facture", 0), ("4" * 13, 0), ("١٠٤٢", 0)),
    ],
)
def test_which_ticket_is_named(written: str, number: int) -> None:
    assert number_named(written, DESK.settings) == number


@pytest.mark.parametrize(
    ("written", "who"),
    [
        ("bruno@client-b.example", Address("bruno@client-b.example")),
        ("Bruno Lopez <bruno@client-b.example>", Address("bruno@client-b.example", "Bruno Lopez")),
        ("bruno@client-b.example <mailto:bruno@client-b.example>", Address("bruno@client-b.example")),
        ("Bruno", None),
        ("", None),
        ("a@client-b.example, b@client-b.example", None),
        ("bruno@client-b.example svp", None),
    ],
)
def test_who_is_named(written: str, who: Address | None) -> None:
    assert address_named(written) == who


REFUSED = [
    ("nothing of that number", SOURCE, None, "unknown-ticket"),
    ("itself", SOURCE, SOURCE, "into-itself"),
    ("merged before", replace(SOURCE, merged_into=9), ticket(1050), "merged-already"),
    ("a circle", SOURCE, ticket(1050, merged_into=1042), "into-merged"),
    ("closed", SOURCE, ticket(1050, status=Status.CLOSED), "into-closed"),
    ("another customer's", SOURCE, ticket(1050, participants=(BRUNO, LEA)), "other-customer"),
    (
        "more people than there are",
        ticket(1042, participants=(ALICE, replace(BRUNO, slot=3))),
        ticket(1050),
        "other-customer",
    ),
    (
        "who was taken off there",
        ticket(1042, participants=(CARL,)),
        ticket(1050, participants=(ALICE, replace(CARL, slot=3, is_removed=True))),
        "other-customer",
    ),
]


@pytest.mark.parametrize(("source", "target", "why"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
@pytest.mark.parametrize("is_confirmed", [False, True])
def test_what_is_not_merged(source: object, target: object, why: str, is_confirmed: bool) -> None:
    move = merge(DESK, source, target, is_confirmed=is_confirmed, by="", now=NOW)  # type: ignore[arg-type]
    assert (move.problem == why) is (not is_confirmed or why != "other-customer")
    assert bool(move.effects) is not bool(move.problem)


def test_a_colleague_joins_and_sees_nothing_from_before() -> None:
    target = ticket(1050, participants=(ALICE, LEA))
    move = merge(DESK, ticket(1042, participants=(CARL, LEA)), target, is_confirmed=False, by="", now=LATER)
    [joined] = [e.participant for e in move.effects if isinstance(e, AddParticipant)]
    assert (joined.address, joined.slot, joined.joined_at) == (CARL.address, 3, LATER)
    assert [e.recipient for e in move.effects if isinstance(e, QueueMail)] == [CARL.address]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("", "Participant 3"), ("carl@client-a.example", "Participant 3"), ("Carl Weber", "Carl Weber")],
)
def test_the_history_names_people_and_no_address(name: str, shown: str) -> None:
    there = ticket(participants=(ALICE, LEA, replace(CARL, slot=3, name=name)))
    history = ((ALICE.address, "Bonjour."), (CARL.address, "Moi aussi."), (LEA.address, "Nous regardons."))
    move = add(DESK, there, Address("rose@client-a.example"), history=history, by=LEA.key, now=LATER)
    [mail] = [e for e in move.effects if isinstance(e, QueueMail)]
    text = look(mail.data).text
    assert "Moi aussi." in text and shown in text and "Alice Durand" in text
    assert not any(address in text for address in (ALICE.address, CARL.address, LEA.address))


@pytest.mark.parametrize(("opened", "status"), [(LATER, Status.OPEN), (NOW - timedelta(days=1), Status.PENDING)])
def test_a_wait_ends_if_its_customer_has_written_since_it_began(opened: object, status: Status) -> None:
    target = ticket(1050, status=Status.PENDING, waiting_since=NOW)
    move = merge(DESK, ticket(1042, opened_at=opened), target, is_confirmed=False, by="", now=LATER)
    changes = [e.changes["status"] for e in move.effects if isinstance(e, ChangeTicket) and e.number == 1050]
    assert changes == ([status.value] if status is Status.OPEN else [])
    assert move.ticket.status is status


@pytest.mark.parametrize("ended", [Status.RESOLVED, Status.CANCELLED])
@pytest.mark.parametrize("source", list(Status))
def test_what_is_unfinished_opens_what_had_ended(source: Status, ended: Status) -> None:
    is_unfinished = source in (Status.NEW, Status.OPEN, Status.ON_HOLD)
    reason = Reason.SOLVED if ended is Status.RESOLVED else Reason.CANCELLED
    target = ticket(1050, status=ended, reason=reason)
    move = merge(DESK, ticket(1042, status=source), target, is_confirmed=False, by="", now=LATER)
    assert move.ticket.status is (Status.OPEN if is_unfinished else ended)
    assert foreseen(target, move.effects).status is move.ticket.status
    assert foreseen(target, move.effects).reason is (None if is_unfinished else reason)
    cancelled = {e.policy for e in move.effects if isinstance(e, CancelTimers) and e.number == 1050}
    assert cancelled == ({"closing", "rating"} if is_unfinished else set())


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("support@isybuy.example", "own-mailbox"),
        ("support+1042-1-abcd@isybuy.example", "own-mailbox"),
        ("ALICE@client-a.example", "on-it-already"),
        ("a" * 70 + "@client-a.example", "no-address"),
        ("bruno@client-b.example", ""),
        ("marc@isybuy.example", ""),
    ],
)
def test_who_is_not_added(address: str, why: str) -> None:
    assert add(DESK, SOURCE, Address(address), history=None, by="", now=NOW).problem == why


def test_who_is_not_removed_and_whose_address_is_not_changed() -> None:
    assert remove(SOURCE, ALICE.address, by="").problem == "last-customer"
    assert remove(SOURCE, LEA.address, by="").problem == "is-assignee"
    assert remove(SOURCE, "dora@inconnu.example", by="").problem == "not-on-it"
    assert change_address(DESK, SOURCE, ALICE.address, "marc@isybuy.example", by="").problem == "agents-own"
    assert change_address(DESK, SOURCE, LEA.address, "x@client-a.example", by="").problem == "not-on-it"
    assert change_address(DESK, SOURCE, ALICE.address, "a.durand@client-a.example", by="").problem == ""
