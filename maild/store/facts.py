"""All that the decisions about one mail need, read once, in the transaction that will act on it.

The statements are built once: they are asked for every mail.
"""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import BindParameter, Connection, Integer, RowMapping, bindparam, exists, func, select, union_all
from sqlmodel import Session

from maild.judgement import OF_HELD, AnswerCounts, Candidate, Delivery, Facts, HeldMail, Notice, Purpose, VerdictName
from maild.mail import ParsedMail, domain_of
from maild.settings import Settings
from maild.store.accounts import has_ticket, person_in
from maild.store.inbound_tables import CONTENT, INBOUND
from maild.store.opt_outs import opted_out
from maild.store.people_tables import BLOCK
from maild.store.rota import earlier_tickets, rota_for
from maild.store.tables import OUTBOX
from maild.store.tickets import load_with_kin, next_number, open_tickets_of, tickets_of
from maild.threading.own_requests import MOST_REQUESTS, may_ask
from maild.ticket import Disposition

_FIRST_COPY = (
    select(INBOUND.c.id, INBOUND.c.disposition, INBOUND.c.verdict, INBOUND.c.ticket)
    .join(CONTENT, CONTENT.c.inbound_id == INBOUND.c.id)
    .where(CONTENT.c.key == bindparam("key"))
)
_SUSPECT = frozenset({VerdictName.SPOOF_SUSPECT.value, VerdictName.UNSIGNED_AGENT.value})
_UNSEEN = frozenset(
    name.value for name in (VerdictName.LOOP, VerdictName.AUTO_REPLY, VerdictName.LIST_MAIL, VerdictName.SPAM)
)
_MINE: BindParameter[list[str]] = bindparam("mine", expanding=True)  # the addresses of one person
_WRITTEN_TO = select(exists().where(OUTBOX.c.recipient_key.in_(_MINE)))
_VERIFIED = select(exists().where(INBOUND.c.sender.in_(_MINE), INBOUND.c.is_verified))
_COUNTED = (OUTBOX.c.is_answer, OUTBOX.c.created_at > bindparam("week"))
_NAMES: tuple[BindParameter[str], ...] = (bindparam("sender"), bindparam("base"))
_ANSWERED = union_all(  # an unknown sender's plus-addresses are one mailbox; two halves, so that each has its index
    select(OUTBOX.c.template, OUTBOX.c.created_at).where(OUTBOX.c.recipient_key.in_(_NAMES), *_COUNTED),
    select(OUTBOX.c.template, OUTBOX.c.created_at).where(
        OUTBOX.c.to_unknown,
        OUTBOX.c.recipient_key.like(bindparam("tagged"), escape="!"),
        OUTBOX.c.recipient_key.not_in(_NAMES),
        *_COUNTED,
    ),
).subquery()
_ANSWERS = select(
    _ANSWERED.c.template,
    func.count(),
    func.sum(_ANSWERED.c.created_at > bindparam("day"), type_=Integer),
    func.max(_ANSWERED.c.created_at),
).group_by(_ANSWERED.c.template)
_ANSWERS_OF_PERSON = (
    select(
        OUTBOX.c.template,
        func.count(),
        func.sum(OUTBOX.c.created_at > bindparam("day"), type_=Integer),
        func.max(OUTBOX.c.created_at),
    )
    .where(OUTBOX.c.recipient_key.in_(_MINE), *_COUNTED)
    .group_by(OUTBOX.c.template)
)
_REFUSED = select(func.count()).where(
    OUTBOX.c.recipient_key == bindparam("sender"),
    OUTBOX.c.created_at > bindparam("hour"),
    OUTBOX.c.template.in_(("command_refused", "command_result")),
    OUTBOX.c.key.not_like("asked:%"),  # a question may be asked as often as its words may be sent
)
_TO_UNKNOWN = select(func.count(), func.sum(OUTBOX.c.recipient_domain == bindparam("domain"), type_=Integer)).where(
    OUTBOX.c.to_unknown, OUTBOX.c.created_at > bindparam("hour")
)
_NOTICES = (
    select(OUTBOX.c.ticket, OUTBOX.c.slot, func.max(OUTBOX.c.id), func.max(OUTBOX.c.created_at))
    .where(OUTBOX.c.ticket.in_(bindparam("numbers", expanding=True)), OUTBOX.c.template == "agent_customer_reply")
    .group_by(OUTBOX.c.ticket, OUTBOX.c.slot)
)
_DELIVERED = select(OUTBOX).order_by(OUTBOX.c.id.desc()).limit(1)
_BY_NONCE = _DELIVERED.where(OUTBOX.c.nonce.in_(bindparam("names", expanding=True)))
_BY_MESSAGE_ID = _DELIVERED.where(OUTBOX.c.message_id.in_(bindparam("names", expanding=True)))
_BLOCKED = select(exists().where(BLOCK.c.key.in_(bindparam("keys", expanding=True))))
_RECEIVED = select(INBOUND).where(INBOUND.c.id == bindparam("id"))


def facts_for(
    session: Session,
    mail: ParsedMail,
    candidates: Sequence[Candidate],
    now: datetime,
    settings: Settings | None = None,
) -> Facts:
    """Tickets, participants, the sender and their history, the mail that a bounce speaks of, the one of a claim."""
    rows = session.connection()
    sender = mail.sender.key if mail.sender else ""
    who = person_in(session, settings, sender) if settings and sender else None
    mine = who.keys if who and who.keys else (sender,)
    delivery = _delivery(rows, mail, candidates)
    claim = next((c for c in candidates if c.purpose in OF_HELD), None)
    held = received_mail(session, claim.slot) if claim else None
    numbers = {c.ticket for c in candidates}
    numbers |= {delivery.ticket if delivery else 0, held.ticket if held else 0}
    numbers -= {0}
    first = rows.execute(_FIRST_COPY, {"key": mail.content_key}).first() if mail.content_key else None
    known = partial(rows.scalar, parameters={"mine": list(mine)})
    needs_account = settings is not None and settings.people.accounts == "required" and not (who and who.has_account)
    tickets = load_with_kin(session, numbers)
    return Facts(
        now=now,
        next_number=next_number(session),
        tickets=tickets,
        duplicate_of=first.id if first else None,
        copy_ticket=(first.ticket or 0) if first else 0,
        is_copy_suspect=first is not None and first.disposition == Disposition.HELD and first.verdict in _SUSPECT,
        is_copy_unseen=first is not None and first.disposition == Disposition.APPLIED and first.verdict in _UNSEEN,
        delivery=delivery,
        held=held,
        is_written_to=bool(sender and known(_WRITTEN_TO)),
        has_verified_exchange=bool(sender and known(_VERIFIED)),
        own_tickets=open_tickets_of(session, *mine) if sender else (),
        answers=_answers(rows, sender, mine, now) if sender else AnswerCounts(),
        requests=tickets_of(session, mine, MOST_REQUESTS + 1) if sender and may_ask(mail, candidates) else (),
        rota=rota_for(session, settings, mine),
        earlier_tickets=earlier_tickets(session, settings, mine) if sender else 0,
        is_blocked=bool(sender and rows.scalar(_BLOCKED, {"keys": keys_of(sender)})),
        refused_lately=rows.scalar(_REFUSED, {"sender": sender, "hour": now - timedelta(hours=1)}) or 0,
        who=who,
        has_ticket=bool(sender and needs_account and has_ticket(session, mine)),
        notices=notices_of(session, tickets),
        opted_out=opted_out(session, mine)
        if any(c.purpose is Purpose.NO_REMINDERS for c in candidates)
        else frozenset(),
    )


def notices_of(session: Session, numbers: Collection[int]) -> dict[tuple[int, int], Notice]:
    """The latest word to each agent of these tickets that a customer has answered."""
    if not numbers:
        return {}
    found = session.connection().execute(_NOTICES, {"numbers": sorted(numbers)})
    return {(ticket or 0, slot or 0): Notice(outbox_id, at) for ticket, slot, outbox_id, at in found}


def _delivery(rows: Connection, mail: ParsedMail, candidates: Sequence[Candidate]) -> Delivery | None:
    """The mail of ours that this one speaks of: by the return path it came to, or by the ids of what it gives back.

    These are candidates only; whether they prove anything is for the intake to check with threading.token.
    """
    nonces = [c.nonce for c in candidates if c.purpose is Purpose.BOUNCE and c.nonce]
    returned = list(mail.bounce.message_ids)[:20] if mail.bounce else []
    for statement, names in ((_BY_NONCE, nonces), (_BY_MESSAGE_ID, returned)):
        row = rows.execute(statement, {"names": names}).mappings().first() if names else None
        if row is not None:
            return _value(row)
    return None


def _value(row: RowMapping) -> Delivery:
    return Delivery(
        row["id"],
        row["ticket"] or 0,
        row["slot"] or 0,
        row["template"],
        row["recipient"],
        row["message_id"],
        row["nonce"],
        row["subject"],
    )


def received_mail(session: Session, inbound_id: int) -> HeldMail | None:
    """A received mail, for a claim or a release: whether it is held still, and on which ticket it is."""
    row = session.connection().execute(_RECEIVED, {"id": inbound_id}).mappings().first()
    return held_value(row) if row is not None and row["verdict"] else None


def held_value(row: RowMapping) -> HeldMail:
    """A row of received mail on which something was decided."""
    return HeldMail(
        row["id"],
        row["mailbox"],
        row["sender"],
        VerdictName(row["verdict"]),
        row["content_key"],
        row["disposition"] == Disposition.HELD,
        row["ticket"] or 0,
        row["kept_at"],
        row["reason"],
        row["decided"],
        row["decided_by"],
        row["settled_at"],
        row["subject"],
    )


def keys_of(sender: str) -> list[str]:
    """Under which keys a sender may be blocked: the address, its domain, and those above that with a dot in them."""
    labels = domain_of(sender).split(".")
    return [sender, *(".".join(labels[i:]) for i in range(min(len(labels) - 1, 20)))]


def _answers(rows: Connection, sender: str, mine: Sequence[str], now: datetime) -> AnswerCounts:
    """Automatic answers queued lately; the rows of the outbox are the counters, so that a crash can't reset them.

    A person with several addresses has one count for all.
    """
    day, week, hour = now - timedelta(hours=24), now - timedelta(days=7), now - timedelta(hours=1)
    local, _, domain = sender.rpartition("@")
    base = f"{local.partition('+')[0]}@{domain}"
    tagged = re.sub(r"([!%_])", r"!\1", base).replace("@", "+%@")
    names = {"sender": sender, "base": base, "tagged": tagged}
    if len(mine) > 1:
        by_template = rows.execute(_ANSWERS_OF_PERSON, {"mine": list(mine), "day": day, "week": week}).all()
    else:
        by_template = rows.execute(_ANSWERS, {**names, "day": day, "week": week}).all()
    in_all, to_domain = rows.execute(_TO_UNKNOWN, {"hour": hour, "domain": domain_of(sender)}).one()
    return AnswerCounts(
        to_sender_by_template_day={template: int(today) for template, _, today, _ in by_template if today},
        to_sender_day=sum(int(today) for _, _, today, _ in by_template),
        to_sender_week=sum(int(number) for _, number, _, _ in by_template),
        to_domain_hour=int(to_domain or 0),
        in_all_hour=int(in_all),
        last_to_sender=max((last for *_, last in by_template), default=None),
    )
