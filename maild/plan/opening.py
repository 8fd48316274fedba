"""A ticket opens: the ticket, its first message, the acknowledgement, and the agents who are told."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from maild.decision import Decision
from maild.effects import AddMessage, Effect, LinkTickets, OpenTicket
from maild.judgement import Facts, Proof
from maild.lifecycle import Status
from maild.mail import ParsedMail
from maild.plan import letters
from maild.plan.asking import asked, in_all_languages, in_language
from maild.plan.ending import refused
from maild.plan.incomplete import request
from maild.plan.letters import REPLIED, Desk
from maild.plan.notify import tell_agents
from maild.plan.promising import promise
from maild.plan.qualifying import at_opening
from maild.plan.recording import Recorded, noted, told_who_recorded
from maild.plan.suggesting import request_of, values_beside
from maild.plan.waiting import start_wait
from maild.plan.watchers import watching
from maild.rules.assigning import is_there
from maild.threading.limits import is_known, why_no_answer
from maild.threading.naming import as_subject
from maild.threading.references import without_references
from maild.threading.subject import telling
from maild.ticket import Participant, Role, Ticket, Visibility
from maild.writing.links import is_of_link, without_prefill


@dataclass(frozen=True, slots=True)
class Former:
    """The ticket that the new one follows, and why it is another: closed, another-subject."""

    ticket: Ticket
    why: str


def open_ticket(
    desk: Desk,
    mail: ParsedMail,
    inbound_id: int,
    mailbox: str,
    facts: Facts,
    decision: Decision,
    proof: Proof,
    arrived_at: datetime | None = None,
    former: Former | None = None,
    recorded: Recorded | None = None,
) -> tuple[list[Effect], int]:
    """The effects of a new ticket from this mail, and its number. It counts from when the mail came. One that follows
    another is linked to it: what was quoted from there is left out, and `follow_up_opened` stands instead of the
    acknowledgement. One that an agent has `recorded` says so in its story, and the agent is told."""
    if former is not None:
        today = (arrived_at or facts.now).astimezone(desk.settings.site.zone).date()
        mail, decision = _as_follow_up(desk, mail, decision, former, today)
    assert mail.sender is not None
    number = facts.next_number
    person = facts.who or desk.settings.who(mail.sender.address)
    requester = Participant(
        1, mail.sender.address, mail.sender.name or (person.address.name if person else ""), Role.CUSTOMER
    )
    ticket = Ticket(
        number=number,
        subject=as_subject(mail.subject, desk.settings),
        mailbox=mailbox,
        language=(person.language if person else "")
        or mail.language
        or (former.ticket.language if former else "")
        or desk.settings.site.language,
        status=Status.OPEN if decision.assignee else Status.NEW,
        missing=() if decision.refusal else decision.missing,
        queue=decision.queue,
        type=decision.type,
        product=decision.product,
        priority=decision.priority,
        impact=decision.impact,
        urgency=decision.urgency,
        fields=decision.fields,
        tags=decision.tags,
        assignee=decision.assignee,
        participants=(requester,),
        opened_at=arrived_at or facts.now,
        thread=(mail.message_id,) if mail.message_id else (),
        follows=former.ticket.number if former else 0,
        channel=recorded.channel if recorded else "",
    )
    joining = watching(desk, ticket, mail, proof, facts.now)  # this mail reached them too: nothing is from before
    seeing_all = (replace(who, joined_after="", joined_at=None) for who in joining)
    ticket = replace(ticket, participants=(*ticket.participants, *seeing_all))
    believed = proof in (Proof.PASS, Proof.UNVERIFIED)
    known = is_known(mail, facts, desk.settings) and believed
    effects: list[Effect] = [
        OpenTicket(ticket),
        AddMessage(number, Visibility.PUBLIC, mail.sender.address, mail.text, inbound_id, mail.message_id, believed),
    ]
    effects += noted(recorded, number, inbound_id) if recorded else ()
    values = {"customer": person, "recorded": recorded} | (
        {"former": former.ticket, "notice": former.why} if former else {}
    )
    if former is not None:
        effects.append(LinkTickets(number, former.ticket.number))
        ticket = replace(ticket, linked_to=(former.ticket.number,))
    language = letters.language_for(desk, requester.address, ticket.language)
    effects += at_opening(ticket, decision)
    values |= {
        "invited": asked(desk.settings, decision.invited, language),
        "unstated": decision.unstated,
        "remarks": tuple(in_language(texts, language) for texts in decision.remarks),
        **_channels(desk, ticket),
        **promise(desk, ticket, person, language, facts.now),
    }
    if decision.refusal is not None:
        effects += refused(desk, ticket, decision.refusal, f"opened:{number}", facts.now, is_known=known)
    elif decision.missing:
        effects += start_wait(desk, ticket, facts.now)
        effects.append(request(desk, ticket, requester, facts, values=values, is_known=known))
    searched = request_of(mail, language, decision)
    for template in (*_acknowledged_by(decision, former), *decision.sends):
        if why_no_answer(template, mail, proof, facts, desk.settings):
            continue
        beside = values_beside(desk, template, searched, is_known=known)
        if beside is not None:
            effects.append(
                letters.to_participant(
                    desk,
                    template,
                    ticket,
                    requester,
                    owed_for=f"opened:{number}:{template}",
                    now=facts.now,
                    automatic=REPLIED,
                    is_answer=True,
                    is_known=known,
                    values={**values, **beside},
                )
            )
    if decision.refusal is not None or decision.missing:  # no agent has anything to do yet
        effects += told_who_recorded(desk, recorded, ticket, effects, facts.now) if recorded else ()
        return effects, number
    owed_for = f"opened:{number}"
    values |= {"unproved": proof is Proof.NONE, "unasked": in_all_languages(desk.settings, decision.unasked)}
    effects += tell_agents(desk, "agent_new_ticket", ticket, mail, mail.text, owed_for, facts, values=values)
    effects += told_who_recorded(desk, recorded, ticket, effects, facts.now) if recorded else ()
    return effects, number


def _acknowledged_by(decision: Decision, former: Former | None) -> tuple[str, ...]:
    """The template that says that the ticket is there; none where another mail says so, or the rules want none."""
    if decision.refusal is not None or decision.missing or not decision.acknowledge:
        return ()
    return ("follow_up_opened" if former else decision.acknowledge,)


def _channels(desk: Desk, ticket: Ticket) -> dict[str, str]:
    """The address that was written to, and the one to which others of its queue write: an ordinary one, where that is
    reserved (K3)."""
    boxes = desk.settings.mailboxes
    others = [box for name, box in boxes.items() if name != ticket.mailbox]
    same = (box.address for box in others if box.queue == ticket.queue)
    ordinary = next(same, others[0].address if others else "")
    return {"wrote_to": boxes[ticket.mailbox].address, "ordinary": ordinary}


def _as_follow_up(
    desk: Desk, mail: ParsedMail, decision: Decision, former: Former, today: date
) -> tuple[ParsedMail, Decision]:
    """The mail under a subject that says what it is about, and is none of our links', without the thread below it; who
    had the old request gets the new one too, if they are there (M2, P4), but for another subject the rules decide
    alone."""
    brand = desk.settings.site.reference
    typed = without_references(mail.title, brand)
    subject = typed if telling(typed, brand) and not is_of_link(typed) else former.ticket.subject
    whole = replace(mail, subject=subject, text=without_prefill(mail.reply_text))
    assignee = former.ticket.assignee
    agent = desk.settings.agents.get(assignee) if former.why == "closed" else None
    if agent is not None and is_there(agent, today):
        decision = replace(decision, assignee=assignee)
    return whole, decision
