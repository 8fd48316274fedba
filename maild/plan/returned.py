"""What does it make true that a mail of ours came back?"""

from maild.effects import (
    PASSED_ON,
    AddMessage,
    CancelTimers,
    Effect,
    MarkUndeliverable,
)
from maild.judgement import Delivery
from maild.mail import Address
from maild.plan import passing_on
from maild.plan.case import Incoming, Plan
from maild.plan.letters import Desk
from maild.plan.notify import tell_agents
from maild.plan.undelivered import undelivered
from maild.ticket import Disposition, Role, Visibility

_LOST = frozenset({"failed", "said-to-fail"})  # reasons of a bounce


def bounce(desk: Desk, case: Incoming) -> Plan:
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
