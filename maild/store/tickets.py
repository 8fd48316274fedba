"""Tickets from rows: the one place where a ticket's frozen value is put together."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, Connection, RowMapping, bindparam, exists, func, select
from sqlmodel import Session

from maild.judgement import VerdictName
from maild.lifecycle import ENDED, Reason, Status
from maild.store.inbound_tables import INBOUND
from maild.store.tables import MESSAGE, OUTBOX, PARTICIPANT, RESTORATION, TICKET
from maild.ticket import Disposition, Entry, Participant, Role, Ticket, Visibility

FIRST_NUMBER = 1001
THREAD = 20  # Message-IDs of a ticket that go into References

_NUMBERS: BindParameter[list[int]] = bindparam("numbers", expanding=True)
_IS_OPEN = TICKET.c.status.not_in([str(s) for s in ENDED])
_TICKETS = select(TICKET).where(TICKET.c.number.in_(_NUMBERS))
_PEOPLE = select(PARTICIPANT).where(PARTICIPANT.c.ticket.in_(_NUMBERS)).order_by(PARTICIPANT.c.slot)
_THREAD = (
    select(MESSAGE.c.message_id)
    .where(
        MESSAGE.c.ticket == bindparam("number"),
        MESSAGE.c.message_id != "",
        MESSAGE.c.visibility == str(Visibility.PUBLIC),
    )
    .order_by(MESSAGE.c.id.desc())
    .limit(THREAD)
)
_HIGHEST = select(
    select(func.max(TICKET.c.number)).scalar_subquery(), select(func.max(RESTORATION.c.first_number)).scalar_subquery()
)
_OWN = (
    select(TICKET.c.number)
    .join(PARTICIPANT, PARTICIPANT.c.ticket == TICKET.c.number)
    .where(
        PARTICIPANT.c.key.in_(bindparam("keys", expanding=True)),
        PARTICIPANT.c.role == str(Role.CUSTOMER),
        ~PARTICIPANT.c.is_removed,
        _IS_OPEN,
    )
    .distinct()
    .order_by(TICKET.c.number.desc())
    .limit(bindparam("limit"))
)
_ALL_OWN = (
    select(PARTICIPANT.c.ticket)
    .where(
        PARTICIPANT.c.key.in_(bindparam("keys", expanding=True)),
        PARTICIPANT.c.role == str(Role.CUSTOMER),
        ~PARTICIPANT.c.is_removed,
    )
    .distinct()
    .order_by(PARTICIPANT.c.ticket.desc())
    .limit(bindparam("limit"))
)
_LOAD = select(TICKET.c.assignee, func.count()).where(TICKET.c.assignee != "", _IS_OPEN).group_by(TICKET.c.assignee)
_OUR_SUBJECTS = select(OUTBOX.c.subject).where(OUTBOX.c.ticket.in_(_NUMBERS)).order_by(OUTBOX.c.id.desc()).limit(50)
_THEIR_SUBJECTS = (
    select(INBOUND.c.subject)
    .where(INBOUND.c.ticket.in_(_NUMBERS), INBOUND.c.disposition == str(Disposition.APPLIED))
    .order_by(INBOUND.c.id.desc())
    .limit(50)
)
_PUBLIC = (
    select(
        MESSAGE.c.ticket,
        MESSAGE.c.text,
        exists().where(
            PARTICIPANT.c.ticket == MESSAGE.c.ticket,
            PARTICIPANT.c.role == str(Role.CUSTOMER),
            PARTICIPANT.c.key == func.lower(MESSAGE.c.author),
        ),
    )
    .where(MESSAGE.c.ticket.in_(_NUMBERS), MESSAGE.c.visibility == str(Visibility.PUBLIC))
    .order_by(MESSAGE.c.id)
)
_LAST = (
    select(MESSAGE.c.author, MESSAGE.c.text, MESSAGE.c.visibility, MESSAGE.c.created_at)
    .where(
        MESSAGE.c.ticket == bindparam("number"),
        MESSAGE.c.visibility.in_([str(Visibility.PUBLIC), str(Visibility.INTERNAL)]),
        MESSAGE.c.text != "",
    )
    .order_by(MESSAGE.c.id.desc())
    .limit(5)
)
_SAID = (
    select(MESSAGE.c.author, MESSAGE.c.text)
    .where(MESSAGE.c.ticket == bindparam("number"), MESSAGE.c.visibility == str(Visibility.PUBLIC))
    .order_by(MESSAGE.c.id)
)
_SINCE = (
    select(INBOUND.c.id)
    .where(
        INBOUND.c.ticket == bindparam("number"),
        INBOUND.c.verdict.in_([str(VerdictName.REPLY), str(VerdictName.CLAIM), str(VerdictName.REPEAT)]),
        INBOUND.c.disposition == str(Disposition.APPLIED),
        INBOUND.c.settled_at >= bindparam("since"),
        # The mail that the notice itself told of may bear the same instant.
        ~exists().where(OUTBOX.c.id == bindparam("notice"), OUTBOX.c.key.like("reply:" + INBOUND.c.content_key + ":%")),
    )
    .order_by(INBOUND.c.id)
)


def load_tickets(session: Session, numbers: Collection[int]) -> dict[int, Ticket]:
    """The tickets with those numbers; unknown numbers are left out."""
    wanted = {"numbers": sorted(set(numbers))}
    if not wanted["numbers"]:
        return {}
    rows = session.connection()
    tickets = rows.execute(_TICKETS, wanted).mappings().all()
    people: dict[int, list[Participant]] = {}
    for p in rows.execute(_PEOPLE, wanted) if tickets else ():
        participant = Participant(
            p.slot,
            p.address,
            p.name,
            Role(p.role),
            p.epoch,
            p.is_removed,
            p.is_undeliverable,
            p.joined_after,
            p.joined_at,
        )
        people.setdefault(p.ticket, []).append(participant)
    return {t["number"]: ticket_of(t, people.get(t["number"], []), _thread(rows, t["number"])) for t in tickets}


def ticket_of(row: RowMapping, people: Sequence[Participant], thread: tuple[str, ...]) -> Ticket:
    """The ticket of a whole row."""
    return Ticket(
        number=row["number"],
        subject=row["subject"],
        mailbox=row["mailbox"],
        language=row["language"],
        status=Status(row["status"]),
        reason=Reason(row["reason"]) if row["reason"] else None,
        queue=row["queue"],
        type=row["type"],
        product=row["product"],
        priority=row["priority"],
        impact=row["impact"],
        urgency=row["urgency"],
        fields=row["fields"],
        missing=tuple(row["missing"]),
        tags=tuple(row["tags"]),
        assignee=row["assignee"],
        participants=tuple(people),
        opened_at=row["opened_at"],
        waiting_round=row["waiting_round"],
        waiting_since=row["waiting_since"],
        last_answer=row["last_answer"],
        thread=thread,
        answered_at=row["answered_at"],
        ended_round=row["ended_round"],
        rating=row["rating"],
        rating_comment=row["rating_comment"],
        rated_at=row["rated_at"],
        rated_round=row["rated_round"],
        follows=row["follows"],
        merged_into=row["merged_into"],
        linked_to=tuple(row["linked_to"]),
        qualified_by=row["qualified_by"],
        escalation=row["escalation"],
        channel=row["channel"],
        minutes=row["minutes"],
        topic=row["topic"],
        ended_at_once=bool(row["ended_at_once"]),
        escalated_at=row["escalated_at"],
    )


def _thread(rows: Connection, number: int) -> tuple[str, ...]:
    return tuple(reversed(rows.scalars(_THREAD, {"number": number}).all()))


def load_with_kin(session: Session, numbers: Collection[int]) -> dict[int, Ticket]:
    """The same, and the tickets in which they go on: those that they were merged into, however often; of closed ones
    also what is linked to them, since a follow-up may be among it. Costs nothing where there is none."""
    found = load_tickets(session, numbers)
    fresh: Collection[Ticket] = found.values()
    while wanted := {n for t in fresh for n in _kin(t)} - found.keys():
        more = load_tickets(session, wanted)
        found |= more
        fresh = [t for t in more.values() if t.merged_into]  # of a follow-up no further one is looked for
    return found


def where_it_goes_on(session: Session, number: int) -> Ticket | None:
    """The ticket of that number, or the one into which it was merged."""
    found = load_with_kin(session, [number])
    ticket = found.get(number)
    while ticket is not None and ticket.merged_into:
        ticket = found[ticket.merged_into]
    return ticket


def _kin(ticket: Ticket) -> tuple[int, ...]:
    if ticket.merged_into:
        return (ticket.merged_into,)
    return ticket.linked_to if ticket.status is Status.CLOSED else ()


def subjects_of(session: Session, numbers: Collection[int]) -> tuple[str, ...]:
    """The Subjects of the latest mails of these tickets, ours and theirs."""
    rows, wanted = session.connection(), {"numbers": sorted(numbers)}
    return (*rows.scalars(_OUR_SUBJECTS, wanted), *rows.scalars(_THEIR_SUBJECTS, wanted))


def first_words_of(session: Session, numbers: Collection[int]) -> dict[int, str]:
    """The words with which each of these tickets began; those that a person has answered are left out."""
    found: dict[int, str] = {}
    answered: set[int] = set()
    for number, text, is_customers in session.connection().execute(_PUBLIC, {"numbers": sorted(numbers)}):
        found.setdefault(number, text)
        if not is_customers:
            answered.add(number)
    return {number: text for number, text in found.items() if number not in answered}


def public_history(session: Session, ticket: Ticket) -> tuple[tuple[str, str], ...]:
    """What was said in public, oldest first: each with its author's address and words."""
    rows = session.connection().execute(_SAID, {"number": ticket.number})
    return tuple((author, text) for author, text in rows)


def last_messages(session: Session, number: int) -> tuple[Entry, ...]:
    """The last few that people wrote on a ticket, notes too, oldest first."""
    rows = session.connection().execute(_LAST, {"number": number}).all()
    return tuple(Entry(r.author, r.text, r.visibility == Visibility.INTERNAL, r.created_at) for r in reversed(rows))


def unproved_among(session: Session, number: int, inbound_ids: Collection[int]) -> bool:
    """Whether a ticket took words of one of these received mails though nothing vouched for their sender."""
    said = exists().where(MESSAGE.c.ticket == number, MESSAGE.c.inbound_id.in_(inbound_ids), ~MESSAGE.c.is_verified)
    return bool(session.connection().scalar(select(said)))


def next_number(session: Session) -> int:
    """The number that the next ticket gets: never one that was given before, after a restore neither.

    Safe because all writing is done by one thread.
    """
    given, from_now_on = session.connection().execute(_HIGHEST).one()
    return max(FIRST_NUMBER, (given or 0) + 1, from_now_on or 0)


def open_tickets_of(session: Session, *keys: str, limit: int = 10) -> tuple[Ticket, ...]:
    """The tickets that a customer, by whichever of these addresses, asked for or takes part in and that have not ended,
    newest first."""
    numbers = session.connection().scalars(_OWN, {"keys": keys, "limit": limit}).all()
    found = load_tickets(session, numbers)
    return tuple(found[n] for n in numbers)


def tickets_of(session: Session, keys: Collection[str], limit: int) -> tuple[Ticket, ...]:
    """All tickets of the customer with these addresses, ended ones too, newest first."""
    numbers = session.connection().scalars(_ALL_OWN, {"keys": list(keys), "limit": limit}).all()
    found = load_tickets(session, numbers)
    return tuple(found[n] for n in numbers)


def load_of_agents(session: Session) -> dict[str, int]:
    """How many tickets that have not ended each agent has."""
    return {agent: int(number) for agent, number in session.connection().execute(_LOAD)}


def written_since(session: Session, number: int, since: datetime, notice: int) -> list[int]:
    """The received mails by which customers wrote into a ticket after a notice of the outbox, oldest first."""
    found = session.connection().scalars(_SINCE, {"number": number, "since": since, "notice": notice})
    return list(found)
