"""Who among the agents is told: the assignee, or the team where nobody is assigned."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from maild.effects import AddParticipant, Effect, StartTimer
from maild.judgement import Facts
from maild.mail import Address, ParsedMail
from maild.plan import letters
from maild.plan.letters import AUTOMATIC, Desk
from maild.threading.look_alike import look_alike_of
from maild.ticket import Participant, Person, Role, Ticket

CUSTOMER_REPLY = "agent_customer_reply"
GATHER = "gather"  # policy of the timers that end a gathering; step: the agent's slot, round: the mail that began it
GATHER_FOR = timedelta(minutes=5)  # after a word to an agent further answers of the customer go into one mail


@dataclass(frozen=True, slots=True)
class LookAlike:
    """An address, and the one of ours, or our domain, that it only looks like."""

    address: str
    of: str


def look_alike(desk: Desk, sender: Address | None) -> LookAlike | None:
    """What agents are warned of at the head of a mail about what that sender wrote."""
    imitated = look_alike_of(sender.address, desk.settings) if sender else ""
    return LookAlike(sender.key, imitated) if sender and imitated else None


def agents_to_tell(desk: Desk, ticket: Ticket) -> tuple[Person, ...]:
    """The assignee; where nobody is assigned (or whoever was has left) each agent of the queue's team."""
    assignee = desk.settings.agents.get(ticket.assignee)
    return (assignee,) if assignee else desk.settings.team_of(ticket.queue)


def with_agents(ticket: Ticket, agents: tuple[Person, ...]) -> tuple[Ticket, tuple[Participant, ...]]:
    """The ticket with each of these agents on it, and those who were not before: a reference needs a participant."""
    added: list[Participant] = []
    for agent in agents:
        if ticket.agent(agent.address.key) is not None:
            continue
        joins = Participant(ticket.next_slot, agent.address.address, agent.address.name, Role.AGENT)
        added.append(joins)
        ticket = replace(ticket, participants=(*ticket.participants, joins))
    return ticket, tuple(added)


def tell_agents(
    desk: Desk,
    template: str,
    ticket: Ticket,
    mail: ParsedMail | None,
    text: str,
    owed_for: str,
    facts: Facts,
    *,
    values: Mapping[str, Any] | None = None,
) -> list[Effect]:
    """A mail to each agent whom the ticket concerns; who wrote it and what came with it goes along."""
    agents = agents_to_tell(desk, ticket)
    full, added = with_agents(ticket, agents)
    effects: list[Effect] = [AddParticipant(ticket.number, p) for p in added]
    for agent in agents:
        who = full.agent(agent.address.key)
        assert who is not None
        notice = facts.notices.get((ticket.number, who.slot))
        if template == CUSTOMER_REPLY and notice is not None and facts.now < notice.at + GATHER_FOR:
            due = notice.at + GATHER_FOR
            effects.append(StartTimer(ticket.number, GATHER, who.slot, notice.outbox_id, due))
            continue
        effects.append(
            letters.to_participant(
                desk,
                template,
                full,
                who,
                owed_for=f"{owed_for}:{template}",
                now=facts.now,
                automatic=AUTOMATIC,
                values={
                    "text": text,
                    "sender": mail.sender if mail else None,
                    "look_alike": look_alike(desk, mail.sender if mail else None),
                    **(values or {}),
                },
                attachments=mail.attachments if mail else (),
            )
        )
    return effects


def team_of(desk: Desk, mailbox: str) -> tuple[Person, ...]:
    """The team that empties a mailbox's queue."""
    settings = desk.settings
    return settings.team_of(settings.mailboxes[mailbox].queue or next(iter(settings.queues)))
