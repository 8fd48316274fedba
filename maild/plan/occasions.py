"""What has happened to a ticket, and what do the rules make of it? What they do is added to what is planned already.

Rules are asked once for what one mail, one instant of the clock or one command does to a ticket; what they do happens
without asking them again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from maild.decision import Decision, Occasion, Rota
from maild.effects import AddMessage, AddParticipant, ChangeTicket, Effect, RecordDecision
from maild.judgement import Proof
from maild.lifecycle import TRANSITIONS, Event
from maild.mail import Address, is_deliverable
from maild.plan import letters
from maild.plan.case import Incoming
from maild.plan.foreseen import foreseen
from maild.plan.handing_over import without
from maild.plan.happenings import BY_CUSTOMER, Happened, is_awaited
from maild.plan.letters import AUTOMATIC, REPLIED, Desk
from maild.plan.matters import following
from maild.plan.notify import look_alike, with_agents
from maild.plan.suggesting import request_on, values_beside
from maild.plan.telling import Said, tell
from maild.rules.decide import decide
from maild.rules.priority import BY_MATRIX
from maild.settings import Settings
from maild.threading.limits import is_known, why_no_answer
from maild.ticket import Participant, Person, Role, Ticket, Visibility

_SAID = ("queue", "type", "product", "priority", "impact", "urgency", "tags")


@dataclass(frozen=True, slots=True)
class Known:
    """What the rules may ask besides; read only where they are asked."""

    who: Person | None = None  # the requester of the ticket
    rota: Rota = field(default_factory=Rota)
    earlier_tickets: int = 0
    silence: timedelta | None = None
    first_words: str = ""  # with which the ticket began; read where a request may be passed on
    are_unproved: bool = False  # nothing vouches for whose words these are


@dataclass(frozen=True, slots=True)
class Cause:
    """By what it happened: a mail; or the clock or a command, where there is none."""

    owed_for: str  # unique for it
    now: datetime
    case: Incoming | None = None


def follow(desk: Desk, what: Happened, known: Known, cause: Cause, effects: Sequence[Effect]) -> list[Effect]:
    """What the rules add. `effects`: all that is planned already."""
    settings, ticket, case = desk.settings, what.ticket, cause.case
    mail = (case.held_mail or case.mail) if case else None
    asked = ticket.requester
    at = (case.arrived_at if case else None) or cause.now
    matter = following(
        settings,
        ticket,
        what.occasions,
        at,
        mail,
        known.who,
        earlier_tickets=known.earlier_tickets,
        silence=known.silence,
        deadline=what.deadline,
    )
    decision = decide(settings, matter, without(known.rota, ticket))
    is_whole = not is_awaited(ticket) or Occasion.AGENT_REPLIED in what.occasions
    if not is_whole:  # whoever gets it gets it once there is something to work on
        decision = replace(decision, assignee=ticket.assignee)
    owed_for = f"{cause.owed_for}:{ticket.number}"
    said = _said(what, known, case)
    changed, ticket = _changed(settings, ticket, decision)
    given: list[Effect] = []
    if ticket.assignee != what.ticket.assignee:
        given, ticket = _given(desk, ticket, said, owed_for, cause.now)
    more = [*changed, *given, *_sent(desk, ticket, decision, what, cause, owed_for)]
    request = said
    if BY_CUSTOMER.isdisjoint(what.occasions) or not what.text:
        asker = Address(asked.address, asked.name)
        request = Said(known.first_words, asker, (), known.are_unproved, known.who)
    more += tell(
        desk,
        ticket,
        decision,
        matter.occasion,
        said,
        request,
        [*effects, *more],
        owed_for,
        cause.now,
        what.deadline,
        is_whole=is_whole,
    )
    record = RecordDecision(
        ticket.number,
        case.inbound_id if case else None,
        ", ".join(what.occasions),
        "",
        "",
        decision.trials,
        settings.digest,
    )
    return [*more, record]


def _said(what: Happened, known: Known, case: Incoming | None) -> Said:
    """The words that whoever is told may read."""
    if case is None or not what.text:
        return Said(customer=known.who)
    mail, asked = case.held_mail or case.mail, what.ticket.requester
    sender = mail.sender
    if sender is not None and not sender.name and sender.key == asked.key:
        sender = Address(sender.address, asked.name)
    return Said(what.text, sender, case.attachments, case.verdict.proof is Proof.NONE, known.who)


def _changed(settings: Settings, ticket: Ticket, decision: Decision) -> tuple[list[Effect], Ticket]:
    """What the rules make of the ticket itself."""
    changes: dict[str, Any] = {n: getattr(decision, n) for n in _SAID if getattr(decision, n) != getattr(ticket, n)}
    if decision.assignee != ticket.assignee:
        status = TRANSITIONS.get((ticket.status, Event.ASSIGNED), ticket.status)
        changes |= {"assignee": decision.assignee, "status": status.value}
    if not changes:
        return [], ticket
    effect = ChangeTicket(ticket.number, changes)
    said = ", ".join(f"{name} = {_shown(changes[name])}" for name in changes if name != "status")
    if "priority" in changes and decision.why_priority.startswith(BY_MATRIX):
        said = f"{said}; the priority {decision.why_priority}"
    story = AddMessage(ticket.number, Visibility.EVENT, "", f"by the rules: {said}")
    return [effect, story], foreseen(ticket, [effect])


def _shown(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else " ".join(value)


def _given(desk: Desk, ticket: Ticket, said: Said, owed_for: str, now: datetime) -> tuple[list[Effect], Ticket]:
    """Its new assignee joins the ticket, and reads what has just been written in it."""
    agent = desk.settings.agents[ticket.assignee]
    ticket, added = with_agents(ticket, (agent,))
    who = next(p for p in ticket.participants if p.key == agent.address.key and _is_agent(p))
    letter = letters.to_participant(
        desk,
        "agent_assigned",
        ticket,
        who,
        owed_for=f"{owed_for}:agent_assigned",
        now=now,
        automatic=AUTOMATIC,
        values={
            "text": said.text,
            "sender": said.sender,
            "unproved": said.is_unproved,
            "look_alike": look_alike(desk, said.sender),
        },
        attachments=said.attachments,
    )
    return [*(AddParticipant(ticket.number, p) for p in added), letter], ticket


def _is_agent(who: Participant) -> bool:
    return who.role is Role.AGENT and not who.is_removed


def _sent(desk: Desk, ticket: Ticket, decision: Decision, what: Happened, cause: Cause, owed_for: str) -> list[Effect]:
    """The templates for the requester. Where a customer's mail is the cause they are answers, and bound by limits."""
    answered, who = None if BY_CUSTOMER.isdisjoint(what.occasions) else cause.case, ticket.requester
    if not is_deliverable(who.address) or who.is_undeliverable:
        return []
    is_receiver_known = answered is None or is_known(answered.mail, answered.facts, desk.settings)
    language = letters.language_for(desk, who.address, ticket.language)
    asked = request_on(ticket, what.text, language, decision)
    found: list[Effect] = []
    for template in decision.sends:
        if answered and _may_not_be_answered(desk.settings, answered, template):
            continue
        beside = values_beside(desk, template, asked, is_known=is_receiver_known)
        if beside is None:
            continue
        letter = letters.to_participant(
            desk,
            template,
            ticket,
            who,
            owed_for=f"{owed_for}:{template}",
            now=cause.now,
            automatic=REPLIED if answered else AUTOMATIC,
            is_answer=answered is not None,
            is_known=is_receiver_known,
            values=beside,
        )
        found.append(letter)
    return found


def _may_not_be_answered(settings: Settings, case: Incoming, template: str) -> bool:
    return why_no_answer(template, case.mail, case.verdict.proof, case.facts, settings) != ""
