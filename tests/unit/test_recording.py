"""Which request does an agent record, and what is in doubt? The table of #for, #channel and of forwards."""

from dataclasses import replace
from typing import Any

import pytest
from desk_values import NOW, RING, mail, settings

from maild.config.desk import open_desk
from maild.judgement import Facts, Proof, VerdictName
from maild.mail import Address, Attachment, ParsedMail
from maild.plan.agents_words import agents_words
from maild.plan.recording import Recorded, recorded
from maild.threading.agents import RECORDS, judge_recording
from maild.threading.case import Case
from maild.threading.verdict import judge

DESK = open_desk(settings(), RING)
LEA = "lea@isybuy.example"
ALICE = "alice@client-a.example"
HEAD = "De : Alice Durand <{}>\nEnvoyé : lundi 23 novembre 2026 10:11\nÀ : Léa\nObjet : Facture\n\nElle est vide."


def case_of(text: str, *, sender: str = LEA, proof: Proof = Proof.PASS, **parts: Any) -> Case:
    received = mail(sender, text=text, reply_text=text, **parts)
    desk = DESK.settings
    case = Case(received, (), Facts(NOW, 3000), desk, desk.mailboxes["support"], proof)
    return replace(case, words=agents_words(DESK, case))


def forward(head: str, above: str = "", **parts: Any) -> Case:
    return case_of(f"{above}\n\n{head}", subject="TR: Facture", title="Facture", is_forward=True, **parts)


DOUBTS = [
    ("no address", case_of("#for Alice\nVoici."), "no-address"),
    ("two addresses on the line", case_of("#for a@x.example b@x.example\nVoici."), "no-address"),
    ("two customers", case_of("#for a@x.example\n#for b@x.example\nVoici."), "several-customers"),
    ("themselves", case_of(f"#for {LEA}\nVoici."), "agents-own"),
    ("another agent", case_of("#for marc@isybuy.example\nVoici."), "agents-own"),
    ("our own address", case_of("#for support@isybuy.example\nVoici."), "own-mailbox"),
    ("a machine", case_of("#for mailer-daemon@client-a.example\nVoici."), "machines-address"),
    ("a command for a ticket", case_of(f"#for {ALICE}\n#pending\nVoici."), "not-while-recording"),
    ("a mistyped one", case_of(f"#for {ALICE}\n#pendng\nVoici."), "unknown-command"),
    ("a channel alone", case_of("#channel telephone\nVoici."), "no-customer"),
    ("a long channel", case_of(f"#for {ALICE}\n#channel {'x' * 41}\nVoici."), "channel-too-long"),
    ("nobody in the head", forward(HEAD.format("").replace("<>", "")), "no-customer"),
    ("no head at all", case_of("Voici.", subject="TR: Facture", is_forward=True), "no-customer"),
    ("a colleague's mail", forward(HEAD.format("marc@isybuy.example")), "agents-own"),
    ("our own mail", forward(HEAD.format("support@isybuy.example")), "own-mailbox"),
    ("a machine's mail", forward(HEAD.format("noreply@portail.example")), "machines-address"),
    ("a mistyped command above", forward(HEAD.format(ALICE), "#pendng"), "unknown-command"),
]


@pytest.mark.parametrize(("name", "case", "problem"), DOUBTS, ids=[row[0] for row in DOUBTS])
def test_in_doubt_nothing_is_recorded(name: str, case: Case, problem: str) -> None:
    verdict = judge(case)
    assert (verdict.name, verdict.reason, verdict.ticket) == (VerdictName.AGENT_COMMAND, RECORDS, None)
    found = recorded(case)
    assert isinstance(found, list)
    assert problem in [slug for slug, _ in found]


def test_a_request_for_somebody() -> None:
    file = Attachment("ecran.png", "image/png", b"x" * 100)
    found = recorded(
        case_of(
            f"#pour Alice Durand <{ALICE}>\n#canal téléphone\nIl plante.\n-- \nLéa Martin\n{LEA}",
            subject="Export",
            title="Export",
            message_id="un@isybuy.example",
            attachments=(file,),
            to=(Address(LEA),),
            headers=(("X-Thing", "value"),),
            content_key="key",
        )
    )
    assert isinstance(found, Recorded)
    assert (found.by.address, found.channel, found.note, found.is_passed_on) == (LEA, "téléphone", "", False)
    theirs = found.mail
    assert (theirs.sender, theirs.text, theirs.reply_text) == (
        Address(ALICE, "Alice Durand"),
        "Il plante.",
        "Il plante.",
    )
    assert (theirs.message_id, theirs.headers, theirs.html, theirs.attachments) == ("", (), None, (file,))
    assert (theirs.content_key, [a.address for a in theirs.to]) == ("key", ["support@isybuy.example"])


def test_a_mail_that_is_passed_on() -> None:
    found = recorded(forward(HEAD.format(ALICE), "#canal téléphone\nÀ traiter vite."))
    assert isinstance(found, Recorded)
    assert (found.mail.sender, found.mail.subject, found.mail.text) == (
        Address(ALICE, "Alice Durand"),
        "Facture",
        "Elle est vide.",
    )
    assert (found.note, found.channel, found.is_passed_on) == ("À traiter vite.", "téléphone", True)


def test_the_command_above_says_for_whom_where_the_head_does_not() -> None:
    found = recorded(forward(HEAD.format("").replace("<>", ""), f"#for {ALICE}"))
    assert isinstance(found, Recorded)
    assert (found.mail.sender, found.mail.text, found.note) == (Address(ALICE), "Elle est vide.", "")


def test_commands_within_the_customers_mail_are_none() -> None:
    found = recorded(forward(HEAD.format(ALICE) + "\n#for marc@isybuy.example\n#pendng"))
    assert isinstance(found, Recorded)
    assert found.mail.sender == Address(ALICE, "Alice Durand")


def test_an_attached_mail_brings_its_own_files_and_message_id() -> None:
    file = Attachment("ecran.png", "image/png", b"x")
    inner = ParsedMail(
        Address(ALICE),
        "Facture",
        "Vide.",
        "Vide.",
        message_id="un@client-a.example",
        attachments=(file,),
        title="Facture",
    )
    found = recorded(case_of("Voici.", subject="Facture", passed_on=inner))
    assert isinstance(found, Recorded)
    assert (found.mail.text, found.mail.message_id, found.mail.attachments) == ("Vide.", "un@client-a.example", (file,))
    assert found.note == "Voici."


@pytest.mark.parametrize(
    "case",
    [
        case_of(f"#for {ALICE}\nVoici.", sender="bruno@client-b.example"),
        forward(HEAD.format(ALICE), sender="bruno@client-b.example"),
        case_of(f"#for {ALICE}\nVoici.", proof=Proof.NONE),
        case_of(f"#for {ALICE}\nVoici.", proof=Proof.UNVERIFIED),
        case_of("Mon écran est noir."),
        replace(case_of(f"#for {ALICE}\nVoici."), is_form=True),
    ],
    ids=["a customer", "a customer's forward", "no proof", "nobody judges", "an agent's own request", "a form"],
)
def test_nobody_else_records_anything(case: Case) -> None:
    assert judge_recording(case) is None
