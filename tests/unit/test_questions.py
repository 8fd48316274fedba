"""What is answered to an agent's questions, what goes back, and how much of it a mail may hold."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from desk_values import NOW, RING, mail, settings, ticket

from maild.agent_words import AgentWords, Command
from maild.config.desk import open_desk
from maild.effects import AddParticipant, QueueMail
from maild.judgement import Candidate, Carrier, Facts, Proof, Purpose, Reference, Verdict, VerdictName
from maild.mail import Attachment
from maild.people.question_words import QUESTIONS as ROWS
from maild.plan.agents_words import agents_words
from maild.plan.case import Incoming
from maild.plan.questions import LONGEST_ENTRY, MOST_QUESTIONS, MOST_ROWS, answered, is_question_only
from maild.plan.without_ticket import without_ticket
from maild.threading import agents
from maild.threading.case import Case
from maild.threading.verdict import judge
from maild.ticket import Entry, Found, Hit, Participant, Role

DESK = open_desk(settings(), RING)
LEA = "lea@isybuy.example"
AGENT = Participant(2, LEA, "Léa Martin", Role.AGENT)


def case_of(
    text: str, carrier: Carrier | None = None, *, sender: str = LEA, proof: Proof = Proof.PASS, **parts: Any
) -> Case:
    received = mail(sender, text=text, reply_text=text, **parts)
    found: tuple[Reference, ...] = ()
    if carrier is not None:
        found = (Reference(Candidate(carrier, Purpose.REPLY, 1042, 2, "7", "X"), "", AGENT),)
    facts = Facts(NOW, 3000, tickets={1042: ticket()}, is_written_to=True)
    case = Case(received, found, facts, DESK.settings, DESK.settings.mailboxes["support"], proof)
    return replace(case, words=agents_words(DESK, case))


def test_the_words_of_questions_are_known_to_the_verdict() -> None:
    assert {row.word for row in ROWS} == agents.QUESTIONS


FILE = Attachment("a.pdf", "application/pdf", b"x")
ASKED, NEW = (VerdictName.AGENT_COMMAND, "asks"), (VerdictName.NEW_TICKET, "no-reference")
VERDICTS = [
    ("a question", case_of("#list"), ASKED),
    ("in a reply without a reference", case_of("#list", is_reply=True, subject="Re: x"), ASKED),
    ("to a list that is quoted", case_of("#list", Carrier.BODY), ASKED),
    ("on a ticket", case_of("#list", Carrier.ADDRESS), (VerdictName.AGENT_COMMAND, "agent-with-proof")),
    ("beside an answer", case_of("Voici.\n#list", Carrier.ADDRESS), (VerdictName.AGENT_REPLY, "agent-with-proof")),
    ("beside words for nobody", case_of("Voici.\n#list"), ASKED),
    ("mistyped", case_of("#lsit"), ASKED),
    ("a command for a ticket", case_of("#pending"), ASKED),
    (
        "a command in a reply without a reference",
        case_of("#pending", is_reply=True),
        (VerdictName.PLAIN_REPLY, "no-reference"),
    ),
    ("words alone", case_of("Mon écran est noir."), NEW),
    ("nothing but a Subject", case_of("", subject="Mon écran est noir"), NEW),
    ("a customer", case_of("#list", sender="bruno@client-b.example"), NEW),
    ("without proof", case_of("#list", proof=Proof.NONE), (VerdictName.UNSIGNED_AGENT, "proof-none")),
]


@pytest.mark.parametrize(("name", "case", "verdict"), VERDICTS, ids=[row[0] for row in VERDICTS])
def test_a_question_is_known_wherever_it_stands(name: str, case: Case, verdict: tuple[VerdictName, str]) -> None:
    found = judge(case)
    assert (found.name, found.reason) == verdict, name


@pytest.mark.parametrize(
    ("written", "which"),
    [
        ("#list", "mine"),
        ("#liste miennes", "mine"),
        ("#liste file", "queue"),
        ("#list late", "late"),
        ("#LISTE EN RETARD", "late"),
    ],
)
def test_a_list_is_named_in_both_languages(written: str, which: str) -> None:
    assert [(c.word, c.argument) for c in case_of(written).words.commands] == [("list", which)]


def test_another_list_is_none() -> None:
    assert [slug for slug, _ in case_of("#list tout").words.problems] == ["unknown-value"]


def incoming(text: str, found: dict[tuple[str, str], Found] | None = None) -> Incoming:
    case = case_of(text)
    verdict = Verdict(VerdictName.AGENT_COMMAND, "asks", proof=Proof.PASS)
    return Incoming(1, "support", case.mail, replace(case.facts, found=found or {}), verdict, case.words)


def shown(effects: list[Any]) -> str:
    [sent] = [e for e in effects if isinstance(e, QueueMail)]
    parts = message_from_bytes(sent.data).walk()
    text = next(part for part in parts if part.get_content_type() == "text/plain").get_payload(decode=True)
    assert isinstance(text, bytes)
    return text.decode()


def test_each_request_has_its_own_links_and_the_mail_has_none() -> None:
    hits = (Hit(ticket(), NOW - timedelta(hours=1)), Hit(replace(ticket(), number=1043, subject="Stock"), None))
    effects = answered(DESK, incoming("#list", {("list", "mine"): Found(hits)}))
    text = shown(effects)
    assert "1042" in text and "Stock" in text and "en retard" in text
    assert text.count("mailto:") >= 8
    [sent] = [e for e in effects if isinstance(e, QueueMail)]
    assert (sent.template, sent.recipient, sent.number) == ("command_result", LEA, None)
    assert message_from_bytes(sent.data)["Reply-To"] is None


def test_who_asks_is_on_each_ticket_once_since_its_links_are_theirs() -> None:
    bare = replace(ticket(), participants=tuple(p for p in ticket().participants if p.role is Role.CUSTOMER))
    found = {("list", "mine"): Found((Hit(bare),)), ("find", "stock"): Found((Hit(bare),))}
    effects = answered(DESK, incoming("#list\n#find stock", found))
    assert [(e.number, e.participant.address) for e in effects if isinstance(e, AddParticipant)] == [(1042, LEA)]


def test_a_mail_is_bounded() -> None:
    hits = tuple(Hit(replace(ticket(), number=n, subject="S" * 200)) for n in range(2000, 2000 + MOST_ROWS))
    story = tuple(Entry("alice@client-a.example", "é" * 100_000, False, NOW) for _ in range(12))
    found = {("list", "mine"): Found(hits, 5), ("show", "1042"): Found((Hit(ticket()),), 0, story)}
    text = shown(answered(DESK, incoming("#list\n#show 1042", found)))
    assert text.count("é" * LONGEST_ENTRY) == 12
    assert "é" * (LONGEST_ENTRY + 1) not in text
    assert "précisez" in text
    many = AgentWords("", tuple(Command("find", str(n), f"#find {n}") for n in range(50)))
    assert is_question_only(many)
    many_asked = replace(incoming("#list"), words=many)
    assert shown(answered(DESK, many_asked)).count("Aucune demande ne contient") == MOST_QUESTIONS


def test_notes_are_shown_as_such_and_references_are_not() -> None:
    story = (Entry(LEA, "Voir [ISY-1042-1-70A5Q-EHX3-YV63].", True, NOW),)
    text = shown(answered(DESK, incoming("#voir 1042", {("show", "1042"): Found((Hit(ticket()),), 0, story)})))
    assert "Léa Martin" in text and "note interne" in text
    assert "70A5Q" not in text


@pytest.mark.parametrize("text", ["#list\nBonjour.", "#list\n#pending", "#list tout", "#lsit"])
def test_in_doubt_nothing_is_answered(text: str) -> None:
    [sent] = without_ticket(DESK, incoming(text))
    assert isinstance(sent, QueueMail)
    assert sent.template == "command_refused"


def test_help_names_every_command_of_a_ticket() -> None:
    text = shown(answered(DESK, incoming("#aide")))
    assert all(word in text for word in ("#attente", "#pour", "#chercher"))
    assert "#release" not in text
