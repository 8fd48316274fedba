"""What is found out and decided about one mail: everything from its references to the effects, and none of them done.

The intake asks it for what has come, `maild explain` for what might, a person's release for what was held.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from maild.effects import Effect
from maild.errors import Temporary
from maild.judgement import (
    Candidate,
    Carrier,
    Proof,
    Purpose,
    Reference,
    Signatures,
    Verdict,
    VerdictName,
)
from maild.mail import ParsedMail
from maild.plan.agents_words import agents_words
from maild.plan.case import Incoming
from maild.plan.incoming import plan
from maild.plan.letters import Desk
from maild.rules.decide import decide
from maild.store.database import Session
from maild.store.facts import facts_for, received_mail
from maild.threading.identity import Identified, identify
from maild.threading.proof import proof_of
from maild.threading.references import find_references, in_message_ids
from maild.threading.returned import proved_delivery
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
    signatures: Signatures | None = None,
    arrived_at: datetime | None = None,
) -> Considered:
    """All decisions about a mail. `claimed` is the held mail that `claimed_by` names; `signatures` what an own check
    of it found, where the mailbox asks for one; `arrived_at`: when it came.
    """
    box = desk.settings.mailboxes[mailbox]
    who = identify(marked(mail, box), box, proof_of(mail, box, signatures))
    case, candidates = case_for(session, desk, mailbox, who, now)
    if case.facts.duplicate_of == inbound_id:  # it was worked before and held: it is no copy of itself
        case = replace(case, facts=replace(case.facts, duplicate_of=None))
    return decided(desk, case, candidates, judge(case), inbound_id, mailbox, claimed, arrived_at)


def claimed_by(session: Session, desk: Desk, mail: ParsedMail, now: datetime) -> int | None:
    """The held mail that this one brings in by a link of ours; None for nearly every mail."""
    claim = next((c for c in find_references(mail, desk.settings) if c.purpose is Purpose.CLAIM), None)
    held = received_mail(session, claim.slot) if claim else None
    if claim is None or held is None or not held.is_held or not verify(desk.ring, claim, {}, held, now).is_valid:
        return None
    return held.inbound_id


def case_for(
    session: Session, desk: Desk, mailbox: str, who: Identified, now: datetime
) -> tuple[Case, tuple[Candidate, ...]]:
    """Everything that the verdict rests on."""
    settings, mail = desk.settings, who.mail
    candidates = () if who.is_form else find_references(mail, settings)  # what is typed into a form continues nothing
    own = tuple(in_message_ids((mail.message_id,), Carrier.REFERENCES))
    facts = facts_for(session, mail, (*candidates, *own), now, settings)
    references = tuple(verify(desk.ring, c, facts.tickets, facts.held, now) for c in candidates)
    facts = replace(
        facts,
        delivery=proved_delivery(desk.ring, mail, references, facts, who.proof),
        is_own_message=any(verify(desk.ring, c, facts.tickets, None, now).is_valid for c in own),
    )
    case = Case(mail, references, facts, settings, settings.mailboxes[mailbox], who.proof, is_form=who.is_form)
    return replace(case, words=agents_words(desk, case)), candidates


def decided(
    desk: Desk,
    case: Case,
    candidates: tuple[Candidate, ...],
    verdict: Verdict,
    inbound_id: int,
    mailbox: str,
    claimed: ParsedMail | None = None,
    arrived_at: datetime | None = None,
) -> Considered:
    """The rules are asked where a ticket opens: for a new mail, or for a held one that its sender brings in."""
    brings_in = verdict.name is VerdictName.CLAIM and case.facts.held is not None and case.facts.held.is_held
    brings_in = brings_in and verdict.reason != "account-asked"
    held_mail = None
    if brings_in and (claimed is None or case.facts.held is None):
        raise Temporary("the mail that is brought in was not held a moment ago")
    if brings_in and claimed is not None and case.facts.held is not None:
        held_mail = identify(claimed, desk.settings.mailboxes[case.facts.held.mailbox], Proof.NONE).mail
    opens = verdict.name is VerdictName.NEW_TICKET or (brings_in and verdict.ticket is None)
    decision = (
        decide(desk.settings, held_mail or case.mail, mailbox, case.facts.load, case.facts.who) if opens else None
    )
    incoming = Incoming(
        inbound_id, mailbox, case.mail, case.facts, verdict, case.words, decision, held_mail, arrived_at
    )
    return Considered(candidates, case.references, incoming, plan(desk, incoming))
