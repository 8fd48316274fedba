"""What is found out and decided about one mail: everything from its references to the effects, and none of them done.

The intake asks it for what has come, `maild explain` for what might, a person's release for what was held.
"""

from dataclasses import replace
from datetime import datetime

from maild.deciding import Considered, decided, with_what_rules_do
from maild.effects import Effect
from maild.ending_held import Ended, ended
from maild.errors import HeldStays
from maild.evidence import case_for, case_recorded
from maild.judgement import (
    OF_HELD,
    HeldMail,
    Proof,
    Purpose,
    Signatures,
    VerdictName,
)
from maild.mail import ParsedMail
from maild.plan.case import Incoming
from maild.plan.ends import Order, order_of, refuse_unproved_admission, refuse_unseen
from maild.plan.letters import Desk
from maild.plan.orders import answered
from maild.store.database import Session
from maild.store.facts import received_mail
from maild.store.story import Earlier, with_story
from maild.threading.identity import identify
from maild.threading.proof import proof_of
from maild.threading.references import find_references
from maild.threading.spam import marked
from maild.threading.token import verify
from maild.threading.verdict import judge

_NONE: Earlier = {}


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
    case, verdict, recorded = case_recorded(session, desk, mailbox, case, verdict, now)
    case = with_story(session, desk.settings, case, verdict, earlier)
    considered = decided(desk, case, candidates, verdict, inbound_id, mailbox, claimed, arrived_at, raw, recorded)
    return with_what_rules_do(session, desk, considered)


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
