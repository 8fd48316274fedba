"""Makes effects true. Called inside one transaction: all of them, or none."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select, update

from maild.effects import (
    AddMessage,
    AddParticipant,
    CancelTimers,
    ChangeTicket,
    Effect,
    EndTimer,
    MarkUndeliverable,
    OpenTicket,
    QueueMail,
    RecordDecision,
    Settle,
    StartTimer,
)
from maild.mail import address_key, domain_of
from maild.store.tables import (
    Content,
    DecisionRow,
    Inbound,
    Message,
    Outbox,
    ParticipantRow,
    TicketRow,
    Timer,
)
from maild.ticket import Disposition, Participant


def apply(session: Session, effects: Iterable[Effect], now: datetime) -> None:
    """Write each effect. A mail that is owed already, or a timer that was armed before, stays as it is."""
    for effect in effects:
        _APPLIERS[type(effect)](session, effect, now)
        session.flush()


def _open_ticket(session: Session, effect: OpenTicket, now: datetime) -> None:
    t = effect.ticket
    session.add(
        TicketRow(
            number=t.number,
            subject=t.subject,
            mailbox=t.mailbox,
            language=t.language,
            status=t.status.value,
            reason=t.reason.value if t.reason else "",
            queue=t.queue,
            type=t.type,
            priority=t.priority,
            tags=list(t.tags),
            assignee=t.assignee,
            opened_at=t.opened_at or now,
            changed_at=now,
        )
    )
    for participant in t.participants:
        _participant(session, t.number, participant)


def _participant(session: Session, number: int, p: Participant) -> None:
    session.add(
        ParticipantRow(
            ticket=number, slot=p.slot, address=p.address, key=p.key, name=p.name, role=p.role.value, epoch=p.epoch
        )
    )


def _change_ticket(session: Session, effect: ChangeTicket, now: datetime) -> None:
    values: dict[str, Any] = {"changed_at": now}
    for name, value in effect.changes.items():
        values[name] = "" if value is None and name == "reason" else list(value) if isinstance(value, tuple) else value
    done = session.exec(update(TicketRow).where(col(TicketRow.number) == effect.number).values(**values))
    if done.rowcount != 1:
        raise LookupError(f"ticket {effect.number} is not there to be changed")


def _add_participant(session: Session, effect: AddParticipant, now: datetime) -> None:
    _participant(session, effect.number, effect.participant)


def _mark_undeliverable(session: Session, effect: MarkUndeliverable, now: datetime) -> None:
    row = session.get(ParticipantRow, (effect.number, effect.slot))
    if row is not None:
        row.is_undeliverable = effect.is_undeliverable
        session.add(row)


def _add_message(session: Session, effect: AddMessage, now: datetime) -> None:
    session.add(
        Message(
            ticket=effect.number,
            visibility=effect.visibility.value,
            author=effect.author,
            text=effect.text,
            inbound_id=effect.inbound_id,
            message_id=effect.message_id,
            is_verified=effect.is_verified,
            created_at=now,
        )
    )


def _queue_mail(session: Session, effect: QueueMail, now: datetime) -> None:
    if session.exec(select(Outbox.id).where(Outbox.key == effect.key)).first() is not None:
        return
    session.add(
        Outbox(
            key=effect.key,
            template=effect.template,
            ticket=effect.number,
            slot=effect.slot,
            sender=effect.sender,
            recipient=effect.recipient,
            recipient_key=address_key(effect.recipient),
            recipient_domain=domain_of(effect.recipient),
            message_id=effect.message_id,
            nonce=effect.message_id.partition(".")[0],
            subject=effect.subject,
            data=effect.data,
            is_answer=effect.is_answer,
            to_unknown=effect.to_unknown,
            next_at=effect.not_before or now,
            created_at=now,
        )
    )


def _start_timer(session: Session, effect: StartTimer, now: datetime) -> None:
    key = (
        Timer.ticket == effect.number,
        Timer.policy == effect.policy,
        Timer.step == effect.step,
        Timer.round == effect.round,
    )
    if session.exec(select(Timer.id).where(*key)).first() is None:
        session.add(
            Timer(
                ticket=effect.number,
                policy=effect.policy,
                step=effect.step,
                round=effect.round,
                due_at=effect.due_at,
            )
        )


def _cancel_timers(session: Session, effect: CancelTimers, now: datetime) -> None:
    session.exec(
        update(Timer)
        .where(col(Timer.ticket) == effect.number, col(Timer.policy) == effect.policy, col(Timer.state) == "armed")
        .values(state="cancelled")
    )


def _end_timer(session: Session, effect: EndTimer, now: datetime) -> None:
    session.exec(update(Timer).where(col(Timer.id) == effect.timer_id).values(state=effect.outcome))


def _record_decision(session: Session, effect: RecordDecision, now: datetime) -> None:
    session.add(
        DecisionRow(
            ticket=effect.number,
            inbound_id=effect.inbound_id,
            at=now,
            occasion=effect.occasion,
            verdict=effect.verdict,
            reason=effect.reason,
            proof=effect.proof,
            trials=[asdict(t) for t in effect.trials],
            rules_version=effect.rules_version,
        )
    )


def _settle(session: Session, effect: Settle, now: datetime) -> None:
    row = session.get(Inbound, effect.inbound_id)
    if row is None:
        raise LookupError(f"received mail {effect.inbound_id} is not there to be settled")
    row.disposition = effect.disposition.value
    row.verdict = effect.verdict.value
    row.reason = effect.reason
    row.ticket = effect.number
    row.duplicate_of = effect.duplicate_of
    row.is_verified = effect.is_verified
    row.settled_at = now
    session.add(row)
    if row.content_key and effect.disposition is not Disposition.DUPLICATE:
        session.merge(Content(key=row.content_key, inbound_id=effect.inbound_id))


_APPLIERS: dict[type, Callable[[Session, Any, datetime], None]] = {
    OpenTicket: _open_ticket,
    ChangeTicket: _change_ticket,
    AddParticipant: _add_participant,
    MarkUndeliverable: _mark_undeliverable,
    AddMessage: _add_message,
    QueueMail: _queue_mail,
    StartTimer: _start_timer,
    CancelTimers: _cancel_timers,
    EndTimer: _end_timer,
    RecordDecision: _record_decision,
    Settle: _settle,
}
