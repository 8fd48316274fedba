"""All that the decisions about one mail need, read once, in the transaction that will act on it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from maild.judgement import AnswerCounts, Candidate, Delivery, Facts, HeldMail, Notice, Purpose, VerdictName
from maild.mail import ParsedMail, domain_of
from maild.store.tables import Content, Inbound, Outbox
from maild.store.tickets import load_of_agents, load_tickets, next_number, open_tickets_of
from maild.ticket import Disposition


def facts_for(session: Session, mail: ParsedMail, candidates: Sequence[Candidate], now: datetime) -> Facts:
    """Ticket, participants, the sender's history, the delivery that a bounce speaks of, the held mail of a claim."""
    sender = mail.sender.key if mail.sender else ""
    delivery = _delivery(session, mail, candidates)
    numbers = {c.ticket for c in candidates if c.ticket} | (
        {delivery.ticket} if delivery and delivery.ticket else set()
    )
    claim = next((c for c in candidates if c.purpose is Purpose.CLAIM), None)
    return Facts(
        now=now,
        next_number=next_number(session),
        tickets=load_tickets(session, numbers),
        duplicate_of=_first_copy(session, mail.content_key),
        delivery=delivery,
        held=held_mail(session, claim.slot) if claim else None,
        is_written_to=bool(sender) and _is_written_to(session, sender),
        has_verified_exchange=bool(sender) and _has_verified_exchange(session, sender),
        own_tickets=open_tickets_of(session, sender) if sender else (),
        answers=_answers(session, sender, now) if sender else AnswerCounts(),
        load=load_of_agents(session),
        notices=_notices(session, numbers),
    )


def _notices(session: Session, numbers: Collection[int]) -> dict[tuple[int, int], Notice]:
    """The latest word to each agent of these tickets that a customer has answered."""
    query = (
        select(Outbox.ticket, Outbox.slot, func.max(Outbox.id), func.max(Outbox.created_at))
        .where(col(Outbox.ticket).in_(sorted(numbers)), Outbox.template == "agent_customer_reply")
        .group_by(col(Outbox.ticket), col(Outbox.slot))
    )
    return {
        (ticket or 0, slot or 0): Notice(int(outbox_id or 0), at)
        for ticket, slot, outbox_id, at in (session.exec(query) if numbers else ())
    }


def _first_copy(session: Session, content_key: str) -> int | None:
    row = session.get(Content, content_key) if content_key else None
    return row.inbound_id if row else None


def _delivery(session: Session, mail: ParsedMail, candidates: Sequence[Candidate]) -> Delivery | None:
    """The mail of ours that this one speaks of: by the return path it came to, or by the ids of what it gives back.

    These are candidates only; whether they prove anything is for the intake to check with threading.token.
    """
    nonces = [c.nonce for c in candidates if c.purpose is Purpose.BOUNCE and c.nonce]
    query = select(Outbox).order_by(col(Outbox.id).desc()).limit(1)
    returned = mail.bounce.message_ids if mail.bounce else ()
    for narrowed in (
        query.where(col(Outbox.nonce).in_(nonces)) if nonces else None,
        query.where(col(Outbox.message_id).in_(list(returned)[:20])) if returned else None,
    ):
        row = session.exec(narrowed).first() if narrowed is not None else None
        if row is not None and row.id is not None:
            return Delivery(
                row.id, row.ticket or 0, row.slot or 0, row.template, row.recipient, row.message_id, row.nonce
            )
    return None


def held_mail(session: Session, inbound_id: int) -> HeldMail | None:
    """A received mail that is held, for a claim or a release; None if it is not (any more)."""
    row = session.get(Inbound, inbound_id)
    if row is None or row.disposition != Disposition.HELD:
        return None
    return HeldMail(inbound_id, row.mailbox, row.sender, VerdictName(row.verdict), row.content_key)


def _is_written_to(session: Session, sender: str) -> bool:
    return session.exec(select(Outbox.id).where(Outbox.recipient_key == sender).limit(1)).first() is not None


def _has_verified_exchange(session: Session, sender: str) -> bool:
    query = select(Inbound.id).where(Inbound.sender == sender, col(Inbound.is_verified).is_(True)).limit(1)
    return session.exec(query).first() is not None


def _answers(session: Session, sender: str, now: datetime) -> AnswerCounts:
    """Automatic answers queued lately; the rows of the outbox are the counters, so that a crash can't reset them."""
    day, week, hour = now - timedelta(hours=24), now - timedelta(days=7), now - timedelta(hours=1)
    mine = (Outbox.recipient_key == sender, col(Outbox.is_answer).is_(True))
    by_template = session.exec(
        select(Outbox.template, func.count()).where(*mine, col(Outbox.created_at) > day).group_by(Outbox.template)
    ).all()
    unknown = (col(Outbox.to_unknown).is_(True), col(Outbox.created_at) > hour)
    return AnswerCounts(
        to_sender_by_template_day={template: int(number) for template, number in by_template},
        to_sender_day=sum(int(number) for _, number in by_template),
        to_sender_week=_count(session, *mine, col(Outbox.created_at) > week),
        to_domain_hour=_count(session, *unknown, Outbox.recipient_domain == domain_of(sender)),
        in_all_hour=_count(session, *unknown),
    )


def _count(session: Session, *where: object) -> int:
    return int(session.exec(select(func.count()).select_from(Outbox).where(*where)).one())  # type: ignore[arg-type]
