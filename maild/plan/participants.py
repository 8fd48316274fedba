"""Somebody joins a ticket, leaves it, or gets another address: what follows, and when it can't be."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from maild.effects import AddMessage, AddParticipant, ChangeParticipant, Effect
from maild.mail import Address, is_deliverable
from maild.plan import letters
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.move import Move
from maild.plan.notify import with_agents
from maild.threading.references import without_references
from maild.ticket import Participant, Role, Ticket, Visibility

History = Sequence[tuple[str, str]]  # author and words of what is public


def add(desk: Desk, ticket: Ticket, who: Address, *, history: History | None, by: str, now: datetime) -> Move:
    """`who` is on the ticket from now on: an agent as one, anybody else on the customer's side.

    They see nothing from before, unless a `history` is given: then they get it in a mail.
    """
    if problem := _why_not(desk, ticket, who.address):
        return Move(ticket, (), problem, who.address)
    agent = desk.settings.agents.get(who.key)
    if agent is not None:
        whole, [joins] = with_agents(ticket, (agent,))
    else:
        person = desk.settings.person(who.address)
        name = who.name or (person.address.name if person else "")
        joins = ticket.joining(who.address, name, now)
        if history is not None:
            joins = Participant(joins.slot, who.address, name, Role.CUSTOMER)
        whole = replace(ticket, participants=(*ticket.participants, joins))
    effects: list[Effect] = [
        AddParticipant(ticket.number, joins),
        AddMessage(ticket.number, Visibility.EVENT, by, f"added {who.address}"),
    ]
    if agent is not None or history is not None:
        template = "forwarded" if agent is None else "agent_notice"
        values = {"notice": "added", "text": _as_text(desk, ticket, history or ()), "sender": None}
        owed_for = f"added:{ticket.number}"
        effects.append(
            letters.to_participant(
                desk, template, whole, joins, owed_for=owed_for, now=now, automatic=AUTOMATIC, values=values
            )
        )
    return Move(whole, tuple(effects), "", who.address)


def _why_not(desk: Desk, ticket: Ticket, address: str) -> str:
    if not is_deliverable(address):
        return "no-address"
    if desk.settings.mailbox_of(address):
        return "own-mailbox"
    return "on-it-already" if ticket.by_address(address) else ""


def _as_text(desk: Desk, ticket: Ticket, history: History) -> str:
    """What was said, each with who said it: of agents no more than the desk's name (reliability P01), and of customers
    no address (A8)."""
    names = {p.key: _name(p) for p in ticket.participants if p.role is Role.CUSTOMER}
    house = letters.desk_name(desk, desk.settings.mailboxes[ticket.mailbox])
    brand = desk.settings.site.reference
    said = ((names.get(author.lower(), house), without_references(text, brand)) for author, text in history)
    return "\n\n".join(f"{name}\n{text}" for name, text in said)


def _name(who: Participant) -> str:
    """Many mail programs put the address where the name belongs."""
    return who.name if who.name and "@" not in who.name else f"Participant {who.slot}"


def remove(ticket: Ticket, address: str, *, by: str) -> Move:
    """`address` is off the ticket at once: its references are void, and it is told nothing more."""
    who = ticket.by_address(address)
    if who is None:
        return Move(ticket, (), "not-on-it", address)
    if who.role is Role.CUSTOMER and len(ticket.customers) == 1:
        return Move(ticket, (), "last-customer", address)
    if who.role is Role.AGENT and who.key == ticket.assignee:
        return Move(ticket, (), "is-assignee", address)
    gone = replace(who, is_removed=True)
    whole = replace(ticket, participants=tuple(gone if p is who else p for p in ticket.participants))
    effects = (
        ChangeParticipant(ticket.number, who.slot, {"is_removed": True}),
        AddMessage(ticket.number, Visibility.EVENT, by, f"removed {address}"),
    )
    return Move(whole, effects, "", address)


def change_address(desk: Desk, ticket: Ticket, old: str, new: str, *, by: str) -> Move:
    """The same person writes from another address from now on; what the old one was given is void."""
    who = ticket.by_address(old)
    if who is None or who.role is Role.AGENT:
        return Move(ticket, (), "not-on-it", old)
    if problem := _why_not(desk, ticket, new) or ("agents-own" if Address(new).key in desk.settings.agents else ""):
        return Move(ticket, (), problem, new)
    moved = replace(who, address=new, epoch=who.epoch + 1, is_undeliverable=False)
    whole = replace(ticket, participants=tuple(moved if p is who else p for p in ticket.participants))
    changes = {"address": new, "epoch": moved.epoch, "is_undeliverable": False}
    effects = (
        ChangeParticipant(ticket.number, who.slot, changes),
        AddMessage(ticket.number, Visibility.EVENT, by, f"{old} is now {new}"),
    )
    return Move(whole, effects, "", new)
