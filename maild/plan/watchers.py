"""Which colleagues in Cc of a requester's own mail follow the request from now on? Only where the rules say so of their
organisation; else nothing is ever sent to them.
"""

from dataclasses import replace
from datetime import datetime

from maild.judgement import Proof
from maild.mail import ParsedMail, is_deliverable
from maild.plan.desk import Desk
from maild.ticket import Participant, Ticket

MOST = 10  # of one mail


def watching(desk: Desk, ticket: Ticket, mail: ParsedMail, proof: Proof, now: datetime) -> tuple[Participant, ...]:
    """Who joins, each seeing nothing from before that mail. The mail has to be the requester's, and proved; whoever was
    taken off the ticket does not come back so. A ticket that opens by this mail has nothing from before."""
    settings, sender = desk.settings, mail.sender
    if proof is not Proof.PASS or sender is None or sender.key != ticket.requester.key or not settings.people.watchers:
        return ()
    asker = settings.who(sender.address)
    organisation = asker.organisation if asker else ""
    if organisation not in settings.people.watchers:
        return ()
    there = {who.key for who in ticket.participants}
    joining: list[Participant] = []
    for address in mail.cc:
        colleague = settings.who(address.address)
        is_ours = address.key in settings.agents or address.key in settings.own_addresses
        if is_ours or settings.mailbox_of(address.address) or address.key in there or len(joining) == MOST:
            continue
        if colleague is None or colleague.organisation != organisation or not is_deliverable(address.address):
            continue
        there.add(address.key)
        joins = ticket.joining(address.address, address.name or colleague.address.name, now)
        ticket = replace(ticket, participants=(*ticket.participants, joins))
        joining.append(joins)
    return tuple(joining)
