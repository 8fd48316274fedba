"""A request waits for somebody else than its customer (#hold): until when, and what happens on that day. Pure.

The round of its timer is that of every wait: one that was overtaken finds another round, or another state.
"""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time

from maild.agent_words import AgentWords
from maild.effects import AddMessage, AddParticipant, CancelTimers, ChangeTicket, Effect, EndTimer, StartTimer
from maild.lifecycle import TRANSITIONS, Event, Status
from maild.people.dates import take_day
from maild.people.internal import plain
from maild.plan import letters
from maild.plan.closing import HOLD, WAITS
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.notify import agents_to_tell, with_agents
from maild.settings import Settings
from maild.sla.calendar import calendar_of
from maild.ticket import DueTimer, Ticket, Visibility

POLICY = HOLD
_UNTIL = re.compile(r"(?:until|till|jusqu)\b")


def day_asked(settings: Settings, words: AgentWords, now: datetime) -> tuple[date | None, tuple[tuple[str, str], ...]]:
    """The day that stands behind #hold, or None where none does; and what is wrong with it, as (slug, line)."""
    today = now.astimezone(settings.site.zone).date()
    found = None
    for command in (c for c in words.commands if c.word == "hold"):
        taken = take_day(command.argument, today)
        if taken is None and _UNTIL.match(plain(command.argument)):
            return None, (("unknown-day", command.written),)
        if taken is not None and taken[0] <= today:
            return None, (("past-day", command.written),)
        found = taken[0] if taken is not None else found
    return found, ()


def start_hold(desk: Desk, ticket: Ticket, day: date | None, now: datetime) -> list[Effect]:
    """It waits from now on; on that day it comes back, as soon as the desk opens."""
    round_ = ticket.waiting_round + 1
    changes = {"status": Status.ON_HOLD.value, "reason": "", "waiting_round": round_, "waiting_since": None}
    effects: list[Effect] = [ChangeTicket(ticket.number, changes)]
    effects += [CancelTimers(ticket.number, policy) for policy in WAITS]
    if day is not None:
        effects.append(StartTimer(ticket.number, POLICY, 1, round_, _opens(desk.settings, day)))
    return effects


def _opens(settings: Settings, day: date) -> datetime:
    begins = datetime.combine(day, time(), settings.site.zone).astimezone(UTC)
    return calendar_of(settings).next_open(begins)


def fire(desk: Desk, timer: DueTimer, ticket: Ticket, now: datetime) -> list[Effect]:
    """The day has come: it is open again, and whoever has it is told. Nothing where it no longer waits so."""
    if ticket.status is not Status.ON_HOLD or timer.round != ticket.waiting_round or ticket.merged_into:
        return [EndTimer(timer.id, "stale")]
    status = TRANSITIONS[ticket.status, Event.OPEN]
    effects: list[Effect] = [
        EndTimer(timer.id, "fired"),
        ChangeTicket(ticket.number, {"status": status.value}),
        AddMessage(ticket.number, Visibility.EVENT, "", "no longer on hold: the day has come"),
    ]
    agents = agents_to_tell(desk, ticket)
    whole, joining = with_agents(replace(ticket, status=status), agents)
    effects += [AddParticipant(ticket.number, who) for who in joining]
    for agent in agents:
        who = whole.agent(agent.address.key)
        assert who is not None
        effects.append(
            letters.to_participant(
                desk,
                "agent_notice",
                whole,
                who,
                owed_for=f"hold:{ticket.number}:{timer.round}",
                now=now,
                automatic=AUTOMATIC,
                values={"notice": "hold-over", "text": ticket.last_answer},
            )
        )
    return effects
