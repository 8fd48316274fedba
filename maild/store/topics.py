"""Which topics are there, which tickets hang on each, and who asks?"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, func, select
from sqlmodel import Session

from maild.settings import Settings
from maild.store.accounts import person_in
from maild.store.people_tables import ACCOUNT
from maild.store.tables import PARTICIPANT, TICKET
from maild.store.topic_tables import TOPIC, TOPIC_EVENT
from maild.ticket import Person, Role, Ticket
from maild.topic import Asker, Topic, TopicFacts

_AT_ONCE = 500  # addresses that one statement asks for


@dataclass(frozen=True, slots=True)
class TopicEvent:
    """Something that happened to a topic. `ticket`: the one that it is about, 0 for none."""

    at: datetime
    by: str
    text: str
    ticket: int


def all_topics(session: Session) -> tuple[Topic, ...]:
    """All, by number."""
    return tuple(_topic(row) for row in session.connection().execute(select(TOPIC).order_by(TOPIC.c.number)).mappings())


def name_of(session: Session, number: int) -> str:
    """What the topic of that number is called; '' for none."""
    return session.connection().execute(select(TOPIC.c.name).where(TOPIC.c.number == number)).scalar() or ""


def _topic(row: RowMapping) -> Topic:
    return Topic(**{name: row[name] for name in ("number", "name", "key", "importance", "effort", "opened_at")})


def topic_facts(session: Session, settings: Settings, key: str, ticket: Ticket) -> TopicFacts:
    """What a command on the topic of that name (compared form) needs, said about this ticket."""
    known = all_topics(session)
    number = next((t.number for t in known if t.key == key), 0)
    asking = tuple(asking_for(session, settings, number).values()) if number else ()
    highest = session.connection().execute(select(func.max(TOPIC.c.number))).scalar()
    return TopicFacts(known, (highest or 0) + 1, asking, _asker(session, settings, ticket.requester.key))


def asking_for(session: Session, settings: Settings, topic: int) -> dict[int, Asker]:
    """Who asks for a topic, by the number of their ticket. One that was joined to another counts as that other one."""
    customers = (
        select(PARTICIPANT.c.ticket, PARTICIPANT.c.key, PARTICIPANT.c.is_removed)
        .join(TICKET, TICKET.c.number == PARTICIPANT.c.ticket)
        .where(TICKET.c.topic == topic, TICKET.c.merged_into == 0, PARTICIPANT.c.role == str(Role.CUSTOMER))
        .order_by(PARTICIPANT.c.ticket, PARTICIPANT.c.is_removed, PARTICIPANT.c.slot)
    )
    requesters: dict[int, str] = {}
    for number, key, _ in session.connection().execute(customers):
        requesters.setdefault(number, key)
    people = _askers(session, settings, set(requesters.values()))
    return {number: people[key] for number, key in requesters.items()}


def _askers(session: Session, settings: Settings, keys: set[str]) -> dict[str, Asker]:
    """All of them by address. Only those of whom agents have admitted an address are looked up one by one."""
    by_rules = {key: settings.who(key) for key in keys}
    addresses = {key: {key, *(who.keys if who else ())} for key, who in by_rules.items()}
    admitted: set[str] = set()
    everybody = sorted(set().union(*addresses.values()))
    for start in range(0, len(everybody), _AT_ONCE):
        some = everybody[start : start + _AT_ONCE]
        admitted |= set(session.connection().execute(select(ACCOUNT.c.key).where(ACCOUNT.c.key.in_(some))).scalars())
    return {
        key: _asker(session, settings, key) if admitted & addresses[key] else _of(key, who)
        for key, who in by_rules.items()
    }


def _asker(session: Session, settings: Settings, key: str) -> Asker:
    return _of(key, person_in(session, settings, key))


def _of(key: str, who: Person | None) -> Asker:
    return Asker(who.keys[0] if who and who.keys else key, who.organisation if who else "")


def events_of(session: Session, topic: int) -> list[TopicEvent]:
    """What happened to a topic, oldest first."""
    columns = (TOPIC_EVENT.c.at, TOPIC_EVENT.c.by, TOPIC_EVENT.c.text, TOPIC_EVENT.c.ticket)
    asked = select(*columns).where(TOPIC_EVENT.c.topic == topic).order_by(TOPIC_EVENT.c.id)
    return [TopicEvent(*row) for row in session.connection().execute(asked)]
