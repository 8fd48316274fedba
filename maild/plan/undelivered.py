"""A mail of a ticket will not arrive, or may not have: what follows? The agents are told once, by a mail and in the
ticket's story.

Of a delivery that was refused, has expired, or is held by a fault of ours (docs/decisions/0003-errors.md: the
recipient's fault ends that delivery, and the agent is told once), and of one that was sent twice and that no server has
confirmed. A bounce that comes back later is plan/incoming.py's.
"""

import re
from datetime import datetime

from maild.effects import AddMessage, AddParticipant, CancelTimers, Effect, MarkUndeliverable
from maild.judgement import Delivery
from maild.mail import Address, address_key
from maild.plan import letters
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.notify import agents_to_tell, with_agents
from maild.plan.passing_on import not_passed_on
from maild.ticket import Person, Role, Ticket, Visibility

NOTICE = "agent_notice"
UNCONFIRMED = "unconfirmed"  # the one reason for which it may have arrived
_SILENT = frozenset({NOTICE, "admin_alert"})  # of a word about a fault no further word is sent
_NO_SUCH_ADDRESS = re.compile(r"5\d\d \W{0,2}5\.1\.([12346]|10)\b")  # RFC 3463 3.2, as in "550 5.1.1 no such user"


def undelivered(
    desk: Desk, ticket: Ticket | None, delivery: Delivery, reason: str, said: str, now: datetime
) -> list[Effect]:
    """The effects. A mail without a ticket is one that was passed on.

    `reason`: refused, expired, our-fault or unconfirmed; `said`: the server's code and words, or what went wrong.
    """
    if ticket is None:  # passed on to the old system
        return [] if reason == UNCONFIRMED else [not_passed_on(desk, delivery, said, now)]
    who = ticket.by_slot(delivery.slot)
    detail = f"{delivery.recipient}: {said}".removesuffix(": ")
    event = f"unconfirmed: {detail}" if reason == UNCONFIRMED else f"undelivered {reason}: {detail}"
    effects: list[Effect] = [AddMessage(ticket.number, Visibility.EVENT, "", event)]
    is_dead = who is not None and reason == "refused" and _NO_SUCH_ADDRESS.match(said) is not None
    if who is not None and is_dead:
        effects.append(MarkUndeliverable(ticket.number, who.slot))
        if who.role is Role.CUSTOMER:
            effects.append(CancelTimers(ticket.number, "waiting"))
    if delivery.template in _SILENT:
        return effects
    agents = _others(desk, ticket, delivery.recipient)
    full, added = with_agents(ticket, agents)
    show = f"maild outbox show {delivery.outbox_id}"
    effects += [AddParticipant(ticket.number, p) for p in added]
    for agent in agents:
        told = full.agent(agent.address.key)
        assert told is not None
        notice = letters.to_participant(
            desk,
            NOTICE,
            full,
            told,
            owed_for=f"undelivered:{delivery.nonce}:{reason}",
            now=now,
            automatic=AUTOMATIC,
            values={
                "notice": UNCONFIRMED if reason == UNCONFIRMED else "undelivered",
                "sender": Address(delivery.recipient, who.name if who else ""),
                "details": (_why(reason, agent, desk), *filter(None, (delivery.subject, detail)), show),
            },
        )
        effects.append(notice)
    return effects


def _others(desk: Desk, ticket: Ticket, recipient: str) -> tuple[Person, ...]:
    """Whom the ticket concerns, without the address that refused; if that leaves nobody, the rest of the team."""
    key = address_key(recipient)
    told = tuple(a for a in agents_to_tell(desk, ticket) if a.address.key != key)
    return told or tuple(a for a in desk.settings.team_of(ticket.queue) if a.address.key != key)


def _why(reason: str, agent: Person, desk: Desk) -> str:
    return _WHY[letters.language_for(desk, agent.address.address, "")][reason]


_WHY = {
    "fr": {
        "refused": "le serveur de messagerie l’a refusé",
        "expired": "les essais répétés sont restés sans succès pendant toute la durée prévue",
        "our-fault": "une erreur de notre logiciel a empêché son envoi",
        UNCONFIRMED: "il a été envoyé deux fois, sans que le serveur de messagerie en confirme la réception",
    },
    "en": {
        "refused": "the mail server refused it",
        "expired": "it was tried again and again, for as long as it made sense, without success",
        "our-fault": "an error in our software kept it from leaving",
        UNCONFIRMED: "it was sent twice, and the mail server never confirmed that it had it",
    },
}
