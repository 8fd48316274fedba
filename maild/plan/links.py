"""Which signed links does a mail of ours bear for this person now?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from maild.judgement import HeldMail, Purpose
from maild.lifecycle import ENDED, Reason, Status
from maild.plan.desk import Desk
from maild.threading.token import Token, account_for, claim_for, joining_for, reference_for
from maild.ticket import Participant, Role, Ticket
from maild.writing.links import LINKS, mailto
from maild.writing.wording import word

CUSTOMER_LINKS = {
    "answer": Purpose.REPLY,
    "solved": Purpose.SOLVED,
    "reopen": Purpose.REOPEN,
    "escalate": Purpose.ESCALATE,
    "my_requests": Purpose.MY_REQUESTS,
}
AGENT_LINKS = {
    "answer": Purpose.REPLY,
    "note": Purpose.NOTE,
    "take": Purpose.TAKE,
    "wait": Purpose.WAIT,
    "resolve": Purpose.RESOLVE,
    "confirm": Purpose.CONFIRM,
}
RATING_LINKS = {"rate_good": Purpose.RATE_GOOD, "rate_bad": Purpose.RATE_BAD}
REFUSAL_LINKS = {"no_reminders": Purpose.NO_REMINDERS}
_CONFIRMS = {"fr": "#priorité {priority}", "en": "#priority {priority}"}


@dataclass(frozen=True, slots=True)
class Request:
    """One of several tickets, as a mail that offers them shows it."""

    number: int
    subject: str
    reference_number: str
    link: str
    customer: str = ""


def links_for(desk: Desk, ticket: Ticket, who: Participant, language: str) -> dict[str, str]:
    """The signed mailto links that make sense for this person now, by name."""
    every = CUSTOMER_LINKS if who.role is Role.CUSTOMER else AGENT_LINKS
    names = {n: p for n, p in every.items() if _makes_sense(desk, n, ticket, who)}
    return signed_links(desk, ticket, who, language, names)


def signed_links(
    desk: Desk, ticket: Ticket, who: Participant, language: str, purposes: Mapping[str, Purpose]
) -> dict[str, str]:
    """The signed mailto link for each of these purposes, by its name."""
    mailbox = desk.settings.mailboxes[ticket.mailbox]
    found = {}
    for name, purpose in purposes.items():
        token = reference_for(desk.ring, ticket.number, who, purpose)
        words = LINKS[language][name]
        reference = token.in_subject(desk.settings.site.reference)
        subject = f"{words.subject} {reference}" if mailbox.delimiter == "none" else words.subject
        confirms = _CONFIRMS[language].format(priority=word(ticket.priority, language)) if name == "confirm" else ""
        found[name] = mailto(token.in_address(mailbox.address, mailbox.delimiter), subject, confirms or words.body)
    return found


def _makes_sense(desk: Desk, link: str, ticket: Ticket, who: Participant) -> bool:
    if link == "take":
        return ticket.assignee != who.key and ticket.status not in ENDED
    if link == "escalate":
        is_refused = ticket.status is Status.RESOLVED and ticket.reason is Reason.DECLINED
        path, may_lead_on = desk.settings.escalation, ticket.status not in ENDED or is_refused
        return path is not None and path.is_offered(ticket.escalation) and may_lead_on and not ticket.missing
    if link == "confirm":
        priorities = desk.settings.priorities
        is_asked = priorities.matrix is not None or priorities.tell == "customer"
        return is_asked and not ticket.qualified_by and ticket.status not in ENDED
    if link == "reopen":
        return ticket.status in (Status.RESOLVED, Status.CANCELLED)
    return link != "solved" or ticket.status not in ENDED


def claim_links(
    desk: Desk, held: HeldMail, tickets: Sequence[Ticket], language: str
) -> tuple[tuple[Request, ...], str]:
    """The ends that a held mail's sender may choose: each of these tickets, or a new request."""

    def link(name: str, number: int) -> str:
        return _held_link(desk, held, claim_for(desk.ring, held, number), name, language)

    brand = desk.settings.site.reference
    requests = tuple(
        Request(t.number, t.subject, f"{brand}-{t.number}", link("add_to_request", t.number)) for t in tickets
    )
    return requests, link("new_request", 0)


def account_link(desk: Desk, held: HeldMail, language: str) -> str:
    """By which the sender of a held mail asks for an account."""
    return _held_link(desk, held, account_for(desk.ring, held), "request_account", language)


def joining_link(desk: Desk, held: HeldMail, owner: str, language: str) -> str:
    """By which the owner of an account (address in compared form) says that a held mail's sender is they."""
    return _held_link(desk, held, joining_for(desk.ring, held, owner), "confirm_address", language)


def _held_link(desk: Desk, held: HeldMail, token: Token, name: str, language: str) -> str:
    mailbox, words = desk.settings.mailboxes[held.mailbox], LINKS[language][name]
    reference = token.in_subject(desk.settings.site.reference)
    subject = f"{words.subject} {reference}" if mailbox.delimiter == "none" else words.subject
    return mailto(token.in_address(mailbox.address, mailbox.delimiter), subject, words.body)
