"""Makes effects true. Called inside one transaction: all of them, or none."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_new
from sqlmodel import Session

from maild.effects import (
    AddMessage,
    AddParticipant,
    ChangeParticipant,
    ChangeTicket,
    Effect,
    LinkTickets,
    MarkUndeliverable,
    NoteArrival,
    OpenTicket,
    QueueMail,
    RecordDecision,
    Settle,
    StopAnswers,
)
from maild.mail import address_key, domain_of
from maild.store.apply_absences import OF_ABSENCES
from maild.store.apply_people import OF_PEOPLE
from maild.store.apply_timers import OF_TIMERS
from maild.store.apply_topics import OF_TOPICS
from maild.store.arrivals import note_arrival, stop_answers
from maild.store.inbound_tables import CONTENT, INBOUND
from maild.store.rules_versions import keep_version
from maild.store.tables import DECISION, MESSAGE, OUTBOX, PARTICIPANT, TICKET
from maild.ticket import Disposition, Participant

_NEW_TICKET = insert(TICKET)
_NEW_PARTICIPANT = insert(PARTICIPANT)
_NEW_MESSAGE = insert(MESSAGE)
_NEW_DECISION = insert(DECISION)
_NEW_MAIL = insert_new(OUTBOX).on_conflict_do_nothing(index_elements=["key"])
_FIRST_COPY = (  # of this content; a mail that could not be read has none
    insert_new(CONTENT)
    .from_select(
        ["key", "inbound_id"],
        select(INBOUND.c.content_key, INBOUND.c.id).where(INBOUND.c.id == bindparam("id"), INBOUND.c.content_key != ""),
    )
    .on_conflict_do_nothing(index_elements=["key"])
)


def apply(session: Session, effects: Iterable[Effect], now: datetime) -> None:
    """Write each effect. A mail that is owed already, or a timer that was armed before, stays as it is."""
    rows = session.connection()
    for effect in effects:
        _APPLIERS[type(effect)](rows, effect, now)


def _open_ticket(rows: Connection, effect: OpenTicket, now: datetime) -> None:
    t = effect.ticket
    rows.execute(
        _NEW_TICKET,
        {
            "number": t.number,
            "subject": t.subject,
            "mailbox": t.mailbox,
            "language": t.language,
            "status": t.status.value,
            "reason": t.reason.value if t.reason else "",
            "queue": t.queue,
            "type": t.type,
            "product": t.product,
            "priority": t.priority,
            "impact": t.impact,
            "urgency": t.urgency,
            "fields": dict(t.fields),
            "missing": list(t.missing),
            "tags": list(t.tags),
            "assignee": t.assignee,
            "opened_at": t.opened_at or now,
            "changed_at": now,
            "waiting_round": t.waiting_round,
            "waiting_since": t.waiting_since,
            "last_answer": t.last_answer,
            "answered_at": t.answered_at,
            "ended_round": t.ended_round,
            "rating": t.rating,
            "rating_comment": t.rating_comment,
            "rated_at": t.rated_at,
            "rated_round": t.rated_round,
            "follows": t.follows,
            "merged_into": t.merged_into,
            "linked_to": list(t.linked_to),
            "qualified_by": t.qualified_by,
            "escalation": t.escalation,
            "channel": t.channel,
            "minutes": t.minutes,
            "topic": t.topic,
            "ended_at_once": t.ended_at_once,
            "escalated_at": t.escalated_at,
        },
    )
    for participant in t.participants:
        _participant(rows, t.number, participant)


def _participant(rows: Connection, number: int, p: Participant) -> None:
    rows.execute(
        _NEW_PARTICIPANT,
        {
            "ticket": number,
            "slot": p.slot,
            "address": p.address,
            "key": p.key,
            "name": p.name,
            "role": p.role.value,
            "epoch": p.epoch,
            "is_removed": p.is_removed,
            "is_undeliverable": p.is_undeliverable,
            "joined_after": p.joined_after,
            "joined_at": p.joined_at,
        },
    )


def _change_ticket(rows: Connection, effect: ChangeTicket, now: datetime) -> None:
    values: dict[str, Any] = {"changed_at": now}
    for name, value in effect.changes.items():
        values[name] = list(value) if isinstance(value, tuple) else value
    done = rows.execute(update(TICKET).where(TICKET.c.number == effect.number).values(**values))
    if done.rowcount != 1:
        raise LookupError(f"ticket {effect.number} is not there to be changed")


def _add_participant(rows: Connection, effect: AddParticipant, now: datetime) -> None:
    _participant(rows, effect.number, effect.participant)


def _change_participant(rows: Connection, effect: ChangeParticipant, now: datetime) -> None:
    values = dict(effect.changes)
    if "address" in values:
        values["key"] = address_key(values["address"])
    where = (PARTICIPANT.c.ticket == effect.number, PARTICIPANT.c.slot == effect.slot)
    if rows.execute(update(PARTICIPANT).where(*where).values(**values)).rowcount != 1:
        raise LookupError(f"ticket {effect.number} has no participant {effect.slot} to be changed")


def _link_tickets(rows: Connection, effect: LinkTickets, now: datetime) -> None:
    for number, other in ((effect.number, effect.other), (effect.other, effect.number)):
        linked = rows.execute(select(TICKET.c.linked_to).where(TICKET.c.number == number)).scalar_one()
        if other not in linked:
            values = {"linked_to": sorted([*linked, other]), "changed_at": now}
            rows.execute(update(TICKET).where(TICKET.c.number == number).values(**values))


def _mark_undeliverable(rows: Connection, effect: MarkUndeliverable, now: datetime) -> None:
    where = (PARTICIPANT.c.ticket == effect.number, PARTICIPANT.c.slot == effect.slot)
    rows.execute(update(PARTICIPANT).where(*where).values(is_undeliverable=effect.is_undeliverable))


def _add_message(rows: Connection, effect: AddMessage, now: datetime) -> None:
    rows.execute(
        _NEW_MESSAGE,
        {
            "ticket": effect.number,
            "visibility": effect.visibility.value,
            "author": effect.author,
            "text": effect.text,
            "inbound_id": effect.inbound_id,
            "message_id": effect.message_id,
            "is_verified": effect.is_verified,
            "created_at": now,
        },
    )


def _queue_mail(rows: Connection, effect: QueueMail, now: datetime) -> None:
    rows.execute(
        _NEW_MAIL,
        {
            "key": effect.key,
            "template": effect.template,
            "ticket": effect.number,
            "slot": effect.slot,
            "sender": effect.sender,
            "recipient": effect.recipient,
            "recipient_key": address_key(effect.recipient),
            "recipient_domain": domain_of(effect.recipient),
            "message_id": effect.message_id,
            "nonce": effect.message_id.partition(".")[0],
            "subject": effect.subject,
            "data": effect.data,
            "is_answer": effect.is_answer,
            "to_unknown": effect.to_unknown,
            "is_personal": effect.is_personal,
            "state": "held" if effect.held_for else "queued",
            "is_in_data": False,
            "was_uncertain": False,
            "attempts": 0,
            "next_at": effect.not_before or now,
            "reason": effect.held_for,
            "detail": "",
            "created_at": now,
            "owed_from": effect.not_before,
            "ended_at": now if effect.held_for else None,
        },
    )


def _record_decision(rows: Connection, effect: RecordDecision, now: datetime) -> None:
    rows.execute(
        _NEW_DECISION,
        {
            "ticket": effect.number,
            "inbound_id": effect.inbound_id,
            "at": now,
            "occasion": effect.occasion,
            "verdict": effect.verdict,
            "reason": effect.reason,
            "proof": effect.proof,
            "trials": [asdict(t) for t in effect.trials],
            "rules_version": effect.rules_version,
        },
    )
    if effect.rules_text:
        keep_version(rows, effect.rules_version, effect.rules_text, now)


def _settle(rows: Connection, effect: Settle, now: datetime) -> None:
    this = INBOUND.c.id == effect.inbound_id
    done = rows.execute(
        update(INBOUND)
        .where(this)
        .values(
            disposition=effect.disposition.value,
            verdict=effect.verdict.value,
            reason=effect.reason,
            ticket=effect.number,
            duplicate_of=effect.duplicate_of,
            is_verified=effect.is_verified,
            settled_at=now,
            decided=effect.decided,
            decided_by=effect.decided_by,
        )
    )
    if done.rowcount != 1:
        raise LookupError(f"received mail {effect.inbound_id} is not there to be settled")
    if effect.disposition is not Disposition.DUPLICATE:
        rows.execute(_FIRST_COPY, {"id": effect.inbound_id})


_APPLIERS: dict[type, Callable[[Connection, Any, datetime], None]] = {
    OpenTicket: _open_ticket,
    ChangeTicket: _change_ticket,
    AddParticipant: _add_participant,
    ChangeParticipant: _change_participant,
    LinkTickets: _link_tickets,
    MarkUndeliverable: _mark_undeliverable,
    AddMessage: _add_message,
    QueueMail: _queue_mail,
    NoteArrival: note_arrival,
    StopAnswers: stop_answers,
    RecordDecision: _record_decision,
    Settle: _settle,
    **OF_ABSENCES,
    **OF_PEOPLE,
    **OF_TIMERS,
    **OF_TOPICS,
}
