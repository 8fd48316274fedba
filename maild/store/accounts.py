"""Which addresses were admitted by an agent, and which held mails wait for an account?"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, Connection, bindparam, exists, func, select, text, update
from sqlalchemy.dialects.sqlite import insert as insert_new
from sqlmodel import Session

from maild.judgement import Owner
from maild.mail import Address, address_key
from maild.people.accounts import Admitted, person_of
from maild.settings import Settings
from maild.store.database import Database
from maild.store.inbound_tables import INBOUND
from maild.store.people_tables import ACCOUNT, UNKNOWN
from maild.store.tables import OUTBOX, PARTICIPANT
from maild.ticket import Disposition, Person, Role

_KEYS: BindParameter[list[str]] = bindparam("keys", expanding=True)
_COLUMNS = (ACCOUNT.c.key, ACCOUNT.c.address, ACCOUNT.c.name, ACCOUNT.c.person)
_ADMITTED = select(*_COLUMNS).where((ACCOUNT.c.key.in_(_KEYS)) | (ACCOUNT.c.person.in_(_KEYS)))
_HAS_TICKET = select(
    exists().where(PARTICIPANT.c.key.in_(_KEYS), PARTICIPANT.c.role == str(Role.CUSTOMER), ~PARTICIPANT.c.is_removed)
)
_ASKED = select(func.count()).where(
    OUTBOX.c.recipient_key.in_(bindparam("mine", expanding=True)),
    OUTBOX.c.is_answer,
    OUTBOX.c.created_at > bindparam("since"),
    OUTBOX.c.template == "account_confirmation",
)
_NEW = insert_new(ACCOUNT).on_conflict_do_nothing(index_elements=["key"])
_WAITING = text(UNKNOWN)  # in the words of its index, without which that is not used


def person_in(session: Session, settings: Settings, sender: str) -> Person | None:
    """The person with that address, by the rules and by what agents admitted."""
    known = settings.who(sender)
    if known is not None and known.address.key in settings.agents:
        return known
    rows = session.connection()
    asked = set(known.keys if known else ()) | {address_key(sender)}
    found = _admitted(rows, asked)
    more = {row.person for row in found if row.person} - asked
    while more:  # a further address: all that belongs to its owner, too
        asked |= more | {key for owner in more if (p := settings.person(owner)) is not None for key in p.keys}
        found = _admitted(rows, asked)
        more = {row.person for row in found if row.person} - asked
    return person_of(settings, sender, found)


def _admitted(rows: Connection, keys: Collection[str]) -> list[Admitted]:
    return [Admitted(*row) for row in rows.execute(_ADMITTED, {"keys": sorted(keys)})]


def all_admitted(session: Session) -> list[Admitted]:
    """Everybody whom an agent has admitted, by address."""
    return [Admitted(*row) for row in session.connection().execute(select(*_COLUMNS).order_by(ACCOUNT.c.key))]


def has_ticket(session: Session, keys: Collection[str]) -> bool:
    """Whether somebody with one of these addresses ever asked for a ticket or takes part in one."""
    return bool(session.connection().scalar(_HAS_TICKET, {"keys": sorted(keys)}))


def has_account(session: Session, settings: Settings, sender: str) -> bool:
    """Whether that sender would be asked for an account no more."""
    if settings.people.accounts == "open":
        return True
    who = person_in(session, settings, sender)
    return who is not None and who.has_account


def owner_named(session: Session, settings: Settings, address: str, now: datetime) -> Owner | None:
    """Whose account has that address (compared form), and how often they were asked of late; None for nobody's.

    A known domain makes nobody an owner: anybody can invent a thousand addresses at it.
    """
    who = person_in(session, settings, address)
    if who is None or not who.has_account or not who.is_listed or address in settings.agents:
        return None
    since = now - timedelta(hours=24)
    asked = session.connection().scalar(_ASKED, {"mine": list(who.keys), "since": since}) or 0
    return Owner(who.address if who.address.key == address else Address(address, who.address.name), asked)


def add_account(rows: Connection, address: Address, person: str, by: str, now: datetime) -> None:
    """Note the account, and let the mails that waited for it be worked again."""
    here = {"key": address.key, "address": address.address, "name": address.name, "person": person}
    rows.execute(_NEW, here | {"admitted_by": by, "at": now})
    work_again(rows, [address.key])


def unknown_senders(session: Session) -> list[str]:
    """Whose mails wait for an account (compared form), each once."""
    held = select(INBOUND.c.sender).with_hint(INBOUND, "INDEXED BY ix_inbound_unknown", "sqlite")
    return list(session.connection().scalars(held.where(_WAITING).distinct().order_by(INBOUND.c.sender)))


def work_again(rows: Connection, senders: Iterable[str]) -> int:
    """The held mails of these senders that wait for an account are kept ones again, in their old order."""
    done = 0
    for sender in senders:
        query = update(INBOUND).where(_WAITING, INBOUND.c.sender == sender)
        again = {"disposition": str(Disposition.KEPT), "verdict": "", "reason": "", "attempts": 0, "settled_at": None}
        done += rows.execute(query.values(**again)).rowcount
    return done


async def let_in(database: Database, settings: Settings) -> int:
    """Work all mails again that were held for want of an account and would not be now; how many they are."""
    if not (senders := await database.read(unknown_senders)):
        return 0

    def work(session: Session) -> int:
        return work_again(session.connection(), (s for s in senders if has_account(session, settings, s)))

    return await database.write(work)
