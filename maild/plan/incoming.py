"""What each verdict on a received mail makes true: one function a verdict, chosen by one table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from maild.effects import (
    AddMessage,
    CancelTimers,
    ChangeTicket,
    Effect,
    MarkUndeliverable,
    QueueMail,
    RecordDecision,
    Settle,
)
from maild.mail import Address, ParsedMail
from maild.people.courtesy import is_courtesy
from maild.plan import letters
from maild.plan.agent import plan_agent
from maild.plan.letters import AUTOMATIC, REPLIED, Desk
from maild.plan.notify import tell_agents, tell_team
from maild.plan.opening import open_ticket
from maild.plan.ending import resolve
from maild.threading.limits import is_known, why_no_answer
from maild.ticket import (
    TRANSITIONS,
    AgentWords,
    Decision,
    Disposition,
    Event,
    Facts,
    HeldMail,
    Proof,
    Purpose,
    Reason,
    Role,
    Status,
    Verdict,
    VerdictName,
    Visibility,
)
from maild.writing.links import without_prefill


@dataclass(frozen=True, slots=True)
class Incoming:
    """A received mail with all that was found out and decided about it."""

    inbound_id: int
    mailbox: str
    mail: ParsedMail
    facts: Facts
    verdict: Verdict
    words: AgentWords
    decision: Decision | None = None  # the rules' answer, where a ticket opens
    held_mail: ParsedMail | None = None  # the mail that a claim brings in
    held_proof: Proof = Proof.UNVERIFIED

    @property
    def now(self) -> datetime:
        """The instant at which all of this happens."""
        return self.facts.now


def plan(desk: Desk, case: Incoming) -> list[Effect]:
    """The effects of a received mail; the last ones record the decision and settle it."""
    effects, disposition, number = _PLANS[case.verdict.name](desk, case)
    verdict = case.verdict
    return [
        *effects,
        RecordDecision(
            number,
            case.inbound_id,
            "received",
            verdict.name.value,
            verdict.reason,
            case.decision.trials if case.decision else (),
            desk.settings.digest,
            verdict.proof.value,
        ),
        Settle(
            case.inbound_id,
            disposition,
            verdict.name,
            verdict.reason,
            number,
            case.facts.duplicate_of,
            is_verified=verdict.proof is Proof.PASS and disposition is Disposition.APPLIED and _is_personal(verdict),
        ),
    ]


Plan = tuple[list[Effect], Disposition, int | None]


def _is_personal(verdict: Verdict) -> bool:
    return verdict.name in (VerdictName.NEW_TICKET, VerdictName.REPLY, VerdictName.CLAIM)


def _sender(case: Incoming) -> Address:
    assert case.mail.sender is not None, "a mail without a sender is quarantined before"
    return case.mail.sender


def _new_ticket(desk: Desk, case: Incoming) -> Plan:
    assert case.decision is not None
    effects, number = open_ticket(
        desk, case.mail, case.inbound_id, case.mailbox, case.facts, case.decision, case.verdict.proof
    )
    return effects, Disposition.APPLIED, number


def _reply(desk: Desk, case: Incoming) -> Plan:
    ticket = case.verdict.ticket
    assert ticket is not None
    purpose = case.verdict.reference.candidate.purpose if case.verdict.reference else Purpose.REPLY
    effects = continue_ticket(desk, case, case.mail, case.inbound_id, purpose)
    return effects, Disposition.APPLIED, ticket.number


def continue_ticket(
    desk: Desk, case: Incoming, mail: ParsedMail, inbound_id: int, purpose: Purpose
) -> list[Effect]:
    """A customer's words go into the ticket of the verdict: it opens again, relances end, the agents are told."""
    ticket = case.verdict.ticket
    assert ticket is not None and mail.sender is not None
    text = without_prefill(mail.reply_text)
    is_verified = case.verdict.proof in (Proof.PASS, Proof.UNVERIFIED)
    added: Effect = AddMessage(
        ticket.number, Visibility.PUBLIC, mail.sender.address, text, inbound_id, mail.message_id, is_verified
    )
    after = replace(ticket, thread=(*ticket.thread, mail.message_id) if mail.message_id else ticket.thread)
    if purpose is Purpose.SOLVED:
        ended = resolve(desk, after, Reason.SOLVED, "resolved", f"solved:{inbound_id}", case.now, automatic=REPLIED)
        return [added, *ended]
    if ticket.status is Status.RESOLVED and purpose is Purpose.REPLY and is_courtesy(text, mail.sender.name) and not mail.attachments:
        return [added]
    status = TRANSITIONS.get((ticket.status, Event.CUSTOMER_WROTE), ticket.status)
    changes: dict[str, object] = {"status": status.value, "reason": "", "waiting_since": None}
    after = replace(after, status=status, reason=None, waiting_since=None)
    return [
        added,
        ChangeTicket(ticket.number, changes),
        CancelTimers(ticket.number, "waiting"),
        *tell_agents(desk, "agent_customer_reply", after, mail, text, f"reply:{inbound_id}", case.facts),
    ]


def _plain_reply(desk: Desk, case: Incoming) -> Plan:
    return _refuse(desk, case, "plain_reply_refused")


def _bad_reference(desk: Desk, case: Incoming) -> Plan:
    return _refuse(desk, case, "bad_reference_refused")


def _refuse(desk: Desk, case: Incoming, template: str) -> Plan:
    """Held, and the sender told once how to do it; the list of open requests only to whom we know and believe."""
    sender = _sender(case)
    effects: list[Effect] = []
    if not why_no_answer(template, case.mail, case.verdict.proof, case.facts, desk.settings):
        known = is_known(case.mail, case.facts, desk.settings)
        is_believed = known and case.verdict.proof in (Proof.PASS, Proof.UNVERIFIED)
        language = letters.language_for(desk, sender.address, case.mail.language)
        held = HeldMail(
            case.inbound_id, case.mailbox, sender.key, case.verdict.name, case.mail.content_key
        )
        tickets = case.facts.own_tickets if is_believed else ()
        requests, new_request = letters.claim_links(desk, held, tickets, language)
        values = {"requests": requests, "links": {"new_request": new_request}}
        effects.append(
            letters.to_address(
                desk,
                template,
                case.mailbox,
                sender,
                owed_for=f"refused:{case.inbound_id}",
                now=case.now,
                automatic=REPLIED,
                language=language,
                values=values,
                in_reply_to=case.mail.message_id,
                is_answer=True,
                is_known=is_believed,
            )
        )
    return effects, Disposition.HELD, None


def _stranger(desk: Desk, case: Incoming) -> Plan:
    return _tell_of_held(desk, case, f"held:{case.inbound_id}"), Disposition.HELD, _number(case)


def _ambiguous(desk: Desk, case: Incoming) -> Plan:
    return _tell_of_held(desk, case, f"held:{case.inbound_id}"), Disposition.HELD, None


def _spoof_suspect(desk: Desk, case: Incoming) -> Plan:
    """Agents hear of it once a day and sender, since a forger can send as many as they like."""
    effects: list[Effect] = []
    if case.verdict.ticket is not None or desk.settings.person(_sender(case).address) is not None:
        effects = _tell_of_held(desk, case, f"spoof:{_sender(case).key}:{case.now:%Y-%m-%d}")
    return effects, Disposition.HELD, _number(case)


def _tell_of_held(desk: Desk, case: Incoming, owed_for: str) -> list[Effect]:
    ticket = case.verdict.ticket
    held = _held_view(case)
    if ticket is not None:
        values = {"held": held}
        return tell_agents(desk, "agent_held_message", ticket, None, "", owed_for, case.facts, values=values)
    return list(tell_team(desk, "agent_held_message", case.mailbox, owed_for, case.now, {"held": held}))


def _unsigned_agent(desk: Desk, case: Incoming) -> Plan:
    """Only the agent's address on record hears of it, and once a day: the sender may be anybody."""
    agent = desk.settings.agents[_sender(case).key]
    told: Effect = letters.to_address(
        desk,
        "agent_held_message",
        case.mailbox,
        agent.address,
        owed_for=f"unsigned:{agent.address.key}:{case.now:%Y-%m-%d}",
        now=case.now,
        automatic=AUTOMATIC,
        language=letters.language_for(desk, agent.address.address, ""),
        values={"held": _held_view(case)},
    )
    return [told], Disposition.HELD, _number(case)


@dataclass(frozen=True, slots=True)
class HeldView:
    """What a mail about a held mail may say."""

    number: int
    subject: str
    sender: Address
    reason: str
    verdict: str


def _held_view(case: Incoming) -> HeldView:
    return HeldView(
        case.inbound_id, case.mail.subject, _sender(case), case.verdict.reason, case.verdict.name.value
    )


def _number(case: Incoming) -> int | None:
    return case.verdict.ticket.number if case.verdict.ticket else None


def _claim(desk: Desk, case: Incoming) -> Plan:
    """The held mail comes in, as what it would have been; words typed beside the click come with it."""
    held, mail = case.facts.held, case.held_mail
    assert held is not None and mail is not None
    ticket = case.verdict.ticket
    words = without_prefill(case.mail.reply_text)
    if words:
        mail = replace(mail, reply_text=f"{mail.reply_text}\n\n{words}".strip(), text=f"{mail.text}\n\n{words}".strip())
    if ticket is not None:
        effects = continue_ticket(desk, case, mail, held.inbound_id, Purpose.REPLY)
        number, name = ticket.number, VerdictName.REPLY
    else:
        assert case.decision is not None
        effects, number = open_ticket(
            desk, mail, held.inbound_id, case.mailbox, case.facts, case.decision, case.verdict.proof
        )
        name = VerdictName.NEW_TICKET
    released = Settle(held.inbound_id, Disposition.APPLIED, name, "claimed", number, is_verified=False)
    return [*effects, released], Disposition.APPLIED, number


def _bounce(desk: Desk, case: Incoming) -> Plan:
    ticket, who, report = case.verdict.ticket, case.verdict.participant, case.mail.bounce
    delivery = case.facts.delivery
    if ticket is None or who is None or delivery is None:
        return [], Disposition.APPLIED, None
    detail = f"{delivery.recipient}: {report.status} {report.diagnostic}".strip() if report else delivery.recipient
    effects: list[Effect] = [
        AddMessage(ticket.number, Visibility.EVENT, "", f"bounce {case.verdict.reason}: {detail}", case.inbound_id)
    ]
    if case.verdict.reason == "failed":
        effects.append(MarkUndeliverable(ticket.number, who.slot))
        if who.role is Role.CUSTOMER:
            effects.append(CancelTimers(ticket.number, "waiting"))
            values = {"notice": "undeliverable", "details": (detail,), "sender": Address(who.address, who.name)}
            owed_for = f"bounce:{ticket.number}:{who.slot}"
            effects += tell_agents(desk, "agent_notice", ticket, None, "", owed_for, case.facts, values=values)
    return effects, Disposition.APPLIED, ticket.number


def _auto_reply(desk: Desk, case: Incoming) -> Plan:
    """An event on its ticket; no clock, no relance, no state changes, and nobody is ever told."""
    ticket = case.verdict.ticket
    if ticket is None:
        return [], Disposition.APPLIED, None
    text = case.mail.reply_text
    event = AddMessage(ticket.number, Visibility.EVENT, _sender(case).address, text, case.inbound_id)
    return [event], Disposition.APPLIED, ticket.number


def _quarantined(desk: Desk, case: Incoming) -> Plan:
    """The admin hears of the first one of a day; the others stand in `maild held list`."""
    alert: QueueMail = letters.to_address(
        desk,
        "admin_alert",
        case.mailbox,
        Address(desk.settings.admin),
        owed_for=f"quarantined:{case.now:%Y-%m-%d}",
        now=case.now,
        automatic=AUTOMATIC,
        language=desk.settings.site.language,
        values={"notice": "quarantined", "details": (case.verdict.reason, str(case.inbound_id))},
    )
    return [alert], Disposition.HELD, None


def _nothing(desk: Desk, case: Incoming) -> Plan:
    return [], Disposition.APPLIED, None


def _duplicate(desk: Desk, case: Incoming) -> Plan:
    return [], Disposition.DUPLICATE, None


def _agent(desk: Desk, case: Incoming) -> Plan:
    ticket = case.verdict.ticket
    assert ticket is not None
    purpose = case.verdict.reference.candidate.purpose if case.verdict.reference else Purpose.REPLY
    effects = plan_agent(
        desk, ticket, case.verdict.name, case.words, purpose, case.mail, case.inbound_id, case.now
    )
    return effects, Disposition.APPLIED, ticket.number


_PLANS: dict[VerdictName, Callable[[Desk, Incoming], Plan]] = {
    VerdictName.QUARANTINED: _quarantined,
    VerdictName.DUPLICATE: _duplicate,
    VerdictName.LOOP: _nothing,
    VerdictName.BOUNCE: _bounce,
    VerdictName.AUTO_REPLY: _auto_reply,
    VerdictName.LIST_MAIL: _nothing,
    VerdictName.SPAM: _nothing,
    VerdictName.UNSIGNED_AGENT: _unsigned_agent,
    VerdictName.SPOOF_SUSPECT: _spoof_suspect,
    VerdictName.CLAIM: _claim,
    VerdictName.AMBIGUOUS: _ambiguous,
    VerdictName.BAD_REFERENCE: _bad_reference,
    VerdictName.STRANGER: _stranger,
    VerdictName.AGENT_NOTE: _agent,
    VerdictName.AGENT_COMMAND: _agent,
    VerdictName.AGENT_REPLY: _agent,
    VerdictName.REPLY: _reply,
    VerdictName.PLAIN_REPLY: _plain_reply,
    VerdictName.NEW_TICKET: _new_ticket,
}
