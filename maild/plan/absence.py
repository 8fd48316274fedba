"""An agent is away: by their own word (#away), or because their mail program says so. What follows?

A program's note counts for its day alone: it seldom says until when, and says it again tomorrow.
"""

from dataclasses import replace
from datetime import date

from maild.effects import AddMessage, AddParticipant, ChangeTicket, Effect
from maild.judgement import Proof
from maild.lifecycle import ENDED, TRANSITIONS, Event
from maild.mail import Kind, ParsedMail
from maild.people.dates import take_day
from maild.people.internal import plain
from maild.personal_effects import EndAbsence, SetAbsence
from maild.plan import letters
from maild.plan.asked import Asked, Row
from maild.plan.case import Incoming
from maild.plan.handing_over import as_told, without
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.move import Move
from maild.plan.notify import with_agents
from maild.plan.wording import result_text
from maild.reading.reads_like import says_away
from maild.rules.assigning import assignee, is_there
from maild.settings.actions import LEAST_LOADED
from maild.ticket import Ticket, Visibility
from maild.writing.wording import day as in_words

_BACK = frozenset({"off", "fin", "non", "no", "back", "retour", "end"})


def _away(ticket: Ticket, asked: Asked) -> Move:
    key = asked.agent.address.key
    if plain(asked.argument).strip() in _BACK:
        return Move(ticket, (EndAbsence(key),), "", result_text("away-back", asked.language))
    today = asked.now.astimezone(asked.desk.settings.site.zone).date()
    taken = take_day(asked.argument, today)
    if taken is None or taken[1]:
        return Move(ticket, (), "unknown-day", asked.command.written)
    if taken[0] < today:
        return Move(ticket, (), "past-day", asked.command.written)
    said = result_text("away-until", asked.language, in_words(taken[0], asked.language))
    return Move(ticket, (SetAbsence(key, today, taken[0]),), "", said)


def of_robot(desk: Desk, case: Incoming) -> list[Effect]:
    """What an agent's out-of-office makes true: they are away today, and what was given to them today and is not yet
    answered goes to the next one. Nothing without proof, and nothing of a mail that answers none of ours."""
    ticket, sender = case.verdict.ticket, case.mail.sender
    agent = desk.settings.agents.get(sender.key) if sender else None
    is_proved = case.verdict.proof is Proof.PASS
    if (
        ticket is None
        or agent is None
        or not is_proved
        or not _is_note(case.mail)
        or ticket.agent(agent.address.key) is None
    ):
        return []
    zone, key = desk.settings.site.zone, agent.address.key
    today = case.now.astimezone(zone).date()
    effects: list[Effect] = [SetAbsence(key, today, today)] if is_there(agent, today) else []
    is_new = ticket.opened_at is not None and ticket.opened_at.astimezone(zone).date() == today
    if ticket.assignee != key or not is_new or ticket.answered_at is not None or ticket.status in ENDED:
        return effects
    return [*effects, *_moved_on(desk, case, ticket, key, today)]


def _is_note(mail: ParsedMail) -> bool:
    """A receipt is automatic too, and says that its writer has read what was sent: they are there."""
    return mail.kind is Kind.AUTO_REPLY and says_away(mail.subject, mail.text)


def _moved_on(desk: Desk, case: Incoming, ticket: Ticket, key: str, today: date) -> list[Effect]:
    away = desk.settings.with_absences({key: (today, today)})
    found = assignee(away, (LEAST_LOADED,), ticket.queue, without(case.facts.rota, ticket), today)
    if not found:
        return []  # nobody of the team is there: it stays where it is
    status = TRANSITIONS[ticket.status, Event.ASSIGNED]
    whole, joining = with_agents(replace(ticket, assignee=found, status=status), (desk.settings.agents[found],))
    who = whole.agent(found)
    assert who is not None
    return [
        ChangeTicket(ticket.number, {"assignee": found, "status": status.value}),
        AddMessage(ticket.number, Visibility.EVENT, "", f"assigned to {found}, {key} is away"),
        *(AddParticipant(ticket.number, joins) for joins in joining),
        letters.to_participant(
            desk,
            "agent_assigned",
            whole,
            who,
            owed_for=f"away:{case.mail.content_key}",
            now=case.now,
            automatic=AUTOMATIC,
            values={"story": as_told(desk, whole, case.facts.last_messages)},
        ),
    ]


ROWS = {"away": Row(_away)}
