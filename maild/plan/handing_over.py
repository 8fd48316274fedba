"""Whose is the request from now on, by an agent's #assign, and who among the agents hears of it?

The customer does not: for them the desk writes as before (M4).
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from maild.agent_words import AgentWords, Command
from maild.decision import Rota
from maild.effects import AddMessage, AddParticipant, ChangeTicket, Effect
from maild.judgement import Purpose, Reference
from maild.lifecycle import ENDED, TRANSITIONS, Event
from maild.mail import Address, address_key
from maild.people.internal import plain
from maild.plan import letters
from maild.plan.asked import Asked, Row
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.move import Move
from maild.plan.notify import with_agents
from maild.plan.wording import result_text
from maild.rules.assigning import assignee, is_there
from maild.settings import Settings
from maild.threading.references import without_references
from maild.ticket import Entry, Person, Ticket, Visibility

ASSIGN, ME = "assign", "me"
_ME = frozenset({"me", "moi"})
LONGEST = 4000  # characters of one message that are told again
TAKEN = Command(ASSIGN, ME, "#assign me")  # what the link of a notice says
_NOT_BESIDE = frozenset({"escalate"})  # it gives the request to somebody as well


@dataclass(frozen=True, slots=True)
class Told:
    """A message of the story as a notice shows it."""

    who: str
    at: datetime
    text: str
    is_note: bool


def changes_hands(words: AgentWords, reference: Reference | None) -> bool:
    """Whether an agent's mail gives the request to somebody, by a command or by a link."""
    return words.has(ASSIGN) or (reference is not None and reference.candidate.purpose is Purpose.TAKE)


def _assign(ticket: Ticket, asked: Asked) -> Move:
    settings = asked.desk.settings
    if why := _conflict(asked):
        return Move(ticket, (), "conflict", why)
    taker, problem, what = _named(settings, ticket, asked)
    if taker is None:
        return Move(ticket, (), problem, what)
    key = taker.address.key
    if key == ticket.assignee:
        return Move(ticket, (), "", taker.address.shown)
    former = settings.agents.get(ticket.assignee)
    status = TRANSITIONS[ticket.status, Event.ASSIGNED]
    changes: dict[str, Any] = {"assignee": key, "status": status.value}
    effects: list[Effect] = [
        ChangeTicket(ticket.number, changes),
        AddMessage(ticket.number, Visibility.EVENT, asked.by, f"assigned to {key}{_from(former)}"),
    ]
    whole, joining = with_agents(replace(ticket, assignee=key, status=status), (taker,))
    effects += [AddParticipant(ticket.number, who) for who in joining]
    asker = asked.agent.address
    if key != asker.key:
        effects.append(_told(asked, whole, key, "agent_assigned", {"story": story_for(asked, whole)}))
    if former is not None and former.address.key not in (asker.key, key):
        whole, back = with_agents(whole, (former,))  # they may have been taken off
        effects += [AddParticipant(ticket.number, who) for who in back]
        given = {"notice": "handed-over", "sender": asker, "text": "", "assignee": taker.address.shown}
        effects.append(_told(asked, whole, former.address.key, "agent_notice", given))
    away = until(taker, _today(asked))
    told = (result_text("assigned-away", asked.language, taker.address.shown),) if away else ()
    return Move(whole, tuple(effects), "", taker.address.shown, told)


def _conflict(asked: Asked) -> str:
    """What stands beside it and would tell the same agent twice, or give the request to two."""
    others = [c for c in asked.words.commands if c is not asked.command]
    beside = [c for c in others if c.word in _NOT_BESIDE or (c.word == ASSIGN and c.argument != asked.argument)]
    beside += [c for c in others if c.word == "add" and address_key(c.argument) == address_key(asked.argument)]
    return " ".join([asked.command.written, *(c.written for c in beside)]) if beside else ""


def _named(settings: Settings, ticket: Ticket, asked: Asked) -> tuple[Person | None, str, str]:
    """The agent who is meant; or why there is none, and about what."""
    written = asked.argument.strip().removeprefix("@")
    if plain(written) in _ME:
        return asked.agent, "", ""
    if "@" in written:
        found = settings.agents.get(address_key(written.strip("<>").removeprefix("mailto:")))
        return (found, "", "") if found else (None, "unknown-hands", asked.command.written)
    team = next((t for t in _teams(settings) if plain(t) == plain(written)), "")
    if not team:
        return (None, "unknown-hands", asked.command.written)
    rota = without(asked.facts.rota, ticket)
    key = assignee(settings, (team,), ticket.queue, rota, _today(asked))
    return (settings.agents[key], "", "") if key else (None, "nobody-there", team)


def nearest_hands(settings: Settings, line: str) -> tuple[str, tuple[str, ...]]:
    """For a line such as `#assign bop`: the line that was probably meant, without its sign, or ''; and the teams. A
    colleague is known by the first part of the address and by their names too."""
    written, _, said = line.lstrip("# \u00a0").partition(" ")
    words = {plain(team): team for team in _teams(settings)}
    for agent in settings.agents.values():
        address = agent.address.address
        names = (address, address.partition("@")[0], agent.address.name, *agent.address.name.split())
        words |= {plain(name): address for name in names if name and plain(name) not in words}
    near = difflib.get_close_matches(plain(said)[:100], list(words), n=1, cutoff=0.6)
    return f"{written} {words[near[0]]}" if near else "", _teams(settings)


def _teams(settings: Settings) -> tuple[str, ...]:
    return tuple(sorted({team for agent in settings.agents.values() for team in agent.teams}))


def without(rota: Rota, ticket: Ticket) -> Rota:
    """The agents' work but for this ticket, which is the one to be given."""
    load = dict(rota.load)
    if ticket.status not in ENDED and load.get(ticket.assignee):
        load[ticket.assignee] -= 1
    return replace(rota, load=load)


def until(agent: Person, today: date) -> date | None:
    """The last day of the absence in which that agent is on that day."""
    return None if is_there(agent, today) else max(last for first, last in agent.away if first <= today <= last)


def _today(asked: Asked) -> date:
    return asked.now.astimezone(asked.desk.settings.site.zone).date()


def _from(former: Person | None) -> str:
    return f", {former.address.key} had it" if former else ""


def _told(asked: Asked, ticket: Ticket, key: str, template: str, values: dict[str, Any]) -> Effect:
    who = ticket.agent(key)
    assert who is not None
    return letters.to_participant(
        asked.desk,
        template,
        ticket,
        who,
        owed_for=f"assigned:{asked.key}:{template}",
        now=asked.now,
        automatic=AUTOMATIC,
        values=values,
    )


def story_for(asked: Asked, ticket: Ticket) -> tuple[Told, ...]:
    """The last messages, oldest first, and what the same mail says besides."""
    entries: list[Entry] = list(asked.facts.last_messages)
    if asked.text:
        entries.append(Entry(asked.by, asked.text, asked.is_note, asked.now))
    return as_told(asked.desk, ticket, entries)


def as_told(desk: Desk, ticket: Ticket, entries: Sequence[Entry]) -> tuple[Told, ...]:
    """Messages in the words of a notice to an agent: by whom, when, cut where they are long, without references."""
    names = {p.key: p.shown for p in ticket.participants}
    brand, zone = desk.settings.site.reference, desk.settings.site.zone
    found = []
    for entry in entries:
        text = without_references(entry.text, brand)
        cut = text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()} […]"
        who = names.get(address_key(entry.author)) or Address(entry.author).shown
        found.append(Told(who, entry.at.astimezone(zone), cut, entry.is_note))
    return tuple(found)


ROWS = {ASSIGN: Row(_assign)}
