"""Whom does a rule assign? The first of its ways that gives an agent who is there.

A tie goes to the first by name, then by address, so that the same question has the same answer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from maild.decision import Rota
from maild.mail import address_key
from maild.settings import Settings
from maild.settings.actions import LEAST_LOADED, ROUND_ROBIN, SAME_AS_LAST, SAME_FOR_ORGANISATION
from maild.ticket import Person


def assignee(settings: Settings, ways: Sequence[str], queue: str, rota: Rota, today: date) -> str:
    """The address of an agent in compared form, or ''. `today`: who is away on that day is passed over."""
    team = _there(settings.team_of(queue), today)
    for way in ways:
        if way in _WAYS:
            found = _WAYS[way](team, rota)
        elif "@" in way:
            agent = settings.agents.get(address_key(way))  # they may have left since
            found = _first(_there((agent,) if agent else (), today))
        else:
            found = _least_loaded(_there(settings.members_of(way), today), rota)
        if found:
            return found
    return ""


def _there(agents: Iterable[Person], today: date) -> tuple[Person, ...]:
    present = [a for a in agents if is_there(a, today)]
    return tuple(sorted(present, key=lambda a: (a.address.name.casefold(), a.address.key)))


def is_there(agent: Person, today: date) -> bool:
    """Whether an agent works on that day."""
    return not any(first <= today <= last for first, last in agent.away)


def _first(agents: Sequence[Person]) -> str:
    return agents[0].address.key if agents else ""


def _least_loaded(team: Sequence[Person], rota: Rota) -> str:
    """The one with the fewest open tickets."""
    return _first(sorted(team, key=lambda a: rota.load.get(a.address.key, 0)))


def _round_robin(team: Sequence[Person], rota: Rota) -> str:
    """The one whose last ticket was given longest ago."""
    return _first(sorted(team, key=lambda a: rota.given.get(a.address.key, 0)))


def _same_as_last(team: Sequence[Person], rota: Rota) -> str:
    """Whoever had the requester's last ticket, if they are in the team."""
    return rota.former if any(a.address.key == rota.former for a in team) else ""


def _same_for_organisation(team: Sequence[Person], rota: Rota) -> str:
    """Whoever had the last ticket of anybody in the requester's organisation, if they are in the team."""
    return rota.of_organisation if any(a.address.key == rota.of_organisation for a in team) else ""


_WAYS: Mapping[str, Callable[[Sequence[Person], Rota], str]] = {
    LEAST_LOADED: _least_loaded,
    ROUND_ROBIN: _round_robin,
    SAME_AS_LAST: _same_as_last,
    SAME_FOR_ORGANISATION: _same_for_organisation,
}
