"""What is decided about a mail once its verdict is known: the rules' answer, the plan, and what rules add to it."""

from dataclasses import dataclass, replace
from datetime import datetime

from maild.effects import Effect
from maild.errors import Temporary
from maild.judgement import (
    Candidate,
    Proof,
    Reference,
    Verdict,
    VerdictName,
)
from maild.mail import ParsedMail
from maild.plan.case import Incoming
from maild.plan.incoming import plan, stopped
from maild.plan.letters import Desk
from maild.plan.matters import opening
from maild.plan.occasions import Cause
from maild.plan.recording import Recorded
from maild.plan.telling_opening import taken_up, told_of_opening
from maild.plan.whole import decided_anew
from maild.rules.decide import decide
from maild.store.database import Session
from maild.store.occasions import with_rules
from maild.threading.case import Case
from maild.threading.identity import identify
from maild.threading.turning import becomes, feasible

_WITHOUT_ITS_MAIL = frozenset({"already-done", "account-asked", "address-joined"})  # claims that bring no mail in


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


def decided(
    desk: Desk,
    case: Case,
    candidates: tuple[Candidate, ...],
    verdict: Verdict,
    inbound_id: int,
    mailbox: str,
    claimed: ParsedMail | None = None,
    arrived_at: datetime | None = None,
    raw: bytes = b"",
    recorded: Recorded | None = None,
) -> Considered:
    """The rules are asked where a ticket opens: for a new mail, or for a held one that its sender brings in."""
    brings_in = verdict.name is VerdictName.CLAIM and verdict.reason not in _WITHOUT_ITS_MAIL
    held_mail = None
    if brings_in and (claimed is None or case.facts.held is None):
        raise Temporary("the mail that is brought in was not held a moment ago")
    if brings_in and claimed is not None and case.facts.held is not None:
        held_mail = identify(claimed, desk.settings.mailboxes[case.facts.held.mailbox], Proof.NONE).mail
    opens = verdict.name in (VerdictName.NEW_TICKET, VerdictName.FOLLOW_UP) or (brings_in and verdict.ticket is None)
    is_asked = opens or (verdict.name is VerdictName.REPEAT and desk.settings.asks.to_redirect)
    facts, decision, whole = case.facts, None, None
    if is_asked:
        asked = held_mail or case.mail
        decision = decide(desk.settings, opening(desk.settings, mailbox, asked, facts, arrived_at), facts.rota)
        decision = feasible(decision, verdict, asked, facts, desk.settings)
        verdict = becomes(verdict, decision)
    if facts.story is not None and verdict.name is not VerdictName.REDIRECTED:
        mails = [mail for mail in (held_mail, case.mail) if mail is not None]
        whole, decision = decided_anew(desk.settings, verdict, facts, mails, case.mail, facts.rota)
    named = tuple(dict.fromkeys(r.candidate.ticket for r in case.references if r.participant is not None))
    incoming = Incoming(
        inbound_id,
        mailbox,
        case.mail,
        case.facts,
        verdict,
        case.words,
        decision,
        held_mail,
        named,
        arrived_at,
        raw,
        case.arrival,
        recorded,
        whole,
    )
    return Considered(candidates, case.references, incoming, plan(desk, incoming))


def with_what_rules_do(session: Session, desk: Desk, considered: Considered) -> Considered:
    """With what the rules do where this mail has done something: told of a ticket that opens, asked for others."""
    case, verdict = considered.incoming, considered.verdict
    planned = [*considered.effects, *told_of_opening(desk, case, considered.effects)]
    tickets = {**case.facts.tickets} | ({verdict.ticket.number: verdict.ticket} if verdict.ticket else {})
    cause = Cause(f"occasion:{case.mail.content_key}", case.now, case)
    effects = with_rules(session, desk, tickets.values(), planned, cause)
    effects += taken_up(list(tickets.values()), effects)
    return replace(considered, effects=[*effects, *stopped(desk, case, effects)])
