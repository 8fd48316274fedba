"""Mails that wait for a person: who is told of them, in which words, and how often at most."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from maild.effects import Effect, QueueMail, RecordDecision, Settle
from maild.judgement import HeldMail, Proof, Purpose, VerdictName
from maild.mail import Address
from maild.plan import letters
from maild.plan.answering import answer_to_sender
from maild.plan.case import Incoming, Plan
from maild.plan.digest import due_timer
from maild.plan.ends import End, end_links, options
from maild.plan.held_words import why_text
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.links import claim_links
from maild.plan.notify import agents_to_tell, look_alike, team_of
from maild.threading.limits import is_known, why_no_answer
from maild.threading.references import without_references
from maild.threading.token import end_for
from maild.ticket import Disposition, Person, Ticket

LONGEST_TEXT = 4_000  # characters of a held mail that are shown


def plain_reply(desk: Desk, case: Incoming) -> Plan:
    return _refuse(desk, case, "plain_reply_refused")


def bad_reference(desk: Desk, case: Incoming) -> Plan:
    effects, disposition, _ = _refuse(desk, case, "bad_reference_refused")
    claimed = case.verdict.reference.candidate.ticket if case.verdict.reference else 0
    return (
        effects,
        disposition,
        claimed if claimed in case.facts.tickets else None,
    )  # for the eye alone: it gives no right


def _refuse(desk: Desk, case: Incoming, template: str) -> Plan:
    """Held, and the sender told once how to do it; the list of open requests only to whom we know and believe."""
    sender = case.sender
    effects: list[Effect] = []
    if not why_no_answer(template, case.mail, case.verdict.proof, case.facts, desk.settings):
        known = is_known(case.mail, case.facts, desk.settings)
        is_believed = known and case.verdict.proof in (Proof.PASS, Proof.UNVERIFIED)
        language = letters.language_for(desk, sender.address, case.mail.language)
        held = held_mail(case)
        tickets = case.facts.own_tickets if is_believed else ()
        requests, new_request = claim_links(desk, held, tickets, language)
        values = {"requests": requests, "links": {"new_request": new_request}}
        effects.append(
            answer_to_sender(
                desk, template, case, owed_for="refused", language=language, values=values, is_known=is_believed
            )
        )
    return effects, Disposition.HELD, None


def stranger(desk: Desk, case: Incoming) -> Plan:
    return _tell_of_held(desk, case, f"held:{case.mail.content_key}"), Disposition.HELD, case.number


def ambiguous(desk: Desk, case: Incoming) -> Plan:
    return _tell_of_held(desk, case, f"held:{case.mail.content_key}"), Disposition.HELD, None


def spoof_suspect(desk: Desk, case: Incoming) -> Plan:
    """Agents hear of it once a day and sender, since a forger can send as many as they like."""
    effects: list[Effect] = []
    if case.verdict.ticket is not None or desk.settings.person(case.sender.address) is not None:
        effects = _tell_of_held(desk, case, f"spoof:{case.sender.key}:{case.now:%Y-%m-%d}")
    return effects, Disposition.HELD, case.number


def _tell_of_held(desk: Desk, case: Incoming, owed_for: str) -> list[Effect]:
    """A mail to each agent whom it concerns, with the ends as links of their own. An answer to it decides on the held
    mail, and never reaches a customer."""
    ticket = case.verdict.ticket
    agents = agents_to_tell(desk, ticket) if ticket else team_of(desk, case.mailbox)
    return [_word_to(desk, case, agent, f"{owed_for}:agent_held_message:{agent.address.key}") for agent in agents]


def _word_to(desk: Desk, case: Incoming, agent: Person, owed_for: str, *, is_about_them: bool = False) -> QueueMail:
    """`is_about_them`: it came in this agent's own name; its text may be bait, and is not shown."""
    language = letters.language_for(desk, agent.address.address, "")
    key, ticket = agent.address.key, case.verdict.ticket
    held = held_mail(case)
    wanted = options(held, named_tickets(case), case.facts.own_tickets)
    if is_about_them:
        wanted = [option for option in wanted if option.purpose is Purpose.DISCARD]
    words = replace(
        _view(held, case.sender, without_references(case.mail.subject, desk.settings.site.reference), language),
        ends=end_links(desk, held, wanted, key, language),
    )
    told = letters.to_address(
        desk,
        "agent_held_message",
        case.mailbox,
        agent.address,
        owed_for=owed_for,
        now=case.now,
        automatic=AUTOMATIC,
        language=language,
        values={
            "held": replace(words, doubt=_doubt(case)),
            "look_alike": None if is_about_them else look_alike(desk, case.sender),
            "ticket": ticket,
            "text": "" if is_about_them else case.mail.reply_text[:LONGEST_TEXT],
            "attachments": () if is_about_them else tuple(a.filename for a in case.mail.attachments if a.filename),
        },
        token=end_for(desk.ring, held, 0, Purpose.HELD, key),
    )
    return replace(told, number=case.number)


def account_word(
    desk: Desk, case: Incoming, held: HeldMail, agent: Person, text: str, owed_for: str, asked: str
) -> QueueMail:
    """A sender whose mail waits for an account asks for one: one click of an agent opens it. `asked`: to whom we have
    written whether that sender is they, or ''."""
    language, key = letters.language_for(desk, agent.address.address, ""), agent.address.key
    view = HeldView(held.inbound_id, held.subject, case.sender, case.verdict.reason, held.verdict.value)
    ends = end_links(desk, held, options(held, (), ()), key, language)
    return letters.to_address(
        desk,
        "agent_held_message",
        held.mailbox,
        agent.address,
        owed_for=f"{owed_for}:{key}",
        now=case.now,
        automatic=AUTOMATIC,
        language=language,
        values={
            "held": replace(view, ends=ends, doubt=_doubt(case)),
            "text": text[:LONGEST_TEXT],
            "other_address": asked,
            "look_alike": look_alike(desk, case.sender),
        },
        token=end_for(desk.ring, held, 0, Purpose.HELD, key),
    )


def _doubt(case: Incoming) -> str:
    """What the agent has to know of the sender before they read on."""
    return {Proof.FAIL: "failed", Proof.NONE: "unproved"}.get(case.verdict.proof, "")


def held_mail(case: Incoming) -> HeldMail:
    """The mail as it will be held."""
    key = case.mail.content_key
    verdict = case.verdict
    return HeldMail(case.inbound_id, case.mailbox, case.sender.key, verdict.name, key, reason=verdict.reason)


def named_tickets(case: Incoming) -> list[Ticket]:
    """The tickets that its valid references name; of a forged one none."""
    found = [case.verdict.ticket] if case.verdict.ticket else []
    if case.verdict.name is VerdictName.AMBIGUOUS:
        found = [case.facts.tickets[number] for number in case.named if number in case.facts.tickets]
    return found


def unsigned_agent(desk: Desk, case: Incoming) -> Plan:
    """Only the agent's address on record hears of it, and once a day: the sender may be anybody."""
    agent = desk.settings.agents.get(case.sender.key) or Person(Address(case.sender.address))
    owed_for = f"unsigned:{agent.address.key}:{case.now:%Y-%m-%d}"
    return [_word_to(desk, case, agent, owed_for, is_about_them=True)], Disposition.HELD, case.number


@dataclass(frozen=True, slots=True)
class HeldView:
    """What a mail about a held mail may say."""

    number: int
    subject: str
    sender: Address
    reason: str
    verdict: str
    why: str = ""  # the reason as the end of a sentence
    doubt: str = ""  # failed, unproved, or ''
    ends: tuple[End, ...] = ()


def _view(held: HeldMail, sender: Address, subject: str, language: str) -> HeldView:
    verdict, reason = held.verdict.value, held.reason
    return HeldView(held.inbound_id, subject, sender, reason, verdict, why_text(verdict, reason, language))


def bare_view(held: HeldMail) -> HeldView:
    """The same where only the row is known."""
    return HeldView(held.inbound_id, "", Address(held.sender), held.reason, held.verdict.value)


def quarantined(desk: Desk, case: Incoming) -> Plan:
    """The admin hears of the first one of a day; the others stand in `maild held list`."""
    alert = _alert(desk, case.mailbox, case.inbound_id, "quarantined", case.verdict.reason, case.now)
    return [alert], Disposition.HELD, None


def loop(desk: Desk, case: Incoming) -> Plan:
    """Nothing is answered. What runs over its budget is named to the admin once a day and address, and waits for a
    person where somebody known wrote it: a wrongly stopped customer would be a lost one."""
    if case.verdict.reason != "budget":
        return [], Disposition.APPLIED, None
    is_held = is_known(case.mail, case.facts, desk.settings) or case.verdict.ticket is not None
    disposition = Disposition.HELD if is_held else Disposition.APPLIED
    details = (case.sender.address, str(case.inbound_id), disposition.value)
    owed_for = f"loop:{case.mailbox}:{case.sender.key}:{case.now:%Y-%m-%d}"
    return [_to_admin(desk, case.mailbox, "loop", details, owed_for, case.now)], disposition, case.number


def answers_stopped(desk: Desk, case: Incoming, answers: int) -> QueueMail:
    """Word to the admin that no automatic answer leaves for an hour."""
    until = f"{(case.now + timedelta(hours=1)).astimezone(desk.settings.site.zone):%H:%M}"
    owed_for = stopped_key(case.now)
    return _to_admin(desk, case.mailbox, "answers-stopped", (str(answers), until), owed_for, case.now)


def stopped_key(at: datetime) -> str:
    """What that word is owed for: this stop, from that instant on."""
    return f"answers-stopped:{at.astimezone(UTC):%Y-%m-%dT%H:%M}"


TOO_MANY_REFUSALS = "too-many-refusals"


def too_many_refusals(desk: Desk, case: Incoming) -> Plan:
    """A robot may answer in an agent's name and not say so: no further mail to it; the admin hears once a day."""
    notice = TOO_MANY_REFUSALS
    return (
        [_alert(desk, case.mailbox, case.inbound_id, notice, case.sender.address, case.now)],
        Disposition.HELD,
        case.number,
    )


def withheld(desk: Desk, mailbox: str, inbound_id: int, reason: str, now: datetime) -> list[Effect]:
    """A mail that could not be worked by our own fault, or that stopped us: the admin hears of the first of a day."""
    verdict = VerdictName.QUARANTINED
    return [
        _alert(desk, mailbox, inbound_id, "not-worked", reason, now),
        *due_timer(desk, inbound_id, now),
        RecordDecision(None, inbound_id, "received", verdict.value, reason, (), desk.settings.digest),
        Settle(inbound_id, Disposition.HELD, verdict, reason),
    ]


def _alert(desk: Desk, mailbox: str, inbound_id: int, notice: str, reason: str, now: datetime) -> QueueMail:
    return _to_admin(desk, mailbox, notice, (reason, str(inbound_id)), f"{notice}:{now:%Y-%m-%d}", now)


def _to_admin(
    desk: Desk, mailbox: str, notice: str, details: tuple[str, ...], owed_for: str, now: datetime
) -> QueueMail:
    return letters.to_address(
        desk,
        "admin_alert",
        mailbox,
        Address(desk.settings.admin),
        owed_for=owed_for,
        now=now,
        automatic=AUTOMATIC,
        language=desk.settings.site.language,
        values={"notice": notice, "details": details},
    )
