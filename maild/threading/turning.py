"""What of the rules' answer can be done with this mail: may it be redirected, refused, asked for what it lacks?

Nothing is asked of, and nobody is turned away, who can't be told so: such a mail opens a ticket like any other, the
agents see what it lacks, and the rule's line says why (docs/decisions/0038).
"""

from collections.abc import Mapping
from dataclasses import replace

from maild.decision import Decision, Redirection, RuleTrial
from maild.judgement import Facts, Verdict, VerdictName
from maild.mail import Address, ParsedMail
from maild.settings import Settings
from maild.settings.actions import CONTACT, INTEGRATOR
from maild.threading.limits import why_never, why_no_answer
from maild.ticket import Person

REQUEST, REDIRECTED = "incomplete_request", "redirected"  # templates
ENDS: Mapping[str, str] = {"refuse": "declined", "cancel": "cancelled"}  # the rules' word: the template
BY_RULES = "by-rules"  # the reason of what the rules make of a mail


def feasible(decision: Decision, verdict: Verdict, mail: ParsedMail, facts: Facts, settings: Settings) -> Decision:
    """The decision without what can't be carried out. `mail`: the one that is answered."""
    is_agents = mail.sender is not None and mail.sender.key in settings.agents

    def forbidden(template: str) -> str:
        return "agent" if is_agents else why_no_answer(template, mail, verdict.proof, facts, settings)

    if decision.redirection is not None:
        why = _why_not_elsewhere(decision.redirection, verdict, mail, facts, settings)
        if why or is_agents:
            decision = replace(_noted(decision, settings, "redirect", why or "agent"), redirection=None)
    if decision.refusal is not None and (why := forbidden(ENDS[decision.refusal.event])):
        decision = replace(_noted(decision, settings, decision.refusal.event, why), refusal=None)
    if decision.missing and _is_same_matter(verdict):
        decision = replace(_noted(decision, settings, "require", "follow-up"), missing=())
    if decision.missing and (why := forbidden(REQUEST)):
        unasked = decision.missing
        decision = replace(_noted(decision, settings, "require", why), missing=(), unasked=unasked)
    return decision


def becomes(verdict: Verdict, decision: Decision) -> Verdict:
    """The verdict on a mail that would open a ticket, or join one, as the rules have it."""
    if decision.redirection is not None and verdict.name in (VerdictName.NEW_TICKET, VerdictName.REPEAT):
        name = VerdictName.REDIRECTED
        return replace(verdict, name=name, reason=BY_RULES, ticket=None, participant=None)
    if decision.missing and decision.refusal is None and verdict.name is VerdictName.NEW_TICKET:
        return replace(verdict, name=VerdictName.INCOMPLETE, reason=BY_RULES)
    return verdict


def turned_to(redirection: Redirection, who: Person | None, settings: Settings) -> Address | None:
    """To whom its sender is to turn: the first who is known, with the name under which they are known."""
    for said in redirection.to:
        if said == CONTACT:
            if who is not None and who.contact is not None:
                return who.contact
        elif address := ((who.integrator if who else "") if said == INTEGRATOR else said):
            known = settings.person(address)
            return Address(address, (known.address.name or known.organisation) if known else "")
    return None


def _why_not_elsewhere(
    redirection: Redirection, verdict: Verdict, mail: ParsedMail, facts: Facts, settings: Settings
) -> str:
    who = facts.who or (settings.who(mail.sender.address) if mail.sender else None)
    to = turned_to(redirection, who, settings)
    if redirection.to and to is None:
        return "nobody-known"
    if to is not None and mail.sender is not None and to.key == mail.sender.key:
        return "sender"
    if verdict.name is VerdictName.FOLLOW_UP:
        return "follow-up"  # the table has it above; who was served is not turned away in the middle of it
    return verdict.reason if verdict.reason == "released" else why_never(mail, verdict.proof, settings)


def _is_same_matter(verdict: Verdict) -> bool:
    """Whether it goes on with a closed ticket, of which agents knew all that they needed."""
    is_on = verdict.name is VerdictName.FOLLOW_UP and verdict.reason == "closed"
    return is_on and verdict.ticket is not None and not verdict.ticket.missing


def _noted(decision: Decision, settings: Settings, action: str, why: str) -> Decision:
    """With a word on it in the lines of the rules that wanted what is not done."""
    wanted = {(rule.name, rule.line) for rule in settings.rules if getattr(rule.then, action) is not None}
    note = _NOT_DONE[action].format(why=_WHY.get(why, why))

    def told(trial: RuleTrial) -> RuleTrial:
        is_one = trial.fired and (trial.rule, trial.line) in wanted
        return replace(trial, why=f"{trial.why}; {note}") if is_one else trial

    return replace(decision, trials=tuple(map(told, decision.trials)))


_NOT_DONE = {
    "redirect": "not redirected, since {why}",
    "refuse": "not refused, since the sender can't be told ({why})",
    "cancel": "not cancelled, since the sender can't be told ({why})",
    "require": "opened without what is required, since {why}",
}
_WHY = {
    "nobody-known": "nobody is known to whom the sender could turn",
    "sender": "it comes from whom it would be redirected to",
    "follow-up": "it goes on with an earlier request",
    "released": "a person has let it in",
    "agent": "an agent wrote it",
}
