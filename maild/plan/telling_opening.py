"""Whom do rules tell of a request as it opens, or as they refuse it, cancel it, or send it elsewhere?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from maild.decision import Decision, Occasion
from maild.effects import AddMessage, ChangeTicket, Effect, OpenTicket, QueueMail
from maild.judgement import Proof
from maild.lifecycle import ENDED
from maild.mail import Address, address_key
from maild.plan import letters
from maild.plan.case import Incoming
from maild.plan.foreseen import foreseen
from maild.plan.happenings import written
from maild.plan.letters import AUTOMATIC, Desk
from maild.plan.redirecting import words_of
from maild.plan.telling import NOTICE, Said, about, receivers, tell
from maild.settings import Settings
from maild.threading.turning import REDIRECTED
from maild.ticket import Ticket, Visibility


@dataclass(frozen=True, slots=True)
class Ended:
    """What a rule has done instead of giving a request to anybody."""

    how: str  # redirect, refuse or cancel: the action of the rule
    rule: str  # its name
    subject: str


def told_of_opening(desk: Desk, case: Incoming, effects: Sequence[Effect]) -> list[Effect]:
    """Whom the rules tell of a ticket that opens, besides its agents, and to whom it is passed on: as soon as an agent
    is to work on it, so that nobody hears of what still lacks something. What a rule ends at once is passed on to
    nobody; whom the rules name is told that it has ended, by which rule, and in which words it came."""
    decision = case.decision
    if decision is None or not (decision.notifies or decision.forwards):
        return []
    opened = next((e.ticket for e in effects if isinstance(e, OpenTicket)), case.verdict.ticket if case.whole else None)
    if opened is None:
        is_told = any(isinstance(e, QueueMail) and e.template == REDIRECTED for e in effects)
        return _told_of_redirected(desk, case, decision, effects) if is_told else []
    after = foreseen(opened, effects)
    if after.missing:
        return []
    mail = case.whole.mail if case.whole else case.held_mail or case.mail
    text = case.whole.mail.text if case.whole else next((e.text for e in written(opened.number, effects)), "")
    who = case.facts.who or desk.settings.who(opened.requester.address)
    files = mail.attachments if case.whole else case.attachments
    said = Said(text, mail.sender, files, case.verdict.proof is Proof.NONE, who)
    if after.status not in ENDED:
        owed_for = f"opened:{opened.number}:rules"  # once, whenever that is
        return tell(desk, after, decision, Occasion.OPENED, said, said, effects, owed_for, case.now)
    if not after.ended_at_once:  # it had ended before, and an answer has not opened it
        return []
    ended = ended_by(desk.settings, decision, after.subject)
    more: dict[str, object] = {"notice": f"rule-{ended.how}", "ended": ended}
    if decision.redirection is not None:
        more |= words_of(desk, decision.redirection, who, after.language)
    only_told, owed_for = replace(decision, forwards=()), f"ended:{opened.number}:{after.ended_round}:rules"
    return tell(desk, after, only_told, Occasion.OPENED, said, said, effects, owed_for, case.now, more=more)


def ended_by(settings: Settings, decision: Decision, subject: str) -> Ended:
    """What was done, and by which rule: of several that say it the last one counts."""
    how = "redirect" if decision.redirection is not None else decision.refusal.event if decision.refusal else ""
    fired = {(trial.rule, trial.line) for trial in decision.fired}
    rules = [r.name for r in settings.rules if (r.name, r.line) in fired and getattr(r.then, how, None) is not None]
    return Ended(how, rules[-1] if rules else "", subject)


def taken_up(tickets: Sequence[Ticket], effects: Sequence[Effect]) -> list[Effect]:
    """Requests that a rule has ended at once, and that somebody has now answered, opened, ended anew or been given:
    from now on they are like any other, and the next words of their customers are no first ones."""
    found: list[Effect] = []
    for before in tickets:
        if not before.ended_at_once:
            continue
        after = foreseen(before, effects)
        is_answered = any(
            isinstance(e, AddMessage) and e.visibility is Visibility.PUBLIC and not before.has_customer(e.author)
            for e in effects
            if getattr(e, "number", 0) == before.number
        )
        if after.ended_at_once and (is_answered or _stands(before) != _stands(after)):
            found.append(ChangeTicket(before.number, {"ended_at_once": False}))
    return found


def _stands(ticket: Ticket) -> tuple[object, ...]:
    return ticket.status, ticket.reason, ticket.assignee, ticket.escalation


def _told_of_redirected(desk: Desk, case: Incoming, decision: Decision, effects: Sequence[Effect]) -> list[Effect]:
    """A mail of no ticket to each: once a day and sender, as the word to them, so that nobody can flood a team. Whoever
    wrote it, or reads of it by that word, gets none; agents get the words, and nobody a way into any request."""
    mail = case.held_mail or case.mail
    assert mail.sender is not None and decision.redirection is not None
    ended = ended_by(desk.settings, decision, " ".join(mail.title.split()))
    who = case.facts.who or desk.settings.who(mail.sender.address)
    said = Said(mail.text, mail.sender, case.attachments, case.verdict.proof is Proof.NONE, who)
    would_be = Ticket(0, ended.subject, case.mailbox, mail.language, queue=decision.queue, assignee=decision.assignee)
    today = case.now.astimezone(desk.settings.site.zone).date()
    agents, others = receivers(desk, would_be, decision, today)
    told = {mail.sender.key, *(address_key(e.recipient) for e in effects if isinstance(e, QueueMail))}

    def notice(address: Address, rules: Sequence[str], given: Mapping[str, object], files: Said) -> QueueMail:
        assert decision.redirection is not None
        language = letters.language_for(desk, address.address, "")
        shown = {"notice": "rule-redirect", "ended": ended, "rule": ", ".join(rules)}
        return letters.to_address(
            desk,
            NOTICE,
            case.mailbox,
            address,
            owed_for=f"redirected:{mail.content_key}:{NOTICE}:{address.key}",
            now=case.now,
            automatic=AUTOMATIC,
            language=language,
            values={**about(desk, said), **words_of(desk, decision.redirection, who, language), **given, **shown},
            attachments=files.attachments,
        )

    people = desk.settings.agents
    return [
        *(notice(people[key].address, r, {"text": said.text}, said) for key, r in agents.items() if key not in told),
        *(notice(Address(to), r, {}, Said()) for to, r in others.items() if address_key(to) not in told),
    ]
