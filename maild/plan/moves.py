"""What do an agent's #merge, #split, #link, #add and #remove ask for, and what comes of it, one after the other?"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from maild.agent_words import AgentWords, Command
from maild.effects import AddMessage, Effect, LinkTickets
from maild.judgement import (
    Facts,
    Proof,
)
from maild.mail import Address, address_key
from maild.people.internal import plain
from maild.plan.letters import Desk
from maild.plan.merging import merge
from maild.plan.move import Move
from maild.plan.participants import add, remove
from maild.plan.splitting import split
from maild.settings import Settings
from maild.threading.references import number_named
from maild.ticket import Person, Ticket, Visibility

MOVES = frozenset({"merge", "split", "link", "add", "remove"})
_ALONE = frozenset({"merge", "split"})  # what stands beside them would belong to two tickets
_CONFIRM = re.compile(r"[\s,]+confirm(?:e|er|ed)?$")
_HISTORY = re.compile(r"[\s,]+(?:with\s+history|avec\s+(?:l['\u2019]\s?)?historique)$", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]{1,64}@[^\s<>()\[\],;:\"]{1,255}")


@dataclass(frozen=True, slots=True)
class Moved:
    """What the commands did together: the ticket on which the work goes on, (word, what) of each, or the problems."""

    ticket: Ticket
    effects: list[Effect] = field(default_factory=list)
    results: tuple[tuple[str, str], ...] = ()
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    """One command with all that it may need."""

    desk: Desk
    agent: Person
    argument: str
    text: str
    facts: Facts
    inbound_id: int  # of the mail that asks

    @property
    def by(self) -> str:
        return self.agent.address.address

    @property
    def now(self) -> datetime:
        return self.facts.now


def numbers_named(words: AgentWords, settings: Settings) -> set[int]:
    """The tickets that its commands name."""
    named = (c for c in words.commands if c.word in ("merge", "link"))
    return {number_named(_CONFIRM.sub("", plain(c.argument)), settings) for c in named} - {0}


def shows_history(words: AgentWords) -> bool:
    """Whether somebody is to be shown what was written before."""
    return any(c.word == "add" and _HISTORY.search(c.argument) for c in words.commands)


def moved(
    desk: Desk, ticket: Ticket, agent: Person, words: AgentWords, facts: Facts, proof: Proof, inbound_id: int
) -> Moved:
    """All of these commands of a mail, in their order. With any problem nothing is done."""
    asked = [c for c in words.commands if c.word in MOVES]
    if not asked:
        return Moved(ticket)
    problems = _refused(words, asked, proof)
    after = Moved(ticket)
    for command in asked if not problems else ():
        move = _MOVES[command.word](after.ticket, _Asked(desk, agent, command.argument, words.text, facts, inbound_id))
        if move.problem:
            problems.append((move.problem, move.what or command.written))
            continue
        results = (*after.results, (command.word, move.what))
        after = replace(after, ticket=move.ticket, effects=[*after.effects, *move.effects], results=results)
    return Moved(ticket, problems=tuple(problems)) if problems else after


def _refused(words: AgentWords, asked: list[Command], proof: Proof) -> list[tuple[str, str]]:
    """What forbids all of them: no proof of who writes (Decisions: a token is not enough), or what stands beside."""
    if proof is not Proof.PASS:
        return [("needs-proof", c.written) for c in asked]
    alone = [c for c in asked if c.word in _ALONE]
    if alone and (len(words.commands) > 1 or (alone[0].word == "merge" and (words.text or words.attachments))):
        return [("stands-alone", alone[0].written)]
    return []


def _merge(ticket: Ticket, asked: _Asked) -> Move:
    reference = _CONFIRM.sub("", plain(asked.argument))
    target = asked.facts.tickets.get(number_named(reference, asked.desk.settings))
    is_confirmed = reference != plain(asked.argument)
    return merge(asked.desk, ticket, target, is_confirmed=is_confirmed, by=asked.by, now=asked.now)


def _split(ticket: Ticket, asked: _Asked) -> Move:
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


def _link(ticket: Ticket, asked: _Asked) -> Move:
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


def _add(ticket: Ticket, asked: _Asked) -> Move:
    written = _HISTORY.sub("", asked.argument)
    history = asked.facts.history if written != asked.argument else None
    who = address_named(written)
    if who is None:
        return Move(ticket, (), "no-address", asked.argument)
    return add(asked.desk, ticket, who, history=history, by=asked.by, now=asked.now)


def _remove(ticket: Ticket, asked: _Asked) -> Move:
    who = address_named(asked.argument)
    if who is None:
        return Move(ticket, (), "no-address", asked.argument)
    return remove(ticket, who.address, by=asked.by)


def address_named(written: str) -> Address | None:
    """The one person named: `bruno@client.example`, `Bruno <bruno@client.example>`, also as programs link it; None for
    anything else, and for two of them."""
    found = [m.removeprefix("mailto:") for m in _ADDRESS.findall(written.replace("mailto:", " "))]
    if len({address_key(address) for address in found}) != 1:
        return None
    name = written.partition("<")[0].strip(' "') if "<" in written else ""
    if "<" not in written and written.strip() != found[0]:
        return None
    return Address(found[0], "" if "@" in name else name)


_MOVES: dict[str, Callable[[Ticket, _Asked], Move]] = {
    "merge": _merge,
    "split": _split,
    "link": _link,
    "add": _add,
    "remove": _remove,
}
