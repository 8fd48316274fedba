"""What agents ask by mail, or on the command line: which of the tickets, and what was said on one? Reads only."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlmodel import Session

from maild.agent_words import Command
from maild.lifecycle import ENDED, Status
from maild.plan.desk import Desk
from maild.plan.questions import MOST_ENTRIES, MOST_ROWS
from maild.store.occasions import next_answer_due
from maild.store.search import search
from maild.store.tables import MESSAGE, TICKET
from maild.store.tickets import load_tickets
from maild.threading.references import number_named
from maild.ticket import Entry, Found, Hit, Person, Visibility

_MOST_LOOKED_AT = 1_000  # tickets of which it is asked by when they are promised an answer
_GOING_ON = [str(status) for status in Status if status not in ENDED]


def answers_for(
    session: Session, desk: Desk, agent: Person, questions: Iterable[Command], now: datetime
) -> dict[tuple[str, str], Found]:
    """For each question of that agent's, by its word and what stands behind it, what was found."""
    found: dict[tuple[str, str], Found] = {}
    for command in questions:
        key = (command.word, command.argument)
        if command.word == "list":
            found[key] = _listed(session, desk, agent, command.argument, now)
        elif command.word == "find":
            numbers, is_more = search(session, command.argument, MOST_ROWS)
            found[key] = Found(_hits(session, desk, numbers, now), int(is_more))
        elif command.word == "show":
            number = number_named(command.argument, desk.settings)
            hits = _hits(session, desk, [number] if number else [], now)
            found[key] = Found(hits, 0, _story(session, number) if hits else ())
    return found


def _hits(session: Session, desk: Desk, numbers: Collection[int], now: datetime) -> tuple[Hit, ...]:
    tickets = load_tickets(session, numbers)
    known = [tickets[number] for number in numbers if number in tickets]
    return tuple(Hit(t, next_answer_due(session, desk, t, now)) for t in known if t.mailbox in desk.settings.mailboxes)


def _listed(session: Session, desk: Desk, agent: Person, which: str, now: datetime) -> Found:
    """What goes on: theirs, or what lies in the queues of their teams, or what of both is late; the next due first."""
    queues = [name for name in desk.settings.queues if agent in desk.settings.team_of(name)]
    is_theirs, in_queues = TICKET.c.assignee == agent.address.key, TICKET.c.queue.in_(queues)
    wanted = {"mine": is_theirs, "queue": in_queues}.get(which, or_(is_theirs, in_queues))
    query = select(TICKET.c.number).where(TICKET.c.status.in_(_GOING_ON), wanted).order_by(TICKET.c.number)
    numbers = session.connection().scalars(query.limit(_MOST_LOOKED_AT)).all()
    hits = list(_hits(session, desk, numbers, now))
    if which == "late":
        hits = [hit for hit in hits if hit.due_at is not None and hit.due_at <= now]
    hits.sort(key=lambda hit: (hit.due_at is None, hit.due_at or now, hit.ticket.number))
    return Found(tuple(hits[:MOST_ROWS]), max(len(hits) - MOST_ROWS, 0))


def _story(session: Session, number: int) -> tuple[Entry, ...]:
    """The last of what was said and noted, oldest first."""
    is_note = MESSAGE.c.visibility == Visibility.INTERNAL
    query = select(MESSAGE.c.author, MESSAGE.c.text, is_note, MESSAGE.c.created_at)
    query = query.where(MESSAGE.c.ticket == number, MESSAGE.c.visibility != "event").order_by(MESSAGE.c.id.desc())
    rows = session.connection().execute(query.limit(MOST_ENTRIES)).all()
    return tuple(Entry(*row) for row in reversed(rows))
