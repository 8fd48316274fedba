"""What is found out and decided about one mail: everything from its references to the effects, and none of them done.

The intake asks it for what has come, `maild explain` for what might, a person's release for what was held.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from maild.effects import AddParticipant, Effect, RecordDecision, Settle
from maild.errors import BadInput, HeldStays, Temporary
from maild.evidence import case_for
from maild.judgement import (
    OF_HELD,
    Candidate,
    HeldMail,
    Proof,
    Purpose,
    Reference,
    Signatures,
    Verdict,
    VerdictName,
)
from maild.mail import ParsedMail
from maild.plan.accounts import admit_account
from maild.plan.case import Incoming
from maild.plan.ends import Order, order_of, refuse_unproved_admission, refuse_unseen
from maild.plan.incoming import plan, stopped
from maild.plan.letters import Desk
from maild.plan.matters import opening
from maild.plan.occasions import Cause, told_of_opening
from maild.plan.orders import answered
from maild.plan.waiting import resumed
from maild.plan.whole import decided_anew
from maild.rules.decide import decide
from maild.same_person import same_person
from maild.store.database import Session
from maild.store.facts import received_mail
from maild.store.occasions import with_rules
from maild.store.story import Earlier, with_story
from maild.store.tickets import open_tickets_of, where_it_goes_on
from maild.threading.identity import identify
from maild.threading.proof import proof_of
from maild.threading.references import find_references
from maild.threading.released import admitted, joined, released
from maild.threading.spam import marked
from maild.threading.token import verify
from maild.threading.turning import becomes, feasible
from maild.threading.verdict import Case, judge
from maild.ticket import Disposition

_NONE: Earlier = {}
_WITHOUT_ITS_MAIL = frozenset({"already-done", "account-asked", "address-joined"})  # claims that bring no mail in
MOST_SUSPENDED = 1_000  # waiting tickets of one requester whose count begins anew


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
    raw: bytes = b"",
    earlier: Earlier = _NONE,
) -> Considered:
    """All decisions about a mail. `claimed` is the held mail that `claimed_by` names; `signatures` what an own check
    of it found, where the mailbox asks for one; `arrived_at`: when it came; `raw`: its bytes, if they may be passed on;
    `earlier`: mails that came before. MailsWanted where others of these are needed.
    """
    box = desk.settings.mailboxes[mailbox]
    who = identify(marked(mail, box), box, proof_of(mail, box, signatures))
    case, candidates = case_for(session, desk, mailbox, who, now)
    if case.facts.duplicate_of == inbound_id:  # it was worked before and held: it is no copy of itself
        case = replace(case, facts=replace(case.facts, duplicate_of=None))
    verdict = judge(case)
    if verdict.name is VerdictName.AGENT_COMMAND and verdict.ticket is None and case.facts.held is not None:
        incoming = Incoming(inbound_id, mailbox, case.mail, case.facts, verdict, case.words)
        effects = _by_mail(session, desk, incoming, case.facts.held, claimed, earlier)
        return Considered(candidates, case.references, incoming, effects)
    case = with_story(session, desk.settings, case, verdict, earlier)
    considered = decided(desk, case, candidates, verdict, inbound_id, mailbox, claimed, arrived_at, raw)
    return _with_rules(session, desk, considered)


def claimed_by(session: Session, desk: Desk, mail: ParsedMail, now: datetime) -> int | None:
    """The held mail on which this one decides by a link of ours; None for nearly every mail."""
    claim = next((c for c in find_references(mail, desk.settings) if c.purpose in OF_HELD), None)
    held = received_mail(session, claim.slot) if claim else None
    sender = mail.sender.key if mail.sender else ""
    if claim is None or held is None or claim.purpose in (Purpose.DISCARD, Purpose.ACCOUNT, Purpose.JOIN):
        return None
    if not (held.waits or held.verdict is VerdictName.REPEAT):
        return None
    return held.inbound_id if verify(desk.ring, claim, {}, held, now, sender).is_valid else None


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
        whole,
    )
    return Considered(candidates, case.references, incoming, plan(desk, incoming))


def _with_rules(session: Session, desk: Desk, considered: Considered) -> Considered:
    """With what the rules do where this mail has done something: told of a ticket that opens, asked for others."""
    case, verdict = considered.incoming, considered.verdict
    planned = [*considered.effects, *told_of_opening(desk, case, considered.effects)]
    tickets = {**case.facts.tickets} | ({verdict.ticket.number: verdict.ticket} if verdict.ticket else {})
    cause = Cause(f"occasion:{case.mail.content_key}", case.now, case)
    effects = with_rules(session, desk, tickets.values(), planned, cause)
    return replace(considered, effects=[*effects, *stopped(desk, case, effects)])


@dataclass(frozen=True, slots=True)
class Ended:
    """What a person's word makes true for a held mail."""

    effects: list[Effect]
    done: str  # into, new, nowhere, admitted, account, joined or discarded
    verdict: VerdictName  # what the held mail has become
    number: int | None = None  # the ticket that it is on now


def ended(
    session: Session,
    desk: Desk,
    held: HeldMail,
    mail: ParsedMail | None,
    order: Order,
    now: datetime,
    raw: bytes = b"",
    earlier: Earlier = _NONE,
) -> Ended:
    """The one way in which a person ends a held mail, by mail or by command. `mail`: the held mail, read; a discarded
    one needs none. HeldStays where the order can't be carried out, and then nothing is done; MailsWanted as above.
    """
    if not held.waits:
        raise HeldStays("not-held", f"no mail with the number {held.inbound_id} is held; `maild held list` shows those")
    own = open_tickets_of(session, held.sender, limit=MOST_SUSPENDED) if held.sender else ()
    if order.end is Purpose.DISCARD:
        settle = Settle(held.inbound_id, Disposition.APPLIED, held.verdict, "discarded")
        record = RecordDecision(
            *(None, held.inbound_id, "discarded", held.verdict.value, order.by), rules_version=desk.settings.digest
        )
        waits = resumed(desk, held, own, None, now)
        return Ended([record, _signed(settle, "discarded", order), *waits], "discarded", held.verdict)
    if mail is None:
        raise Temporary("the mail that is brought in was not held a moment ago")
    found = identify(mail, desk.settings.mailboxes[held.mailbox], Proof.PASS)
    case, candidates = case_for(session, desk, held.mailbox, replace(found, proof=Proof.PASS), now)
    # It would be found as its own copy; and a person's word stands above a filter's and a counter's.
    case = replace(case, facts=replace(case.facts, duplicate_of=None, is_blocked=False, refused_lately=0, lately=()))
    admission: list[Effect] = []
    if order.same_as:
        case, admission = same_person(session, desk, held, case, order)
    if order.end is Purpose.ADMIT and held.verdict is VerdictName.UNKNOWN_SENDER:
        assert case.mail.sender is not None, "whose account is wanted"
        # With an account its mails are worked again.
        admission = admission or admit_account(desk.settings, case.mail.sender, by=order.by)
        return Ended(admission, "joined" if order.same_as else "account", held.verdict)
    joining: list[Effect] = []
    if order.same_as:
        verdict = joined(case)
    elif order.end is Purpose.ADMIT:
        verdict, joins = admitted(case)
        assert verdict.ticket is not None
        joining = [AddParticipant(verdict.ticket.number, joins)]
    else:
        into = where_it_goes_on(session, order.into) if order.into else None
        if order.into and into is None:
            raise HeldStays("no-such-ticket", f"there is no ticket {order.into}")
        verdict = released(case, into, is_new=order.end is Purpose.RELEASE_NEW)
    case = with_story(session, desk.settings, case, verdict, earlier)
    considered = decided(desk, case, candidates, verdict, held.inbound_id, held.mailbox, None, held.kept_at or now, raw)
    considered = _with_rules(session, desk, considered)
    verdict = considered.verdict
    how = "admitted" if joining or admission else "released"
    effects = [_signed(e, how, order) for e in considered.effects]
    end = next(e for e in reversed(effects) if isinstance(e, Settle) and e.inbound_id == held.inbound_id)
    done = "admitted" if joining else "nowhere" if end.number is None else "into"
    if verdict.name in (VerdictName.NEW_TICKET, VerdictName.INCOMPLETE):
        done = "new"
    if admission:
        done = "joined"
    waits = resumed(desk, held, own, end.number, now)
    return Ended([*admission, *joining, *effects, *waits], done, verdict.name, end.number)


def _signed(effect: Effect, how: str, order: Order) -> Effect:
    """With who decided, where it settles a mail."""
    return replace(effect, decided=how, decided_by=order.by) if isinstance(effect, Settle) else effect


def _by_mail(
    session: Session, desk: Desk, click: Incoming, held: HeldMail, mail: ParsedMail | None, earlier: Earlier
) -> list[Effect]:
    """The effects of a mail that decides on a held one: what it makes true, and the word on it to who sent it."""
    if not held.waits:
        return answered(desk, click, held, None)
    order = order_of(desk, click.purpose, _named(click), click.words, click.sender.key)
    problems = order if isinstance(order, list) else []
    end: Ended | None = None
    if isinstance(order, Order):
        try:
            if click.purpose is Purpose.HELD:
                refuse_unseen(order, held)
            refuse_unproved_admission(order, is_proved_by_server=click.verdict.proof is Proof.PASS)
            end = ended(session, desk, held, mail, order, click.now, earlier=earlier)
        except HeldStays as refusal:
            problems = [(refusal.slug, order.same_as or f"{desk.settings.site.reference}-{order.into}")]
    return [*(end.effects if end else []), *answered(desk, click, held, end, problems)]


def _named(click: Incoming) -> int:
    return click.verdict.reference.candidate.ticket if click.verdict.reference else 0


def still_held(session: Session, inbound_id: int) -> HeldMail:
    """That mail; BadInput if it waits for nobody any more."""
    held = received_mail(session, inbound_id)
    if held is None or not held.waits:
        raise BadInput(f"no mail with the number {inbound_id} is held; `maild held list` shows those that are")
    return held
