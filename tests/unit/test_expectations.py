"""What a scenario expects against what was seen: which mail fits which entry, and how a difference is told."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from maild.lifecycle import Status
from maild.mail import Address
from maild.simulate.expect import After, TicketSeen, differences
from maild.simulate.expect_mail import LookedAt
from maild.simulate.language import Expect, HeldEntry, TicketCheck, TicketField, Waiting, Wanted
from maild.simulate.mime import Draft, write
from maild.simulate.world import Outcome, SentMail
from maild.ticket import Participant, Role, Ticket

PARIS = ZoneInfo("Europe/Paris")
NINE = datetime(2026, 11, 23, 8, 0, 30, tzinfo=UTC)


def local(written: str) -> datetime:
    """An instant as a scenario writes it: without offset, in the site's zone."""
    return datetime.fromisoformat(written)


ALICE, LEA, BRUNO = "alice@client-a.example", "lea@isybuy.example", "bruno@client-b.example"
ROLES = {"assignee": LEA, "requester": ALICE}


def mail(template: str, to: str, text: str = "", html: str | None = None, subject: str = "Sujet") -> LookedAt:
    draft = Draft(Address("support@isybuy.example", "Support"), (Address(to),), subject, text=text, html=html)
    return LookedAt(SentMail(1, template, to, "", write(draft, "x@y", NINE), NINE))


ACK = mail(
    "acknowledgement",
    ALICE,
    "Bonjour Alice Durand,\n9\u00a0h\u00a030\nL’export d'hier",
    '<p>Bonjour <b>Du</b>rand &amp; fils</p><a href="https://x.example/?a=1&amp;b=2">ici</a>',
    "Reçu",
)
TOLD = mail("agent_new_ticket", LEA, "Un, deux, trois")


def sent(*entries: Wanted) -> Expect:
    return Expect(1, sent=(7, entries))


def seen(expect: Expect, *mails: LookedAt) -> list[tuple[int, str, str]]:
    return [(d.line, d.expected, d.seen) for d in differences(expect, After(PARIS, ROLES, mails))]


FITTING = [
    Wanted(8, template="acknowledgement"),
    Wanted(8, to="Alice <ALICE@client-a.example>"),
    Wanted(8, to="requester", sender="support@isybuy.example"),
    Wanted(8, contains=("Durand", "Reçu")),
    Wanted(8, contains=("Alice Durand, 9 h 30",)),
    Wanted(8, contains=("Durand & fils",)),
    Wanted(8, contains=("L'export d’hier",)),
    Wanted(8, contains=("?a=1&b=2",)),
    Wanted(8, lacks=("durand", "Bob")),
    Wanted(8, in_order=("Bonjour", "Alice", "9 h")),
    Wanted(8, at=local("2026-11-23 09:00")),
    Wanted(8, at=NINE),
]
OTHER = [
    (Wanted(8, template="relance"), "no such mail"),
    (Wanted(8, to="assignee"), f"acknowledgement to {ALICE} « Reçu », but it goes to {ALICE}"),
    (Wanted(8, sender="lea@isybuy.example"), "it is from support@isybuy.example"),
    (Wanted(8, contains=("durand",)), "it lacks 'durand'"),
    (Wanted(8, lacks=("fils",)), "it has 'fils' in it"),
    (Wanted(8, in_order=("Alice", "Bonjour")), "it lacks, in this order, 'Alice', 'Bonjour'"),
    (Wanted(8, at=local("2026-11-23 09:01")), "it was queued at 2026-11-23 09:00"),
]


@pytest.mark.parametrize("wanted", FITTING)
def test_an_entry_that_fits_is_satisfied(wanted: Wanted) -> None:
    assert seen(sent(wanted), ACK) == []
    assert len(seen(Expect(1, excludes=(wanted,)), ACK)) == 1


@pytest.mark.parametrize(("wanted", "why"), OTHER)
def test_an_entry_that_does_not_fit_says_why(wanted: Wanted, why: str) -> None:
    missing, unexpected = seen(sent(wanted), ACK)
    assert missing[0] == 8 and why in missing[2]
    assert unexpected == (7, "no other mail", f"acknowledgement to {ALICE} « Reçu »")
    assert seen(Expect(1, excludes=(wanted,)), ACK) == []


def test_sent_is_the_whole_list_in_any_order() -> None:
    first, second = Wanted(8, template="agent_new_ticket"), Wanted(9, template="acknowledgement")
    assert seen(sent(first, second), ACK, TOLD) == []
    assert seen(sent(first), ACK, TOLD) == [(7, "no other mail", f"acknowledgement to {ALICE} « Reçu »")]
    assert seen(sent(), ACK) == [(7, "no other mail", f"acknowledgement to {ALICE} « Reçu »")]
    assert seen(sent(first)) == [(8, "a mail {template: agent_new_ticket}", "no mail at all")]
    assert seen(Expect(1, includes=(first,)), ACK, TOLD) == []


def test_one_entry_takes_one_mail_and_the_best_assignment_counts() -> None:
    wide, narrow = Wanted(8, to=ALICE), Wanted(9, to=ALICE, contains=("deux",))
    one, two = mail("relance", ALICE, "un"), mail("relance", ALICE, "deux")
    assert seen(sent(wide, narrow), two, one) == []
    assert seen(sent(narrow, wide), two, one) == []
    assert len(seen(sent(wide, wide, wide), two, one)) == 1
    assert len(seen(sent(narrow, narrow), two, one)) == 2


def test_a_role_that_nobody_has_fits_no_mail() -> None:
    assert len(differences(sent(Wanted(8, to="assignee")), After(PARIS, {}, [ACK]))) == 2


TICKET = Ticket(
    1042,
    "Facture",
    "support",
    "fr",
    status=Status.OPEN,
    queue="support",
    tags=("b", "a"),
    assignee=LEA,
    participants=(
        Participant(1, ALICE, "Alice", Role.CUSTOMER),
        Participant(2, LEA, "Léa", Role.AGENT),
        Participant(3, BRUNO, "Bruno", Role.CUSTOMER, is_removed=True),
    ),
)
AT_NINE = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def of_ticket(*fields: TicketField | Waiting, ticket: Ticket | None = TICKET) -> list[tuple[int, str, str]]:
    known = TicketSeen(ticket, 2, (AT_NINE, 1), ROLES) if ticket else None
    after = After(PARIS, ROLES, tickets={"": known})
    found = differences(Expect(1, tickets=(TicketCheck(5, "", fields),)), after)
    return [(d.line, d.expected, d.seen) for d in found]


@pytest.mark.parametrize(
    "fields",
    [
        TicketField(6, "status", "open"),
        TicketField(6, "queue", "support"),
        TicketField(6, "priority", "normal"),
        TicketField(6, "assignee", "Léa <Lea@isybuy.example>"),
        TicketField(6, "assignee", "assignee"),
        TicketField(6, "requester", ALICE),
        TicketField(6, "tags", ("a", "b")),
        TicketField(6, "participants", ("requester",)),
        TicketField(6, "messages", 2),
        Waiting(6, local("2026-11-25 09:00"), 1),
    ],
)
def test_a_field_that_fits_is_satisfied(fields: TicketField | Waiting) -> None:
    assert of_ticket(fields) == []


@pytest.mark.parametrize(
    ("field", "expected", "found"),
    [
        (TicketField(6, "status", "pending"), "status: pending", "status: open"),
        (TicketField(6, "reason", "solved"), "reason: solved", "reason: none"),
        (TicketField(6, "assignee", BRUNO), f"assignee: {BRUNO}", f"assignee: {LEA}"),
        (TicketField(6, "tags", ("a",)), "tags: [a]", "tags: [a, b]"),
        (
            TicketField(6, "participants", (ALICE, BRUNO)),
            f"participants: [{ALICE}, {BRUNO}]",
            f"participants: [{ALICE}]",
        ),
        (TicketField(6, "messages", 3), "messages: 3", "messages: 2"),
        (Waiting(6, local("2026-11-25 09:01"), None), "next waiting step at 2026-11-25 09:01", "2026-11-25 09:00"),
        (Waiting(6, None, 2), "waiting step 2", "step 1"),
    ],
)
def test_a_field_that_differs_is_told(field: TicketField | Waiting, expected: str, found: str) -> None:
    assert of_ticket(field) == [(6, expected, found)]


def test_a_ticket_that_is_not_there_is_told() -> None:
    assert of_ticket(TicketField(6, "status", "open"), ticket=None) == [(5, "the ticket of the last mail", "no ticket")]


def test_verdict_counts_outbox_and_output_are_compared() -> None:
    outcome = Outcome("reply", "by-address", "applied", 1042, "pass", (), 1)
    expect = Expect(
        1,
        verdict=(2, "new_ticket"),
        reason=(3, "no-reference"),
        ticket_count=(4, 2),
        outbox_empty=5,
        output=((6, "ISY-1042"),),
    )
    after = After(PARIS, {}, outcome=outcome, ticket_count=1, outbox={"queued": 2, "sent": 9}, output="rien")
    assert [(d.line, d.seen) for d in differences(expect, after)] == [
        (2, "verdict reply (by-address)"),
        (3, "reason by-address"),
        (4, "1 tickets"),
        (5, "2 queued"),
        (6, "rien"),
    ]
    fitting = After(
        PARIS,
        {},
        outcome=Outcome("new_ticket", "no-reference", "applied", 1, "pass", (), 1),
        ticket_count=2,
        outbox={"sent": 1, "queued": 0},
        output="[ISY-1042-…]",
    )
    assert differences(expect, fitting) == []


def test_the_held_mails_are_the_whole_list() -> None:
    expect = Expect(
        1, held=(3, (HeldEntry(4, "plain_reply", "Bruno <bruno@client-b.example>"), HeldEntry(5, "stranger")))
    )

    def told(*held: tuple[str, str]) -> list[int]:
        return [d.line for d in differences(expect, After(PARIS, {}, held=held))]

    assert told(("stranger", "dora@inconnu.example"), ("plain_reply", BRUNO)) == []
    assert told(("plain_reply", BRUNO)) == [5]
    assert told(("plain_reply", ALICE), ("stranger", ALICE)) == [4, 3]
    assert told(("stranger", ALICE), ("plain_reply", BRUNO), ("stranger", BRUNO)) == [3]
