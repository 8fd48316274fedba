"""A ticket opens: the ticket, its first message, the acknowledgement, and the agents who are told."""

from datetime import datetime

from maild.effects import AddMessage, Effect, OpenTicket
from maild.judgement import Decision, Facts, Proof
from maild.mail import ParsedMail
from maild.plan import letters
from maild.plan.letters import REPLIED, Desk
from maild.plan.notify import tell_agents
from maild.threading.limits import is_known, why_no_answer
from maild.ticket import Participant, Role, Status, Ticket, Visibility

_LONGEST_SUBJECT = 250


def open_ticket(
    desk: Desk,
    mail: ParsedMail,
    inbound_id: int,
    mailbox: str,
    facts: Facts,
    decision: Decision,
    proof: Proof,
    arrived_at: datetime | None = None,
) -> tuple[list[Effect], int]:
    """The effects of a new ticket from this mail, and its number. It counts from when the mail came."""
    assert mail.sender is not None
    number = facts.next_number
    person = facts.who or desk.settings.who(mail.sender.address)
    requester = Participant(
        1, mail.sender.address, mail.sender.name or (person.address.name if person else ""), Role.CUSTOMER
    )
    ticket = Ticket(
        number=number,
        subject=" ".join(mail.subject.split())[:_LONGEST_SUBJECT],
        mailbox=mailbox,
        language=(person.language if person else "") or mail.language or desk.settings.site.language,
        status=Status.OPEN if decision.assignee else Status.NEW,
        queue=decision.queue,
        type=decision.type,
        priority=decision.priority,
        tags=decision.tags,
        assignee=decision.assignee,
        participants=(requester,),
        opened_at=arrived_at or facts.now,
        thread=(mail.message_id,) if mail.message_id else (),
    )
    believed = proof in (Proof.PASS, Proof.UNVERIFIED)
    known = is_known(mail, facts, desk.settings) and believed
    effects: list[Effect] = [
        OpenTicket(ticket),
        AddMessage(number, Visibility.PUBLIC, mail.sender.address, mail.text, inbound_id, mail.message_id, believed),
    ]
    for template in ("acknowledgement", *decision.sends):
        if not why_no_answer(template, mail, proof, facts, desk.settings):
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
                    values={"customer": person},
                )
            )
    effects += tell_agents(
        desk, "agent_new_ticket", ticket, mail, mail.text, f"opened:{number}", facts, values={"customer": person}
    )
    return effects, number
