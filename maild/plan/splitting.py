"""A part of a ticket becomes a ticket of its own (I1): same people, same place, its own reference."""

from dataclasses import replace
from datetime import datetime

from maild.effects import AddMessage, Effect, LinkTickets, OpenTicket
from maild.judgement import Facts
from maild.lifecycle import Status
from maild.plan import letters
from maild.plan.ending import customers
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.move import Move
from maild.plan.notify import tell_agents
from maild.plan.promising import promise
from maild.ticket import Ticket, Visibility

LONGEST_SUBJECT = 250
_LONGEST_FIRST_LINE = 80  # of the text, where no subject is given


def split(
    desk: Desk,
    ticket: Ticket,
    number: int,
    subject: str,
    text: str,
    *,
    by: str,
    assignee: str,
    now: datetime,
    inbound_id: int | None = None,
) -> Move:
    """The part with that text opens under `number`; the requester is told of its reference.

    `assignee`: who gets it where nobody has the ticket. The words count as the requester's, from whose mail they are;
    `inbound_id`: the mail by which the agent asks, with its files.
    """
    words = text.strip()
    if not words:
        return Move(ticket, (), "empty-part", "")
    title = " ".join((subject or words.splitlines()[0][:_LONGEST_FIRST_LINE]).split())[:LONGEST_SUBJECT]
    people = [replace(p, slot=slot, epoch=0, joined_at=None) for slot, p in enumerate(ticket.customers, 1)]
    owner = ticket.assignee if ticket.assignee in desk.settings.agents else assignee
    part = Ticket(
        number=number,
        subject=title,
        mailbox=ticket.mailbox,
        language=ticket.language,
        status=Status.OPEN if owner else Status.NEW,
        queue=ticket.queue,
        type=ticket.type,
        priority=ticket.priority,
        impact=ticket.impact,
        urgency=ticket.urgency,
        qualified_by=ticket.qualified_by,
        tags=ticket.tags,
        assignee=owner,
        participants=tuple(people),
        opened_at=now,
        follows=ticket.number,
    )
    brand = desk.settings.site.reference
    effects: list[Effect] = [
        OpenTicket(part),
        LinkTickets(number, ticket.number),
        AddMessage(number, Visibility.PUBLIC, part.requester.address, words, inbound_id),
        AddMessage(number, Visibility.EVENT, by, f"split from {brand}-{ticket.number}"),
        AddMessage(ticket.number, Visibility.EVENT, by, f"a part went to {brand}-{number}"),
    ]
    part = replace(part, linked_to=(ticket.number,))
    values = {"former": ticket, "notice": "split"}
    for who in customers(part):
        if who == part.requester:
            language = letters.language_for(desk, who.address, part.language)
            told = letters.to_participant(
                desk,
                "acknowledgement",
                part,
                who,
                owed_for=f"opened:{number}:acknowledgement",
                now=now,
                automatic=AUTOMATIC,
                values={**values, **promise(desk, part, desk.settings.who(who.address), language, now)},
            )
            effects.append(told)
    facts = Facts(now, number)
    effects += tell_agents(desk, "agent_new_ticket", part, None, words, f"opened:{number}", facts, values=values)
    return Move(part, tuple(effects), "", f"{brand}-{number}")
