"""Which commands move a ticket to another state, and what do they do together with an agent's words?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from maild.effects import AddMessage, CancelTimers, ChangeTicket, Effect
from maild.judgement import (
    Purpose,
)
from maild.lifecycle import TRANSITIONS, Event, Reason, Status
from maild.mail import Address, Attachment, ParsedMail
from maild.plan import letters
from maild.plan.blocking import called_spam
from maild.plan.closing import SINCE_THE_END, WAITS
from maild.plan.ending import customers, resolve
from maild.plan.holds import start_hold
from maild.plan.letters import AUTOMATIC, PERSONAL, Desk
from maild.plan.qualifying import News, told_of_priority
from maild.plan.waiting import start_wait
from maild.ticket import Person, Ticket, Visibility

STATE_COMMANDS = {
    "pending": Event.WAIT,
    "resolve": Event.RESOLVE,
    "decline": Event.DECLINE,
    "cancel": Event.CANCEL,
    "open": Event.OPEN,
    "reopen": Event.OPEN,  # said of what has ended, and of nothing else
    "hold": Event.HOLD,
    "spam": Event.SPAM,
}


_ENDS = {  # command: state, reason, template of the closing mail
    "resolve": (Status.RESOLVED, Reason.SOLVED, "resolved"),
    "decline": (Status.RESOLVED, Reason.DECLINED, "declined"),
    "cancel": (Status.CANCELLED, Reason.CANCELLED, "cancelled"),
}


STATE_LINKS = {Purpose.WAIT: "pending", Purpose.RESOLVE: "resolve"}


def change_state(
    desk: Desk,
    ticket: Ticket,
    agent: Person,
    wish: str,
    text: str,
    attachments: Sequence[Attachment],
    mail: ParsedMail,
    inbound_id: int,
    now: datetime,
    news: News,
    day: date | None = None,
) -> list[Effect]:
    """What the words, the files and the commands do together: one mail to the customer, not two. `day`: until which it
    waits for somebody else."""
    has_words = bool(text or attachments)
    wish = "open" if wish == "reopen" else wish
    effects: list[Effect] = []
    if has_words and ticket.status is Status.CLOSED and not wish:
        wish = "open"  # the customer gets an answer, and may answer it
    if (has_words or wish) and not ticket.assignee:  # whoever answers or decides first has taken it
        status = TRANSITIONS[ticket.status, Event.ASSIGNED]
        ticket = replace(ticket, assignee=agent.address.key, status=status)
        effects.append(ChangeTicket(ticket.number, {"assignee": ticket.assignee, "status": status.value}))
    if ticket.missing and (has_words or wish not in ("", "pending")):  # an agent deals with it as it is
        ticket = replace(ticket, missing=())
        effects.append(ChangeTicket(ticket.number, {"missing": ()}))
    if wish in _ENDS:
        ended, reason, template = _ENDS[wish]
        return [
            *effects,
            *resolve(
                desk,
                ticket,
                reason,
                template,
                f"{template}:{mail.content_key}",
                now,
                status=ended,
                automatic=PERSONAL if has_words else AUTOMATIC,
                text=text,
                author=agent.address.address,
                signed_by=_first_name(agent) if has_words else "",
                attachments=attachments,
                inbound_id=inbound_id,
            ),
        ]
    if wish == "spam":
        return [*effects, *called_spam(ticket, agent)]
    if wish == "open":
        status = TRANSITIONS[ticket.status, Event.OPEN]
        ticket = replace(ticket, status=status, reason=None, waiting_since=None)
    if has_words:
        effects += _answer(desk, ticket, agent, text, attachments, mail, inbound_id, now, news)
    else:
        effects += told_of_priority(desk, ticket, news, mail.content_key, now)
    if wish == "open":
        changes = {"status": ticket.status.value, "reason": "", "waiting_since": None}
        timers = [CancelTimers(ticket.number, policy) for policy in (*WAITS, *SINCE_THE_END)]
        effects += [ChangeTicket(ticket.number, changes), *timers]
    elif wish == "hold":
        effects += start_hold(desk, ticket, day, now)
    elif wish == "pending" or (has_words and ticket.status is Status.PENDING):
        effects += start_wait(desk, ticket, now)
    return effects


def _answer(
    desk: Desk,
    ticket: Ticket,
    agent: Person,
    text: str,
    attachments: Sequence[Attachment],
    mail: ParsedMail,
    inbound_id: int,
    now: datetime,
    news: News,
) -> list[Effect]:
    address = desk.settings.mailboxes[ticket.mailbox].address  # a customer's mail never holds the agent's own
    mails = [
        letters.to_participant(
            desk,
            "agent_reply",
            ticket,
            customer,
            owed_for=f"answer:{mail.content_key}",
            now=now,
            automatic=PERSONAL,
            values={"text": text, "sender": Address(address, _first_name(agent)), **news.values},
            signed_by=_first_name(agent),
            attachments=attachments,
        )
        for customer in customers(ticket)
    ]
    message_id = mails[0].message_id if mails else ""
    said = AddMessage(ticket.number, Visibility.PUBLIC, agent.address.address, text, inbound_id, message_id)
    asked: list[Effect] = [ChangeTicket(ticket.number, {"last_answer": text, "answered_at": now})] if text else []
    return [said, *asked, *mails]


def _first_name(agent: Person) -> str:
    return agent.address.name.split()[0] if agent.address.name else ""
