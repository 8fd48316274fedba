"""A customer's words go into a ticket: it opens again, the wait ends, the agents are told."""

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from maild.effects import AddMessage, AddParticipant, CancelTimers, ChangeTicket, Effect, MarkUndeliverable
from maild.judgement import Proof, Purpose
from maild.lifecycle import ENDED, TRANSITIONS, Event, Reason, Status
from maild.mail import ParsedMail
from maild.people.courtesy import is_courtesy
from maild.plan.asking import in_language
from maild.plan.case import Incoming
from maild.plan.closing import SINCE_THE_END, WAITS
from maild.plan.ending import resolve
from maild.plan.escalating import asked_by_customer, step_for
from maild.plan.incomplete import goes_on
from maild.plan.letters import REPLIED, Desk
from maild.plan.notify import tell_agents
from maild.plan.repeating import joining_links
from maild.plan.watchers import watching
from maild.rules.fields import fields_of
from maild.settings.escalation import EscalationStep
from maild.settings.values import Language
from maild.threading.limits import why_no_answer
from maild.ticket import Role, Ticket, Visibility
from maild.writing.links import without_prefill


def continue_ticket(
    desk: Desk, case: Incoming, mails: Sequence[tuple[int, ParsedMail]], purpose: Purpose
) -> list[Effect]:
    """The effects on the ticket of the verdict.

    `mails`: what becomes one message, each with the number of its received mail; more than one where a click brings in
    a held mail and says something besides. Only `solved` says more than that there are words.
    """
    ticket = case.verdict.ticket
    assert ticket is not None
    is_verified = case.verdict.proof in (Proof.PASS, Proof.UNVERIFIED)
    inbound_id, first = mails[0]
    author = first.sender.address if first.sender else ""
    text = "\n\n".join(filter(None, (without_prefill(mail.reply_text) for _, mail in mails)))
    added: list[Effect] = [
        AddMessage(ticket.number, Visibility.PUBLIC, author, text, inbound_id, first.message_id, is_verified)
    ]
    who = case.verdict.participant
    if who is not None and who.is_undeliverable:
        added.append(MarkUndeliverable(ticket.number, who.slot, is_undeliverable=False))
    if case.whole is None:
        stated = {**ticket.fields, **fields_of(desk.settings, text)}
        added += [ChangeTicket(ticket.number, {"fields": stated})] if stated != ticket.fields else []
        ticket = replace(ticket, fields=stated)
    for joins in watching(desk, ticket, first, case.verdict.proof, case.now) if len(mails) == 1 else ():
        added.append(AddParticipant(ticket.number, joins))
        ticket = replace(ticket, participants=(*ticket.participants, joins))
    ticket = replace(ticket, thread=(*ticket.thread, first.message_id) if first.message_id else ticket.thread)
    attachments = tuple(a for _, mail in mails for a in mail.attachments)
    whole = replace(first, attachments=attachments)
    if purpose is Purpose.SOLVED:
        return [*added, *_solved(desk, case, ticket, whole, text)]
    has_ended = ticket.status in (Status.RESOLVED, Status.CLOSED) and purpose is Purpose.REPLY
    if has_ended and is_mere_thanks(ticket, replace(whole, reply_text=text)):
        return added
    event = Event.CUSTOMER_REOPENED if purpose in (Purpose.REOPEN, Purpose.ESCALATE) else Event.CUSTOMER_WROTE
    written = TRANSITIONS.get((ticket.status, Event.CUSTOMER_WROTE), ticket.status)
    status = TRANSITIONS.get((ticket.status, event), written)
    if case.whole is not None:
        is_thanks = is_mere_thanks(ticket, replace(whole, reply_text=text))
        return [*added, *goes_on(desk, case, ticket, status, is_thanks=is_thanks, links=joining_links(desk, case))]
    reason = ticket.reason if status in ENDED else None
    changes = {"status": status.value, "reason": reason.value if reason else "", "waiting_since": None}
    after = replace(ticket, status=status, reason=reason, waiting_since=None)
    over = WAITS if status in ENDED else (*WAITS, *SINCE_THE_END)
    timers = [CancelTimers(ticket.number, policy) for policy in over]
    step = step_for(desk.settings, after, case.now) if purpose is Purpose.ESCALATE else None
    told = _told(desk, case, after, whole, text, step)
    if purpose is Purpose.ESCALATE:
        told = asked_by_customer(desk, case, after, replace(whole, reply_text=text), told)
    return [*added, ChangeTicket(ticket.number, changes), *timers, *told]


def _told(
    desk: Desk, case: Incoming, ticket: Ticket, mail: ParsedMail, text: str, step: EscalationStep | None = None
) -> list[Effect]:
    """`step`: to which the customer's click takes it."""
    key = f"reply:{mail.content_key}"
    marks: dict[str, object] = {"unproved": case.verdict.proof is Proof.NONE}
    if step is not None:
        called = {language: in_language(step.called, language) for language in get_args(Language)}
        marks["going_up"] = {"called": called, "assign": step.assign}
    return tell_agents(desk, "agent_customer_reply", ticket, mail, text, key, case.facts, values=marks)


def is_mere_thanks(ticket: Ticket, mail: ParsedMail) -> bool:
    """Whether it says nothing but thanks, to the agents by name perhaps, and brings nothing along."""
    sender = mail.sender.key if mail.sender else ""
    names = " ".join(p.name for p in ticket.participants if p.role is Role.AGENT or p.key == sender)
    return not mail.attachments and is_courtesy(without_prefill(mail.reply_text), names)


def _solved(desk: Desk, case: Incoming, ticket: Ticket, mail: ParsedMail, text: str) -> list[Effect]:
    """The customer says that it is solved; said twice it changes nothing. The mail back is an automatic answer.

    What was typed or enclosed besides may be a question: the agents read it, and decide.
    """
    is_more = bool(text or mail.attachments) and not is_mere_thanks(ticket, replace(mail, reply_text=text))
    ended = replace(ticket, status=Status.RESOLVED, waiting_since=None)
    told = _told(desk, case, ticket if ticket.status in ENDED else ended, mail, text) if is_more else []
    if ticket.status in ENDED:
        return told
    forbidden = why_no_answer("resolved", case.mail, case.verdict.proof, case.facts, desk.settings)
    key = f"solved:{case.mail.content_key}"
    done = resolve(
        desk,
        ticket,
        Reason.SOLVED,
        "resolved",
        key,
        case.now,
        automatic=REPLIED,
        is_answer=True,
        is_silent=bool(forbidden),
    )
    return [*done, *told]
