"""Our own addresses at every place of a mail, as every kind of person (reliability L07): is one written to?"""

from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path
from typing import Any, NamedTuple

from desk_values import RING, settings
from road import ALICE, letter
from sqlalchemy import select
from sqlmodel import Session

from loops.desks import CountingRoad, reply_to, road_of
from maild.config.desk import open_desk
from maild.plan.letters import Desk
from maild.store.tables import OUTBOX
from maild.threading.token import reference_for
from maild.ticket import Ticket

DESK, ALIAS = "support@isybuy.example", "aide@isybuy.example"
OURS = (
    *(DESK, ALIAS, "Support@ISYBUY.example", "support+1001@isybuy.example"),
    *("support+1001-1-7aaaabbbbcccc@isybuy.example", "support+b0123456789abcdef-70a5qehx3yv63@isybuy.example"),
)
PLACES = {
    "From": "",
    "Reply-To": "Reply-To: {0}",
    "Reply-To beside the sender": f"Reply-To: {ALICE}, {{0}}",
    "Cc": "Cc: {0}",
    "Sender": "Sender: {0}",
    "Return-Path": "Return-Path: <{0}>",
    "Errors-To": "Errors-To: {0}",
    "Resent-From": "Resent-From: {0}\nResent-To: {0}",
    "Disposition-Notification-To": "Disposition-Notification-To: {0}",
    "Mail-Followup-To": "Mail-Followup-To: {0}",
    "X-Original-From": "X-Original-From: {0}",
}
_LEA = {"name": "Léa", "address": "lea@isybuy.example", "teams": ["n1"]}
ROLES: dict[str, dict[str, Any]] = {
    "nobody": {},
    "a customer": {"people": {"agents": [_LEA], "customers": [{"address": a} for a in (DESK, ALIAS, ALICE)]}},
    "an agent": {
        "people": {"agents": [{"name": "Boîte", "address": ALIAS, "teams": ["n1"]}], "customers": [{"address": ALICE}]}
    },
    "the admin": {"admin": DESK},
}


class Placed(NamedTuple):
    """So many mails came; so many of ours were written to, and so many to anybody else; others wait for the admin,
    named as held for this."""

    mails: int
    to_ours: int
    to_others: int
    held: int


def _desk(role: str, limits: dict[str, int], *, is_alias_ours: bool = True) -> Desk:
    """A desk whose own address is that person too. `maild check` refuses it, but an address may become ours while
    requests of theirs are open; then `is_alias_ours` is False at first."""
    trust = {"authserv_id": "mx.isybuy.example"}
    mailbox = {"address": DESK, "aliases": [ALIAS] if is_alias_ours else [], "trust": trust}
    return open_desk(settings(mailboxes={"support": mailbox}, limits=limits, **ROLES[role]), RING)


def _mails(ticket: Ticket) -> Iterator[bytes]:
    """Each address of ours at each place, of a first mail and of an answer to that request."""
    signed = reference_for(RING, ticket.number, ticket.requester).in_address(DESK, "+")
    for n, (ours, (place, head), is_answer) in enumerate(product((*OURS, signed), PLACES.items(), (False, True))):
        yield letter(
            ours if place == "From" else ALICE,
            f"Encore une question, la {n}.",
            subject=f"{'Re: ' if is_answer else ''}Question {n}",
            to=signed if is_answer else DESK,
            head=head.format(ours),
            name=f"l{n}",
        )


async def own_addresses(folder: Path, role: str, limits: dict[str, int], every: int = 1) -> Placed:
    """All of these, or one in so many, with that role; then agents answer, and the day's lists and reminders leave."""
    desks = [_desk(role, limits, is_alias_ours=False)]
    road = road_of(folder, lambda: desks[0])
    await road.receive(letter(ALIAS, "Bonjour, de nous.", name="first"))
    opened = await road.receive(letter(ALICE, "Bonjour, d'elle.", name="second"))
    assert opened.ticket is not None
    desks[0] = _desk(role, limits)
    last = (await road.queued())[-1].id
    mails = list(islice(_mails(await road.ticket(opened.ticket)), 0, None, every))
    for mail in mails:
        await road.receive(mail)
    await road.receive(b"Subject: nobody\r\n\r\nx\r\n")  # for the admin
    await _answered(road)
    await road.after(days=1)
    await road.after(days=3)
    rows = await road.database.read(lambda session: _states(session, last))
    await road.database.close()
    ours = [state for recipient, state in rows if desks[0].settings.mailbox_of(recipient)]
    held = ours.count("held")
    return Placed(len(mails), len(ours) - held, len(rows) - len(ours), held)


async def _answered(road: CountingRoad) -> None:
    for n, mail in enumerate([m for m in await road.queued() if m.template == "agent_new_ticket"]):
        text = "Et depuis quand ?\n\n#attente"
        await road.receive(letter(mail.recipient, text, to=reply_to(mail), subject=f"Re: {n}", name=f"a{n}"))


def _states(session: Session, last: int) -> list[tuple[str, str]]:
    rows = session.connection().execute(select(OUTBOX.c.recipient, OUTBOX.c.state).where(OUTBOX.c.id > last))
    return [(row.recipient, row.state) for row in rows]
