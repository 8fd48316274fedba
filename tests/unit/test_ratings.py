"""Who is asked for a rating, who hears of a bad one, and how somebody gets no more reminders."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from desk_values import ALICE, LEA, NOW, RING, mail, settings, ticket

from maild.agent_words import AgentWords
from maild.config.desk import open_desk
from maild.effects import (
    AddMessage,
    CancelTimers,
    ChangeTicket,
    EndTimer,
    MoveTimer,
    QueueMail,
    StartTimer,
)
from maild.judgement import (
    AnswerCounts,
    Facts,
    Proof,
    VerdictName,
)
from maild.lifecycle import Reason, Status
from maild.mail import Address, Attachment, ParsedMail
from maild.personal_effects import OptOut
from maild.plan.blocking import called_spam
from maild.plan.case import Incoming
from maild.plan.incoming import plan
from maild.plan.letters import Desk
from maild.plan.rating import POLICY, ask_later, fire
from maild.plan.waiting import Wait
from maild.plan.waiting import fire as fire_step
from maild.reading import read
from maild.simulate.look import look
from maild.threading.case import Case
from maild.threading.references import find_references
from maild.threading.token import verify
from maild.threading.verdict import judge
from maild.ticket import DueTimer, Participant, Role, Ticket

NORA = {"name": "Nora Blanc", "address": "nora@isybuy.example", "teams": ["lead"]}
LEA_, MARC = (
    {"name": n, "address": f"{a}@isybuy.example", "teams": ["n1"]} for n, a in (("Léa", "lea"), ("Marc", "m"))
)
OFFICE = {"office": {"hours": {"mon-fri": "09:00-12:00"}}}
TOLD = {"tell": ["assignee", "lead", "qualite@isybuy.example", "nora@isybuy.example"]}
SOLVED = ticket(status=Status.RESOLVED, reason=Reason.SOLVED, ended_round=1)
TIMER = DueTimer(5, 1042, POLICY, 1, 1, NOW)


def desk(**changes: Any) -> Desk:
    people = {"agents": [LEA_, MARC, NORA], "customers": [{"address": ALICE.address, "name": ALICE.name}]}
    return open_desk(settings(people=people, **({"rating": {"tell": "team"}} | changes)), RING)


def of(effects: Any, kind: type) -> list[Any]:
    return [effect for effect in effects if isinstance(effect, kind)]


def asked(about: Ticket = SOLVED, at: Desk | None = None, **named: bool) -> Any:
    """What the timer does: the template that leaves, when it is looked at again, or how it has ended."""
    effects = fire(at or desk(), TIMER, about, NOW, **({"is_unwelcome": False, "is_suspended": False} | named))
    mails, moved, [*ended] = of(effects, QueueMail), of(effects, MoveTimer), of(effects, EndTimer)
    return mails[0].template if mails else moved[0].due_at if moved else ended[0].outcome


def clicked(at: Desk, link: str, about: Ticket = SOLVED, *, facts: Facts | None = None, **parts: Any) -> list[Any]:
    """What follows when Alice clicks a link of the mail that asks her, and says something besides."""
    [request] = of(fire(at, TIMER, SOLVED, NOW, is_unwelcome=False, is_suspended=False), QueueMail)
    to = look(request.data).text.split(link)[1].split("mailto:")[1].split("?")[0]
    return answered(at, to, about, facts=facts, **parts)


def answered(at: Desk, to: str, about: Ticket = SOLVED, *, facts: Facts | None = None, **parts: Any) -> list[Any]:
    """The same of a mail to that address."""
    given = mail(**({"to": (Address(to),), "text": "", "reply_text": "", "content_key": "click"} | parts))
    known = replace(facts or Facts(NOW, 2000), tickets={about.number: about})
    references = tuple(verify(RING, c, known.tickets, None, NOW) for c in find_references(given, at.settings))
    box = at.settings.mailboxes["support"]
    verdict = judge(Case(given, references, known, at.settings, box, Proof.PASS))
    return plan(at, Incoming(1, "support", given, known, verdict, AgentWords("")))


@pytest.mark.parametrize(
    ("what", "before", "after", "is_asked"),
    [
        ("a solved one", {}, {}, True),
        ("a refused one", {}, {"reason": Reason.DECLINED}, True),
        ("one without an answer", {}, {"reason": Reason.NO_ANSWER}, True),
        ("one that was joined", {}, {"reason": Reason.DUPLICATE}, False),
        ("a cancelled one", {}, {"reason": Reason.CANCELLED, "status": Status.CANCELLED}, False),
        ("one that had ended", {"status": Status.RESOLVED}, {}, False),
        ("one that rules refused at once", {}, {"reason": Reason.DECLINED, "ended_at_once": True}, False),
        ("one that was never whole", {}, {"reason": Reason.NO_ANSWER, "missing": ("version",)}, False),
    ],
)
def test_which_ends_are_rated(what: str, before: dict[str, Any], after: dict[str, Any], is_asked: bool) -> None:
    armed = of(ask_later(desk(), ticket(**before), replace(SOLVED, **after), NOW), StartTimer)
    assert [(t.policy, t.round, t.due_at) for t in armed] == [(POLICY, 1, NOW + timedelta(hours=1))] * is_asked
    assert ask_later(open_desk(settings(), RING), ticket(), SOLVED, NOW) == [], "without the block nobody is"


def test_an_end_that_becomes_another_is_not_rated() -> None:
    cancelled = replace(SOLVED, status=Status.CANCELLED, reason=Reason.CANCELLED)
    assert ask_later(desk(), SOLVED, cancelled, NOW) == [CancelTimers(1042, POLICY)]
    assert CancelTimers(1042, POLICY) in called_spam(SOLVED, desk().settings.agents[LEA.key])


def test_the_question_leaves_once_and_only_where_it_still_makes_sense() -> None:
    assert asked() == "rating_request"
    assert asked(replace(SOLVED, status=Status.CLOSED)) == "rating_request"
    assert asked(replace(SOLVED, status=Status.OPEN, reason=None)) == "stale"
    assert asked(replace(SOLVED, merged_into=7)) == "stale"
    assert asked(replace(SOLVED, reason=Reason.DUPLICATE)) == "stale"
    assert asked(replace(SOLVED, participants=(replace(ALICE, is_undeliverable=True), LEA))) == "stale"
    assert asked(is_unwelcome=True) == "stale"
    assert asked(at=open_desk(settings(), RING)) == "stale"
    assert asked(is_suspended=True) == NOW + timedelta(hours=1)
    closed = desk(calendars={"office": {"hours": {"tue": "09:00-12:00"}}})
    assert asked(at=closed) == NOW + timedelta(days=1)
    one, again = (of(fire(desk(), TIMER, SOLVED, NOW, is_unwelcome=False, is_suspended=False), QueueMail) for _ in "ab")
    assert one[0].key == again[0].key, "the unique key keeps it from leaving twice"


def test_only_the_requester_is_asked() -> None:
    paul = Participant(3, "paul@client-a.example", "Paul", Role.CUSTOMER)
    both = replace(SOLVED, participants=(ALICE, LEA, paul))
    mails = of(fire(desk(), TIMER, both, NOW, is_unwelcome=False, is_suspended=False), QueueMail)
    assert [m.recipient for m in mails] == [ALICE.address]


def test_who_is_named_hears_of_a_bad_one_once_each_and_only_agents_read_the_words() -> None:
    at = desk(rating=TOLD)
    picture = Attachment("ecran.png", "image/png", b"x" * 9)
    effects = clicked(at, "Mauvaise", reply_text="Trop lent.", attachments=(picture,))
    told = {m.recipient: look(m.data) for m in of(effects, QueueMail) if m.template == "agent_notice"}
    assert sorted(told) == ["lea@isybuy.example", "nora@isybuy.example", "qualite@isybuy.example"]
    assert ["Trop lent." in seen.text for _, seen in sorted(told.items())] == [True, True, False]
    assert [[a.filename for a in seen.attachments] for _, seen in sorted(told.items())] == [["ecran.png"]] * 2 + [[]]
    [kept] = of(effects, ChangeTicket)
    assert kept.changes == {
        "rating": "bad",
        "rating_comment": "Trop lent.",
        "rated_at": NOW,
        "rated_round": 1,
    }
    good = clicked(at, "Bonne", reply_text="Parfait.")
    assert [m.template for m in of(good, QueueMail)] == ["rating_thanks"]


@pytest.mark.parametrize(
    ("tell", "named"),
    [
        ("nora@isybuy.example", "Nora Blanc en prend connaissance"),
        ("lead", "Un responsable de notre équipe en prend connaissance"),
        (["nora@isybuy.example", "assignee"], "Un responsable de notre équipe en prend connaissance"),
        ("qualite@isybuy.example", "Un responsable de notre équipe en prend connaissance"),
    ],
)
def test_the_customer_reads_who_takes_note_where_it_is_one_agent(tell: Any, named: str) -> None:
    effects = clicked(desk(rating={"tell": tell}), "Mauvaise", reply_text="Trop lent.")
    [thanks] = [m for m in of(effects, QueueMail) if m.template == "rating_thanks"]
    assert named in look(thanks.data).text


@pytest.mark.parametrize(
    ("below", "comment"),
    [
        ("", ""),
        ("Cordialement,\nAlice Durand", ""),
        ("Alice Durand\nClient A\n01 23 45 67 89", ""),
        ("Merci.", ""),
        ("Trop lent.\n\nCordialement,\nAlice Durand", "Trop lent.\n\nCordialement,"),
        ("Alice Durand n'est pas mon nom.", "Alice Durand n'est pas mon nom."),
    ],
)
def test_a_signature_and_a_leave_are_no_comment(below: str, comment: str) -> None:
    line = "Je suis mécontent(e) de la façon dont ma demande a été traitée."
    effects = clicked(desk(), "Mauvaise", reply_text=f"{line}\n\n{below}".strip())
    [kept] = of(effects, ChangeTicket)
    assert kept.changes["rating_comment"] == comment
    [thanks] = [m for m in of(effects, QueueMail) if m.template == "rating_thanks"]
    assert ("Nous en dire plus" in look(thanks.data).text) == (comment == "")
    rated_already = replace(SOLVED, rating="bad", rated_at=NOW, rated_round=1)
    again = clicked(desk(), "Mauvaise", rated_already, reply_text=f"{line}\n\n{below}".strip())
    assert bool(of(again, QueueMail)) == (comment != "")


def test_a_rating_belongs_to_its_end() -> None:
    """What was said of an earlier end neither stands in the way of another rating nor lends it its words."""
    before = replace(SOLVED, rating="bad", rating_comment="Non.", rated_at=NOW - timedelta(days=90), rated_round=1)
    [kept] = of(clicked(desk(), "Bonne", replace(before, ended_round=2)), ChangeTicket)
    assert (kept.changes["rating"], kept.changes["rating_comment"]) == ("good", "")
    assert (kept.changes["rated_round"], kept.changes["rated_at"]) == (2, NOW)
    assert of(clicked(desk(), "Bonne", before), ChangeTicket) == [], "of the same end it comes too late"


def test_nobody_is_thanked_beyond_the_limits_of_automatic_answers() -> None:
    full = Facts(NOW, 2000, answers=AnswerCounts(to_sender_day=99))
    effects = clicked(desk(), "Mauvaise", facts=full)
    assert "rating_thanks" not in [m.template for m in of(effects, QueueMail)]
    assert of(effects, ChangeTicket), "it counts all the same"


def _reminder(customers: tuple[Participant, ...], **wait: Any) -> list[QueueMail]:
    timer = DueTimer(5, 1042, "waiting", 1, 1, NOW)
    waits = ticket(
        status=Status.PENDING, waiting_round=1, waiting_since=NOW - timedelta(days=2), participants=(*customers, LEA)
    )
    return of(fire_step(desk(), timer, waits, NOW, Wait({}, **wait)), QueueMail)


def test_a_reminder_bears_the_way_out_that_its_link_is() -> None:
    [reminder] = _reminder((ALICE,))
    head = message_from_bytes(reminder.data)["List-Unsubscribe"]
    assert head.startswith("<mailto:support+t1042-1-") and head.endswith(">") and "=?" not in head
    assert head[1:-1].partition("?")[0] in look(reminder.data).text
    to = head.removeprefix("<mailto:").partition("?")[0]
    waits = ticket(status=Status.PENDING)
    effects = answered(desk(), to, waits, reply_text="Et ma facture ?")
    [out] = of(effects, OptOut)
    assert out.key == ALICE.key
    assert "Et ma facture ?" in of(effects, AddMessage)[0].text
    assert [m.template for m in of(effects, QueueMail)] == ["reminders_stopped"]
    again = answered(desk(), to, waits, facts=Facts(NOW, 1, opted_out=frozenset({ALICE.key})))
    assert of(again, OptOut) == of(again, QueueMail) == []
    eve = answered(desk(), to, waits, sender="eve@evil.example")
    assert of(eve, OptOut) == []


def test_the_others_on_a_ticket_are_still_reminded() -> None:
    paul = Participant(3, "paul@client-a.example", "Paul", Role.CUSTOMER)
    mails = _reminder((ALICE, paul), unwelcome=frozenset({ALICE.key}))
    assert [m.recipient for m in mails] == [paul.address]
    assert _reminder((ALICE,), unwelcome=frozenset({ALICE.key})) == []


GMAIL = b"""\
From: Alice Durand <alice@client-a.example>
To: %s
Subject: Ne plus recevoir de rappels
Message-ID: <1@mail.gmail.example>
Content-Type: text/plain; charset=utf-8

This message was automatically generated by Gmail.
"""


def test_a_mail_program_may_refuse_them_for_its_user() -> None:
    [reminder] = _reminder((ALICE,))
    to = message_from_bytes(reminder.data)["List-Unsubscribe"].removeprefix("<mailto:").partition("?")[0]
    written: ParsedMail = read(GMAIL % to.encode())
    for given in (written, replace(written, headers=(*written.headers, ("Auto-Submitted", "auto-generated")))):
        at, waits = desk(), ticket(status=Status.PENDING)
        found = tuple(verify(RING, c, {1042: waits}, None, NOW) for c in find_references(given, at.settings))
        facts = Facts(NOW, 1, tickets={1042: waits})
        verdict = judge(Case(given, found, facts, at.settings, at.settings.mailboxes["support"], Proof.PASS))
        assert (verdict.name, verdict.reason) == (VerdictName.SELF_SERVICE, "no-reminders")
