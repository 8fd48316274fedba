"""Whom do rules tell besides, and to whom is a request passed on? A notice, or the request's own words.

Whoever gets a mail about the matter anyway gets no second one. An agent's notice carries their reference; whoever is
no agent gets mails that lead nowhere: the bare number names the request to people.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from maild.decision import Deadline, Decision, Occasion
from maild.effects import AddMessage, AddParticipant, Effect, QueueMail, StartTimer
from maild.mail import Address, Attachment, address_key
from maild.plan import letters
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.notify import GATHER, agents_to_tell, look_alike, with_agents
from maild.rules.assigning import is_there
from maild.settings.actions import ADMIN, ASSIGNEE, TEAM
from maild.ticket import Person, Role, Ticket, Visibility

NOTICE, FORWARDED = "agent_notice", "forwarded"
_BY_OCCASION = {Occasion.SLA_WARNING: "agent_sla_warning", Occasion.SLA_BREACHED: "agent_sla_breach"}


@dataclass(frozen=True, slots=True)
class Said:
    """The words that a notice tells of, and what is known of them."""

    text: str = ""
    sender: Address | None = None
    attachments: Sequence[Attachment] = ()
    is_unproved: bool = False
    customer: Person | None = None  # the requester, as far as anybody knows them


def tell(
    desk: Desk,
    ticket: Ticket,
    decision: Decision,
    occasion: Occasion,
    said: Said,
    request: Said,
    before: Sequence[Effect],
    owed_for: str,
    now: datetime,
    deadline: Deadline | None = None,
    *,
    is_whole: bool = True,
    more: Mapping[str, object] | None = None,
) -> list[Effect]:
    """The notices of what was `said`, and the `request` where it is passed on.

    `before`: what is true besides; `ticket` is as it will be then. `deadline`: what the clock tells of.
    `is_whole`: agents may hear of it; of one that lacks something only those who are on it do, since they heard before.
    `more`: values of the notice, where something else has happened than its occasion says.
    """
    told = _told_already(ticket, before)
    today = now.astimezone(desk.settings.site.zone).date()
    agents, others = receivers(desk, ticket, decision, today)
    fresh = {key: rules for key, rules in agents.items() if key not in told and (is_whole or ticket.agent(key))}
    full, added = with_agents(ticket, tuple(desk.settings.agents[key] for key in fresh))
    effects: list[Effect] = [AddParticipant(ticket.number, who) for who in added]
    known = {**about(desk, said), "notice": f"rule-{occasion.value}", **_told_by_clock(desk, ticket, deadline)}
    known |= more or {}
    template = _BY_OCCASION.get(occasion, NOTICE)
    for key, rules in fresh.items():
        who = next(p for p in full.participants if p.key == key and p.role is Role.AGENT and not p.is_removed)
        values = {**known, "text": said.text, "rule": _listed(rules)}
        notice = letters.to_participant(
            desk,
            template,
            full,
            who,
            owed_for=f"{owed_for}:{template}",
            now=now,
            automatic=AUTOMATIC,
            values=values,
            attachments=said.attachments,
        )
        effects.append(notice)
    told |= {address_key(address) for address in decision.forwards}
    for address, rules in others.items():
        if address_key(address) not in told:
            notice = to_outsider(desk, full, template, address, owed_for, now, {**known, "rule": _listed(rules)})
            effects.append(notice)
    for address in dict.fromkeys(decision.forwards):
        values = {**about(desk, request), "notice": "passed-on", "text": request.text}
        effects.append(to_outsider(desk, full, FORWARDED, address, owed_for, now, values, request.attachments))
    return effects


def _told_by_clock(desk: Desk, ticket: Ticket, told: Deadline | None) -> dict[str, object]:
    if told is None:
        return {}
    agent, zone = desk.settings.agents.get(ticket.assignee), desk.settings.site.zone
    return {
        "target": told.target,
        "step": told.step,
        "due": told.due_at.astimezone(zone),
        "ended_at": told.ended_at.astimezone(zone) if told.ended_at else None,
        "is_answered": told.is_answered,
        "assignee": agent.address.shown if agent else "",
    }


def about(desk: Desk, said: Said) -> dict[str, object]:
    """What a notice says of whose words these are."""
    return {
        "sender": said.sender,
        "customer": said.customer,
        "unproved": said.is_unproved,
        "look_alike": look_alike(desk, said.sender),
    }


def receivers(
    desk: Desk, ticket: Ticket, decision: Decision, today: date
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Agents (compared form) and other addresses, each once, with the rules that name them."""
    settings = desk.settings
    agents: dict[str, list[str]] = {}
    others: dict[str, list[str]] = {}
    keys: dict[str, str] = {}
    fired = {(trial.rule, trial.line) for trial in decision.fired}
    for rule in settings.rules:
        if (rule.name, rule.line) not in fired:
            continue
        for word in rule.then.notify or ():
            for address in _addresses(desk, ticket, word, today):
                key = address_key(address)
                found = agents if key in settings.agents else others
                named = found.setdefault(key if found is agents else keys.setdefault(key, address), [])
                named += [] if rule.name in named else [rule.name]
    return agents, others


def people_named(desk: Desk, ticket: Ticket, words: Sequence[str], today: date) -> tuple[list[str], list[str]]:
    """Agents (compared form) and other addresses that these words of `notify` name, each once."""
    named: dict[str, str] = {}
    for word in words:
        for address in _addresses(desk, ticket, word, today):
            named.setdefault(address_key(address), address)
    agents = [key for key in named if key in desk.settings.agents]
    return agents, [address for key, address in named.items() if key not in agents]


def _addresses(desk: Desk, ticket: Ticket, word: str, today: date) -> Sequence[str]:
    """Whom a word of `notify` names. Where nobody is assigned the team stands for the assignee. Of a team whoever is
    away is passed over, unless all are; a person who is named, or assigned, is told wherever they are."""
    settings = desk.settings
    if word == ADMIN:
        return (settings.admin,)
    if "@" in word:
        return (word,)
    if word == TEAM:
        return _of_team(settings.team_of(ticket.queue), today)
    if word == ASSIGNEE:
        told = agents_to_tell(desk, ticket)
        return _of(told) if ticket.assignee in settings.agents else _of_team(told, today)
    return _of_team(settings.members_of(word), today)


def _of_team(team: Sequence[Person], today: date) -> tuple[str, ...]:
    return _of([agent for agent in team if is_there(agent, today)] or team)


def _of(agents: Iterable[Person]) -> tuple[str, ...]:
    return tuple(agent.address.address for agent in agents)


def _told_already(ticket: Ticket, effects: Sequence[Effect]) -> frozenset[str]:
    """Who wrote what has happened, or gets a mail about this ticket by these effects, now or gathered with others."""
    mine = [e for e in effects if isinstance(e, QueueMail | StartTimer | AddMessage) and e.number == ticket.number]
    written = [e for e in mine if isinstance(e, AddMessage) and e.visibility is Visibility.PUBLIC]
    gathered = {e.step for e in mine if isinstance(e, StartTimer) and e.policy == GATHER}
    return frozenset(
        {address_key(e.recipient) for e in mine if isinstance(e, QueueMail)}
        | {who.key for who in ticket.participants if who.slot in gathered}
        | {address_key(e.author) for e in written}
    )


def to_outsider(
    desk: Desk,
    ticket: Ticket,
    template: str,
    address: str,
    owed_for: str,
    now: datetime,
    values: Mapping[str, object],
    attachments: Sequence[Attachment] = (),
) -> QueueMail:
    """A mail to whoever is on no ticket by it."""
    return letters.to_address(
        desk,
        template,
        ticket.mailbox,
        Address(address),
        owed_for=f"{owed_for}:{template}:{address_key(address)}",
        now=now,
        automatic=AUTOMATIC,
        language=letters.language_for(desk, address, ""),
        values=values,
        about=ticket,
        attachments=attachments,
    )


def _listed(rules: Sequence[str]) -> str:
    return ", ".join(rules)
