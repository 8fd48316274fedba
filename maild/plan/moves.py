"""What do an agent's #merge, #split, #link, #add and #remove ask for, and what comes of it, one after the other?"""

import re
from dataclasses import replace

from maild.agent_words import AgentWords
from maild.effects import AddMessage, LinkTickets
from maild.people.addressed import address_named
from maild.people.internal import plain
from maild.plan.asked import Asked, Obeys, Row
from maild.plan.letters import Desk
from maild.plan.merging import merge
from maild.plan.move import Move
from maild.plan.participants import add, remove
from maild.plan.splitting import split
from maild.settings import Settings
from maild.threading.references import number_named
from maild.ticket import Ticket, Visibility

_CONFIRM = re.compile(r"[\s,]+confirm(?:e|er|ed)?$")
_HISTORY = re.compile(r"[\s,]+(?:with\s+history|avec\s+(?:l['\u2019]\s?)?historique)$", re.IGNORECASE)


def numbers_named(words: AgentWords, settings: Settings) -> set[int]:
    """The tickets that its commands name."""
    named = (c for c in words.commands if c.word in ("merge", "link"))
    return {number_named(_CONFIRM.sub("", plain(c.argument)), settings) for c in named} - {0}


def shows_history(words: AgentWords) -> bool:
    """Whether somebody is to be shown what was written before."""
    return any(c.word == "add" and _HISTORY.search(c.argument) for c in words.commands)


def _merge(ticket: Ticket, asked: Asked) -> Move:
    reference = _CONFIRM.sub("", plain(asked.argument))
    target = asked.facts.tickets.get(number_named(reference, asked.desk.settings))
    is_confirmed = reference != plain(asked.argument)
    return merge(asked.desk, ticket, target, is_confirmed=is_confirmed, by=asked.by, now=asked.now)


def _split(ticket: Ticket, asked: Asked) -> Move:
    number, assignee = asked.facts.next_number, asked.agent.address.key
    return split(
        asked.desk,
        ticket,
        number,
        asked.argument,
        asked.text,
        by=asked.by,
        assignee=assignee,
        now=asked.now,
        inbound_id=asked.inbound_id,
    )


def _link(ticket: Ticket, asked: Asked) -> Move:
    other = asked.facts.tickets.get(number_named(asked.argument, asked.desk.settings))
    return link(asked.desk, ticket, other, by=asked.by)


def link(desk: Desk, ticket: Ticket, other: Ticket | None, *, by: str) -> Move:
    """The two have to do with each other: agents see it on both. No customer does."""
    brand = desk.settings.site.reference
    if other is None:
        return Move(ticket, (), "unknown-ticket", "")
    name = f"{brand}-{other.number}"
    if other.number == ticket.number:
        return Move(ticket, (), "into-itself", name)
    if other.number in ticket.linked_to:
        return Move(ticket, (), "linked-already", name)
    effects = (
        LinkTickets(ticket.number, other.number),
        AddMessage(ticket.number, Visibility.EVENT, by, f"linked to {name}"),
        AddMessage(other.number, Visibility.EVENT, by, f"linked to {brand}-{ticket.number}"),
    )
    return Move(replace(ticket, linked_to=(*ticket.linked_to, other.number)), effects, "", name)


def _add(ticket: Ticket, asked: Asked) -> Move:
    written = _HISTORY.sub("", asked.argument)
    history = asked.facts.history if written != asked.argument else None
    who = address_named(written)
    if who is None:
        return Move(ticket, (), "no-address", asked.argument)
    return add(asked.desk, ticket, who, history=history, by=asked.by, now=asked.now)


def _remove(ticket: Ticket, asked: Asked) -> Move:
    who = address_named(asked.argument)
    if who is None:
        return Move(ticket, (), "no-address", asked.argument)
    return remove(ticket, who.address, by=asked.by)


_MOVES: dict[str, Obeys] = {"merge": _merge, "split": _split, "link": _link, "add": _add, "remove": _remove}
_ALONE = frozenset({"merge", "split"})  # what stands beside them would belong to two tickets
ROWS = {word: Row(obeys, needs_proof=True, stands_alone=word in _ALONE) for word, obeys in _MOVES.items()}
