"""What each verdict on a received mail makes true: one function a verdict, chosen by one table."""

from collections.abc import Callable
from dataclasses import replace

from maild.effects import (
    PASSED_ON,
    AddMessage,
    CancelTimers,
    Effect,
    LinkTickets,
    MarkUndeliverable,
    NoteArrival,
    QueueMail,
    RecordDecision,
    Settle,
    StopAnswers,
)
from maild.judgement import Delivery, Proof, Purpose, Verdict, VerdictName
from maild.mail import Address
from maild.plan import accounts, holding, passing_on
from maild.plan.agent import COMMAND_MAILS, MOST_COMMAND_MAILS, plan_agent
from maild.plan.case import Incoming, Plan
from maild.plan.continuing import continue_ticket
from maild.plan.digest import due_timer
from maild.plan.letters import Desk
from maild.plan.notify import look_alike, tell_agents
from maild.plan.opening import Former, open_ticket
from maild.plan.rating import rated
from maild.plan.redirecting import redirected, told_elsewhere
from maild.plan.reminders import no_more_reminders
from maild.plan.repeating import told_of_joining
from maild.plan.self_service import my_requests
from maild.plan.undelivered import undelivered
from maild.plan.waiting import resumed
from maild.threading.limits import trips
from maild.threading.turning import REQUEST, becomes
from maild.ticket import Disposition, Role, Visibility
from maild.writing.links import without_prefill

_LOST = frozenset({"failed", "said-to-fail"})  # reasons of a bounce


def plan(desk: Desk, case: Incoming) -> list[Effect]:
    """The effects of a received mail; the last ones record the decision and settle it. What rules do where something
    has happened to a ticket is not among them (plan/occasions.py), nor is a stop (`stopped`)."""
    effects, disposition, number = _PLANS[case.verdict.name](desk, case)
    verdict = case.verdict
    if disposition is Disposition.HELD and _PLANS[verdict.name] is _agent:
        verdict = replace(verdict, reason=holding.TOO_MANY_REFUSALS)
    superseded: list[Effect] = []
    if case.facts.duplicate_of is not None and disposition is not Disposition.DUPLICATE:
        held = (Disposition.DUPLICATE, VerdictName.DUPLICATE, "a-better-copy-came")
        superseded = [Settle(case.facts.duplicate_of, *held, number, case.inbound_id)]
    if disposition is Disposition.HELD:
        effects = [*effects, *due_timer(desk, case.inbound_id, case.now)]
    return [
        *effects,
        *_warning(desk, case, number),
        *superseded,
        *_noted(case, number),
        RecordDecision(
            number,
            case.inbound_id,
            "received",
            verdict.name.value,
            verdict.reason,
            case.decision.trials if case.decision else (),
            desk.settings.digest,
            verdict.proof.value,
            desk.settings.text if case.decision else "",
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


def _warning(desk: Desk, case: Incoming, number: int | None) -> list[Effect]:
    """An event on the ticket where the sender's address only looks like one of ours."""
    found = look_alike(desk, case.mail.sender)
    if found is None or number is None:
        return []
    text = f"look-alike: {found.address} is not {found.of}"
    return [AddMessage(number, Visibility.EVENT, "", text, case.inbound_id)]


def stopped(desk: Desk, case: Incoming, effects: list[Effect]) -> list[Effect]:
    """Where these answers are too many in all: no more for an hour, and the admin hears of it at once."""
    answers = sum(isinstance(e, QueueMail) and e.is_answer for e in effects)
    if not trips(answers, case.facts, desk.settings):
        return []
    return [StopAnswers(), holding.answers_stopped(desk, case, case.facts.answers.all_hour + answers)]


def _noted(case: Incoming, number: int | None) -> list[Effect]:
    if case.arrival is None or case.verdict.name in (VerdictName.DUPLICATE, VerdictName.LEGACY):
        return []
    return [NoteArrival(case.inbound_id, case.sender.key, replace(case.arrival, number=number))]


def _is_personal(verdict: Verdict) -> bool:
    """An exchange: they wrote back with what only they were given. A first mail alone makes nobody known."""
    return verdict.name in (VerdictName.REPLY, VerdictName.CLAIM, VerdictName.FOLLOW_UP, VerdictName.RATING)


def _new_ticket(desk: Desk, case: Incoming) -> Plan:
    return _opened(desk, case, None)


def _follow_up(desk: Desk, case: Incoming) -> Plan:
    """A ticket of its own, linked to the one that the reference names."""
    assert case.verdict.ticket is not None
    return _opened(desk, case, Former(case.verdict.ticket, case.verdict.reason))


def _opened(desk: Desk, case: Incoming, former: Former | None) -> Plan:
    assert case.decision is not None
    proof, arrived_at = case.verdict.proof, case.arrived_at
    effects, number = open_ticket(
        desk, case.mail, case.inbound_id, case.mailbox, case.facts, case.decision, proof, arrived_at, former
    )
    return effects, Disposition.APPLIED, number


def _reply(desk: Desk, case: Incoming) -> Plan:
    return continue_ticket(desk, case, [(case.inbound_id, case.mail)], case.purpose), Disposition.APPLIED, case.number


def _repeat(desk: Desk, case: Incoming) -> Plan:
    """The mail joins the first one; its sender is told, with a link that makes a request of its own of it."""
    effects = continue_ticket(desk, case, [(case.inbound_id, case.mail)], Purpose.REPLY)
    is_told = any(isinstance(e, QueueMail) and e.template == REQUEST for e in effects)  # of what is still missing
    return [*effects, *([] if is_told else told_of_joining(desk, case))], Disposition.APPLIED, case.number


def _claim(desk: Desk, case: Incoming) -> Plan:
    """The held mail comes in, as what it would have been; words and files sent beside the click come with it."""
    if case.purpose is Purpose.ACCOUNT:
        return accounts.account_asked(desk, case)
    if case.purpose is Purpose.JOIN:
        return accounts.address_joined(desk, case)
    held, mail = case.facts.held, case.held_mail
    words = without_prefill(case.mail.reply_text)
    click = [(case.inbound_id, case.mail)] if words or case.mail.attachments else []
    if case.verdict.reason == "already-done":
        more = continue_ticket(desk, case, click, Purpose.REPLY) if click else []
        return more, Disposition.APPLIED, case.number
    assert held is not None and mail is not None
    if case.verdict.ticket is not None:
        effects = continue_ticket(desk, case, [(held.inbound_id, mail), *click], Purpose.REPLY)
        number, name = case.verdict.ticket.number, VerdictName.REPLY
    elif case.decision is not None and case.decision.redirection is not None:
        effects, number, name = told_elsewhere(desk, case, mail), None, VerdictName.REDIRECTED
    else:
        assert case.decision is not None
        attachments = (*mail.attachments, *case.mail.attachments)
        whole = replace(mail, text=f"{mail.text}\n\n{words}".strip(), attachments=attachments)
        effects, number = open_ticket(
            desk,
            whole,
            held.inbound_id,
            case.mailbox,
            case.facts,
            case.decision,
            case.verdict.proof,
            held.kept_at,
        )
        name = becomes(Verdict(VerdictName.NEW_TICKET, ""), case.decision).name
    if held.verdict is VerdictName.REPEAT and held.ticket and number is not None:
        effects.append(LinkTickets(number, held.ticket))
    by = case.sender.key
    decided = "" if name is VerdictName.REDIRECTED else "claimed"  # that one is for a person to look at
    released = Settle(held.inbound_id, Disposition.APPLIED, name, "claimed", number, decided=decided, decided_by=by)
    waits = resumed(desk, held, case.facts.own_tickets, number, case.now)
    return [*effects, released, *waits], Disposition.APPLIED, number


def _self_service(desk: Desk, case: Incoming) -> Plan:
    """The list of one's own requests, or no reminders any more."""
    return no_more_reminders(desk, case) if case.purpose is Purpose.NO_REMINDERS else my_requests(desk, case)


def _bounce(desk: Desk, case: Incoming) -> Plan:
    ticket, who, report = case.verdict.ticket, case.verdict.participant, case.mail.bounce
    delivery = case.facts.delivery
    if delivery is not None and _is_of_old_system(delivery) and case.verdict.reason in _LOST:
        said = f"{report.status} {report.diagnostic}".strip() if report else ""
        return [passing_on.not_passed_on(desk, delivery, said, case.now)], Disposition.APPLIED, None
    if delivery is not None and ticket is not None and not delivery.slot and case.verdict.reason == "failed":
        said = f"{report.status} {report.diagnostic}".strip() if report else ""
        return undelivered(desk, ticket, delivery, "refused", said, case.now), Disposition.APPLIED, ticket.number
    if ticket is None or who is None or delivery is None:
        return [], Disposition.APPLIED, None
    detail = f"{delivery.recipient}: {report.status} {report.diagnostic}".strip() if report else delivery.recipient
    effects: list[Effect] = [
        AddMessage(ticket.number, Visibility.EVENT, "", f"bounce {case.verdict.reason}: {detail}", case.inbound_id)
    ]
    if who.is_undeliverable:  # told once, until they are heard of again
        return effects, Disposition.APPLIED, ticket.number
    notice = ""
    if case.verdict.reason == "failed":
        effects.append(MarkUndeliverable(ticket.number, who.slot))
        if who.role is Role.CUSTOMER:
            effects.append(CancelTimers(ticket.number, "waiting"))
        notice = "undeliverable"
    elif case.verdict.reason == "said-to-fail":
        notice = "said-to-fail"  # some servers answer the sender: whether it is true is for the agents to judge
    if notice and who.role is Role.CUSTOMER:
        values = {"notice": notice, "details": (detail,), "sender": Address(who.address, who.name)}
        owed_for = f"bounce:{delivery.nonce}"
        effects += tell_agents(desk, "agent_notice", ticket, None, "", owed_for, case.facts, values=values)
    return effects, Disposition.APPLIED, ticket.number


def _is_of_old_system(delivery: Delivery) -> bool:
    """Whether it was passed on to the system before this one; what the rules pass on belongs to a ticket."""
    return delivery.template == PASSED_ON and not delivery.ticket


def _auto_reply(desk: Desk, case: Incoming) -> Plan:
    """An event on its ticket; no clock, no relance, no state changes, and nobody is ever told."""
    ticket = case.verdict.ticket
    if ticket is None:
        return [], Disposition.APPLIED, None
    text = case.mail.reply_text
    event = AddMessage(ticket.number, Visibility.EVENT, case.sender.address, text, case.inbound_id)
    return [event], Disposition.APPLIED, ticket.number


def _nothing(desk: Desk, case: Incoming) -> Plan:
    return [], Disposition.APPLIED, None


def _spam(desk: Desk, case: Incoming) -> Plan:
    """Nothing comes of it; the ticket of a participant's valid reference is noted, for the daily list."""
    return [], Disposition.APPLIED, case.number


def _duplicate(desk: Desk, case: Incoming) -> Plan:
    return [], Disposition.DUPLICATE, case.facts.copy_ticket or None


def _agent(desk: Desk, case: Incoming) -> Plan:
    ticket = case.verdict.ticket
    assert ticket is not None
    effects = plan_agent(
        desk,
        ticket,
        case.verdict.name,
        case.words,
        case.purpose,
        case.mail,
        case.inbound_id,
        case.facts,
        case.verdict.proof,
    )
    is_answered = any(isinstance(e, QueueMail) and e.template in COMMAND_MAILS for e in effects)
    if is_answered and case.facts.refused_lately >= MOST_COMMAND_MAILS:
        return holding.too_many_refusals(desk, case)
    return effects, Disposition.APPLIED, ticket.number


_PLANS: dict[VerdictName, Callable[[Desk, Incoming], Plan]] = {
    VerdictName.QUARANTINED: holding.quarantined,
    VerdictName.DUPLICATE: _duplicate,
    VerdictName.LOOP: holding.loop,
    VerdictName.LEGACY: passing_on.pass_on,
    VerdictName.BOUNCE: _bounce,
    VerdictName.AUTO_REPLY: _auto_reply,
    VerdictName.LIST_MAIL: _nothing,
    VerdictName.SPAM: _spam,
    VerdictName.UNSIGNED_AGENT: holding.unsigned_agent,
    VerdictName.SPOOF_SUSPECT: holding.spoof_suspect,
    VerdictName.RATING: rated,
    VerdictName.CLAIM: _claim,
    VerdictName.SELF_SERVICE: _self_service,
    VerdictName.AMBIGUOUS: holding.ambiguous,
    VerdictName.BAD_REFERENCE: holding.bad_reference,
    VerdictName.STRANGER: holding.stranger,
    VerdictName.FOLLOW_UP: _follow_up,
    VerdictName.AGENT_NOTE: _agent,
    VerdictName.AGENT_COMMAND: _agent,
    VerdictName.AGENT_REPLY: _agent,
    VerdictName.REPLY: _reply,
    VerdictName.PLAIN_REPLY: holding.plain_reply,
    VerdictName.UNKNOWN_SENDER: accounts.unknown_sender,
    VerdictName.REDIRECTED: redirected,
    VerdictName.REPEAT: _repeat,
    VerdictName.INCOMPLETE: _new_ticket,
    VerdictName.NEW_TICKET: _new_ticket,
}
