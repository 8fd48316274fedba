"""What was asked, what do an agent's #priority and its neighbours give, and what does the customer hear of it?"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from maild.agent_words import Command
from maild.decision import Decision
from maild.effects import AddMessage, ChangeTicket, Effect
from maild.lifecycle import ENDED
from maild.people.command_table import TABLE
from maild.people.internal import plain
from maild.plan import letters
from maild.plan.ending import customers
from maild.plan.foreseen import foreseen
from maild.plan.letters import AUTOMATIC, Desk
from maild.rules.named import words_for
from maild.rules.priority import BY_MATRIX, by_matrix
from maild.settings import Settings
from maild.ticket import Ticket, Visibility
from maild.writing.wording import word

QUALIFIES = frozenset({"priority", "impact", "urgency"})  # what they say is the desk's word from then on
QUALIFYING = QUALIFIES | {"type", "product", "queue", "tag"}
_LIVES = frozenset({"open", "reopen", "pending", "hold"})  # commands after which a request is open, whatever it was
CHANGED, CONFIRMED = "priority_changed", "priority_confirmed"
_WRITTEN = {row.word: row.values for row in TABLE if row.values}
_SAME_FOR = {name: row.word for row in TABLE for name in map(plain, (row.word, *row.aliases)) if row.word in QUALIFYING}


@dataclass(frozen=True, slots=True)
class Qualified:
    """What the commands did together: the ticket as it then is, (word, what) of each for the agent, or the problems.

    `told`: the template that the customer of an open request is owed, '' for none.
    """

    ticket: Ticket
    effects: list[Effect] = field(default_factory=list)
    results: tuple[tuple[str, str], ...] = ()
    problems: tuple[tuple[str, str], ...] = ()
    told: str = ""


def qualified(
    settings: Settings, ticket: Ticket, commands: Sequence[Command], *, by: str, key: str, language: str
) -> Qualified:
    """All of these commands of a mail. With any problem nothing is done.

    `by`: the agent's address, '' for the operator; `key`: the same in its compared form; `language`: theirs.
    """
    asked = [c for c in commands if c.word in QUALIFYING]
    if not asked:
        return Qualified(ticket)
    said: dict[str, str] = {}
    problems = []
    for command in asked:
        value = command.argument
        if command.word not in QUALIFIES and command.word != "tag":
            value = _known(words_for(settings, command.word), value)
        if not value:
            problems.append(("unknown-value", command.written))
        elif said.get(command.word, value) != value and command.word != "tag":
            problems.append(("conflict", f"#{command.word}"))
        elif command.word == "tag":
            said["tag"] = f"{said.get('tag', '')},{value}"
        else:
            said[command.word] = value
    if problems:
        return Qualified(ticket, problems=tuple(problems))
    changes = _changes(settings, ticket, said, key)
    effect = ChangeTicket(ticket.number, changes)
    after = foreseen(ticket, [effect])
    is_confirmed = "priority" in said and after.priority == ticket.priority and not ticket.qualified_by
    told = CHANGED if after.priority != ticket.priority else CONFIRMED if is_confirmed else ""
    story = AddMessage(ticket.number, Visibility.EVENT, by, _story(ticket, after, changes, is_confirmed=is_confirmed))
    results = [(name, _shown(name, value, language)) for name, value in said.items() if name != "priority"]
    if told or "priority" in said:
        shown = word(after.priority, language)
        results.append(("priority-confirmed" if told == CONFIRMED else "priority", shown))
    is_told = settings.priorities.tell == "customer"
    return Qualified(after, [effect, story], tuple(results), told=told if is_told else "")


def _changes(settings: Settings, ticket: Ticket, said: Mapping[str, str], key: str) -> dict[str, Any]:
    """New values of the ticket's fields. Where impact or urgency are said and no priority, it follows by the matrix."""
    changes: dict[str, Any] = {name: value for name, value in said.items() if name != "tag"}
    if "tag" in said:
        changes["tags"] = tuple(dict.fromkeys((*ticket.tags, *_parts(said["tag"]))))
    if said.keys() & QUALIFIES:
        changes["qualified_by"] = key
    if said.keys() & {"impact", "urgency"} and "priority" not in said:
        impact, urgency = said.get("impact", ticket.impact), said.get("urgency", ticket.urgency)
        changes["priority"] = by_matrix(settings.priorities, impact, urgency) or ticket.priority
    return changes


def _story(before: Ticket, after: Ticket, changes: Mapping[str, Any], *, is_confirmed: bool) -> str:
    said = ", ".join(
        f"{name} = {value if isinstance(value, str) else ' '.join(value)}"
        for name, value in changes.items()
        if name != "qualified_by" and (name != "priority" or value != before.priority)
    )
    if "priority" in changes and after.priority == before.priority:
        stays = f"priority {after.priority} {'confirmed' if is_confirmed else 'stays'}"
        said = ", ".join(filter(None, (said, stays)))
    asked = f"asked: {after.asked_priority}" if "priority" in changes and after.asked_priority else ""
    return "; ".join(filter(None, (said, asked)))


def _shown(name: str, value: str, language: str) -> str:
    return word(f"{name}-{value}", language) if name in QUALIFIES else ", ".join(_parts(value))


def _parts(tags: str) -> list[str]:
    return list(filter(None, map(str.strip, tags.split(","))))


def _known(words: Sequence[str], written: str) -> str:
    """The word of the file that is meant, accents and case apart; any word where the file names none; '' for none."""
    return next((w for w in words if plain(w) == plain(written)), "" if words else written)


@dataclass(frozen=True, slots=True)
class News:
    """What the customer is to hear of the priority: by which template, where no other mail leaves, and what it was."""

    template: str
    before: Ticket

    @property
    def values(self) -> dict[str, object]:
        """For the template of whichever mail says it."""
        return {"qualified": self.template, "before": self.before.priority}


def news_of(worth: Qualified, before: Ticket, wish: str = "") -> News:
    """What the customer is to hear; nothing of a request that has ended, or ends by what else is asked (`wish`)."""
    is_open = wish in _LIVES or (not wish and before.status not in ENDED)
    return News(worth.told if is_open else "", before)


def told_of_priority(desk: Desk, ticket: Ticket, news: News, content_key: str, now: datetime) -> list[Effect]:
    """The customer's mail on the priority, where no other one says it."""
    return [
        letters.to_participant(
            desk,
            news.template,
            ticket,
            who,
            owed_for=f"{news.template}:{content_key}",
            now=now,
            automatic=AUTOMATIC,
            values=news.values,
        )
        for who in (customers(ticket) if news.template else ())
    ]


def at_opening(ticket: Ticket, decision: Decision) -> list[Effect]:
    """What was asked and what is given, in the story of a ticket that opens; nothing where nobody asked and the rules
    alone have spoken, since these stand there."""
    asked = ", ".join(
        f"{name} {value}"
        for name, value in (
            ("priority", ticket.asked_priority),
            ("impact", ticket.asked_impact),
            ("urgency", ticket.asked_urgency),
        )
        if value
    )
    if not asked and not decision.why_priority.startswith(BY_MATRIX):
        return []
    given = f"priority {decision.priority}, {decision.why_priority or 'the usual one'}"
    text = f"{given}; asked: {asked or 'nothing'}"
    return [AddMessage(ticket.number, Visibility.EVENT, "", text)]


def nearest_value(settings: Settings, line: str, language: str) -> tuple[str, tuple[str, ...]]:
    """For a line such as `#priority hihg`: the line that was probably meant, without its sign, or ''; and all that may
    be said in its place, in that language."""
    written, _, value = line.lstrip("# \u00a0").partition(" ")
    command = _SAME_FOR.get(plain(written.rstrip(":")), "")
    known = tuple(_WRITTEN.get(command, words_for(settings, command) if command else ()))
    by_plain = {plain(one): one for one in known}
    near = difflib.get_close_matches(plain(value.strip(" :\u00a0")), list(by_plain), n=1, cutoff=0.6)
    shown = known
    if command in _WRITTEN:  # those of one language, each once
        shown = tuple(dict.fromkeys(word(f"{command}-{ours}", language) for ours in _WRITTEN[command].values()))
    return f"{written} {by_plain[near[0]]}" if near else "", shown
