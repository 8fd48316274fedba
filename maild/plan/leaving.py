"""An agent leaves: their references are dead at once, and each open ticket is handed on. To whom, and who is told?

The takers are told in one mail each, however many tickets they get.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from maild.effects import AddMessage, AddParticipant, ChangeTicket, Effect
from maild.errors import BadInput
from maild.mail import address_key
from maild.personal_effects import EndAgent
from maild.plan import letters
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.links import Request, links_for
from maild.plan.notify import with_agents
from maild.ticket import Participant, Person, Role, Ticket, Visibility

_MAIL = "agent_assigned"


def leave(
    desk: Desk, leaver: str, tickets: Sequence[Ticket], load: Mapping[str, int], to: str, now: datetime
) -> list[Effect]:
    """What becomes true. `desk` without the leaver (whose address is in compared form), `tickets` their open ones.

    `to`: an agent's address or a team; '' for the team of each ticket's queue. Within a team the least loaded takes
    over. BadInput, and nothing is done, where there is nobody for a ticket.
    """
    takers = _takers(desk, to) if to else ()
    counts = dict(load)
    effects: list[Effect] = [EndAgent(leaver)]
    taken: dict[str, list[Ticket]] = {}
    for ticket in tickets:
        team = takers or desk.settings.team_of(ticket.queue)
        if not team:
            brand = desk.settings.site.reference
            raise BadInput(
                f"nobody could take over {brand}-{ticket.number}: no other agent empties the queue '{ticket.queue}'; "
                "say who with --to ADDRESS or --to TEAM. Nothing was changed"
            )
        taker = min(team, key=lambda a: (counts.get(a.address.key, 0), a.address.name.casefold(), a.address.key))
        key = taker.address.key
        counts[key] = counts.get(key, 0) + 1
        here = replace(ticket, participants=_without(ticket, leaver), assignee=key)
        full, added = with_agents(here, (taker,))
        effects += [ChangeTicket(ticket.number, {"assignee": key})]
        effects += [AddParticipant(ticket.number, who) for who in added]
        effects.append(AddMessage(ticket.number, Visibility.EVENT, "", f"{leaver} has left; {key} takes over"))
        taken.setdefault(key, []).append(full)
    return effects + [_told(desk, desk.settings.agents[key], leaver, mine, now) for key, mine in taken.items()]


def _takers(desk: Desk, to: str) -> tuple[Person, ...]:
    agents = desk.settings.agents
    if "@" in to:
        if (found := agents.get(address_key(to))) is None:
            raise BadInput(f"no agent has the address {to}; agents are {', '.join(sorted(agents))}")
        return (found,)
    team = tuple(a for a in agents.values() if to in a.teams)
    if not team:
        teams = sorted({name for a in agents.values() for name in a.teams})
        raise BadInput(f"nobody is in the team '{to}'; teams are {', '.join(teams) or 'none'}")
    return team


def _without(ticket: Ticket, leaver: str) -> tuple[Participant, ...]:
    gone = (p.key == leaver and p.role is Role.AGENT for p in ticket.participants)
    return tuple(replace(p, is_removed=True) if left else p for p, left in zip(ticket.participants, gone, strict=True))


def _told(desk: Desk, taker: Person, leaver: str, tickets: Sequence[Ticket], now: datetime) -> Effect:
    """One ticket: a mail that answers its customer by Reply; several: a list with a link for each."""
    key = taker.address.key
    owed_for = f"left:{leaver}:{key}:{now:%Y-%m-%dT%H:%M:%S}"
    language = letters.language_for(desk, taker.address.address, "")
    values = {"details": (leaver,)}
    if len(tickets) == 1:
        who = tickets[0].agent(key)
        assert who is not None
        return letters.to_participant(
            desk, _MAIL, tickets[0], who, owed_for=owed_for, now=now, automatic=AUTOMATIC, values=values
        )
    given = []
    for ticket in tickets:
        who = ticket.agent(key)
        assert who is not None
        link = links_for(desk, ticket, who, language)["answer"]
        number = f"{desk.settings.site.reference}-{ticket.number}"
        given.append(Request(ticket.number, ticket.subject, number, link, ticket.requester.shown))
    return letters.to_address(
        desk,
        _MAIL,
        tickets[0].mailbox,
        taker.address,
        owed_for=owed_for,
        now=now,
        automatic=AUTOMATIC,
        language=language,
        values=values | {"requests": tuple(given)},
    )
