"""Everything that the verdict on a mail rests on, read from the store and checked: references, facts, words. Nothing is
decided here.
"""

from dataclasses import replace
from datetime import datetime

from maild.judgement import Candidate, Carrier, Proof, Purpose, Verdict, VerdictName
from maild.lifecycle import Status
from maild.mail import Kind
from maild.people.accounts import address_in
from maild.plan.agents_words import agents_words
from maild.plan.continuing import is_mere_thanks
from maild.plan.handing_over import changes_hands
from maild.plan.letters import Desk
from maild.plan.moves import numbers_named, shows_history
from maild.plan.questions import questions_in
from maild.plan.recording import Recorded, recorded
from maild.plan.topics import topic_named
from maild.rules.decide import asks_for_subject
from maild.rules.legacy import thread_of
from maild.settings import Settings
from maild.store.accounts import owner_named
from maild.store.arrivals import with_answers, with_arrivals
from maild.store.asked import answers_for
from maild.store.database import Session
from maild.store.facts import facts_for, notices_of
from maild.store.tickets import first_words_of, last_messages, load_with_kin, public_history, subjects_of
from maild.store.topics import topic_facts
from maild.threading.agents import RECORDS
from maild.threading.case import Case
from maild.threading.identity import Identified
from maild.threading.loops import arrival_of, is_counted
from maild.threading.references import find_references, in_message_ids
from maild.threading.returned import is_returned, proved_delivery
from maild.threading.saying import say
from maild.threading.subject import is_another
from maild.threading.token import verify
from maild.threading.verdict import is_repeatable


def case_for(
    session: Session, desk: Desk, mailbox: str, who: Identified, now: datetime
) -> tuple[Case, tuple[Candidate, ...]]:
    """Everything that the verdict rests on."""
    settings, mail = desk.settings, who.mail
    candidates = () if who.is_form else find_references(mail, settings)  # what is typed into a form continues nothing
    own = tuple(in_message_ids((mail.message_id,), Carrier.REFERENCES))
    facts = facts_for(session, mail, (*candidates, *own), now, settings)
    sender = mail.sender.key if mail.sender else ""
    references = tuple(verify(desk.ring, c, facts.tickets, facts.held, now, sender) for c in candidates)
    facts = replace(
        facts,
        delivery=proved_delivery(desk.ring, mail, references, facts, who.proof),
        is_own_message=any(verify(desk.ring, c, facts.tickets, None, now).is_valid for c in own),
    )
    arrival = arrival_of(mail, facts, who.proof) if is_counted(mail, who.proof) else None
    if arrival is not None:
        facts = with_arrivals(session, facts, mail, arrival)
    facts = with_answers(session, facts, settings.limits)
    case = Case(
        mail,
        references,
        facts,
        settings,
        settings.mailboxes[mailbox],
        who.proof,
        is_form=who.is_form,
        legacy=thread_of(mail, settings),
        is_returned=settings.legacy is not None and is_returned(desk.ring, mail, facts),
        arrival=arrival,
    )
    case = replace(case, words=agents_words(desk, case))
    agent = settings.agents.get(sender) if case.is_proved_agent and questions_in(case.words) else None
    if agent is not None:
        found = answers_for(session, desk, agent, questions_in(case.words), now)
        case = replace(case, facts=replace(case.facts, found=found))
    return _asked_further(session, settings, case), candidates


def case_recorded(
    session: Session, desk: Desk, mailbox: str, case: Case, verdict: Verdict, now: datetime
) -> tuple[Case, Verdict, Recorded | None]:
    """Where an agent records a request for a customer: the case and the verdict as of that customer's own mail, for
    which the agent's proof stands. In doubt it stays the agent's, with its problems; any other case stays as it is."""
    if verdict.reason != RECORDS or verdict.ticket is not None:
        return case, verdict, None
    what = recorded(case)
    if isinstance(what, list):
        return replace(case, words=replace(case.words, problems=tuple(what))), replace(verdict, reason=what[0][0]), None
    theirs, _ = case_for(session, desk, mailbox, Identified(what.mail, case.proof, is_form=True), now)
    facts = replace(theirs.facts, duplicate_of=case.facts.duplicate_of, copy_ticket=case.facts.copy_ticket)
    theirs = replace(theirs, facts=facts, arrival=case.arrival)
    reason = "passed-on-by-agent" if what.is_passed_on else "recorded-by-agent"
    return theirs, say(theirs, VerdictName.NEW_TICKET, reason), what


def _asked_further(session: Session, settings: Settings, case: Case) -> Case:
    """What only few mails need is read only for them: it costs the others nothing."""
    facts, mail, ticket = case.facts, case.mail, case.ticket
    brand = settings.site.reference
    if case.is_proved_agent and not case.is_own_request:
        numbers = numbers_named(case.words, settings) - facts.tickets.keys()
        if numbers:
            facts = replace(facts, tickets={**facts.tickets, **load_with_kin(session, numbers)})
        if ticket is not None and shows_history(case.words):
            facts = replace(facts, history=public_history(session, ticket))
        if ticket is not None and (mail.kind is Kind.AUTO_REPLY or changes_hands(case.words, case.valid)):
            facts = replace(facts, last_messages=last_messages(session, ticket.number))
        if ticket is not None and (key := topic_named(case.words)):
            facts = replace(facts, topics=topic_facts(session, settings, key, ticket))
        return replace(case, facts=facts)
    asks = any(r.is_valid and r.candidate.purpose is Purpose.ACCOUNT for r in case.references)
    if asks and mail.sender is not None and case.proof is Proof.PASS:
        named_address = address_in(mail.reply_text, mail.sender.key, settings)
        owner = owner_named(session, settings, named_address, facts.now) if named_address else None
        case = replace(case, facts=replace(facts, owner=owner))
    if ticket is not None and case.valid is not None and not asks_for_subject(settings, ticket.missing):
        named = facts.tickets[case.valid.candidate.ticket]  # the thread that is answered, wherever it goes on
        if is_another(mail.title, named.subject, (ticket.subject,), brand):
            others = (ticket.subject, *subjects_of(session, {ticket.number, named.number}))
            case = replace(case, is_another_subject=is_another(mail.title, named.subject, others, brand))
    if ticket is not None and ticket.status is Status.CLOSED:
        case = replace(case, is_thanks=is_mere_thanks(ticket, mail))
    if settings.repeats == "join" and case.valid is None and mail.sender is not None:
        numbers = {t.number for t in facts.own_tickets if is_repeatable(t, case.own_keys, facts.now)}
        if numbers:
            firsts, notices = first_words_of(session, numbers), notices_of(session, numbers)
            case = replace(case, facts=replace(facts, first_words=firsts, notices={**facts.notices, **notices}))
    return case
