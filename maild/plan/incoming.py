"""What each verdict on a received mail makes true: one function a verdict, chosen by one table."""

from collections.abc import Callable
from dataclasses import replace

from maild.effects import (
    AddMessage,
    Effect,
    NoteArrival,
    OpenTicket,
    QueueMail,
    RecordDecision,
    Settle,
    StopAnswers,
)
from maild.judgement import Proof, Purpose, Verdict, VerdictName
from maild.plan import absence, accounts, holding, passing_on
from maild.plan.agent import COMMAND_MAILS, MOST_COMMAND_MAILS, plan_agent
from maild.plan.case import Incoming, Plan
from maild.plan.claiming import claim
from maild.plan.continuing import continue_ticket
from maild.plan.digest import due_timer
from maild.plan.escalating import asked_by_customer
from maild.plan.foreseen import foreseen
from maild.plan.letters import Desk
from maild.plan.notify import look_alike
from maild.plan.opening import Former, open_ticket
from maild.plan.questions import answered, is_question_only
from maild.plan.rating import rated
from maild.plan.redirecting import redirected
from maild.plan.reminders import no_more_reminders
from maild.plan.repeating import told_of_joining
from maild.plan.returned import bounce
from maild.plan.self_service import my_requests
from maild.plan.without_ticket import without_ticket
from maild.threading.limits import trips
from maild.threading.turning import REQUEST
from maild.ticket import Disposition, Visibility
from maild.writing.links import without_prefill


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
    who = case.recorded.by if case.recorded else case.sender
    return [NoteArrival(case.inbound_id, who.key, replace(case.arrival, number=number))]


def _is_personal(verdict: Verdict) -> bool:
    """An exchange: they wrote back with what only they were given. A first mail alone makes nobody known."""
    return verdict.name in (VerdictName.REPLY, VerdictName.CLAIM, VerdictName.FOLLOW_UP, VerdictName.RATING)


def _new_ticket(desk: Desk, case: Incoming) -> Plan:
    return _opened(desk, case, None)


def _follow_up(desk: Desk, case: Incoming) -> Plan:
    """A ticket of its own, linked to the one that the reference names. It goes up where a click asks for that."""
    assert case.verdict.ticket is not None
    effects, disposition, number = _opened(desk, case, Former(case.verdict.ticket, case.verdict.reason))
    opened = next((e.ticket for e in effects if isinstance(e, OpenTicket)), None)
    if case.purpose is not Purpose.ESCALATE or opened is None or opened.missing or foreseen(opened, effects).is_untold:
        return effects, disposition, number
    written: list[Effect] = [e for e in effects if isinstance(e, OpenTicket | AddMessage)]
    others: list[Effect] = [e for e in effects if not isinstance(e, OpenTicket | AddMessage)]
    mail = replace(case.mail, reply_text=without_prefill(case.mail.reply_text))
    return [*written, *asked_by_customer(desk, case, opened, mail, others)], disposition, number


def _opened(desk: Desk, case: Incoming, former: Former | None) -> Plan:
    assert case.decision is not None
    proof, at, box, what = case.verdict.proof, case.arrived_at, case.mailbox, case.recorded
    effects, number = open_ticket(
        desk, case.mail, case.inbound_id, box, case.facts, case.decision, proof, at, former, what
    )
    return effects, Disposition.APPLIED, number


def _reply(desk: Desk, case: Incoming) -> Plan:
    return continue_ticket(desk, case, [(case.inbound_id, case.mail)], case.purpose), Disposition.APPLIED, case.number


def _repeat(desk: Desk, case: Incoming) -> Plan:
    """The mail joins the first one; its sender is told, with a link that makes a request of its own of it."""
    effects = continue_ticket(desk, case, [(case.inbound_id, case.mail)], Purpose.REPLY)
    is_told = any(isinstance(e, QueueMail) and e.template == REQUEST for e in effects)  # of what is still missing
    return [*effects, *([] if is_told else told_of_joining(desk, case))], Disposition.APPLIED, case.number


def _self_service(desk: Desk, case: Incoming) -> Plan:
    """The list of one's own requests, or no reminders any more."""
    return no_more_reminders(desk, case) if case.purpose is Purpose.NO_REMINDERS else my_requests(desk, case)


def _auto_reply(desk: Desk, case: Incoming) -> Plan:
    """An event on its ticket; no clock, no relance, no state changes, and nobody is ever told; but
    an agent's own note says that they are away."""
    ticket = case.verdict.ticket
    if ticket is None:
        return [], Disposition.APPLIED, None
    text = case.mail.reply_text
    event = AddMessage(ticket.number, Visibility.EVENT, case.sender.address, text, case.inbound_id)
    return [event, *absence.of_robot(desk, case)], Disposition.APPLIED, ticket.number


def _nothing(desk: Desk, case: Incoming) -> Plan:
    return [], Disposition.APPLIED, None


def _spam(desk: Desk, case: Incoming) -> Plan:
    """Nothing comes of it; the ticket of a participant's valid reference is noted, for the daily list."""
    return [], Disposition.APPLIED, case.number


def _duplicate(desk: Desk, case: Incoming) -> Plan:
    return [], Disposition.DUPLICATE, case.facts.copy_ticket or None


def _agent(desk: Desk, case: Incoming) -> Plan:
    ticket = case.verdict.ticket
    if ticket is None:
        effects = without_ticket(desk, case)
    elif case.purpose is Purpose.REPLY and is_question_only(case.words):
        effects = answered(desk, case)
    else:
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
        is_refused = any(isinstance(e, QueueMail) and e.template == "command_refused" for e in effects)
        effects += [] if is_refused else answered(desk, case)
    is_answered = any(isinstance(e, QueueMail) and e.template in COMMAND_MAILS for e in effects)
    if is_answered and case.facts.refused_lately >= MOST_COMMAND_MAILS:
        return holding.too_many_refusals(desk, case)
    return effects, Disposition.APPLIED, case.number


_PLANS: dict[VerdictName, Callable[[Desk, Incoming], Plan]] = {
    VerdictName.QUARANTINED: holding.quarantined,
    VerdictName.DUPLICATE: _duplicate,
    VerdictName.LOOP: holding.loop,
    VerdictName.LEGACY: passing_on.pass_on,
    VerdictName.BOUNCE: bounce,
    VerdictName.AUTO_REPLY: _auto_reply,
    VerdictName.LIST_MAIL: _nothing,
    VerdictName.SPAM: _spam,
    VerdictName.UNSIGNED_AGENT: holding.unsigned_agent,
    VerdictName.SPOOF_SUSPECT: holding.spoof_suspect,
    VerdictName.RATING: rated,
    VerdictName.CLAIM: claim,
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
