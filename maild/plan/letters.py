"""One mail of the desk: to whom, under which reference, with which links, in which words. Gives the bytes that leave.

Nothing is looked up here and nothing decided: whoever calls says what is owed, to whom and why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from maild.effects import QueueMail
from maild.judgement import Purpose
from maild.mail import Address, Attachment, domain_of
from maild.plan.carried import fit
from maild.plan.desk import Desk as Desk
from maild.plan.desk import answers_by_link, number_of
from maild.plan.links import REFUSAL_LINKS, links_for, signed_links
from maild.plan.thread import subject_for, thread_for
from maild.reading.hiding import hidden_page, hidden_text
from maild.settings import Mailbox
from maild.threading.token import (
    Token,
    message_id_for,
    nonce_for,
    reference_for,
    return_path_for,
)
from maild.ticket import Participant, Role, Ticket
from maild.writing.compose import Letter, compose
from maild.writing.links import BY_LINK
from maild.writing.render import Rendered

AUTOMATIC, REPLIED, PERSONAL = "auto-generated", "auto-replied", ""
OWN_ADDRESS = "own-address"  # why a mail to an address of our own is held: it would come back (reliability L07)
_QUIET = (("X-Auto-Response-Suppress", "DR, RN, NRN, OOF, AutoReply"),)


def language_for(desk: Desk, address: str, fallback: str) -> str:
    """The language in which somebody is written to: their own, else that of the matter, else the site's."""
    person = desk.settings.who(address)
    return (person.language if person else "") or fallback or desk.settings.site.language


def desk_name(desk: Desk, mailbox: Mailbox) -> str:
    """How the desk is called where that mailbox is written to."""
    brand = desk.settings.brand_of(mailbox)
    return mailbox.name or (brand.name if brand else desk.settings.site.name)


def signature_of(desk: Desk, mailbox: Mailbox) -> str:
    """What stands below its mails to customers."""
    brand = desk.settings.brand_of(mailbox)
    return (brand.signature if brand else None) or desk_name(desk, mailbox)


def to_participant(
    desk: Desk,
    template: str,
    ticket: Ticket,
    who: Participant,
    *,
    owed_for: str,
    now: datetime,
    automatic: str,
    values: Mapping[str, Any] | None = None,
    signed_by: str = "",
    attachments: Sequence[Attachment] = (),
    is_answer: bool = False,
    is_known: bool = True,
    not_before: datetime | None = None,
    answer_to: Purpose = Purpose.REPLY,
    may_be_refused: bool = False,
) -> QueueMail:
    """A mail about a ticket to somebody on it, with their own reference in all four carriers; where customers answer by
    links, theirs stands in the links alone, and in the Message-ID, by which our bounces are known.

    `owed_for` is unique for the thing owed. `signed_by`: the agent in whose name the desk writes. `answer_to`: what an
    answer to it is for; `may_be_refused`: it bears the link by which its receiver gets no more of its kind.
    """
    settings, mailbox = desk.settings, desk.settings.mailboxes[ticket.mailbox]
    token = reference_for(desk.ring, ticket.number, who, answer_to)
    is_customer = who.role is Role.CUSTOMER
    by_link = is_customer and answers_by_link(desk)
    reference = number_of(desk, ticket) if by_link else token.in_subject(settings.site.reference)
    language = language_for(desk, who.address, ticket.language if is_customer else "")
    key = f"{owed_for}:{who.slot}"
    nonce = nonce_for(desk.ring, key)
    host = domain_of(mailbox.address)
    name = desk_name(desk, mailbox)
    carried, named = fit(attachments)
    refusal = signed_links(desk, ticket, who, language, REFUSAL_LINKS) if may_be_refused else {}
    given = dict(values or {})
    links = {**given.pop("links", links_for(desk, ticket, who, language)), **refusal}
    rendered = _shown(
        desk,
        mailbox,
        language,
        template,
        _values(
            desk,
            mailbox,
            {
                "marker": BY_LINK[language] if by_link else desk.markers[language],
                "by_link": by_link,
                "ticket": replace(ticket, last_answer=answer_seen_by(ticket, who)),
                "reference": reference,
                "name": who.name if is_known else "",
                "known": is_known,
                "links": links,
                "attachments": named,
                **given,
            },
        ),
    )
    thread = thread_for(desk, ticket, who, host)
    is_in_thread = is_customer and bool(ticket.thread) and is_known
    letter = Letter(
        from_=Address(mailbox.address, f"{signed_by}, {name}" if signed_by else name),
        to=Address(who.address, who.name if is_known else ""),
        reply_to=None if by_link else Address(token.in_address(mailbox.address, mailbox.delimiter), name),
        subject=subject_for(desk, rendered.subject, reference, is_reply=is_in_thread),
        message_id=message_id_for(desk.ring, nonce, host, ticket.number, who),
        in_reply_to=thread[-1] if thread else "",
        references=thread,
        date=now.astimezone(settings.site.zone),
        auto_submitted=automatic,
        text=rendered.text,
        html=rendered.html,
        attachments=carried,
        headers=_QUIET if automatic else (),
        unsubscribe=refusal.get("no_reminders", "").partition("&body=")[0],
    )
    owed = _owed(desk, mailbox, letter, template, key, is_answer=is_answer, is_known=is_known)
    return replace(owed, number=ticket.number, slot=who.slot, not_before=not_before)


def answer_seen_by(ticket: Ticket, who: Participant) -> str:
    """The agents' last words, as far as they were surely written since that person is on the ticket (reliability P03):
    of two things that happened at one instant none is known to be the later one."""
    is_since = who.joined_at is None or (ticket.answered_at is not None and ticket.answered_at > who.joined_at)
    return ticket.last_answer if is_since else ""


def to_address(
    desk: Desk,
    template: str,
    mailbox_name: str,
    to: Address,
    *,
    owed_for: str,
    now: datetime,
    automatic: str,
    language: str,
    values: Mapping[str, Any] | None = None,
    in_reply_to: str = "",
    is_answer: bool = False,
    is_known: bool = True,
    token: Token | None = None,
    about: Ticket | None = None,
    attachments: Sequence[Attachment] = (),
) -> QueueMail:
    """A mail to somebody who is on no ticket by it: a refusal, a word to the admin, a request that is passed on.

    An answer to it is a plain reply, unless it carries a token: then that is its reference. `about`: the ticket in
    whose story it stands, and whose bare number it shows.
    """
    mailbox = desk.settings.mailboxes[mailbox_name]
    number = number_of(desk, about) if about else ""
    carried, named = fit(attachments)
    nonce = nonce_for(desk.ring, owed_for)
    name = desk_name(desk, mailbox)
    rendered = _shown(
        desk,
        mailbox,
        language,
        template,
        _values(
            desk,
            mailbox,
            {
                "name": to.name if is_known else "",
                "known": is_known,
                "by_link": answers_by_link(desk),
                "ticket": about,
                "attachments": named,
                **(values or {}),
            },
        ),
    )
    subject = rendered.subject
    shown = token.in_subject(desk.settings.site.reference) if token else number
    if shown:
        subject = subject_for(desk, subject, shown, is_reply=False)
    letter = Letter(
        from_=Address(mailbox.address, name),
        to=Address(to.address, to.name if is_known else ""),
        reply_to=Address(token.in_address(mailbox.address, mailbox.delimiter), name) if token else None,
        subject=subject,
        message_id=message_id_for(desk.ring, nonce, domain_of(mailbox.address)),
        in_reply_to=in_reply_to,
        references=(in_reply_to,) if in_reply_to else (),
        date=now.astimezone(desk.settings.site.zone),
        auto_submitted=automatic,
        text=rendered.text,
        html=rendered.html,
        attachments=carried,
        headers=_QUIET,
    )
    owed = _owed(desk, mailbox, letter, template, owed_for, is_answer=is_answer, is_known=is_known)
    return replace(owed, number=about.number) if about else owed


def _owed(
    desk: Desk, mailbox: Mailbox, letter: Letter, template: str, key: str, *, is_answer: bool, is_known: bool
) -> QueueMail:
    """The mail as a row of the outbox; its bounces come back to an address that names it."""
    return QueueMail(
        key=key,
        template=template,
        recipient=letter.to.address,
        sender=return_path_for(desk.ring, nonce_for(desk.ring, key), mailbox.address, mailbox.delimiter),
        message_id=letter.message_id,
        data=compose(letter),
        subject=letter.subject,
        is_answer=is_answer,
        to_unknown=is_answer and not is_known,
        is_personal=not letter.auto_submitted,
        held_for=OWN_ADDRESS if desk.settings.mailbox_of(letter.to.address) is not None else "",
    )


def _shown(desk: Desk, mailbox: Mailbox, language: str, template: str, values: Mapping[str, Any]) -> Rendered:
    """The words of a mail. Where the rules hide secrets, also those of a text that was stored before they did."""
    rendered = desk.renderer_of(mailbox).render(template, language, values)
    if not desk.settings.hides_in:
        return rendered
    subject, text = hidden_text(rendered.subject, language), hidden_text(rendered.text, language)
    return replace(rendered, subject=subject, text=text, html=hidden_page(rendered.html, language))


def _values(desk: Desk, mailbox: Mailbox, values: Mapping[str, Any]) -> dict[str, Any]:
    named = {"desk": desk_name(desk, mailbox), "signature": signature_of(desk, mailbox)}
    return {"site": desk.settings.site.name, **named, **values}
