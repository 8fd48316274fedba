"""For which customer does an agent record a request, by #for or by passing their mail on; and what is told of it?

What the agent sends becomes the customer's mail: it is judged by the rules, counted and acknowledged as their own would
be. The agent stands in the ticket's story as who recorded it, and is told. In any doubt all of it goes back.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from maild.agent_words import AgentWords
from maild.effects import AddMessage, AddParticipant, ChangeTicket, Effect, QueueMail
from maild.mail import Address, Attachment, Kind, ParsedMail, address_key, is_deliverable
from maild.people.addressed import address_named
from maild.people.commands import read_words
from maild.people.internal import plain
from maild.people.signature import without_signature_pictures
from maild.plan import letters
from maild.plan.asked import Asked, Row
from maild.plan.foreseen import foreseen
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.move import Move
from maild.plan.notify import with_agents
from maild.plan.wording import result_text
from maild.reading.forwarded import PassedOn, passed_on_in
from maild.reading.language import language_of
from maild.settings import Mailbox, Settings
from maild.threading.answering import passes_on
from maild.threading.case import Case
from maild.ticket import Ticket, Visibility

LONGEST_CHANNEL = 40  # letters
RECORDING = frozenset({"for", "channel"})
_MACHINE = re.compile(r"(?:mailer-daemon|postmaster|no-?reply|donotreply|ne-?pas-?repondre)@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request that an agent records. `mail`: as the customer's own."""

    mail: ParsedMail
    by: Address
    note: str = ""  # what the agent says to a mail that they pass on: for agents alone
    channel: str = ""
    is_passed_on: bool = False


def words_above(mail: ParsedMail, agent: Address) -> AgentWords:
    """What an agent says to a mail that they pass on. What stands in that one is no word of theirs, nor a doubt."""
    inner = passed_on_in(mail.text)
    own = inner.above if inner else mail.reply_text if mail.passed_on else ""
    return replace(
        read_words(replace(mail, reply_text=own, is_forward=False, cut_is_sure=True), agent),
        attachments=mail.attachments,
    )


def recorded(case: Case) -> Recorded | list[tuple[str, str]]:
    """What a proved agent's mail on no ticket records, or what is in doubt: (slug, what it is about)."""
    assert case.mail.sender is not None
    problems = [(slug, what) for slug, what in case.words.problems if slug != "empty"]
    others = [c.written for c in case.words.commands if c.word not in RECORDING]
    problems += [("not-while-recording", written) for written in others]
    named = [c for c in case.words.commands if c.word == "for"]
    if len({plain(c.argument) for c in named}) > 1:
        problems.append(("several-customers", " ".join(c.argument for c in named)))
    channels = [c.argument for c in case.words.commands if c.word == "channel"]
    problems += [("channel-too-long", channel) for channel in channels if len(channel) > LONGEST_CHANNEL]
    is_passed_on = passes_on(case.mail) or case.mail.passed_on is not None
    inner = _inner(case.mail) if is_passed_on else None
    customer = address_named(named[0].argument) if named else inner.sender if inner else None
    if customer is None:
        unnamed = ("no-address", named[0].argument) if named else ("no-customer", "")
        return [*problems, unnamed]
    problems += [(slug, customer.address) for slug in _why_not(case.settings, customer)]
    if problems:
        return problems
    mail = inner or replace(
        case.mail, text=case.words.text, reply_text=case.words.text, attachments=case.words.attachments
    )
    agent = case.settings.agents[case.mail.sender.key]
    return Recorded(
        _as_theirs(mail, customer, case.mail, case.mailbox),
        agent.address,
        case.words.text if inner else "",
        channels[-1] if channels else "",
        inner is not None,
    )


def _inner(mail: ParsedMail) -> ParsedMail | None:
    """The mail that is passed on: inline, with the files of the outer one, or attached."""
    inline = passed_on_in(mail.text)
    if inline is not None:
        return _of_inline(mail, inline)
    return mail.passed_on if mail.passed_on is not None and not mail.passed_on.unreadable else None


def _of_inline(mail: ParsedMail, inner: PassedOn) -> ParsedMail:
    files: Sequence[Attachment] = mail.attachments
    if mail.sender is not None:
        files = without_signature_pictures(mail.attachments, mail.html or "", mail.sender)
    subject, language = inner.subject or mail.title, language_of(inner.text) or mail.language
    return ParsedMail(
        inner.sender, subject, inner.text, inner.text, attachments=tuple(files), title=subject, language=language
    )


def _as_theirs(mail: ParsedMail, customer: Address, outer: ParsedMail, box: Mailbox) -> ParsedMail:
    """As if they had sent it to that mailbox: nothing of the agent's own mail is left in it but what makes it known
    when it comes again."""
    name = customer.name or (mail.sender.name if mail.sender and mail.sender.key == customer.key else "")
    return replace(
        mail,
        sender=Address(customer.address, name),
        subject=mail.title,
        text=mail.text or mail.reply_text,
        is_forward=False,
        is_reply=False,
        html=None,
        to=(Address(box.address),),
        cc=(),
        reply_to=(),
        return_path=None,
        message_id="" if mail.content_key == outer.content_key else mail.message_id,
        in_reply_to=(),
        references=(),
        date=outer.date,
        kind=Kind.MESSAGE,
        auto_respond=True,
        headers=(),
        for_rules=outer.for_rules,
        content_key=outer.content_key,
        size=outer.size,
        passed_on=None,
    )


def _why_not(settings: Settings, customer: Address) -> list[str]:
    if not is_deliverable(customer.address):
        return ["no-address"]
    if settings.mailbox_of(customer.address) or customer.key in settings.own_addresses:
        return ["own-mailbox"]
    if customer.key in settings.agents:
        return ["agents-own"]
    return ["machines-address"] if _MACHINE.match(customer.address) else []


def noted(what: Recorded, number: int, inbound_id: int) -> list[Effect]:
    """Who recorded it, and what they say to it, in the story of the ticket."""
    how = "passed on" if what.is_passed_on else "recorded"
    event = f"{how} by {what.by.address}" + (f", channel: {what.channel}" if what.channel else "")
    effects: list[Effect] = [AddMessage(number, Visibility.EVENT, what.by.address, event)]
    if what.note:
        effects.append(AddMessage(number, Visibility.INTERNAL, what.by.address, what.note, inbound_id))
    return effects


def told_who_recorded(
    desk: Desk, what: Recorded, opened: Ticket, effects: Sequence[Effect], now: datetime
) -> list[Effect]:
    """A notice to whoever recorded it, where nothing else tells them that the ticket is there."""
    mails = [e for e in effects if isinstance(e, QueueMail)]
    if any(address_key(e.recipient) == what.by.key for e in mails):
        return []
    agent = desk.settings.agents[what.by.key]
    ticket, joins = with_agents(foreseen(opened, effects), (agent,))
    who = ticket.agent(what.by.key)
    assert who is not None
    is_acknowledged = any(address_key(e.recipient) == opened.requester.key for e in mails)
    language = letters.language_for(desk, what.by.address, "")
    said = result_text("recorded" if is_acknowledged else "recorded-untold", language, opened.requester.address)
    notice = letters.to_participant(
        desk,
        "agent_notice",
        ticket,
        who,
        owed_for=f"recorded:{opened.number}",
        now=now,
        automatic=AUTOMATIC,
        values={"notice": "recorded", "details": (said,), "sender": None},
    )
    return [*(AddParticipant(ticket.number, p) for p in joins), notice]


def _channel(ticket: Ticket, asked: Asked) -> Move:
    """#channel on a ticket that is there."""
    channel = asked.argument
    if len(channel) > LONGEST_CHANNEL:
        return Move(ticket, (), "channel-too-long", channel)
    effects = (
        ChangeTicket(ticket.number, {"channel": channel}),
        AddMessage(ticket.number, Visibility.EVENT, asked.by, f"channel: {channel}"),
    )
    return Move(replace(ticket, channel=channel), effects, "", channel)


def _for(ticket: Ticket, asked: Asked) -> Move:
    """A request for somebody is begun in a new mail: here the words would leave for this ticket's customer."""
    return Move(ticket, (), "for-on-a-ticket", asked.command.written)


ROWS = {"channel": Row(_channel), "for": Row(_for)}
