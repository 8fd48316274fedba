"""A ticket that lacks what the rules require: what is asked for, what an answer brings, and when it goes on (I2, P7).

It waits without its agents, who are told once it is whole, or once asking has been in vain: all that was written then
reaches them at once (docs/decisions/0038).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from maild.decision import Decision, Occasion
from maild.effects import CancelTimers, ChangeTicket, Effect, QueueMail
from maild.judgement import Facts, Proof
from maild.lifecycle import ENDED, Reason, Status
from maild.plan import closing, letters, redirecting
from maild.plan.asking import asked, in_all_languages
from maild.plan.case import Incoming
from maild.plan.ending import refused, resolve
from maild.plan.letters import REPLIED, Desk
from maild.plan.links import links_for
from maild.plan.notify import tell_agents
from maild.plan.qualifying import at_opening
from maild.plan.suggesting import request_of, values_beside
from maild.plan.waiting import POLICY, start_wait
from maild.plan.whole import Whole
from maild.rules.decide import asks_for_subject
from maild.settings import Settings
from maild.threading.limits import is_known, why_no_answer
from maild.threading.turning import REDIRECTED, REQUEST
from maild.ticket import Participant, Ticket

MOST_REQUESTS = 2  # for the very same things: whoever can't give them is not asked a third time


def request(
    desk: Desk,
    ticket: Ticket,
    who: Participant,
    facts: Facts,
    *,
    values: Mapping[str, Any],
    is_known: bool,
    is_again: bool = False,
) -> QueueMail:
    """The one mail that asks for all that is missing, instead of an acknowledgement."""
    missing = asked(desk.settings, ticket.missing, letters.language_for(desk, who.address, ticket.language))
    return letters.to_participant(
        desk,
        REQUEST,
        ticket,
        who,
        owed_for=f"{_owed_for(ticket)}{ticket.waiting_round}",
        now=facts.now,
        automatic=REPLIED,
        is_answer=True,
        is_known=is_known,
        values={**values, "missing": missing, "is_again": is_again},
    )


def _owed_for(ticket: Ticket) -> str:
    """How what a request is owed for begins: the same for the same things of one ticket."""
    return f"incomplete:{ticket.number}:{'|'.join(ticket.missing)}:"


def goes_on(
    desk: Desk, case: Incoming, ticket: Ticket, status: Status, *, is_thanks: bool, links: Mapping[str, str]
) -> list[Effect]:
    """An answer on a ticket of which no agent was told. `ticket`: with the mail in its thread; `status`: what an answer
    makes of it; `links`: what a request bears besides."""
    whole, decision = case.whole, case.decision
    assert whole is not None and decision is not None
    given = set(ticket.missing) - set(whole.missing)
    is_named = asks_for_subject(desk.settings, tuple(given))
    subject = whole.mail.subject if is_named else ticket.subject
    after = replace(ticket, subject=subject, fields=dict(decision.fields), missing=whole.missing)
    is_over = decision.redirection is not None or decision.refusal is not None  # whatever else would be missing
    if whole.missing and not is_over:
        if is_thanks:
            return _waits_on(desk, case, after)
        who = case.verdict.participant or ticket.requester
        if _may_ask(desk, case, after):
            known = is_known(case.mail, case.facts, desk.settings) and case.verdict.proof is not Proof.NONE
            language = letters.language_for(desk, who.address, after.language)
            values = {"links": {**links_for(desk, after, who, language), **links}}
            asks = request(desk, after, who, case.facts, values=values, is_known=known, is_again=True)
            return [*_waits_on(desk, case, after), asks]
    return _handed_over(desk, case, ticket, after, status, whole, decision)


def _sent_for_replies(settings: Settings) -> frozenset[str]:
    """Templates of rules that are tried where a ticket opens and again where its customer replies."""
    sending = [(set(rule.on), rule.then.send or ()) for rule in settings.rules]
    at_both = {name for on, names in sending if on >= {Occasion.OPENED, Occasion.CUSTOMER_REPLIED} for name in names}
    at_opening_alone = {
        name for on, names in sending if Occasion.OPENED in on and Occasion.CUSTOMER_REPLIED not in on for name in names
    }
    return frozenset(at_both - at_opening_alone)


def _waits_on(desk: Desk, case: Incoming, ticket: Ticket) -> list[Effect]:
    """It waits from now on anew, for what is still missing."""
    changes = {"subject": ticket.subject, "fields": ticket.fields, "missing": ticket.missing}
    return [ChangeTicket(ticket.number, changes), *start_wait(desk, ticket, case.now)]


def _may_ask(desk: Desk, case: Incoming, ticket: Ticket) -> bool:
    story = case.facts.story
    assert story is not None
    before = sum(key.startswith(_owed_for(ticket)) for key in story.asked)
    forbidden = why_no_answer(REQUEST, case.mail, case.verdict.proof, case.facts, desk.settings)
    return before < MOST_REQUESTS and not forbidden


def _handed_over(
    desk: Desk, case: Incoming, before: Ticket, ticket: Ticket, status: Status, whole: Whole, decision: Decision
) -> list[Effect]:
    """Its agents get it, as the rules have it now that more is known; or it ends, where they say so."""
    settings = desk.settings
    stays = ticket.queue == decision.queue and ticket.assignee in settings.agents
    assignee = ticket.assignee if stays else decision.assignee
    if before.missing:
        status = Status.OPEN if assignee else Status.NEW
    ticket = replace(
        ticket,
        queue=decision.queue,
        type=decision.type,
        product=decision.product,
        priority=decision.priority,
        impact=decision.impact,
        urgency=decision.urgency,
        tags=decision.tags,
        assignee=assignee,
        missing=(),
        status=status,
        reason=ticket.reason if status in ENDED else None,
        waiting_since=None,
        ended_at_once=False,
    )
    effects: list[Effect] = [
        ChangeTicket(ticket.number, {name: getattr(ticket, name) for name in _DECIDED}),
        ChangeTicket(ticket.number, {"status": status.value, "reason": ticket.reason.value if ticket.reason else ""}),
        CancelTimers(ticket.number, POLICY),
        *at_opening(ticket, decision),
    ]
    if status not in ENDED:
        effects += [CancelTimers(ticket.number, policy) for policy in closing.SINCE_THE_END]
    known = is_known(case.mail, case.facts, settings) and case.verdict.proof is not Proof.NONE
    who, owed_for = ticket.requester, f"whole:{ticket.number}:{ticket.waiting_round}"
    language = letters.language_for(desk, who.address, ticket.language)
    searched = request_of(whole.mail, language, decision)
    # What left when it opened is owed for the same, and leaves no second time; nor does what rules send for the reply.
    for template in (name for name in decision.sends if name not in _sent_for_replies(settings)):
        beside = values_beside(desk, template, searched, is_known=known)
        if beside is not None and not why_no_answer(template, case.mail, case.verdict.proof, case.facts, settings):
            effects.append(
                letters.to_participant(
                    desk,
                    template,
                    ticket,
                    who,
                    owed_for=f"opened:{ticket.number}:{template}",
                    now=case.now,
                    automatic=REPLIED,
                    is_answer=True,
                    is_known=known,
                    values=beside,
                )
            )
    if before.missing and decision.redirection is not None:
        person = case.facts.who or settings.who(who.address)
        values = redirecting.words_of(desk, decision.redirection, person, language)
        ended = resolve(
            desk,
            ticket,
            Reason.DECLINED,
            REDIRECTED,
            owed_for,
            case.now,
            automatic=REPLIED,
            values=values,
            is_answer=True,
            is_known=known,
            at_once=True,
        )
        return [*effects, *ended]
    if before.missing and decision.refusal is not None:
        return [*effects, *refused(desk, ticket, decision.refusal, owed_for, case.now, is_known=known)]
    values = {
        "customer": settings.who(who.address),
        "unproved": case.verdict.proof is Proof.NONE or not whole.is_verified,
        "unasked": in_all_languages(settings, whole.missing),
        "additions": whole.said[1:],
    }
    text = whole.said[0] if whole.said else ""
    return [
        *effects,
        *tell_agents(desk, "agent_new_ticket", ticket, whole.mail, text, owed_for, case.facts, values=values),
    ]


_DECIDED = (
    *("subject", "fields", "missing", "queue", "type", "product", "priority", "impact", "urgency", "tags"),
    *("assignee", "waiting_since", "ended_at_once"),
)
