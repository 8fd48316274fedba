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
from maild.plan.incoming import plan
from maild.plan.letters import Desk
from maild.rules.decide import decide
from maild.rules.legacy import thread_of
from maild.store.arrivals import with_answers, with_arrivals
from maild.store.database import Session
from maild.store.facts import facts_for, received_mail
from maild.threading.loops import arrival_of, is_counted
from maild.threading.proof import proof_of
from maild.threading.references import find_references
from maild.threading.returned import is_returned, proved_delivery
from maild.threading.spam import marked
from maild.threading.token import verify
from maild.threading.verdict import Case, judge


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
    raw: bytes = b"",
) -> Considered:
    """All decisions about a mail. `claimed` is the held mail that `claimed_by` names; `raw` the mail's own bytes, if
    they may be passed on."""
    box = desk.settings.mailboxes[mailbox]
    case, candidates = case_for(session, desk, mailbox, marked(mail, box), proof_of(mail, box), now)
    return decided(desk, case, candidates, judge(case), inbound_id, mailbox, claimed, raw)


def claimed_by(session: Session, desk: Desk, mail: ParsedMail, now: datetime) -> int | None:
    """The held mail that this one brings in by a link of ours; None for nearly every mail."""
    claim = next((c for c in find_references(mail, desk.settings) if c.purpose is Purpose.CLAIM), None)
    held = received_mail(session, claim.slot) if claim else None
    if claim is None or held is None or not held.is_held or not verify(desk.ring, claim, {}, held, now).is_valid:
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
    arrival = arrival_of(mail, facts, proof) if is_counted(mail, proof) else None
    if arrival is not None:
        facts = with_arrivals(session, facts, mail, arrival)
    facts = with_answers(session, facts, settings.limits)
    case = Case(mail, references, facts, settings, settings.mailboxes[mailbox], proof, legacy=thread_of(mail, settings))
    came_back = settings.legacy is not None and is_returned(desk.ring, mail, facts)
    case = replace(case, arrival=arrival, is_returned=came_back)
    return replace(case, words=agents_words(desk, case)), candidates


def decided(
    desk: Desk,
    case: Case,
    candidates: tuple[Candidate, ...],
    verdict: Verdict,
    inbound_id: int,
    mailbox: str,
    claimed: ParsedMail | None = None,
    raw: bytes = b"",
) -> Considered:
    """The rules are asked where a ticket opens: for a new mail, or for a held one that its sender brings in."""
    brings_in = verdict.name is VerdictName.CLAIM and case.facts.held is not None and case.facts.held.is_held
    held_mail = claimed if brings_in else None
    if brings_in and claimed is None:
        raise Temporary("the mail that is brought in was not held a moment ago")
    opens = verdict.name is VerdictName.NEW_TICKET or (brings_in and verdict.ticket is None)
    decision = decide(desk.settings, held_mail or case.mail, mailbox, case.facts.load) if opens else None
    incoming = Incoming(inbound_id, mailbox, case.mail, case.facts, verdict, case.words, decision, held_mail)
    incoming = replace(incoming, raw=raw, arrival=case.arrival)
    return Considered(candidates, case.references, incoming, plan(desk, incoming))
