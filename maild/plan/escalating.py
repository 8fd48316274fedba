"""Somebody above is to look at a request (D9): who asks, who takes it up, and what is said to either.

A request goes one step up the path of `escalation`; the step that it has reached stands on the ticket.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from maild.decision import Rota
from maild.effects import AddMessage, AddParticipant, ChangeTicket, Effect, QueueMail, StartTimer
from maild.judgement import Proof
from maild.lifecycle import ENDED, TRANSITIONS, Event
from maild.mail import Address, Attachment, ParsedMail, address_key
from maild.plan import letters
from maild.plan.asking import in_language
from maild.plan.case import Incoming
from maild.plan.foreseen import foreseen
from maild.plan.letters import AUTOMATIC, REPLIED, Desk
from maild.plan.notify import look_alike, with_agents
from maild.rules.assigning import assignee
from maild.settings import Settings
from maild.settings.escalation import EscalationStep
from maild.threading.limits import is_known, why_no_answer
from maild.ticket import Person, Ticket, Visibility

RECEIVED, NOTICE = "escalation_received", "agent_notice"
ONCE_IN = timedelta(days=1)  # a customer may ask again so much later


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants a request to go up, in which words. `by_customer`: it counts for their once a day."""

    by: Address
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    by_customer: bool = False
    is_unproved: bool = False  # nothing vouches for whose words these are


def one_step_up(
    desk: Desk, ticket: Ticket, step: EscalationStep, asked: Asked, rota: Rota, owed_for: str, now: datetime
) -> list[Effect]:
    """The ticket goes to that step: those who take it up are told, or it is given to one of them."""
    settings = desk.settings
    given = _given_to(settings, ticket, step, rota, now)
    agents, other = ((given,), None) if given else _who_takes_it(settings, step)
    number = ticket.escalation + 1
    changes: dict[str, Any] = {"escalation": number} | ({"escalated_at": now} if asked.by_customer else {})
    if given:
        status = TRANSITIONS.get((ticket.status, Event.ASSIGNED), ticket.status)
        changes |= {"assignee": given.address.key, "status": status.value}
    told = AddMessage(ticket.number, Visibility.EVENT, asked.by.address, f"escalated, step {number}: to {step.to}")
    effects: list[Effect] = [ChangeTicket(ticket.number, changes), told]
    after, joining = with_agents(foreseen(ticket, effects), agents)
    effects += [AddParticipant(ticket.number, who) for who in joining]
    former = settings.agents.get(ticket.assignee)
    values: dict[str, Any] = {
        "notice": "escalated",
        "text": asked.text,
        "sender": asked.by,
        "unproved": asked.is_unproved,
        "look_alike": look_alike(desk, asked.by),
        "customer": settings.who(ticket.requester.address),
        "escalation": {
            "step": number,
            "steps": len(settings.escalation.path) if settings.escalation else number,
            "by_customer": asked.by_customer,
            "is_given": given is not None,
            "former": former.address if former else None,
        },
    }
    for agent in agents:
        who = after.agent(agent.address.key)
        if who is None or who.key == asked.by.key:  # whoever asks knows of it
            continue
        effects.append(
            letters.to_participant(
                desk,
                NOTICE,
                after,
                who,
                owed_for=f"{owed_for}:{NOTICE}",
                now=now,
                automatic=AUTOMATIC,
                values=values,
                attachments=asked.attachments,
            )
        )
    if other is not None:
        effects.append(
            letters.to_address(
                desk,
                NOTICE,
                ticket.mailbox,
                other,
                owed_for=f"{owed_for}:{NOTICE}:{other.key}",
                now=now,
                automatic=AUTOMATIC,
                language=letters.language_for(desk, other.address, ""),
                values=values,
                about=after,
                attachments=asked.attachments,
            )
        )
    return effects


def _given_to(settings: Settings, ticket: Ticket, step: EscalationStep, rota: Rota, now: datetime) -> Person | None:
    """Whose it is from then on: the agent who is named, or of a team the least loaded who is there; None: nobody's."""
    if not step.assign:
        return None
    if "@" in step.to:
        return settings.agents.get(address_key(step.to))
    today = now.astimezone(settings.site.zone).date()
    return settings.agents.get(assignee(settings, (step.to,), ticket.queue, rota, today))


def _who_takes_it(settings: Settings, step: EscalationStep) -> tuple[tuple[Person, ...], Address | None]:
    """Agents; or somebody else's address."""
    if "@" not in step.to:
        return settings.members_of(step.to), None
    agent = settings.agents.get(address_key(step.to))
    return ((agent,), None) if agent else ((), Address(step.to))


def why_not_up(settings: Settings, ticket: Ticket, wish: str, language: str) -> list[tuple[str, str]]:
    """What forbids an agent's #escalate, as (slug, what it is about). `wish`: what else they do to the ticket."""
    path = settings.escalation
    if path is None:
        return [("no-path", "#escalate")]
    if wish in ("resolve", "decline", "cancel", "spam"):
        return [("conflict", f"#{wish} #escalate")]
    if ticket.status in ENDED and wish not in ("open", "reopen"):
        return [("impossible", "#escalate")]
    if path.step_after(ticket.escalation) is None and (last := path.step_at(ticket.escalation)) is not None:
        return [("path-ended", in_language(last.called, language))]
    return []


def by_agent(
    desk: Desk,
    ticket: Ticket,
    agent: Person,
    text: str,
    attachments: Sequence[Attachment],
    rota: Rota,
    content_key: str,
    now: datetime,
) -> tuple[list[Effect], str]:
    """An agent's #escalate, which `why_not_up` does not forbid: what comes of it, and the name of who takes it up."""
    path = desk.settings.escalation
    step = path.step_after(ticket.escalation) if path else None
    assert step is not None, "why_not_up was asked"
    asked = Asked(agent.address, text, tuple(attachments))
    language = letters.language_for(desk, agent.address.address, "")
    return one_step_up(desk, ticket, step, asked, rota, f"escalation:{content_key}", now), in_language(
        step.called, language
    )


def step_for(settings: Settings, ticket: Ticket, now: datetime) -> EscalationStep | None:
    """The step that a customer's click takes now; None where the rules do not let them ask, none is left, or they have
    asked within a day."""
    path = settings.escalation
    is_too_soon = ticket.escalated_at is not None and now < ticket.escalated_at + ONCE_IN
    is_offered = path is not None and path.is_offered(ticket.escalation)
    return path.step_after(ticket.escalation) if path and is_offered and not is_too_soon else None


def asked_by_customer(desk: Desk, case: Incoming, ticket: Ticket, mail: ParsedMail, told: list[Effect]) -> list[Effect]:
    """A customer has clicked: one step up where that may be, and a word on it to them.

    `ticket`: as the mail leaves it; `told`: what its agents get as of any reply. Who takes it up gets one mail alone.
    """
    settings = desk.settings
    if settings.escalation is None or not settings.escalation.customers:
        return told  # the rules are others since that link was given
    step = step_for(settings, ticket, case.now)
    if step is None:
        why = "too-soon" if settings.escalation.is_offered(ticket.escalation) else "path-ended"
        return [*told, *_received(desk, case, ticket, why)]
    is_unproved, who = case.verdict.proof is Proof.NONE, case.verdict.participant
    by = Address(case.sender.address, case.sender.name or (who.name if who else ""))
    asked = Asked(by, mail.reply_text, mail.attachments, by_customer=True, is_unproved=is_unproved)
    owed_for = f"escalation:{case.mail.content_key}"
    up = one_step_up(desk, foreseen(ticket, told), step, asked, case.facts.rota, owed_for, case.now)
    after = foreseen(ticket, [*told, *up])
    up_there = {address_key(e.recipient) for e in up if isinstance(e, QueueMail)}
    beside = [e for e in told if not _is_to(e, up_there, after)]
    return [*beside, *up, *_received(desk, case, after, "")]


def _is_to(effect: Effect, keys: set[str], ticket: Ticket) -> bool:
    """Whether it tells one of these people of the mail, now or gathered with others."""
    if isinstance(effect, QueueMail):
        return address_key(effect.recipient) in keys
    slots = {who.slot for who in ticket.participants if who.key in keys}
    return isinstance(effect, StartTimer) and effect.step in slots


def _received(desk: Desk, case: Incoming, ticket: Ticket, notice: str) -> list[Effect]:
    """To whoever asked: that it is passed on, or why not, and who has it."""
    path = desk.settings.escalation
    who = ticket.by_any((case.sender.key,)) or case.verdict.participant  # of a follow-up they are another participant
    step = path.step_at(ticket.escalation) if path else None
    if who is None or path is None or step is None:
        return []
    next_step = path.step_after(ticket.escalation)
    if why_no_answer(RECEIVED, case.mail, case.verdict.proof, case.facts, desk.settings):
        return []
    language = letters.language_for(desk, who.address, ticket.language)
    zone = desk.settings.site.zone
    since = ticket.escalated_at.astimezone(zone) if ticket.escalated_at else None
    return [
        letters.to_participant(
            desk,
            RECEIVED,
            ticket,
            who,
            owed_for=f"escalation:{case.mail.content_key}:{RECEIVED}",
            now=case.now,
            automatic=REPLIED,
            is_answer=True,
            is_known=is_known(case.mail, case.facts, desk.settings),
            values={
                "called": in_language(step.called, language),
                "called_next": in_language(next_step.called, language) if next_step else "",
                "since": since,
                "due": since + ONCE_IN if since and path.is_offered(ticket.escalation) else None,
                "notice": notice,
            },
        )
    ]
