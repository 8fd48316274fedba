"""The table of verdicts: carrier, fault of the reference, sender and proof decide together; the first row that fits."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from desk_values import ALICE, LEA, NOW, RING, mail, settings, ticket

from maild.agent_words import AgentWords
from maild.judgement import (
    OF_ADDRESS,
    OF_HELD,
    OF_TOPIC,
    UNHANDLED,
    Delivery,
    Facts,
    HeldMail,
    Proof,
    Purpose,
    VerdictName,
)
from maild.lifecycle import Status
from maild.mail import Address, DeliveryReport, Kind, address_key
from maild.people.commands import read_words
from maild.reading.forward import is_forward, is_reply
from maild.threading.case import Case
from maild.threading.proof import proof_of
from maild.threading.references import find_references
from maild.threading.released import released
from maild.threading.token import (
    account_for,
    address_for,
    claim_for,
    end_for,
    joining_for,
    message_id_for,
    nonce_for,
    reference_for,
    topic_for,
    verify,
)
from maild.threading.verdict import judge
from maild.ticket import Person, Ticket

TICKET = ticket()
OTHER = ticket(2000, participants=(replace(ALICE, address="bruno@client-b.example"), LEA))
HELD = HeldMail(17, "support", ALICE.key, VerdictName.PLAIN_REPLY, "c" * 64)
ALICES = reference_for(RING, 1042, ALICE).in_subject("ISY")
LEAS = reference_for(RING, 1042, LEA).in_subject("ISY")
LEAS_NOTE = reference_for(RING, 1042, LEA, Purpose.NOTE).in_address("support@isybuy.example", "+")
BRUNOS = reference_for(RING, 2000, OTHER.participants[0])
FORGED = ALICES.replace("ISY-1042", "ISY-1043")
ALICE_, EVE, LEA_, DESK = "alice@client-a.example", "eve@evil.example", "lea@isybuy.example", "support@isybuy.example"


def case(
    sender: Any = ALICE_,
    proof: Any = Proof.PASS,
    *,
    trust: Any = None,
    facts: Any = None,
    people: Any = None,
    **parts: Any,
) -> Case:
    box = {"address": DESK, "trust": trust or {"authserv_id": "mx.isybuy.example"}}
    desk = settings(mailboxes={"support": box}, **({"people": people} if people else {}))
    subject = parts.get("subject", "")
    parts = {"is_reply": is_reply(subject), "is_forward": is_forward(subject, "")} | parts
    received = mail(sender, **parts)
    found = find_references(received, desk)
    known = facts or Facts(NOW, 3000, tickets={1042: TICKET, 2000: OTHER}, held=HELD, is_written_to=True)
    references = tuple(verify(RING, c, known.tickets, known.held, NOW, address_key(sender)) for c in found)
    agent = desk.agents.get(sender)
    words = read_words(received, agent.address) if agent else AgentWords("")
    return Case(received, references, known, desk, desk.mailboxes["support"], proof, words)


def to(address: str) -> tuple[Address, ...]:
    return (Address(address),)


CLAIM = claim_for(RING, HELD, 1042).in_address(DESK, "+")
NEW = claim_for(RING, HELD, 0).in_address(DESK, "+")
ASKED = account_for(RING, HELD).in_address(DESK, "+")
WAITS = Facts(NOW, 1, held=replace(HELD, verdict=VerdictName.UNKNOWN_SENDER))
SECOND = "a.durand@client-a.example"
DORAS = replace(HELD, sender="dora@inconnu.example", verdict=VerdictName.UNKNOWN_SENDER)
JOINS = joining_for(RING, DORAS, ALICE_).in_address(DESK, "+")
WHO = Person(Address(ALICE_), has_account=True, keys=(ALICE_, SECOND))
ASKS = Facts(NOW, 1, held=DORAS, who=WHO)
ALICES_FACTS = Facts(NOW, 3000, tickets={1042: TICKET, 2000: OTHER}, held=HELD, who=WHO)
REQUIRED = {"agents": [{"name": "Léa Martin", "address": LEA_}], "accounts": "required"}
LINK = end_for(RING, HELD, 1042, Purpose.RELEASE, "lea@isybuy.example").in_address(DESK, "+")
ADMINS = end_for(RING, HELD, 0, Purpose.DISCARD, "admin@isybuy.example").in_address(DESK, "+")
GONES = end_for(RING, HELD, 0, Purpose.DISCARD, "gone@isybuy.example").in_address(DESK, "+")
BLOCKED = Facts(NOW, 3000, tickets={1042: TICKET}, is_blocked=True)
CLOSED = replace(TICKET, status=Status.CLOSED, linked_to=(1050,))
FOLLOWING = replace(TICKET, number=1050, follows=1042, linked_to=(1042,))
MERGED = replace(TICKET, status=Status.RESOLVED, merged_into=1060, linked_to=(1060,))
TARGET = replace(TICKET, number=1060, linked_to=(1042,))
ELSEWHERE = replace(TARGET, participants=(replace(ALICE, is_removed=True), replace(LEA, slot=3)))
FOLLOWINGS = reference_for(RING, 1050, ALICE).in_subject("ISY")
SOLVED = reference_for(RING, 1042, ALICE, Purpose.SOLVED).in_subject("ISY")
REOPEN = reference_for(RING, 1042, ALICE, Purpose.REOPEN).in_subject("ISY")
ESCALATE = reference_for(RING, 1042, ALICE, Purpose.ESCALATE).in_subject("ISY")
CONFIRM = reference_for(RING, 1042, LEA, Purpose.CONFIRM).in_subject("ISY")

GOOD, STOP = (
    reference_for(RING, 1042, ALICE, purpose).in_address(DESK, "+")
    for purpose in (Purpose.RATE_GOOD, Purpose.NO_REMINDERS)
)
BAD = reference_for(RING, 1042, ALICE, Purpose.RATE_BAD).in_subject("ISY")


def there(*tickets: Ticket) -> Facts:
    """The tickets that references may lead to."""
    return Facts(NOW, 3000, tickets={t.number: t for t in tickets}, is_written_to=True)


def other(subject: str, **parts: Any) -> Case:
    """A mail under another subject than that of the ticket."""
    return replace(case(subject=subject, **parts), is_another_subject=True)


def asked_again(proof: Proof = Proof.PASS, repeats: str = "join", **parts: Any) -> Case:
    """The same request once more, while the first waits for an answer."""
    first = replace(TICKET, participants=(ALICE, LEA))
    facts = Facts(NOW, 3000, own_tickets=(first,), first_words={1042: "Le bouton reste gris."})
    asked = case(proof=proof, facts=facts, **({"title": TICKET.subject} | parts))
    return replace(asked, settings=asked.settings.model_copy(update={"repeats": repeats}))


NOTICE = (message_id_for(RING, nonce_for(RING, "list"), "h"),)
OF_ALICE = (message_id_for(RING, nonce_for(RING, "mail"), "h", 1042, ALICE),)
UNSEEN = Facts(NOW, 1, duplicate_of=3, is_copy_unseen=True)
ROWS = [
    # what it is, the case, verdict, reason
    ("a first mail", case(facts=Facts(NOW, 1)), "new_ticket", "no-reference"),
    ("a first mail of an unknown domain", case(EVE, Proof.NONE, facts=Facts(NOW, 1)), "new_ticket", "no-reference"),
    ("no sender that could be read", case(to=()), "new_ticket", "no-reference"),
    ("the very same again", case(facts=Facts(NOW, 1, duplicate_of=3)), "duplicate", "same-content"),
    ("again what came through a list", case(facts=UNSEEN), "new_ticket", "no-reference"),
    ("again through the list", case(kind=Kind.MAILING_LIST, facts=UNSEEN), "duplicate", "same-content"),
    ("a robot's note again", case(kind=Kind.AUTO_REPLY, facts=UNSEEN), "duplicate", "same-content"),
    ("a bounce that proves nothing, again", case(kind=Kind.BOUNCE, facts=UNSEEN), "duplicate", "same-content"),
    ("our own address", case(DESK), "loop", "own-address"),
    ("our own plus-address", case("support+1042-1-abcd@isybuy.example"), "loop", "own-address"),
    ("too many hops", case(headers=(("Received", "by x"),) * 51), "loop", "too-many-hops"),
    ("a vacation note with a reference", case(kind=Kind.AUTO_REPLY, subject=ALICES), "auto_reply", "automatic"),
    ("a robot's mail", case(headers=(("Auto-Submitted", "auto-generated; x"),)), "auto_reply", "auto-submitted"),
    (
        "a person's mail that says so",
        case(headers=(("Auto-Submitted", "No"),), facts=Facts(NOW, 1)),
        "new_ticket",
        "no-reference",
    ),
    ("a bounce that proves nothing", case(kind=Kind.BOUNCE), "auto_reply", "unproved-bounce"),
    (
        "a person's mail that says so in other words",
        case(headers=(("Auto-Submitted", '(by hand) "none"'),), facts=Facts(NOW, 1)),
        "new_ticket",
        "no-reference",
    ),
    ("an agent decides on a held mail", case(LEA_, to=to(LINK)), "agent_command", "held-release"),
    ("the same without proof", case(LEA_, Proof.NONE, to=to(LINK)), "unsigned_agent", "proof-none"),
    ("the same, forged", case(LEA_, Proof.FAIL, to=to(LINK)), "unsigned_agent", "proof-fail"),
    (
        "the same where nobody judges and the reference suffices",
        case(LEA_, Proof.UNVERIFIED, to=to(LINK), trust={"agents": "token"}),
        "agent_command",
        "held-release",
    ),
    (
        "the same where nobody judges and proof is asked for",
        case(LEA_, Proof.UNVERIFIED, to=to(LINK), trust={"agents": "proof"}),
        "unsigned_agent",
        "proof-unverified",
    ),
    ("another agent by that link", case("marc@isybuy.example", to=to(LINK)), "bad_reference", "wrong-signature"),
    ("the held mail's own sender by it", case(to=to(LINK)), "bad_reference", "wrong-signature"),
    ("anybody by it", case(EVE, to=to(LINK)), "bad_reference", "wrong-signature"),
    ("the admin by their own", case("admin@isybuy.example", to=to(ADMINS)), "agent_command", "held-discard"),
    (
        "the admin without proof",
        case("admin@isybuy.example", Proof.NONE, to=to(ADMINS)),
        "unsigned_agent",
        "proof-none",
    ),
    ("who was an agent, by their own", case("gone@isybuy.example", to=to(GONES)), "bad_reference", "revoked"),
    ("it stands above a ticket's reference", case(LEA_, to=to(LINK), subject=LEAS), "agent_command", "held-release"),
    ("somebody blocked", case(EVE, facts=BLOCKED), "spam", "blocked"),
    ("somebody blocked, with a valid reference", case(facts=BLOCKED, subject=ALICES), "spam", "blocked"),
    ("an agent is never blocked", case(LEA_, facts=BLOCKED, subject=LEAS), "agent_reply", "agent-with-proof"),
    ("a list", case(kind=Kind.MAILING_LIST), "list_mail", "mailing-list"),
    (
        "a participant who answers over a list",
        case(kind=Kind.MAILING_LIST, auto_respond=False, subject=ALICES),
        "reply",
        "by-subject",
    ),
    (
        "an agent whose server adds a list's fields",
        case(LEA_, kind=Kind.MAILING_LIST, auto_respond=False, subject=LEAS),
        "agent_reply",
        "agent-with-proof",
    ),
    (
        "a participant over a list, whose proof failed",
        case(proof=Proof.FAIL, kind=Kind.MAILING_LIST, auto_respond=False, subject=ALICES),
        "spoof_suspect",
        "authentication-failed",
    ),
    ("a list that quotes a reference", case(EVE, kind=Kind.MAILING_LIST, subject=ALICES), "list_mail", "mailing-list"),
    (
        "a list, of a participant, with a forged number",
        case(kind=Kind.MAILING_LIST, subject=FORGED),
        "list_mail",
        "mailing-list",
    ),
    ("a vacation note over a list", case(kind=Kind.AUTO_REPLY, subject=ALICES), "auto_reply", "automatic"),
    ("a participant by Subject", case(subject=f"Re: x {ALICES}"), "reply", "by-subject"),
    (
        "a participant by address",
        case(to=to(reference_for(RING, 1042, ALICE).in_address(DESK, "+"))),
        "reply",
        "by-address",
    ),
    (
        "a participant by In-Reply-To",
        case(in_reply_to=(message_id_for(RING, nonce_for(RING, "a"), "h", 1042, ALICE),)),
        "reply",
        "by-in-reply-to",
    ),
    ("a participant by quoted body", case(text=f"oui\n> {ALICES}", reply_text="oui"), "reply", "by-body"),
    ("nobody judges, a participant", case(proof=Proof.UNVERIFIED, trust={}, subject=ALICES), "reply", "by-subject"),
    ("a domain that publishes nothing", case(proof=Proof.NONE, subject=ALICES), "reply", "by-subject"),
    (
        "a participant whose proof failed",
        case(proof=Proof.FAIL, subject=ALICES),
        "spoof_suspect",
        "authentication-failed",
    ),
    ("a new mail whose proof failed", case(proof=Proof.FAIL), "spoof_suspect", "authentication-failed"),
    ("a stranger with a valid reference", case(EVE, subject=ALICES), "stranger", "not-a-participant"),
    ("a forged number", case(EVE, subject=FORGED), "bad_reference", "unknown-ticket"),
    ("a mistyped reference", case(subject=ALICES[:-2] + "Q]"), "bad_reference", "wrong-signature"),
    ("a cut reference", case(subject=ALICES[:-3]), "bad_reference", "malformed"),
    ("a valid one beats a faulty one", case(subject=FORGED, text=f"a\n> {ALICES}", reply_text="a"), "reply", "by-body"),
    (
        "an answer to a list of requests",
        case(in_reply_to=NOTICE, text=f"a\n> {ALICES}", reply_text="a", facts=ALICES_FACTS),
        "plain_reply",
        "no-reference",
    ),
    (
        "an agent's answer to a list of requests",
        case(LEA_, in_reply_to=NOTICE, text=f"a\n> {LEAS}", reply_text="a", facts=ALICES_FACTS),
        "plain_reply",
        "no-reference",
    ),
    (
        "an answer to a list, with a reference in its Subject",
        case(LEA_, in_reply_to=NOTICE, subject=LEAS, facts=ALICES_FACTS),
        "agent_reply",
        "agent-with-proof",
    ),
    (
        "a list in the thread before a mail of the ticket",
        case(references=(*NOTICE, *OF_ALICE), text=f"a\n> {ALICES}", reply_text="a"),
        "reply",
        "by-references",
    ),
    (
        "an agent's answer of which nothing is left but a list",
        case(LEA_, text=f"a\n> {LEAS}\n> {BRUNOS.in_subject('ISY')}", reply_text="a", facts=ALICES_FACTS),
        "ambiguous",
        "several-tickets",
    ),
    (
        "an agent's answer of which nothing is left but the quoted mail",
        case(LEA_, text=f"a\n> {LEAS}\n> {ALICES}", reply_text="a", facts=ALICES_FACTS),
        "agent_reply",
        "agent-with-proof",
    ),
    (
        "strong carriers that disagree",
        case(to=to(BRUNOS.in_address(DESK, "+")), subject=ALICES),
        "ambiguous",
        "several-tickets",
    ),
    (
        "a weak carrier that disagrees",
        case(subject=ALICES, text=f"a\n> {BRUNOS.in_subject('ISY')}", reply_text="a"),
        "reply",
        "by-subject",
    ),
    ("a reply to a closed ticket", case(subject=ALICES, facts=there(CLOSED)), "follow_up", "closed"),
    ("a click that opens a closed one", case(subject=REOPEN, facts=there(CLOSED)), "follow_up", "closed"),
    ("a click that takes a closed one up", case(subject=ESCALATE, facts=there(CLOSED)), "follow_up", "closed"),
    ("a click that a closed one is solved", case(subject=SOLVED, facts=there(CLOSED)), "reply", "by-subject"),
    (
        "thanks to a closed one",
        replace(case(subject=ALICES, facts=there(CLOSED)), is_thanks=True),
        "reply",
        "by-subject",
    ),
    ("a stranger to a closed one", case(EVE, subject=ALICES, facts=there(CLOSED)), "stranger", "not-a-participant"),
    ("an agent to a closed one", case(LEA_, subject=LEAS, facts=there(CLOSED)), "agent_reply", "agent-with-proof"),
    (
        "a reply to a closed one that goes on",
        case(subject=ALICES, facts=there(CLOSED, FOLLOWING)),
        "reply",
        "by-subject",
    ),
    (
        "a reply to a closed one of which a part goes on",
        case(subject=ALICES, facts=there(CLOSED, replace(FOLLOWING, subject="Imprimante muette"))),
        "follow_up",
        "closed",
    ),
    (
        "a reply to a closed one that goes on no longer",
        case(subject=ALICES, facts=there(CLOSED, replace(FOLLOWING, status=Status.RESOLVED))),
        "follow_up",
        "closed",
    ),
    ("another subject", other(ALICES), "follow_up", "another-subject"),
    ("another subject by the link that opens", other(REOPEN), "follow_up", "another-subject"),
    ("another subject by the link that escalates", other(ESCALATE), "reply", "by-subject"),
    ("the link that escalates, a stranger", other(ESCALATE, sender=EVE), "stranger", "not-a-participant"),
    ("another's link that confirms", other(CONFIRM), "reply", "by-subject"),
    ("another subject by the link that solves", other(SOLVED), "reply", "by-subject"),
    ("another subject, a stranger", other(ALICES, sender=EVE), "stranger", "not-a-participant"),
    ("another subject, an agent", other(LEAS, sender=LEA_), "agent_reply", "agent-with-proof"),
    ("another subject, no proof", other(ALICES, proof=Proof.FAIL), "spoof_suspect", "authentication-failed"),
    (
        "strong carriers that name linked tickets",
        case(
            to=to(reference_for(RING, 1050, ALICE).in_address(DESK, "+")),
            subject=ALICES,
            facts=there(replace(TICKET, linked_to=(1050,)), FOLLOWING),
        ),
        "reply",
        "by-address",
    ),
    ("a merged reference", case(subject=ALICES, facts=there(MERGED, TARGET)), "reply", "by-subject"),
    (
        "a merged reference of who was removed",
        case(subject=ALICES, facts=there(MERGED, ELSEWHERE)),
        "stranger",
        "not-a-participant",
    ),
    (
        "a merged reference, a stranger",
        case(EVE, subject=ALICES, facts=there(MERGED, TARGET)),
        "stranger",
        "not-a-participant",
    ),
    ("the same request again", asked_again(), "repeat", "same-problem"),
    ("the same request again, where each is one", asked_again(repeats="separate"), "new_ticket", "no-reference"),
    ("the same request again, unproved", asked_again(Proof.NONE), "new_ticket", "no-reference"),
    ("the same request again, nobody judges", asked_again(Proof.UNVERIFIED, trust={}), "new_ticket", "no-reference"),
    ("another request", asked_again(title="Relevé de compte"), "new_ticket", "no-reference"),
    ("the same request of another", asked_again(sender=EVE), "new_ticket", "no-reference"),
    ("the same request, passed on", asked_again(is_forward=True), "new_ticket", "no-reference"),
    ("a plain reply", case(subject="Re: Impossible"), "plain_reply", "no-reference"),
    ("a plain reply by header", case(in_reply_to=("x@y",)), "plain_reply", "no-reference"),
    ("a plain reply in French", case(subject="RE : Impossible"), "plain_reply", "no-reference"),
    ("a plain reply in Italian", case(subject="R: Impossible"), "plain_reply", "no-reference"),
    ("a plain reply in German", case(subject="Antwort: Impossible"), "plain_reply", "no-reference"),
    ("a plain reply behind a gateway", case(subject="[EXT] ***SPAM*** AW: Impossible"), "plain_reply", "no-reference"),
    ("a plain reply to what was passed on", case(subject="Re: TR: Impossible"), "plain_reply", "no-reference"),
    (
        "a plain reply with a mail passed on in it",
        case(subject="Re: Impossible", is_forward=True),
        "plain_reply",
        "no-reference",
    ),
    ("a forward in Finnish", case(subject="VL: Impossible", in_reply_to=("x@y",)), "new_ticket", "no-reference"),
    (
        "a forward without a prefix",
        case(subject="Impossible", in_reply_to=("x@y",), is_forward=True),
        "new_ticket",
        "no-reference",
    ),
    ("a forward is no reply", case(subject="TR: Re: Impossible", in_reply_to=("x@y",)), "new_ticket", "no-reference"),
    ("Re: from somebody never written to", case(subject="Re: x", facts=Facts(NOW, 1)), "new_ticket", "no-reference"),
    (
        "an answer to a notice of ours",
        case(in_reply_to=(message_id_for(RING, nonce_for(RING, "r"), "h"),), facts=Facts(NOW, 1)),
        "plain_reply",
        "no-reference",
    ),
    ("an agent with proof", case(LEA_, subject=LEAS), "agent_reply", "agent-with-proof"),
    ("an agent with proof, a customer's reference", case(LEA_, subject=ALICES), "agent_reply", "agent-with-proof"),
    ("an agent whom nobody vouches for", case(LEA_, Proof.NONE, subject=LEAS), "unsigned_agent", "proof-none"),
    ("an agent whose proof failed", case(LEA_, Proof.FAIL, subject=LEAS), "unsigned_agent", "proof-fail"),
    (
        "an agent, nobody judges",
        case(LEA_, Proof.UNVERIFIED, trust={}, subject=LEAS),
        "unsigned_agent",
        "proof-unverified",
    ),
    (
        "an agent's own reference where it is trusted",
        case(LEA_, Proof.UNVERIFIED, trust={"agents": "token"}, subject=LEAS),
        "agent_reply",
        "agent-with-proof",
    ),
    (
        "a customer's reference is no agent's proof",
        case(LEA_, Proof.UNVERIFIED, trust={"agents": "token"}, subject=ALICES),
        "unsigned_agent",
        "proof-unverified",
    ),
    ("an agent without a reference", case(LEA_, subject="Re: x"), "plain_reply", "no-reference"),
    ("an agent's note", case(LEA_, subject=LEAS, reply_text="#note\nvu"), "agent_note", "agent-with-proof"),
    ("an agent's note by link", case(LEA_, to=to(LEAS_NOTE), reply_text="vu"), "agent_note", "agent-with-proof"),
    ("an agent's commands alone", case(LEA_, subject=LEAS, reply_text="#attente"), "agent_command", "agent-with-proof"),
    (
        "an agent's mistyped command",
        case(LEA_, subject=LEAS, reply_text="Oui\n#pendng"),
        "agent_reply",
        "unknown-command",
    ),
    ("a customer's command is words", case(subject=ALICES, reply_text="#resolve"), "reply", "by-subject"),
    ("her second address", case(SECOND, facts=ALICES_FACTS, subject=ALICES), "reply", "by-subject"),
    (
        "her second address, nobody judges",
        case(SECOND, Proof.UNVERIFIED, trust={}, facts=ALICES_FACTS, subject=ALICES),
        "reply",
        "by-subject",
    ),
    (
        "her second address without proof",
        case(SECOND, Proof.NONE, facts=ALICES_FACTS, subject=ALICES),
        "stranger",
        "not-a-participant",
    ),
    (
        "her second address, proof failed",
        case(SECOND, Proof.FAIL, facts=ALICES_FACTS, subject=ALICES),
        "spoof_suspect",
        "authentication-failed",
    ),
    ("her second address clicks", case(SECOND, facts=ALICES_FACTS, to=to(CLAIM)), "claim", "into-ticket"),
    (
        "her second address clicks without proof",
        case(SECOND, Proof.NONE, facts=ALICES_FACTS, to=to(CLAIM)),
        "stranger",
        "claim-of-another",
    ),
    ("accounts are required", case(EVE, people=REQUIRED, facts=Facts(NOW, 1)), "unknown_sender", "no-account"),
    (
        "accounts are required, an answer to a mail of ours",
        case(EVE, people=REQUIRED, subject="Re: x"),
        "plain_reply",
        "no-reference",
    ),
    (
        "accounts are required, a valid reference",
        case(people=REQUIRED, subject=ALICES, facts=Facts(NOW, 1, {1042: TICKET})),
        "reply",
        "by-subject",
    ),
    (
        "accounts are required, a ticket of old",
        case(EVE, people=REQUIRED, facts=Facts(NOW, 1, has_ticket=True)),
        "new_ticket",
        "no-reference",
    ),
    ("accounts are required, she has one", case(people=REQUIRED, facts=ALICES_FACTS), "new_ticket", "no-reference"),
    ("accounts are required, an agent", case(LEA_, people=REQUIRED, facts=Facts(NOW, 1)), "new_ticket", "no-reference"),
    ("an account is asked for", case(to=to(ASKED), facts=WAITS), "claim", "account-asked"),
    ("an account is asked for by another", case(EVE, to=to(ASKED), facts=WAITS), "stranger", "claim-of-another"),
    (
        "an account is asked for that is there",
        case(to=to(ASKED), facts=replace(WAITS, held=replace(HELD, is_held=False))),
        "claim",
        "already-done",
    ),
    ("an owner joins an address", case(to=to(JOINS), facts=ASKS), "claim", "address-joined"),
    ("an owner joins it, no proof", case(ALICE_, Proof.NONE, to=to(JOINS), facts=ASKS), "stranger", "joining-unproved"),
    (
        "an owner joins it, nobody judges",
        case(ALICE_, Proof.UNVERIFIED, to=to(JOINS), facts=ASKS),
        "stranger",
        "joining-unproved",
    ),
    (
        "an owner joins it, proof failed",
        case(ALICE_, Proof.FAIL, to=to(JOINS), facts=ASKS),
        "spoof_suspect",
        "authentication-failed",
    ),
    (
        "the address joins itself",
        case("dora@inconnu.example", to=to(JOINS), facts=ASKS),
        "bad_reference",
        "wrong-signature",
    ),
    (
        "another address of the owner was not asked",
        case(SECOND, to=to(JOINS), facts=ASKS),
        "bad_reference",
        "wrong-signature",
    ),
    (
        "an owner without an account any more",
        case(to=to(JOINS), facts=replace(ASKS, who=replace(WHO, has_account=False))),
        "bad_reference",
        "revoked",
    ),
    (
        "an owner of nothing",
        case(to=to(JOINS), facts=replace(ASKS, who=None)),
        "bad_reference",
        "revoked",
    ),
    (
        "an owner joins what was decided",
        case(to=to(JOINS), facts=replace(ASKS, held=replace(DORAS, is_held=False))),
        "claim",
        "already-done",
    ),
    (
        "the link of another held mail",
        case(to=to(JOINS), facts=replace(ASKS, held=replace(DORAS, sender="eve@evil.example"))),
        "bad_reference",
        "wrong-signature",
    ),
    (
        "quoted below a reply, such a link is nobody's word",
        case(text=f"Oui.\n\n> {JOINS}", facts=ASKS),
        "new_ticket",
        "no-reference",
    ),
    ("a rating", case(to=to(GOOD)), "rating", "rated-good"),
    ("a bad one, by the Subject", case(subject=BAD), "rating", "rated-bad"),
    ("a rating that also answers", case(to=to(GOOD), subject=ALICES), "rating", "rated-good"),
    (
        "a rating of a closed one that goes on",
        case(to=to(GOOD), facts=there(CLOSED, FOLLOWING)),
        "rating",
        "rated-good",
    ),
    ("a rating of one that was joined", case(to=to(GOOD), facts=there(MERGED, TARGET)), "rating", "rated-good"),
    ("a rating by another address of theirs", case(SECOND, to=to(GOOD), facts=ALICES_FACTS), "rating", "rated-good"),
    (
        "the same where nothing vouches for it",
        case(SECOND, Proof.NONE, to=to(GOOD), facts=ALICES_FACTS),
        "stranger",
        "not-a-participant",
    ),
    ("a rating from a domain that publishes nothing", case(proof=Proof.NONE, to=to(GOOD)), "rating", "rated-good"),
    ("a rating in a false name", case(proof=Proof.FAIL, to=to(GOOD)), "spoof_suspect", "authentication-failed"),
    ("a rating by somebody unknown", case(EVE, to=to(GOOD)), "stranger", "not-a-participant"),
    ("a rating by the agent of the ticket", case(LEA_, to=to(GOOD)), "agent_reply", "agent-with-proof"),
    ("a rating by a robot", case(kind=Kind.AUTO_REPLY, to=to(GOOD)), "auto_reply", "automatic"),
    ("a rating of another ticket", case(to=to(GOOD.replace("1042", "2000"))), "bad_reference", "wrong-signature"),
    ("a good one made a bad one", case(to=to(GOOD.replace("+g", "+u"))), "bad_reference", "wrong-signature"),
    (
        "a quoted link is nobody's rating",
        case(text=f"Oui.\n\n> {GOOD}", facts=Facts(NOW, 1)),
        "new_ticket",
        "no-reference",
    ),
    ("no more reminders", case(to=to(STOP)), "self_service", "no-reminders"),
    ("the same said by a program", case(kind=Kind.AUTO_REPLY, to=to(STOP)), "self_service", "no-reminders"),
    ("the same by somebody unknown", case(EVE, to=to(STOP)), "stranger", "not-a-participant"),
    ("the same in a false name", case(proof=Proof.FAIL, to=to(STOP)), "spoof_suspect", "authentication-failed"),
    ("a claim", case(to=to(CLAIM)), "claim", "into-ticket"),
    ("a claim of a new request", case(to=to(NEW)), "claim", "new-request"),
    ("a claim of somebody else", case(EVE, to=to(CLAIM)), "stranger", "claim-of-another"),
    (
        "a second click on a claim",
        case(to=to(NEW), facts=Facts(NOW, 1, {1042: TICKET}, held=replace(HELD, is_held=False, ticket=1042))),
        "claim",
        "already-done",
    ),
    (
        "a claim of a mail that was discarded",
        case(to=to(NEW), facts=Facts(NOW, 1, held=replace(HELD, is_held=False))),
        "bad_reference",
        "unknown-claim",
    ),
    (
        "a claim of a mail that is gone",
        case(to=to(CLAIM), facts=Facts(NOW, 1, tickets={1042: TICKET})),
        "bad_reference",
        "unknown-claim",
    ),
]


def _unhandled(purpose: Purpose, who: str) -> str:
    if purpose in OF_TOPIC:
        return topic_for(RING, 1, purpose, who).in_address(DESK, "+")
    if purpose in OF_ADDRESS:
        return address_for(RING, purpose, who).in_address(DESK, "+")
    if purpose in OF_HELD:
        return end_for(RING, HELD, 1042, purpose, who).in_address(DESK, "+")
    return reference_for(RING, 1042, ALICE if who == ALICE_ else LEA, purpose).in_address(DESK, "+")


@pytest.mark.parametrize("who", [ALICE_, LEA_])
@pytest.mark.parametrize("purpose", sorted(UNHANDLED))
def test_what_nobody_handles_yet_is_as_a_wrong_reference(purpose: Purpose, who: str) -> None:
    """Nobody's words come into a ticket by it, and none opens one."""
    verdict = judge(case(who, to=to(_unhandled(purpose, who)), reply_text="#resolve"))
    assert (verdict.name.value, verdict.reason) == ("bad_reference", "no-such-purpose")


@pytest.mark.parametrize(("what", "given", "name", "reason"), ROWS, ids=[row[0] for row in ROWS])
def test_the_table(what: Any, given: Any, name: Any, reason: Any) -> None:
    verdict = judge(given)
    assert (verdict.name.value, verdict.reason) == (name, reason)


def test_a_mail_without_a_sender_is_quarantined() -> None:
    given = case()
    assert judge(replace(given, mail=replace(given.mail, sender=None))).name is VerdictName.QUARANTINED
    assert judge(replace(given, mail=replace(given.mail, unreadable="too-deep"))).reason == "too-deep"


def test_a_bounce_needs_no_sender() -> None:
    given = case(kind=Kind.BOUNCE)
    assert judge(replace(given, mail=replace(given.mail, sender=None))).reason == "unproved-bounce"


@pytest.mark.parametrize(
    ("status", "action", "reason"),
    [
        ("5.1.1", "failed", "failed"),
        ("4.4.7", "delayed", "delayed"),
        ("4.4.7", "failed", "failed"),  # the server has given up: nobody else will say so
        ("4.2.2", "failed", "failed"),
        ("2.1.5", "failed", "delayed"),
        ("", "failed", "failed"),
        ("2.0.0", "delivered", "delivered"),
        ("2.1.5", "relayed", "relayed"),
        ("", "expanded", "expanded"),
    ],
)
def test_a_bounce_of_a_mail_of_ours_is_an_event_of_its_ticket(status: Any, action: Any, reason: Any) -> None:
    report = DeliveryReport((ALICE_,), action, status)
    for is_signed in (True, False):
        delivery = Delivery(5, 1042, 1, "agent_reply", ALICE_, is_by_return_path=is_signed)
        facts = Facts(NOW, 1, tickets={1042: TICKET}, delivery=delivery)
        verdict = judge(case("mailer-daemon@client-a.example", kind=Kind.BOUNCE, bounce=report, facts=facts))
        expected = reason if is_signed or reason != "failed" else "said-to-fail"
        assert (verdict.name, verdict.reason, verdict.participant) == (VerdictName.BOUNCE, expected, ALICE)


def test_an_agent_who_left_is_a_stranger() -> None:
    given = case(LEA_, subject=LEAS)
    without = settings(people={"agents": [{"name": "Marc", "address": "marc@isybuy.example"}]})
    assert judge(replace(given, settings=without)).reason == "no-agent-any-more"


def test_a_person_may_let_a_held_mail_in() -> None:
    stranger = case(EVE, subject=ALICES)
    assert released(stranger, None, is_new=False).ticket == TICKET
    assert released(stranger, None, is_new=True).name is VerdictName.NEW_TICKET
    plain = case(subject="Re: x")
    assert released(plain, TICKET, is_new=False).name is VerdictName.REPLY
    with pytest.raises(Exception, match="--into"):
        released(plain, None, is_new=False)
    unknown = case(EVE, people=REQUIRED, facts=Facts(NOW, 1))
    assert released(unknown, None, is_new=False).name is VerdictName.NEW_TICKET
    assert released(unknown, TICKET, is_new=False).name is VerdictName.REPLY


AR = "Authentication-Results"
OWN = "mx.isybuy.example"


def received(by: str) -> tuple[str, str]:
    return ("Received", f"from somewhere by {by} with ESMTP id 1; Mon, 23 Nov 2026 09:00:00 +0100")


PROOFS = [
    ("dmarc pass on top", [(AR, f"{OWN}; dmarc=pass header.from=client-a.example")], Proof.PASS),
    ("dmarc fail", [(AR, f"{OWN}; dmarc=fail header.from=client-a.example")], Proof.FAIL),
    ("dmarc none", [(AR, f"{OWN}; dmarc=none header.from=client-a.example")], Proof.NONE),
    ("no header", [], Proof.NONE),
    ("another server's word", [(AR, "mx.evil.example; dmarc=pass header.from=client-a.example")], Proof.NONE),
    (
        "below the border",
        [received("mx.evil.example"), (AR, f"{OWN}; dmarc=pass header.from=client-a.example")],
        Proof.NONE,
    ),
    (
        "below our own Received line",
        [received(OWN), (AR, f"{OWN}; dmarc=pass header.from=client-a.example")],
        Proof.NONE,
    ),
    (
        "above our own, below an internal relay's",
        [received("imap.isybuy.example"), (AR, f"{OWN}; dmarc=pass"), received(OWN), received("mx.evil.example")],
        Proof.PASS,
    ),
    ("a forged one below ours", [(AR, f"{OWN}; dmarc=fail"), (AR, f"{OWN}; dmarc=pass"), received(OWN)], Proof.FAIL),
    ("judged another From", [(AR, f"{OWN}; dmarc=pass header.from=evil.example")], Proof.FAIL),
    (
        "case and comments",
        [(AR, " MX.isybuy.EXAMPLE (us (really)) 1; DMARC=Pass (p=none) header.from=CLIENT-A.example")],
        Proof.PASS,
    ),
    ("an id that only begins like ours", [(AR, f"{OWN}.evil.example; dmarc=pass")], Proof.NONE),
    ("aligned dkim", [(AR, f"{OWN}; dkim=pass header.d=client-a.example")], Proof.PASS),
    ("aligned dkim of the domain above", [(AR, f"{OWN}; dkim=pass header.i=@a.example; spf=fail")], Proof.NONE),
    ("dkim of another domain", [(AR, f"{OWN}; dkim=pass header.d=evil.example")], Proof.NONE),
    ("aligned spf", [(AR, f"{OWN}; spf=pass smtp.mailfrom=alice@client-a.example")], Proof.PASS),
    ("spf of another domain", [(AR, f"{OWN}; spf=pass smtp.mailfrom=evil.example")], Proof.NONE),
    # What the sender chooses inside a genuine header: the local part of MAIL FROM, the i= of a signature.
    (
        "dmarc in a quoted local part",
        [(AR, f'{OWN}; spf=pass smtp.mailfrom="x;dmarc=pass"@evil.example; dmarc=fail')],
        Proof.FAIL,
    ),
    (
        "a comment that closes itself",
        [(AR, f'{OWN}; spf=pass (of "x);dmarc=pass(y"@evil.example) smtp.mailfrom=x@evil.example; dmarc=fail')],
        Proof.FAIL,
    ),
    (
        "a property in a quoted local part",
        [
            (
                AR,
                f"{OWN}; dmarc=none; spf=pass "
                'smtp.mailfrom="a header.from=b smtp.mailfrom=x@client-a.example"@evil.example',
            )
        ],
        Proof.NONE,
    ),
    (
        "a signature in a quoted identity",
        [
            (
                AR,
                f"{OWN}; dkim=pass header.d=evil.example "
                'header.i="a; dkim=pass header.d=client-a.example"@evil.example',
            )
        ],
        Proof.NONE,
    ),
    (
        "an escaped quote",
        [(AR, f'{OWN}; spf=pass smtp.mailfrom="a\\";dmarc=pass "@evil.example; dmarc=fail')],
        Proof.FAIL,
    ),
    ("a property given twice", [(AR, f"{OWN}; dkim=pass header.d=evil.example header.d=client-a.example")], Proof.NONE),
    ("two opinions", [(AR, f"{OWN}; dmarc=pass; dmarc=none")], Proof.FAIL),
    ("blanks around the sign", [(AR, f"{OWN} ; dmarc = pass header.from = client-a.example")], Proof.PASS),
    ("a forged header and a forged border", [received(OWN), (AR, f"{OWN}; dmarc=pass"), received(OWN)], Proof.NONE),
    (
        "an internal relay named twice",
        [received("imap.isybuy.example"), received("imap.isybuy.example"), (AR, f"{OWN}; dmarc=pass")],
        Proof.NONE,
    ),
]


@pytest.mark.parametrize(("what", "headers", "proof"), PROOFS, ids=[row[0] for row in PROOFS])
def test_only_our_border_is_believed(what: Any, headers: Any, proof: Any) -> None:
    trust = {"authserv_id": OWN, "internal": ["imap.isybuy.example"]}
    box = settings(mailboxes={"support": {"address": DESK, "trust": trust}}).mailboxes["support"]
    assert proof_of(mail(headers=tuple(headers)), box) is proof


@pytest.mark.parametrize("written", ["bücher.example", "xn--bcher-kva.example", "BÜCHER.example."])
def test_a_domain_may_be_spelled_in_any_way(written: str) -> None:
    box = settings(mailboxes={"support": {"address": DESK, "trust": {"authserv_id": OWN}}}).mailboxes["support"]
    for sender in ("a@bücher.example", "a@xn--bcher-kva.example"):
        for results in (f"dmarc=pass header.from={written}", f"dkim=pass header.d={written}"):
            assert proof_of(mail(sender, headers=((AR, f"{OWN}; {results}"),)), box) is Proof.PASS


@pytest.mark.parametrize(
    ("one", "other"), [("a@straße.example", "a@strasse.example"), ("strauß@x.example", "strauss@x.example")]
)
def test_two_letters_are_not_one(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)
    assert address_key(one) == address_key(one.upper().replace("SS", "ß"))


def test_a_forged_copy_does_not_hide_the_true_mail() -> None:
    facts = Facts(NOW, 1, duplicate_of=3, is_copy_suspect=True)
    assert judge(case(facts=facts)).name is VerdictName.NEW_TICKET
    assert judge(case(proof=Proof.FAIL, facts=facts)).name is VerdictName.DUPLICATE


@pytest.mark.parametrize(
    "subject", ["*" * 4 + "a*" * 2000 + "x", "[" * 5000, "[a]" * 3000, "**a** " * 3000, "Re" + " " * 9000]
)
def test_no_subject_takes_long(subject: str) -> None:
    """In a process with a second of its own: an endless match would end it."""
    code = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (5, 5)); import sys\n"
    code += "from maild.reading.forward import is_forward, is_reply, without_prefixes\nsubject = sys.stdin.read()\n"
    code += "is_reply(subject), is_forward(subject, ''), without_prefixes(subject)"
    assert subprocess.run([sys.executable, "-c", code], input=subject.encode(), check=False).returncode == 0


def test_without_an_authserv_id_nobody_judges() -> None:
    box = settings(mailboxes={"support": {"address": DESK}}).mailboxes["support"]
    assert proof_of(mail(headers=((AR, f"{OWN}; dmarc=pass"),)), box) is Proof.UNVERIFIED
