"""What is found out and decided about one mail: everything from its references to the effects, and none of them done.

The intake asks it for what has come, `maild explain` for what might, a person's release for what was held.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from maild.effects import Effect
from maild.errors import Temporary
from maild.judgement import Candidate, Proof, Purpose, Reference, Verdict, VerdictName
from maild.mail import ParsedMail
from maild.plan.agents_words import agents_words
from maild.plan.case import Incoming
from maild.plan.continuing import is_mere_thanks
from maild.plan.incoming import plan
from maild.plan.letters import Desk
from maild.plan.moves import numbers_named, shows_history
from maild.rules.decide import decide
from maild.settings import Settings
from maild.store.database import Session
from maild.store.facts import facts_for, notices_of, received_mail
from maild.store.tickets import first_words_of, load_with_kin, public_history, subjects_of
from maild.threading.proof import proof_of
from maild.threading.references import find_references
from maild.threading.returned import proved_delivery
from maild.threading.spam import marked
from maild.threading.subject import is_another
from maild.threading.token import verify
from maild.threading.verdict import Case, is_repeatable, judge
from maild.ticket import Status


@dataclass(frozen=True, slots=True)
class Considered:
    """A mail with everything that was found and decided about it, and what would become true."""

    candidates: tuple[Candidate, ...]
    references: tuple[Reference, ...]
    incoming: Incoming
    effects: list[Effect]

    @property
    def verdict(self) -> Verdict:
        """What becomes of the mail."""
        return self.incoming.verdict


def consider(
    session: Session,
    desk: Desk,
    inbound_id: int,
    mailbox: str,
    mail: ParsedMail,
    now: datetime,
    claimed: ParsedMail | None = None,
) -> Considered:
    """All decisions about a mail. `claimed` is the held mail that `claimed_by` names."""
    box = desk.settings.mailboxes[mailbox]
    case, candidates = case_for(session, desk, mailbox, marked(mail, box), proof_of(mail, box), now)
    return decided(desk, case, candidates, judge(case), inbound_id, mailbox, claimed)


def claimed_by(session: Session, desk: Desk, mail: ParsedMail, now: datetime) -> int | None:
    """The held mail that this one brings in by a link of ours; None for nearly every mail."""
    claim = next((c for c in find_references(mail, desk.settings) if c.purpose is Purpose.CLAIM), None)
    held = received_mail(session, claim.slot) if claim else None
    may_come = held is not None and (held.is_held or held.verdict is VerdictName.REPEAT)
    if claim is None or held is None or not may_come or not verify(desk.ring, claim, {}, held, now).is_valid:
        return None
    return held.inbound_id


def case_for(
    session: Session, desk: Desk, mailbox: str, mail: ParsedMail, proof: Proof, now: datetime
) -> tuple[Case, tuple[Candidate, ...]]:
    """Everything that the verdict rests on."""
    settings = desk.settings
    candidates = find_references(mail, settings)
    facts = facts_for(session, mail, candidates, now)
    references = tuple(verify(desk.ring, c, facts.tickets, facts.held, now) for c in candidates)
    facts = replace(facts, delivery=proved_delivery(desk.ring, mail, references, facts, proof))
    case = Case(mail, references, facts, settings, settings.mailboxes[mailbox], proof)
    case = replace(case, words=agents_words(desk, case))
    return _asked_further(session, settings, case), candidates


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
        return replace(case, facts=facts)
    if ticket is not None and case.valid is not None:
        named = facts.tickets[case.valid.candidate.ticket]  # the thread that is answered, wherever it goes on
        if is_another(mail.title, named.subject, (ticket.subject,), brand):
            others = (ticket.subject, *subjects_of(session, {ticket.number, named.number}))
            case = replace(case, is_another_subject=is_another(mail.title, named.subject, others, brand))
    if ticket is not None and ticket.status is Status.CLOSED:
        case = replace(case, is_thanks=is_mere_thanks(ticket, mail))
    if settings.repeats == "join" and case.valid is None and mail.sender is not None:
        sender = mail.sender
        numbers = {t.number for t in facts.own_tickets if is_repeatable(t, sender, facts.now)}
        if numbers:
            firsts, notices = first_words_of(session, numbers), notices_of(session, numbers)
            case = replace(case, facts=replace(facts, first_words=firsts, notices={**facts.notices, **notices}))
    return case


def decided(
    desk: Desk,
    case: Case,
    candidates: tuple[Candidate, ...],
    verdict: Verdict,
    inbound_id: int,
    mailbox: str,
    claimed: ParsedMail | None = None,
) -> Considered:
    """The rules are asked where a ticket opens: for a new mail, or for a held one that its sender brings in."""
    brings_in = verdict.name is VerdictName.CLAIM and verdict.reason != "already-done"
    held_mail = claimed if brings_in else None
    if brings_in and claimed is None:
        raise Temporary("the mail that is brought in was not held a moment ago")
    opens = verdict.name in (VerdictName.NEW_TICKET, VerdictName.FOLLOW_UP) or (brings_in and verdict.ticket is None)
    decision = decide(desk.settings, held_mail or case.mail, mailbox, case.facts.load) if opens else None
    incoming = Incoming(inbound_id, mailbox, case.mail, case.facts, verdict, case.words, decision, held_mail)
    return Considered(candidates, case.references, incoming, plan(desk, incoming))
