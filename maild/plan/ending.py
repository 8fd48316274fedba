"""A ticket ends: its state, its timers, and the mail that says so to the customer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from maild.decision import Refusal
from maild.effects import AddMessage, CancelTimers, ChangeTicket, Effect
from maild.lifecycle import Reason, Status
from maild.mail import Address, Attachment, is_deliverable
from maild.plan import letters
from maild.plan.asking import in_language
from maild.plan.closing import WAITS, begin_window
from maild.plan.letters import REPLIED, Desk
from maild.plan.rating import ask_later
from maild.ticket import Participant, Ticket, Visibility


def resolve(
    desk: Desk,
    ticket: Ticket,
    reason: Reason,
    template: str,
    owed_for: str,
    now: datetime,
    *,
    automatic: str,
    text: str = "",
    author: str = "",
    signed_by: str = "",
    attachments: Sequence[Attachment] = (),
    inbound_id: int | None = None,
    values: Mapping[str, Any] | None = None,
    is_answer: bool = False,
    is_silent: bool = False,
    is_known: bool = True,
    status: Status = Status.RESOLVED,
    at_once: bool = False,
) -> list[Effect]:
    """The ticket ends, and every customer on it is told by one mail, with the agent's words in it if any.

    `is_answer`: the mail answers an incoming one, and counts as such; `is_silent`: it may not leave; `is_known`: its
    receivers may read their own words in it; `at_once`: a rule ends it before any agent was given it.
    """
    ended = replace(ticket, status=status, reason=reason, waiting_since=None, ended_at_once=at_once)
    changes: dict[str, Any] = {"status": status.value, "reason": reason.value, "waiting_since": None}
    if at_once:
        changes["ended_at_once"] = True
    if text:
        changes |= {"last_answer": text, "answered_at": now}
    mails = [
        letters.to_participant(
            desk,
            template,
            ended,
            customer,
            owed_for=f"{owed_for}:{template}",
            now=now,
            automatic=automatic,
            values={"text": text, "sender": _signer(desk, ticket, signed_by), **(values or {})},
            signed_by=signed_by,
            attachments=attachments,
            is_answer=is_answer,
            is_known=is_known,
        )
        for customer in ([] if is_silent else customers(ticket))
    ]
    over_waits = [CancelTimers(ticket.number, policy) for policy in WAITS]
    effects: list[Effect] = [ChangeTicket(ticket.number, changes), *over_waits, *mails]
    effects += [*begin_window(desk, ticket, now), *ask_later(desk, ticket, ended, now)]
    if text or attachments:
        message_id = mails[0].message_id if mails else ""
        effects.append(AddMessage(ticket.number, Visibility.PUBLIC, author, text, inbound_id, message_id))
    return effects


def refused(
    desk: Desk, ticket: Ticket, refusal: Refusal, owed_for: str, now: datetime, *, is_known: bool = True
) -> list[Effect]:
    """The rules refuse or cancel a request: it ends, and its requester is told why (D8). An answer to their mail."""
    status, reason, template = _ENDED_BY[refusal.event]
    language = letters.language_for(desk, ticket.requester.address, ticket.language)
    return resolve(
        desk,
        ticket,
        reason,
        template,
        owed_for,
        now,
        automatic=REPLIED,
        values={
            "because": in_language(refusal.because, language),
            "clause": in_language(refusal.article, language),
        },
        is_answer=True,
        is_known=is_known,
        status=status,
        at_once=True,
    )


_ENDED_BY: Mapping[str, tuple[Status, Reason, str]] = {
    "refuse": (Status.RESOLVED, Reason.DECLINED, "declined"),
    "cancel": (Status.CANCELLED, Reason.CANCELLED, "cancelled"),
}


def _signer(desk: Desk, ticket: Ticket, first_name: str) -> Address | None:
    """Who signs a customer's mail: the agent's first name, at the desk's address."""
    return Address(desk.settings.mailboxes[ticket.mailbox].address, first_name) if first_name else None


def customers(ticket: Ticket) -> list[Participant]:
    """The customers who are on the ticket now and can be written to."""
    return [p for p in ticket.customers if is_deliverable(p.address)]
